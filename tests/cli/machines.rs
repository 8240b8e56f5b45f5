//! Machines that lack what a sandbox needs: a sentence says what to allow, and code never runs with less than was
//! asked for (issue 3, "Bad input"; X16).

use std::{
    os::unix::process::CommandExt,
    process::{Command, Output},
};

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
use taipan::Isolation;

use super::program::{Ended, Folder};

/// What a shell's script comes to that changes the machine for itself alone; `$TAIPAN` is the program.
fn in_own_namespaces(script: &str) -> Ended {
    let folder = Folder::of(Isolation::Process);
    // Everything that the folder sets is for the program.
    let settings = folder.command(&[]);
    let mut shell = Command::new("unshare");
    shell.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).current_dir(folder.path());
    shell.env("TAIPAN", env!("CARGO_BIN_EXE_taipan"));
    for (name, value) in settings.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.output().expect("a working machine").into()
}

/// Calls the program where a filter answers these system calls with an error, as a container's does.
fn where_calls_fail(command: &mut Command, calls: &[libc::c_long], error: i32) -> Output {
    let rules = calls.iter().map(|call| (*call, Vec::new())).collect();
    let arch = TargetArch::try_from(std::env::consts::ARCH).expect("an architecture");
    let refuse = SeccompAction::Errno(u32::try_from(error).expect("a number"));
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch).expect("a filter");
    let program: BpfProgram = filter.try_into().expect("a program");
    let apply = move || seccompiler::apply_filter(&program).map_err(std::io::Error::other);
    // SAFETY: between fork and exec only system calls are made.
    unsafe { command.pre_exec(apply) };
    command.output().expect("a working machine")
}

fn refused(reason: &str) -> Ended {
    Ended::with(3, "", &format!("error: The sandbox cannot be set up: {reason}\n"))
}

const NO_SPACE: &str = "namespaces could not be made (unshare: No space left on device (os error 28)).";

#[test]
fn without_user_namespaces_the_setting_to_raise_is_named() {
    let ended = in_own_namespaces("echo 0 > /proc/sys/user/max_user_namespaces; \"$TAIPAN\" run -c 'print(1)'");
    let advice = "This system allows no user namespaces; allow them with `sysctl user.max_user_namespaces=10000`.";
    assert_eq!(ended, refused(&format!("{NO_SPACE} {advice}")));
}

/// Namespaces for the zygote, and none for its sandboxes.
#[test]
fn with_too_few_namespaces_the_setting_to_raise_is_named() {
    let advice = "Too many namespaces are in use or nested; raise `user.max_user_namespaces` and its neighbours.";
    let none = in_own_namespaces("echo 0 > /proc/sys/user/max_pid_namespaces; \"$TAIPAN\" run -c 'print(1)'");
    assert_eq!(none, refused(&format!("{NO_SPACE} {advice}")));
    let few = in_own_namespaces("echo 1 > /proc/sys/user/max_user_namespaces; \"$TAIPAN\" run -c 'print(1)'");
    let layer = "the layer `namespaces` is required, and it is not in force. Namespaces could not be made (unshare: No \
                 space left on device (os error 28)).";
    assert_eq!(few, refused(&format!("{layer} {advice}")));
    let one = in_own_namespaces("echo 1 > /proc/sys/user/max_pid_namespaces; \"$TAIPAN\" run -c 'print(1)'");
    assert_eq!(one, refused("no process could be made for a sandbox: No space left on device (os error 28)."));
}

#[test]
fn a_container_that_forbids_unshare_is_told_what_to_allow() {
    let folder = Folder::of(Isolation::Process);
    let mut command = folder.command(&["run", "-c", "print(1)"]);
    let output = where_calls_fail(&mut command, &[libc::SYS_unshare], libc::EPERM);
    let reason = "namespaces could not be made (unshare: Operation not permitted (os error 1)). The container that this \
                  program runs in forbids it; start it with a seccomp profile that allows `unshare`, `mount`, `umount2`, \
                  `pivot_root` and `setns` (with Docker `--security-opt seccomp=… --security-opt apparmor=unconfined \
                  --security-opt systempaths=unconfined`).";
    assert_eq!(Ended::from(output), refused(reason));
}

#[test]
fn a_container_that_hides_parts_of_proc_is_told_what_to_allow() {
    let ended = in_own_namespaces("mount -t tmpfs none /proc/fs; \"$TAIPAN\" run -c 'print(1)'");
    let reason = "a sandbox can have no /proc of its own, since parts of this system's /proc are hidden (Operation not \
                  permitted (os error 1)); in a container allow all of it (with Docker `--security-opt \
                  systempaths=unconfined`).";
    assert_eq!(ended, refused(reason));
}

