//! Attributes of `sys`, the environment, the folder, the locale, warnings and `random`.

use taipan::{Isolation, Request};

use super::{State, at_once, printed, two_workers};
use crate::{
    interpreters::{apply, complete, in_both, plain},
    own_process::{async_in_own_process, case_of},
};

#[apply(in_both)]
#[tokio::test]
async fn the_working_folder_is_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import os; os.mkdir('a'); os.chdir('a')",
        other: "import os; os.mkdir('b'); os.chdir('/mnt/data/b')",
        look: "import os; print(os.getcwd())",
        shown: ["/mnt/data", "/mnt/data/a", "/mnt/data/b"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn arguments_are_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import sys; sys.argv.append('one')",
        other: "import sys; sys.argv = ['two']",
        look: "import sys; print(sys.argv)",
        shown: ["['main.py']", "['main.py', 'one']", "['two']"],
    };
    state.is_kept_apart(isolation).await;
    let interpreter = plain(isolation);
    let look = "import sys; print(sys.argv)";
    let given = complete(&interpreter, Request::new(look).args(["-a", "ö"])).await;
    assert_eq!(
        (given.output.as_str(), &*printed(&interpreter, look).await),
        ("['main.py', '-a', 'ö']\n", "['main.py']\n")
    );
}

#[apply(in_both)]
#[tokio::test]
async fn the_environment_is_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import os; os.environ['TAIPAN_TEST'] = 'one'",
        other: "import os; os.environb[b'TAIPAN_TEST'] = b'two'",
        look: "import os; print(os.environ.get('TAIPAN_TEST'), os.getenv('TAIPAN_TEST'))",
        shown: ["None None", "one one", "two two"],
    };
    state.is_kept_apart(isolation).await;
}

/// The process's own variables too stay as they were: programs that the code starts are told the run's. Isolation
/// `process` starts none.
#[tokio::test]
async fn the_environment_is_kept_apart_also_for_programs() {
    let state = State {
        change: "import os; os.environ['TAIPAN_TEST'] = 'one'",
        other: "import os; os.putenv('TAIPAN_TEST', 'lost'); os.environb[b'TAIPAN_TEST'] = b'two'",
        look: "import os, subprocess\n\
               child = subprocess.run('echo ${TAIPAN_TEST-None}', shell=True, capture_output=True, text=True).stdout\n\
               print(os.environ.get('TAIPAN_TEST'), os.getenv('TAIPAN_TEST'), child.strip())",
        shown: ["None None None", "one one one", "two two two"],
    };
    state.is_kept_apart(Isolation::Thread).await;
}

#[apply(in_both)]
#[tokio::test]
async fn the_recursion_limit_is_kept_apart_and_holds(isolation: Isolation) {
    let depth = "def deep(n):\n    try:\n        return deep(n + 1)\n    except RecursionError:\n        return n\n\
                 print(sys.getrecursionlimit(), round(deep(0), -2))";
    let state = State {
        change: "import sys; sys.setrecursionlimit(5000)",
        other: "import sys; sys.setrecursionlimit(3000)",
        look: format!("import sys\n{depth}").leak(),
        shown: ["1000 1000", "5000 5000", "3000 3000"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn a_thread_has_the_recursion_limit_of_its_run(isolation: Isolation) {
    let code = "import sys, threading\nsys.setrecursionlimit(3000)\n\
                def deep(n): return 0 if n == 0 else 1 + deep(n - 1)\n\
                thread = threading.Thread(target=lambda: print(deep(2900)))\nthread.start()\nthread.join()";
    let interpreter = plain(isolation);
    assert_eq!(printed(&interpreter, code).await, "2900\n");
    let wrong = "import sys\nfor limit in (0, 1, 'x'):\n    try: sys.setrecursionlimit(limit)\n    \
                 except Exception as error: print(type(error).__name__)";
    assert_eq!(printed(&interpreter, wrong).await, "ValueError\nRecursionError\nTypeError\n");
}

/// `C` and `C.UTF-8` are the locales that every machine has.
#[apply(in_both)]
#[tokio::test]
async fn the_locale_is_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import locale; locale.setlocale(locale.LC_CTYPE, 'C.UTF-8')",
        other: "import locale; locale.setlocale(locale.LC_ALL, 'POSIX')",
        look: "import locale; print(locale.setlocale(locale.LC_CTYPE), locale.nl_langinfo(locale.CODESET))",
        shown: ["C ANSI_X3.4-1968", "C.UTF-8 UTF-8", "POSIX ANSI_X3.4-1968"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn warning_filters_are_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import warnings; warnings.simplefilter('error')",
        other: "import warnings; warnings.filterwarnings('ignore', category=UserWarning)",
        look: "import warnings\n\
               with warnings.catch_warnings(record=True) as caught:\n    \
               try: warnings.warn('careful'); print(len(caught), 'shown')\n    \
               except UserWarning: print('raised')",
        shown: ["1 shown", "raised", "0 shown"],
    };
    state.is_kept_apart(isolation).await;
}

/// Warnings of shared modules are told once in each run, not once in the process.
#[apply(in_both)]
#[tokio::test]
async fn what_was_warned_of_before_is_kept_apart(isolation: Isolation) {
    let warn = "import warnings, keyword\n\
                exec(\"def f():\\n    import warnings\\n    warnings.warn('careful')\", vars(keyword))\n\
                with warnings.catch_warnings():\n    warnings.simplefilter(ACTION)\n    caught = []\n    \
                warnings.showwarning = lambda *each: caught.append(each)\n    ";
    let twice = warn.replace("ACTION", "'once'") + "keyword.f(); keyword.f(); print(len(caught))\n";
    let twice = twice + &warn.replace("ACTION", "'default'") + "keyword.f(); keyword.f(); print(len(caught))";
    let interpreter = plain(isolation);
    assert_eq!(printed(&interpreter, &twice).await, "1\n1\n");
    assert_eq!(printed(&interpreter, &twice).await, "1\n1\n");
    if isolation == Isolation::Thread {
        let code = twice.replace("keyword.f();", "keyword.f(); meet();");
        for outcome in at_once(&two_workers(), [&code, &code]).await {
            assert_eq!(outcome.output, "1\n1\n");
        }
    }
}

#[apply(in_both)]
#[tokio::test]
async fn the_ways_to_show_warnings_are_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import warnings; warnings.showwarning = lambda message, *_: print('one:', message)",
        other: "import sys, warnings; sys.stderr = sys.stdout\n\
                warnings.formatwarning = lambda message, *_: f'two: {message}\\n'",
        look: "import io, sys, warnings\nkept, sys.stderr = sys.stderr, sys.stdout\nwarnings.warn('w')\nsys.stderr = kept",
        shown: ["main.py:3: UserWarning: w\n  warnings.warn('w')", "one: w", "two: w"],
    };
    let interpreter = plain(isolation);
    let [fresh, one, two] = state.shown;
    for (change, shown) in [(state.change, one), (state.other, two), ("", fresh)] {
        let code = if change.is_empty() { state.look.to_owned() } else { format!("{change}\n{}", state.look) };
        assert_eq!(printed(&interpreter, &code).await, format!("{shown}\n"));
    }
}

