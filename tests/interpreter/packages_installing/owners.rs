//! Installed packages are the owner's own (X6, X14).

use taipan::{Isolation, Request, interpreter::PackagePolicy};

use super::{installing, nothing_installed, without_versions};
use crate::interpreters::{apply, complete, in_both, raised, settings};

/// X14: what one owner has installed another has not, neither as a file nor in `sys.modules`.
#[apply(in_both)]
#[tokio::test]
async fn what_an_owner_installed_is_not_there_for_others(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let outcome = complete(&interpreter, Request::new("import cowsay, h5py").owner("a")).await;
    assert_eq!(without_versions(&outcome.installed_packages), ["cowsay", "h5py"]);
    let nobody_installs = settings(isolation).packages_folder(packages.path()).build().expect("an interpreter");
    let look = "
import importlib.util, sys
print([name for name in sys.modules if 'cowsay' in name or 'h5py' in name], importlib.util.find_spec('cowsay') is not None)";
    let outcome = complete(&nobody_installs, Request::new(look).owner("b")).await;
    assert_eq!(outcome.stdout, "[] False\n");
    let no_owner = raised(&nobody_installs, Request::new("import cowsay")).await;
    assert_eq!(
        no_owner,
        (
            "ModuleNotFoundError".to_owned(),
            "No module named 'cowsay'. The package cowsay could not be installed. Installing packages is switched off."
                .to_owned()
        )
    );
    let outcome = complete(&nobody_installs, Request::new("import cowsay; cowsay.__name__").owner("a")).await;
    assert_eq!(outcome.result.expect("a name").text, "'cowsay'");
}

/// X14: libraries in machine code of two owners live side by side, in isolation `thread` in one process.
#[apply(in_both)]
#[tokio::test]
async fn two_owners_use_the_same_library_in_machine_code(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let code = "
import h5py, pyreadstat, msgpack
with h5py.File('a.h5', 'w') as file: file['x'] = [1, 2, 3]
print(h5py.File('a.h5')['x'][:].tolist(), pyreadstat.__file__.count('site-packages'), msgpack.unpackb(msgpack.packb([1])))
print(h5py.h5f.__file__)";
    let mut places = Vec::new();
    for owner in ["a", "b", "a"] {
        let outcome = complete(&interpreter, Request::new(code).owner(owner)).await;
        let (first, place) = outcome.stdout.trim_end().split_once('\n').expect("two lines");
        assert_eq!(first, "[1, 2, 3] 0 [1]");
        places.push(place.to_owned());
    }
    // Sandboxes may show each owner his packages at one place.
    assert!(places[0] == places[2] && (places[0] != places[1] || isolation == Isolation::Process), "{places:?}");
}

/// X14: a package that its owner changes on the disk is changed for nobody else, now or later. In a sandbox it cannot
/// be changed.
#[apply(in_both)]
#[tokio::test]
async fn a_package_that_its_owner_changes_stays_as_it_was_for_others(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    complete(&interpreter, Request::new("import cowsay").owner("first")).await;
    let change = "
import cowsay
for path in (cowsay.__file__, cowsay.main.__file__):
    with open(path, 'a') as file: file.write('\\nCHANGED = True\\n')";
    match isolation {
        Isolation::Thread => drop(complete(&interpreter, Request::new(change).owner("bad")).await),
        Isolation::Process => read_only(raised(&interpreter, Request::new(change).owner("bad")).await),
    }
    let look = "import cowsay; print([hasattr(module, 'CHANGED') or 'CHANGED' in open(module.__file__).read() for module in (cowsay, cowsay.main)])";
    for owner in ["first", "later"] {
        let outcome = complete(&interpreter, Request::new(look).owner(owner)).await;
        assert_eq!(outcome.stdout, "[False, False]\n", "{owner}");
    }
}

/// What code is told that tries to change packages in a sandbox.
fn read_only((kind, message): (String, String)) {
    assert!(
        kind == "PermissionError" || message.starts_with("[Errno 30] Read-only file system: "),
        "{kind}: {message}"
    );
}

/// X6: base packages stay what they are, whatever is installed beside them.
#[apply(in_both)]
#[tokio::test]
async fn base_packages_are_never_shadowed(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let code = "
import tabulate, missingno
import numpy, pandas, scipy, matplotlib, sys
owners = missingno.__file__.split('missingno')[0]
print([module.__name__ for module in (numpy, pandas, scipy, matplotlib) if module.__file__.startswith(owners)])";
    let outcome = complete(&interpreter, Request::new(code).owner("a")).await;
    assert_eq!(outcome.stdout, "[]\n");
    assert_eq!(without_versions(&outcome.installed_packages), ["missingno", "tabulate"]);
    // A package of the owner's cannot take a base package's place either.
    let code = "
import os, missingno
folder = os.path.dirname(os.path.dirname(missingno.__file__))
os.makedirs(folder + '/pandas'); open(folder + '/pandas/__init__.py', 'w').write('raise SystemExit(9)')
open(folder + '/json.py', 'w').write('raise SystemExit(9)')";
    match isolation {
        Isolation::Thread => drop(complete(&interpreter, Request::new(code).owner("a")).await),
        Isolation::Process => read_only(raised(&interpreter, Request::new(code).owner("a")).await),
    }
    let outcome =
        complete(&interpreter, Request::new("import json, pandas; print(pandas.DataFrame().shape)").owner("a")).await;
    assert_eq!(outcome.stdout, "(0, 0)\n");
}

/// X6: what is there is used; nobody is asked again.
#[apply(in_both)]
#[tokio::test]
async fn the_next_run_of_the_owner_installs_nothing(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let code = "import cowsay; print(cowsay.char_names[0])";
    let first = complete(&interpreter, Request::new(code).owner("a")).await;
    assert_eq!(without_versions(&first.installed_packages), ["cowsay"]);
    let again = complete(&interpreter, Request::new(code).owner("a")).await;
    assert_eq!((again.stdout, again.installed_packages, again.failed_packages), (first.stdout.clone(), vec![], vec![]));
    // Also for another interpreter, later.
    let later =
        settings(isolation).packages(PackagePolicy::default()).packages_folder(packages.path()).build().expect("built");
    let again = complete(&later, Request::new(code).owner("a")).await;
    assert_eq!((again.stdout, again.installed_packages), (first.stdout, vec![]));
}
