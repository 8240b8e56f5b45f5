//! Who is let in (H9).

use std::{net::SocketAddr, num::NonZeroU32, sync::Arc};

use serde_json::json;
use taipan::{
    catalog::{self, Location, Patience},
    executions::{FileLimits, SystemClock, UserFiles},
    files::Store,
    http::{Server, Settings},
};

use super::{client::Ask, given::Served};

const LIST: &str = "/api/v1/files";

/// H9
#[test]
fn with_keys_a_request_without_one_is_refused() {
    let served = Served::new();
    assert_eq!(served.ask(Ask::get(LIST)).status, 200);
    let key = served.key(7);
    let missing = (401, "unauthorized".to_owned(), "Send a key: `Authorization: Bearer …`.".to_owned());
    for path in
        [LIST, "/api/v1/status", "/metrics", "/api/v1/files/x/content", "/api/v1/downloads/code-execution/m/files"]
    {
        let refused = served.ask(Ask::get(path));
        assert_eq!(
            (refused.problem(), refused.header("www-authenticate")),
            (missing.clone(), Some("Bearer")),
            "{path}"
        );
    }
    assert_eq!(served.ask(Ask::run(&json!({ "code": "1" }))).problem(), missing);
    for open in ["/healthz", "/readyz", "/openapi.json", "/", "/docs"] {
        assert_eq!(served.ask(Ask::get(open)).status, 200, "{open}");
    }
    assert_eq!(served.ask(Ask::get(LIST).key(&key)).status, 200);
    let unknown = (401, "unauthorized".to_owned(), "This key is not known, or was revoked.".to_owned());
    for wrong in ["taipan_0", &key[1..], &key.to_uppercase()] {
        assert_eq!(served.ask(Ask::get(LIST).key(wrong)).problem(), unknown);
    }
    for wrong in ["", "Basic eDp5", "Bearer", &format!("Bearer {}", "x".repeat(300))] {
        assert_eq!(served.ask(Ask::get(LIST).header("Authorization", wrong)).status, 401, "{wrong}");
    }
    served.revoke_all_keys();
    assert_eq!(served.ask(Ask::get(LIST).key(&key)).problem(), unknown);
}

/// H9
#[test]
fn each_key_leads_to_its_users_files() {
    let served = Served::new();
    let (anna, again, ben) = (served.key(1), served.key(1), served.key(2));
    served.ask(Ask::upload(&[("file", Some("a.txt"), b"x")]).key(&anna)).done(201);
    let count = |key: &str| served.ask(Ask::get(LIST).key(key)).done(200)["total_files"].clone();
    assert_eq!((count(&anna), count(&again), count(&ben)), (json!(1), json!(1), json!(0)));
}

/// H9
#[tokio::test]
async fn without_keys_nobody_listens_where_others_could_come_in() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = catalog::open(&Location::choose(None, folder.path()).unwrap(), Patience::default()).await.unwrap();
    let store = Store::open(folder.path()).unwrap();
    let files = UserFiles::new(store, catalog, FileLimits::default(), Arc::new(SystemClock));
    for address in ["0.0.0.0:0", "[::]:0"] {
        let address: SocketAddr = address.parse().unwrap();
        let refused = Server::bind(Settings::of_address(address), &files).await.unwrap_err();
        let expected = format!(
            "Without keys the server listens on this machine only, and HTTP_ADDRESS is {address}: make a key with \
             `taipan keys add`, or set HTTP_ADDRESS to 127.0.0.1:8080."
        );
        assert_eq!(refused.to_string(), expected);
    }
    let (_, key) = catalog::ApiKey::generate(None, "", chrono::Utc::now()).unwrap();
    files.catalog().add_key(&key).await.unwrap();
    Server::bind(Settings::of_address("0.0.0.0:0".parse().unwrap()), &files).await.unwrap();
    files.close().await;
}

/// H9: a page of somebody else in the browser of whoever sits here, also by a name that leads to this machine.
#[test]
fn without_keys_other_pages_and_names_are_refused() {
    let served = Served::new();
    let own = format!("http://{}", served.address);
    let host = (
        403,
        "foreign_host".to_owned(),
        "Without keys this server answers only by the names localhost, 127.0.0.1 and [::1].".to_owned(),
    );
    for name in ["evil.example", "localhost.evil.example:8080", "10.0.0.1"] {
        assert_eq!(served.ask(Ask::get(LIST).header("Host", name)).problem(), host);
    }
    let run = || Ask::run(&json!({ "code": "open('/tmp/never', 'w')" }));
    for origin in ["http://evil.example", "null", "https://localhost", "http://localhost:1"] {
        let refused = served.ask(run().header("Origin", origin)).problem();
        assert_eq!((refused.0, refused.1.as_str()), (403, "foreign_origin"), "{origin}");
    }
    for site in ["cross-site", "same-site"] {
        assert_eq!(served.ask(Ask::get(LIST).header("Sec-Fetch-Site", site)).status, 403);
    }
    assert_eq!(served.endings(), Vec::<String>::new());
    assert_eq!(served.ask(Ask::get(LIST).header("Origin", own).header("Sec-Fetch-Site", "same-origin")).status, 200);
    assert_eq!(served.ask(Ask::get(LIST).header("Host", "localhost")).status, 200);
    // A key is proof enough, by whatever name a proxy asks.
    let key = served.key(1);
    assert_eq!(served.ask(Ask::get(LIST).header("Host", "chat.example").key(&key)).status, 200);
}

/// Issue 7, 3
#[test]
fn pages_of_other_origins_are_let_in_only_where_they_are_named() {
    let origin = "https://chat.example";
    let closed = Served::new();
    let answer =
        closed.ask(Ask::new("OPTIONS", LIST).header("Origin", origin).header("Access-Control-Request-Method", "GET"));
    assert_eq!(answer.header("access-control-allow-origin"), None);

    let open = Served::with(FileLimits::default(), |settings| settings.cors_origins = vec![origin.to_owned()]);
    let asked = |origin: &str| open.ask(Ask::get(LIST).header("Origin", origin));
    assert_eq!((asked(origin).status, asked(origin).header("access-control-allow-origin")), (200, Some(origin)));
    assert_eq!(
        (asked("https://other.example").status, asked("https://other.example").header("access-control-allow-origin")),
        (403, None)
    );
}

/// Issue 7, 3
#[test]
fn who_asks_too_often_is_told_when_to_come_back() {
    let served =
        Served::with(FileLimits::default(), |settings| settings.requests_per_minute = NonZeroU32::new(3).unwrap());
    let (anna, ben) = (served.key(1), served.key(2));
    for _ in 0..3 {
        assert_eq!(served.ask(Ask::get(LIST).key(&anna)).status, 200);
    }
    let refused = served.ask(Ask::get(LIST).key(&anna));
    assert_eq!((refused.status, refused.problem().1.as_str()), (429, "too_many_requests"));
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&seconds), "{seconds}");
    assert_eq!(served.ask(Ask::get(LIST).key(&ben)).status, 200);
}