#[apply(in_both)]
#[tokio::test]
async fn the_random_generator_is_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import random; random.seed(1); random.gauss(0, 1)",
        other: "import random; random.setstate((3, tuple(range(625)), 0.5))",
        look: "import random; print(random.getstate()[2] is not None, random.getstate()[1][:3] == (0, 1, 2))",
        shown: ["False False", "True False", "True True"],
    };
    state.is_kept_apart(isolation).await;
}

#[tokio::test]
async fn the_random_generators_of_two_runs_at_once_draw_as_each_was_seeded() {
    let seeded = "import random\nrandom.seed(SEED)\nmeet()\nprint(random.random())\nmeet()\nprint(random.random())";
    let [one, two] = at_once(&two_workers(), [&seeded.replace("SEED", "1"), &seeded.replace("SEED", "2")]).await;
    assert_eq!(one.output, "0.13436424411240122\n0.8474337369372327\n");
    assert_eq!(two.output, "0.9560342718892494\n0.9478274870593494\n");
}

#[apply(in_both)]
#[tokio::test]
async fn functions_for_the_end_are_called_at_the_end_of_their_own_run(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import atexit\natexit.register(print, 'last')\natexit.register(print, 'first')\n\
                atexit.register(input)\natexit.unregister(input)\nprint('code')";
    assert_eq!(printed(&interpreter, code).await, "code\nfirst\nlast\n");
    assert_eq!(printed(&interpreter, "print('code')").await, "code\n");
}

/// Contexts of decimals and other context variables.
#[apply(in_both)]
#[tokio::test]
async fn context_variables_are_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import decimal; decimal.getcontext().prec = 5",
        other: "import decimal; decimal.setcontext(decimal.Context(prec=3))",
        look: "import decimal; print(decimal.Decimal(1) / 3)",
        shown: ["0.3333333333333333333333333333", "0.33333", "0.333"],
    };
    state.is_kept_apart(isolation).await;
}

/// In a process of its own: the function that traces new threads is one for all.
#[apply(in_both)]
#[test]
fn tracing_and_the_mask_of_new_files_end_with_the_run(isolation: Isolation) {
    let state = State {
        change: "import os, sys, threading\nos.umask(0o077); sys.setprofile(lambda *_: None); threading.settrace(print)",
        other: "import os, sys, threading\nos.umask(0); sys.settrace(lambda *_: None); threading.settrace(None)",
        look: "import os, sys, threading\nopen('new', 'w').close()\n\
               print(oct(os.stat('new').st_mode)[-3:], sys.getprofile() is None, threading.gettrace() is None)\n\
               os.remove('new')",
        shown: ["644 True True", "600 False False", "666 True True"],
    };
    let test = case_of("interpreter::hygiene::system::tracing_and_the_mask_of_new_files_end_with_the_run", isolation);
    async_in_own_process(&test, async move { state.is_kept_apart_in_turn(&plain(isolation)).await });
}
