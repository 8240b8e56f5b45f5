//! Modules, variables and the import system.

use taipan::{Isolation, Request};

use super::{State, at_once, printed, two_workers};
use crate::interpreters::{apply, complete, in_both, plain};

/// Module globals.
#[apply(in_both)]
#[tokio::test]
async fn variables_of_the_main_module_are_kept_apart(isolation: Isolation) {
    let state = State {
        change: "x = 1\nimport __main__\n__main__.y = 2",
        other: "x = 3\nimport __main__\n__main__.y = 4",
        look: "print(globals().get('x'), globals().get('y'))",
        shown: ["None None", "1 2", "3 4"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn the_search_path_is_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import sys; sys.path.append('/one')",
        other: "import sys; sys.path = ['/two', *sys.path]",
        look: "import sys; print([place for place in sys.path if place in ('/one', '/two')])",
        shown: ["[]", "['/one']", "['/two']"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn finders_of_modules_are_kept_apart(isolation: Isolation) {
    let finder = |name: &str| {
        format!(
            "import sys\nclass Finder:\n    name = '{name}'\n    def find_spec(self, *_): return None\n\
             sys.meta_path.insert(0, Finder())"
        )
    };
    let state = State {
        change: finder("one").leak(),
        other: finder("two").leak(),
        look: "import sys; print([finder.name for finder in sys.meta_path if hasattr(finder, 'name')])",
        shown: ["[]", "['one']", "['two']"],
    };
    state.is_kept_apart(isolation).await;
}

/// `sys.modules` entries made by user files.
#[apply(in_both)]
#[tokio::test]
async fn modules_from_the_runs_own_files_are_kept_apart(isolation: Isolation) {
    let state = State {
        change: "open('my_helper.py', 'w').write('value = 1')\nimport my_helper",
        other: "open('my_helper.py', 'w').write('value = 2')\nimport my_helper",
        look: "import sys; print(getattr(sys.modules.get('my_helper'), 'value', None), 'my_helper' in sys.modules)",
        shown: ["None False", "1 True", "2 True"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn modules_that_code_puts_into_the_table_are_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import sys, json\nsys.modules['made_up'] = json",
        other: "import sys, types\nsys.modules['made_up'] = types.ModuleType('other')",
        look: "import sys; print(getattr(sys.modules.get('made_up'), '__name__', None))",
        shown: ["None", "json", "other"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn a_module_that_a_run_removes_is_still_there_for_others(isolation: Isolation) {
    let state = State {
        change: "import sys, json\nbefore = json\ndel sys.modules['json']\nimport json",
        other: "import sys, json\nbefore = json",
        look: "import sys, json\nprint('json' in sys.modules, json is globals().get('before', json), json.dumps([1]))",
        shown: ["True True [1]", "True False [1]", "True True [1]"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn a_patched_table_of_modules_is_as_before_afterwards(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import sys, json\nfrom unittest import mock\n\
                with mock.patch.dict(sys.modules, {'made_up': json}):\n    import made_up\n    print(made_up.dumps(1))\n\
                print('made_up' in sys.modules, sys.modules['json'] is json)\n\
                with mock.patch.dict(sys.modules, clear=True):\n    print('json' in sys.modules)\n\
                print(sys.modules['json'] is json)";
    assert_eq!(printed(&interpreter, code).await, "1\nFalse True\nFalse\nTrue\n");
    assert_eq!(printed(&interpreter, "import json, sys; print(json.dumps(1), 'os' in sys.modules)").await, "1 True\n");
}

/// Equal names mean different classes and modules in two runs at once, also to pickle.
#[tokio::test]
async fn classes_of_the_main_module_and_of_user_files_pickle_in_two_runs_at_once() {
    let code = |name: &str| {
        format!(
            "open('shapes.py', 'w').write('class Shape:\\n    name = \"{name}\"\\n')\nimport pickle, shapes\n\
             class Thing:\n    name = '{name}'\nmeet()\npacked = pickle.dumps([Thing(), shapes.Shape()])\nmeet()\n\
             print([type(each).__module__ + '.' + each.name for each in pickle.loads(packed)])"
        )
    };
    let interpreter = two_workers();
    let [one, two] = at_once(&interpreter, [&code("one"), &code("two")]).await;
    assert_eq!(one.output, "['__main__.one', 'shapes.one']\n");
    assert_eq!(two.output, "['__main__.two', 'shapes.two']\n");
}

#[apply(in_both)]
#[tokio::test]
async fn a_file_changed_between_runs_is_imported_as_it_is_now(isolation: Isolation) {
    let interpreter = plain(isolation);
    for value in ["1", "2"] {
        let code = format!("open('changing.py', 'w').write('value = {value}')\nimport changing\nprint(changing.value)");
        assert_eq!(complete(&interpreter, Request::new(code)).await.output, format!("{value}\n"));
    }
}
