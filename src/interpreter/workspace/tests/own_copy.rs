use std::{
    fs,
    io::Write as _,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::{Arc, Barrier},
    thread,
};

use super::{Place, TestResult, collect, file_names, place, write};
use crate::interpreter::workspace::LinksTo;
use crate::interpreter::{
    InputFile,
    workspace::{CollectionLimits, CopyStart, Inputs, Workspace},
};

struct Run {
    place: Place,
    workspace: Workspace,
    inputs: Arc<Inputs>,
    original: PathBuf,
}

impl Run {
    /// A run that was given `sales.csv`.
    fn start() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let place = place()?;
        let original = place.parent.path().canonicalize()?.join("sales.csv");
        write(&original, "original")?;
        let mut workspace = place.root.workspace()?;
        let inputs = workspace.place_inputs(&[InputFile::new("sales", &original)], LinksTo::Originals)?;
        Ok(Self { place, workspace, inputs, original })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.workspace.path().join(name)
    }

    fn make_writable(&self, path: impl AsRef<Path>) -> std::io::Result<Option<PathBuf>> {
        self.inputs.make_writable(path.as_ref(), CopyStart::Content)
    }
}

/// X5: the stored originals never change.
#[test]
fn an_input_opened_for_writing_becomes_the_runs_own() -> TestResult {
    let run = Run::start()?;
    assert_eq!(run.make_writable("sales.csv")?, Some(run.path("sales.csv")));
    assert!(fs::symlink_metadata(run.path("sales.csv"))?.is_file());
    assert_eq!(fs::read_to_string(run.path("sales.csv"))?, "original");
    write(run.path("sales.csv"), "changed!")?;
    assert_eq!(fs::read_to_string(&run.original)?, "original");
    let collection = collect(&run.workspace);
    assert_eq!(file_names(&collection), ["sales.csv"]);
    assert_eq!(collection.files[0].read()?, b"changed!");
    Ok(())
}

#[test]
fn an_unchanged_copy_is_not_a_result() -> TestResult {
    let run = Run::start()?;
    run.make_writable("sales.csv")?;
    assert_eq!(file_names(&collect(&run.workspace)), [""; 0]);
    write(run.path("sales.csv"), "original, and more")?;
    assert_eq!(file_names(&collect(&run.workspace)), ["sales.csv"]);
    Ok(())
}

#[test]
fn an_input_that_is_written_anew_is_not_copied_first() -> TestResult {
    let run = Run::start()?;
    run.inputs.make_writable(Path::new("sales.csv"), CopyStart::Empty)?;
    assert_eq!(fs::read_to_string(run.path("sales.csv"))?, "");
    assert_eq!(fs::read_to_string(&run.original)?, "original");
    Ok(())
}

#[test]
fn an_input_replaced_by_a_file_of_the_code_is_a_result() -> TestResult {
    let run = Run::start()?;
    fs::remove_file(run.path("sales.csv"))?;
    write(run.path("sales.csv"), "mine")?;
    assert_eq!(run.make_writable("sales.csv")?, None);
    let collection = collect(&run.workspace);
    assert_eq!(collection.files[0].read()?, b"mine");
    Ok(())
}

#[test]
fn whatever_path_leads_to_the_original_it_is_spared() -> TestResult {
    let run = Run::start()?;
    fs::create_dir(run.path("sub"))?;
    symlink("../sales.csv", run.path("sub/link"))?;
    symlink(&run.original, run.path("own_link"))?;
    fs::hard_link(&run.original, run.path("hard_link"))?;
    for name in ["own_link", "hard_link", "sub/link"] {
        assert_eq!(run.make_writable(name)?, Some(run.path(name)));
        write(run.path(name), name)?;
        assert_eq!(fs::read_to_string(&run.original)?, "original", "{name}");
    }
    assert!(fs::symlink_metadata(run.path("sub/link"))?.is_symlink());
    assert_eq!(fs::read_to_string(run.path("sales.csv"))?, "sub/link");
    Ok(())
}

/// `Path("sales.csv").resolve()` gives the original's own path.
#[test]
fn the_originals_own_path_leads_to_the_copy() -> TestResult {
    let run = Run::start()?;
    assert_eq!(run.make_writable(&run.original)?, Some(run.path("sales.csv")));
    write(run.path("sales.csv"), "changed")?;
    assert_eq!(run.make_writable(&run.original)?, Some(run.path("sales.csv")));
    assert_eq!(fs::read_to_string(run.path("sales.csv"))?, "changed");
    fs::remove_file(run.path("sales.csv"))?;
    assert_eq!(run.make_writable(&run.original)?, Some(run.path("sales.csv")));
    assert_eq!(fs::read_to_string(run.path("sales.csv"))?, "original");
    Ok(())
}

#[test]
fn other_paths_are_left_as_they_are() -> TestResult {
    let run = Run::start()?;
    let other = run.place.parent.path().join("other.csv");
    write(&other, "x")?;
    symlink(&other, run.path("link"))?;
    for path in [Path::new("new.csv"), Path::new("link"), &other, Path::new("sales.csv/x"), Path::new("")] {
        assert_eq!(run.make_writable(path)?, None, "{}", path.display());
    }
    Ok(())
}

#[test]
fn two_threads_get_one_copy() -> TestResult {
    for _ in 0..50 {
        let run = Run::start()?;
        let start = Barrier::new(4);
        thread::scope(|scope| {
            for letter in ["a", "b", "c", "d"] {
                let (run, start) = (&run, &start);
                scope.spawn(move || -> TestResult {
                    start.wait();
                    let path = run.make_writable("sales.csv")?.unwrap_or_else(|| run.path("sales.csv"));
                    fs::File::options().append(true).open(path)?.write_all(letter.as_bytes())?;
                    Ok(())
                });
            }
        });
        let mut end = fs::read_to_string(run.path("sales.csv"))?.split_off("original".len()).into_bytes();
        end.sort_unstable();
        assert_eq!(end, b"abcd");
        assert_eq!(fs::read_to_string(&run.original)?, "original");
        assert_eq!(fs::read_dir(run.workspace.path())?.count(), 1);
    }
    Ok(())
}

/// X5: the copy is outside `MAX_WORKSPACE_MB`; only what it grows by counts.
#[test]
fn a_changed_input_counts_with_its_growth() -> TestResult {
    let run = Run::start()?;
    run.make_writable("sales.csv")?;
    write(run.path("sales.csv"), "original+123")?;
    write(run.path("x.txt"), "123456")?;
    write(run.path("y.txt"), "1234567")?;
    let limits = CollectionLimits { max_total_bytes: 10, ..CollectionLimits::default() };
    let collection = run.workspace.collect(&limits);
    assert_eq!(file_names(&collection), ["sales.csv", "x.txt"]);
    Ok(())
}
