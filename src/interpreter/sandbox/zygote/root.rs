//! The file system that sandboxes see: what is needed of the host, read-only, and a little of our own.

use std::{
    fs, iter,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use rustix::{
    mount::MountFlags,
    process::{chdir, pivot_root},
};

use super::super::mounting::{
    Failure, Saying as _, Use, bind, detach, empty_file, folder, memory, processes, restrict,
};

/// Folders of the host that Python, its packages and their libraries need, where there are any.
const HOST_FOLDERS: [&str; 9] =
    ["/usr", "/lib", "/lib32", "/lib64", "/bin", "/nix/store", "/etc/fonts", "/etc/ssl", "/etc/alternatives"];
/// Files of the host: where libraries are, and names of media types.
const HOST_FILES: [&str; 4] = ["/etc/ld.so.cache", "/etc/mime.types", "/etc/localtime", "/etc/protocols"];
/// Devices, all of them harmless.
const DEVICES: [&str; 4] = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];
/// Where sandboxes find something mounted once they are made.
const MOUNT_POINTS: [&str; 6] = ["/proc", "/tmp", "/mnt/data", "/mnt/in", "/dev/shm", SLOTS];
/// Where sandboxes see the virtual environment, wherever it lies: a host's `/tmp`, for one, is not theirs.
pub(super) const VENV: &str = "/opt/venv";
/// Folders that are a sandbox's own, so that nothing of the host below them can be seen.
const OWN_FOLDERS: [&str; 5] = ["/tmp", "/dev", "/proc", "/mnt/data", "/mnt/in"];
/// Where in the staging folder the file system is built.
const ROOT: &str = "root";
/// Where the mounter shows files; each sandbox sees its own part of it as `/mnt/in`.
pub(in super::super) const SLOTS: &str = "/.slots";
/// A file that may be seen and not opened: it shows whether the rules of files are in force.
pub(in super::super) const FORBIDDEN: &str = "/.forbidden";
/// Users and names a sandbox knows.
const OWN_FILES: [(&str, &str); 5] = [
    (FORBIDDEN, ""),
    ("/etc/passwd", "sandbox:x:1000:1000::/mnt/data:/bin/false\nnobody:x:65534:65534::/:/bin/false\n"),
    ("/etc/group", "sandbox:x:1000:\nnogroup:x:65534:\n"),
    ("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n"),
    ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
];

/// What the file system is built from: places in a staging folder that show the host.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    /// Where each of what is shown is seen; its place in the folder is its number.
    shown: Vec<PathBuf>,
    links: Vec<(PathBuf, PathBuf)>,
}

impl Staging {
    /// Shows what is needed below `at`, which becomes a file system in memory. This is done with all the rights
    /// this program has; what follows is done without.
    pub(super) fn build(at: &Path, venv: &Path) -> Result<Self, Failure> {
        memory(at, MountFlags::NOEXEC, "size=1m,mode=755")?;
        folder(&at.join(ROOT))?;
        let mut staging = Self { folder: at.to_owned(), shown: Vec::new(), links: Vec::new() };
        for path in HOST_FOLDERS.iter().chain(&HOST_FILES).map(Path::new) {
            staging.show(path, path)?;
        }
        for path in python_prefixes(venv)? {
            if OWN_FOLDERS.iter().any(|own| path.starts_with(own)) {
                let path = path.display();
                return Err(format!("the Python at {path} lies in a folder that sandboxes have of their own; move it"));
            }
            staging.show(&path, &path)?;
        }
        staging.show(venv, Path::new(VENV))?;
        Ok(staging)
    }

    /// Makes the folder this process's own, from which it needs no right to come here.
    pub(super) fn stand_in(&mut self) -> Result<(), Failure> {
        chdir(&self.folder).saying(self.folder.display())?;
        self.folder = PathBuf::from(".");
        Ok(())
    }

    /// Where the mounter's file system belongs.
    pub(super) fn slots(&self) -> PathBuf {
        self.folder.join("slots")
    }

    /// Shows what lies at `path`, if anything does, at the same or another place.
    fn show(&mut self, path: &Path, seen_at: &Path) -> Result<(), Failure> {
        if self.shown.iter().any(|shown| seen_at.starts_with(shown)) {
            return Ok(());
        }
        let Ok(found) = fs::metadata(path) else { return Ok(()) };
        if found.is_dir()
            && path == seen_at
            && let Ok(target) = fs::read_link(path)
        {
            // On most systems `/lib` is a link to `/usr/lib`.
            self.links.push((path.to_owned(), target));
            return Ok(());
        }
        let place = self.place(self.shown.len());
        if found.is_dir() {
            folder(&place)?;
        } else {
            empty_file(&place)?;
        }
        bind(path, &place)?;
        restrict(&place, Use::Read, true)?;
        self.shown.push(seen_at.to_owned());
        Ok(())
    }

    fn place(&self, number: usize) -> PathBuf {
        self.folder.join("shown").join(number.to_string())
    }

    /// Builds the file system and moves this process into it; nothing of the host's is left in sight but what is
    /// shown. Called in the zygote's own namespaces.
    pub(super) fn enter(&self, resolver: &str) -> Result<(), Failure> {
        let root = self.folder.join(ROOT);
        memory(&root, MountFlags::empty(), "size=1m,mode=755")?;
        let inside = |path: &Path| root.join(path.strip_prefix("/").unwrap_or(path));
        for (number, path) in self.shown.iter().enumerate() {
            let (from, to) = (self.place(number), inside(path));
            if from.is_dir() {
                folder(&to)?;
            } else {
                empty_file(&to)?;
            }
            bind(&from, &to)?;
        }
        for device in DEVICES {
            let device = Path::new(device);
            empty_file(&inside(device))?;
            bind(device, &inside(device))?;
        }
        for (link, target) in self
            .links
            .iter()
            .map(|(link, target)| (link.as_path(), target.as_path()))
            .chain(iter::once((Path::new("/dev/fd"), Path::new("/proc/self/fd"))))
        {
            let link = inside(link);
            link.parent().map_or(Ok(()), folder)?;
            symlink(target, &link).saying(link.display())?;
        }
        for (path, text) in OWN_FILES.into_iter().chain([("/etc/resolv.conf", resolver)]) {
            let path = inside(Path::new(path));
            path.parent().map_or(Ok(()), folder)?;
            fs::write(&path, text).saying(path.display())?;
        }
        for path in MOUNT_POINTS {
            folder(&inside(Path::new(path)))?;
        }
        bind(&self.slots(), &inside(Path::new(SLOTS)))?;
        processes(&inside(Path::new("/proc")))?;
        memory(&inside(Path::new("/tmp")), MountFlags::NOEXEC, "size=64m,mode=700")?;
        restrict(&root, Use::Read, false)?;
        chdir(&root).saying("entering the file system")?;
        pivot_root(".", ".").saying("changing the root")?;
        detach(Path::new("."))?;
        chdir("/").saying("entering the root")
    }
}

/// The folders of the Python that a virtual environment was made from.
fn python_prefixes(venv: &Path) -> Result<Vec<PathBuf>, Failure> {
    let text = fs::read_to_string(venv.join("pyvenv.cfg")).unwrap_or_default();
    let home = text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "home").then(|| PathBuf::from(value.trim()))
    });
    let python = venv.join("bin/python");
    let real = fs::canonicalize(&python).saying(python.display())?;
    // The program lies in `bin`; libraries lie beside that.
    let prefixes = home.iter().map(PathBuf::as_path).chain(real.parent()).filter_map(Path::parent);
    Ok(prefixes.filter(|prefix| *prefix != Path::new("/")).map(Path::to_owned).collect())
}
