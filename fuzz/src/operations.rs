//! What code can do in its folder, and nowhere else: no name leads out of it here, so that whatever happens outside was
//! done by somebody else.

use std::{
    io,
    os::{
        fd::{BorrowedFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::PathBuf,
};

use arbitrary::Arbitrary;
use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, RenameFlags, ResolveFlags, fchmod, ftruncate, linkat, mkdirat, mknodat, openat,
    openat2, renameat_with, symlinkat, unlinkat,
};

/// Names that meet each other often.
const NAMES: [&[u8]; 16] = [
    b"a",
    b"b",
    b"c.txt",
    b"d.csv",
    b"given.csv",
    b".hidden",
    b".taipan-renamed",
    b".taipan-output",
    b"output.txt",
    b"__pycache__",
    b"odd\n",
    b"odd_",
    b"\xff\xfe.png",
    b"\xff\xfd.png",
    b"~1",
    b"...",
];
/// How deep a tree is made at once, at most.
const DEEPEST: usize = 48;

/// A name in the folder.
#[derive(Arbitrary, Clone, Debug)]
pub enum Name {
    /// One of a few.
    Known(u8),
    /// Any bytes.
    Odd([u8; 3]),
    /// As long as can be.
    Long(u8),
}

/// A place in the folder: at most two folders, and a name.
#[derive(Arbitrary, Clone, Debug)]
pub struct Place {
    folders: Option<(Name, Option<Name>)>,
    name: Name,
}

/// Where a symbolic link leads.
#[derive(Arbitrary, Clone, Debug)]
pub enum Target {
    /// A file outside.
    File,
    /// A folder outside.
    Folder,
    /// The same, relatively, from so many folders down.
    Relative(u8),
    /// The folder of this program's descriptors, or one of them.
    Descriptor(Option<u8>),
    /// To another name, maybe to itself.
    Name(Name),
    /// Where there is nothing.
    Nowhere,
}

/// One thing that code does.
#[derive(Arbitrary, Clone, Debug)]
pub enum Operation {
    /// Writes a file, from its beginning.
    Write(Place, Vec<u8>),
    /// Makes a file as long as is said, without content.
    Stretch(Place, u64),
    /// Makes a folder.
    MakeFolder(Place),
    /// Makes folders in folders.
    MakeTree(Place, u8),
    /// Makes many files.
    MakeMany(Place, u8),
    /// Makes a symbolic link.
    LinkTo(Place, Target),
    /// Gives a file a second name.
    Link(Place, Place),
    /// Makes a pipe, or a socket.
    MakePipe(Place, bool),
    /// Moves something, replacing what is there.
    Move(Place, Place),
    /// Lets two things change places.
    Exchange(Place, Place),
    /// Changes rights.
    Allow(Place, u16),
    /// Removes something.
    Remove(Place),
}

/// What there is outside of the folder.
pub struct Outside {
    /// A folder.
    pub folder: PathBuf,
    /// A file in it.
    pub file: PathBuf,
}

impl Name {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Known(number) => NAMES[usize::from(*number) % NAMES.len()].to_vec(),
            Self::Odd(bytes) => match bytes.map(|byte| if byte == 0 || byte == b'/' { b'_' } else { byte }) {
                [b'.', b'.', last] => vec![b'.', b'_', last],
                bytes => bytes.to_vec(),
            },
            Self::Long(byte) => vec![if matches!(byte, 0 | b'.' | b'/') { b'x' } else { *byte }; 255],
        }
    }
}

impl Place {
    /// The open folder, and the name in it.
    fn find(&self, root: BorrowedFd<'_>) -> io::Result<(OwnedFd, Vec<u8>)> {
        let mut path = b".".to_vec();
        let (first, second) = match &self.folders {
            Some((first, second)) => (Some(first), second.as_ref()),
            None => (None, None),
        };
        for folder in [first, second].into_iter().flatten() {
            path.push(b'/');
            path.extend(folder.bytes());
        }
        let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        Ok((openat2(root, path, flags, Mode::empty(), resolve)?, self.name.bytes()))
    }

