//! Money, exactly.

use std::{fmt, iter::Sum, ops::Add};

use serde::{Deserialize, Serialize};

/// How many of a [`Cost`]'s unit make a dollar.
const PICOS_PER_DOLLAR: u64 = 1_000_000_000_000;
/// How many of them make the smallest amount that is shown.
const PICOS_SHOWN: u64 = PICOS_PER_DOLLAR / SHOWN_PER_DOLLAR;
const SHOWN_PER_DOLLAR: u64 = 10_000;

/// An amount of US dollars in millionths of a millionth: a price of $0.000001 for a million tokens is one of them for
/// each token, so that no sum is ever rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cost(u64);

impl Cost {
    /// An amount by its number of millionths of a millionth of a dollar.
    #[must_use]
    pub fn from_picos(picos: u64) -> Self {
        Self(picos)
    }

    /// The number of millionths of a millionth of a dollar.
    #[must_use]
    pub fn picos(self) -> u64 {
        self.0
    }

    /// The number of millionths of a dollar, rounded to the nearest: for records of single answers.
    #[must_use]
    pub fn micros(self) -> u64 {
        rounded(self.0, PICOS_PER_DOLLAR / 1_000_000)
    }

    /// An amount as people write it, such as `2.50`, with at most 12 decimals; `None` for anything else.
    ///
    /// ```
    /// use taipan::chat::tokens::Cost;
    ///
    /// assert_eq!(Cost::from_dollars("0.05").map(Cost::picos), Some(50_000_000_000));
    /// assert_eq!(Cost::from_dollars("-1"), None);
    /// ```
    #[must_use]
    pub fn from_dollars(text: &str) -> Option<Self> {
        decimal(text, 12).map(Self)
    }
}

/// A number as people write it, times 10 to the power of `decimals`.
pub(super) fn decimal(text: &str, decimals: usize) -> Option<u64> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || fraction.len() > decimals {
        return None;
    }
    format!("{whole}{fraction:0<decimals$}").parse().ok()
}

/// How many units an amount is, to the nearest.
fn rounded(amount: u64, unit: u64) -> u64 {
    amount / unit + u64::from(amount % unit >= unit / 2)
}

impl Add for Cost {
    type Output = Self;

    /// The sum, or the largest amount there is.
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::default(), Self::add)
    }
}

/// With four decimals, such as `$0.0125`; less than can be shown so is `less than $0.0001`.
impl fmt::Display for Cost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if (1..PICOS_SHOWN).contains(&self.0) {
            return formatter.write_str("less than $0.0001");
        }
        let shown = rounded(self.0, PICOS_SHOWN);
        write!(formatter, "${}.{:04}", shown / SHOWN_PER_DOLLAR, shown % SHOWN_PER_DOLLAR)
    }
}
