//! What is measured of isolation `thread`, and what of both.

use std::time::{Duration, Instant};

use taipan::{Interpreter, Request};

use crate::{
    report::{Section, Verdict},
    samples::{Samples, micros},
    snippets::{GROUP_BY, PLOT, PRINT, Snippet},
    ways::{Ways, run_once},
};

/// One run after another, beside the baselines.
pub(crate) fn latency(ways: &Ways, report: &mut Section) {
    let rounds = 5;
    // Rounds alternate, so that a busy moment of the machine hits both.
    let mut taipan = Vec::new();
    let mut bare = Vec::new();
    for _ in 0..rounds {
        taipan.push(in_a_row(ways, &ways.interpreter, &PRINT, (2_000, Duration::ZERO)));
        bare.push(Samples::take(2_000, || ways.bare(&PRINT)));
    }
    let taipan = Samples::best(taipan);
    let bare = Samples::best(bare);
    let added = taipan.median().saturating_sub(bare.median());
    report.figure("`print(1)`, bare PyO3 compile + exec", &bare);
    report.figure("`print(1)`, `execute` from an async task, back to back", &taipan);
    report.budget(
        "`execute(\"print(1)\")` over bare PyO3, p50",
        "+ 100 µs (+ 40 µs)",
        &format!("+ {:.0} µs", micros(added)),
        Verdict::of(added, Duration::from_micros(100), Duration::from_micros(40)),
    );
    paused(ways, report);
    process(ways, report, &taipan);
    heavier(ways, report);
}

/// Runs one after the other in one task, as an async caller sees them; a tenth more at first does not count.
pub(crate) fn in_a_row(
    ways: &Ways,
    interpreter: &Interpreter,
    snippet: &Snippet,
    (count, pause): (usize, Duration),
) -> Samples {
    let interpreter = interpreter.clone();
    let snippet = *snippet;
    let task = ways.runtime.spawn(async move {
        let mut times = Vec::with_capacity(count);
        for number in 0..count + count / 10 {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            let start = Instant::now();
            run_once(&interpreter, snippet.request(), &snippet).await;
            if number >= count / 10 {
                times.push(start.elapsed());
            }
        }
        times
    });
    ways.runtime.block_on(task).expect("the task").into()
}

fn paused(ways: &Ways, report: &mut Section) {
    let times = in_a_row(ways, &ways.interpreter, &PRINT, (300, Duration::from_millis(3)));
    report.figure("`print(1)`, `execute`, a pause of 3 ms before each", &times);
}

fn process(ways: &Ways, report: &mut Section, taipan: &Samples) {
    let process = Samples::take(15, || ways.process(&PRINT));
    let factor = process.over(taipan);
    report.figure("`print(1)`, a new `python` process", &process);
    report.ratio("`print(1)`: new process ÷ `execute`", &format!("{factor:.0} ×"));
}

fn heavier(ways: &Ways, report: &mut Section) {
    for (snippet, count) in [(GROUP_BY, 200), (PLOT, 40)] {
        let mut taipan = Vec::new();
        let mut bare = Vec::new();
        for _ in 0..3 {
            taipan.push(in_a_row(ways, &ways.interpreter, &snippet, (count, Duration::ZERO)));
            bare.push(Samples::take(count, || ways.bare(&snippet)));
        }
        let (taipan, bare) = (Samples::best(taipan), Samples::best(bare));
        let process = Samples::take(3, || ways.process(&snippet));
        let ratio = taipan.over(&bare);
        report.figure(&format!("{}, warm plain interpreter", snippet.name), &bare);
        report.figure(&format!("{}, `execute`", snippet.name), &taipan);
        report.figure(&format!("{}, a new `python` process", snippet.name), &process);
        let factor = process.over(&taipan);
        report.ratio(&format!("{}: new process ÷ `execute`", snippet.name), &format!("{factor:.0} ×"));
        let name = format!("{} with pandas, `thread`, against a warm plain interpreter", snippet.name);
        if snippet.file.is_some() {
            let verdict = Verdict::of_number(ratio, 1.1, 1.05);
            report.budget(&name, "1.1 × (1.05 ×)", &format!("{ratio:.2} ×"), verdict);
        } else {
            report.ratio(&name, &format!("{ratio:.2} ×"));
        }
    }
}

/// Many callers at once.
pub(crate) fn callers(ways: &Ways, report: &mut Section) {
    for callers in [1, 4, 16] {
        let each = 4_000 / callers;
        let start = Instant::now();
        let times = ways.runtime.block_on(async {
            let tasks: Vec<_> = (0..callers)
                .map(|_| {
                    let interpreter = ways.interpreter.clone();
                    ways.runtime.spawn(async move {
                        let mut times = Vec::with_capacity(each);
                        for _ in 0..each {
                            let start = Instant::now();
                            run_once(&interpreter, PRINT.request(), &PRINT).await;
                            times.push(start.elapsed());
                        }
                        times
                    })
                })
                .collect();
            let mut times = Vec::new();
            for task in tasks {
                times.extend(task.await.expect("a caller"));
            }
            times
        });
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = times.len() as f64 / start.elapsed().as_secs_f64();
        report.figure(&format!("`print(1)`, {callers} callers at once"), &Samples::from(times));
        report.ratio(&format!("runs a second, {callers} callers"), &format!("{rate:.0}"));
    }
}

/// Much output, many files.
pub(crate) fn volume(ways: &Ways, interpreter: &Interpreter, report: &mut Section) {
    let prints = "line = 'x' * 99\nfor _ in range(10**6):\n    print(line)";
    let output = Samples::take(3, || {
        let outcome = ways.runtime.block_on(interpreter.execute(Request::new(prints))).expect("it runs");
        let counted = outcome.omitted.output_in_file + outcome.omitted.output_dropped;
        assert_eq!(outcome.stdout.len() as u64 + counted, 100_000_000);
    });
    report.figure("100 MB of prints", &output);
    let verdict = Verdict::of(output.median(), Duration::from_secs(2), Duration::from_secs(2));
    report.budget("100 MB of prints", "2 s", &format!("{:.2} s", output.median().as_secs_f64()), verdict);
    let files = "for n in range(1000):\n    open(f'{n}.txt', 'w').write('x' * 1024)";
    let files = Samples::take(5, || {
        let outcome = ways.runtime.block_on(interpreter.execute(Request::new(files))).expect("it runs");
        assert_eq!(outcome.generated_files.len(), 1000);
        assert!(outcome.generated_files.iter().all(|file| file.size == 1024));
    });
    report.figure("1,000 generated files", &files);
    let verdict = Verdict::of(files.median(), Duration::from_secs(1), Duration::from_secs(1));
    report.budget("1,000 generated files", "1 s", &format!("{:.2} s", files.median().as_secs_f64()), verdict);
}

/// Whether a long queue makes each run slower.
pub(crate) fn queue_growth(ways: &Ways, report: &mut Section) {
    for waiting in [10_u32, 100, 1_000, 2_000] {
        let samples = Samples::take(5, || {
            ways.runtime.block_on(async {
                let tasks: Vec<_> = (0..waiting)
                    .map(|_| {
                        let interpreter = ways.interpreter.clone();
                        ways.runtime.spawn(async move { run_once(&interpreter, PRINT.request(), &PRINT).await })
                    })
                    .collect();
                for task in tasks {
                    task.await.expect("a run");
                }
            });
        });
        let each = micros(samples.median()) / f64::from(waiting);
        report.ratio(&format!("time for each of {waiting} runs queued at once"), &format!("{each:.0} µs"));
    }
}
