//! Records of files on the server, under the names of S6.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mongodb::{
    Collection,
    bson::{self, Document, doc},
    error::Result as ServerResult,
};
use serde::{Deserialize, Serialize};

use super::{MongoCatalog, all, date, failures::Failures, indexes::FILES, signed, time, unsigned};
use crate::{
    catalog::{
        CatalogError,
        files::{FileKey, FileRecord, FileRecords, Insertion, KnownFile, MOST_LISTED, Page, Selection, Source, Totals},
    },
    identifiers::{ChatId, FileId, MessageId, UserId},
};

/// How often a record is tried to be added while others add and remove one of the same id.
const MOST_CLASHES: usize = 32;

/// A record as the server has it: with its dates.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct FileDocument {
    file_id: FileId,
    user_id: i64,
    filename: String,
    file_path: String,
    file_size: i64,
    file_type: String,
    kind: String,
    sha256: String,
    source: Source,
    message_id: Option<MessageId>,
    chat_id: Option<ChatId>,
    original_workspace_path: Option<String>,
    uploaded_at: bson::DateTime,
    expires_at: Option<bson::DateTime>,
    preview: Option<String>,
}

#[derive(Deserialize)]
struct KnownDocument {
    file_id: FileId,
    user_id: i64,
    file_path: String,
}

#[async_trait]
impl FileRecords for MongoCatalog {
    async fn insert_file(&self, record: &FileRecord) -> Result<Insertion, CatalogError> {
        let record = record.kept();
        for _ in 0..MOST_CLASHES {
            let attempt = self.attempts.make(|| async { insert(&self.files(), &record).await }).await?;
            if let Some(insertion) = attempt {
                return Ok(insertion);
            }
        }
        let reason = "others add and remove a file of the same id all the time".to_owned();
        Err(CatalogError::Failed { place: self.attempts.place(), reason })
    }

    async fn find_file(
        &self,
        user: UserId,
        file: &FileId,
        now: DateTime<Utc>,
    ) -> Result<Option<FileRecord>, CatalogError> {
        let filter = doc! { "user_id": user.0, "file_id": file.as_str() };
        let found = self.attempts.make(|| async { self.files().find_one(filter.clone()).await }).await?;
        Ok(found.map(FileRecord::from).filter(|record| !record.is_expired(now)))
    }

    async fn list_files(
        &self,
        user: UserId,
        selection: &Selection,
        now: DateTime<Utc>,
        page: &Page,
    ) -> Result<Vec<FileRecord>, CatalogError> {
        let (at, after) = page.bounded_after();
        let at = bson::DateTime::from_millis(at);
        let behind = doc! { "$or": [{ "uploaded_at": { "$gt": at } }, { "file_id": { "$gt": after } }] };
        let mut filter = doc! { "user_id": user.0, "uploaded_at": { "$gte": at }, "$and": [live(now), behind] };
        match selection {
            Selection::All => {}
            Selection::Message(id) => drop(filter.insert("message_id", id.as_str())),
            Selection::Chat(id) => drop(filter.insert("chat_id", id.as_str())),
        }
        self.find_files(filter, doc! { "uploaded_at": 1, "file_id": 1 }, page.bounded_limit()).await
    }

    async fn count_files(&self, user: UserId, now: DateTime<Utc>) -> Result<u64, CatalogError> {
        let mut filter = live(now);
        filter.insert("user_id", user.0);
        self.attempts.make(|| async { self.files().count_documents(filter.clone()).await }).await
    }

    async fn delete_files(&self, user: UserId, files: &[FileId]) -> Result<Vec<FileRecord>, CatalogError> {
        let files: Vec<_> = files.iter().map(FileId::as_str).collect();
        let found = doc! { "user_id": user.0, "file_id": { "$in": files } };
        self.delete_records(found, doc! { "user_id": user.0 }).await
    }

    async fn delete_all_files(&self, user: UserId) -> Result<Vec<FileRecord>, CatalogError> {
        let his = doc! { "user_id": user.0 };
        self.delete_records(his.clone(), his).await
    }

    async fn expired_files(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<FileRecord>, CatalogError> {
        let filter = doc! { "expires_at": { "$lte": date(now) } };
        self.find_files(filter, doc! { "expires_at": 1 }, limit.clamp(1, MOST_LISTED).into()).await
    }

    async fn delete_expired_files(
        &self,
        files: &[FileKey],
        now: DateTime<Utc>,
    ) -> Result<Vec<FileRecord>, CatalogError> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let mut of_users = BTreeMap::<i64, Vec<&str>>::new();
        for key in files {
            of_users.entry(key.user_id.0).or_default().push(key.file_id.as_str());
        }
        let of_user = |(user, files)| doc! { "user_id": user, "file_id": { "$in": files } };
        let these: Vec<_> = of_users.into_iter().map(of_user).collect();
        let expired = doc! { "expires_at": { "$lte": date(now) } };
        self.delete_records(doc! { "$or": these, "$and": [&expired] }, expired).await
    }

