//! `/review/entities`: whether two entities are one, and who says which entity it is.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::graph::{
    JoinQuestion, confirm_claim, decide_join, drop_claim, join_questions, waiting_claims, waiting_questions,
};
use keqiao_domain::{Entity, EntityId, Fact, Party};

use super::said::Said;
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

const PATH: &str = "/review/entities";

pub(crate) fn routes() -> Routes {
    Routes::default().get(PATH, show).post(PATH, decide).post("/review/entities/claims", answer_claim)
}

/// One of two that may be one.
struct Half {
    entity: Entity,
    articles: i64,
    facts: Vec<Said>,
}

/// A question: are these one?
struct Question {
    percent: String,
    reason: &'static str,
    first: Half,
    second: Half,
}

#[derive(Template)]
#[template(path = "entity_review.html")]
struct Page {
    f: Frame,
    claims: Vec<(Entity, Party)>,
    questions: Vec<Question>,
    waiting: i64,
    /// Questions and claims that wait, also those of other pages.
    all_waiting: i64,
    first: String,
    next: String,
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match page(&visit, &query.unwrap_or_default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, query: &str) -> Result<Page, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let wrong = || AppError::invalid("after", "bad-cursor");
    let fields = Fields::parse(query.as_bytes()).ok_or_else(wrong)?;
    let after = match fields.filled("after") {
        Some(text) => Some(after_of(text).ok_or_else(wrong)?),
        None => None,
    };
    let begins = after.is_none();
    let found = join_questions(app, &viewer, after).await?;
    let claims = if begins { waiting_claims(app, &viewer).await? } else { Vec::new() };
    let f = visit.frame_of("entity-review");
    let next = found.next.map(|(score, first, second)| format!("{PATH}?after={score}_{first}_{second}"));
    Ok(Page {
        claims,
        questions: found.rows.into_iter().map(|question| shown(&f, question)).collect(),
        waiting: found.waiting,
        all_waiting: waiting_questions(app, &viewer).await?,
        first: if begins { String::new() } else { PATH.to_owned() },
        next: next.unwrap_or_default(),
        f,
    })
}

/// The place in the list that an address names.
fn after_of(text: &str) -> Option<(f64, EntityId, EntityId)> {
    let mut parts = text.split('_');
    let place = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(place)
}

fn shown(f: &Frame, question: JoinQuestion) -> Question {
    let half = |(entity, articles, facts): (Entity, i64, Vec<Fact>)| Half {
        entity,
        articles,
        facts: facts.into_iter().map(|fact| Said::new(f, fact)).collect(),
    };
    let [first, second] = question.sides;
    Question {
        percent: format!("{:.0}", question.score * 100.0),
        reason: match question.reason.as_str() {
            "same-name" => f.t("join-same-name"),
            "alias" => f.t("join-alias"),
            _ => f.t("join-short-name"),
        },
        first: half(first),
        second: half(second),
    }
}

async fn decide(Sent(visit, fields): Sent) -> Response {
    let result = async {
        let (first, second): (EntityId, EntityId) = (parse_id(fields.get("first"))?, parse_id(fields.get("second"))?);
        let (kept, joined, same) = match fields.get("answer") {
            "first" => (first, second, true),
            "second" => (second, first, true),
            "different" => (first.min(second), first.max(second), false),
            _ => return Err(AppError::invalid("answer", "unknown-choice")),
        };
        decide_join(&visit.web.app, &visit.viewer(), kept, joined, same).await?;
        Ok(if same { "entities-joined" } else { "entities-parted" })
    };
    done(&visit, result.await)
}

async fn answer_claim(Sent(visit, fields): Sent) -> Response {
    let result = async {
        let (app, viewer) = (&visit.web.app, visit.viewer());
        // Whoever owns a party may take its claim back, but not on this page.
        join_questions(app, &viewer, None).await?;
        let (entity, party) = (parse_id(fields.get("entity"))?, parse_id(fields.get("party"))?);
        match fields.get("answer") {
            "confirm" => confirm_claim(app, &viewer, entity, party).await.map(|()| "claim-agreed"),
            "refuse" => drop_claim(app, &viewer, entity, party).await.map(|()| "claim-refused"),
            _ => Err(AppError::invalid("answer", "unknown-choice")),
        }
    };
    done(&visit, result.await)
}

fn done(visit: &Visit, result: Result<&str, AppError>) -> Response {
    match result {
        Ok(said) => with_flash(&visit.web, Redirect::to(PATH).into_response(), Tone::Done, said),
        Err(error) => visit.fault(error).into_response(),
    }
}
