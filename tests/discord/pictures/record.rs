use std::{env, fs, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::discord::{
    given::settled,
    server::{Discord, Id, Seen},
};

/// What stands for whatever is different each time.
const SETTLED: [(&str, &str); 3] =
    [("`ID`", "`42_1790000000_5f3a9c1e`"), ("<t:TIME:", "<t:1790000000:"), ("Executed in N", "Executed in 0.42")];

/// What a person sees, one thing below the other, without what is different each time.
pub(super) struct Record {
    title: String,
    mention: String,
    /// Of the messages in `seen`.
    ids: Vec<Option<Id>>,
    seen: Vec<Value>,
}

impl Record {
    pub(super) fn new(title: &str, discord: &Discord) -> Self {
        Self { title: title.to_owned(), mention: discord.mention(), ids: Vec::new(), seen: Vec::new() }
    }

    /// The next that is seen is this message, as it is now.
    pub(super) fn sees(&mut self, message: &Seen) {
        self.adds(None, message);
    }

    /// The same, with what was done for it.
    pub(super) fn sees_after(&mut self, deed: &str, message: &Seen) {
        self.adds(Some(deed), message);
    }

    /// The next is a form, and what is typed into it.
    pub(super) fn opens(&mut self, deed: &str, form: &Value, typed: &[(&str, &str)]) {
        let rows = form["components"].as_array().unwrap();
        let fields = rows.iter().flat_map(|row| row["components"].as_array().unwrap()).map(|field| {
            let value = typed.iter().find(|(name, _)| field["custom_id"] == *name).map_or("", |(_, value)| value);
            json!({ "label": field["label"], "value": value, "hint": field["placeholder"] })
        });
        let fields: Vec<_> = fields.collect();
        self.ids.push(None);
        self.seen.push(json!({ "after": deed, "form": { "title": form["title"], "fields": fields } }));
    }

    fn adds(&mut self, deed: Option<&str>, message: &Seen) {
        let replied = message.replies_to.and_then(|id| self.ids.iter().position(|known| *known == Some(id)));
        let replied = replied.map(|place| self.seen[place].clone());
        let files = message.files.iter().map(|file| {
            let is_picture = file.content_type.as_ref().is_some_and(|kind| kind.starts_with("image/"));
            let picture = is_picture.then(|| STANDARD.encode(&file.bytes));
            let size = (!is_picture).then_some(file.bytes.len());
            json!({ "name": file.sent_as, "size": size, "picture": picture })
        });
        let embeds = json!(message.embeds).to_string();
        let embeds: Value = serde_json::from_str(&self.steady(&embeds)).unwrap();
        let seen = json!({
            "after": deed,
            "author": message.author,
            "reply_to": replied.map(|replied| json!([replied["author"], replied["content"]])),
            "only_for": message.only_for,
            "content": self.steady(&message.content),
            "embeds": embeds,
            "files": files.collect::<Vec<_>>(),
            "rows": message.components.iter().map(row).collect::<Vec<_>>(),
        });
        self.ids.push(Some(message.id));
        self.seen.push(seen);
    }

    fn steady(&self, text: &str) -> String {
        let text = text.replace(&self.mention, "@Taipan");
        let text = between(&text, "Running… ", "s", "2.4");
        let text = between(&text, "(image, ", " KB)", "11.6");
        SETTLED.iter().fold(settled(&text), |text, (from, to)| text.replace(from, to))
    }

    /// Is it what the file in `docs/discord` says? With `TAIPAN_RECORD` set, it becomes that.
    pub(super) fn compare(self, name: &str) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("docs/discord/{name}.json"));
        let new = json!({ "title": self.title, "seen": self.seen });
        if env::var_os("TAIPAN_RECORD").is_some() {
            let text = serde_json::to_string_pretty(&new).unwrap();
            return fs::write(path, text + "\n").unwrap();
        }
        let old: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        // Another version of a library may draw other pixels.
        let [old, new] = [old, new].map(|record| serde_json::to_string_pretty(&without_pixels(record)).unwrap());
        assert_eq!(new, old, "`make pictures` renews the pictures in docs/discord");
    }
}

/// The controls of a row of components.
fn row(row: &Value) -> Value {
    let controls = row["components"].as_array().into_iter().flatten().map(|part| {
        json!({
            "label": part["label"].as_str().or(part["placeholder"].as_str()),
            "emoji": part["emoji"]["name"],
            "style": if part["type"] == 2 { part["style"].clone() } else { json!("menu") },
            "disabled": part["disabled"] == true,
        })
    });
    json!(controls.collect::<Vec<_>>())
}

/// A text with what stands between two others replaced, the first time that they occur.
fn between(text: &str, start: &str, end: &str, new: &str) -> String {
    let Some((before, rest)) = text.split_once(start) else { return text.to_owned() };
    let Some((_, after)) = rest.split_once(end) else { return text.to_owned() };
    format!("{before}{start}{new}{end}{after}")
}

fn without_pixels(mut record: Value) -> Value {
    for seen in record["seen"].as_array_mut().unwrap() {
        for file in seen["files"].as_array_mut().into_iter().flatten() {
            file["picture"] = json!(file["picture"].is_string());
        }
    }
    record
}
