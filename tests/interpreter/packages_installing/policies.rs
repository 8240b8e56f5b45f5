//! What is not installed, and what the code and its owner are told about it (X6).

use std::{collections::BTreeSet, process::Command};

use taipan::{
    Isolation, Request,
    interpreter::{AutoInstall, PackagePolicy},
};

use super::{installing, nothing_installed};
use crate::interpreters::{apply, complete, in_both, raised, settings};

/// X6: each refusal has its reason, in the exception and in the outcome.
#[apply(in_both)]
#[tokio::test]
async fn a_refusal_says_why(isolation: Isolation) {
    let packages = nothing_installed();
    let denied = BTreeSet::from(["cowsay".to_owned()]);
    let policies = [
        PackagePolicy { auto_install: AutoInstall::Off, ..PackagePolicy::default() },
        PackagePolicy { auto_install: AutoInstall::Approved, ..PackagePolicy::default() },
        PackagePolicy { denied, ..PackagePolicy::default() },
    ];
    let mut told = Vec::new();
    for policy in policies {
        let interpreter =
            settings(isolation).packages(policy).packages_folder(packages.path()).build().expect("an interpreter");
        let outcome = interpreter.execute(Request::new("import cowsay")).await.expect("an outcome");
        let taipan::Ending::Raised(exception) = outcome.ending else { panic!("{:?}", outcome.ending) };
        told.push(format!("{}: {}", exception.type_name, exception.message));
        let failed = outcome.failed_packages.iter().map(|failed| format!("{}: {}", failed.name, failed.reason));
        told.extend(failed);
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    ModuleNotFoundError: No module named 'cowsay'. The package cowsay could not be installed. Installing packages is switched off.
    cowsay: Installing packages is switched off.
    ModuleNotFoundError: No module named 'cowsay'. The package cowsay could not be installed. It is not on the list of approved packages, and only those are installed here.
    cowsay: It is not on the list of approved packages, and only those are installed here.
    ModuleNotFoundError: No module named 'cowsay'. The package cowsay could not be installed. It is on the deny list: whoever runs this interpreter put it on the deny list.
    cowsay: It is on the deny list: whoever runs this interpreter put it on the deny list.
    ");
}

/// X6: what is not there is said to be not there; the code may catch it, and other packages come all the same.
#[apply(in_both)]
#[tokio::test]
async fn code_may_do_without_a_package_that_cannot_be_had(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let code = "
import cowsay
try:
    import taipan_has_no_such_package
except ImportError as error:
    print(type(error).__name__, error.name, error)
print(cowsay.__name__)";
    let outcome = complete(&interpreter, Request::new(code)).await;
    insta::assert_snapshot!(outcome.stdout, @r"
    ModuleNotFoundError taipan_has_no_such_package No module named 'taipan_has_no_such_package'. The package taipan-has-no-such-package could not be installed. There is no package of this name in the index.
    cowsay
    ");
    let failed: Vec<_> = outcome.failed_packages.iter().map(|failed| failed.name.as_str()).collect();
    assert_eq!(failed, ["taipan-has-no-such-package"]);
    // A module that belongs to nobody, inside a package that is there, is an ordinary mistake.
    let (kind, message) = raised(&interpreter, Request::new("import json.nothing")).await;
    assert_eq!((kind.as_str(), message.as_str()), ("ModuleNotFoundError", "No module named 'json.nothing'"));
    let (kind, message) = raised(&interpreter, Request::new("from json import nothing")).await;
    assert_eq!(kind, "ImportError");
    assert!(message.starts_with("cannot import name 'nothing' from 'json'"), "{message}");
}

/// X6: an index that cannot be reached ends in one sentence. The index is a setting of the process, so this one is a
/// process of its own.
#[test]
fn an_index_that_cannot_be_reached_is_named_as_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_taipan"))
        .args(["run", "-c", "import cowsay"])
        .current_dir(folder.path())
        .env("TMPDIR", folder.path())
        .env("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
        .env_remove("PIP_FIND_LINKS")
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = stderr.lines().find(|line| line.starts_with("ModuleNotFoundError")).unwrap_or(&stderr);
    assert_eq!(
        last,
        "ModuleNotFoundError: No module named 'cowsay'. The package cowsay could not be installed. The package index \
         cannot be reached: Connection refused (os error 111)."
    );
}