    fn open(&self, root: BorrowedFd<'_>, flags: OFlags) -> io::Result<OwnedFd> {
        let (folder, name) = self.find(root)?;
        let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(openat(folder, name, flags, Mode::RUSR | Mode::WUSR)?)
    }
}

impl Target {
    fn bytes(&self, outside: &Outside) -> Vec<u8> {
        match self {
            Self::File => outside.file.as_os_str().as_bytes().to_vec(),
            Self::Folder => outside.folder.as_os_str().as_bytes().to_vec(),
            Self::Relative(levels) => {
                let up = "../".repeat(usize::from(levels % 8));
                [up.as_bytes(), b"outside"].concat()
            }
            Self::Descriptor(None) => b"/proc/self/fd".to_vec(),
            Self::Descriptor(Some(number)) => format!("/proc/self/fd/{number}").into_bytes(),
            Self::Name(name) => name.bytes(),
            Self::Nowhere => b"/nowhere/at/all".to_vec(),
        }
    }
}

impl Operation {
    /// Does it in a folder.
    ///
    /// # Errors
    /// When it cannot be done.
    pub fn perform(&self, root: BorrowedFd<'_>, outside: &Outside) -> io::Result<()> {
        match self {
            Self::Write(place, bytes) => {
                let file = place.open(root, OFlags::CREATE | OFlags::WRONLY | OFlags::TRUNC)?;
                rustix::io::write(file, bytes)?;
            }
            Self::Stretch(place, size) => ftruncate(place.open(root, OFlags::CREATE | OFlags::WRONLY)?, size >> 2)?,
            Self::MakeFolder(place) => {
                let (folder, name) = place.find(root)?;
                mkdirat(folder, name, Mode::RWXU)?;
            }
            Self::MakeTree(place, levels) => make_tree(place, usize::from(*levels) % DEEPEST, root)?,
            Self::MakeMany(place, count) => {
                let (folder, name) = place.find(root)?;
                for number in 0..*count {
                    let name = [&name[..name.len().min(200)], &number.to_string().into_bytes()].concat();
                    openat(&folder, name, OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY, Mode::RWXU)?;
                }
            }
            Self::LinkTo(place, target) => {
                let (folder, name) = place.find(root)?;
                symlinkat(target.bytes(outside), folder, name)?;
            }
            Self::Link(old, new) => {
                let ((old, old_name), (new, new_name)) = (old.find(root)?, new.find(root)?);
                linkat(old, old_name, new, new_name, AtFlags::empty())?;
            }
            Self::MakePipe(place, is_pipe) => {
                let (folder, name) = place.find(root)?;
                let kind = if *is_pipe { FileType::Fifo } else { FileType::Socket };
                mknodat(folder, name, kind, Mode::RWXU, 0)?;
            }
            Self::Move(old, new) => rename(root, old, new, RenameFlags::empty())?,
            Self::Exchange(one, other) => rename(root, one, other, RenameFlags::EXCHANGE)?,
            Self::Allow(place, mode) => {
                fchmod(place.open(root, OFlags::RDONLY)?, Mode::from(u32::from(mode & 0o7777)))?
            }
            Self::Remove(place) => {
                let (folder, name) = place.find(root)?;
                unlinkat(&folder, &*name, AtFlags::empty())
                    .or_else(|_| unlinkat(&folder, &*name, AtFlags::REMOVEDIR))?;
            }
        }
        Ok(())
    }
}

fn rename(root: BorrowedFd<'_>, old: &Place, new: &Place, flags: RenameFlags) -> io::Result<()> {
    let ((old, old_name), (new, new_name)) = (old.find(root)?, new.find(root)?);
    Ok(renameat_with(old, old_name, new, new_name, flags)?)
}

fn make_tree(place: &Place, levels: usize, root: BorrowedFd<'_>) -> io::Result<()> {
    let (mut folder, name) = place.find(root)?;
    for _ in 0..levels {
        // What is there already is gone into.
        let _ = mkdirat(&folder, &*name, Mode::RWXU);
        folder = openat(&folder, &*name, OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
    }
    openat(&folder, "bottom", OFlags::CREATE | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::RWXU)?;
    Ok(())
}
