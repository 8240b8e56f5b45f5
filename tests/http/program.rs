//! The program itself: `taipan serve` and `taipan keys` (H9).

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, ChildStderr, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use super::client::Ask;
use crate::cli::program::{Ended, Folder};

/// The program, serving.
struct Serving {
    child: Child,
    address: SocketAddr,
    log: BufReader<ChildStderr>,
}

impl Serving {
    fn start(folder: &Folder) -> Self {
        let mut command = folder.command(&["serve"]);
        let mut child = command.env("HTTP_ADDRESS", "127.0.0.1:0").stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("🌐") {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended before it listened");
        }
        let address = line.trim().strip_prefix("🌐 Taipan listens on http://").unwrap().parse().unwrap();
        Self { child, address, log }
    }

    /// Asks for the end as systemd and Docker do.
    fn terminate(mut self) -> (Option<i32>, Vec<String>) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        let said = (&mut self.log).lines().map(Result::unwrap).collect();
        (self.child.wait().unwrap().code(), said)
    }
}

/// H1, H9, X13
#[test]
fn the_program_serves_in_sandboxes_and_ends_in_order() {
    let folder = Folder::new();
    let serving = Serving::start(&folder);
    let run = |document| Ask::run(&document).send(serving.address).done(200);
    let answer = run(json!({ "code": "import os\nx = 40\nprint(os.getuid(), os.getpid() < 10)", "session": true }));
    assert_eq!(answer["stdout"], "1000 True\n");
    assert_eq!(run(json!({ "code": "x + 2", "session": true }))["result"]["text"], "42");
    assert_eq!(run(json!({ "code": "'x' in globals()" }))["result"]["text"], "False");
    let status = Ask::get("/api/v1/status").send(serving.address).done(200);
    assert_eq!(status["isolation"], "process");
    assert_eq!(Ask::delete("/api/v1/session").send(serving.address).done(200), json!({ "ended": true }));
    assert_eq!(serving.terminate(), (Some(0), Vec::new()));
}

/// H9
#[test]
fn keys_are_made_listed_and_revoked_while_the_server_runs() {
    let folder = Folder::new();
    assert_eq!(folder.taipan(&["keys", "list"]), Ended::with(0, "🔑 There are no keys.\n", ""));
    let serving = Serving::start(&folder);
    let list = |key: &str| Ask::get("/api/v1/files").key(key).send(serving.address).status;
    let made = folder.taipan(&["keys", "add", "notebook", "--user", "7"]);
    let key = made.stdout.trim_end().to_owned();
    assert_eq!((made.code, list(&key)), (Some(0), 200));
    assert_eq!(Ask::get("/api/v1/files").send(serving.address).status, 401);

    let listed = folder.taipan(&["keys", "list"]).stdout;
    let words: Vec<_> = listed.split_whitespace().collect();
    assert_eq!(words[3..], ["user", "7", "notebook"], "{listed}");
    let id = words[0];
    assert_eq!(made.stderr, format!("🔑 Key {id} of user 7. It is shown this once:\n"));
    let catalog = std::fs::read(folder.path().join("data/catalog.sqlite3")).unwrap();
    assert!(!catalog.windows(64).any(|bytes| bytes == &key.as_bytes()["taipan_".len()..]), "the key itself is kept");

    assert_eq!(folder.taipan(&["keys", "revoke", id]), Ended::with(0, "", &format!("🗑️ Revoked {id}.\n")));
    assert_eq!(list(&key), 401);
    let sentence = format!("❌ There is no key {id}. `taipan keys list` shows those there are.\n");
    assert_eq!(folder.taipan(&["keys", "revoke", id]), Ended::with(2, "", &sentence));
    assert_eq!(serving.terminate().0, Some(0));
}

/// H9
#[test]
fn the_program_does_not_listen_to_others_without_a_key() {
    let folder = Folder::new();
    let refused: Ended = folder.command(&["serve"]).env("HTTP_ADDRESS", "0.0.0.0:0").output().unwrap().into();
    let sentence = "error: Without keys the server listens on this machine only, and HTTP_ADDRESS is 0.0.0.0:0: make a \
                    key with `taipan keys add`, or set HTTP_ADDRESS to 127.0.0.1:8080.\n";
    assert_eq!(refused, Ended::with(2, "", sentence));
}

#[test]
fn an_address_that_is_taken_is_named() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused: Ended = folder.command(&["serve"]).env("HTTP_ADDRESS", &address).output().unwrap().into();
    let sentence = format!(
        "error: HTTP_ADDRESS {address} cannot be listened on: Address already in use (os error 98). Choose another one, or \
         end the program that does.\n"
    );
    assert_eq!(refused, Ended::with(3, "", &sentence));
}
