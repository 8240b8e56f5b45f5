//! What keeps code apart from the machine and from other code.

use super::check::{Check, Section};
use crate::interpreter::{Isolation, Status};

/// The isolation in force and its protections.
pub(super) fn section(status: &Status) -> Section {
    let mut checks = vec![match status.isolation {
        Isolation::Thread => Check::note(
            "thread",
            "in force: code runs in this process. This is no security boundary; run only code you trust.",
        ),
        Isolation::Process => Check::good("process", "in force: code runs in a sandbox of its own."),
    }];
    checks.extend(status.protections.iter().map(|protection| {
        if protection.in_force {
            Check::good(&*protection.name, &*protection.detail)
        } else {
            Check::note(&*protection.name, &*protection.detail)
        }
    }));
    if status.isolation == Isolation::Thread {
        checks.push(Check::note("process", "the sandbox is not part of this build"));
    }
    Section { title: "Isolation", checks }
}
