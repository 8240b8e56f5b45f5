//! What a person sees in a browser (H10): a page to try the interpreter, and one that shows what programs can ask for.
//! Both are part of the program, and ask for nothing elsewhere.

use axum::{Router, http::header, response::IntoResponse, routing::get};
use utoipa::openapi::OpenApi;

use super::router::App;

/// What a page may do: use its own script and style, show pictures it has fetched, and ask this server. What code
/// prints is never more than text in it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The parts: path, media type, content.
const PARTS: [(&str, &str, &str); 10] = [
    ("/", "text/html; charset=utf-8", include_str!("index.html")),
    ("/page/page.css", "text/css; charset=utf-8", include_str!("page.css")),
    ("/page/page.js", "text/javascript; charset=utf-8", include_str!("page.js")),
    ("/page/editor.js", "text/javascript; charset=utf-8", include_str!("editor.js")),
    ("/page/python.js", "text/javascript; charset=utf-8", include_str!("python.js")),
    ("/page/server.js", "text/javascript; charset=utf-8", include_str!("server.js")),
    ("/page/show.js", "text/javascript; charset=utf-8", include_str!("show.js")),
    ("/page/icon.svg", "image/svg+xml", include_str!("icon.svg")),
    ("/docs", "text/html; charset=utf-8", include_str!("docs.html")),
    ("/page/docs.js", "text/javascript; charset=utf-8", include_str!("docs.js")),
];

pub(super) fn routes(description: &OpenApi) -> Router<App> {
    let mut router = Router::new();
    for (path, media_type, content) in PARTS {
        let part = move || async move {
            let headers = [
                (header::CONTENT_TYPE, media_type),
                (header::CONTENT_SECURITY_POLICY, POLICY),
                (header::CACHE_CONTROL, "no-cache"),
            ];
            (headers, content).into_response()
        };
        router = router.route(path, get(part));
    }
    let description = description.to_json().unwrap_or_else(|error| {
        tracing::error!(%error, "the description of the routes cannot be written as JSON");
        "{}".to_owned()
    });
    let document = move || async move { ([(header::CONTENT_TYPE, "application/json")], description) };
    router.route("/openapi.json", get(document))
}