/// Sandboxes have one of their own.
#[test]
fn a_host_without_dev_shm_is_enough() {
    let script = "mkdir dev; mount -t tmpfs none dev; for name in null zero random urandom; do touch dev/$name; mount \
                  --bind /dev/$name dev/$name; done; mount --rbind dev /dev; ls /dev; \"$TAIPAN\" run -c \"import os\n\
                  print(os.path.ismount('/dev/shm'))\nopen('/dev/shm/a', 'w').write('b')\nNone\"";
    assert_eq!(in_own_namespaces(script), Ended::with(0, "null\nrandom\nurandom\nzero\nTrue\n", ""));
}

/// Root of a container that an ordinary user has started is no root: it cannot become anybody else, and need not.
#[test]
fn root_of_a_user_namespace_has_sandboxes_too() {
    let ended = in_own_namespaces("id -u; \"$TAIPAN\" run -c 'import os\nprint(os.getuid())'");
    assert_eq!(ended, Ended::with(0, "0\n1000\n", ""));
}

const LANDLOCK: [libc::c_long; 3] =
    [libc::SYS_landlock_create_ruleset, libc::SYS_landlock_add_rule, libc::SYS_landlock_restrict_self];

const NO_LANDLOCK: &str = "The kernel has no Landlock, or a container's seccomp profile forbids it: use Linux 5.13 or \
    newer built with CONFIG_SECURITY_LANDLOCK, and allow the calls `landlock_create_ruleset`, `landlock_add_rule` and \
    `landlock_restrict_self`.";

#[test]
fn a_kernel_without_landlock_runs_code_unless_landlock_is_required() {
    let folder = Folder::of(Isolation::Process);
    let mut command = folder.command(&["run", "-c", "print(1)"]);
    assert_eq!(Ended::from(where_calls_fail(&mut command, &LANDLOCK, libc::ENOSYS)), Ended::with(0, "1\n", ""));

    let mut command = folder.command(&["run", "-c", "print(1)"]);
    command.env("SANDBOX_REQUIRE", "landlock,seccomp");
    let ended = Ended::from(where_calls_fail(&mut command, &LANDLOCK, libc::ENOSYS));
    assert_eq!(ended, refused(&format!("the layer `landlock` is required, and it is not in force. {NO_LANDLOCK}")));
}

/// The rows of doctor for one layer: without need, needed in vain, and needed by nobody who runs code.
#[test]
fn doctor_tells_a_missing_layer_from_a_needed_one() {
    let stops = "not in force: would stop opening files outside of what a run may read and write, and executing any.";
    for (isolation, required, mark, end, code) in [
        (Isolation::Process, "seccomp", '!', "", 0),
        (Isolation::Process, "landlock", '✗', " SANDBOX_REQUIRE asks for it.", 3),
        (Isolation::Thread, "landlock", '!', "", 0),
    ] {
        let folder = Folder::of(isolation);
        let mut command = folder.command(&["doctor", "--offline"]);
        command.env("SANDBOX_REQUIRE", required);
        let ended = Ended::from(where_calls_fail(&mut command, &LANDLOCK, libc::ENOSYS));
        let row = ended.stdout.lines().find(|line| line.contains(" landlock ")).unwrap();
        let row: Vec<_> = row.split_whitespace().collect();
        assert_eq!(row.join(" "), format!("{mark} landlock {stops} {NO_LANDLOCK}{end}"));
        assert_eq!(ended.code, Some(code), "{}", ended.stdout);
    }
}

/// No sandbox at all: needed with isolation `process`, and a remark without it.
#[test]
fn doctor_says_why_there_is_no_sandbox() {
    for (isolation, mark, code) in [(Isolation::Process, '✗', 3), (Isolation::Thread, '!', 0)] {
        let folder = Folder::of(isolation);
        let mut command = folder.command(&["doctor", "--offline"]);
        let ended = Ended::from(where_calls_fail(&mut command, &[libc::SYS_unshare], libc::EPERM));
        let row = ended.stdout.lines().find(|line| line.contains(" sandbox ")).unwrap();
        let start = format!("  {mark} sandbox ");
        assert!(row.starts_with(&start) && row.contains("The sandbox cannot be set up: namespaces could not"), "{row}");
        assert_eq!(ended.code, Some(code), "{}", ended.stdout);
    }
}

/// Wherever on the way to a sandbox it is hit.
#[test]
fn a_limit_of_open_files_is_named() {
    let folder = Folder::of(Isolation::Process);
    let taipan = folder.command(&["run", "-c", "print(1)"]);
    for files in [16, 20] {
        let mut limited = Command::new("prlimit");
        limited.arg(format!("--nofile={files}")).arg(taipan.get_program()).args(taipan.get_args());
        let output = limited.current_dir(folder.path()).env("ISOLATION", "process").output().unwrap();
        let ended = Ended::from(output);
        assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.lines().count()), (Some(3), "", 1), "{files}");
        assert!(ended.stderr.starts_with("error: The sandbox"), "{}", ended.stderr);
        assert!(ended.stderr.contains(": Too many open files (os error 24)."), "{}", ended.stderr);
    }
}
