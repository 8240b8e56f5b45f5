//! Threads: those a run sees, those it leaves behind, and what they print when they fail.

use taipan::{Ending, Isolation, Request};

use super::{State, printed};
use crate::interpreters::{apply, complete, in_both, plain};

#[apply(in_both)]
#[tokio::test]
async fn a_run_sees_its_own_threads_alone(isolation: Isolation) {
    let start = |name: &str| {
        format!(
            "import threading\nover = threading.Event()\n\
             thread = threading.Thread(target=over.wait, args=(20,), name='{name}', daemon=True)\nthread.start()\n\
             import atexit; atexit.register(over.set)"
        )
    };
    let state = State {
        change: start("one").leak(),
        other: start("two").leak(),
        look: "import threading; print(sorted(thread.name for thread in threading.enumerate()), threading.active_count())",
        shown: ["['MainThread'] 1", "['MainThread', 'one'] 2", "['MainThread', 'two'] 2"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn threads_are_numbered_by_run(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import threading; print(threading.Thread().name, threading.Thread(target=print).name)";
    for _ in 0..2 {
        assert_eq!(printed(&interpreter, code).await, "Thread-1 Thread-2 (print)\n");
    }
}

/// Asked to end, and named in the outcome's notes unless Python itself would not wait for them.
#[apply(in_both)]
#[tokio::test]
async fn a_thread_left_behind_is_stopped_and_named(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import threading\ndef forever():\n    while True: pass\n\
                threading.Thread(target=forever, name='busy').start()\n\
                threading.Thread(target=forever, name='not waited for', daemon=True).start()";
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!(outcome.notes, ["The thread 'busy' was still running when the code ended, and was stopped."]);
    assert_eq!(outcome.output, "");
    let look = "import threading; print(threading.active_count())";
    assert_eq!(printed(&interpreter, look).await, "1\n");
}

/// A wait in C code cannot be interrupted, and the user is told.
#[tokio::test]
async fn a_thread_that_cannot_be_stopped_is_named_and_stays_of_its_run() {
    let interpreter = plain(Isolation::Thread);
    let (waiting, here) = std::os::unix::net::UnixStream::pair().expect("a socket");
    let code = format!(
        "import os, threading\nx = 1\ndef wait():\n    os.read({}, 1); print('late'); open('late', 'w').close()\n\
         threading.Thread(target=wait, name='stuck', daemon=True).start()",
        std::os::fd::AsRawFd::as_raw_fd(&waiting)
    );
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!(
        outcome.notes,
        ["The thread 'stuck' did not end with the code and could not be stopped. It may go on in the background; \
          end it in your code, for example with an Event, and join it."]
    );
    drop(here);
    let look = "import threading; print(threading.active_count(), 'x' in globals())";
    let after = complete(&interpreter, Request::new(look)).await;
    assert_eq!((after.output.as_str(), after.generated_files), ("1 False\n", vec![]));
}

#[apply(in_both)]
#[tokio::test]
async fn the_threads_of_an_executor_finish_their_work_and_end(isolation: Isolation) {
    let code = "from concurrent.futures import ThreadPoolExecutor\nimport time\npool = ThreadPoolExecutor(2)\n\
                print(pool.submit(lambda: 5).result())\n\
                pending = [pool.submit(time.sleep, 0.05) for _ in range(4)]\n\
                pending[-1].add_done_callback(lambda _: print('done'))";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!((outcome.output.as_str(), outcome.notes), ("5\ndone\n", vec![]));
}

#[apply(in_both)]
#[tokio::test]
async fn an_exception_in_a_thread_is_shown_without_the_interpreters_frames(isolation: Isolation) {
    let code = "import _thread, threading\ndef fail():\n    raise ValueError('in ' + '/mnt/' + 'data')\n\
                thread = threading.Thread(target=fail)\nthread.start()\nthread.join()";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    let shown = outcome
        .stderr
        .lines()
        .filter(|line| !line.contains("threading.py") && !line.contains("self.") && !line.trim().starts_with('~'));
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            "Exception in thread Thread-1 (fail):",
            "Traceback (most recent call last):",
            "  File \"main.py\", line 3, in fail",
            "    raise ValueError('in ' + '/mnt/' + 'data')",
            "ValueError: in /mnt/data",
        ]
    );
}

#[apply(in_both)]
#[tokio::test]
async fn a_thread_without_a_name_tells_of_its_exception_too(isolation: Isolation) {
    let code = "import _thread, sys\nover = _thread.allocate_lock()\nover.acquire()\nclass Seen:\n    \
                def write(self, text):\n        sys.__stderr__.write(text)\n        over.release()\n\
                sys.stderr = Seen()\ndef fail(): 1 / 0\n_thread.start_new_thread(fail, ())\nover.acquire()";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    let lines: Vec<_> = outcome.stderr.lines().skip(1).collect();
    assert!(outcome.stderr.starts_with("Exception in thread "), "{}", outcome.stderr);
    assert_eq!(lines.first(), Some(&"Traceback (most recent call last):"));
    assert_eq!(lines.last(), Some(&"ZeroDivisionError: division by zero"));
    assert!(!outcome.stderr.contains("<taipan>"), "{}", outcome.stderr);
}

#[apply(in_both)]
#[tokio::test]
async fn the_function_for_exceptions_in_threads_is_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import threading; threading.excepthook = lambda args: print('one', args.exc_value)",
        other: "import threading; threading.excepthook = lambda args: print('two', args.exc_value)",
        look: "import sys, threading\nkept, sys.stderr = sys.stderr, open('trash', 'w')\n\
               thread = threading.Thread(target=lambda: 1 / 0)\nthread.start(); thread.join()\n\
               sys.stderr = kept; print('looked')",
        shown: ["looked", "one division by zero\nlooked", "two division by zero\nlooked"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn the_event_loop_is_made_anew_for_each_run(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import asyncio, warnings\nwarnings.simplefilter('ignore')\nloop = asyncio.get_event_loop()\n\
                print(loop.is_closed(), hasattr(loop, 'mark'), loop.run_until_complete(asyncio.sleep(0, 'slept')))\n\
                loop.mark = 1";
    for _ in 0..2 {
        assert_eq!(printed(&interpreter, code).await, "False False slept\n");
    }
    let run = "import asyncio\nasync def main():\n    return await asyncio.gather(asyncio.to_thread(int, '1'), \
               asyncio.sleep(0, 2))\nprint(asyncio.run(main()))";
    assert_eq!(printed(&interpreter, run).await, "[1, 2]\n");
    let policy = "import asyncio\nclass Policy(asyncio.DefaultEventLoopPolicy): pass\nasyncio.set_event_loop_policy(Policy())\n\
                  print(type(asyncio.get_event_loop_policy()).__name__)";
    assert_eq!(printed(&interpreter, policy).await, "Policy\n");
    let after = "import asyncio; print(type(asyncio.get_event_loop_policy()).__name__)";
    assert_eq!(printed(&interpreter, after).await, "RunPolicy\n");
}

#[apply(in_both)]
#[tokio::test]
async fn leaving_a_thread_by_sys_exit_is_no_failure(isolation: Isolation) {
    let code =
        "import sys, threading\nthread = threading.Thread(target=sys.exit, args=(3,))\nthread.start()\nthread.join()";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Completed, ""));
}
