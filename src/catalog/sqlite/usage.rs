//! Counters of usage in SQLite.

use std::{ops::RangeInclusive, time::Duration};

use async_trait::async_trait;
use chrono::NaiveDate;
use rusqlite::{Row, Transaction, params, types::Type};

use super::{SqliteCatalog, files::unsigned};
use crate::{
    catalog::{
        CatalogError,
        files::MOST_LISTED,
        usage::{Counters, Usage, UsageCounts, UsageEntry},
    },
    identifiers::UserId,
};

const ADD: &str = "INSERT INTO usage (counters, user_id, day, model, messages, runs, run_millis, input_tokens, \
                   cached_tokens, output_tokens, reasoning_tokens, cost_micro_usd, unpriced, estimated) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) \
                   ON CONFLICT (counters, user_id, day, model) DO UPDATE SET messages = messages + ?5, \
                   runs = runs + ?6, run_millis = run_millis + ?7, input_tokens = input_tokens + ?8, \
                   cached_tokens = cached_tokens + ?9, output_tokens = output_tokens + ?10, \
                   reasoning_tokens = reasoning_tokens + ?11, cost_micro_usd = cost_micro_usd + ?12, \
                   unpriced = unpriced + ?13, estimated = estimated + ?14";

#[async_trait]
impl UsageCounts for SqliteCatalog {
    async fn add_usage(&self, user: UserId, day: NaiveDate, model: &str, usage: &Usage) -> Result<(), CatalogError> {
        let entry = UsageEntry { day, model: model.to_owned(), usage: *usage };
        self.write(move |transaction| {
            add(transaction, Counters::Shown, user, &entry)?;
            add(transaction, Counters::Limits, user, &entry)
        })
        .await
    }

    async fn usage(
        &self,
        user: UserId,
        counters: Counters,
        days: RangeInclusive<NaiveDate>,
    ) -> Result<Vec<UsageEntry>, CatalogError> {
        self.read(move |connection| {
            let sql = "SELECT day, model, messages, runs, run_millis, input_tokens, cached_tokens, output_tokens, \
                       reasoning_tokens, cost_micro_usd, unpriced, estimated FROM usage \
                       WHERE counters = ?1 AND user_id = ?2 AND day BETWEEN ?3 AND ?4 ORDER BY day, model LIMIT ?5";
            let (first, last) = (days.start().to_string(), days.end().to_string());
            let values = params![name(counters), user.0, first, last, MOST_LISTED];
            connection.prepare_cached(sql)?.query_map(values, entry)?.collect()
        })
        .await
    }

    async fn clear_usage(&self, user: UserId) -> Result<(), CatalogError> {
        self.write(move |transaction| {
            let sql = "DELETE FROM usage WHERE counters = ?1 AND user_id = ?2";
            transaction.execute(sql, params![name(Counters::Shown), user.0]).map(drop)
        })
        .await
    }

    async fn delete_usage_before(&self, day: NaiveDate) -> Result<u64, CatalogError> {
        self.write(move |transaction| {
            // What was cleared is gone from the one set of counters, so the other one says how many there are.
            let sql = "DELETE FROM usage WHERE day < ?1 AND counters = ?2";
            transaction.execute(sql, params![day.to_string(), name(Counters::Shown)])?;
            let deleted = transaction.execute(sql, params![day.to_string(), name(Counters::Limits)])?;
            Ok(deleted as u64)
        })
        .await
    }
}

fn add(transaction: &Transaction<'_>, counters: Counters, user: UserId, entry: &UsageEntry) -> rusqlite::Result<()> {
    let usage = &entry.usage;
    let values = params![
        name(counters),
        user.0,
        entry.day.to_string(),
        entry.model,
        signed(usage.messages),
        signed(usage.runs),
        i64::try_from(usage.run_time.as_millis()).unwrap_or(i64::MAX),
        signed(usage.input_tokens),
        signed(usage.cached_tokens),
        signed(usage.output_tokens),
        signed(usage.reasoning_tokens),
        signed(usage.cost_micro_usd),
        signed(usage.unpriced),
        signed(usage.estimated),
    ];
    transaction.prepare_cached(ADD)?.execute(values).map(drop)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<UsageEntry> {
    let day = row.get::<_, String>(0)?;
    let day = day.parse().map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))?;
    let usage = Usage {
        messages: unsigned(row, 2)?,
        runs: unsigned(row, 3)?,
        run_time: Duration::from_millis(unsigned(row, 4)?),
        input_tokens: unsigned(row, 5)?,
        cached_tokens: unsigned(row, 6)?,
        output_tokens: unsigned(row, 7)?,
        reasoning_tokens: unsigned(row, 8)?,
        cost_micro_usd: unsigned(row, 9)?,
        unpriced: unsigned(row, 10)?,
        estimated: unsigned(row, 11)?,
    };
    Ok(UsageEntry { day, model: row.get(1)?, usage })
}

fn name(counters: Counters) -> &'static str {
    match counters {
        Counters::Shown => "shown",
        Counters::Limits => "limits",
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
