//! `/verify`: whether a record with a given hash is there and whole. For everybody who holds the hash; it names nobody.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::engagements::{PublicChain, public_chain};
use keqiao_app::programs::{PublicEntryChain, public_entry_chain};

use super::named;
use crate::fields::Fields;
use crate::page::{Frame, Input};
use crate::pages::draw;
use crate::pages::form::again;
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default().get("/verify", ask).get("/verify/{hash}", show)
}

#[derive(Template)]
#[template(path = "engagement_chain.html")]
struct Page {
    f: Frame,
    hash: Input,
    found: Option<(PublicChain, String)>,
    /// The chain of a program or of an entry.
    entry: Option<PublicEntryChain>,
}

fn page(visit: &Visit, hash: &str, error: &'static str, found: Option<PublicChain>) -> Page {
    let mut f = visit.frame_of("chain-title");
    f.noindex = !hash.is_empty();
    let error = if error.is_empty() { String::new() } else { f.t("chain-unknown").to_owned() };
    let input = Input { longest: 80, error, ..Input::new("hash", "text", f.t("chain-hash"), hash) };
    let stage_of = |chain: &PublicChain| {
        let workflow = f.catalog.workflows.get(&chain.workflow);
        let stage = workflow.and_then(|w| w.stage(&chain.stage));
        stage.map_or_else(|| chain.stage.clone(), |s| named(&f, &s.name).to_owned())
    };
    let found = found.map(|chain| {
        let stage = stage_of(&chain);
        (chain, stage)
    });
    Page { hash: input, found, entry: None, f }
}

async fn ask(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    match fields.filled("hash") {
        Some(hash) if hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Redirect::to(&format!("/verify/{}", hash.to_lowercase())).into_response()
        }
        Some(hash) => again(&page(&visit, hash, "unknown", None)),
        None => draw(&page(&visit, "", "", None)),
    }
}

async fn show(visit: Visit, Path(hash): Path<String>) -> Response {
    let app = &visit.web.app;
    let missing = match public_chain(app, &hash).await {
        Ok(chain) => return draw(&page(&visit, &hash, "", Some(chain))),
        Err(AppError::NotFound) => public_entry_chain(app, &hash).await,
        Err(error) => Err(error),
    };
    match missing {
        Ok(chain) => draw(&Page { entry: Some(chain), ..page(&visit, &hash, "", None) }),
        Err(AppError::NotFound) => {
            super::super::form::with_status(axum::http::StatusCode::NOT_FOUND, &page(&visit, &hash, "unknown", None))
        }
        Err(error) => visit.fault(error).into_response(),
    }
}
