//! What begins with a slash.

use std::{io::stderr, path::Path};

use super::{Exit, Failure, Taken, Talk};
use crate::{
    catalog::{Selection, Usage, by_model, total},
    chat::{Channel, UnknownChoice},
    cli::{
        files::{add_file, save_file},
        terminal::{harmless, say},
    },
    executions::ExecutionError,
    formats::measures::{ByteSize, counted},
};

/// Each command as it is typed, with what it does.
pub(super) const ALL: [(&str, &str); 10] = [
    ("/attach", "PATH: gives the assistant a file; it is stored among yours"),
    ("/files", "lists your files"),
    ("/save", "ID|NAME [DIR]: copies a file of yours to a folder"),
    ("/code", "shows the code that was run last"),
    ("/model", "[NAME]: shows the models there are, or chooses one"),
    ("/session", "on|off: whether variables live on from run to run"),
    ("/usage", "shows the runs, tokens and money of today and of this month"),
    ("/reset", "forgets the conversation and the session; files stay"),
    ("/help", "shows this"),
    ("/quit", "leaves, and so does Ctrl-D"),
];

impl Talk<'_> {
    pub(super) async fn command(&mut self, typed: &str) -> Result<Taken, Failure> {
        let (name, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        let rest = rest.trim();
        match name {
            "/attach" if !rest.is_empty() => self.attach(Path::new(rest)).await?,
            "/files" => self.list().await?,
            "/save" if !rest.is_empty() => self.save(rest).await?,
            "/code" => self.show_code(),
            "/model" => self.model(rest).await?,
            "/session" if matches!(rest, "on" | "off") => self.switch_session(rest == "on")?,
            "/usage" => self.usage().await?,
            "/reset" => self.reset().await?,
            "/help" => help(),
            "/quit" => return Ok(Taken::Leaves),
            _ => {
                let known = ALL.iter().find(|(known, _)| *known == name);
                say(&match known {
                    Some((name, what)) => format!("Type {name} {what}."),
                    None => format!("There is no {name}; /help shows what there is."),
                });
                return Ok(Taken::Failed(Exit::WrongUse));
            }
        }
        Ok(Taken::Done)
    }

    /// Stores a file, which goes with the next message.
    pub(super) async fn attach(&mut self, path: &Path) -> Result<(), Failure> {
        let record = add_file(&self.executions, self.user, path).await?;
        say(&format!("📎 {} ({}) is {}.", record.filename, ByteSize(record.file_size), record.file_id));
        self.attached.push(record.file_id);
        Ok(())
    }

    async fn list(&self) -> Result<(), Failure> {
        let records = self.executions.list_files(self.user, &Selection::All).await?;
        if records.is_empty() {
            say("📁 You have no files.");
        }
        for record in records {
            say(&format!("{}  {}  {}", record.file_id, record.filename, ByteSize(record.file_size)));
        }
        Ok(())
    }

    async fn save(&self, rest: &str) -> Result<(), Failure> {
        let (file, folder) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let folder = if folder.trim().is_empty() { self.out.as_path() } else { Path::new(folder.trim()) };
        let (target, _) = save_file(&self.executions, self.user, file, folder).await?;
        say(&format!("⬇️ {}", target.display()));
        Ok(())
    }

    fn show_code(&self) {
        let code = harmless(&stderr(), self.last_code.trim_end());
        say(if code.is_empty() { "No code was run yet." } else { &code });
    }

    async fn model(&self, name: &str) -> Result<(), Failure> {
        if name.is_empty() {
            let chosen = self.assistant.model_of(self.user).await.map_err(ExecutionError::from)?;
            for model in self.assistant.models() {
                say(&format!("{} {model}", if model == chosen { "●" } else { "○" }));
            }
            return Ok(());
        }
        match self.assistant.choose_model(self.user, Some(name)).await {
            Ok(()) => say(&format!("{name} answers from now on.")),
            Err(error @ UnknownChoice::NotOffered { .. }) => return Err(Failure::wrong_use(error.to_string())),
            Err(UnknownChoice::Catalog(error)) => return Err(ExecutionError::from(error).into()),
        }
        Ok(())
    }

    fn switch_session(&mut self, on: bool) -> Result<(), Failure> {
        if on && !self.has_sessions {
            return Err(Failure::wrong_use(
                "Variables live on in isolation `process` alone. Start `taipan chat` in it.",
            ));
        }
        self.is_in_session = on;
        say(if on { "Variables live on from run to run." } else { "Each run begins anew." });
        Ok(())
    }

    async fn usage(&self) -> Result<(), Failure> {
        use chrono::Datelike as _;
        let today = self.assistant.today();
        let first = today.with_day(1).unwrap_or(today);
        let month = self.assistant.usage(self.user, first..=today).await.map_err(ExecutionError::from)?;
        let of_today: Vec<_> = month.iter().filter(|entry| entry.day == today).cloned().collect();
        say(&format!("Today: {}", with_runs(&total(&of_today))));
        say(&format!("This month: {}", with_runs(&total(&month))));
        // Runs alone are no model's.
        for (model, usage) in by_model(&month).into_iter().filter(|(model, _)| !model.is_empty()) {
            say(&format!("  {model}: {}", spent(&usage)));
        }
        Ok(())
    }

    async fn reset(&mut self) -> Result<(), Failure> {
        let turns = self.assistant.reset(self.user, Some(&Channel::Terminal)).await.map_err(ExecutionError::from)?;
        self.executions.end_session(self.user);
        let turns = counted(usize::try_from(turns).unwrap_or(usize::MAX), "message");
        say(&format!("Forgot {turns}, and the session. Your files are still there."));
        Ok(())
    }
}

fn with_runs(usage: &Usage) -> String {
    format!("{}, {}", counted(usize::try_from(usage.runs).unwrap_or(usize::MAX), "run"), spent(usage))
}

fn spent(usage: &Usage) -> String {
    let tokens = usage.input_tokens + usage.output_tokens;
    let about = if usage.is_estimate() { "about " } else { "" };
    #[expect(clippy::cast_precision_loss, reason = "dollars for people")]
    let cost = match usage.cost() {
        Some(micros) => format!("{about}${:.4}", micros as f64 / 1e6),
        None => "cost unknown".to_owned(),
    };
    format!("{} messages, {about}{tokens} tokens, {cost}", usage.messages)
}

fn help() {
    for (name, what) in ALL {
        say(&format!("{name:<9} {what}"));
    }
    say("Ctrl-C stops an answer and keeps the conversation.");
}
