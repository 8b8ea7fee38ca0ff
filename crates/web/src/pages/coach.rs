//! The coach: how the text of a form stands on the review criteria.

use askama::Template;
use axum::response::Response;
use keqiao_app::App;
use keqiao_app::matching::coach;
use keqiao_domain::{Criterion, ListingContent, Requirement, Side};

use super::draw;
use super::publish::{content_of, side_of, unfilled};
use crate::fields::Asked;
use crate::locale::Locale;
use crate::page::Frame;
use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::default().post("/coach", look)
}

#[derive(Template)]
#[template(path = "coach.html")]
struct Coach {
    f: Frame,
    side: Side,
    meters: Vec<(Criterion, u8, String)>,
    unfilled: Vec<Requirement>,
}

/// The coach's report in words: criterion, score, advice.
pub(crate) fn meters(app: &App, f: &Frame, side: Side, content: &ListingContent) -> Vec<(Criterion, u8, String)> {
    let between = if f.locale == Locale::En { ", " } else { "、" };
    let report = coach(app, side, content);
    report
        .criteria
        .into_iter()
        .map(|one| {
            let missing = one.missing.iter().map(|id| f.property(id)).collect::<Vec<_>>().join(between);
            let advice: Vec<String> = one
                .advice
                .iter()
                .map(|key| match *key {
                    "coach-missing-fields" => f.t1("coach-missing-fields", "fields", &missing),
                    key => f.locale.find(key).unwrap_or_default().to_owned(),
                })
                .collect();
            (one.criterion, one.score, advice.join(" "))
        })
        .collect()
}

/// Characters of each text that the coach reads.
const READ: usize = 20_000;

/// The coach's word on a form as it stands, as a fragment of a page.
async fn look(Asked(visit, fields): Asked) -> Response {
    let side = side_of(fields.get("side")).unwrap_or(Side::Need);
    let (mut content, _) = content_of(&visit.web.app.catalog, &fields);
    // What is longer is refused when it is saved.
    for text in [&mut content.title, &mut content.summary, &mut content.body] {
        if let Some((end, _)) = text.char_indices().nth(READ) {
            text.truncate(end);
        }
    }
    let f = visit.frame("");
    let meters = meters(&visit.web.app, &f, side, &content);
    let unfilled = unfilled(&visit.web.app.lexicon, &content, side);
    draw(&Coach { f, side, meters, unfilled })
}
