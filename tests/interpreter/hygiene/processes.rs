//! Processes that code starts, or cannot start: isolation `process` starts none.

use taipan::{Ending, Isolation, Request};

use super::printed;
use crate::interpreters::{apply, complete, in_both, plain, raised};

#[tokio::test]
async fn what_a_program_prints_is_output_of_the_run() {
    let code = "import os, subprocess, sys\nprint('first')\nprint(subprocess.run(['echo', 'second']).returncode)\n\
                print(os.system('echo third; exit 3') >> 8)\nsubprocess.run('echo fourth >&2', shell=True)\n\
                subprocess.check_call([sys.executable, '-c', 'print(\"fifth\")'])\n\
                print(subprocess.run(['cat'], input='sixth', capture_output=True, text=True).stdout)\n\
                print(os.popen('pwd').read().strip(), subprocess.getoutput('echo seventh'))\n\
                print(subprocess.run(['cat']).returncode)";
    let outcome = complete(&plain(Isolation::Thread), Request::new(code)).await;
    let shown = "first\nsecond\n0\nthird\n3\nfourth\nfifth\nsixth\n/mnt/data seventh\n0\n";
    assert_eq!((outcome.output.as_str(), outcome.stderr.as_str()), (shown, "fourth\n"));
}

#[tokio::test]
async fn a_program_has_the_variables_it_is_given() {
    let code = "import os, subprocess\nos.environ['MINE'] = 'run'\ndef told(**options):\n    \
                return subprocess.run('echo ${MINE-none}', shell=True, capture_output=True, text=True, **options).stdout.strip()\n\
                print(told(), told(env={'MINE': 'given', 'PATH': os.environ['PATH']}), told(env={'PATH': os.environ['PATH']}))";
    assert_eq!(printed(&plain(Isolation::Thread), code).await, "run given none\n");
}

#[tokio::test]
async fn asyncio_starts_programs_too() {
    let code = "import asyncio\nasync def main():\n    \
                program = await asyncio.create_subprocess_exec('echo', 'told', stdout=asyncio.subprocess.PIPE)\n    \
                print(await program.communicate(), program.returncode)\n\
                asyncio.run(main())";
    assert_eq!(printed(&plain(Isolation::Thread), code).await, "(b'told\\n', None) 0\n");
}

#[apply(in_both)]
#[tokio::test]
async fn copies_of_the_process_are_refused_with_advice(isolation: Isolation) {
    let interpreter = plain(isolation);
    let advice = match isolation {
        Isolation::Thread => {
            "This code shares its process with other runs, so the process cannot be copied. Use threads instead \
             (concurrent.futures.ThreadPoolExecutor, multiprocessing.pool.ThreadPool), or start a program with \
             subprocess."
        }
        Isolation::Process => {
            "A sandbox has one process. Use threads instead (concurrent.futures.ThreadPoolExecutor, \
             multiprocessing.pool.ThreadPool)."
        }
    };
    for code in [
        "import os; os.fork()",
        "import multiprocessing; multiprocessing.Process(target=print).start()",
        "import multiprocessing; multiprocessing.Pool(2)",
        "import multiprocessing; multiprocessing.get_context('spawn').Process(target=print).start()",
        "import multiprocessing; multiprocessing.Manager()",
        "from concurrent.futures import ProcessPoolExecutor\nProcessPoolExecutor().submit(print)",
    ] {
        assert_eq!(
            raised(&interpreter, Request::new(code)).await,
            ("RuntimeError".to_owned(), advice.to_owned()),
            "{code}"
        );
    }
    let threads =
        "from multiprocessing.pool import ThreadPool\nwith ThreadPool(2) as pool: print(pool.map(abs, [-1, 2]))";
    assert_eq!(printed(&interpreter, threads).await, "[1, 2]\n");
}

/// An alarm would end the whole program. In a sandbox, signals are the code's own.
#[tokio::test]
async fn alarms_and_handlers_of_signals_are_refused() {
    let interpreter = plain(Isolation::Thread);
    let (kind, _) = raised(&interpreter, Request::new("import signal; signal.alarm(1)")).await;
    assert_eq!(kind, "RuntimeError");
    let error = raised(&interpreter, Request::new("import signal; signal.signal(signal.SIGINT, print)")).await;
    let message = "signal only works in main thread of the main interpreter";
    assert_eq!(error, ("ValueError".to_owned(), message.to_owned()));
}

/// What would start processes elsewhere uses threads in a sandbox, and alarms are its own.
#[tokio::test]
async fn joblib_uses_threads_and_alarms_ring_in_a_sandbox() {
    let interpreter = plain(Isolation::Process);
    let code = "import joblib, math, signal
print(joblib.Parallel(n_jobs=2)(joblib.delayed(math.sqrt)(n) for n in (1, 4, 9)))
signal.signal(signal.SIGALRM, lambda *_: print('rang'))
signal.setitimer(signal.ITIMER_REAL, 0.01)
signal.pause()";
    assert_eq!(printed(&interpreter, code).await, "[1.0, 2.0, 3.0]\nrang\n");
}

/// A sandbox may not execute anything, and says so as Linux does.
#[tokio::test]
async fn a_sandbox_starts_no_programs() {
    let interpreter = plain(Isolation::Process);
    for code in ["import subprocess; subprocess.run(['echo', 'told'])", "import os; os.execv('/bin/echo', ['told'])"] {
        let (kind, message) = raised(&interpreter, Request::new(code)).await;
        assert_eq!((&*kind, &*message), ("PermissionError", "[Errno 1] Operation not permitted"), "{code}");
    }
}

/// A handler runs, and an alarm nobody handles ends the run alone.
#[tokio::test]
async fn signals_within_a_sandbox_are_the_codes_own() {
    let interpreter = plain(Isolation::Process);
    let handled = "import os, signal\nsignal.signal(signal.SIGUSR1, lambda *_: print('heard'))\n\
                   os.kill(os.getpid(), signal.SIGUSR1)\nprint('on')";
    assert_eq!(printed(&interpreter, handled).await, "heard\non\n");
    let ends = "import os, signal; print('begun', flush=True); os.kill(os.getpid(), signal.SIGUSR1)";
    let outcome = interpreter.execute(Request::new(ends)).await.expect("an outcome");
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Killed { signal: 10 }, "begun\n"));
    assert_eq!(printed(&interpreter, "print('on')").await, "on\n");
}

#[tokio::test]
async fn a_program_that_cannot_be_started_is_an_exception() {
    let outcome =
        plain(Isolation::Thread).execute(Request::new("import subprocess; subprocess.run(['no-such-program'])")).await;
    let Ending::Raised(exception) = outcome.expect("an outcome").ending else { panic!("it was started") };
    assert_eq!(exception.message, "[Errno 2] No such file or directory: 'no-such-program'");
}
