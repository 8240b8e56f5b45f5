use futures_util::StreamExt;
use taipan::chat::model::{Answer, Delta, Finished, ModelError, Reasoned, ToolCall};

/// A whole answer, as a client hears it.
#[derive(Debug, PartialEq)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) calls: Vec<ToolCall>,
    pub(crate) reasoned: Option<Reasoned>,
    /// Why the question was repeated, in order.
    pub(crate) repeats: Vec<ModelError>,
    pub(crate) end: Result<Finished, ModelError>,
}

impl Said {
    /// Listens to the end.
    pub(crate) async fn by(mut answer: Answer) -> Self {
        let mut said = Self {
            text: String::new(),
            calls: Vec::new(),
            reasoned: None,
            repeats: Vec::new(),
            end: Err(ModelError::CutOff),
        };
        let mut ends = 0;
        while let Some(delta) = answer.next().await {
            assert_eq!(ends, 0, "nothing follows the end: {delta:?}");
            match delta {
                Ok(Delta::Text(text)) => said.text.push_str(&text),
                Ok(Delta::ToolCall(call)) => said.calls.push(call),
                Ok(Delta::Reasoned(reasoned)) => said.reasoned = Some(reasoned),
                Ok(Delta::Waiting { reason, .. }) => said.repeats.push(reason),
                Ok(Delta::Finished(finished)) => (said.end, ends) = (Ok(finished), 1),
                Err(error) => (said.end, ends) = (Err(error), 1),
            }
        }
        assert_eq!(ends, 1, "an answer ends once");
        said
    }

    pub(crate) fn finished(&self) -> &Finished {
        self.end.as_ref().unwrap()
    }

    /// The sentence that a person reads.
    pub(crate) fn complaint(&self) -> String {
        self.end.as_ref().unwrap_err().to_string()
    }

    /// The calls as `id name arguments`.
    pub(crate) fn called(&self) -> Vec<String> {
        self.calls.iter().map(|call| format!("{} {} {}", call.id, call.name, call.arguments)).collect()
    }
}
