//! The folders that runs work in and that things are kept in.

use std::{
    env, fs,
    io::{self, Write},
    path::{self, Path},
};

use rustix::fs::statfs;

use super::check::{Check, Section};
use crate::config::Settings;

/// `TMPFS_MAGIC` of linux/magic.h: files that lie in memory.
const TMPFS: i64 = 0x0102_1994;

/// Whether temporary files can be made, how fast that is, and whether the data folder can be used.
pub(super) fn section(settings: &Settings) -> Section {
    let temporary = env::temp_dir();
    let mut checks = vec![match try_writing(&temporary) {
        Ok(()) => Check::good("temporary files", format!("{} can be written to", temporary.display())),
        Err(error) => {
            let advice = "Make room or allow writing there, or set TMPDIR to another folder.";
            Check::missing(
                "temporary files",
                format!("{} cannot be written to: {error}. {advice}", temporary.display()),
            )
        }
    }];
    checks.push(speed(&temporary));
    checks.push(data_folder(&settings.interpreter.data_dir));
    Section { title: "Folders", checks }
}

fn try_writing(folder: &Path) -> io::Result<()> {
    let made = tempfile::tempdir_in(folder)?;
    let mut file = fs::File::create(made.path().join("probe"))?;
    file.write_all(b"taipan")?;
    file.sync_all()
}

fn speed(folder: &Path) -> Check {
    match statfs(folder) {
        Ok(found) if found.f_type == TMPFS => Check::good("their speed", "in memory (tmpfs)"),
        Ok(_) => Check::note("their speed", "on disk; a tmpfs would be faster, such as TMPDIR=/dev/shm"),
        Err(error) => Check::weak("their speed", format!("unknown: {error}")),
    }
}

/// The data folder is made when it is needed, so its nearest folder that exists is what must allow writing.
fn data_folder(given: &Path) -> Check {
    let name = "data folder";
    let Ok(absolute) = path::absolute(given) else {
        return Check::weak(name, format!("{}: the current folder is gone", given.display()));
    };
    let existing = absolute.ancestors().find(|folder| folder.exists()).unwrap_or(&absolute);
    let state = if existing == absolute { "can be written to" } else { "is made when it is needed" };
    match try_writing(existing) {
        Ok(()) => Check::good(name, format!("{} {state}", absolute.display())),
        Err(error) => {
            let advice = "Packages cannot be installed; allow writing there, or set DATA_DIR to another folder.";
            Check::weak(name, format!("{} cannot be written to: {error}. {advice}", absolute.display()))
        }
    }
}
