//! Matplotlib's figures become files.

use taipan::{Interpreter, Isolation, Request};

use super::{names, size};
use crate::interpreters::{apply, complete, in_both, plain, settings};

fn plotting(isolation: Isolation) -> Interpreter {
    settings(isolation).preload(["pandas", "matplotlib.pyplot"]).build().expect("an interpreter")
}

const HEAD: &str = "import matplotlib.pyplot as plt\n";

/// What is done, how, and which files come of it.
const CASES: &[(&str, &str, &[&str])] = &[
    ("left open", "plt.plot([1, 2])", &["figure_1.png"]),
    ("nothing drawn", "pass", &[]),
    ("several", "for i in range(3): plt.figure(); plt.plot([i])", &["figure_1.png", "figure_2.png", "figure_3.png"]),
    ("subplots", "fig, axes = plt.subplots(2, 2); axes[0, 0].plot([1])", &["figure_1.png"]),
    ("closed", "plt.plot([1]); plt.close()", &[]),
    ("shown", "plt.plot([1]); plt.show()", &["figure_1.png"]),
    ("shown twice", "plt.plot([1]); plt.show(); plt.plot([2]); plt.show()", &["figure_1.png", "figure_2.png"]),
    ("shown with nothing", "plt.show(); plt.show()", &[]),
    ("several shown at once", "plt.figure(); plt.figure(); plt.show()", &["figure_1.png", "figure_2.png"]),
    ("saved by the code", "plt.plot([1]); plt.savefig('mine.png')", &["mine.png"]),
    ("saved, then shown", "plt.plot([1]); plt.savefig('mine.png'); plt.show()", &["mine.png"]),
    ("saved twice", "plt.plot([1]); plt.savefig('mine.png'); plt.savefig('mine.pdf')", &["mine.pdf", "mine.png"]),
    ("changed after saving", "plt.plot([1]); plt.savefig('mine.png'); plt.title('new')", &["figure_1.png", "mine.png"]),
    ("saved into memory", "import io; plt.plot([1]); plt.savefig(io.BytesIO(), format='png')", &["figure_1.png"]),
    ("saved by path", "import pathlib; plt.plot([1]); plt.savefig(pathlib.Path('/mnt/data/mine.svg'))", &["mine.svg"]),
    ("saved into an open file", "plt.plot([1])\nwith open('mine.png', 'wb') as file: plt.savefig(file)", &["mine.png"]),
    ("fig.show", "fig, ax = plt.subplots(); ax.plot([1]); fig.show()", &["figure_1.png"]),
    ("the last value", "fig, ax = plt.subplots(); fig", &["figure_1.png"]),
    ("axes as the last value", "import pandas as pd; pd.Series([1, 2]).plot()", &["figure_1.png"]),
    ("hist of a table", "import pandas as pd; pd.DataFrame({'a': [1, 2], 'b': [2, 3]}).hist()", &["figure_1.png"]),
    (
        "without pyplot",
        "from matplotlib.figure import Figure; f = Figure(); f.subplots().plot([1]); f",
        &["figure_1.png"],
    ),
    ("displayed", "fig, ax = plt.subplots(); display(fig)", &["figure_1.png"]),
    (
        "displayed, then changed",
        "fig, ax = plt.subplots(); display(fig); ax.plot([1]); display(fig)",
        &["figure_1.png", "figure_2.png"],
    ),
    ("a name that is taken", "open('figure_1.png', 'w').close(); plt.plot([1])", &["figure_1.png", "figure_2.png"]),
    (
        "in a thread",
        "import threading; t = threading.Thread(target=lambda: plt.plot([1])); t.start(); t.join()",
        &["figure_1.png"],
    ),
    ("in another folder", "import os; os.mkdir('sub'); os.chdir('sub'); plt.plot([1])", &["figure_1.png"]),
    ("another backend", "import matplotlib; matplotlib.use('svg'); plt.plot([1]); plt.show()", &["figure_1.png"]),
    ("interactive", "plt.ion(); plt.plot([1]); plt.pause(0.01)", &["figure_1.png"]),
    ("xkcd and a style", "plt.style.use('ggplot'); plt.plot([1])", &["figure_1.png"]),
    (
        "an animation",
        "from matplotlib.animation import FuncAnimation\nfig, ax = plt.subplots(); line, = ax.plot([0])\nFuncAnimation(fig, lambda i: line.set_ydata([i]), frames=2).save('a.gif', writer='pillow')",
        &["a.gif"],
    ),
];

/// X8: how figures come to be files, and how many; one test, since each process imports pyplot anew.
#[apply(in_both)]
#[tokio::test]
async fn figures_become_one_file_each(isolation: Isolation) {
    let interpreter = plotting(isolation);
    for (case, code, expected) in CASES {
        let outcome = complete(&interpreter, Request::new(format!("{HEAD}{code}"))).await;
        assert_eq!(names(&outcome), *expected, "{case}");
        assert_eq!((outcome.notes, outcome.stderr.as_str()), (Vec::<String>::new(), ""), "{case}");
    }
    // X9: also when the code fails after drawing.
    let outcome = interpreter.execute(Request::new(format!("{HEAD}plt.plot([1])\n1 / 0"))).await.expect("an outcome");
    assert_eq!(names(&outcome), ["figure_1.png"]);
    // X14: a run has neither the figures nor the settings of the one before.
    let outcome =
        complete(&interpreter, Request::new(format!("{HEAD}plt.rcParams['axes.grid'], plt.get_fignums()"))).await;
    assert_eq!(outcome.result.expect("a result").text, "(False, [])");
}

/// X8: nothing is cut off at the edges, and the size is one that a chat shows well.
#[apply(in_both)]
#[tokio::test]
async fn figures_are_cut_to_what_is_drawn(isolation: Isolation) {
    let code = "
fig, ax = plt.subplots(figsize=(6, 4))
ax.barh(['a very long label that needs a lot of room on the left side', 'b'], [1, 2], label='somewhere outside')
ax.legend(loc='center left', bbox_to_anchor=(1.0, 0.5)); ax.set_title('A title\\nof two lines')";
    let outcome = complete(&plotting(isolation), Request::new(format!("{HEAD}{code}"))).await;
    let (width, height) = size(&outcome, "figure_1.png");
    assert!((900..1600).contains(&width) && (350..700).contains(&height), "{width} x {height}");
}

/// X8: pyplot that nobody imported ahead of the run makes the same files.
#[apply(in_both)]
#[tokio::test]
async fn figures_of_a_pyplot_that_the_run_imports_itself_become_files_too(isolation: Isolation) {
    let outcome = complete(&plain(isolation), Request::new(format!("{HEAD}plt.plot([1])"))).await;
    assert_eq!(names(&outcome), ["figure_1.png"]);
}
