//! Language models, behind one trait: messages and tools go in, a stream of [`Delta`]s comes out.
//!
//! [`EndpointModel`] is a model at an endpoint that speaks as OpenAI's do. Servers differ in what they call so; what
//! is tolerated stands beside the code that does, and each case has a test in `tests/chat`.
//!
//! - `messages`, `error`: plain data, the same for every endpoint.
//! - `address`, `secret`, `settings`: where the endpoint is, and what is asked of it.
//! - `http`: the only file that names the HTTP client; `events` makes JSON of what arrives, `refusals` errors of what
//!   is no answer.
//! - `dialects`: Chat Completions and Responses, each a request written and an answer read.
//! - `client`, `turn`: a question from asking to the last delta, repeats included.

mod address;
mod client;
mod dialects;
mod error;
mod events;
mod http;
mod messages;
mod refusals;
mod settings;
mod turn;

use std::pin::Pin;

use futures_core::Stream;

pub use self::{
    address::{Address, NotAnAddress},
    client::EndpointModel,
    error::ModelError,
    messages::{
        Delta, Detail, FinishReason, Finished, Image, Message, Part, PixelSize, Question, Reasoned, Tool, ToolCall,
    },
    settings::{Endpoint, LONGEST_RETRY_PAUSE, RETRIES, Secret, Timeouts},
};

/// What a model says, piece by piece. It ends after [`Delta::Finished`] or an error; dropping it stops the request.
pub type Answer = Pin<Box<dyn Stream<Item = Result<Delta, ModelError>> + Send>>;

/// A language model that can be asked.
pub trait ChatModel: Send + Sync {
    /// Asks the model. Nothing happens before the answer is polled; dropping it cancels at any moment.
    ///
    /// Until the first text or tool call the question is repeated where that helps ([`Delta::Waiting`] says so);
    /// afterwards an error ends the answer, so that nothing is said twice.
    fn answer(&self, question: Question) -> Answer;
}
