//! What came of all tasks, as a table.

use std::{
    fmt::{self, Display},
    time::Duration,
};

use super::{Task, Trial};

/// How much is shown of what is wrong, in characters.
const SHOWN: usize = 160;

/// A row for each task, and their totals.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<String>,
    passed: usize,
    rounds: u32,
    tokens: u64,
    time: Duration,
    is_estimate: bool,
    /// In millionths of a US dollar; `None` once the price of some of it is not known.
    cost: Option<u64>,
}

impl Table {
    pub(crate) fn new() -> Self {
        Self { cost: Some(0), ..Self::default() }
    }

    /// Adds a row, and gives it.
    pub(crate) fn add(&mut self, task: &Task, trial: &Trial) -> &str {
        let spent = &trial.spent;
        let result = match &trial.wrong {
            None => "passed".to_owned(),
            Some(wrong) => format!("FAILED: {}", shortened(wrong)),
        };
        let about = if spent.is_estimate { "about " } else { "" };
        let (tokens, seconds) = (spent.usage.total(), trial.time.as_secs_f64());
        self.rows.push(row(&task.name, &result, trial.rounds, &format!("{about}{tokens}"), seconds));
        self.passed += usize::from(trial.wrong.is_none());
        self.rounds += trial.rounds;
        self.tokens += tokens;
        self.time += trial.time;
        self.is_estimate |= spent.is_estimate;
        self.cost = self.cost.zip(spent.cost()).map(|(sum, cost)| sum + cost.micros());
        self.rows.last().map_or("", String::as_str)
    }

    /// How many were not done well.
    pub(crate) fn failed(&self) -> usize {
        self.rows.len() - self.passed
    }
}

impl Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "| task | result | rounds | tokens | seconds |\n|---|---|---:|---:|---:|")?;
        self.rows.iter().try_for_each(|row| writeln!(formatter, "{row}"))?;
        let about = if self.is_estimate { "about " } else { "" };
        let result = format!("{} of {} passed", self.passed, self.rows.len());
        let all = row("all", &result, self.rounds, &format!("{about}{}", self.tokens), self.time.as_secs_f64());
        writeln!(formatter, "{all}\n")?;
        match self.cost {
            #[expect(clippy::cast_precision_loss, reason = "dollars for people")]
            Some(micros) => write!(formatter, "It cost {about}${:.4}.", micros as f64 / 1e6),
            None => write!(formatter, "What it cost is not known: PRICES_FILE can say."),
        }
    }
}

fn row(task: &str, result: &str, rounds: u32, tokens: &str, seconds: f64) -> String {
    format!("| {task} | {result} | {rounds} | {tokens} | {seconds:.1} |")
}

/// On one line, without what would end a cell.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "/");
    let mut shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}
