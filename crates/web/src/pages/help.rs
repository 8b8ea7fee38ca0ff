//! `/help`: a tour, and what the words mean.

use askama::Template;
use axum::response::Response;
use keqiao_app::transfer::{What, fields_of};
use keqiao_catalog::Kind;
use keqiao_domain::{CRITERIA, Criterion, Verdict};

use super::draw;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/help", show)
}

/// A kind with its name and hint.
struct KindRow {
    name: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    f: Frame,
    kinds: Vec<KindRow>,
    /// Verdicts with what each means.
    verdicts: Vec<(Verdict, &'static str)>,
    /// Criteria with the question each asks.
    criteria: Vec<(Criterion, &'static str)>,
    /// Columns of an import; those of single properties stand apart.
    listing_columns: Vec<String>,
    party_columns: Vec<String>,
    words: Vec<(&'static str, &'static str)>,
}

async fn show(visit: Visit) -> Response {
    let f = visit.frame_of("nav-help");
    let catalog = &visit.web.app.catalog;
    let row = |kind: &Kind| KindRow {
        name: kind.name.get(f.locale.as_str()).to_owned(),
        hint: kind.hint.get(f.locale.as_str()).to_owned(),
    };
    let questions = ["help-clarity", "help-specificity", "help-benefit", "help-feasibility"].map(|key| f.t(key));
    draw(&Help {
        kinds: catalog.kinds_in_order().into_iter().map(row).collect(),
        verdicts: vec![
            (Verdict::Meets, f.t("help-meets")),
            (Verdict::Partly, f.t("help-partly")),
            (Verdict::Unknown, f.t("help-unknown")),
            (Verdict::Fails, f.t("help-fails")),
        ],
        criteria: CRITERIA.into_iter().zip(questions).collect(),
        listing_columns: columns(fields_of(What::Listings, catalog)),
        party_columns: columns(fields_of(What::Parties, catalog)),
        words: words(&f),
        f,
    })
}

fn columns(mut fields: Vec<String>) -> Vec<String> {
    fields.retain(|field| !field.starts_with("attributes."));
    fields
}

fn words(f: &Frame) -> Vec<(&'static str, &'static str)> {
    vec![
        (f.t("help-word-party"), f.t("help-word-party-text")),
        (f.t("help-word-listing"), f.t("help-word-listing-text")),
        (f.t("help-word-kind"), f.t("help-word-kind-text")),
        (f.t("help-word-spec"), f.t("help-word-spec-text")),
        (f.t("help-word-match"), f.t("help-word-match-text")),
        (f.t("help-word-annex"), f.t("help-word-annex-text")),
        (f.t("help-word-verified"), f.t("help-word-verified-text")),
    ]
}
