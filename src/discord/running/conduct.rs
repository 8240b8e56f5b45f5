//! A run from the question to the last file (U3, U4).

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use serenity::all::MessageId;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{
    Stage, Stopper,
    report::{self, Report},
};
use crate::{
    discord::{
        Bot,
        components::{self, Action},
        outputs::{Output, RunOfOutput},
        showing::{Attached, Button, Look, Page, Parcel, Screen, deliver, remove},
        text::{LONGEST_MESSAGE, escaping::plain, pages::pages},
    },
    executions::{Answer, AnsweredFile, ExecutionError, RunRequest, UserRun},
    identifiers::UserId,
};

/// After how long a stage is shown for the first time: what is quicker only shows its result.
pub(in crate::discord) const FIRST_SHOWN: Duration = Duration::from_millis(700);
/// How often it may change (U3, U14).
pub(in crate::discord) const SHOWN_EVERY: Duration = Duration::from_millis(1100);
/// How often typing is shown anew; Discord shows it for ten seconds.
const TYPING_EVERY: u32 = 7;

/// Code that somebody wants to run, and where from.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Asked {
    /// Who asked; the code runs with his files.
    pub(in crate::discord) owner: u64,
    /// The code.
    pub(in crate::discord) code: String,
    /// What it is given to read.
    pub(in crate::discord) stdin: Option<String>,
    /// The message it stands in, and in which of its blocks.
    pub(in crate::discord) source: Option<(u64, usize)>,
    /// How large a file may be that is sent in answer, in bytes.
    pub(in crate::discord) largest_file: u64,
}

/// Runs code and shows what comes of it. Messages that are on the screen already are those of an earlier run of it.
pub(in crate::discord) async fn run_and_show(bot: &Arc<Bot>, mut screen: Screen, asked: Asked) {
    let before = screen.messages();
    if let [first, others @ ..] = before.as_slice() {
        // What the earlier run sent goes, except for the message that has the buttons.
        for message in others {
            remove(screen.http(), screen.channel(), *message).await;
        }
        screen = screen.only(*first);
    }
    let owner = UserId(asked.owner.cast_signed());
    let mut request = RunRequest::new(&asked.code);
    request.stdin.clone_from(&asked.stdin);
    request.in_session = bot.is_in_session(owner).await;
    let mut output = Output {
        owner: asked.owner,
        channel: screen.channel().get(),
        messages: Vec::new(),
        source: asked.source.map(|(message, _)| message),
        run: Some(RunOfOutput {
            code: asked.code.clone(),
            stdin: asked.stdin.clone(),
            block: asked.source.map(|(_, block)| block),
            output: String::new(),
        }),
        is_open: true,
        made_at: Utc::now(),
    };
    let answer = match bot.executions.run(owner, request).await {
        Ok(run) => follow(bot, &mut screen, run, &mut output).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(answer) => show_answer(bot, &mut screen, &asked, &answer, &mut output).await,
        Err(error) => {
            let buttons = buttons_below(asked.owner);
            screen.show(vec![Page { content: refusal(&error), buttons, files: Vec::new() }]).await;
        }
    }
    output.is_open = false;
    remember(bot, &screen, &mut output).await;
}

