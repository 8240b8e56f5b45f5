use bytes::Bytes;
use futures_util::stream;
use multer::Multipart;
use serde_json::Value;

use super::{super::network::Received, Refusal};

/// What a request carries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    /// The body, or `payload_json` of a multipart one.
    pub(crate) json: Option<Value>,
    pub(crate) files: Vec<Upload>,
}

#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// Of `files[n]`.
    pub(crate) number: u64,
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

impl Form {
    pub(super) async fn read(received: &Received) -> Result<Self, Refusal> {
        let kind = received.header("content-type").unwrap_or_default();
        if let Ok(boundary) = multer::parse_boundary(kind) {
            return Self::read_parts(received.body.clone(), &boundary).await;
        }
        if received.body.is_empty() {
            return Ok(Self::default());
        }
        if !kind.starts_with("application/json") {
            let sentence =
                format!("Expected \"Content-Type\" header to be one of {{'application/json'}}, not {kind:?}.");
            return Err(Refusal::mistake("", "CONTENT_TYPE_INVALID", &sentence));
        }
        let json = serde_json::from_slice(&received.body).map_err(|_| not_json())?;
        Ok(Self { json: Some(json), files: Vec::new() })
    }

    async fn read_parts(body: Bytes, boundary: &str) -> Result<Self, Refusal> {
        let mut parts = Multipart::new(stream::iter([Ok::<_, std::io::Error>(body)]), boundary);
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|error| broken(&error.to_string()))? {
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|error| broken(&error.to_string()))?;
            let number = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')?.parse().ok());
            match (name.as_str(), number, file_name) {
                ("payload_json", ..) => form.json = Some(serde_json::from_slice(&bytes).map_err(|_| not_json())?),
                (_, Some(number), Some(name)) => form.files.push(Upload { number, name, bytes }),
                _ => return Err(broken(&format!("a part called {name:?} that is neither payload_json nor a file"))),
            }
        }
        // Files alone are a whole message.
        form.json.get_or_insert_with(|| serde_json::json!({}));
        Ok(form)
    }
}

fn not_json() -> Refusal {
    Refusal::blamed(400, 50109, "The request body contains invalid JSON.")
}

fn broken(what: &str) -> Refusal {
    Refusal::mistake("", "MULTIPART_INVALID", what)
}
