//! A rehearsal: one copy of the zygote runs what people usually ask for, to find out which pages of memory that
//! touches. It is no sandbox, runs no code but our own, and is thrown away with everything it did.

use std::{
    io::{Read as _, Write as _},
    net::Shutdown,
    os::{fd::AsFd as _, unix::net::UnixStream},
};

use serde::{Deserialize, Serialize};

use super::{
    super::{
        mounting::{Failure, Saying as _},
        wire::{
            conversation::{Order, ToGuest},
            frames::{self, Decoder},
            held_text::{HeldText, Window},
        },
        zygote::{end, end_with_parent},
    },
    Conversation,
    pages::{Areas, Pages},
};
use crate::interpreter::python::{Forked, PythonThread};

/// The longest list of pages, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;

/// What a rehearsal found out.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Rehearsal {
    /// The pages that every run touches.
    pub(super) always: Pages,
    /// The pages that what people usually ask for touches besides.
    pub(super) usually: Pages,
}

impl Rehearsal {
    /// Holds a rehearsal, in a process in which there is one thread.
    pub(super) fn hold(python: &PythonThread<'_>) -> Result<Self, Failure> {
        let (mut reading, mut writing) = std::io::pipe().saying("a pipe")?;
        match python.fork(|| Ok(()), || Ok(())).saying("a process")? {
            Forked::Child => {
                let held = end_with_parent().saying("the parent").and_then(|()| rehearse(python));
                let bytes = held.and_then(|found| frames::encode(&found).saying("what was found out"));
                let is_said = bytes.is_ok_and(|bytes| writing.write_all(&bytes).is_ok());
                end(i32::from(!is_said));
            }
            Forked::Parent(process) => {
                drop(writing);
                let mut bytes = Vec::new();
                reading.read_to_end(&mut bytes).saying("the rehearsal")?;
                rustix::process::waitpid(Some(process), rustix::process::WaitOptions::empty()).saying("its end")?;
                let mut decoder = Decoder::new(LONGEST);
                decoder.feed(&bytes);
                decoder.next().saying("the rehearsal")?.ok_or_else(|| "the rehearsal found nothing out".to_owned())
            }
        }
    }
}

fn rehearse(python: &PythonThread<'_>) -> Result<Rehearsal, Failure> {
    let areas = Areas::now().saying("the parts of memory")?;
    python.confine().saying("Python")?;
    let mut always = None;
    for code in python.typical_code()? {
        run(python, code)?;
        if always.is_none() {
            always = Some(areas.touched().saying("the pages")?);
        }
    }
    Ok(Rehearsal { always: always.unwrap_or_default(), usually: areas.touched().saying("the pages")? })
}

/// Runs the simplest code as often as Python needs to see it until it knows the way: byte code that has adapted itself
/// in the zygote need not do so in each of its copies, which would cost them time and pages of their own.
pub(super) fn practise(python: &PythonThread<'_>) -> Result<(), Failure> {
    const RUNS: usize = 40;
    let (_worker, conversation) = unheard()?;
    for _ in 0..RUNS {
        let ended = conversation.run(python, order("print(1)".to_owned()), None)?;
        python.clean_up(ended);
    }
    Ok(())
}

/// Runs code as a sandbox does, with nobody who listens.
fn run(python: &PythonThread<'_>, code: String) -> Result<(), Failure> {
    let (mut worker, mut conversation) = unheard()?;
    let order = frames::encode(&ToGuest::Run(order(code))).saying("an order")?;
    worker.write_all(&order).saying("the socket")?;
    worker.shutdown(Shutdown::Write).saying("the socket")?;
    conversation.serve(python)
}

fn order(code: String) -> Order {
    Order {
        code,
        file_name: "main.py".to_owned(),
        args: Vec::new(),
        stdin: None,
        inputs: Vec::new(),
        is_kept: false,
        is_aside: false,
    }
}

fn unheard() -> Result<(UnixStream, Conversation), Failure> {
    let (worker, guest) = UnixStream::pair().saying("a socket")?;
    let memory = Window::open().and_then(|window| window.as_fd().try_clone_to_owned());
    let text = memory.and_then(HeldText::new).saying("memory for text")?;
    Ok((worker, Conversation::new(guest, text)?))
}
