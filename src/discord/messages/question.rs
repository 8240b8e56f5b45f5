//! A question is answered by the assistant, in messages that follow what it says (U12, U14).

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};
use serenity::all::{Attachment, Http, Message};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::replies::quoted;
use crate::{
    chat::{
        Assistant, Channel, Turn, TurnEvent, TurnOutcome, UserMessage,
        model::{Detail, Image, PixelSize},
    },
    discord::{
        Bot,
        outputs::{Output, RunOfOutput},
        running::{FIRST_SHOWN, SHOWN_EVERY, Stage, Stopper, buttons_below_answer, generated, parcels, stop_button},
        showing::{Button, LARGEST_FILE, Page, Screen, deliver},
        text::{LONGEST_MESSAGE, escaping::plain, pages::pages, uploads::Sent},
    },
    executions::AnsweredFile,
};

const NO_MODEL: &str = "💬 I cannot chat yet: whoever runs me has to set `OPENAI_API_KEY`, or `OPENAI_BASE_URL` for a \
                        model of their own.\nEverything else works: `/run`, `Run Python` on a message (Apps), `/files`.";
const THINKING: &str = "💭 Thinking…";
const NO_ANSWER: &str = "🤷 The model gave no answer. Ask again in other words.";
/// How often typing is shown anew, in changes of the message.
const TYPING_EVERY: u32 = 7;

/// What somebody wrote, without the mention of the bot.
pub(super) fn words(bot: &Bot, message: &Message) -> String {
    let id = bot.id();
    let text = message.content.replace(&format!("<@{id}>"), "").replace(&format!("<@!{id}>"), "");
    text.trim().to_owned()
}

/// Answers a question, or says what has to be set up before one can be (U15).
pub(super) async fn answer(bot: &Arc<Bot>, http: &Arc<Http>, message: &Message, text: String, sent: &[Sent]) {
    let mut screen = Screen::replying(http, message.channel_id, Some(message.id), message.author.id);
    let Some(assistant) = &bot.assistant else {
        screen.show(vec![Page::text(NO_MODEL)]).await;
        return;
    };
    screen.type_on().await;
    let _place = bot.places.hold(message.id.get()).await;
    let turn = begin(bot, assistant, http, message, text, sent).await;
    Answering::new(bot, message, screen).follow(turn).await;
}

async fn begin(
    bot: &Bot,
    assistant: &Assistant,
    http: &Arc<Http>,
    message: &Message,
    text: String,
    sent: &[Sent],
) -> Turn {
    let user = Bot::user(message.author.id.get());
    let channel = match message.guild_id {
        Some(_) => Channel::Server(message.channel_id.get()),
        None => Channel::Direct,
    };
    let attached = sent.iter().filter_map(Sent::record).map(|record| record.file_id.clone());
    let mut asked = UserMessage::new(text).attached(attached).in_reply_to(quoted(http, message).await);
    for picture in message.attachments.iter().filter_map(picture) {
        asked = asked.image(picture.0, picture.1);
    }
    asked.in_session = bot.is_in_session(user).await;
    assistant.turn(user, channel, asked)
}

/// A picture for the model, and when its link ends (A5).
fn picture(attachment: &Attachment) -> Option<(Image, Option<DateTime<Utc>>)> {
    let kinds = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    attachment.content_type.as_deref().filter(|found| kinds.iter().any(|kind| found.starts_with(kind)))?;
    let size = attachment.width.zip(attachment.height).map(|(width, height)| PixelSize { width, height });
    let url = url::Url::parse(&attachment.url).ok()?;
    // Links to Discord's files say in hexadecimal digits when they end.
    let end =
        url.query_pairs().find(|(name, _)| name == "ex").and_then(|(_, value)| i64::from_str_radix(&value, 16).ok());
    let image = Image { url: attachment.url.as_str().into(), size, detail: Detail::default() };
    Some((image, end.and_then(|seconds| DateTime::from_timestamp(seconds, 0))))
}

/// An answer in the making.
struct Answering<'b> {
    bot: &'b Arc<Bot>,
    screen: Screen,
    output: Output,
    text: String,
    /// The run that goes on.
    stage: Option<Stage>,
    /// What is being waited for.
    waiting: Option<String>,
    remarks: Vec<String>,
    codes: Vec<String>,
    printed: String,
    shown_at: Option<Instant>,
}

impl<'b> Answering<'b> {
    fn new(bot: &'b Arc<Bot>, message: &Message, screen: Screen) -> Self {
        let output = Output {
            owner: message.author.id.get(),
            channel: message.channel_id.get(),
            messages: Vec::new(),
            source: Some(message.id.get()),
            run: None,
            is_open: true,
            made_at: Utc::now(),
        };
        Self {
            bot,
            screen,
            output,
            text: String::new(),
            stage: None,
            waiting: None,
            remarks: Vec::new(),
            codes: Vec::new(),
            printed: String::new(),
            shown_at: None,
        }
    }

