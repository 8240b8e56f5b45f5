//! Events as a browser's `EventSource` reads them.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::response::{
    Sse,
    sse::{self, KeepAlive},
};
use futures_core::Stream;

use super::live::LiveRun;

/// How many events are taken from the log at once.
const BATCH: usize = 64;
/// After how long without an event a line is sent that means nothing, so that a broken connection is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The events of a run after the one with this id, until its end.
pub(super) fn stream(
    run: &Arc<LiveRun>,
    after: u64,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>> + use<>> {
    // From now on somebody follows it, also where the answer is never sent.
    let mut reader = run.reader();
    let events = async_stream::stream! {
        let mut last = after;
        loop {
            let unread = reader.next(last, BATCH).await;
            if unread.missed > 0 {
                yield Ok(sse::Event::default().event("missed").data(format!("{{\"events\":{}}}", unread.missed)));
            }
            for entry in unread.entries {
                last = entry.id;
                let event = sse::Event::default().id(entry.id.to_string()).event(entry.name);
                yield Ok(event.data(&*entry.document));
            }
            if unread.is_all {
                break;
            }
        }
    };
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}
