//! Answers and files that look right and are not.

use taipan::{Ending, Interpreter, Outcome, Request};

use super::trials::trial::{MadeFile, named_for_checks};

/// Makes another file of the same kind out of each: other numbers, a row less, a picture of nothing.
const SPOIL: &str = r#"
import re, shutil, sqlite3
from pathlib import Path
import pandas as pd
from PIL import Image
for path in sorted(Path().glob("made-*")):
    spoilt = path.name.split("-", 2)[2]
    if path.suffix in (".png", ".jpg"):
        Image.new("RGB", Image.open(path).size, "white").save(spoilt)
    elif path.suffix == ".csv":
        head, rows = path.read_text().split("\n", 1)
        Path(spoilt).write_text(head + "\n" + re.sub(r"\d", lambda digit: str((int(digit.group()) + 3) % 10), rows))
    elif path.suffix == ".xlsx":
        pd.read_excel(path).iloc[::-1].iloc[1:].to_excel(spoilt, index=False)
    elif path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        frame.assign(**{name: frame[name] + 1 for name in frame.select_dtypes("number")}).to_parquet(spoilt)
    elif path.suffix == ".sqlite":
        shutil.copy(path, spoilt)
        with sqlite3.connect(spoilt) as database:
            database.execute('UPDATE strikes SET "Cost Total $" = 7')
        database.close()
    else:
        Path(spoilt).write_bytes(path.read_bytes()[:500])
"#;

/// Spoilt files, for as long as this lives.
pub(super) struct Files(Option<Outcome>);

impl Files {
    pub(super) async fn of(interpreter: &Interpreter, made: &[MadeFile]) -> Self {
        if made.is_empty() {
            return Self(None);
        }
        let request = named_for_checks(made).fold(Request::new(SPOIL), Request::input);
        let outcome = interpreter.execute(request).await.unwrap();
        assert_eq!(outcome.ending, Ending::Completed, "{}", outcome.output);
        assert_eq!(outcome.generated_files.len(), made.len(), "{made:?}");
        Self(Some(outcome))
    }

    pub(super) fn made(&self) -> Vec<MadeFile> {
        let files = self.0.iter().flat_map(|outcome| &outcome.generated_files);
        files.map(|file| MadeFile { name: file.name.clone(), path: file.path.clone() }).collect()
    }
}

/// The same words with other numbers.
pub(super) fn answer(text: &str) -> String {
    let other = |letter: char| match letter.to_digit(10) {
        Some(digit) => char::from_digit((digit + 3) % 10, 10).unwrap(),
        None => letter,
    };
    text.chars().map(other).collect()
}
