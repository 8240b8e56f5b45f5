//! The processes below this one: which of them is what, and the memory they have to themselves.
//!
//! Shared with the soak.

use std::{fs, process};

/// A process below this one.
pub(crate) struct Below {
    pub(crate) id: u32,
    /// Its numbers in the namespaces it is in, the outermost first.
    names: Vec<u32>,
}

impl Below {
    /// All of them.
    pub(crate) fn all() -> Vec<Self> {
        let mut found = Vec::new();
        let mut next = vec![process::id()];
        while let Some(parent) = next.pop() {
            for child in children(parent) {
                next.push(child);
                if let Some(names) = names(child) {
                    found.push(Self { id: child, names });
                }
            }
        }
        found
    }

    /// Whether it is the one that sandboxes are copies of: the first in a namespace below ours.
    pub(crate) fn is_zygote(&self) -> bool {
        self.depth() == 1 && self.names.last() == Some(&1)
    }

    /// Whether it is a sandbox's main process: in a namespace of its own, in which the first is another.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.depth() == 2 && self.names.last() != Some(&1)
    }

    fn depth(&self) -> usize {
        self.names.len() - names(process::id()).map_or(1, |own| own.len())
    }

    /// Memory that it has changed and nobody else has, in kilobytes; `None` when it has ended.
    pub(crate) fn private_kb(&self) -> Option<u64> {
        let memory = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.id)).ok()?;
        memory.lines().find_map(|line| line.strip_prefix("Private_Dirty:")).and_then(kilobytes)
    }

    /// Memory that it has in use, in kilobytes.
    pub(crate) fn resident_kb(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id)).ok()?;
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")).and_then(kilobytes)
    }
}

/// A number of kilobytes as procfs writes it.
pub(crate) fn kilobytes(text: &str) -> Option<u64> {
    text.trim().trim_end_matches(" kB").parse().ok()
}

fn names(process: u32) -> Option<Vec<u32>> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let names = status.lines().find_map(|line| line.strip_prefix("NSpid:"))?;
    names.split_whitespace().map(|name| name.parse().ok()).collect()
}

fn children(process: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}
