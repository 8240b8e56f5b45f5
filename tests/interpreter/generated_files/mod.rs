//! Every file a run creates or changes is captured, whatever it is (S1).

mod hostile;
mod limits;
mod live;
mod places;
mod taken;

use taipan::Outcome;

/// Names and sizes of what was generated.
fn listed(outcome: &Outcome) -> Vec<(&str, u64)> {
    outcome.generated_files.iter().map(|file| (file.name.as_str(), file.size)).collect()
}

/// Names and reasons of what was left out.
fn left_out(outcome: &Outcome) -> Vec<(&str, &str)> {
    outcome.omitted.files.iter().map(|file| (file.name.as_str(), file.reason.as_str())).collect()
}
