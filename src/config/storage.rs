//! Settings of what is kept: the database, and how long and how many files.

use std::{ops::RangeInclusive, time::Duration};

use chrono_tz::Tz;

use super::{
    reader::{Reader, Reported},
    secret::Secret,
    setting::{DATABASE_URL, FILE_EXPIRATION_HOURS, MAX_FILES_PER_USER, MONGODB_URI, TIMEZONE},
};

const FILE_COUNTS: RangeInclusive<usize> = 1..=100_000;
/// A hundred years: beyond that dates would not be ones that every database knows.
const MOST_HOURS: f64 = 876_000.;
const FOR_EVER: &str = "-1";

/// How long files are kept (S2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiration {
    /// So long after they were saved.
    After(Duration),
    /// For ever.
    Never,
}

/// What is kept, where, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    /// `DATABASE_URL` or `MONGODB_URI`; `None` for the file in `DATA_DIR`.
    pub database: Option<Secret>,
    /// `FILE_EXPIRATION_HOURS`.
    pub expiration: Expiration,
    /// `MAX_FILES_PER_USER`.
    pub files_per_user: usize,
    /// `TIMEZONE`: where dates are shown.
    pub time_zone: Tz,
}

impl Storage {
    pub(super) fn read<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>) -> Result<Self, Reported> {
        let database = reader.read_optional(&DATABASE_URL, parse_database);
        let mongodb = reader.read_optional(&MONGODB_URI, parse_mongodb);
        if reader.is_given(&DATABASE_URL) && reader.is_given(&MONGODB_URI) && mongodb.is_ok() {
            reader.refuse(&MONGODB_URI, MONGODB_URI.allowed);
        }
        let expiration = reader.read(&FILE_EXPIRATION_HOURS, parse_expiration);
        let files_per_user =
            reader.read(&MAX_FILES_PER_USER, |text| text.parse().ok().filter(|count| FILE_COUNTS.contains(count)));
        let time_zone = reader.read(&TIMEZONE, |text| text.parse().ok());
        Ok(Self {
            database: database?.or(mongodb?),
            expiration: expiration?,
            files_per_user: files_per_user?,
            time_zone: time_zone?,
        })
    }
}

fn parse_database(text: &str) -> Option<Secret> {
    let is_sqlite = text.strip_prefix("sqlite:").is_some_and(|path| !path.trim_start_matches('/').is_empty());
    if is_sqlite { Some(text.into()) } else { parse_mongodb(text) }
}

fn parse_mongodb(text: &str) -> Option<Secret> {
    let address = text.strip_prefix("mongodb://").or_else(|| text.strip_prefix("mongodb+srv://"))?;
    (!address.is_empty()).then(|| text.into())
}

fn parse_expiration(text: &str) -> Option<Expiration> {
    if text == FOR_EVER {
        return Some(Expiration::Never);
    }
    let hours: f64 = text.parse().ok()?;
    // The order matters: what is no number is not below the most either.
    let after = (hours > 0. && hours <= MOST_HOURS).then(|| Duration::from_secs_f64(hours * 3600.))?;
    // Databases keep milliseconds.
    (after >= Duration::from_millis(1)).then_some(Expiration::After(after))
}