    async fn known_files(&self, after: Option<&FileKey>) -> Result<Vec<KnownFile>, CatalogError> {
        let filter = after.map_or_else(Document::new, |key| {
            let of_same_user = doc! { "user_id": key.user_id.0, "file_id": { "$gt": key.file_id.as_str() } };
            doc! { "$or": [of_same_user, { "user_id": { "$gt": key.user_id.0 } }] }
        });
        let columns = doc! { "_id": 0, "user_id": 1, "file_id": 1, "file_path": 1 };
        let files = self.collection::<KnownDocument>(FILES);
        let find = || async {
            let found = files.find(filter.clone()).projection(columns.clone());
            all(found.sort(doc! { "user_id": 1, "file_id": 1 }).limit(MOST_LISTED.into()).await?).await
        };
        let found = self.attempts.make(find).await?;
        Ok(found.into_iter().map(KnownFile::from).collect())
    }

    async fn file_totals(&self, now: DateTime<Utc>) -> Result<Totals, CatalogError> {
        let sums = doc! { "_id": null, "files": { "$sum": 1_i64 }, "bytes": { "$sum": "$file_size" } };
        let pipeline = [doc! { "$match": live(now) }, doc! { "$group": sums }];
        let sum = || async { all(self.files().aggregate(pipeline.clone()).await?).await };
        let found = self.attempts.make(sum).await?;
        let number = |name| found.first().and_then(|sums: &Document| sums.get_i64(name).ok()).map_or(0, unsigned);
        Ok(Totals { files: number("files"), bytes: number("bytes") })
    }

    async fn set_preview(&self, user: UserId, file: &FileId, preview: &str) -> Result<bool, CatalogError> {
        let filter = doc! { "user_id": user.0, "file_id": file.as_str() };
        let change = doc! { "$set": { "preview": preview } };
        let set = || async { self.files().update_one(filter.clone(), change.clone()).await };
        Ok(self.attempts.make(set).await?.matched_count > 0)
    }
}

impl MongoCatalog {
    pub(super) fn files(&self) -> Collection<FileDocument> {
        self.collection(FILES)
    }

    async fn find_files(&self, filter: Document, sort: Document, limit: i64) -> Result<Vec<FileRecord>, CatalogError> {
        let find = || async { all(self.files().find(filter.clone()).sort(sort.clone()).limit(limit).await?).await };
        let found = self.attempts.make(find).await?;
        Ok(found.into_iter().map(FileRecord::from).collect())
    }
}

/// Adds a record; `None` when what is there changed in the middle.
async fn insert(files: &Collection<FileDocument>, record: &FileRecord) -> ServerResult<Option<Insertion>> {
    let document = FileDocument::from(record);
    match files.insert_one(&document).await {
        Ok(_) => return Ok(Some(Insertion::Added)),
        Err(error) if Failures::is_duplicate(&error) => {}
        Err(error) => return Err(error),
    }
    let filter = doc! { "user_id": record.user_id.0, "file_id": record.file_id.as_str() };
    let Some(there) = files.find_one(filter.clone()).await?.map(FileRecord::from) else { return Ok(None) };
    if there.is_expired(record.uploaded_at) {
        let mut expired = filter;
        expired.insert("expires_at", doc! { "$lte": date(record.uploaded_at) });
        let replaced = files.replace_one(expired, &document).await?;
        return Ok((replaced.matched_count > 0).then_some(Insertion::Added));
    }
    let is_same = there.is_same_file(record);
    Ok(Some(if is_same { Insertion::Existing(there) } else { Insertion::Taken(there) }))
}

/// What has not expired.
fn live(now: DateTime<Utc>) -> Document {
    doc! { "$or": [{ "expires_at": null }, { "expires_at": { "$gt": date(now) } }] }
}

impl From<&FileRecord> for FileDocument {
    fn from(record: &FileRecord) -> Self {
        let record = record.clone();
        Self {
            file_id: record.file_id,
            user_id: record.user_id.0,
            filename: record.filename,
            file_path: record.file_path,
            file_size: signed(record.file_size),
            file_type: record.file_type,
            kind: record.kind,
            sha256: record.sha256,
            source: record.source,
            message_id: record.message_id,
            chat_id: record.chat_id,
            original_workspace_path: record.original_workspace_path,
            uploaded_at: date(record.uploaded_at),
            expires_at: record.expires_at.map(date),
            preview: record.preview,
        }
    }
}

impl From<FileDocument> for FileRecord {
    fn from(document: FileDocument) -> Self {
        Self {
            file_id: document.file_id,
            user_id: UserId(document.user_id),
            filename: document.filename,
            file_path: document.file_path,
            file_size: unsigned(document.file_size),
            file_type: document.file_type,
            kind: document.kind,
            sha256: document.sha256,
            source: document.source,
            message_id: document.message_id,
            chat_id: document.chat_id,
            original_workspace_path: document.original_workspace_path,
            uploaded_at: time(document.uploaded_at),
            expires_at: document.expires_at.map(time),
            preview: document.preview,
        }
    }
}

impl From<KnownDocument> for KnownFile {
    fn from(document: KnownDocument) -> Self {
        let key = FileKey { user_id: UserId(document.user_id), file_id: document.file_id };
        Self { key, file_path: document.file_path }
    }
}
