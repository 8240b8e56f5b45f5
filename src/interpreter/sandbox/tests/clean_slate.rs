//! What a sandbox has of its program's: no variables, no descriptors, no namespaces.

use std::{
    fs, io,
    os::fd::{IntoRawFd, RawFd},
    process::Command,
};

use rustix::thread::{UnshareFlags, unshare_unsafe};

use super::{
    super::{
        Layer, Network,
        protections::{
            descriptors, environment,
            namespaces::{self, Namespaces},
        },
    },
    own_child::{Told, alone, in_child, in_force},
    own_process::{is_alone, start_again},
};

/// What a process is started with is all it has, and what is more is found.
#[test]
fn nothing_of_the_environment_is_left() {
    let test = "interpreter::sandbox::tests::clean_slate::nothing_of_the_environment_is_left";
    if !is_alone() {
        return start_again(test, &[("TAIPAN_TEST_TOKEN", "secret-token")]);
    }
    let variables = environment::zygote_environment("Europe/Berlin");
    let told = environment::verify(&variables).err().unwrap_or_default();
    assert!(told.contains("TAIPAN_TEST_TOKEN") && !told.contains("secret-token"), "{told}");

    let started = Command::new("cat").arg("/proc/self/environ").env_clear().envs(variables.clone()).output().unwrap();
    let mut given: Vec<_> = variables.iter().map(|(name, value)| format!("{name}={value}\0")).collect();
    given.sort();
    assert_eq!(String::from_utf8_lossy(&started.stdout), given.concat());
}

#[test]
fn only_descriptors_that_are_kept_stay_open() {
    alone(|| {
        // What this process has open anyway, the way by which it tells how it went among it.
        let keep: Vec<RawFd> =
            fs::read_dir("/proc/self/fd")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
        let other = fs::File::open("/etc/passwd")?.into_raw_fd();
        // SAFETY: a copy at a number far above.
        let far = unsafe { libc::dup2(other, 700) };
        let told = descriptors::verify(&keep).err().unwrap_or_default();
        assert!(told.contains("700"), "{told}");

        descriptors::close_all_but(&keep)?;
        descriptors::verify(&keep)?;
        for descriptor in [0, 1, 2, far] {
            // SAFETY: only asks for flags.
            let is_open = unsafe { libc::fcntl(descriptor, libc::F_GETFD) } != -1;
            assert_eq!(is_open, descriptor != far, "{descriptor}");
        }
        Ok(())
    });
}

/// As an ordinary user, whom a new user namespace makes almighty inside and nowhere else.
#[test]
fn other_processes_devices_and_namespaces_cannot_be_seen() {
    alone(|| {
        let outside = Namespaces::current()?;
        let told = namespaces::verify(&outside, Network::Off).err().unwrap_or_default();
        assert!(told.starts_with("The sandbox is in the program's own namespaces user:["), "{told}");
        let all = UnshareFlags::NEWUSER
            | UnshareFlags::NEWPID
            | UnshareFlags::NEWNS
            | UnshareFlags::NEWNET
            | UnshareFlags::NEWIPC
            | UnshareFlags::NEWUTS;
        // SAFETY: this process has one thread.
        let made = unsafe { unshare_unsafe(all) };
        if !in_force(Layer::Namespaces, made.map_err(|error| namespaces::why_not("unshare", &error.into()))) {
            return Ok(());
        }
        Ok(in_child(|| inside(&outside))?)
    });
}

fn inside(outside: &Namespaces) -> Told {
    let told = namespaces::verify(outside, Network::Off).err().unwrap_or_default();
    assert!(told.starts_with("The sandbox sees ") && told.ends_with(" processes."), "{told}");
    mount_own_proc()?;
    namespaces::verify(outside, Network::Off)?;
    assert_eq!(std::process::id(), 1);
    assert!(!fs::exists("/proc/2")?);
    Ok(())
}

fn mount_own_proc() -> io::Result<()> {
    // SAFETY: C strings that live on; the mounts are this process's own.
    let mounted = unsafe {
        libc::mount(
            c"none".as_ptr(),
            c"/".as_ptr(),
            std::ptr::null(),
            libc::MS_REC | libc::MS_PRIVATE,
            std::ptr::null(),
        ) == 0
            && libc::mount(c"proc".as_ptr(), c"/proc".as_ptr(), c"proc".as_ptr(), 0, std::ptr::null()) == 0
    };
    if mounted { Ok(()) } else { Err(io::Error::last_os_error()) }
}
