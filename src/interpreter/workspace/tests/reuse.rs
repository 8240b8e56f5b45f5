use std::fs;

use super::{TestResult, place, set_rights, write};
use crate::interpreter::workspace::LinksTo;
use crate::interpreter::{InputFile, workspace::Workspace};

fn recycled_after(
    code: impl FnOnce(&mut Workspace) -> TestResult,
) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    let place = place()?;
    let mut workspace = place.root.workspace()?;
    let path = workspace.path().to_owned();
    code(&mut workspace)?;
    let recycled = workspace.recycle();
    assert!(recycled.is_some() || fs::symlink_metadata(&path).is_err());
    Ok(recycled.is_some_and(|workspace| workspace.path() == path))
}

#[test]
fn an_untouched_folder_is_used_again() -> TestResult {
    assert!(recycled_after(|_| Ok(()))?);
    Ok(())
}

/// X14: nothing of one run may reach the next one.
#[test]
fn a_touched_folder_is_removed() -> TestResult {
    assert!(!recycled_after(|workspace| Ok(write(workspace.path().join("a.txt"), "x")?))?);
    assert!(!recycled_after(|workspace| Ok(write(workspace.path().join(".hidden"), "x")?))?);
    assert!(!recycled_after(|workspace| Ok(fs::create_dir(workspace.path().join("folder"))?))?);
    assert!(!recycled_after(|workspace| Ok(set_rights(workspace.path(), 0o755)?))?);
    assert!(!recycled_after(|workspace| Ok(fs::remove_dir(workspace.path())?))?);
    Ok(())
}

/// A file that was made and deleted may still be open somewhere.
#[test]
fn a_folder_that_was_emptied_again_is_removed() -> TestResult {
    let emptied = recycled_after(|workspace| {
        // File systems count time in steps; a change within the step of the making cannot be told from it.
        std::thread::sleep(std::time::Duration::from_millis(20));
        write(workspace.path().join("a.txt"), "x")?;
        Ok(fs::remove_file(workspace.path().join("a.txt"))?)
    })?;
    assert!(!emptied);
    Ok(())
}

#[test]
fn a_folder_that_held_inputs_is_removed() -> TestResult {
    let given = tempfile::NamedTempFile::new()?;
    let file = InputFile::new("a", given.path());
    assert!(!recycled_after(|workspace| Ok(workspace.place_inputs(&[file], LinksTo::Originals).map(drop)?))?);
    Ok(())
}
