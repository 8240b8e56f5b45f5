//! A run, seen from inside its sandbox.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    super::{
        mounting::{Failure, Saying as _},
        wire::conversation::{FromGuest, Order, ToGuest},
    },
    Incoming,
    outbox::Outbox,
    places::{INPUTS, WORKSPACE},
};
use crate::interpreter::{
    Display, FailedPackage,
    python::{StopSwitch, Surroundings},
    recording::{Channel, Writer},
    workspace::{CopyStart, Inputs, PlacedInput},
};

/// The folder of the owner's packages, as code sees it.
pub(in super::super) const PACKAGES: &str = "packages";

/// What the code's own functions need, most of which is on the other side.
pub(super) struct GuestRun {
    order: Order,
    inputs: Inputs,
    stop: StopSwitch,
    outbox: Arc<Outbox>,
    incoming: Arc<Mutex<Incoming>>,
}

impl GuestRun {
    pub(super) fn new(mut order: Order, outbox: Arc<Outbox>, incoming: Arc<Mutex<Incoming>>) -> Result<Self, Failure> {
        let given = std::mem::take(&mut order.inputs);
        let placed = given.into_iter().map(|file| PlacedInput::found(file.id, file.name, file.path, file.original));
        let files = placed.collect::<io::Result<_>>().saying("a file that was given")?;
        let inputs = Inputs::standing_in(Path::new(WORKSPACE), files);
        Ok(Self { order, inputs, stop: StopSwitch::default(), outbox, incoming })
    }
}

impl Surroundings for GuestRun {
    fn code(&self) -> &str {
        &self.order.code
    }

    fn file_name(&self) -> &str {
        &self.order.file_name
    }

    fn args(&self) -> &[String] {
        &self.order.args
    }

    fn stdin(&self) -> Option<&str> {
        self.order.stdin.as_deref()
    }

    fn folder(&self) -> &Path {
        Path::new(WORKSPACE)
    }

    fn packages_folder(&self) -> PathBuf {
        Path::new(INPUTS).join(PACKAGES)
    }

    fn inputs(&self) -> &[PlacedInput] {
        &self.inputs.files
    }

    fn stop(&self) -> &StopSwitch {
        &self.stop
    }

    fn is_kept(&self) -> bool {
        self.order.is_kept
    }

    fn is_aside(&self) -> bool {
        self.order.is_aside
    }

    fn write(&self, channel: Channel, writer: Writer, text: &str) {
        self.write_bytes(channel, writer, text.as_bytes());
    }

    fn write_bytes(&self, channel: Channel, writer: Writer, bytes: &[u8]) {
        self.outbox.write(channel.number(), writer.number(), bytes);
    }

    fn flush(&self, writer: Writer) {
        self.outbox.send(&FromGuest::Flush { writer: writer.number() });
    }

    fn display(&self, display: Display) {
        self.outbox.send(&FromGuest::Display(display));
    }

    fn note(&self, note: String) {
        self.outbox.send(&FromGuest::Note(note));
    }

    fn install(&self, imports: &[String]) -> BTreeMap<String, FailedPackage> {
        // One installation at a time: the answer is the next message.
        let mut incoming = lock(&self.incoming);
        self.outbox.send(&FromGuest::Install(imports.to_vec()));
        match incoming.next() {
            Ok(Some(ToGuest::Installed(missing))) => missing,
            _ => BTreeMap::new(),
        }
    }

    fn make_writable(&self, path: &Path, start: CopyStart) -> io::Result<Option<PathBuf>> {
        self.inputs.make_writable(path, start)
    }

    fn code_ended(&self) {}
}

/// A panic while a lock is held leaves nothing half-done here.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
