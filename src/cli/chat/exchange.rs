//! A message and its answer, shown as it comes.

use std::{
    io::{stderr, stdout},
    mem,
    time::Instant,
};

use super::{Exit, Failure, Taken, Talk, markdown::Markdown};
use crate::{
    chat::{Channel, TurnEnding, TurnEvent, TurnOutcome, UserMessage},
    cli::{
        run::{self, Screen, Stage},
        stop::Stop,
        terminal::{harmless, harmless_name},
    },
    executions::Answer,
    formats::measures::counted,
    interpreter::Event,
};

/// Lines of code that are shown; `/code` shows the rest.
const LINES_SHOWN: usize = 12;

impl Talk<'_> {
    /// Sends a message and shows the answer. Ctrl-C stops it; the conversation stays whole.
    pub(super) async fn exchange(&mut self, text: &str) -> Result<Taken, Failure> {
        let stop = Stop::listen()?;
        let mut message = UserMessage::new(text).attached(mem::take(&mut self.attached));
        message.in_session = self.is_in_session;
        let mut turn = self.assistant.turn(self.user, Channel::Terminal, message);
        let mut stage = Stage::Thinking { since: Instant::now() };
        let (mut ticks, mut markdown, mut is_stopping) = (run::ticks(), Markdown::for_stdout(), false);
        loop {
            tokio::select! {
                biased;
                () = stop.asked(), if !is_stopping => {
                    is_stopping = true;
                    turn.cancel();
                    self.screen.clear_keys();
                }
                event = turn.next() => match event {
                    Some(event) => self.show(event, &mut markdown, &mut stage),
                    None => break,
                },
                _ = ticks.tick() => self.screen.tick(if is_stopping { &Stage::Stopping } else { &stage }),
            }
            if self.screen.stdout_error().is_some() {
                turn.cancel();
            }
        }
        let outcome = turn.outcome().await;
        self.screen.stdout(&markdown.end());
        self.screen.end_line();
        Ok(self.conclude(&outcome))
    }

    fn show(&mut self, event: TurnEvent, markdown: &mut Markdown, stage: &mut Stage) {
        match event {
            TurnEvent::Text(text) => self.screen.stdout(&markdown.add(&harmless(&stdout(), &text))),
            TurnEvent::RunStarted { code } => {
                self.screen.stdout(&markdown.end());
                show_code(&mut self.screen, &code);
                self.last_code = code;
                *stage = Stage::Running { since: Instant::now() };
            }
            TurnEvent::Run(event) => show_run(&mut self.screen, event, stage),
            TurnEvent::RunEnded(answer) => {
                self.show_answer(&answer);
                *stage = Stage::Thinking { since: Instant::now() };
            }
            TurnEvent::RunFailed { reason } => self.screen.remark(&format!("❌ {}", harmless(&stderr(), &reason))),
            TurnEvent::Waiting { pause, reason } => {
                self.screen.remark(&format!("⏳ {reason} Asking again in {} s.", pause.as_secs()));
            }
            TurnEvent::Note(note) => self.screen.remark(&format!("ℹ️ {}", harmless(&stderr(), &note))),
            // Its run tells of it at its end, when it is whole.
            _ => {}
        }
    }

    /// Saves what a run made and says what came of it.
    fn show_answer(&mut self, answer: &Answer) {
        if let Some(error) = &answer.error {
            let text = format!("{}: {}", error.type_name, error.message);
            self.screen.remark(&format!("❌ {}", harmless(&stderr(), &text)));
        }
        for (file, saved) in answer.generated_files.iter().zip(run::save(&answer.outcome, &self.out)) {
            let id = file.record().map(|record| format!(" ({})", record.file_id)).unwrap_or_default();
            self.screen.remark(&format!("📎 {}{id}", harmless_name(&saved.to_string_lossy())));
            if let Some(picture) = self.pictures.show(&saved) {
                self.screen.remark(&picture);
            }
        }
    }

    fn conclude(&mut self, outcome: &TurnOutcome) -> Taken {
        if let Some(sentence) = outcome.ending.sentence() {
            self.screen.remark(&format!("⚠️ {}", harmless(&stderr(), &sentence)));
        }
        let spent = &outcome.spent;
        if spent.usage.total() > 0 {
            let about = if spent.is_estimate { "about " } else { "" };
            let cost = match spent.cost() {
                Some(cost) => cost.to_string(),
                None => "cost unknown".to_owned(),
            };
            let runs = counted(usize::try_from(outcome.rounds).unwrap_or(usize::MAX), "run");
            let line = format!("⏱️ {runs}, {about}{} tokens, {cost}", spent.usage.total());
            self.screen.remark(&console::style(line).for_stderr().dim().to_string());
        }
        match outcome.ending {
            TurnEnding::Done => Taken::Done,
            TurnEnding::Cancelled => Taken::Failed(Exit::Cancelled),
            _ => Taken::Failed(Exit::InterpreterFailed),
        }
    }
}

/// Shows the beginning of code, and says how much more there is.
fn show_code(screen: &mut Screen, code: &str) {
    let lines: Vec<_> = code.trim_end().lines().collect();
    for line in lines.iter().take(LINES_SHOWN) {
        let line = harmless(&stderr(), line);
        screen.remark(&console::style(format!("  │ {line}")).for_stderr().dim().to_string());
    }
    if lines.len() > LINES_SHOWN {
        let more = counted(lines.len() - LINES_SHOWN, "more line");
        screen.remark(&console::style(format!("  … {more}; /code shows all")).for_stderr().dim().to_string());
    }
}

/// What the code prints is no part of the answer, so it goes where remarks go.
fn show_run(screen: &mut Screen, event: Event, stage: &mut Stage) {
    match event {
        Event::Queued { place } => *stage = Stage::Queued { place },
        Event::Started | Event::Installed { .. } => *stage = Stage::Running { since: Instant::now() },
        Event::Installing { packages } => *stage = Stage::Installing { packages },
        Event::Stdout { text } | Event::Stderr { text } => screen.stderr(&harmless(&stderr(), &text)),
        Event::Display(value) => screen.remark(&harmless(&stderr(), &value.text)),
        _ => {}
    }
}
