//! The status says what the interpreter is and what it is doing (X16).

use taipan::{Isolation, Request};

use super::{Held, interpreter};
use crate::interpreters::{apply, in_both};

/// X16
#[apply(in_both)]
#[tokio::test]
async fn the_numbers_follow_what_goes_on(isolation: Isolation) {
    let interpreter = interpreter(isolation, 2, 8);
    let numbers = || {
        let status = interpreter.status();
        (status.workers_busy, status.workers_idle, status.queue_length)
    };
    assert_eq!(numbers(), (0, 2, 0));
    let first = Held::start(&interpreter, Request::new).await;
    assert_eq!(numbers(), (1, 1, 0));
    let second = Held::start(&interpreter, Request::new).await;
    let waiting = interpreter.start(Request::new("1")).await.expect("a run");
    assert_eq!(numbers(), (2, 0, 1));
    second.go_on();
    assert!(waiting.outcome().await.expect("an outcome").success());
    assert!(second.run.outcome().await.expect("an outcome").success());
    assert_eq!(numbers(), (1, 1, 0));
    first.go_on();
    assert!(first.run.outcome().await.expect("an outcome").success());
    assert_eq!(numbers(), (0, 2, 0));
}

/// X16
#[apply(in_both)]
#[tokio::test]
async fn it_says_what_python_and_packages_there_are(isolation: Isolation) {
    let interpreter = interpreter(isolation, 1, 1);
    let status = interpreter.status();
    let code = "import sys, platform\nprint(platform.python_version())\nprint(sys.executable)";
    let told = interpreter.execute(Request::new(code)).await.expect("an outcome").output;
    // Inside of a sandbox the environment lies elsewhere.
    let python = match isolation {
        Isolation::Thread => status.python_path.clone(),
        Isolation::Process => "/opt/venv/bin/python".into(),
    };
    assert_eq!(told, format!("{}\n{}\n", status.python_version, python.display()));
    assert!(status.python_path.exists());
    assert!(status.venv_exists);
    assert_eq!(status.package_count, status.installed_packages.len());
    let names: Vec<_> = status.installed_packages.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert!(names.contains(&"numpy") && names.contains(&"pandas"), "{names:?}");
    assert_eq!(status.isolation, isolation);
    let protections: Vec<_> =
        status.protections.iter().map(|protection| (protection.name.as_str(), protection.in_force)).collect();
    let limits = [("time limit", true), ("output limit", true), ("file limits", true)];
    let layers = match isolation {
        Isolation::Thread => vec![("sandbox", false)],
        Isolation::Process => {
            ["namespaces", "landlock", "seccomp", "rlimits", "environment", "descriptors", "memory", "workspace"]
                .map(|layer| (layer, true))
                .to_vec()
        }
    };
    assert_eq!(protections, [&limits[..], &layers].concat());
    assert!(interpreter.status().uptime > status.uptime);
}
