//! What is measured of isolation `process`.

use std::{
    thread,
    time::{Duration, Instant},
};

use taipan::{Ending, Interpreter, Isolation, Request};

use crate::{
    cases::in_a_row,
    processes::Below,
    ready::BASE,
    report::{Section, Verdict},
    samples::{Samples, micros},
    snippets::{DESCRIBE, GROUP_BY, PLOT, PRINT},
    ways::{Ways, run_once},
};

/// Between runs that are to find a sandbox that has waited.
const PAUSE: Duration = Duration::from_millis(100);
/// How long after the last run sandboxes are at rest.
const REST: Duration = Duration::from_secs(2);

/// One run after another, beside the baselines.
pub(crate) fn latency(ways: &Ways, report: &mut Section) {
    let mut rounds: [Vec<Samples>; 4] = Default::default();
    // Rounds alternate, so that a busy moment of the machine hits all.
    for _ in 0..3 {
        rounds[0].push(Samples::take(2_000, || ways.bare(&PRINT)));
        rounds[1].push(Samples::take_with_pauses(60, PAUSE, || ways.bare(&PRINT)));
        rounds[2].push(in_a_row(ways, &ways.sandboxed, &PRINT, (60, PAUSE)));
        rounds[3].push(in_session(ways, 1_000));
    }
    let [bare, paused, fresh, session] = rounds.map(Samples::best);
    let process = Samples::take_with_pauses(30, PAUSE, || ways.process(&PRINT));
    report.figure("`print(1)`, bare PyO3 compile + exec", &bare);
    report.figure("`print(1)`, bare PyO3, a pause of 100 ms before each", &paused);
    report.figure("`print(1)`, fresh sandbox, a pause of 100 ms before each", &fresh);
    report.figure("`print(1)`, session, back to back", &session);
    report.figure("`print(1)`, a new `python` process, a pause of 100 ms before each", &process);
    let hurried = in_a_row(ways, &ways.sandboxed, &PRINT, (300, Duration::ZERO));
    report.figure("`print(1)`, fresh sandbox, back to back", &hurried);
    let name = "`execute(\"print(1)\")` in a fresh sandbox against bare PyO3, equal pauses, p50";
    report.at_most(name, fresh.over(&paused), 25., 12.);
    report.ratio("`print(1)`: fresh sandbox after a pause ÷ bare PyO3 without", &format!("{:.0} ×", fresh.over(&bare)));
    report.at_most("the same in a session, both back to back", session.over(&bare), 15., 8.);
    let name = "`print(1)` in a fresh sandbox: faster than a new `python` process, equal pauses";
    report.at_least(name, " ×", process.over(&fresh), 100., 200.);
    report.ratio("`print(1)`: new `python` process ÷ session", &format!("{:.0} ×", process.over(&session)));
    report.ratio(
        "`print(1)`: new `python` process ÷ bare PyO3, equal pauses",
        &format!("{:.0} ×", process.over(&paused)),
    );
}

/// Runs of one session, as an async caller sees them.
fn in_session(ways: &Ways, count: usize) -> Samples {
    let interpreter = ways.sandboxed.clone();
    let task = ways.runtime.spawn(async move {
        let request = || PRINT.request().owner("somebody").in_session();
        run_once(&interpreter, request(), &PRINT).await;
        let mut times = Vec::with_capacity(count);
        for _ in 0..count {
            let start = Instant::now();
            run_once(&interpreter, request(), &PRINT).await;
            times.push(start.elapsed());
        }
        assert!(interpreter.end_session(Some("somebody")));
        times
    });
    ways.runtime.block_on(task).expect("the task").into()
}

/// What people ask for, against isolation `thread` with the same pauses.
pub(crate) fn heavier(ways: &Ways, report: &mut Section) {
    for (snippet, count) in [(GROUP_BY, 40), (DESCRIBE, 40), (PLOT, 20)] {
        let mut rounds: [Vec<Samples>; 2] = Default::default();
        for _ in 0..3 {
            for (rounds, interpreter) in rounds.iter_mut().zip([&ways.interpreter, &ways.sandboxed]) {
                rounds.push(in_a_row(ways, interpreter, &snippet, (count, PAUSE)));
            }
        }
        let [thread, fresh] = rounds.map(Samples::best);
        report.figure(&format!("{snippet}, `thread`, the same pauses"), &thread);
        report.figure(&format!("{snippet}, fresh sandbox"), &fresh);
        report.at_most(&format!("{snippet} in a fresh sandbox against `thread`"), fresh.over(&thread), 1.5, 1.2);
        if snippet.file.is_some() {
            let process = Samples::take(3, || ways.process(&snippet));
            report.figure(&format!("{snippet}, a new `python` process"), &process);
            let name = format!("{snippet} in a fresh sandbox: faster than a new `python` process");
            report.at_least(&name, " ×", process.over(&fresh), 8., 12.);
        }
    }
}

