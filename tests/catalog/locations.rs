//! Which catalog the settings name (DESIGN 4, 5).

use std::path::Path;

use taipan::catalog::{self, Location, Patience};

fn chosen(database: Option<&str>) -> String {
    match Location::choose(database, Path::new("data")) {
        Ok(location) => format!("{location:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_place_is_a_server_or_a_file_and_without_one_it_is_a_file_among_the_data() {
    let cases = [
        (None, "File(\"data/catalog.sqlite3\")"),
        (Some("sqlite:///var/lib/a b%20.db"), "File(\"/var/lib/a b%20.db\")"),
        (Some("sqlite:/var/a.db"), "File(\"/var/a.db\")"),
        (Some("sqlite:a.db"), "File(\"a.db\")"),
        (Some("sqlite://some/a.db"), "File(\"some/a.db\")"),
        (Some("mongodb://anna:secret@db.example"), "Server(…)"),
        (Some("mongodb+srv://anna:secret@db.example/x"), "Server(…)"),
    ];
    for (database, expected) in cases {
        assert_eq!(chosen(database), expected);
    }
}

#[test]
fn a_wrong_place_is_a_sentence_without_what_was_set() {
    let other = "it must be sqlite:///path, mongodb://… or mongodb+srv://…";
    let no_file = "it names no file";
    let more = "it must name a file and nothing else, as in sqlite:///path";
    let cases = [
        ("postgres://anna:secret@db/x", other),
        ("/var/lib/taipan.db", other),
        ("", other),
        ("sqlite:", no_file),
        ("sqlite:///", no_file),
        ("sqlite::memory:", more),
        ("sqlite:///x?mode=ro", more),
    ];
    for (database, reason) in cases {
        let expected = format!("The database that DATABASE_URL or MONGODB_URI name cannot be used: {reason}.");
        assert_eq!(chosen(Some(database)), expected, "{database}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_at_once_without_its_password() {
    for wrong in [
        "mongodb://anna:se/cret@db.example/x",
        "mongodb://anna:p@ss:secret@db.example",
        "mongodb://",
        "mongodb://anna:secret@db.example/?w=1&tls=secret",
    ] {
        let location = Location::choose(Some(wrong), Path::new("data")).unwrap();
        let Err(error) = catalog::open(&location, Patience::default()).await else { panic!("{wrong} was opened") };
        assert_eq!(
            error.to_string(),
            "The database that DATABASE_URL or MONGODB_URI name cannot be used: it is no valid address of a MongoDB \
             server; special characters of the password must be percent-encoded."
        );
    }
}
