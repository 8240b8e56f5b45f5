use std::io::Write;

use flate2::{Compress, Compression, FlushCompress, write::ZlibEncoder};
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

/// Above this, payloads are compressed for those who asked for it in IDENTIFY.
const LARGE: usize = 512;

/// How payloads are written on a connection.
pub(super) enum Frames {
    /// As text.
    Plain,
    /// As text, and as zlib by itself what is large.
    EachCompressed,
    /// All as one stream of zlib, flushed after each.
    Stream(Box<Compress>),
}

impl Frames {
    pub(super) fn stream() -> Self {
        Self::Stream(Box::new(Compress::new(Compression::fast(), true)))
    }

    pub(super) fn write(&mut self, payload: &Value) -> Message {
        let text = payload.to_string();
        match self {
            Self::EachCompressed if text.len() > LARGE => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(text.as_bytes()).unwrap();
                Message::binary(encoder.finish().unwrap())
            }
            Self::Plain | Self::EachCompressed => Message::text(text),
            Self::Stream(stream) => Message::binary(flushed(stream, text.as_bytes())),
        }
    }
}

/// What a payload adds to the stream; it ends in 00 00 FF FF.
fn flushed(stream: &mut Compress, mut text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 64);
    loop {
        let before = stream.total_in();
        stream.compress_vec(text, &mut out, FlushCompress::Sync).unwrap();
        text = &text[usize::try_from(stream.total_in() - before).unwrap()..];
        // Room that is left says that all is written.
        if text.is_empty() && out.len() < out.capacity() {
            return out;
        }
        out.reserve(out.capacity() + 64);
    }
}