/// A run beside others that take all they can get.
pub(crate) fn bystander(ways: &Ways, report: &mut Section) {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let settings = Interpreter::builder().workers(cores + 2).isolation(Isolation::Process);
    let interpreter = settings.build().expect("this machine gives sandboxes");
    let pause = Duration::from_millis(20);
    let idle = in_a_row(ways, &interpreter, &PRINT, (400, pause));
    let hogs: Vec<_> = (0..cores)
        .map(|_| ways.runtime.block_on(interpreter.start(Request::new("sum(range(10**12))"))).expect("it starts"))
        .collect();
    let beside = in_a_row(ways, &interpreter, &PRINT, (400, pause));
    for hog in hogs {
        hog.cancel();
        assert_eq!(ways.runtime.block_on(hog.outcome()).expect("an outcome").ending, Ending::Cancelled);
    }
    report.figure("`print(1)`, fresh sandbox, nothing else runs", &idle);
    report.figure(&format!("`print(1)`, fresh sandbox, beside {cores} hogs"), &beside);
    let ratio = beside.p99().as_secs_f64() / idle.p99().as_secs_f64();
    report.at_most("a bystander's `print(1)`, p99, beside as many hogs as cores, against idle", ratio, 2., 1.2);
}

/// How long one sandbox fewer is ready after code has ended its own process.
pub(crate) fn after_a_kill(ways: &Ways, report: &mut Section) {
    let interpreter = &ways.sandboxed;
    let suicide = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)";
    let times: Vec<_> = (0..30)
        .map(|_| {
            let full = at_rest(interpreter);
            // The code's own time counts as well: when it died is not seen from here.
            let start = Instant::now();
            let outcome = ways.runtime.block_on(interpreter.execute(Request::new(suicide))).expect("an outcome");
            assert_eq!(outcome.ending, Ending::Killed { signal: 9 });
            while interpreter.status().sandboxes_ready < full {
                thread::sleep(Duration::from_micros(200));
            }
            start.elapsed()
        })
        .collect();
    let times = Samples::from(times);
    report.figure("a killed sandbox is replaced", &times);
    let verdict = Verdict::of(times.median(), Duration::from_millis(30), Duration::from_millis(10));
    let measured = format!("{:.1} ms", micros(times.median()) / 1e3);
    report.budget("pool back at full size after a kill", "30 ms (10 ms)", &measured, verdict);
}

/// How many sandboxes are ready when no more are being made.
fn at_rest(interpreter: &Interpreter) -> usize {
    let ready = || interpreter.status().sandboxes_ready;
    let mut before = ready();
    loop {
        thread::sleep(Duration::from_millis(100));
        let now = ready();
        if now > 0 && now == before {
            return now;
        }
        before = now;
    }
}

/// With all base packages: how fast sandboxes are made, and what one that waits has to itself.
pub(crate) fn with_base_packages(ways: &Ways, report: &mut Section) {
    let settings = Interpreter::builder().workers(2).isolation(Isolation::Process).preload(BASE.split(','));
    let interpreter = settings.build().expect("this machine gives sandboxes");
    let each = 300;
    let start = Instant::now();
    ways.runtime.block_on(async {
        let callers = (0..4).map(|_| {
            let interpreter = interpreter.clone();
            ways.runtime.spawn(async move {
                for _ in 0..each {
                    run_once(&interpreter, PRINT.request(), &PRINT).await;
                }
            })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await.expect("a caller");
        }
    });
    let rate = f64::from(4 * each) / start.elapsed().as_secs_f64();
    report.at_least("fresh sandboxes a second, all base packages", "", rate, 100., 300.);
    thread::sleep(REST);
    let mut private: Vec<_> =
        Below::all().iter().filter(|process| process.is_sandbox()).filter_map(Below::private_kb).collect();
    private.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "kilobytes of a few processes")]
    let largest = *private.last().expect("a sandbox waits") as f64 / 1024.;
    let verdict = Verdict::of_number(largest, 30., 12.);
    report.budget("private memory of a waiting sandbox", "30 MB (12 MB)", &format!("{largest:.1} MB"), verdict);
}
