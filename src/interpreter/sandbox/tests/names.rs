//! How layers are called, and what is said when one is missing.

use std::{io, path::Path};

use super::super::{
    Layer,
    protections::{LayerReport, namespaces::why_not_on},
};

#[test]
fn every_layer_is_found_by_its_name() {
    let names = Layer::ALL.map(Layer::name);
    assert_eq!(
        names,
        ["namespaces", "landlock", "seccomp", "rlimits", "environment", "descriptors", "memory", "workspace"]
    );
    for layer in Layer::ALL {
        assert_eq!(layer.name().parse(), Ok(layer));
        assert_eq!(serde_json::to_value(layer).ok(), Some(layer.name().into()));
    }
    assert_eq!(" Landlock ".parse(), Ok(Layer::Landlock));
    assert_eq!(
        "firewall".parse::<Layer>().map_err(|error| error.to_string()),
        Err("`firewall` is not a layer of protection; there are namespaces, landlock, seccomp, rlimits, environment, \
             descriptors, memory, workspace."
            .to_owned())
    );
}

#[test]
fn a_report_names_what_is_missing() {
    assert_eq!(LayerReport::new(Layer::Memory, Ok(())).missing, None);
    assert_eq!(LayerReport::new(Layer::Memory, Err("No.".into())).missing.as_deref(), Some("No."));
}

#[test]
fn it_is_said_what_forbids_namespaces() {
    let denied = io::Error::from_raw_os_error(libc::EPERM);
    let told = |path: &'static str, content: &'static str| {
        why_not_on("unshare", &denied, |asked| (asked == Path::new(path)).then(|| content.to_owned()))
    };
    let start = "Namespaces could not be made (unshare: Operation not permitted (os error 1)). ";
    assert_eq!(
        told("/proc/sys/kernel/unprivileged_userns_clone", "0\n"),
        format!(
            "{start}This system forbids user namespaces to ordinary users; allow them with `sysctl \
             kernel.unprivileged_userns_clone=1`."
        )
    );
    assert_eq!(
        told("/proc/sys/user/max_user_namespaces", "0\n"),
        format!(
            "{start}This system allows no user namespaces; allow them with `sysctl user.max_user_namespaces=10000`."
        )
    );
    assert_eq!(
        told("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n"),
        format!(
            "{start}AppArmor restricts user namespaces here; allow them with `sysctl \
             kernel.apparmor_restrict_unprivileged_userns=0`, or give the program a profile with the rule `userns,`."
        )
    );
    assert!(told("/proc/self/status", "Name:\tx\nSeccomp:\t2\n").contains("--security-opt seccomp"));
    assert_eq!(
        told("/proc/sys/user/max_user_namespaces", "100\n"),
        format!("{start}A security module or a changed root folder (chroot) may forbid it; the system's log may tell.")
    );
}
