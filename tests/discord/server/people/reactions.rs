use std::sync::Arc;

use serde_json::Value;

use crate::discord::server::{
    Inside,
    recording::Seen,
    world::{Answer, Id},
};

/// What the bot makes of something that a person did.
pub(crate) struct Reaction {
    pub(super) inside: Arc<Inside>,
    pub(crate) interaction: Id,
    /// Its first answer; none where it did not come within three seconds.
    pub(crate) answer: Option<Answer>,
    pub(super) told: String,
}

/// A form that is open before a person.
#[derive(Clone, Debug)]
pub(crate) struct OpenForm {
    /// As the bot sent it.
    pub(crate) form: Value,
    /// The message that the button stands on, where it was one.
    pub(super) message: Option<Id>,
    pub(super) channel: Id,
}

impl Reaction {
    /// The message that it led to, once it says something: a new one, or the changed one.
    pub(crate) async fn message(&self) -> Seen {
        let what = format!("the message that answers {}", self.told);
        let found = self.inside.until(&what, |world| {
            let original = world.interactions[&self.interaction].original?;
            let message = world.messages.get(&original).filter(|message| !message.is_loading())?;
            Some(world.seen(message))
        });
        found.await
    }

    /// The form that it opened.
    pub(crate) fn form(&self) -> OpenForm {
        let Some(Answer::Form(form)) = &self.answer else { panic!("{} opened no form: {:?}", self.told, self.answer) };
        let (message, channel) = self.inside.with(|world| {
            let interaction = &world.interactions[&self.interaction];
            (interaction.message, interaction.channel)
        });
        OpenForm { form: form.clone(), message, channel }
    }

    /// The names of what it suggests.
    pub(crate) fn choices(&self) -> Vec<String> {
        let Some(Answer::Choices(choices)) = &self.answer else {
            panic!("{} suggests nothing: {:?}", self.told, self.answer)
        };
        choices.iter().map(|choice| choice["name"].as_str().unwrap().to_owned()).collect()
    }

    /// The values behind them.
    pub(crate) fn values(&self) -> Vec<Value> {
        let Some(Answer::Choices(choices)) = &self.answer else {
            panic!("{} suggests nothing: {:?}", self.told, self.answer)
        };
        choices.iter().map(|choice| choice["value"].clone()).collect()
    }
}
