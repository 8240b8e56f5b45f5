//! The process that sandboxes are copies of may die; the interpreter goes on (X15).

use std::{fs, process, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use taipan::{Ending, Event, Isolation, Request};

use crate::{interpreters::settings, own_process::async_in_own_process};

/// The processes this one has started that are alive.
fn children() -> Vec<Pid> {
    let tasks = fs::read_dir(format!("/proc/{}/task", process::id())).expect("threads").flatten();
    let children = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    children
        .flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|number| Pid::from_raw(number.parse().expect("a number")))
        .collect()
}

/// X15, X13: what goes on in sandboxes ends and says why, what waits is served, and sessions begin anew.
#[test]
fn a_zygote_that_dies_is_started_again_and_the_queue_is_kept() {
    let test = "interpreter::queueing::zygote::a_zygote_that_dies_is_started_again_and_the_queue_is_kept";
    async_in_own_process(test, async {
        let interpreter = settings(Isolation::Process).build().expect("an interpreter");
        let session = Request::new("x = 1").owner("ann").in_session();
        assert!(interpreter.execute(session).await.expect("an outcome").success());
        let mut going = interpreter.start(Request::new("print('begun')\nwhile True: pass")).await.expect("a run");
        while !matches!(going.next().await, Some(Event::Stdout { .. })) {}
        let waiting = interpreter.start(Request::new("print('served')")).await.expect("a run");
        let [zygote] = children()[..] else { panic!("one child is expected: {:?}", children()) };
        kill_process(zygote, Signal::KILL).expect("a zygote");

        let ended = going.outcome().await.expect("an outcome");
        assert_eq!((ended.ending, ended.output.as_str()), (Ending::Killed { signal: 9 }, "begun\n"));
        let why = "The process that all sandboxes are copies of has ended, and this run with it; it is started again. \
                   Run the code again.";
        assert_eq!(ended.notes, [why]);
        let served = waiting.outcome().await.expect("an outcome");
        assert_eq!((served.ending, served.output.as_str()), (Ending::Completed, "served\n"));
        let session = Request::new("'x' in globals()").owner("ann").in_session();
        let anew = interpreter.execute(session).await.expect("an outcome");
        assert_eq!(anew.result.map(|value| value.text).as_deref(), Some("False"));
        let why = "The session before has ended because its process died; this run begins a new one.";
        assert_eq!(anew.notes, [why]);
        interpreter.shutdown(Duration::from_secs(1)).await;
        assert_eq!(children(), []);
    });
}
