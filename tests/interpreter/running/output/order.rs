//! Output in the order in which it came, from the code, its libraries and its threads.

use taipan::{Isolation, Request};

use crate::interpreters::{apply, complete, in_both, plain};

/// X1
#[apply(in_both)]
#[tokio::test]
async fn both_streams_are_shown_interleaved_and_apart(isolation: Isolation) {
    let code = "
import sys
print('one')
print('two', file=sys.stderr)
sys.stdout.write('three\\n')
sys.stderr.writelines(['four\\n', 'five\\n'])
print('six', flush=True)
";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.output, "one\ntwo\nthree\nfour\nfive\nsix\n");
    assert_eq!(outcome.stdout, "one\nthree\nsix\n");
    assert_eq!(outcome.stderr, "two\nfour\nfive\n");
}

/// X1
#[apply(in_both)]
#[tokio::test]
async fn text_without_an_end_of_line_is_shown_as_it_is(isolation: Isolation) {
    let interpreter = plain(isolation);
    let outcome = complete(&interpreter, Request::new("print('no end', end='')")).await;
    assert_eq!((outcome.output.as_str(), outcome.stdout.as_str()), ("no end", "no end"));
    let outcome = complete(&interpreter, Request::new("x = 1")).await;
    assert_eq!((outcome.output.as_str(), outcome.result), ("", None));
    let outcome = complete(&interpreter, Request::new("import sys; sys.stderr.write('only this'); None")).await;
    assert_eq!(
        (outcome.output.as_str(), outcome.stdout.as_str(), outcome.stderr.as_str()),
        ("only this", "", "only this")
    );
}

/// X1: progress bars rewrite their line with `\r`.
#[apply(in_both)]
#[tokio::test]
async fn a_progress_bar_keeps_its_carriage_returns(isolation: Isolation) {
    let code = "
import sys
for done in (0, 50, 100):
    print(f'\\r{done:3}%', end='', file=sys.stderr, flush=True)
sys.stdout.flush()
sys.stderr.flush()
";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.stderr, "\r  0%\r 50%\r100%");
}

/// X1, X9: the line of the user's own code is named.
#[apply(in_both)]
#[tokio::test]
async fn warnings_and_log_messages_go_to_standard_error(isolation: Isolation) {
    let code = "
import logging, warnings
warnings.warn('careful')
logging.warning('watch %s', 'out')
logging.getLogger('shop.orders').error('broken')
logging.info('not shown')
print('on')
";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.stdout, "on\n");
    assert_eq!(
        outcome.stderr,
        "main.py:3: UserWarning: careful\n  warnings.warn('careful')\nWARNING:root:watch out\nERROR:shop.orders:broken\n"
    );
}

/// X12
#[apply(in_both)]
#[tokio::test]
async fn lines_of_different_threads_stay_whole(isolation: Isolation) {
    let code = "
import sys, threading
def write(name):
    for number in range(200):
        for part in (name, ' ', 'line', ' ', str(number)):
            sys.stdout.write(part)
            if number % 50 == 0:
                pause.wait(0.0001)
        sys.stdout.write('\\n')
pause = threading.Event()
threads = [threading.Thread(target=write, args=(name,)) for name in 'abcd']
for thread in threads: thread.start()
for thread in threads: thread.join()
";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    for name in ["a", "b", "c", "d"] {
        let own: Vec<_> = outcome.stdout.lines().filter(|line| line.starts_with(name)).collect();
        let expected: Vec<_> = (0..200).map(|number| format!("{name} line {number}")).collect();
        assert_eq!(own, expected);
    }
    assert_eq!(outcome.stdout.lines().count(), 800);
}

/// X12: the main thread's line is ended before a thread's begins.
#[apply(in_both)]
#[tokio::test]
async fn a_threads_lines_wait_for_the_end_of_the_main_threads_line(isolation: Isolation) {
    let code = "
import threading
print('counting', end='')
thread = threading.Thread(target=print, args=('from the thread',))
thread.start(); thread.join()
print(' done')
thread = threading.Thread(target=print, args=('no end',), kwargs={'end': ''})
thread.start(); thread.join()
";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.stdout, "counting done\nfrom the thread\nno end");
}

/// X14: threads of a pool print into the run that started them.
#[apply(in_both)]
#[tokio::test]
async fn a_thread_pools_prints_are_the_runs_own(isolation: Isolation) {
    let code = "
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda n: print('job', n), range(20)))
";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    let mut lines: Vec<_> = outcome.stdout.lines().map(str::to_owned).collect();
    lines.sort_by_key(|line| line.rsplit(' ').next().and_then(|number| number.parse::<u32>().ok()));
    assert_eq!(lines, (0..20).map(|number| format!("job {number}")).collect::<Vec<_>>());
}
