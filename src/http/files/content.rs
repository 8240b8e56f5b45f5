//! A file's bytes: whole, in part, or not at all where the client has them.

use std::{
    io::SeekFrom,
    ops::{Bound, RangeInclusive},
    path::Path,
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use headers::{ETag, HeaderMapExt as _, IfNoneMatch, IfRange, Range};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use crate::{catalog::FileRecord, executions::OpenFile, files::StoreError, formats::FileType, http::problem::Problem};

/// How many bytes are read at once.
const PIECE: usize = 64 * 1024;

/// What part of a file is wanted.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Part(RangeInclusive<u64>),
    Nothing,
}

/// Gives an open file as far as it is wanted.
pub(in crate::http) async fn respond(file: OpenFile, asked: &HeaderMap) -> Result<Response, Problem> {
    let OpenFile { record, content } = file;
    let tag: ETag = format!("\"{}\"", record.sha256).parse().map_err(|_| Problem::internal(&"a hash is no hash"))?;
    let headers = headers_of(&record, &tag);
    if asked.typed_get::<IfNoneMatch>().is_some_and(|known| !known.precondition_passes(&tag)) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let size = content.size;
    let (status, from, length) = match wanted(asked, &tag, size) {
        Wanted::All => (StatusCode::OK, 0, size),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, *part.start(), part.end() - part.start() + 1),
        Wanted::Nothing => {
            let problem =
                Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "no_such_range", "The file has no such part.");
            let mut response = problem.into_response();
            insert(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(response);
        }
    };
    let mut bytes = content.file;
    if from > 0 {
        bytes.seek(SeekFrom::Start(from)).await.map_err(|error| Problem::from(StoreError::from(error)))?;
    }
    let body = Body::from_stream(ReaderStream::with_capacity(bytes.take(length), PIECE));
    let mut response = (status, headers, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, length.into());
    if status == StatusCode::PARTIAL_CONTENT {
        insert(headers, header::CONTENT_RANGE, &format!("bytes {from}-{}/{size}", from + length - 1));
    }
    Ok(response)
}

/// One part at most: whoever asks for several gets all, as is allowed (RFC 9110, 14.2).
fn wanted(asked: &HeaderMap, tag: &ETag, size: u64) -> Wanted {
    let Some(range) = asked.typed_get::<Range>() else { return Wanted::All };
    if asked.typed_get::<IfRange>().is_some_and(|known| known.is_modified(Some(tag), None)) {
        return Wanted::All;
    }
    let mut parts = range.satisfiable_ranges(size);
    match (parts.next(), parts.next()) {
        (None, _) => Wanted::Nothing,
        (Some(part), None) => within(part, size).map_or(Wanted::Nothing, Wanted::Part),
        (Some(_), Some(_)) => Wanted::All,
    }
}

fn within((start, end): (Bound<u64>, Bound<u64>), size: u64) -> Option<RangeInclusive<u64>> {
    let start = match start {
        Bound::Included(start) => start,
        Bound::Excluded(before) => before + 1,
        Bound::Unbounded => 0,
    };
    let last = size.checked_sub(1)?;
    let end = match end {
        Bound::Included(end) => end.min(last),
        Bound::Excluded(after) => after.checked_sub(1)?.min(last),
        Bound::Unbounded => last,
    };
    (start <= end).then_some(start..=end)
}

/// A file is always something to save: what is in it was written by anybody, and must not be shown as a page of this
/// server.
fn headers_of(record: &FileRecord, tag: &ETag) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.typed_insert(tag.clone());
    let extension = Path::new(&record.filename).extension().and_then(|extension| extension.to_str());
    let file_type = FileType::by_name(&record.file_type);
    let media_type = file_type.map_or("application/octet-stream", |file_type| {
        extension.map_or(file_type.mime, |extension| file_type.mime_for(&extension.to_ascii_lowercase()))
    });
    insert(&mut headers, header::CONTENT_TYPE, media_type);
    insert(&mut headers, header::CONTENT_DISPOSITION, &disposition(&record.filename));
    insert(&mut headers, header::ACCEPT_RANGES, "bytes");
    insert(&mut headers, header::CACHE_CONTROL, "private, no-cache");
    headers
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// The name to save it under: for old clients what is ASCII of it, for others all of it (RFC 6266).
fn disposition(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte);
    let plain: String =
        name.chars().map(|c| if c.is_ascii() && is_plain(c as u8) || c == ' ' { c } else { '_' }).collect();
    let encoded =
        name.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encoded.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> Wanted {
        let tag: ETag = "\"abc\"".parse().unwrap();
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.parse::<header::HeaderName>().unwrap(), HeaderValue::from_static(value)));
        wanted(&headers.collect(), &tag, 10)
    }

    /// H6
    #[test]
    fn a_part_is_given_as_far_as_the_file_has_it() {
        assert_eq!(asked(&[]), Wanted::All);
        assert_eq!(asked(&[("range", "bytes=2-4")]), Wanted::Part(2..=4));
        assert_eq!(asked(&[("range", "bytes=8-99")]), Wanted::Part(8..=9));
        assert_eq!(asked(&[("range", "bytes=7-")]), Wanted::Part(7..=9));
        assert_eq!(asked(&[("range", "bytes=-3")]), Wanted::Part(7..=9));
        assert_eq!(asked(&[("range", "bytes=10-")]), Wanted::Nothing);
        assert_eq!(asked(&[("range", "bytes=0-1,3-4")]), Wanted::All);
        assert_eq!(asked(&[("range", "rows=1-2")]), Wanted::All);
        assert_eq!(asked(&[("range", "bytes=2-4"), ("if-range", "\"abc\"")]), Wanted::Part(2..=4));
        assert_eq!(asked(&[("range", "bytes=2-4"), ("if-range", "\"other\"")]), Wanted::All);
    }

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition("grüße \"x\"\r\n.csv"),
            "attachment; filename=\"gr__e _x___.csv\"; filename*=UTF-8''gr%C3%BC%C3%9Fe%20%22x%22%0D%0A.csv"
        );
    }
}
