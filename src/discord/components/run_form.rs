//! The form of `/run` (U10).

use std::sync::Arc;

use serenity::all::{
    ActionRowComponent, CreateActionRow, CreateInputText, CreateModal, InputTextStyle, ModalInteractionData,
};

use super::{Action, id};
use crate::discord::{
    Bot,
    asking::Asking,
    messages::code_of,
    running::{Asked, run_and_show},
};

const CODE: &str = "code";
const STDIN: &str = "stdin";
/// How many characters a field takes.
const LONGEST_FIELD: u16 = 4000;

/// The form for code and what it reads.
pub(in crate::discord) fn form(owner: u64) -> CreateModal {
    let code = CreateInputText::new(InputTextStyle::Paragraph, "Code", CODE)
        .placeholder("print(6 * 7)")
        .max_length(LONGEST_FIELD)
        .required(true);
    let stdin = CreateInputText::new(InputTextStyle::Paragraph, "Input (what input() reads)", STDIN)
        .max_length(LONGEST_FIELD)
        .required(false);
    let rows = vec![CreateActionRow::InputText(code), CreateActionRow::InputText(stdin)];
    CreateModal::new(id(Action::RunForm, owner, ""), "Run Python").components(rows)
}

pub(super) async fn sent(bot: &Arc<Bot>, asking: &Asking, data: &ModalInteractionData) {
    let code = field(data, CODE).unwrap_or_default();
    if code.trim().is_empty() {
        return asking.say("✏️ There is no code in the form. Use `/run` again.").await;
    }
    if !asking.defer().await {
        return;
    }
    // Files that came with the command may still be on their way.
    bot.uploads.settled(asking.asker.user).await;
    let asked = Asked {
        owner: asking.asker.user,
        code: code_of(&code),
        stdin: field(data, STDIN).filter(|stdin| !stdin.is_empty()),
        source: None,
        largest_file: asking.largest_file,
    };
    run_and_show(bot, asking.screen(), asked).await;
}

fn field(data: &ModalInteractionData, name: &str) -> Option<String> {
    let inputs = data.components.iter().flat_map(|row| &row.components);
    inputs.into_iter().find_map(|component| match component {
        ActionRowComponent::InputText(input) if input.custom_id == name => input.value.clone(),
        _ => None,
    })
}
