//! What programs do with themselves: look at their source, test themselves, pickle their classes.

use taipan::{Isolation, Request};

use super::{printed, two_workers};
use crate::interpreters::{apply, complete, in_both, plain};

#[apply(in_both)]
#[tokio::test]
async fn a_program_is_the_main_module(isolation: Isolation) {
    let code = "import __main__, sys\nx = 1\nprint(__name__, __main__.x, sys.modules['__main__'] is __main__, __file__)\n\
                if __name__ == '__main__':\n    print('main')";
    assert_eq!(printed(&plain(isolation), code).await, "__main__ 1 True main.py\nmain\n");
}

#[apply(in_both)]
#[tokio::test]
async fn source_of_functions_and_classes_is_found(isolation: Isolation) {
    let code = "import inspect\ndef double(x):\n    return 2 * x\n\nclass Point:\n    x = 1\n\n\
                print(inspect.getsource(double), end='')\nprint(inspect.getsource(Point), end='')\n\
                print(inspect.getsourcefile(double), inspect.signature(double))";
    assert_eq!(
        printed(&plain(isolation), code).await,
        "def double(x):\n    return 2 * x\nclass Point:\n    x = 1\nmain.py (x)\n"
    );
}

#[apply(in_both)]
#[tokio::test]
async fn dataclasses_enums_and_type_hints_find_their_names(isolation: Isolation) {
    let code = "from __future__ import annotations\nimport dataclasses, enum, typing, pickle, copy\n\
                class Colour(enum.Enum):\n    RED = 1\n\
                @dataclasses.dataclass\nclass Point:\n    x: int\n    colour: Colour = Colour.RED\n    nearest: Point | None = None\n\
                print(Point(1), typing.get_type_hints(Point)['colour'] is Colour)\n\
                print(pickle.loads(pickle.dumps(Point(2))) == copy.deepcopy(Point(2)), pickle.loads(pickle.dumps(Colour.RED)))";
    assert_eq!(
        printed(&plain(isolation), code).await,
        "Point(x=1, colour=<Colour.RED: 1>, nearest=None) True\nTrue Colour.RED\n"
    );
}

#[apply(in_both)]
#[tokio::test]
async fn a_program_can_test_itself(isolation: Isolation) {
    let code = "import doctest, io, unittest\ndef double(x):\n    '''\n    >>> double(2)\n    4\n    '''\n    return 2 * x\n\
                print(doctest.testmod())\n\
                class Doubling(unittest.TestCase):\n    def test_two(self): self.assertEqual(double(2), 4)\n    \
                def test_wrong(self): self.assertEqual(double(2), 5)\n\
                program = unittest.main(exit=False, argv=['main.py'], testRunner=unittest.TextTestRunner(io.StringIO()))\n\
                print(program.result.testsRun, len(program.result.failures))\n\
                print(program.result.failures[0][1].splitlines()[1])";
    let shown = "TestResults(failed=0, attempted=1)\n2 1\n  File \"main.py\", line 11, in test_wrong\n";
    assert_eq!(printed(&plain(isolation), code).await, shown);
}

#[apply(in_both)]
#[tokio::test]
async fn unittest_main_ends_the_run_with_its_exit_code(isolation: Isolation) {
    let code = "import unittest\nclass Failing(unittest.TestCase):\n    def test(self): self.fail()\nunittest.main()";
    let outcome = plain(isolation).execute(Request::new(code)).await.expect("an outcome");
    assert_eq!(outcome.ending, taipan::Ending::Exited(1));
}

#[apply(in_both)]
#[tokio::test]
async fn a_traceback_the_code_prints_shows_its_lines(isolation: Isolation) {
    let code = "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    let lines: Vec<_> = outcome.stderr.lines().filter(|line| !line.trim().starts_with(['~', '^'])).collect();
    assert_eq!(
        lines,
        [
            "Traceback (most recent call last):",
            "  File \"main.py\", line 3, in <module>",
            "    1 / 0",
            "ZeroDivisionError: division by zero"
        ]
    );
}

/// Equal file names mean different sources in two runs at once.
#[tokio::test]
async fn lines_in_tracebacks_are_those_of_the_run() {
    let interpreter = two_workers();
    let code = |name: &str| {
        format!(
            "import traceback\ndef {name}(): return int('{name}')\nmeet()\n\
                 try: {name}()\nexcept ValueError as error: text = traceback.format_exc()\nmeet()\n\
                 print([line.strip() for line in text.splitlines() if 'int(' in line and 'invalid' not in line])"
        )
    };
    let [one, two] = super::at_once(&interpreter, [&code("one"), &code("two")]).await;
    assert_eq!(one.output, "[\"def one(): return int('one')\"]\n");
    assert_eq!(two.output, "[\"def two(): return int('two')\"]\n");
}
