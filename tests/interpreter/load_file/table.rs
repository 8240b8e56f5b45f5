//! Table T, extension by extension, over the sample files and their list of expectations.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Map, Value};
use taipan::{
    Ending, Interpreter, Isolation, Outcome, Request,
    formats::{Compression, FileType, detect_path},
    interpreter::PackagePolicy,
};

use super::samples;
use crate::interpreters::{apply, in_both, settings};

/// Loads every file and prints what is not as expected.
///
/// The imports in the function are there to be seen, not to be executed: what code imports and nobody has installed is
/// installed together.
const CHECK: &str = r#"
import contextlib, importlib, io, json

def what_readers_need():
    import astropy, bson, cbor2, duckdb, fastavro, geopandas, h5py, meshio, msgpack, netCDF4, nibabel, numbers_parser
    import pillow_heif, pydicom, pyreadr, pyreadstat, python_calamine, rasterio, scapy, tables, trimesh, xarray

def is_there(package):
    try:
        importlib.import_module({"pymongo": "bson"}.get(package, package.replace("-", "_")))
        return True
    except ImportError:
        return False

def notice(text):
    return "" if text is None else text + "\n"

def check(name, expected, missing):
    heard = io.StringIO()
    condition = expected["without"] if missing else expected["value"]
    try:
        with contextlib.redirect_stderr(heard):
            value = load_file(name)
    except ImportError as error:
        needs = f"Could not read '{name}' as {expected['type']}: that needs the package "
        if condition is None and type(error).__name__ == "MissingLibraryError" and str(error).startswith(needs):
            return str(error).removeprefix(needs).partition(",")[0] in missing or f"blames another package: {error}"
        raise
    if condition is None:
        return f"was read without {missing}"
    if not eval(condition, {"value": value, "path": get_file_path(name)}):
        return f"{value!r:.300} does not hold: {condition}"
    lines = heard.getvalue()
    if missing:
        line, _, lines = lines.partition("\n")
        start = f"{name}: {line.removeprefix(name + ': ').partition(' ')[0]} could not be imported ("
        if not line.startswith(start) or "); giving " not in line or not line.endswith(" instead."):
            return f"says {line!r}"
        return lines in ("", notice(expected.get("stderr"))) or f"also says {lines!r}"
    return lines == notice(expected.get("stderr")) or f"says {lines!r}"

with open("expectations.json", encoding="utf-8") as file:
    expectations = json.load(file)["files"]
packages = sorted({package for expected in expectations.values() for package in expected.get("packages", ())})
absent = {package for package in packages if not is_there(package)}
types = {entry["name"]: entry["type"] for entry in list_files()}
for name, expected in expectations.items():
    try:
        answer = check(name, expected, absent.intersection(expected.get("packages", ())))
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    if answer is not True:
        print(name, answer)
    if types[name] != expected["type"]:
        print(name, "is of type", types[name])
sorted(absent)
"#;

fn expectations() -> Map<String, Value> {
    let text = fs::read_to_string(samples().join("expectations.json")).expect("the list of expectations");
    let list: Value = serde_json::from_str(&text).expect("JSON");
    list["files"].as_object().expect("an object").clone()
}

/// Runs the check with all sample files, each under its own name.
async fn check(interpreter: &Interpreter) -> Outcome {
    let mut request = Request::new(CHECK).timeout(std::time::Duration::from_secs(300)).owner("table");
    for entry in fs::read_dir(samples()).expect("the samples") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        request = request.input_file(name, path);
    }
    interpreter.execute(request).await.expect("an outcome")
}

/// Table T: each of its extensions has a sample file, and each file a type and a compression that are found out.
#[test]
fn every_extension_has_a_sample_whose_type_is_found_out() {
    let expectations = expectations();
    let extensions = FileType::all().flat_map(|file_type| file_type.extensions);
    let without: Vec<_> =
        extensions.filter(|extension| !expectations.contains_key(&format!("sample.{extension}"))).collect();
    assert_eq!(without, [&""; 0]);
    let types: BTreeSet<_> = expectations.values().map(|expected| expected["type"].as_str()).collect();
    assert_eq!(types, FileType::all().map(|file_type| Some(file_type.name)).collect());
    for (name, expected) in &expectations {
        let detected = detect_path(name, samples().join(name)).expect("readable");
        let compression = expected.get("compression").and_then(Value::as_str);
        let found = (detected.file_type.name, detected.compression.map(Compression::name));
        assert_eq!(found, (expected["type"].as_str().expect("a type"), compression), "{name}");
    }
}

/// X2, X6, table T. What is rare is installed from the index, at once; it stays in `target` for the next time.
#[apply(in_both)]
#[tokio::test]
async fn load_file_gives_what_table_t_promises_for_every_sample(isolation: Isolation) {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-packages");
    let interpreter = settings(isolation)
        .packages(PackagePolicy::default())
        .packages_folder(packages)
        .build()
        .expect("an interpreter");
    let outcome = check(&interpreter).await;
    assert_eq!((&outcome.ending, outcome.stdout.as_str()), (&Ending::Completed, ""), "{}", outcome.stderr);
    // Of some packages there is no wheel for some Pythons; nothing else may keep one away.
    let no_wheel = "It has no wheel for this Python and system, and packages are not built from source here.";
    let reasons = outcome.failed_packages.iter().map(|package| package.reason.as_str());
    assert_eq!(reasons.filter(|reason| *reason != no_wheel).collect::<Vec<_>>(), [""; 0]);
}

/// X6, table T: with `AUTO_INSTALL=off` rare types give what the table says under "else", with one line on stderr, or
/// say which package is missing.
#[apply(in_both)]
#[tokio::test]
async fn without_their_packages_rare_types_give_something_else_or_say_what_is_missing(isolation: Isolation) {
    let folder = tempfile::tempdir().expect("a folder");
    let interpreter = settings(isolation).packages_folder(folder.path()).build().expect("an interpreter");
    let outcome = check(&interpreter).await;
    assert_eq!((&outcome.ending, outcome.stdout.as_str()), (&Ending::Completed, ""), "{}", outcome.stderr);
    let packages = expectations().into_iter().filter_map(|(_, expected)| expected.get("packages").cloned());
    let packages: BTreeSet<_> = packages
        .flat_map(|list| list.as_array().expect("a list").clone())
        .map(|package| package.as_str().expect("text").to_owned())
        .collect();
    let absent = outcome.result.expect("the packages that are not there").text.replace('\n', "");
    let absent: BTreeSet<_> = absent.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    assert_eq!(absent, packages);
}
