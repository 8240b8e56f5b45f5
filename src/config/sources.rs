//! Where settings come from: the environment of the process, and the file `.env`.

use std::{collections::HashMap, env, io, path::Path};

use super::error::SettingsError;

/// A variable of the process environment. Text that is not UTF-8 is kept readable, so that it can be named.
#[expect(clippy::disallowed_methods, reason = "the one reader of the environment")]
pub(super) fn environment(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// What the file `.env` sets; nothing when there is no such file. The process environment stays as it is.
///
/// A folder of that name is not looked at: some people keep their virtual environment there.
pub(super) fn dot_env(path: &Path) -> Result<HashMap<String, String>, SettingsError> {
    if path.is_dir() {
        return Ok(HashMap::new());
    }
    match dotenvy::from_path_iter(path) {
        Ok(lines) => lines.collect::<Result<_, _>>().map_err(|error| unreadable(path, &error)),
        Err(dotenvy::Error::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(HashMap::new()),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: &Path, error: &dotenvy::Error) -> SettingsError {
    let reason = match error {
        dotenvy::Error::LineParse(line, _) => format!("the line `{line}` is not of the form NAME=value"),
        other => other.to_string(),
    };
    SettingsError::DotEnv { path: path.to_path_buf(), reason }
}
