//! What Landlock stops: files, programs, connections and signals that the rules do not name.

use std::{
    ffi::CString,
    fs, io,
    net::{TcpListener, TcpStream},
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::{self, Command},
};

use rustix::process::{Pid, getppid, test_kill_process};

use super::{
    super::{
        Layer, Network,
        protections::landlock::{self, FileRules, restrict},
    },
    own_child::{alone, in_child, in_force},
};

/// A folder with `inside/` that may be written to, `readable/` that may be read, and `outside/`.
fn place() -> io::Result<(tempfile::TempDir, FileRules)> {
    let place = tempfile::tempdir()?;
    for folder in ["inside", "readable", "outside"] {
        fs::create_dir(place.path().join(folder))?;
        fs::write(place.path().join(folder).join("file"), "text")?;
    }
    let rules = FileRules {
        read: vec![place.path().join("readable")],
        write: vec![place.path().join("inside")],
        ..FileRules::default()
    };
    Ok((place, rules))
}

fn is_denied<T>(result: io::Result<T>) -> bool {
    result.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

#[test]
fn files_outside_of_the_rules_cannot_be_opened() {
    alone(|| {
        let (place, rules) = place()?;
        let outside = place.path().join("outside/file");
        assert_eq!(fs::read_to_string(&outside)?, "text");
        assert!(landlock::verify(&outside).is_err());
        if !in_force(Layer::Landlock, restrict(&rules)) {
            return Ok(());
        }
        landlock::verify(&outside)?;
        symlink(&outside, place.path().join("inside/link"))?;
        assert!(is_denied(fs::read(place.path().join("inside/link"))));
        assert!(is_denied(fs::read_dir(place.path().join("outside"))));
        assert!(is_denied(fs::remove_file(outside)));
        assert_eq!(fs::read_to_string(place.path().join("inside/file"))?, "text");
        fs::write(place.path().join("inside/new"), "text")?;
        fs::rename(place.path().join("inside/new"), place.path().join("inside/old"))?;
        Ok(())
    });
}

#[test]
fn files_to_be_read_cannot_be_changed() {
    alone(|| {
        let (place, rules) = place()?;
        let (readable, inside) = (place.path().join("readable"), place.path().join("inside"));
        fs::write(readable.join("file"), "text")?;
        if !in_force(Layer::Landlock, restrict(&rules)) {
            return Ok(());
        }
        assert_eq!(fs::read_to_string(readable.join("file"))?, "text");
        assert!(is_denied(fs::write(readable.join("file"), "other")));
        assert!(is_denied(fs::write(readable.join("new"), "other")));
        let path = CString::new(readable.join("file").as_os_str().as_encoded_bytes())?;
        // SAFETY: a C string that lives on.
        assert_eq!(unsafe { libc::truncate(path.as_ptr(), 0) }, -1);
        assert!(is_denied(fs::remove_file(readable.join("file"))));
        assert!(is_denied(fs::rename(inside.join("file"), readable.join("file"))));
        assert!(fs::hard_link(readable.join("file"), inside.join("link")).is_err());
        Ok(())
    });
}

/// Reading is allowed, executing is not: neither of what is there nor of what code wrote.
#[test]
fn no_program_can_be_executed() {
    alone(|| {
        let (place, mut rules) = place()?;
        rules.read.push("/".into());
        let copy = place.path().join("inside/true");
        fs::copy("/bin/true", &copy)?;
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755))?;
        assert!(Command::new(&copy).status()?.success());
        if !in_force(Layer::Landlock, restrict(&rules)) {
            return Ok(());
        }
        assert!(!fs::read(&copy)?.is_empty());
        assert!(is_denied(Command::new(&copy).status()));
        assert!(is_denied(Command::new("/bin/true").status()));
        Ok(())
    });
}

#[test]
fn tcp_connections_are_refused_unless_the_network_is_on() {
    let refused_with = |network| {
        let server = TcpListener::bind("127.0.0.1:0")?;
        TcpStream::connect(server.local_addr()?)?;
        if !in_force(Layer::Landlock, restrict(&FileRules { network, ..FileRules::default() })) {
            return Ok(());
        }
        let connected = TcpStream::connect(server.local_addr()?);
        let refused = [is_denied(connected), is_denied(TcpListener::bind("127.0.0.1:0"))];
        assert_eq!(refused, [network == Network::Off; 2]);
        Ok(())
    };
    alone(|| {
        in_child(|| refused_with(Network::On))?;
        refused_with(Network::Off)
    });
}

#[test]
fn processes_outside_cannot_be_signalled() {
    alone(|| {
        let parent = getppid().ok_or("no parent")?;
        test_kill_process(parent)?;
        if !in_force(Layer::Landlock, restrict(&FileRules::default())) {
            return Ok(());
        }
        assert_eq!(test_kill_process(parent), Err(rustix::io::Errno::PERM));
        test_kill_process(Pid::from_raw(process::id().cast_signed()).ok_or("no process")?)?;
        Ok(())
    });
}

#[test]
fn devices_can_be_used_and_not_made() {
    alone(|| {
        let (place, mut rules) = place()?;
        rules.devices.push("/dev/null".into());
        assert!(Path::new("/dev/zero").exists());
        if !in_force(Layer::Landlock, restrict(&rules)) {
            return Ok(());
        }
        fs::write("/dev/null", "nothing")?;
        assert!(is_denied(fs::File::open("/dev/zero")));
        let device = place.path().join("inside/device");
        let made = rustix::fs::mknodat(
            rustix::fs::CWD,
            device,
            rustix::fs::FileType::CharacterDevice,
            rustix::fs::Mode::RWXU,
            rustix::fs::makedev(1, 5),
        );
        assert!(made.is_err());
        Ok(())
    });
}
