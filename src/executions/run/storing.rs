//! Keeping what a run generated (S1, S9, S10, H7).

use futures_util::stream::{self, StreamExt as _};

use super::{
    super::{ExecutionError, Executions, saving::Origin},
    Begun,
    answer::{AnsweredFile, Keeping},
    following::Traces,
};
use crate::{
    catalog::{FileRecord, Selection, Source},
    files::{Name, Received},
    formats::FileType,
    identifiers::FileId,
    interpreter::GeneratedFile,
};

/// How many files of a run are stored side by side.
const SIDE_BY_SIDE: usize = 4;

impl Executions {
    /// Stores what a run generated, as far as the user has room for it. What cannot be stored is delivered all the same,
    /// and stops no other (H8).
    pub(super) async fn store_generated(
        &self,
        begun: &Begun,
        files: &[GeneratedFile],
        traces: Traces,
    ) -> Vec<AnsweredFile> {
        let mut again = self.made_again(traces.made_again).await;
        if files.is_empty() {
            return again;
        }
        let again_ids = again.iter().filter_map(AnsweredFile::record).map(|record| record.file_id.clone());
        let spared: Vec<_> = traces.read.into_iter().chain(again_ids).collect();
        let most = self.limits.max_files_per_user;
        let receiving = (0..files.len()).map(|index| self.taken_in(begun, &files[index], index < most));
        let received: Vec<_> = stream::iter(receiving).buffered(SIDE_BY_SIDE).collect().await;

        let _held = self.locks.hold(begun.user).await;
        let mut room = self.room_beside(begun, &spared).await;
        let settling = received.into_iter().map(|received| {
            let has_room = received.is_ok() && room.as_mut().is_ok_and(take_one);
            self.kept(begun, received, has_room, room.as_ref().err().map(ToString::to_string))
        });
        let settling: Vec<_> = settling.collect();
        let kept: Vec<_> = stream::iter(settling).buffered(SIDE_BY_SIDE).collect().await;

        let made: Vec<_> = kept.iter().filter_map(|kept| Some(kept.as_ref().ok()?.file_id.clone())).collect();
        if !made.is_empty() {
            self.make_room(begun.user, &[spared, made.clone()].concat(), self.now()).await;
            self.remember(begun, made).await;
        }
        again.extend(files.iter().cloned().zip(kept).map(|(file, kept)| answered(file, kept)));
        again.sort_by(|one, other| one.file.name.cmp(&other.file.name));
        again
    }

    /// Files of earlier runs that were made once more: the same ones, where they lie.
    async fn made_again(&self, records: Vec<FileRecord>) -> Vec<AnsweredFile> {
        let mut again = Vec::new();
        for record in records {
            let (Ok(place), Some(file_type)) = (record.file_path.parse(), FileType::by_name(&record.file_type)) else {
                continue;
            };
            // It may have been deleted while the code ran.
            let Ok(path) = self.store.path(&place).await else { continue };
            again.push(AnsweredFile {
                file: GeneratedFile {
                    name: record.filename.clone(),
                    kind: file_type.kind,
                    file_type: record.file_type.clone(),
                    size: record.file_size,
                    sha256: record.sha256.clone(),
                    path,
                    folder: None,
                },
                keeping: Keeping::Stored(Box::new(record)),
            });
        }
        again.sort_by(|one, other| one.file.name.cmp(&other.file.name));
        again
    }

    /// How many files of the run may be stored: all but those places of files that are spared (S9).
    async fn room_beside(&self, begun: &Begun, spared: &[FileId]) -> Result<usize, ExecutionError> {
        let records = self.records(begun.user, &Selection::All, self.now()).await?;
        let there = records.iter().filter(|record| spared.contains(&record.file_id)).count();
        Ok(self.limits.max_files_per_user.saturating_sub(there))
    }

    async fn taken_in(&self, begun: &Begun, file: &GeneratedFile, may_fit: bool) -> Result<Received, String> {
        if !may_fit {
            return Err(self.no_room());
        }
        let (name, most) = (Name::of_generated(&file.name), self.limits.max_file_bytes);
        let received = self.store.receive_copy(begun.user, name, file.path.clone(), most).await;
        received.map_err(|error| error.to_string())
    }

    async fn kept(
        &self,
        begun: &Begun,
        received: Result<Received, String>,
        has_room: bool,
        failure: Option<String>,
    ) -> Result<FileRecord, String> {
        let received = received?;
        if !has_room {
            return Err(failure.unwrap_or_else(|| self.no_room()));
        }
        let (message, chat) = (begun.request.message.clone(), begun.request.chat.clone());
        let origin = Origin { source: Source::Generated, message, chat };
        self.settle(received, &origin, self.now()).await.map_err(|error| error.to_string())
    }

    fn no_room(&self) -> String {
        let most = self.limits.max_files_per_user;
        format!("You can keep {most} files, and this run made or opened more.")
    }

    /// The next run of the message finds what this one made.
    async fn remember(&self, begun: &Begun, made: Vec<FileId>) {
        let Some(message) = &begun.request.message else { return };
        if let Err(error) = self.workspaces.add(begun.user, message, made, self.now()).await {
            tracing::error!(user = %begun.user, %message, %error, "a message's workspace was not kept");
        }
    }
}

fn take_one(room: &mut usize) -> bool {
    let has_room = *room > 0;
    *room = room.saturating_sub(1);
    has_room
}

fn answered(file: GeneratedFile, kept: Result<FileRecord, String>) -> AnsweredFile {
    let keeping = match kept {
        Ok(record) => Keeping::Stored(Box::new(record)),
        Err(reason) => {
            tracing::warn!(name = file.name, reason, "a generated file was not stored");
            Keeping::NotStored { reason }
        }
    };
    AnsweredFile { file, keeping }
}
