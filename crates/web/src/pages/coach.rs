//! The coach: how the text of a form stands on the review criteria.

use askama::Template;
use axum::response::{IntoResponse, Response};
use keqiao_app::matching::{CriterionAdvice, coach, unfilled};
use keqiao_app::{App, AppError};
use keqiao_domain::{Criterion, ListingContent, Requirement, Side};

use super::draw;
use super::publish::{content_of, side_of};
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
    meters: Vec<Meter>,
    unfilled: Vec<Requirement>,
}

/// Criterion, score, advice.
pub(crate) type Meter = (Criterion, u8, String);

/// The coach's report in words: criterion, score, advice.
///
/// # Errors
/// As the coach has them.
pub(crate) async fn meters(app: &App, f: &Frame, side: Side, content: &ListingContent) -> Result<Vec<Meter>, AppError> {
    let between = if f.locale == Locale::En { ", " } else { "、" };
    let report = coach(app, side, content).await?;
    let meter = |one: CriterionAdvice| {
        let missing = one.missing.iter().map(|id| f.property(id)).collect::<Vec<_>>().join(between);
        let said = |key: &&'static str| match *key {
            "coach-missing-fields" => f.t1("coach-missing-fields", "fields", &missing),
            key => f.locale.find(key).unwrap_or_default().to_owned(),
        };
        let advice: Vec<String> = one.advice.iter().map(said).collect();
        (one.criterion, one.score, advice.join(" "))
    };
    Ok(report.criteria.into_iter().map(meter).collect())
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
    let told = async {
        let app = &visit.web.app;
        Ok::<_, AppError>((meters(app, &f, side, &content).await?, unfilled(app, side, &content).await?))
    };
    match told.await {
        Ok((meters, unfilled)) => draw(&Coach { f, side, meters, unfilled }),
        Err(error) => visit.fault(error).into_response(),
    }
}
