//! Where attachments lie: `cdn.discordapp.com` and, with the same paths, `media.discordapp.net`.

use std::sync::Arc;

use super::{Inside, network::Received, people::Delivery, rest::Reply};

/// Gives a file, or whatever its delivery says.
pub(super) async fn answer(inside: &Arc<Inside>, received: &Received) -> Option<Reply> {
    let signature = received.query.iter().find(|(name, _)| name == "hm").map(|(_, value)| value.as_str());
    let found = inside.with(|world| {
        if received.method != "GET" && received.method != "HEAD" {
            world.violations.add(format!("the CDN was asked to {} {}", received.method, received.path));
        }
        if received.headers.contains_key("authorization") {
            world.violations.add("the CDN was told the token");
        }
        let now = world.now.timestamp();
        let supply = world.supplies.get_mut(&received.path)?;
        supply.asked += 1;
        // Without its signature a link is worth nothing.
        let is_valid = now < supply.ends && signature == Some(signature_of(&received.path).as_str());
        Some((supply.clone(), is_valid))
    });
    let gone = || Some(Reply::raw(404, "text/plain;charset=UTF-8", b"This content is no longer available.".to_vec()));
    let Some((supply, is_valid)) = found else { return gone() };
    if !is_valid {
        return gone();
    }
    let content_type = supply.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    let whole = || Some(Reply::file(&content_type, supply.bytes.clone()));
    match supply.delivery {
        Delivery::Prompt => whole(),
        Delivery::Slow(pause) => {
            tokio::time::sleep(pause).await;
            whole()
        }
        Delivery::Missing | Delivery::Expired => gone(),
        Delivery::WebPage => {
            Some(Reply::raw(200, "text/html", b"<!DOCTYPE html><title>Just a moment...</title>".to_vec()))
        }
        Delivery::Broken => Some(Reply::raw(502, "text/html", b"<html>502 Bad Gateway</html>".to_vec())),
        Delivery::Cut => None,
    }
}

/// What makes a link to a path valid.
pub(super) fn signature_of(path: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(path.as_bytes()).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
