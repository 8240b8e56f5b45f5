//! What models cost, from a list that a person can edit.

use std::{fs, io, path::Path};

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de::Error as _};
use thiserror::Error;

use super::{
    Cost, Usage,
    models::{bare, undated},
    money::decimal,
};

/// The list that the program brings along; its first lines say how it is read and how old it is.
pub const EMBEDDED_PRICES: &str = include_str!("prices.toml");

/// How many decimals a price in dollars for a million tokens may have.
const PRICE_DECIMALS: usize = 6;

/// Why there is no list of prices.
#[derive(Debug, Error)]
pub enum NotPrices {
    /// The file cannot be read.
    #[error("The price list cannot be read ({0}).")]
    Unreadable(#[from] io::Error),
    /// The file is no list of prices.
    #[error("The price list is not one: {0}")]
    NotAList(#[from] toml::de::Error),
}

/// What models cost, and since when.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    #[serde(default, rename = "price")]
    rows: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    model: String,
    since: NaiveDate,
    /// For questions of more tokens than this.
    #[serde(default)]
    above: u64,
    input: Price,
    /// As `input` where nothing is said.
    cached_input: Option<Price>,
    output: Price,
}

/// The price of a token, in millionths of a millionth of a dollar.
#[derive(Clone, Copy, Debug)]
struct Price(u64);

impl Prices {
    /// The list in a file, or the one that the program brings along. It reads the disk: to be called at the start.
    ///
    /// # Errors
    /// When the file cannot be read or is no list of prices.
    pub fn load(path: Option<&Path>) -> Result<Self, NotPrices> {
        match path {
            Some(path) => Self::parse(&fs::read_to_string(path)?),
            None => Self::parse(EMBEDDED_PRICES),
        }
    }

    /// A list by its text.
    ///
    /// # Errors
    /// When the text is no list of prices; the error says where.
    pub fn parse(text: &str) -> Result<Self, NotPrices> {
        Ok(toml::from_str(text)?)
    }

    /// What an answer cost that was given on a day; `None` if the model has no price then.
    ///
    /// The list may name a model as the endpoint does, or without provider and date.
    #[must_use]
    pub fn cost(&self, model: &str, day: NaiveDate, usage: Usage) -> Option<Cost> {
        let names = [model, bare(model), undated(bare(model))];
        let row = names.into_iter().find_map(|name| self.row(name, day, usage.input))?;
        let cached = usage.cached_input.min(usage.input);
        let parts = [
            (usage.input - cached, row.input),
            (cached, row.cached_input.unwrap_or(row.input)),
            (usage.output, row.output),
        ];
        Some(parts.into_iter().map(|(tokens, price)| Cost::from_picos(tokens.saturating_mul(price.0))).sum())
    }

    /// The newest price of a model on a day, for a question of this size.
    fn row(&self, name: &str, day: NaiveDate, input: u64) -> Option<&Row> {
        let holds = |row: &&Row| row.model == name && row.since <= day && (row.above == 0 || input > row.above);
        self.rows.iter().filter(holds).max_by_key(|row| (row.since, row.above))
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Whole(u64),
            Fraction(f64),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Whole(number) => number.to_string(),
            // The shortest text that means this number is what somebody wrote.
            Written::Fraction(number) => number.to_string(),
        };
        // Dollars for a million tokens are millionths of a dollar for one.
        let price = decimal(&text, PRICE_DECIMALS).map(Self);
        price.ok_or_else(|| D::Error::custom("a price is an amount of dollars for a million tokens, such as \"2.50\""))
    }
}
