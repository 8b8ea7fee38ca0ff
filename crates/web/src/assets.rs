//! Styles, scripts and pictures: embedded, compressed once, served for ever.
//!
//! The address of an asset holds a hash of its bytes (`/assets/app.1f0c….css`),
//! so a browser may keep it for a year and a new build is seen at once.

use std::collections::HashMap;
use std::io::Write;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use sha2::{Digest, Sha256};

#[derive(rust_embed::Embed)]
#[folder = "assets"]
struct Files;

/// What is written in parts and served as one file, joined in this order: where two rules weigh the same, the later holds.
const JOINED: [(&str, &[&str]); 1] =
    [("app.css", &["app/frame.css", "app/forms.css", "app/lists.css", "app/shown.css"])];

/// Below this size, in bytes, compression costs more than it saves.
const SMALL: usize = 512;

struct Asset {
    media_type: &'static str,
    etag: HeaderValue,
    plain: Bytes,
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
}

struct Assets {
    /// File name → address.
    urls: HashMap<String, String>,
    /// Hashed name → asset.
    by_name: HashMap<String, Asset>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::read);

impl Assets {
    fn read() -> Self {
        let mut assets = Self { urls: HashMap::new(), by_name: HashMap::new() };
        let read = |name: &str| Files::get(name).map(|file| file.data.into_owned()).unwrap_or_default();
        let alone = Files::iter().filter(|name| !name.contains('/')).map(|name| (name.to_string(), read(&name)));
        let joined = JOINED.map(|(name, parts)| (name.to_owned(), parts.iter().flat_map(|part| read(part)).collect()));
        for (name, bytes) in alone.chain(joined) {
            let plain = Bytes::from(bytes);
            let hash = hex::encode(&Sha256::digest(&plain)[..6]);
            let hashed = match name.rsplit_once('.') {
                Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
                None => format!("{name}.{hash}"),
            };
            let etag = HeaderValue::from_str(&format!("\"{hash}\""));
            let asset = Asset {
                media_type: media_type(&name),
                etag: etag.expect("hexadecimal digits are a header value"),
                gzip: smaller(&plain, gzip),
                brotli: smaller(&plain, brotli),
                plain,
            };
            assets.urls.insert(name, format!("/assets/{hashed}"));
            assets.by_name.insert(hashed, asset);
        }
        assets
    }
}

/// The media type of an asset, by its extension.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

/// The compressed bytes where they are worth keeping.
fn smaller(plain: &Bytes, compress: fn(&[u8]) -> std::io::Result<Vec<u8>>) -> Option<Bytes> {
    if plain.len() < SMALL {
        return None;
    }
    let packed = compress(plain).expect("memory takes every byte");
    (packed.len() < plain.len()).then(|| Bytes::from(packed))
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(plain)?;
    writer.finish()
}

fn brotli(mut plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut plain, &mut packed, &settings)?;
    Ok(packed)
}

/// Reads and compresses all assets; called at start so that no request waits for it.
pub fn load() {
    LazyLock::force(&ASSETS);
}

/// The address of an asset by its file name.
///
/// # Panics
/// When there is no such file; the gallery test draws every template.
#[must_use]
pub fn url(name: &str) -> &'static str {
    ASSETS.urls.get(name).unwrap_or_else(|| panic!("no asset {name}"))
}

/// The bytes of an asset by its address, as a browser without compression gets them.
#[must_use]
pub fn bytes(url: &str) -> Option<Bytes> {
    ASSETS.by_name.get(url.strip_prefix("/assets/")?).map(|asset| asset.plain.clone())
}

/// All addresses.
pub fn urls() -> impl Iterator<Item = &'static str> {
    ASSETS.urls.values().map(String::as_str)
}

