//! Which path leads where, and what all requests share.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware,
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
    timeout::RequestBodyTimeoutLayer,
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use super::{
    Settings, access::Access, downloads, executions, executions::LiveRuns, files, metrics::Metrics, page,
    problem::Problem, requests, status,
};
use crate::executions::Executions;

/// What all requests share. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct App(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    executions: Executions,
    settings: Settings,
    access: Access,
    live: LiveRuns,
    metrics: Metrics,
    is_ending: AtomicBool,
}

/// The head of the document that describes the routes.
#[derive(OpenApi)]
#[openapi(
    info(title = "Taipan", description = "Runs Python code, with files going in and coming out."),
    modifiers(&WithKeys),
    security(("key" = []), ()),
)]
struct Description;

struct WithKeys;

impl Modify for WithKeys {
    fn modify(&self, openapi: &mut openapi::OpenApi) {
        let description = "A key that `taipan keys add` has made. Until there is one, none is needed on this machine.";
        let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description)).build();
        openapi.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(key));
    }
}

impl App {
    pub(super) fn new(executions: Executions, settings: Settings, address: SocketAddr) -> Self {
        Self(Arc::new(Shared {
            executions,
            access: Access::new(&settings, address.ip()),
            live: LiveRuns::new(&settings),
            metrics: Metrics::new(),
            is_ending: AtomicBool::new(false),
            settings,
        }))
    }

    pub(super) fn executions(&self) -> &Executions {
        &self.0.executions
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(super) fn access(&self) -> &Access {
        &self.0.access
    }

    pub(super) fn live_runs(&self) -> &LiveRuns {
        &self.0.live
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// From now on the server is not ready.
    pub(super) fn begin_ending(&self) {
        self.0.is_ending.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_ending(&self) -> bool {
        self.0.is_ending.load(Ordering::Relaxed)
    }

    /// Waits until all runs that somebody follows have ended.
    pub(super) async fn end(&self) {
        self.0.live.end().await;
    }
}

/// All routes.
pub(super) fn router(app: App) -> Router {
    let routes = OpenApiRouter::with_openapi(Description::openapi())
        .merge(executions::routes())
        .merge(files::routes(&app))
        .merge(downloads::routes())
        .merge(status::routes());
    let (routes, description) = routes.split_for_parts();
    routes
        .merge(page::routes(&description))
        .fallback(|| async {
            Problem::not_found("no_such_path", "There is nothing at this path. /docs lists what there is.")
        })
        .method_not_allowed_fallback(|| async {
            let message = "This path does not take this method. /docs lists which it takes.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
        })
        .layer(RequestBodyTimeoutLayer::new(app.settings().body_pause))
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(Problem::internal(&"a request made the server panic"))
        }))
        .layer(cors(app.settings()))
        .layer(middleware::from_fn_with_state(app.clone(), requests::observe))
        .with_state(app)
}

/// Off unless somebody names origins.
fn cors(settings: &Settings) -> CorsLayer {
    let origins: Vec<_> =
        settings.cors_origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    if origins.is_empty() {
        return CorsLayer::new();
    }
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            header::RANGE,
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([header::CONTENT_LOCATION, header::CONTENT_DISPOSITION, header::ETAG, header::RETRY_AFTER])
}
