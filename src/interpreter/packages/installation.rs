//! One installation for one owner: settles versions, fetches, and hands the result to the owner's folder.

use std::{io, path::Path};

use super::{
    distribution::{Distribution, distributions_in},
    failure::Failure,
    installer::Brought,
    policy::PackagePolicy,
    store::{DiskUse, OwnerLock, bytes_in},
    uv::{Job, Uv, Watch},
};

/// An installation that holds the owner's lock.
pub(super) struct Installation<'a> {
    pub(super) uv: &'a Uv,
    pub(super) lock: &'a OwnerLock<'a>,
    pub(super) cache: &'a Path,
    pub(super) policy: &'a PackagePolicy,
    pub(super) base: &'a [Distribution],
    pub(super) watch: &'a Watch<'a>,
}

impl Installation<'_> {
    /// Installs as many of these distributions as can be had. What another run of the owner has installed
    /// meanwhile is there already and counts neither as brought nor as failed.
    pub(super) fn bring(&self, names: &[&str]) -> io::Result<Brought> {
        let present = self.present()?;
        let wanted: Vec<&str> =
            names.iter().copied().filter(|name| present.iter().all(|there| there.name != *name)).collect();
        if wanted.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let staging = self.lock.stage()?;
        let disk = DiskUse::watch(staging.path(), self.cache, bytes_in(&self.lock.folder()), self.policy.max_bytes);
        let job = Job { staging: &staging, watch: self.watch, disk: &disk };
        let (chosen, settled, mut lost) = self.settle(&wanted, &present, &job);
        let new: Vec<_> = settled.into_iter().filter(|pin| self.is_new(pin, &present)).collect();
        if new.is_empty() {
            return Ok((Vec::new(), lost));
        }
        match self.fetch(&new, &chosen, &job) {
            Ok(()) => {
                self.lock.publish(&staging)?;
                Ok((new, lost))
            }
            Err(failure) if chosen.len() == 1 || failure.ends_all() => {
                lost.extend(chosen.iter().map(|name| ((*name).to_owned(), failure.clone())));
                Ok((Vec::new(), lost))
            }
            Err(_) => {
                drop(staging);
                self.bring_singly(&chosen, lost)
            }
        }
    }

    /// Together they could be settled, but not fetched: whatever is to blame must not keep the others away.
    fn bring_singly(&self, names: &[&str], mut lost: Vec<(String, Failure)>) -> io::Result<Brought> {
        let mut brought = Vec::new();
        for name in names {
            let (more, failed) = self.bring(&[name])?;
            brought.extend(more);
            lost.extend(failed);
        }
        Ok((brought, lost))
    }

    /// Settles versions for all, or for as many as go together: those chosen, their versions, and the others.
    fn settle<'n>(
        &self,
        wanted: &[&'n str],
        present: &[Distribution],
        job: &Job<'_>,
    ) -> (Vec<&'n str>, Vec<Distribution>, Vec<(String, Failure)>) {
        let fails = |names: &[&str], failure: &Failure| -> Vec<_> {
            names.iter().map(|name| ((*name).to_owned(), failure.clone())).collect()
        };
        match self.resolve(wanted, wanted, present, job) {
            Ok(settled) => return (wanted.to_vec(), settled, Vec::new()),
            Err(failure) if wanted.len() == 1 || failure.ends_all() => {
                return (Vec::new(), Vec::new(), fails(wanted, &failure));
            }
            Err(_) => {}
        }
        let (mut chosen, mut settled, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        for (index, name) in wanted.iter().enumerate() {
            let with_it: Vec<_> = chosen.iter().copied().chain([*name]).collect();
            match self.resolve(&with_it, &[name], present, job) {
                Ok(versions) => (chosen, settled) = (with_it, versions),
                Err(failure) if failure.ends_all() => {
                    lost.extend(fails(&chosen, &failure));
                    lost.extend(fails(&wanted[index..], &failure));
                    return (Vec::new(), Vec::new(), lost);
                }
                Err(Failure::Other(detail)) if !chosen.is_empty() => {
                    lost.push(((*name).to_owned(), Failure::Conflict { others: chosen.join(", "), detail }));
                }
                Err(failure) => lost.push(((*name).to_owned(), failure)),
            }
        }
        (chosen, settled, lost)
    }

    /// Settles versions beside the base packages and what the owner has. Where that does not go, what the owner has
    /// gives way: the newer wish counts.
    fn resolve(
        &self,
        wanted: &[&str],
        blamed: &[&str],
        present: &[Distribution],
        job: &Job<'_>,
    ) -> Result<Vec<Distribution>, Failure> {
        let beside = |fixed: &[Distribution]| -> Result<Vec<Distribution>, Failure> {
            let answer = self.uv.resolve(wanted, fixed, job)?;
            let settled = answer.map_err(|stderr| Failure::from_uv(blamed, self.base, &stderr))?;
            for pin in settled.iter().filter(|pin| !self.is_base(pin)) {
                if self.policy.tolerates(&pin.name).is_err() {
                    return Err(Failure::NeedsDenied { name: pin.name.clone() });
                }
            }
            Ok(settled)
        };
        let fixed: Vec<_> = self.base.iter().chain(present.iter().filter(|pin| !self.is_base(pin))).cloned().collect();
        match beside(&fixed) {
            Err(failure) if failure.is_conflict() && !present.is_empty() => beside(self.base),
            answer => answer,
        }
    }

    fn fetch(&self, new: &[Distribution], blamed: &[&str], job: &Job<'_>) -> Result<(), Failure> {
        let answer = self.uv.install(new, job)?;
        answer.map_err(|stderr| Failure::from_uv(blamed, self.base, &stderr))?;
        job.disk.check()
    }

    fn present(&self) -> io::Result<Vec<Distribution>> {
        Ok(distributions_in(&self.lock.folder())?.into_iter().map(|(distribution, _)| distribution).collect())
    }

    fn is_new(&self, pin: &Distribution, present: &[Distribution]) -> bool {
        !self.is_base(pin) && !present.contains(pin)
    }

    fn is_base(&self, pin: &Distribution) -> bool {
        self.base.iter().any(|base| base.name == pin.name)
    }
}
