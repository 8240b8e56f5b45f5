//! A turn from beginning to end.

use std::{pin::pin, sync::Arc};

use tokio::sync::mpsc;

use super::{
    super::{
        Channel, Refusal,
        assistant::Parts,
        context,
        history::{KeptTurn, Link, PICTURE_IS_GONE},
        limits::Left,
        model::{Message, Part},
        under_way::Going,
    },
    MOST_IMAGES, Stop, TurnEnding, TurnEvent, TurnOutcome, UserMessage,
    rounds::{Conversation, Mends, Rounds, SoFar},
    spending::Budget,
};
use crate::{
    catalog::{Counters, total},
    identifiers::UserId,
};

/// What stands in the place of a picture that is not shown.
const PICTURE_CANNOT_BE_SEEN: &str = "[A picture that you cannot see, since you read text alone.]";

/// A turn that is about to begin.
pub(super) struct Conduct {
    pub(super) parts: Arc<Parts>,
    pub(super) user: UserId,
    pub(super) channel: Channel,
    pub(super) message: UserMessage,
    pub(super) stop: Stop,
}

impl Conduct {
    /// Sees a turn through, within its time.
    pub(super) async fn conduct(self, events: mpsc::Sender<TurnEvent>) -> TurnOutcome {
        let mut time = self.parts.clock.sleep(self.parts.settings.max_turn_time);
        let mut turn = pin!(self.answered(events));
        tokio::select! {
            biased;
            outcome = &mut turn => return outcome,
            () = &mut time => self.stop.time_is_over(),
        }
        turn.await
    }

    async fn answered(&self, events: mpsc::Sender<TurnEvent>) -> TurnOutcome {
        let under_way = &self.parts.under_way;
        let refused = |refusal| TurnOutcome::without_answer(TurnEnding::Refused(refusal));
        if let Err(refusal) = self.message.check() {
            return refused(refusal);
        }
        let Some(place) = under_way.begin(self.user, &self.channel, &self.stop) else {
            return refused(Refusal::Busy { most: super::super::MOST_TURNS_AT_ONCE });
        };
        let its_turn = tokio::select! {
            biased;
            () = self.stop.stopped() => return TurnOutcome::without_answer(self.stop.ending()),
            its_turn = place.going.its_turn() => its_turn,
        };
        let outcome = match self.prepared(events).await {
            Ok(rounds) => self.seen_through(rounds, &place.going).await,
            Err(ending) => TurnOutcome::without_answer(ending),
        };
        drop(its_turn);
        outcome
    }

    /// Gathers what the model is told.
    async fn prepared(&self, events: mpsc::Sender<TurnEvent>) -> Result<Rounds, TurnEnding> {
        let parts = &self.parts;
        let left = self.left_today().await?;
        let model = parts.model_of(self.user).await.map_err(TurnEnding::CatalogFailed)?;
        let history = parts.history(self.user, &self.channel, &model).await.map_err(TurnEnding::CatalogFailed)?;
        let files = tokio::select! {
            biased;
            () = self.stop.stopped() => return Err(self.stop.ending()),
            files = context::files::told(parts, self.user) => files,
        };
        let situation = context::situation(parts, &files, &self.message.attached);
        let conversation = Conversation {
            system: context::task(&parts.settings),
            history,
            asked: self.asked(&model, Some(&situation)),
            said: Vec::new(),
        };
        let budget = Budget::of(parts, left);
        Ok(Rounds {
            parts: Arc::clone(parts),
            user: self.user,
            model,
            in_session: self.message.in_session,
            conversation,
            budget,
            stop: self.stop.clone(),
            events,
            mends: Mends::default(),
            so_far: SoFar::default(),
        })
    }

    async fn left_today(&self) -> Result<Left, TurnEnding> {
        let (settings, now) = (&self.parts.settings, self.parts.clock.now());
        if !settings.daily.any() {
            return Ok(Left { tokens: None, cost: None });
        }
        let today = now.date_naive();
        let used = self.parts.catalog.usage(self.user, Counters::Limits, today..=today).await;
        let used = total(&used.map_err(TurnEnding::CatalogFailed)?);
        settings.daily.left(used, now, settings.time_zone).map_err(TurnEnding::Refused)
    }

    async fn seen_through(&self, mut rounds: Rounds, going: &Going) -> TurnOutcome {
        let ending = rounds.go().await;
        let is_remembered = !going.is_forgotten() && self.remembered(&rounds, &ending).await;
        let SoFar { text, files, spent, rounds } = rounds.so_far;
        TurnOutcome { text, files, spent, rounds, ending, is_remembered }
    }

    /// Keeps the turn whole, if the model said anything (A7).
    async fn remembered(&self, rounds: &Rounds, ending: &TurnEnding) -> bool {
        let said = &rounds.conversation.said;
        if said.is_empty() {
            return false;
        }
        let mut messages = vec![self.asked(&rounds.model, None)];
        // How the model came to its answers matters to it within the turn alone.
        messages.extend(said.iter().filter(|message| !matches!(message, Message::Reasoned(_))).cloned());
        let is_open = matches!(said.last(), Some(Message::ToolResult { .. }));
        let remark = ending.remark().or(is_open.then_some("[The model said nothing further.]"));
        if let Some(remark) = remark {
            remark_on(&mut messages, remark);
        }
        let links = self.message.images.iter().filter_map(|given| {
            given.expires_at.map(|expires_at| Link { url: Arc::clone(&given.image.url), expires_at })
        });
        let kept = KeptTurn { messages, links: links.collect() };
        match self.parts.keep(self.user, &self.channel, kept).await {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(user = %self.user, %error, "a turn of a conversation was not kept");
                false
            }
        }
    }

    /// The user's message for the model: with what it is told of the world, or as it is remembered.
    fn asked(&self, model: &str, situation: Option<&str>) -> Message {
        let now = self.parts.clock.now();
        let sees = self.parts.settings.sight.of(model);
        let (mut texts, mut pictures) = (Vec::from_iter(situation.map(str::to_owned)), Vec::new());
        texts.push(self.message.words());
        for given in self.message.images.iter().take(MOST_IMAGES) {
            match given.expires_at {
                Some(end) if end <= now => texts.push(PICTURE_IS_GONE.to_owned()),
                _ if sees || situation.is_none() => pictures.push(Part::Image(given.image.clone())),
                _ => texts.push(PICTURE_CANNOT_BE_SEEN.to_owned()),
            }
        }
        let text = texts.join("\n\n");
        Message::User(std::iter::once(Part::Text(text)).chain(pictures).collect())
    }
}

/// Ends a turn with words of the assistant, as every conversation does in which a person speaks next.
fn remark_on(messages: &mut Vec<Message>, remark: &str) {
    match messages.last_mut() {
        Some(Message::Assistant { text, tool_calls }) if tool_calls.is_empty() => {
            text.push_str("\n\n");
            text.push_str(remark);
        }
        _ => messages.push(Message::Assistant { text: remark.to_owned(), tool_calls: Vec::new() }),
    }
}