    /// Shows the answer as it comes, edited at most once a second.
    async fn follow(mut self, mut turn: Turn) {
        let entered = self.bot.going.enter(self.output.owner, self.output.source, Stopper::Turn(turn.handle()));
        let stop = stop_button(self.output.owner, entered.key());
        let mut ticks = interval_at(Instant::now() + FIRST_SHOWN, SHOWN_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ticked = 0u32;
        loop {
            tokio::select! {
                event = turn.next() => match event {
                    Some(event) => self.take(event),
                    None => break,
                },
                _ = ticks.tick() => {
                    self.show(&self.so_far(), vec![stop.clone()]).await;
                    ticked = ticked.wrapping_add(1);
                    if ticked.is_multiple_of(TYPING_EVERY) {
                        self.screen.type_on().await;
                    }
                }
            }
        }
        let outcome = turn.outcome().await;
        drop(entered);
        self.conclude(&outcome).await;
    }

    fn take(&mut self, event: TurnEvent) {
        self.waiting = None;
        match event {
            TurnEvent::Text(text) => self.text.push_str(&text),
            TurnEvent::RunStarted { code } => {
                self.codes.push(code);
                self.stage = Some(Stage::new());
            }
            TurnEvent::Run(event) => {
                if let Some(stage) = &mut self.stage {
                    stage.take(&event);
                }
            }
            TurnEvent::RunEnded(answer) => {
                self.stage = None;
                self.printed.push_str(&answer.outcome.output);
            }
            TurnEvent::RunFailed { reason } => {
                self.stage = None;
                self.remarks.push(format!("❌ {}", plain(&reason, 300)));
            }
            TurnEvent::Waiting { pause, reason } => {
                let reason = plain(&reason.to_string(), 300);
                self.waiting = Some(format!("⏳ {reason} Asking again in {} s.", pause.as_secs()));
            }
            TurnEvent::Note(note) => self.remarks.push(format!("ℹ️ {}", plain(&note, 300))),
            _ => {}
        }
    }

    fn so_far(&self) -> String {
        let doing = self.waiting.clone().or_else(|| self.stage.as_ref().map(Stage::text));
        match (self.text.trim().is_empty(), doing) {
            (true, None) => THINKING.to_owned(),
            (true, Some(doing)) => doing,
            (false, None) => self.text.clone(),
            (false, Some(doing)) => format!("{}\n\n{doing}", closed(&self.text)),
        }
    }

    async fn show(&mut self, text: &str, buttons: Vec<Button>) {
        let mut shown: Vec<_> = pages(text, LONGEST_MESSAGE).into_iter().map(Page::text).collect();
        if let Some(last) = shown.last_mut() {
            last.buttons = buttons;
        }
        self.screen.show(shown).await;
        self.shown_at = Some(Instant::now());
        self.remember().await;
    }

    async fn conclude(mut self, outcome: &TurnOutcome) {
        if let Some(shown_at) = self.shown_at {
            tokio::time::sleep_until(shown_at + SHOWN_EVERY).await;
        }
        let mut blocks = Vec::from_iter((!outcome.text.trim().is_empty()).then(|| closed(outcome.text.trim_end())));
        blocks.append(&mut self.remarks);
        blocks.extend(outcome.ending.sentence().map(|sentence| format!("⚠️ {}", plain(&sentence, 600))));
        let files = distinct(&outcome.files);
        blocks.extend(generated(&files, self.bot.file_life()));
        if blocks.is_empty() {
            blocks.push(NO_ANSWER.to_owned());
        }
        let has_code = !self.codes.is_empty();
        if has_code {
            let (code, output) = (self.codes.join("\n\n# ----\n\n"), self.printed.clone());
            self.output.run = Some(RunOfOutput { code, stdin: None, block: None, output });
        }
        let buttons = if has_code { buttons_below_answer(self.output.owner) } else { Vec::new() };
        self.show_done(&blocks.join("\n\n"), buttons).await;
        self.output.is_open = false;
        self.output.messages.clear();
        self.remember().await;
        if !files.is_empty() {
            deliver(&mut self.screen, parcels(&files), LARGEST_FILE, "").await;
            self.remember().await;
        }
    }

    /// The last change: what can be pressed stands on the first message, which the answer is remembered by.
    async fn show_done(&mut self, text: &str, buttons: Vec<Button>) {
        let mut shown: Vec<_> = pages(text, LONGEST_MESSAGE).into_iter().map(Page::text).collect();
        if let Some(first) = shown.first_mut() {
            first.buttons = buttons;
        }
        self.screen.show(shown).await;
    }

    /// Remembers the answer once its messages are others than before.
    async fn remember(&mut self) {
        let messages: Vec<_> = self.screen.messages().iter().map(|message| message.get()).collect();
        if self.output.messages != messages {
            self.output.messages = messages;
            self.bot.outputs.keep(&self.output).await;
        }
    }
}

/// Text in which no block of code is open.
fn closed(text: &str) -> String {
    let is_open = text.matches("```").count() % 2 == 1;
    if is_open { format!("{text}\n```") } else { text.to_owned() }
}

/// Each file once, as the last run left it.
fn distinct(files: &[AnsweredFile]) -> Vec<AnsweredFile> {
    let mut names = HashSet::new();
    let mut distinct: Vec<_> = files.iter().rev().filter(|file| names.insert(&file.file.name)).cloned().collect();
    distinct.reverse();
    distinct
}
