//! What a message shows.

use std::sync::Arc;

use serenity::all::{
    ButtonStyle, CreateActionRow, CreateAllowedMentions, CreateAttachment, CreateButton, EditAttachments,
};

/// How many buttons Discord shows side by side.
const BUTTONS_IN_A_ROW: usize = 5;

/// What a message shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::discord) struct Page {
    /// Its text.
    pub(in crate::discord) content: String,
    /// What can be pressed below it.
    pub(in crate::discord) buttons: Vec<Button>,
    /// The files on it; those it had before go.
    pub(in crate::discord) files: Vec<Attached>,
}

/// Something to press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::discord) struct Button {
    /// What is sent back when it is pressed.
    pub(in crate::discord) custom_id: String,
    /// What stands on it.
    pub(in crate::discord) label: &'static str,
    /// How it looks.
    pub(in crate::discord) look: Look,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Look {
    Plain,
    Primary,
    Danger,
}

/// A file on a message.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::discord) struct Attached {
    /// Its name.
    pub(in crate::discord) name: String,
    /// Its content.
    pub(in crate::discord) bytes: Arc<[u8]>,
}

impl Page {
    pub(in crate::discord) fn text(content: impl Into<String>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    pub(in crate::discord) fn attachments(&self) -> Vec<CreateAttachment> {
        self.files.iter().map(Attached::upload).collect()
    }

    /// The files, in place of those that were there.
    pub(super) fn all_attachments(&self) -> EditAttachments {
        self.attachments().into_iter().fold(EditAttachments::new(), EditAttachments::add)
    }
}

impl Attached {
    pub(in crate::discord) fn new(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }

    pub(in crate::discord) fn upload(&self) -> CreateAttachment {
        CreateAttachment::bytes(self.bytes.as_ref(), self.name.clone())
    }
}

/// Buttons as Discord wants them.
pub(in crate::discord) fn rows(buttons: &[Button]) -> Vec<CreateActionRow> {
    let button = |button: &Button| {
        let style = match button.look {
            Look::Plain => ButtonStyle::Secondary,
            Look::Primary => ButtonStyle::Primary,
            Look::Danger => ButtonStyle::Danger,
        };
        CreateButton::new(&button.custom_id).label(button.label).style(style)
    };
    let rows = buttons.chunks(BUTTONS_IN_A_ROW);
    rows.map(|row| CreateActionRow::Buttons(row.iter().map(button).collect())).collect()
}

/// Nobody is pinged, whatever is written (U12).
pub(in crate::discord) fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new().empty_users().empty_roles().replied_user(false)
}
