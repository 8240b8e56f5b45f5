//! A server that is away, comes back, or is not as it should be.

use std::{sync::Arc, time::Duration};

use mongodb::bson::{Document, doc};
use taipan::catalog::{self, CatalogError, Insertion, Location, Patience};

use super::given::{
    ANNA, TestDatabase, id,
    mongod::{OwnServer, free_port},
    noon, upload,
};

const SHORT: Patience = Patience { start: Duration::from_millis(300), retries: Duration::from_millis(300) };
const LONG: Patience = Patience { start: Duration::from_secs(60), retries: Duration::from_secs(60) };

fn at(uri: &str) -> Location {
    Location::choose(Some(uri), "unused".as_ref()).unwrap()
}

async fn refused(location: &Location, patience: Patience) -> CatalogError {
    let Err(error) = catalog::open(location, patience).await else { panic!("it was opened") };
    error
}

/// While others go on.
async fn started_again(server: OwnServer) -> OwnServer {
    let start = move || {
        server.start_again();
        server
    };
    tokio::task::spawn_blocking(start).await.unwrap()
}

fn away(place: &str) -> String {
    format!(
        "The catalog at {place} does not answer: check that the server runs, and that this machine reaches it (I/O \
         error: Connection refused (os error 111))."
    )
}

#[tokio::test]
async fn a_server_that_is_away_is_waited_for_within_bounds_and_named_without_a_password() {
    let port = free_port();
    let error = refused(&at(&format!("mongodb://anna:secret@127.0.0.1:{port}/?directConnection=true")), SHORT).await;
    assert_eq!(error.to_string(), away(&format!("mongodb://127.0.0.1:{port}")));
}

/// DESIGN 5
#[tokio::test]
async fn a_server_that_does_not_know_the_user_is_named_without_the_password() {
    let server = OwnServer::start();
    let error = refused(&at(&server.uri().replace("://", "://anna:secret@")), LONG).await;
    let expected = format!(
        "The catalog at {} refuses this program: check the name, the password and its rights (SCRAM failure: \
         Authentication failed).",
        server.place()
    );
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_server_that_starts_later_is_waited_for() {
    let server = OwnServer::start();
    server.kill();
    let location = at(&server.uri());
    let opening = tokio::spawn(async move { catalog::open(&location, LONG).await });
    let _server = started_again(server).await;
    assert!(opening.await.unwrap().is_ok());
}

/// S11
#[tokio::test]
async fn calls_go_on_when_the_server_was_killed_and_comes_back() {
    let server = OwnServer::start();
    let catalog = catalog::open(&at(&server.uri()), LONG).await.unwrap();
    catalog.insert_file(&upload("before")).await.unwrap();
    server.kill();
    let adding = {
        let catalog = Arc::clone(&catalog);
        tokio::spawn(async move { catalog.insert_file(&upload("during")).await })
    };
    let _server = started_again(server).await;
    assert_eq!(adding.await.unwrap(), Ok(Insertion::Added));
    for file in ["before", "during"] {
        assert_eq!(catalog.find_file(ANNA, &id(file), noon()).await.unwrap(), Some(upload(file)));
    }
}

#[tokio::test]
async fn a_server_that_went_away_is_an_error_within_bounds() {
    let server = OwnServer::start();
    let catalog = catalog::open(&at(&server.uri()), SHORT).await.unwrap();
    server.kill();
    for called in [catalog.insert_file(&upload("a")).await.map(drop), catalog.check().await] {
        // What is met last differs: a connection that broke, or none.
        let Err(CatalogError::Away { place, .. }) = called else { panic!("{called:?}") };
        assert_eq!(place, server.place());
    }
}

#[tokio::test]
async fn what_a_newer_version_made_is_refused_and_left_as_it_is() {
    let database = TestDatabase::new();
    let raw = database.raw().await;
    raw.collection::<Document>("moments").insert_one(doc! { "_id": "schema", "version": 2_i64 }).await.unwrap();
    let error = refused(&database.location(), LONG).await;
    let CatalogError::Newer { place, found, known } = &error else { panic!("{error}") };
    assert_eq!((found, known), (&2, &1));
    let expected = format!(
        "The catalog at {place} was made by a newer version of Taipan and was left as it is: update Taipan (its \
         layout is 2, this version knows 1)."
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!(raw.list_collection_names().await.unwrap(), ["moments"]);
}

/// S6
#[tokio::test]
async fn records_have_the_names_types_and_indexes_that_others_rely_on() {
    let database = TestDatabase::new();
    let catalog = catalog::open(&database.location(), LONG).await.unwrap();
    catalog.insert_file(&upload("a")).await.unwrap();
    let files = database.raw().await.collection::<Document>("user_files");
    let record = files.find_one(doc! {}).projection(doc! { "_id": 0 }).await.unwrap().unwrap();
    let expected = doc! {
        "file_id": "a", "user_id": 7_i64, "filename": "a.csv", "file_path": "user_files/7/a.csv",
        "file_size": 1234_i64, "file_type": "csv", "kind": "data", "sha256": "a-sha256", "source": "upload",
        "message_id": null, "chat_id": null, "original_workspace_path": null,
        "uploaded_at": mongodb::bson::DateTime::from_millis(noon().timestamp_millis()), "expires_at": null,
        "preview": null,
    };
    assert_eq!(record, expected);
    let mut indexes = files.list_indexes().await.unwrap();
    let mut found = Vec::new();
    while indexes.advance().await.unwrap() {
        let index = indexes.deserialize_current().unwrap();
        let options = index.options.unwrap();
        found.push(format!("{} {:?} {:?}", index.keys, options.unique, options.expire_after));
    }
    let by_time = "\"uploaded_at\": 1, \"file_id\": 1 } None None";
    let expected = [
        "{ \"_id\": 1 } None None".to_owned(),
        "{ \"user_id\": 1, \"file_id\": 1 } Some(true) None".to_owned(),
        "{ \"user_id\": 1, \"expires_at\": 1 } None None".to_owned(),
        format!("{{ \"user_id\": 1, {by_time}"),
        format!("{{ \"user_id\": 1, \"message_id\": 1, {by_time}"),
        format!("{{ \"user_id\": 1, \"chat_id\": 1, {by_time}"),
        "{ \"expires_at\": 1 } None Some(86400s)".to_owned(),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_closed_catalog_says_so() {
    let database = TestDatabase::new();
    let catalog = catalog::open(&database.location(), LONG).await.unwrap();
    catalog.close().await;
    assert_eq!(catalog.check().await, Err(CatalogError::Closed));
    assert_eq!(catalog.insert_file(&upload("a")).await, Err(CatalogError::Closed));
}
