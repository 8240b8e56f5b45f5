//! What a model is called apart from whoever serves it.

/// The name without the providers before it (`openrouter/openai/gpt-4o`) and the variant after it (`gpt-4o:online`).
pub(in crate::chat) fn bare(model: &str) -> &str {
    let name = model.rsplit('/').next().unwrap_or(model);
    // The name of a fine-tuned model, such as ft:gpt-4o-mini:acme::7p4l, begins with a word and its base.
    let name = name.strip_prefix("ft:").unwrap_or(name);
    name.split(':').next().unwrap_or(name)
}

/// The name without the day it was released on, as in `gpt-4o-2024-08-06`.
pub(super) fn undated(name: &str) -> &str {
    let undated = name.len().checked_sub("-2024-08-06".len()).and_then(|end| name.split_at_checked(end));
    match undated {
        Some((undated, date)) if is_date(date) => undated,
        _ => name,
    }
}

fn is_date(text: &str) -> bool {
    let fits = |(position, byte): (usize, u8)| match position {
        0 | 5 | 8 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A6
    #[test]
    fn providers_variants_and_dates_are_no_part_of_a_name() {
        for (model, name) in [
            ("gpt-4o", "gpt-4o"),
            ("openai/gpt-4o", "gpt-4o"),
            ("openrouter/openai/gpt-4o:online", "gpt-4o"),
            ("ft:gpt-4o-mini:acme::7p4l", "gpt-4o-mini"),
            ("models/gemini-2.5-pro", "gemini-2.5-pro"),
            ("gpt-4o-2024-08-06", "gpt-4o"),
            ("2024-08-06", "2024-08-06"),
            ("ä-2024-0-06", "ä-2024-0-06"),
            ("", ""),
        ] {
            assert_eq!(undated(bare(model)), name, "{model}");
        }
    }
}
