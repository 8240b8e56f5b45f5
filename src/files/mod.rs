//! The bytes of stored files, on local disk.
//!
//! Bytes lie at `user_files/{user_id}/{file_id}{extension}` below `DATA_DIR`. Who may have them, and until when, is
//! the catalog's to say; nothing here knows.
//!
//! ```
//! use chrono::Utc;
//! use taipan::{files::{Name, Store}, identifiers::UserId};
//! use tokio::io::AsyncReadExt as _;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let data_dir = tempfile::tempdir()?;
//! let store = Store::open(data_dir.path())?;
//! let name = Name::of_upload("sales.csv");
//! let mut received = store.receive(UserId(7), name, &b"a,b\n1,2\n"[..], 1024).await?;
//! assert_eq!((received.size, received.detected.file_type.name), (8, "csv"));
//!
//! // The first id that no other file of the owner has.
//! let id = received.digests.ids(UserId(7), Utc::now()).next().ok_or("there are eight")?;
//! let place = received.keep(&id).await?;
//!
//! let mut content = String::new();
//! store.read(&place).await?.file.read_to_string(&mut content).await?;
//! assert_eq!(content, "a,b\n1,2\n");
//! # Ok(())
//! # }
//! ```
//!
//! # Layout
//!
//! - `name`: what files are called; `place`: where they lie; `digests`: what their ids are made of.
//! - `receiving`, `unfinished`: taking a file in, so that it is there whole or not at all.
//! - `removing`, `listing`: taking files away, and seeing what lies there.
//! - `mark`: by which it is seen that the folder is the one it should be.
//! - `folder`: the system calls; `blocking`: who makes them.

mod blocking;
mod digests;
mod error;
mod folder;
mod listing;
mod mark;
mod name;
mod place;
mod receiving;
mod removing;
mod unfinished;

use std::{
    fs::DirBuilder,
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{self, Path, PathBuf},
    sync::Arc,
};

use self::{blocking::Blocking, folder::OwnerFolder, place::FOLDER};
pub use self::{
    digests::Digests,
    error::{FoundSize, StoreError},
    listing::Lying,
    name::Name,
    place::{NotAPlace, Place},
    receiving::Received,
    removing::Removal,
};

/// The store of bytes. Clones share the bound on how much of it goes on at a time.
#[derive(Clone, Debug)]
pub struct Store {
    root: Arc<Path>,
    blocking: Blocking,
}

/// A stored file that is being read.
#[derive(Debug)]
pub struct Reading {
    /// How many bytes it has.
    pub size: u64,
    /// Its content, from the beginning.
    pub file: tokio::fs::File,
}

impl Store {
    /// Opens the store in `DATA_DIR`, making its folder if need be, which nobody else may enter. Blocks for a moment.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(data_dir: &Path) -> io::Result<Self> {
        let root = path::absolute(data_dir)?.join(FOLDER);
        DirBuilder::new().recursive(true).mode(0o700).create(&root)?;
        Ok(Self { root: root.into(), blocking: Blocking::new() })
    }

    /// Opens a stored file for reading.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is none, and whatever the disk says.
    pub async fn read(&self, place: &Place) -> Result<Reading, StoreError> {
        let (file, size) = self.opened(place).await?;
        Ok(Reading { size, file: tokio::fs::File::from_std(file) })
    }

    /// Where a stored file lies on this machine, for those who read it there.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is none, or a link in its place, and whatever the disk says.
    pub async fn path(&self, place: &Place) -> Result<PathBuf, StoreError> {
        self.opened(place).await?;
        Ok(self.root.join(place.owner.to_string()).join(&place.name))
    }

    /// Where these files lie, as [`path`](Self::path) says it; `None` for those that are not there.
    ///
    /// # Errors
    /// Whatever the disk says of all of them, for instance that there is no folder of stored files any more.
    pub async fn paths(&self, places: Vec<Place>) -> Result<Vec<Option<PathBuf>>, StoreError> {
        let root = Arc::clone(&self.root);
        let looking = move || {
            let path = |place: Place| {
                let opened = OwnerFolder::open(&root, place.owner).and_then(|folder| folder.open_file(&place.name));
                match opened.map_err(StoreError::from) {
                    Ok(_) => Ok(Some(root.join(place.owner.to_string()).join(&place.name))),
                    Err(StoreError::Missing) => Ok(None),
                    Err(error) => Err(error),
                }
            };
            places.into_iter().map(path).collect()
        };
        self.blocking.run(looking).await
    }

    /// `DATA_DIR`, absolute.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        self.root.parent().unwrap_or(&self.root)
    }

    async fn opened(&self, place: &Place) -> Result<(std::fs::File, u64), StoreError> {
        let (root, place) = (Arc::clone(&self.root), place.clone());
        self.blocking.run(move || Ok(OwnerFolder::open(&root, place.owner)?.open_file(&place.name)?)).await
    }
}
