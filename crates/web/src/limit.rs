//! How often one address may ask for what is dear: signing in, matching, uploading.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode, header::RETRY_AFTER};
use axum::middleware::Next;
use axum::response::Response;

use crate::pages;
use crate::state::Web;

/// Addresses remembered before the ones at rest are forgotten.
const REMEMBERED: usize = 20_000;

/// What is limited: requests at once, and requests a second on average.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Dear {
    SignIn,
    Match,
    Search,
}

impl Dear {
    const fn burst_and_rate(self) -> (f64, f64) {
        match self {
            Self::SignIn => (20.0, 0.2),
            Self::Match => (60.0, 5.0),
            Self::Search => (200.0, 50.0),
        }
    }

    fn of(request: &Request) -> Option<Self> {
        let path = request.uri().path();
        if *request.method() == Method::POST {
            return match path {
                "/sign-in" | "/sign-up" | "/forgot" => Some(Self::SignIn),
                "/match" | "/coach" | "/api/v1/match" => Some(Self::Match),
                _ if path.starts_with("/reset/") => Some(Self::SignIn),
                _ => None,
            };
        }
        let asks = request.uri().query().is_some_and(|q| q.contains("q="));
        (asks && matches!(path, "/hall" | "/parties" | "/api/v1/search")).then_some(Self::Search)
    }
}

/// Token buckets by address.
#[derive(Default)]
pub(crate) struct Limits(Mutex<HashMap<(IpAddr, Dear), (f64, Instant)>>);

impl Limits {
    /// Takes a token; `Err`: seconds until there is one.
    fn take(&self, who: IpAddr, what: Dear, now: Instant) -> Result<(), u64> {
        let (burst, rate) = what.burst_and_rate();
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > REMEMBERED {
            buckets.retain(|(_, dear), (tokens, at)| {
                let (burst, rate) = dear.burst_and_rate();
                *tokens + now.duration_since(*at).as_secs_f64() * rate < burst
            });
        }
        let (tokens, at) = buckets.entry((who, what)).or_insert((burst, now));
        *tokens = (*tokens + now.duration_since(*at).as_secs_f64() * rate).min(burst);
        *at = now;
        if *tokens < 1.0 {
            return Err(((1.0 - *tokens) / rate).ceil() as u64);
        }
        *tokens -= 1.0;
        Ok(())
    }
}

/// Who asks: the nearest hop, or what our own proxy says of it.
fn address(web: &Web, request: &Request) -> Option<IpAddr> {
    if web.behind_proxy {
        let forwarded = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok());
        // The last entry is the one our proxy wrote; those before it are the client's word.
        if let Some(ip) = forwarded.and_then(|v| v.rsplit(',').next()?.trim().parse().ok()) {
            return Some(ip);
        }
    }
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())
}

/// Middleware: answers 429 when an address asks too often.
pub(crate) async fn limit(State(web): State<Web>, request: Request, next: Next) -> Response {
    let asked = Dear::of(&request).zip(address(&web, &request));
    if let Some((what, who)) = asked
        && let Err(seconds) = web.limits.take(who, what, Instant::now())
    {
        let mut response = pages::plain_fault(&web, &request, StatusCode::TOO_MANY_REQUESTS, "too-many-requests");
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
        return response;
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_is_let_through_and_then_the_rate_holds() {
        let (limits, start) = (Limits::default(), Instant::now());
        let (me, you) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        for _ in 0..20 {
            assert!(limits.take(me, Dear::SignIn, start).is_ok());
        }
        assert_eq!(limits.take(me, Dear::SignIn, start), Err(5));
        assert!(limits.take(you, Dear::SignIn, start).is_ok());
        assert!(limits.take(me, Dear::Match, start).is_ok());
        assert!(limits.take(me, Dear::SignIn, start + Duration::from_secs(6)).is_ok());
    }
}
