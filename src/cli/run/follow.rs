//! Follows a run: shows its events as they come, until its outcome is there.

use std::time::Instant;

use super::{
    screen::Screen,
    spinner::{self, Stage},
};
use crate::{
    Event, Outcome,
    cli::stop::Stop,
    interpreter::{InterpreterError, Run},
};

/// Shows what happens until the run has ended. Ctrl-C cancels it, and so does a reader of standard output who
/// goes away: what was made until then is in the outcome.
pub(in super::super) async fn follow(
    mut run: Run,
    screen: &mut Screen,
    stop: &Stop,
) -> Result<Outcome, InterpreterError> {
    // On a task of its own, because writing to a slow terminal blocks this one.
    #[expect(clippy::disallowed_methods, reason = "the handle is kept, and aborted at the end of the run")]
    let canceller = tokio::spawn({
        let (asked, cancel) = (stop.asked(), run.cancel_handle());
        async move {
            asked.await;
            cancel.cancel();
        }
    });
    let mut stage = Stage::Starting;
    let mut ticks = spinner::ticks();
    let mut stopping = false;
    loop {
        tokio::select! {
            biased;
            () = stop.asked(), if !stopping => {
                stopping = true;
                screen.clear_keys();
                screen.tick(&Stage::Stopping);
            }
            event = run.next() => match event {
                Some(event) => show(event, screen, &mut stage),
                None => break,
            },
            _ = ticks.tick() => screen.tick(if stopping { &Stage::Stopping } else { &stage }),
        }
        if screen.stdout_error().is_some() {
            run.cancel();
        }
    }
    canceller.abort();
    run.outcome().await
}

fn show(event: Event, screen: &mut Screen, stage: &mut Stage) {
    match event {
        Event::Queued { place } => *stage = Stage::Queued { place },
        Event::Started | Event::Installed { .. } => *stage = Stage::Running { since: Instant::now() },
        Event::Stdout { text } => screen.stdout(&text),
        Event::Stderr { text } => screen.stderr(&text),
        Event::OutputFull => screen.notice("✂️ The output is long: the rest goes to output.txt."),
        Event::Display(value) => screen.value(&value.text),
        Event::Installing { packages } => *stage = Stage::Installing { packages },
        // Files are listed at the end, with their final sizes.
        _ => {}
    }
}
