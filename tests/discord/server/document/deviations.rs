//! Where Discord does otherwise than its document says, each with the reason to believe so.

use serde_json::{Value, json};

/// A place of the document, what stands there instead, and why.
struct Deviation {
    place: &'static str,
    instead: &'static str,
    why: &'static str,
}

/// Bits of permissions, in figures.
const PERMISSIONS: &str = r#"{ "type": ["integer", "string", "null"], "pattern": "^[0-9]+$", "minimum": 0 }"#;

const DEVIATIONS: [Deviation; 8] = [
    Deviation {
        place: "/components/schemas/MessageAttachmentRequest/properties/id",
        instead: r##"{ "anyOf": [{ "$ref": "#/components/schemas/SnowflakeType" }, { "type": "integer", "minimum": 0 }] }"##,
        why: "Discord's reference writes the numbers of new files as integers, and so do clients.",
    },
    Deviation {
        place: "/components/schemas/MessageCreateRequest/properties/content/maxLength",
        instead: "2000",
        why: "4,000 characters are for people who pay; a bot is refused above 2,000.",
    },
    Deviation {
        place: "/components/schemas/MessageEditRequestPartial/properties/content/maxLength",
        instead: "2000",
        why: "4,000 characters are for people who pay; a bot is refused above 2,000.",
    },
    Deviation {
        place: "/components/schemas/InnerErrors/properties/_errors/items",
        instead: r#"{ "type": "object", "properties": { "code": { "type": "string" }, "message": { "type": "string" } },
            "required": ["code", "message"], "additionalProperties": false }"#,
        why: "The codes of fields are words, as BASE_TYPE_REQUIRED; Discord's reference shows them so.",
    },
    Deviation {
        place: "/components/schemas/ApplicationCommandUpdateRequest/properties/default_member_permissions",
        instead: PERMISSIONS,
        why: "Discord's reference has it as a text, and so it is in answers.",
    },
    Deviation {
        place: "/components/schemas/ApplicationCommandCreateRequest/properties/default_member_permissions",
        instead: PERMISSIONS,
        why: "Discord's reference has it as a text, and so it is in answers.",
    },
    Deviation {
        place: "/components/schemas/ApplicationCommandUpdateRequest/properties/nsfw",
        instead: r#"{ "type": ["boolean", "null"] }"#,
        why: "Discord's reference has it; clients send it with every command.",
    },
    Deviation {
        place: "/components/schemas/ApplicationCommandCreateRequest/properties/nsfw",
        instead: r#"{ "type": ["boolean", "null"] }"#,
        why: "Discord's reference has it; clients send it with every command.",
    },
];

/// Makes the document say what Discord does.
pub(super) fn apply(document: &mut Value) {
    for deviation in DEVIATIONS {
        let (parent, name) = deviation.place.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{} is gone", deviation.place));
        let instead: Value = serde_json::from_str(deviation.instead).unwrap();
        assert_ne!(parent[name], instead, "{}: the document says so by now: {}", deviation.place, deviation.why);
        parent[name] = instead;
    }
}

/// Discord passes over fields that it does not know, so that a slip of the pen would go unnoticed. Here it is one.
pub(super) fn refuse_unknown_fields(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    for (name, schema) in schemas {
        let is_of_requests = name.contains("Request");
        if is_of_requests && schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
            schema["additionalProperties"] = json!(false);
        }
    }
}
