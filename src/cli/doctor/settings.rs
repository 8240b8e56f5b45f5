//! The settings in force.

use super::check::{Check, Section};
use crate::config::{InForce, Origin, Settings, SettingsError};

const TITLE: &str = "Settings";

/// Each setting with its value and where that comes from.
pub(super) fn section(settings: &Settings) -> Section {
    Section { title: TITLE, checks: settings.in_force.iter().map(check).collect() }
}

fn check(setting: &InForce) -> Check {
    let detail = match (setting.origin, setting.value.as_str()) {
        (Origin::Default, "") => "not set".to_owned(),
        (Origin::Default, value) => format!("{value} (default)"),
        (Origin::Given, value) => value.to_owned(),
    };
    Check::note(setting.name, detail)
}

/// What is wrong with the settings; nothing else can be looked at before that is put right.
pub(super) fn wrong(error: &SettingsError) -> Section {
    let checks = match error {
        SettingsError::Wrong(wrong) => {
            wrong.iter().map(|setting| Check::missing(setting.name, setting.to_string())).collect()
        }
        SettingsError::DotEnv { path, .. } => vec![Check::missing(path.display().to_string(), error.to_string())],
    };
    Section { title: TITLE, checks }
}
