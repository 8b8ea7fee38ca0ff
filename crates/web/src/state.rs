//! What every handler can reach.

use std::sync::Arc;

use axum::extract::FromRef;
use keqiao_app::App;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::cache::AnswerCache;
use crate::limit::Limits;

/// How the web side is set.
#[derive(Debug, Clone, Default)]
pub struct WebSettings {
    /// Whether requests come through a proxy that sets `X-Forwarded-For`.
    pub behind_proxy: bool,
}

/// The state of the router.
#[derive(Clone)]
pub(crate) struct Web {
    pub(crate) app: Arc<App>,
    pub(crate) cache: Arc<AnswerCache>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) behind_proxy: bool,
}

impl Web {
    /// Whether the site is reached over TLS; then cookies are `Secure`.
    pub(crate) fn secure(&self) -> bool {
        self.app.settings.public_url.starts_with("https://")
    }
}

impl FromRef<Web> for Arc<App> {
    fn from_ref(web: &Web) -> Self {
        web.app.clone()
    }
}