/// Shows the stage until the code has ended.
async fn follow(
    bot: &Arc<Bot>,
    screen: &mut Screen,
    mut run: UserRun,
    output: &mut Output,
) -> Result<Answer, ExecutionError> {
    let entered = bot.going.enter(output.owner, output.source, Stopper::Run(run.handle()));
    let stop = stop_button(output.owner, entered.key());
    let mut stage = Stage::new();
    let mut ticks = interval_at(Instant::now() + FIRST_SHOWN, SHOWN_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut ticked = 0u32;
    screen.type_on().await;
    loop {
        tokio::select! {
            event = run.next() => match event {
                Some(event) => stage.take(&event),
                None => break,
            },
            _ = ticks.tick() => {
                let page = Page { content: stage.text(), buttons: vec![stop.clone()], files: Vec::new() };
                screen.show(vec![page]).await;
                remember_open(bot, screen, output).await;
                ticked = ticked.wrapping_add(1);
                if ticked.is_multiple_of(TYPING_EVERY) {
                    screen.type_on().await;
                }
            }
        }
    }
    run.answer().await
}

/// Notes that messages are being written, so that they do not stay so when the program ends.
async fn remember_open(bot: &Bot, screen: &Screen, output: &mut Output) {
    if output.messages != ids(&screen.messages()) {
        remember(bot, screen, output).await;
    }
}

async fn remember(bot: &Bot, screen: &Screen, output: &mut Output) {
    output.messages = ids(&screen.messages());
    bot.outputs.keep(output).await;
}

async fn show_answer(bot: &Arc<Bot>, screen: &mut Screen, asked: &Asked, answer: &Answer, output: &mut Output) {
    let Report { text, output_file, last, output: printed } = report::made(answer, bot.file_life());
    if let Some(run) = &mut output.run {
        run.output = printed;
    }
    let parcels = parcels(&answer.generated_files);
    let text = if parcels.is_empty() { format!("{text}\n{last}") } else { text };
    let mut shown: Vec<_> = pages(&text, LONGEST_MESSAGE).into_iter().map(Page::text).collect();
    if let Some(first) = shown.first_mut() {
        first.buttons = buttons_below(asked.owner);
    }
    if let (Some(page), Some(text)) = (shown.last_mut(), output_file) {
        page.files.push(Attached::new("output.txt", text.into_bytes()));
    }
    screen.show(shown).await;
    // What can be pressed works while files are still being sent.
    output.is_open = false;
    remember(bot, screen, output).await;
    if !parcels.is_empty() {
        deliver(screen, parcels, asked.largest_file, &last).await;
    }
}

/// The files of a run as they are sent.
pub(in crate::discord) fn parcels(files: &[AnsweredFile]) -> Vec<Parcel> {
    let parcel = |file: &AnsweredFile| Parcel {
        name: file.file.name.rsplit('/').next().unwrap_or_default().to_owned(),
        kind: file.file.kind,
        size: file.file.size,
        id: file.record().map(|record| record.file_id.to_string()),
        path: file.file.path.clone(),
    };
    files.iter().map(parcel).collect()
}

/// Why code was not run at all.
fn refusal(error: &ExecutionError) -> String {
    match error {
        ExecutionError::Interpreter(_) | ExecutionError::ShuttingDown | ExecutionError::LimitReached(_) => {
            format!("❌ {}", plain(&error.to_string(), 500))
        }
        error => {
            tracing::error!(%error, "code could not be run");
            "❌ The code could not be run because of a problem of the bot. Try again in a minute.".to_owned()
        }
    }
}

fn ids(messages: &[MessageId]) -> Vec<u64> {
    messages.iter().map(|message| message.get()).collect()
}

pub(in crate::discord) fn stop_button(owner: u64, key: u64) -> Button {
    Button {
        custom_id: components::id(Action::Stop, owner, &key.to_string()), label: "⏹️ Stop", look: Look::Danger
    }
}

/// What can be done with the output of code.
pub(in crate::discord) fn buttons_below(owner: u64) -> Vec<Button> {
    let (label, look) = ("🔁 Run again", Look::Primary);
    let mut buttons = vec![Button { custom_id: components::id(Action::RunAgain, owner, ""), label, look }];
    buttons.extend(buttons_below_answer(owner));
    buttons
}

/// What can be done with an answer for which code was run.
pub(in crate::discord) fn buttons_below_answer(owner: u64) -> Vec<Button> {
    let button = |action, label, look| Button { custom_id: components::id(action, owner, ""), label, look };
    vec![
        button(Action::ShowCode, "📜 Show code", Look::Plain),
        button(Action::FullOutput, "📄 Full output", Look::Plain),
        button(Action::DeleteOutput, "🗑️ Delete", Look::Danger),
    ]
}
