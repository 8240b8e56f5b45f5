//! Files on messages of their own: images first, as many as a message may have, within what Discord takes.

use std::{collections::VecDeque, path::PathBuf};

use tokio::fs;

use super::{Attached, Page, Screen, Trouble, trouble};
use crate::{
    discord::text::{
        LONGEST_MESSAGE,
        escaping::{code, plain},
        pages::pages,
    },
    formats::{Kind, measures::ByteSize},
};

/// How many files a message may have.
const MOST_FILES: usize = 10;
/// How large the files of one request may be together, in bytes.
const LARGEST_REQUEST: u64 = 25 * 1024 * 1024;
/// How large a file may be that is sent without an interaction, in bytes.
pub(in crate::discord) const LARGEST_FILE: u64 = 10 * 1024 * 1024;

/// A file to send.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Parcel {
    /// Its name, without folders.
    pub(in crate::discord) name: String,
    /// What sort of file it is.
    pub(in crate::discord) kind: Kind,
    /// Its size in bytes.
    pub(in crate::discord) size: u64,
    /// Its id, where it is one of the user's files.
    pub(in crate::discord) id: Option<String>,
    /// Where its bytes lie.
    pub(in crate::discord) path: PathBuf,
}

/// Sends files below what a screen shows, with a last word. One that cannot be sent stops no other, and is named with
/// what to do. Gives the messages, and what is left to say where there is no message to say it on.
pub(in crate::discord) async fn deliver(screen: &mut Screen, parcels: Vec<Parcel>, largest: u64, last: &str) {
    let largest = largest.max(LARGEST_FILE);
    let (mut small, large): (Vec<_>, Vec<_>) = parcels.into_iter().partition(|parcel| parcel.size <= largest);
    small.sort_by_key(|parcel| parcel.kind != Kind::Image);
    let mut remarks: Vec<String> = large.iter().map(Parcel::too_large).collect();
    let mut waiting: VecDeque<Vec<Parcel>> = loads(small).into();
    while let Some(load) = waiting.pop_front() {
        if screen.is_lost() {
            return;
        }
        let is_last = waiting.is_empty();
        let mut page = page_of(&load, &mut remarks).await;
        if page.files.is_empty() {
            continue;
        }
        if is_last && remarks.is_empty() {
            page.content = joined(&page.content, last);
        }
        match screen.add(page).await {
            Ok(()) if is_last && remarks.is_empty() => return,
            Ok(()) => {}
            Err(error) if trouble(&error) == Trouble::TooLarge => divide(load, &mut waiting, &mut remarks),
            Err(error) => {
                tracing::warn!(%error, "files could not be sent");
                remarks.extend(load.iter().map(Parcel::not_sent));
            }
        }
    }
    for closing in pages(&joined(&remarks.join("\n"), last), LONGEST_MESSAGE) {
        if let Err(error) = screen.add(Page::text(closing)).await {
            tracing::warn!(%error, "what became of files could not be said");
        }
    }
}

/// Files as few messages carry them.
fn loads(parcels: Vec<Parcel>) -> Vec<Vec<Parcel>> {
    let mut loads: Vec<Vec<Parcel>> = Vec::new();
    for parcel in parcels {
        let has_room = |load: &&mut Vec<Parcel>| {
            let size: u64 = load.iter().map(|other| other.size).sum();
            load.len() < MOST_FILES && size + parcel.size <= LARGEST_REQUEST
        };
        match loads.last_mut().filter(has_room) {
            Some(load) => load.push(parcel),
            None => loads.push(vec![parcel]),
        }
    }
    loads
}

/// What was too much at once is sent in halves; what is too much alone is not.
fn divide(mut load: Vec<Parcel>, waiting: &mut VecDeque<Vec<Parcel>>, remarks: &mut Vec<String>) {
    if load.len() <= 1 {
        remarks.extend(load.iter().map(Parcel::too_large));
        return;
    }
    let second = load.split_off(load.len() / 2);
    waiting.push_front(second);
    waiting.push_front(load);
}

async fn page_of(load: &[Parcel], remarks: &mut Vec<String>) -> Page {
    let (mut lines, mut files) = (Vec::new(), Vec::new());
    for parcel in load {
        match fs::read(&parcel.path).await {
            Ok(bytes) => {
                lines.push(parcel.line());
                files.push(Attached::new(&parcel.name, bytes));
            }
            Err(error) => {
                tracing::warn!(%error, name = parcel.name, "a file could not be read");
                remarks.push(parcel.not_sent());
            }
        }
    }
    Page { content: lines.join("\n"), buttons: Vec::new(), files }
}

fn joined(text: &str, last: &str) -> String {
    match (text.is_empty(), last.is_empty()) {
        (true, _) => last.to_owned(),
        (_, true) => text.to_owned(),
        _ => format!("{text}\n\n{last}"),
    }
}

impl Parcel {
    fn line(&self) -> String {
        let id = self.id.as_deref().map(|id| format!(" (ID: {})", code(id))).unwrap_or_default();
        format!("{} {}{id}", self.kind.emoji(), plain(&self.name, 100))
    }

    fn too_large(&self) -> String {
        let what = match &self.id {
            Some(id) => format!(
                "It is stored as {}: code can still use it with {}, or make a smaller one.",
                code(id),
                code(&format!("load_file(\"{id}\")"))
            ),
            None => "Let the code make a smaller one.".to_owned(),
        };
        format!("⚠️ {} ({}) is too large to send. {what}", code(&self.name), ByteSize(self.size))
    }

    fn not_sent(&self) -> String {
        let id = self.id.as_deref().map(|id| format!(" It is stored as {}; `/download` brings it.", code(id)));
        format!("⚠️ {} could not be sent.{}", code(&self.name), id.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel(name: &str, size: u64) -> Parcel {
        let (kind, id) = (crate::formats::kind_of(name), Some(format!("7_1_{size:08x}")));
        Parcel { name: name.to_owned(), kind, size, id, path: PathBuf::new() }
    }

    /// U4
    #[test]
    fn a_message_carries_ten_files_and_25_mb() {
        let sizes = |loads: Vec<Vec<Parcel>>| loads.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(loads((0..23).map(|_| parcel("a.png", 1)).collect())), [10, 10, 3]);
        assert_eq!(sizes(loads((0..4).map(|_| parcel("a.png", 10 << 20)).collect())), [2, 2]);
    }

    /// U4
    #[test]
    fn what_is_too_much_at_once_is_sent_in_halves_and_what_is_too_much_alone_is_named() {
        let (mut waiting, mut remarks) = (VecDeque::new(), Vec::new());
        divide((0..3).map(|size| parcel("a.png", size)).collect(), &mut waiting, &mut remarks);
        assert_eq!((waiting.iter().map(Vec::len).collect::<Vec<_>>(), remarks.len()), (vec![1, 2], 0));
        divide(vec![parcel("a.csv", 1024)], &mut waiting, &mut remarks);
        let expected = "⚠️ `a.csv` (1.0 KB) is too large to send. It is stored as `7_1_00000400`: code can still use it \
                        with `load_file(\"7_1_00000400\")`, or make a smaller one.";
        assert_eq!(remarks, [expected]);
    }
}
