//! Vectors from an endpoint that speaks OpenAI's embeddings protocol (`POST …/embeddings`), as many servers do.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use keqiao_domain::{Clock, Timestamp};
use keqiao_search::{EmbedError, Embedder};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;

/// The longest wait for the vector of one text: somebody may be waiting for a page.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest wait for those of many, for which nobody waits.
const PATIENCE_FOR_MANY: Duration = Duration::from_secs(60);
/// What the work around a question may take beside it.
const BESIDE: Duration = Duration::from_secs(1);
/// Seconds in which an endpoint that failed is not asked again.
const REST: i64 = 30;
/// The largest answer.
const MOST_BYTES: usize = 64 << 20;
/// Characters of a complaint that are told on.
const COMPLAINT: usize = 200;

/// Where vectors are asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct EmbeddingSettings {
    /// The address that texts are posted to, `https://…/v1/embeddings`.
    pub url: String,
    /// The model's name there.
    pub model: String,
    /// The bearer token; none: nobody asks for one.
    pub key: Option<String>,
}

/// Asks an endpoint. One that does not answer in time is left alone for a while, so that a fault of it costs one
/// wait and not one for each question.
pub struct Endpoint {
    settings: EmbeddingSettings,
    name: String,
    client: reqwest::Client,
    runtime: Handle,
    clock: Arc<dyn Clock>,
    failed_at: Mutex<Option<Timestamp>>,
}

#[derive(Serialize)]
struct Asked<'a> {
    model: &'a str,
    input: &'a [&'a str],
    encoding_format: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    index: usize,
    embedding: Vec<f32>,
}

impl Endpoint {
    /// Takes the present runtime for its connections.
    ///
    /// # Errors
    /// When the address is none, or no connection could ever be made.
    pub fn new(settings: EmbeddingSettings, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let fault = |e: &dyn std::fmt::Display| format!("embedding_url: {}: {e}", settings.url);
        reqwest::Url::parse(&settings.url).map_err(|e| fault(&e))?;
        // One provider of cryptography for the process. Where another was set before, that one serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().map_err(|e| fault(&e))?;
        let name = format!("{} {}", settings.url, settings.model);
        Ok(Self { settings, name, client, runtime: Handle::current(), clock, failed_at: Mutex::new(None) })
    }

    fn rests(&self) -> bool {
        let failed_at = self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|at| self.clock.now() < at.plus_seconds(REST))
    }
}

/// Without its key.
impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Embedder for Endpoint {
    fn name(&self) -> &str {
        &self.name
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        if self.rests() {
            return Err(EmbedError::Unreachable("it failed a moment ago".to_owned()));
        }
        let input = Asked { model: &self.settings.model, input: texts, encoding_format: "float" };
        let body = serde_json::to_vec(&input).map_err(|e| EmbedError::Refused(e.to_string()))?;
        let patience = if texts.len() == 1 { PATIENCE } else { PATIENCE_FOR_MANY };
        let mut request = self.client.post(&self.settings.url).timeout(patience).body(body);
        request = request.header("content-type", "application/json");
        if let Some(key) = &self.settings.key {
            request = request.bearer_auth(key);
        }
        let (tell, told) = mpsc::sync_channel(1);
        let asked = texts.len();
        self.runtime.spawn(async move {
            // Who asked may have gone meanwhile.
            let _ = tell.send(ask(request, asked).await);
        });
        let answer = told.recv_timeout(patience + BESIDE);
        let answer = answer.map_err(|e| EmbedError::Unreachable(e.to_string())).flatten();
        let failed = matches!(answer, Err(EmbedError::Unreachable(_)));
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = failed.then(|| self.clock.now());
        answer
    }
}

async fn ask(request: reqwest::RequestBuilder, texts: usize) -> Result<Vec<Vec<f32>>, EmbedError> {
    let unreachable = |e: &dyn std::fmt::Display| EmbedError::Unreachable(e.to_string());
    let mut response = request.send().await.map_err(|e| unreachable(&e))?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|e| unreachable(&e))? {
        body.extend(piece);
        if body.len() > MOST_BYTES {
            return Err(unreachable(&format_args!("an answer of more than {MOST_BYTES} bytes")));
        }
    }
    if !status.is_success() {
        let complaint: String = String::from_utf8_lossy(&body).chars().take(COMPLAINT).collect();
        let said = format!("{status} {complaint}");
        // Of what is wrong with a request, these are wrong with its texts.
        let refused = matches!(status.as_u16(), 400 | 413 | 422);
        return Err(if refused { EmbedError::Refused(said) } else { EmbedError::Unreachable(said) });
    }
    let Answer { data } = serde_json::from_slice(&body).map_err(|e| unreachable(&e))?;
    let mut vectors = vec![Vec::new(); texts];
    for one in data {
        match vectors.get_mut(one.index) {
            Some(vector) => *vector = one.embedding,
            None => return Err(unreachable(&format_args!("a vector for text {} of {texts}", one.index))),
        }
    }
    if vectors.iter().any(Vec::is_empty) {
        return Err(unreachable(&format_args!("a text without a vector")));
    }
    Ok(vectors)
}

#[cfg(test)]
mod tests;
