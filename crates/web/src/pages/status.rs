//! `/status`, and what probes and monitors ask: `/healthz`, `/readyz`, `/metrics`.

use std::net::SocketAddr;

use askama::Template;
use axum::Extension;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::status::{Status, ready, status};

use super::draw;
use crate::page::Frame;
use crate::routes::Routes;
use crate::state::Web;
use crate::visit::Visit;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/status", show)
        .get("/healthz", async || "ok")
        .get("/readyz", readiness)
        .get("/metrics", metrics)
}

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    f: Frame,
    status: Status,
    /// Changes that the index has not read yet.
    lag: i64,
    version: &'static str,
}

async fn show(visit: Visit) -> Response {
    match status(&visit.web.app).await {
        Ok(status) => draw(&StatusPage {
            f: visit.frame_of("nav-status"),
            lag: (status.latest_seq - status.index_seq).max(0),
            version: env!("CARGO_PKG_VERSION"),
            status,
        }),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn readiness(axum::extract::State(web): axum::extract::State<Web>) -> Response {
    match ready(&web.app).await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready").into_response()
        }
    }
}

/// Figures for a monitor: for one on this machine, and for operators.
async fn metrics(visit: Visit, peer: Option<Extension<ConnectInfo<SocketAddr>>>, headers: HeaderMap) -> Response {
    let near = peer.is_some_and(|Extension(ConnectInfo(peer))| peer.ip().is_loopback());
    // A proxy on this machine is near too; whom it asks for is not.
    let direct = !headers.contains_key("x-forwarded-for") && !headers.contains_key("forwarded");
    if (near && direct) || visit.viewer().is_operator() {
        let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
        return (kind, visit.web.metrics.render()).into_response();
    }
    visit.fault(AppError::NotAllowed).into_response()
}