/// The route of all assets: `GET /assets/{name}`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.by_name.get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let (body, encoding) = match (&asset.brotli, &asset.gzip) {
        (Some(packed), _) if accepts(accepted, "br") => (packed, Some("br")),
        (_, Some(packed)) if accepts(accepted, "gzip") => (packed, Some("gzip")),
        _ => (&asset.plain, None),
    };
    let mut response = if headers.get(header::IF_NONE_MATCH) == Some(&asset.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body.clone().into_response()
    };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    out.insert(header::ETAG, asset.etag.clone());
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    out.insert(header::CACHE_CONTROL, forever);
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether an `Accept-Encoding` names a coding without forbidding it by `q=0`.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let quality = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse().ok());
        named && quality.unwrap_or(1.0_f32) > 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (k.clone(), HeaderValue::from_str(v).unwrap())).collect()
    }

    fn name_of(url: &str) -> Path<String> {
        Path(url.trim_start_matches("/assets/").to_owned())
    }

    #[tokio::test]
    async fn an_asset_comes_in_the_best_coding_that_is_accepted() {
        for (accepted, expected) in
            [("gzip, deflate, br, zstd", Some("br")), ("br;q=0, gzip;q=0.5", Some("gzip")), ("identity", None)]
        {
            let headers = ask(&[(header::ACCEPT_ENCODING, accepted)]);
            let response = serve(name_of(url("app.css")), headers).await;
            assert_eq!(response.status(), StatusCode::OK);
            let coding = response.headers().get(header::CONTENT_ENCODING);
            assert_eq!(coding.map(|v| v.to_str().unwrap()), expected, "{accepted}");
            assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        }
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let first = serve(name_of(url("site.js")), HeaderMap::new()).await;
        let etag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let again = serve(name_of(url("site.js")), ask(&[(header::IF_NONE_MATCH, &etag)])).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let unknown = serve(Path("site.js".into()), HeaderMap::new()).await;
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    }

    /// A part that is named nowhere would be served nowhere.
    #[test]
    fn every_part_is_joined_into_one_file() {
        let named: Vec<&str> = JOINED.iter().flat_map(|(_, parts)| parts.iter().copied()).collect();
        let mut lying: Vec<String> = Files::iter().filter(|n| n.contains('/')).map(|n| n.to_string()).collect();
        lying.sort_by_key(|n| named.iter().position(|part| part == n));
        assert_eq!(lying, named);
        let whole = bytes(url("app.css")).unwrap();
        assert!(whole.starts_with(b"/* Keqiao") && whole.ends_with(b"}\n"));
    }

    /// What the pages of one part load besides, with the kilobytes they may have of it.
    const BESIDES: [(&str, usize); 5] =
        [("news.css", 10), ("article.js", 1), ("engagements.css", 5), ("programs.css", 5), ("services.css", 6)];

    /// Styles within 28 KB, scripts within 6 KB, before compression: with a page well within 60 KB on the wire. What the
    /// pages of one part load besides has a budget of its own.
    #[test]
    fn styles_and_scripts_keep_their_budget() {
        let size = |name: &str| bytes(url(name)).unwrap().len();
        let is_common = |name: &&str| !BESIDES.iter().any(|(besides, _)| besides == name);
        let common: Vec<&str> = ASSETS.urls.keys().map(String::as_str).filter(is_common).collect();
        let all_of = |end: &str| common.iter().filter(|name| name.ends_with(end)).map(|name| size(name)).sum();
        let of_all = [(".css", 28), (".js", 6)].map(|(end, most)| (end.to_owned(), all_of(end), most));
        let of_parts = BESIDES.map(|(name, most)| (name.to_owned(), size(name), most));
        for (what, bytes, most) in of_all.into_iter().chain(of_parts) {
            assert!(bytes <= most * 1024, "{what}: {bytes} bytes");
        }
    }

    /// The pages' policy allows no inline style or script, so no asset may carry or fetch one.
    #[test]
    fn no_asset_reaches_outside() {
        for url in urls() {
            let bytes = bytes(url).unwrap();
            let text = std::str::from_utf8(&bytes).unwrap();
            let outside = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!outside.contains("http://") && !outside.contains("https://"), "{url}");
            assert!(!outside.contains("@import"), "{url}");
        }
    }
}
