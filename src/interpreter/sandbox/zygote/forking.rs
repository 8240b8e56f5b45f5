//! The zygote's work: forking sandboxes, and telling how they ended.

use std::{
    collections::HashMap,
    io,
    os::fd::{AsFd as _, OwnedFd},
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{Pid, PidfdFlags, WaitOptions, pidfd_open, waitpid},
    thread::{LinkNameSpaceType, move_into_link_name_space},
};

use super::{
    super::{
        guest,
        mounting::Failure,
        protections::{namespaces::Namespaces, resource_limits},
        wire::{
            control::{FromZygote, Setup, Slot, ToZygote},
            packets,
        },
    },
    huge_pages,
    inits::Inits,
    own_process_namespace,
};
use crate::interpreter::python::{Forked, PythonThread};

/// What the zygote has.
pub(super) struct Zygote<'c> {
    control: &'c OwnedFd,
    inits: Inits,
    own_namespace: OwnedFd,
    preparation: guest::Preparation,
    sandboxes: HashMap<Slot, (Pid, OwnedFd)>,
}

impl<'c> Zygote<'c> {
    pub(super) fn prepare(
        control: &'c OwnedFd,
        inits: Inits,
        setup: &Setup,
        outside: Namespaces,
    ) -> Result<Self, Failure> {
        Ok(Self {
            control,
            inits,
            own_namespace: own_process_namespace().map_err(|error| error.to_string())?,
            preparation: guest::Preparation::new(setup, outside)?,
            sandboxes: HashMap::new(),
        })
    }

    /// Forks what it is asked for, until nobody is left to ask.
    pub(super) fn serve(mut self) -> io::Result<()> {
        PythonThread::attach(|python| {
            self.preparation.rehearse(python);
            huge_pages::gather();
            // Making sandboxes is no more urgent than what runs in them: otherwise each would hold up the others.
            resource_limits::be_nice()?;
            loop {
                let ended = self.wait()?;
                for slot in ended.slots {
                    self.tell_end(slot)?;
                }
                if !ended.asked {
                    continue;
                }
                let Some((ToZygote::Fork { slot }, descriptors)) = packets::receive(self.control)? else {
                    return Ok(());
                };
                if let Err(error) = self.fork(python, slot, descriptors) {
                    let failed = FromZygote::NotForked { slot, reason: error.to_string() };
                    packets::send(self.control, &failed, &[])?;
                }
            }
        })
    }

    fn wait(&self) -> io::Result<Happened> {
        let (slots, handles): (Vec<_>, Vec<_>) =
            self.sandboxes.iter().map(|(slot, (_, handle))| (*slot, handle)).unzip();
        let mut waiting = vec![PollFd::new(self.control, PollFlags::IN)];
        waiting.extend(handles.iter().map(|handle| PollFd::new(*handle, PollFlags::IN)));
        match poll(&mut waiting, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let has_ended = |place: usize| !waiting[place + 1].revents().is_empty();
        let ended = slots.into_iter().enumerate().filter(|(place, _)| has_ended(*place)).map(|(_, slot)| slot);
        Ok(Happened { asked: !waiting[0].revents().is_empty(), slots: ended.collect() })
    }

    fn tell_end(&mut self, slot: Slot) -> io::Result<()> {
        let Some((process, _)) = self.sandboxes.remove(&slot) else { return Ok(()) };
        let status = waitpid(Some(process), WaitOptions::empty())?;
        let signal = status.and_then(|(_, status)| status.terminating_signal()).unwrap_or(0);
        packets::send(self.control, &FromZygote::Ended { slot, signal }, &[])
    }

    fn fork(&mut self, python: &PythonThread<'_>, slot: Slot, descriptors: Vec<OwnedFd>) -> io::Result<()> {
        let given = <[OwnedFd; 4]>::try_from(descriptors).map_err(|_| io::Error::other("descriptors are missing"))?;
        let init = self.inits.make()?;
        let enter = |namespace: &OwnedFd| {
            move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::ProcessID)).map_err(io::Error::from)
        };
        match python.fork(|| enter(&init.namespace), || enter(&self.own_namespace))? {
            Forked::Child => self.preparation.become_guest(python, slot, given),
            Forked::Parent(process) => {
                let handle = pidfd_open(process, PidfdFlags::empty())?;
                let forked = FromZygote::Forked { slot };
                packets::send(self.control, &forked, &[init.process.as_fd(), handle.as_fd()])?;
                self.sandboxes.insert(slot, (process, handle));
                self.preparation.has_made_one();
                Ok(())
            }
        }
    }
}

/// What the zygote was woken for.
struct Happened {
    asked: bool,
    slots: Vec<Slot>,
}
