//! Where imports come from that install something (X6, X8).

use taipan::{Isolation, Request};

use super::{installing, nothing_installed, without_versions};
use crate::interpreters::{apply, complete, in_both};

/// X6: imports in functions, threads and the code's own modules install; a library's optional imports do not.
#[apply(in_both)]
#[tokio::test]
async fn imports_anywhere_in_the_users_code_install(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let cases = [
        ("import importlib; cowsay = importlib.import_module('cowsay')", "cowsay"),
        ("__import__('emoji')", "emoji"),
        ("open('mine.py', 'w').write('import pyfiglet'); import mine", "pyfiglet"),
        (
            "import threading\ndef work():\n    import tabulate\nt = threading.Thread(target=work); t.start(); t.join()",
            "tabulate",
        ),
        ("try:\n    import unidecode\nexcept ImportError:\n    raise", "unidecode"),
    ];
    for (code, package) in cases {
        let outcome = complete(&interpreter, Request::new(code)).await;
        assert_eq!(without_versions(&outcome.installed_packages), [package], "{code}");
    }
    // To ask whether a package is there is not to import it; and pandas' optional engines stay optional.
    let code = "import importlib.util; print(importlib.util.find_spec('bokeh'))
import pandas as pd; print(pd.Series([1, 2]).sum())";
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!((outcome.stdout.as_str(), outcome.installed_packages), ("None\n3\n", vec![]));
}

/// X6: what pandas needs for something the code asks of it is installed as well.
#[apply(in_both)]
#[tokio::test]
async fn what_pandas_needs_for_what_it_is_asked_is_installed(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let code = "import pandas as pd; table = pd.DataFrame({'a': [1]}); print(table.to_markdown(index=False))";
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!(outcome.stdout, "|   a |\n|----:|\n|   1 |\n");
    assert_eq!(without_versions(&outcome.installed_packages), ["tabulate"]);
}

/// X8: plotly leaves a page that needs no network, by `.show()`, by `display()` and as the last value.
#[apply(in_both)]
#[tokio::test]
async fn plotly_figures_become_pages(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    for show in ["figure.show()", "figure", "display(figure)", "import plotly.io as pio; pio.show(figure)"] {
        let code = format!("import plotly.express as px\nfigure = px.line(x=[1, 2, 3], y=[1, 4, 9])\n{show}");
        let outcome = complete(&interpreter, Request::new(code)).await;
        let names: Vec<_> = outcome.generated_files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["plot_1.html"], "{show}");
        let page = String::from_utf8(outcome.generated_files[0].read().expect("bytes")).expect("text");
        assert!(page.contains("Plotly.newPlot(") && page.len() > 1_000_000 && !page.contains("<script src="), "{show}");
    }
}

/// X5: a library in machine code that is installed on import changes the run's own copy, too.
#[apply(in_both)]
#[tokio::test]
async fn an_installed_library_in_machine_code_changes_copies_too(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let folder = tempfile::tempdir().expect("a folder");
    let original = folder.path().join("a.h5");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/load_file/sample.h5");
    for mode in ["a", "r+", "w"] {
        std::fs::copy(sample, &original).expect("a sample");
        let before = std::fs::read(&original).expect("bytes");
        let code = format!("import h5py\nwith h5py.File('a.h5', '{mode}') as file: file['new'] = [1, 2, 3]");
        let outcome = complete(&interpreter, Request::new(code).input_file("a", &original)).await;
        let names: Vec<_> = outcome.generated_files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!((names, outcome.notes), (vec!["a.h5"], vec![]), "{mode}");
        assert_eq!(std::fs::read(&original).expect("bytes"), before, "{mode}");
    }
}
