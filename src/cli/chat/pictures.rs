//! Pictures in the terminal, where it can show them.

use std::{fs, io::IsTerminal as _, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::config::PictureProtocol;

/// Larger pictures are named only.
const MOST_BYTES: u64 = 4 * 1024 * 1024;
/// How much of a picture one command of kitty's protocol may hold.
const CHUNK: usize = 4096;

/// How the terminal shows pictures, if it does.
pub(super) struct Pictures(Option<PictureProtocol>);

impl Pictures {
    pub(super) fn of_terminal() -> Self {
        Self(PictureProtocol::of_terminal().filter(|_| std::io::stderr().is_terminal()))
    }

    /// What shows a picture when it is written to the terminal.
    pub(super) fn show(&self, path: &Path) -> Option<String> {
        let protocol = self.0?;
        let is_picture = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
        if !is_picture || fs::metadata(path).ok()?.len() > MOST_BYTES {
            return None;
        }
        let bytes = fs::read(path).ok()?;
        Some(match protocol {
            PictureProtocol::Inline => inline(&bytes),
            PictureProtocol::Kitty => kitty(&bytes),
        })
    }
}

/// <https://iterm2.com/documentation-images.html>
fn inline(bytes: &[u8]) -> String {
    format!("\x1b]1337;File=inline=1;size={}:{}\x07", bytes.len(), STANDARD.encode(bytes))
}

/// <https://sw.kovidgoyal.net/kitty/graphics-protocol/>
fn kitty(bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    let chunks: Vec<_> = encoded.as_bytes().chunks(CHUNK).map(String::from_utf8_lossy).collect();
    let mut text = String::with_capacity(encoded.len() + chunks.len() * 16);
    for (number, chunk) in chunks.iter().map(AsRef::<str>::as_ref).enumerate() {
        let more = u8::from(number + 1 < chunks.len());
        let keys = if number == 0 { format!("a=T,f=100,m={more}") } else { format!("m={more}") };
        text.extend(["\x1b_G", &keys, ";", chunk, "\x1b\\"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_written_as_the_protocols_want_it() {
        assert_eq!(inline(b"abc"), "\x1b]1337;File=inline=1;size=3:YWJj\x07");
        assert_eq!(kitty(b"abc"), "\x1b_Ga=T,f=100,m=0;YWJj\x1b\\");
        let long = kitty(&[0; 4000]);
        assert!(long.starts_with("\x1b_Ga=T,f=100,m=1;"), "the first of two");
        assert_eq!(long.matches("\x1b_G").count(), 2);
    }

    #[test]
    fn without_a_protocol_nothing_is_shown() {
        assert_eq!(Pictures(None).show(Path::new("plot.png")), None);
    }
}
