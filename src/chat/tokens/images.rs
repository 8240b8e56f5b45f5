//! What a picture counts.
//!
//! The rules are those of OpenAI's guide "Images and vision", section "Calculating costs"
//! (<https://platform.openai.com/docs/guides/images-vision#calculating-costs>). Older models count tiles of 512 pixels,
//! small and newer ones patches of 32 pixels. For models that the guide does not name, the tiles of GPT-4o give an
//! estimate.

use super::{
    Count,
    models::{bare, undated},
};
use crate::chat::model::{Detail, Image, PixelSize};

/// A picture is first made to fit into a square of this side.
const LARGEST_SIDE: u64 = 2048;
/// Then its shorter side is made this long, if it is longer.
const SHORTER_SIDE: u64 = 768;
const TILE: u64 = 512;
const PATCH: u64 = 32;
const MOST_PATCHES: u64 = 1536;
/// What a picture of unknown size is taken for: the one with the most tiles.
const UNKNOWN_SIZE: PixelSize = PixelSize { width: 768, height: 2048 };

/// How a model counts pictures.
#[derive(Clone, Copy)]
enum Rule {
    /// So many tokens for a picture, and so many for each tile of it.
    Tiles { picture: u64, tile: u64 },
    /// So many hundredths of a token for each patch.
    Patches { hundredths: u64 },
}

/// By the names of models; what begins with a name and a dash is another model.
const RULES: [(&str, Rule); 16] = [
    ("gpt-4o", Rule::Tiles { picture: 85, tile: 170 }),
    ("chatgpt-4o-latest", Rule::Tiles { picture: 85, tile: 170 }),
    ("gpt-4.1", Rule::Tiles { picture: 85, tile: 170 }),
    ("gpt-4.5-preview", Rule::Tiles { picture: 85, tile: 170 }),
    ("gpt-4-turbo", Rule::Tiles { picture: 85, tile: 170 }),
    ("gpt-4o-mini", Rule::Tiles { picture: 2833, tile: 5667 }),
    ("gpt-5", Rule::Tiles { picture: 70, tile: 140 }),
    ("gpt-5-chat-latest", Rule::Tiles { picture: 70, tile: 140 }),
    ("o1", Rule::Tiles { picture: 75, tile: 150 }),
    ("o1-pro", Rule::Tiles { picture: 75, tile: 150 }),
    ("o3", Rule::Tiles { picture: 75, tile: 150 }),
    ("gpt-4.1-mini", Rule::Patches { hundredths: 162 }),
    ("gpt-4.1-nano", Rule::Patches { hundredths: 246 }),
    ("o4-mini", Rule::Patches { hundredths: 172 }),
    ("gpt-5-mini", Rule::Patches { hundredths: 162 }),
    ("gpt-5-nano", Rule::Patches { hundredths: 246 }),
];
const UNKNOWN_MODEL: Rule = RULES[0].1;

/// The tokens of a picture as a model counts them.
#[must_use]
pub fn image_tokens(model: &str, image: &Image) -> Count {
    let name = undated(bare(model));
    let rule = RULES.iter().find(|(known, _)| *known == name).map(|(_, rule)| *rule);
    let size = image.size.unwrap_or(UNKNOWN_SIZE);
    let tokens = match rule.unwrap_or(UNKNOWN_MODEL) {
        Rule::Tiles { picture, .. } if image.detail == Detail::Low => picture,
        Rule::Tiles { picture, tile } => picture + tile * tiles(size),
        Rule::Patches { hundredths } => (patches(size) * hundredths).div_ceil(100),
    };
    Count { tokens, is_estimate: rule.is_none() || image.size.is_none() }
}

fn tiles(size: PixelSize) -> u64 {
    let sides = [size.width.max(1).into(), size.height.max(1).into()];
    let sides = scaled(sides, sides[0].max(sides[1]), LARGEST_SIDE);
    let [width, height] = scaled(sides, sides[0].min(sides[1]), SHORTER_SIDE);
    width.div_ceil(TILE) * height.div_ceil(TILE)
}

/// Two sides, smaller by as much as makes `side` as long as `longest`.
fn scaled(sides: [u64; 2], side: u64, longest: u64) -> [u64; 2] {
    if side <= longest { sides } else { sides.map(|length| ((length * longest + side / 2) / side).max(1)) }
}

fn patches(size: PixelSize) -> u64 {
    let sides: [u64; 2] = [size.width.max(1).into(), size.height.max(1).into()];
    let [width, height] = sides.map(|side| side.div_ceil(PATCH));
    if width * height <= MOST_PATCHES {
        return width * height;
    }
    shrunk_patches(sides)
}

/// A picture that is too large is made smaller: first to the area of as many patches as may be, then so that one of its
/// sides is a whole number of them.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides are below 2^32, and what comes out is below the number of patches"
)]
fn shrunk_patches(sides: [u64; 2]) -> u64 {
    let patch = PATCH as f64;
    let [width, height] = sides.map(|side| side as f64 / patch);
    let shrink = (MOST_PATCHES as f64 / (width * height)).sqrt();
    let whole = |side: f64| (side * shrink).floor().max(1.0) / (side * shrink);
    let shrink = shrink * whole(width).min(whole(height));
    let patches = |side: f64| ((side * shrink * patch).round() / patch).ceil().max(1.0) as u64;
    (patches(width) * patches(height)).min(MOST_PATCHES)
}
