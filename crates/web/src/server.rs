//! The router with its layers, and serving it.

use std::future::IntoFuture as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use keqiao_app::App;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;

use crate::cache::AnswerCache;
use crate::limit::Limits;
use crate::locale::remember;
use crate::routes::Routes;
use crate::state::{Web, WebSettings};
use crate::{api, assets, cache, limit, pages};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest time for one request; an upload of the largest import over a slow line takes minutes.
const TIMEOUT: Duration = Duration::from_secs(600);

/// All routes of pages and API.
pub(crate) fn all_routes() -> Routes {
    pages::routes().merge(api::routes())
}

/// The router over an app.
///
/// # Panics
/// When another router of this process has set another metrics recorder.
pub fn router(app: Arc<App>, settings: &WebSettings) -> Router {
    crate::locale::load();
    assets::load();
    let web = Web {
        app,
        cache: Arc::new(AnswerCache::default()),
        limits: Arc::new(Limits::default()),
        metrics: recorder(),
        behind_proxy: settings.behind_proxy,
    };
    let secure = web.secure();
    let (routes, _) = all_routes().into_parts();
    let compress = SizeAbove::new(1_024).and(NotForContentType::IMAGES);
    routes
        .merge(assets::routes())
        .fallback(pages::not_found)
        .method_not_allowed_fallback(pages::method_not_allowed)
        .layer(from_fn_with_state(web.clone(), crate::visit::give_token))
        .layer(from_fn_with_state(web.clone(), cache::answer_from_cache))
        .layer(from_fn_with_state(web.clone(), limit::limit))
        .layer(from_fn(move |request, next| remember(secure, request, next)))
        .layer(CompressionLayer::new().compress_when(compress))
        .layer(from_fn(security_headers))
        .layer(from_fn_with_state(web.clone(), measure))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, TIMEOUT))
        .layer(CatchPanicLayer::custom(pages::panicked))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .with_state(web)
}

/// Serves until `stop` ends; requests under way are finished.
///
/// # Errors
/// When the listener fails.
pub fn serve(
    listener: TcpListener,
    router: Router,
    stop: BoxFuture<'static, ()>,
) -> BoxFuture<'static, std::io::Result<()>> {
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).into_future().boxed()
}

/// One recorder for the process, however many routers it makes (tests make many).
fn recorder() -> metrics_exporter_prometheus::PrometheusHandle {
    static RECORDER: std::sync::OnceLock<metrics_exporter_prometheus::PrometheusHandle> = std::sync::OnceLock::new();
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().expect("no other recorder is set")).clone()
}

async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let set = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in set {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// Counts and times requests by route; logs those that failed.
async fn measure(State(_): State<Web>, request: Request, next: Next) -> Response {
    let started = std::time::Instant::now();
    let method = request.method().clone();
    let id = request.headers().get(REQUEST_ID).cloned();
    let path = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |p| p.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status();
    let labels = [("path", path.clone()), ("status", status.as_u16().to_string())];
    metrics::counter!("keqiao_requests_total", &labels).increment(1);
    metrics::histogram!("keqiao_request_seconds", "path" => path.clone()).record(started.elapsed().as_secs_f64());
    if status.is_server_error() {
        tracing::error!(%method, path, status = status.as_u16(), request_id = ?id, "a request failed");
    }
    response
}
