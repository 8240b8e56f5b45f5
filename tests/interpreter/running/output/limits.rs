//! Output beyond its limit is cut, kept in a file, then counted, and the run goes on (X10).

use std::time::{Duration, Instant};

use taipan::{Interpreter, Isolation, Outcome, Request};

use crate::interpreters::{apply, complete, in_both, plain, settings};

const KB: usize = 1024;
const MB: usize = 1024 * KB;

fn small(isolation: Isolation) -> Interpreter {
    settings(isolation).max_output_bytes(10).max_output_file_bytes(10).build().expect("an interpreter")
}

/// What `output.txt` holds.
fn kept(outcome: &Outcome) -> String {
    let file = outcome.generated_files.iter().find(|file| file.name == "output.txt").expect("output.txt");
    String::from_utf8(file.read().expect("a readable file")).expect("UTF-8")
}

/// X10: 100 KB are shown, the rest is in `output.txt`.
#[apply(in_both)]
#[tokio::test]
async fn a_hundred_kilobytes_are_shown_and_the_rest_is_in_a_file(isolation: Isolation) {
    let outcome = complete(&plain(isolation), Request::new("for _ in range(300): print('x' * 1023)")).await;
    let line = "x".repeat(1023) + "\n";
    assert_eq!(outcome.output, line.repeat(100));
    assert_eq!(outcome.stdout, outcome.output);
    assert_eq!(kept(&outcome), line.repeat(200));
    assert_eq!((outcome.omitted.output_in_file, outcome.omitted.output_dropped), (200 * KB as u64, 0));
}

/// X10: the run goes on, and what is dropped is counted, to the byte.
#[apply(in_both)]
#[tokio::test]
async fn what_is_more_than_the_file_takes_is_dropped_and_counted(isolation: Isolation) {
    let outcome =
        complete(&small(isolation), Request::new("print('0123456789abcdefghijKLM', end='')\nprint('more')\n7")).await;
    assert_eq!(outcome.output, "0123456789");
    assert_eq!(kept(&outcome), "abcdefghij");
    assert_eq!((outcome.omitted.output_in_file, outcome.omitted.output_dropped), (10, 8));
    assert_eq!(outcome.result.map(|result| result.text), Some("7".to_owned()));
}

/// X10: a hundred megabytes of prints, of which 100 KB are shown and 10 MB kept.
#[apply(in_both)]
#[tokio::test]
async fn a_flood_of_prints_is_bounded(isolation: Isolation) {
    let started = Instant::now();
    let code = "line = 'x' * 1023\nfor _ in range(100 * 1024): print(line)";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.output.len(), 100 * KB);
    assert_eq!(kept(&outcome).len(), 10 * MB);
    assert_eq!(outcome.omitted.output_in_file, 10 * MB as u64);
    assert_eq!(outcome.omitted.output_dropped, (90 * MB - 100 * KB) as u64);
    assert!(started.elapsed() < Duration::from_secs(30));
}

/// X10: single characters are as good as lines.
#[apply(in_both)]
#[tokio::test]
async fn a_million_small_writes_are_all_there(isolation: Isolation) {
    let code = "import sys\nfor n in range(1_000_000): sys.stdout.write(str(n % 10))";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    let digits = "0123456789";
    assert_eq!(outcome.output, digits.repeat(10_240));
    assert_eq!(kept(&outcome), digits.repeat(100_000 - 10_240));
}

/// X10: a character is never cut in the middle.
#[apply(in_both)]
#[tokio::test]
async fn the_cut_is_between_characters(isolation: Isolation) {
    let outcome = complete(&small(isolation), Request::new("print('€€€€€€€', end='')")).await;
    assert_eq!(outcome.output, "€€€");
    assert_eq!(kept(&outcome), "€€€");
    assert_eq!((outcome.omitted.output_in_file, outcome.omitted.output_dropped), (9, 3));
}

/// X10: once something was cut, nothing later slips in behind it.
#[apply(in_both)]
#[tokio::test]
async fn nothing_is_shown_after_the_cut(isolation: Isolation) {
    let code = "
import sys
print('12345678', end='')
print('€', end='')
print('a', end='', file=sys.stderr)
";
    let outcome = complete(&small(isolation), Request::new(code)).await;
    assert_eq!((outcome.output.as_str(), outcome.stderr.as_str()), ("12345678", ""));
    assert_eq!(kept(&outcome), "€a");
}

/// X10: standard error counts like standard output.
#[apply(in_both)]
#[tokio::test]
async fn standard_error_alone_has_the_same_limit(isolation: Isolation) {
    let outcome =
        complete(&small(isolation), Request::new("import sys; print('0123456789abc', end='', file=sys.stderr)")).await;
    assert_eq!(
        (outcome.output.as_str(), outcome.stderr.as_str(), outcome.stdout.as_str()),
        ("0123456789", "0123456789", "")
    );
    assert_eq!(kept(&outcome), "abc");
}

/// X10: the code's own `output.txt` is not touched, whether it was there before the output was too much or after.
#[apply(in_both)]
#[tokio::test]
async fn the_codes_own_output_txt_stays_its_own(isolation: Isolation) {
    for code in [
        "open('output.txt', 'w').write('mine')\nprint('0123456789abc', end='')",
        "print('0123456789', end=''); print('abc', end='')\nopen('output.txt', 'w').write('mine')",
    ] {
        let outcome = complete(&small(isolation), Request::new(format!("{code}\nNone"))).await;
        let files: Vec<_> =
            outcome.generated_files.iter().map(|file| (file.name.as_str(), file.read().expect("a file"))).collect();
        assert_eq!(files, [("output-2.txt", b"abc".to_vec()), ("output.txt", b"mine".to_vec())]);
    }
}

/// X10: what the code destroys is counted as dropped, and the run goes on.
#[apply(in_both)]
#[tokio::test]
async fn output_whose_file_the_code_removes_counts_as_dropped(isolation: Isolation) {
    let code = "
import os
print('0123456789abc', end='')
while not os.listdir(): pass
for name in os.listdir(): os.remove(name)
";
    let outcome = complete(&small(isolation), Request::new(code)).await;
    assert_eq!(outcome.generated_files, []);
    assert_eq!((outcome.omitted.output_in_file, outcome.omitted.output_dropped), (0, 3));
}

/// X10: no output at all may be allowed.
#[apply(in_both)]
#[tokio::test]
async fn a_limit_of_nothing_shows_nothing_and_counts_all(isolation: Isolation) {
    let interpreter = settings(isolation).max_output_bytes(0).max_output_file_bytes(0).build().expect("an interpreter");
    let outcome = complete(&interpreter, Request::new("print('abc')")).await;
    assert_eq!((outcome.output.as_str(), outcome.omitted.output_dropped), ("", 4));
    assert_eq!(outcome.generated_files, []);
}

/// X10: values shown with `display()` are bounded as well.
#[apply(in_both)]
#[tokio::test]
async fn too_many_displays_are_counted(isolation: Isolation) {
    let outcome = complete(&plain(isolation), Request::new("for n in range(250): display(n)")).await;
    assert_eq!(outcome.displays.len(), 200);
    assert_eq!(outcome.omitted.displays, 50);
}

/// X10: so are their texts together.
#[apply(in_both)]
#[tokio::test]
async fn displays_that_are_too_large_together_are_counted(isolation: Isolation) {
    let outcome = complete(&plain(isolation), Request::new("for n in range(150): display('x' * 100_000)")).await;
    assert_eq!(outcome.displays.len(), 104);
    assert_eq!(outcome.omitted.displays, 46);
}
