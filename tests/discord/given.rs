//! The shipped program, started as `taipan bot` in front of a Discord of the tests.

use std::{process::Stdio, sync::Arc, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    sync::watch,
    task::JoinHandle,
    time::timeout,
};

use super::server::{Channel, Discord, Happened, Person, Request, Seen};
use crate::cli::program::Folder;

/// As long a start may take on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(180);

/// `taipan bot`, until it is dropped.
pub(super) struct Bot {
    child: Child,
    reading: JoinHandle<()>,
    said: watch::Receiver<String>,
    folder: Arc<Folder>,
}

/// A bot, and somebody who talks to it in a server.
pub(super) struct Together {
    pub(super) discord: Discord,
    pub(super) channel: Channel,
    pub(super) ada: Person,
    pub(super) bot: Bot,
}

impl Together {
    pub(super) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With settings of its own.
    pub(super) async fn with(settings: &[(&str, &str)]) -> Self {
        let discord = Discord::start().await;
        let channel = discord.guild("Lab").channel("general");
        let ada = discord.user("Ada");
        let bot = Bot::connected(&discord, settings).await;
        Self { discord, channel, ada, bot }
    }
}

impl Bot {
    /// Starts it, and waits until it is connected.
    pub(super) async fn connected(discord: &Discord, settings: &[(&str, &str)]) -> Self {
        let bot = Self::started(discord, settings, Arc::new(Folder::new()));
        bot.is_connected(discord).await;
        bot
    }

    /// Starts it in the folder of one before it.
    pub(super) async fn again(&self, discord: &Discord, settings: &[(&str, &str)]) -> Self {
        let bot = Self::started(discord, settings, Arc::clone(&self.folder));
        bot.is_connected(discord).await;
        bot
    }

    pub(super) fn started(discord: &Discord, settings: &[(&str, &str)], folder: Arc<Folder>) -> Self {
        let mut command = Command::from(folder.command(&["bot"]));
        command
            .envs(discord.environment())
            .env("WORKERS", "2")
            .env("LOG", "warn,notify=error,taipan=info")
            .envs(settings.iter().copied());
        command.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, said) = watch::channel(String::new());
        let reading = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                // Shown where the test fails.
                eprintln!("bot: {line}");
                tell.send_modify(|said| said.extend([&*line, "\n"]));
            }
        });
        Self { child, reading, said, folder }
    }

    async fn is_connected(&self, discord: &Discord) {
        self.says("is connected to Discord").await;
        discord.ready().await;
        let is_registration = |request: &Request| request.route.starts_with("PUT ") && request.status == Some(200);
        discord.asked("the commands", |requests| requests.iter().any(is_registration).then_some(())).await;
    }

    /// Waits until it says something on standard error, and gives all that it said by then.
    pub(super) async fn says(&self, part: &str) -> String {
        let mut said = self.said.clone();
        let waiting = async { said.wait_for(|said| said.contains(part)).await.map(|said| said.clone()) };
        match timeout(PATIENCE, waiting).await {
            Ok(Ok(said)) => said,
            _ => panic!("{part:?} was not said, but:\n{}", *self.said.borrow()),
        }
    }

    pub(super) fn has_said(&self) -> String {
        self.said.borrow().clone()
    }

    /// Asks it to end, as a supervisor does.
    pub(super) fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Ends it in the middle of whatever it is doing.
    pub(super) async fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.ended().await;
    }

    /// Waits for its end, and gives exit code and standard error.
    pub(super) async fn ended(&mut self) -> (Option<i32>, String) {
        let status = timeout(PATIENCE, self.child.wait()).await.expect("it should end").unwrap();
        (&mut self.reading).await.unwrap();
        (status.code(), self.has_said())
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().unwrap().cast_signed()).unwrap();
        kill_process(pid, signal).unwrap();
    }
}

/// Waits until the bot's messages in a channel are as wanted, and gives what was looked for.
pub(super) async fn seen<T>(discord: &Discord, channel: &Channel, look: impl Fn(&[Seen]) -> Option<T>) -> T {
    let what = "certain messages of the bot";
    discord
        .until(what, channel, |transcript| {
            let mut messages: Vec<Seen> = Vec::new();
            for happening in &transcript.happenings {
                match &happening.happened {
                    Happened::Created(seen) if seen.author == "Taipan" => messages.push(seen.clone()),
                    Happened::Edited(seen) => {
                        messages
                            .iter_mut()
                            .filter(|message| message.id == seen.id)
                            .for_each(|message| *message = seen.clone());
                    }
                    Happened::Deleted { id, .. } => messages.retain(|message| message.id != *id),
                    _ => (),
                }
            }
            look(&messages)
        })
        .await
}

/// A text with numbers of files, times and moments replaced, so that it can be compared.
pub(super) fn settled(text: &str) -> String {
    let mut settled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|char: char| char.is_ascii_digit()) {
        let (before, number) = rest.split_at(at);
        settled.push_str(before);
        let end =
            number.find(|char: char| !char.is_ascii_hexdigit() && !matches!(char, '_' | '.')).unwrap_or(number.len());
        let (number, after) = number.split_at(end);
        let shown = match number {
            id if id.matches('_').count() == 2 => "ID",
            number if before.ends_with("<t:") && number.len() > 8 => "TIME",
            _ if before.ends_with("Executed in ") => "N",
            number => number,
        };
        settled.push_str(shown);
        rest = after;
    }
    settled + rest
}
