//! A case as it stands in its file.
//!
//! The file begins with comments: a sentence, then what is expected, a line each. `…` stands for any text.
//!
//! ```python
//! # A loop that swallows every exception is ended all the same.
//! # ends: timed out
//! # prints: still here
//! ```
//!
//! - `ends`: how the run ends: `completed` (as when it is not said), `raised TypeError: text`, `exited 3`, `timed out`,
//!   `out of memory`, `killed 9` or `cancelled`; several possible endings with `or` between them.
//! - `prints`: the output; several lines may follow each other. Without one nothing may be printed.
//! - `note`: a note; all of them, in order.
//! - `makes`: the names of the generated files. `left out`: a file that is not collected, as `name: reason`.
//! - `given`: a file that the run is given, as `name: text`.
//! - `seconds`: the time limit, if it is not 5. `session`: the run is part of a session.
//!
//! After a line `# next run` follows another run of the same owner, with expectations of its own.
//! `import attack` gives code what is in `attack.py`.

use std::{fs, path::Path, time::Duration};

use taipan::{Ending, Outcome};

/// What begins the next run of a case.
const NEXT: &str = "# next run\n";

/// One case: the runs of one owner, one after the other.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) runs: Vec<Run>,
}

/// One run of a case.
#[derive(Default)]
pub(super) struct Run {
    pub(super) code: String,
    pub(super) given: Vec<(String, String)>,
    pub(super) seconds: Option<f64>,
    pub(super) in_session: bool,
    ends: Option<String>,
    prints: Vec<String>,
    notes: Vec<String>,
    makes: Vec<String>,
    left_out: Vec<String>,
}

impl Case {
    pub(super) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a case");
        let name = format!("{}", path.display());
        let runs = text.split(NEXT).map(|text| Run::read(&name, text)).collect();
        Self { name, runs }
    }
}

impl Run {
    fn read(case: &str, text: &str) -> Self {
        let mut run = Self { code: text.to_owned(), ..Self::default() };
        let comments = text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
        for (key, value) in comments.filter_map(|line| line.split_once(':')) {
            let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
            match key {
                "ends" => run.ends = Some(value),
                "prints" => run.prints.push(value),
                "note" => run.notes.push(value),
                "makes" => run.makes.extend(value.split(", ").map(str::to_owned)),
                "left out" => run.left_out.push(value),
                "given" => {
                    let (name, text) = value.split_once(": ").expect("a name and a text");
                    run.given.push((name.to_owned(), text.to_owned()));
                }
                "seconds" => run.seconds = Some(value.parse().expect("a number")),
                "session" => run.in_session = true,
                // A sentence may have a colon, too; a key has no more than two words.
                _ => assert!(key.split(' ').count() > 2, "{case}: `{key}` says nothing"),
            }
        }
        run
    }

    /// The time limit.
    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs_f64(self.seconds.unwrap_or(5.0))
    }

    /// What came out otherwise than it should.
    pub(super) fn against(&self, outcome: &Outcome) -> Vec<String> {
        let files: Vec<_> = outcome.generated_files.iter().map(|file| file.name.clone()).collect();
        let left_out: Vec<_> =
            outcome.omitted.files.iter().map(|file| format!("{}: {}", file.name, file.reason)).collect();
        let output = outcome.output.strip_suffix('\n').unwrap_or(&outcome.output);
        let ends = self.ends.as_deref().unwrap_or("completed");
        let ending = told(&outcome.ending);
        let as_it_ends = ends.split(" or ").any(|ends| matches(ends, &ending));
        let checks = [
            ("ending", ends.to_owned(), ending, as_it_ends),
            check("output", &self.prints.join("\n"), output.to_owned()),
            check("notes", &self.notes.join("\n"), outcome.notes.join("\n")),
            check("files", &self.makes.join("\n"), files.join("\n")),
            check("files left out", &self.left_out.join("\n"), left_out.join("\n")),
        ];
        let wrong = checks.into_iter().filter(|(_, _, _, is_right)| !is_right);
        wrong.map(|(what, expected, got, _)| format!("{what}: expected {expected:?}, got {:?}", short(&got))).collect()
    }
}

fn check(what: &'static str, expected: &str, got: String) -> (&'static str, String, String, bool) {
    let is_right = matches(expected, &got);
    (what, expected.to_owned(), got, is_right)
}

fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(1500)]
}

fn told(ending: &Ending) -> String {
    match ending {
        Ending::Raised(exception) => format!("raised {}: {}", exception.type_name, exception.message),
        Ending::Exited(code) => format!("exited {code}"),
        Ending::Killed { signal } => format!("killed {signal}"),
        other => other.name().replace('_', " "),
    }
}

/// Whether a text is as expected, where `…` stands for any text.
fn matches(expected: &str, text: &str) -> bool {
    let mut parts = expected.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(place) = rest.find(part) else { return false };
        rest = &rest[place + part.len()..];
    }
    rest.ends_with(last)
}

#[test]
fn any_text_may_stand_for_an_ellipsis() {
    assert!(matches("a … c", "a b c") && matches("…", "") && matches("a", "a") && matches("…b…b", "abb"));
    assert!(!matches("a", "ab") && !matches("a…c", "ab") && !matches("…b…b", "ab"));
}
