//! What a reader prefers: language and theme, from the address, a cookie or the browser.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use super::Locale;

/// Light paper or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

impl Theme {
    /// `light` or `dark`, in cookies and in the `data-theme` attribute.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
    /// From `light` or `dark`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.as_str() == name)
    }
}

/// What a reader prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Preferences {
    /// The language.
    pub locale: Locale,
    /// The theme; `None`: what the system prefers.
    pub theme: Option<Theme>,
}

impl Preferences {
    /// From the query (`lang`, `theme`), then the cookies of the same names,
    /// then `Accept-Language`.
    #[must_use]
    pub fn read(query: &str, headers: &HeaderMap) -> Self {
        let jar = CookieJar::from_headers(headers);
        let said = |name: &str| {
            let cookie = jar.get(name).map(|cookie| cookie.value().to_owned());
            (parameter(query, name).map(str::to_owned), cookie)
        };
        let (asked, kept) = said("lang");
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
        let locale = asked
            .and_then(|tag| Locale::parse(&tag))
            .or_else(|| kept.and_then(|tag| Locale::parse(&tag)))
            .unwrap_or_else(|| negotiate(accepted.unwrap_or_default()));
        let (asked, kept) = said("theme");
        let theme = asked.and_then(|name| Theme::parse(&name)).or_else(|| kept.and_then(|name| Theme::parse(&name)));
        Self { locale, theme }
    }
}

impl<S: Sync> FromRequestParts<S> for Preferences {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::read(parts.uri.query().unwrap_or_default(), &parts.headers))
    }
}

/// The value of a query parameter that needs no decoding.
fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(n, _)| *n == name).map(|p| p.1)
}

/// The language that an `Accept-Language` likes best; Chinese where it names none of ours.
fn negotiate(accepted: &str) -> Locale {
    let mut best = (0.0, Locale::default());
    for entry in accepted.split(',') {
        let mut parts = entry.split(';').map(str::trim);
        let locale = parts.next().and_then(Locale::parse);
        let quality = parts.find_map(|part| part.strip_prefix("q=")).map(str::parse::<f32>);
        // A quality that is no number cannot be honoured.
        let quality = quality.map_or(1.0, |q| q.unwrap_or(0.0));
        if let Some(locale) = locale
            && quality > best.0
        {
            best = (quality, locale);
        }
    }
    best.1
}

/// Middleware: keeps a choice made in the address (`?lang=en`, `?theme=dark`) in
/// a cookie for a year. `secure` says whether the site is served over TLS.
pub async fn remember(secure: bool, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let lang = parameter(query, "lang").and_then(Locale::parse).map(Locale::as_str);
    let theme = parameter(query, "theme").and_then(Theme::parse).map(Theme::as_str);
    let mut response = next.run(request).await;
    for (name, value) in [("lang", lang), ("theme", theme)] {
        let Some(value) = value else { continue };
        let mut cookie = Cookie::new(name, value);
        cookie.set_path("/");
        cookie.set_same_site(SameSite::Lax);
        cookie.set_secure(secure);
        let text = format!("{cookie}; Max-Age=31536000");
        // Names and values are words of ours, so they always fit a header.
        if let Ok(header) = HeaderValue::from_str(&text) {
            response.headers_mut().append(header::SET_COOKIE, header);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(query: &str, cookie: &str, accepted: &str) -> Locale {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(accepted).unwrap());
        Preferences::read(query, &headers).locale
    }

    #[test]
    fn the_address_goes_before_the_cookie_and_the_cookie_before_the_browser() {
        assert_eq!(locale("q=x&lang=en", "lang=zh", "zh"), Locale::En);
        assert_eq!(locale("lang=xx", "lang=zh", "en"), Locale::Zh);
        assert_eq!(locale("", "a=b", "de, en-GB;q=0.8, zh;q=0.3"), Locale::En);
        assert_eq!(locale("", "lang=<script>", "de"), Locale::Zh);
        assert_eq!(locale("", "", "en;q=0, zh-Hant-TW;q=0.1"), Locale::Zh);
        assert_eq!(locale("", "", ""), Locale::Zh);
    }

    #[tokio::test]
    async fn a_choice_is_remembered_and_nothing_else() {
        use axum::routing::get;
        use axum::{Router, body::Body, middleware::from_fn};
        use tower::ServiceExt;

        let app = Router::new()
            .route("/", get(|preferences: Preferences| async move { preferences.locale.as_str() }))
            .layer(from_fn(|request, next| remember(true, request, next)));
        let ask = |path: &str| Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(ask("/?lang=en&theme=%0d%0a")).await.unwrap();
        let cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["lang=en; SameSite=Lax; Secure; Path=/; Max-Age=31536000"]);
        let response = app.oneshot(ask("/?q=lang")).await.unwrap();
        assert!(response.headers().get(header::SET_COOKIE).is_none());
    }

    #[test]
    fn a_theme_is_one_of_two_or_the_system_s() {
        let theme = |query| Preferences::read(query, &HeaderMap::new()).theme;
        assert_eq!(theme("theme=dark"), Some(Theme::Dark));
        assert_eq!(theme("theme=purple"), None);
    }
}
