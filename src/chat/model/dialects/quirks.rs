//! What models were found to refuse, so that each is refused once.

/// Something a model or its server does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::chat::model) enum Quirk {
    /// It knows no `stream_options`.
    LacksStreamOptions,
    /// It wants `max_completion_tokens` in place of `max_tokens`.
    RenamesMaxTokens,
    /// With tools, it wants to be asked through Responses.
    WantsResponses,
    /// It has no Responses.
    LacksResponses,
    /// It does not give its reasoning out, not even encrypted.
    KeepsReasoning,
    /// With tools, it wants `reasoning_effort` to be `none`.
    WantsNoReasoning,
}

/// The quirks of one model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::chat::model) struct Quirks(u8);

impl Quirks {
    pub(in crate::chat::model) fn has(self, quirk: Quirk) -> bool {
        self.0 & Self::bit(quirk) != 0
    }

    /// Whether tools go only without reasoning: by the model's word, or because its server lacks the other dialect.
    pub(super) fn want_no_reasoning(self) -> bool {
        self.has(Quirk::WantsNoReasoning) || (self.has(Quirk::WantsResponses) && self.has(Quirk::LacksResponses))
    }

    /// These and another one; `None` if it is known already, so that no request is repeated for it twice.
    pub(in crate::chat::model) fn with(self, quirk: Quirk) -> Option<Self> {
        (!self.has(quirk)).then_some(Self(self.0 | Self::bit(quirk)))
    }

    /// These and those.
    pub(in crate::chat::model) fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    fn bit(quirk: Quirk) -> u8 {
        1 << quirk as u8
    }
}
