//! What the model is told of a run: in short, and never more than is bounded.

use super::given::{REMINDER, assert_done, given, run};
use crate::chat::endpoint::Scripted;

async fn told_of(code: &str) -> String {
    let given = given([run(code), Scripted::text("Seen.")]).await;
    assert_done(&given.ask("Run it.").await);
    given.last_results().concat()
}

/// A3
#[tokio::test]
async fn of_long_output_the_model_sees_beginning_and_end() {
    let told = told_of("print('a' * 9000 + 'end')").await;
    let (head, tail) = ("a".repeat(4000), format!("{}end", "a".repeat(1997)));
    let expected = format!("status: completed\nstdout:\n{head}\n[… 3003 bytes left out …]\n{tail}\n{REMINDER}");
    assert_eq!(told, expected);
}

/// A3
#[tokio::test]
async fn whatever_code_does_the_result_stays_small() {
    let code = "import sys\n\
                print('o' * 60000)\nprint('e' * 60000, file=sys.stderr)\n\
                for number in range(50):\n    display('d' * 50000)\n    open(f'{\"n\" * 100}{number}.txt', 'w').write('x')\n\
                raise ValueError('m' * 60000)";
    let told = told_of(code).await;
    assert!(told.len() < 32_000, "{}", told.len());
    assert!(told.contains("\n- and 31 more\nreminder: the user gets these files by themselves"), "{told}");
    assert!(told.contains("\nleft out:\n"), "{told}");
    assert!(told.ends_with(REMINDER));
}

/// A3
#[tokio::test]
async fn what_goes_to_standard_error_and_what_is_displayed_is_told_apart() {
    let told = told_of("import sys\nprint('out')\nprint('err', file=sys.stderr)\ndisplay([1, 2])\nNone").await;
    assert_eq!(told, format!("status: completed\nstdout:\nout\nstderr:\nerr\ndisplayed:\n[1, 2]\n{REMINDER}"));
}

/// X6: a package that cannot be had is named with the reason.
#[tokio::test]
async fn a_package_that_is_missing_is_named() {
    let told = told_of("import taipan_has_no_such_package").await;
    assert!(told.contains("ModuleNotFoundError: No module named 'taipan_has_no_such_package'"), "{told}");
}

/// X10
#[tokio::test]
async fn the_code_s_own_exit_is_told() {
    let told = told_of("import sys\nprint('bye')\nsys.exit(3)").await;
    let expected =
        format!("status: exited\nstdout:\nbye\nerror:\nSystemExit: The code ended with exit code 3.\n{REMINDER}");
    assert_eq!(told, expected);
}
