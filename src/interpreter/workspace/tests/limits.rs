use std::{fs::File, time::Instant};

use super::{TestResult, collect, file_names, omissions, place, write};
use crate::interpreter::workspace::CollectionLimits;

/// The budget of DESIGN 7: 1,000 generated files in a second.
#[test]
fn a_thousand_files_are_collected_in_well_under_a_second() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    for number in 0..1000 {
        write(workspace.path().join(format!("{number:04}.txt")), &"x".repeat(1024))?;
    }
    let started = Instant::now();
    let collection = collect(&workspace);
    let took = started.elapsed();
    assert_eq!((collection.files.len(), collection.omitted.len()), (1000, 0));
    assert_eq!((collection.files[999].name.as_str(), collection.files[999].size), ("0999.txt", 1024));
    assert!(took.as_millis() < 900, "it took {took:?}");
    Ok(())
}

/// X10: 1,000 files; the ones that are left out are the last by name, and are counted.
#[test]
fn more_than_a_thousand_files_are_named_and_counted() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    for number in 0..1150 {
        File::create(workspace.path().join(format!("{number:04}.txt")))?;
    }
    let collection = collect(&workspace);
    assert_eq!((collection.files.len(), collection.omitted.len(), collection.more_omitted), (1000, 100, 50));
    assert_eq!(omissions(&collection)[0], "1000.txt: A run may leave 1000 files, and this is one more.");
    Ok(())
}

/// X10: 500 MB together; what still fits is taken.
#[test]
fn files_beyond_the_total_size_are_named() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    write(workspace.path().join("a.txt"), "12345")?;
    write(workspace.path().join("b.txt"), "1234567")?;
    write(workspace.path().join("c.txt"), "12345")?;
    write(workspace.path().join("d.txt"), "1")?;
    let limits = CollectionLimits { max_total_bytes: 10, ..CollectionLimits::default() };
    let collection = workspace.collect(&limits);
    assert_eq!(file_names(&collection), ["a.txt", "c.txt"]);
    assert_eq!(
        omissions(&collection),
        ["b.txt", "d.txt"]
            .map(|name| format!("{name}: The files of a run may have 0.0 MB together, and this one does not fit."))
    );
    assert_eq!(collection.omitted[0].size, 7);
    Ok(())
}

#[test]
fn a_folder_with_too_many_names_ends_with_a_note() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    for number in 0..60 {
        File::create(workspace.path().join(format!("{number}.txt")))?;
    }
    let limits = CollectionLimits { max_entries_walked: 40, ..CollectionLimits::default() };
    let collection = workspace.collect(&limits);
    assert_eq!(collection.files.len(), 40);
    assert_eq!(collection.notes, ["The run's folder holds more than 40 names; only so many were looked at."]);
    Ok(())
}
