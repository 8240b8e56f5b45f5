//! Conversations on the server.

use async_trait::async_trait;
use mongodb::{
    Collection,
    bson::{self, Document, doc, oid::ObjectId},
    error::Result as ServerResult,
};
use serde::{Deserialize, Serialize};

use super::{MongoCatalog, all, date, failures::Failures, indexes::TURNS, time};
use crate::{
    catalog::{
        CatalogError,
        conversations::{Conversations, MOST_TURNS, Turn},
    },
    identifiers::UserId,
};

/// How often a turn is tried to be added while others add turns to the same conversation.
const MOST_CLASHES: usize = 64;

#[derive(Serialize, Deserialize)]
struct TurnDocument {
    /// By which a turn is known again that was added although the answer was lost.
    #[serde(rename = "_id")]
    id: ObjectId,
    user_id: i64,
    channel: String,
    /// Its place in the conversation, which no other turn has.
    number: i64,
    said_at: bson::DateTime,
    content: String,
}

#[async_trait]
impl Conversations for MongoCatalog {
    async fn append_turn(&self, user: UserId, channel: &str, turn: &Turn) -> Result<(), CatalogError> {
        turn.check()?;
        let turns = self.collection::<TurnDocument>(TURNS);
        let mut document = TurnDocument {
            id: ObjectId::new(),
            user_id: user.0,
            channel: channel.to_owned(),
            number: 0,
            said_at: date(turn.said_at),
            content: turn.content.clone(),
        };
        for _ in 0..MOST_CLASHES {
            let last = self.attempts.make(|| async { last_number(&turns, user, channel).await }).await?;
            document.number = last + 1;
            if self.attempts.make(|| async { is_added(&turns, &document).await }).await? {
                let oldest = document.number - i64::from(MOST_TURNS) + 1;
                let too_old = doc! { "user_id": user.0, "channel": channel, "number": { "$lt": oldest } };
                return self.delete_matching(TURNS, &too_old).await.map(drop);
            }
        }
        let reason = "others add turns to the same conversation all the time".to_owned();
        Err(CatalogError::Failed { place: self.attempts.place(), reason })
    }

    async fn last_turns(&self, user: UserId, channel: &str, count: u32) -> Result<Vec<Turn>, CatalogError> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let turns = self.collection::<TurnDocument>(TURNS);
        let filter = doc! { "user_id": user.0, "channel": channel };
        let find = || async {
            all(turns.find(filter.clone()).sort(doc! { "number": -1 }).limit(count.min(MOST_TURNS).into()).await?).await
        };
        let latest_first = self.attempts.make(find).await?;
        let turn = |document: TurnDocument| Turn { said_at: time(document.said_at), content: document.content };
        Ok(latest_first.into_iter().rev().map(turn).collect())
    }

    async fn clear_turns(&self, user: UserId, channel: Option<&str>) -> Result<u64, CatalogError> {
        let mut filter = doc! { "user_id": user.0 };
        if let Some(channel) = channel {
            filter.insert("channel", channel);
        }
        self.delete_matching(TURNS, &filter).await
    }
}

async fn last_number(turns: &Collection<TurnDocument>, user: UserId, channel: &str) -> ServerResult<i64> {
    let numbers = turns.clone_with_type::<Document>();
    let last = numbers.find_one(doc! { "user_id": user.0, "channel": channel }).sort(doc! { "number": -1 });
    let last = last.projection(doc! { "_id": 0, "number": 1 }).await?;
    Ok(last.and_then(|last| last.get_i64("number").ok()).unwrap_or(0))
}

/// Whether the turn is there now, by this attempt or an earlier one; else its number is another's.
async fn is_added(turns: &Collection<TurnDocument>, document: &TurnDocument) -> ServerResult<bool> {
    match turns.insert_one(document).await {
        Ok(_) => Ok(true),
        Err(error) if Failures::is_duplicate(&error) => {
            Ok(turns.count_documents(doc! { "_id": document.id }).await? > 0)
        }
        Err(error) => Err(error),
    }
}
