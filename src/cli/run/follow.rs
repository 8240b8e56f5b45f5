//! Follows a run: shows its events as they come, until its outcome is there.

use std::time::Instant;

use super::{
    screen::Screen,
    spinner::{self, Stage},
};
use crate::{
    Event, Outcome, Run,
    cli::{Failure, stop::Stop},
    executions::{Answer, UserRun},
};

/// Something that goes on until it has ended.
pub(in super::super) trait Followed {
    /// What it comes to.
    type End;

    /// The next event; `None` when the code has ended.
    fn next(&mut self) -> impl Future<Output = Option<Event>>;

    /// What cancels it, from anywhere.
    fn canceller(&self) -> impl Fn() + Send + 'static;

    /// Waits for the end.
    async fn end(self) -> Result<Self::End, Failure>;
}

impl Followed for Run {
    type End = Outcome;

    fn next(&mut self) -> impl Future<Output = Option<Event>> {
        Self::next(self)
    }

    fn canceller(&self) -> impl Fn() + Send + 'static {
        let handle = self.cancel_handle();
        move || handle.cancel()
    }

    async fn end(self) -> Result<Outcome, Failure> {
        Ok(self.outcome().await?)
    }
}

impl Followed for UserRun {
    type End = Answer;

    fn next(&mut self) -> impl Future<Output = Option<Event>> {
        Self::next(self)
    }

    fn canceller(&self) -> impl Fn() + Send + 'static {
        let handle = self.handle();
        move || handle.cancel()
    }

    async fn end(self) -> Result<Answer, Failure> {
        Ok(self.answer().await?)
    }
}

/// Shows what happens until the run has ended. Ctrl-C cancels it, and so does a reader of standard output who
/// goes away: what was made until then is in the outcome.
pub(in super::super) async fn follow<F: Followed>(
    mut run: F,
    screen: &mut Screen,
    stop: &Stop,
) -> Result<F::End, Failure> {
    let cancel = run.canceller();
    // On a task of its own, because writing to a slow terminal blocks this one.
    #[expect(clippy::disallowed_methods, reason = "the handle is kept, and aborted at the end of the run")]
    let canceller = tokio::spawn({
        let (asked, cancel) = (stop.asked(), run.canceller());
        async move {
            asked.await;
            cancel();
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
            cancel();
        }
    }
    canceller.abort();
    run.end().await
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
