//! `/review/entities/answered`: what was answered whether two entities are one, and that an answer is taken back.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::graph::{AnswerPlace, JoinAnswer, join_answers, take_answer_back, waiting_questions};
use keqiao_domain::{Entity, EntityId, Timestamp};

use super::trail::{after_of, cursor};
use super::{draw, parse_id};
use crate::fields::Sent;
use crate::page::{Frame, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

const PATH: &str = "/review/entities/answered";

pub(crate) fn routes() -> Routes {
    Routes::default().get(PATH, show).post(PATH, take_back)
}

/// One of the two that an answer is about.
struct Side {
    id: EntityId,
    /// Its name when the answer was given.
    name: String,
    /// What tells it from others of this name now.
    qualifier: String,
    /// Whether it has a page of its own now.
    is_linked: bool,
}

/// An answer.
struct Answer {
    same: bool,
    kept: Side,
    joined: Side,
    by: String,
    at: Timestamp,
}

#[derive(Template)]
#[template(path = "entity_answers.html")]
struct Page {
    f: Frame,
    answers: Vec<Answer>,
    given: i64,
    /// Questions and claims that wait.
    waiting: i64,
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
    let after = match after_of::<String>(query)? {
        Some((at, pair)) => Some(place(at, &pair).ok_or_else(|| AppError::invalid("after", "bad-cursor"))?),
        None => None,
    };
    let begins = after.is_none();
    let found = join_answers(app, &viewer, after).await?;
    let next = found.next.map(|(at, kept, joined)| format!("{PATH}?after={}", cursor(at, format!("{kept}_{joined}"))));
    Ok(Page {
        answers: found.rows.into_iter().map(shown).collect(),
        given: found.given,
        waiting: waiting_questions(app, &viewer).await?,
        first: if begins { String::new() } else { PATH.to_owned() },
        next: next.unwrap_or_default(),
        f: visit.frame_of("answers-title"),
    })
}

fn place(at: Timestamp, pair: &str) -> Option<AnswerPlace> {
    let (kept, joined) = pair.split_once('_')?;
    Some((at, kept.parse().ok()?, joined.parse().ok()?))
}

fn shown(answer: JoinAnswer) -> Answer {
    let JoinAnswer { decision: d, by, now: [kept, joined] } = answer;
    let [kept_name, joined_name] = d.names;
    let side = |id, name, now: Option<Entity>| Side {
        id,
        name,
        is_linked: now.is_some(),
        qualifier: now.map(|e| e.qualifier).unwrap_or_default(),
    };
    Answer {
        same: d.same,
        kept: side(d.kept, kept_name, kept),
        joined: side(d.joined, joined_name, joined),
        by,
        at: d.at,
    }
}

async fn take_back(Sent(visit, fields): Sent) -> Response {
    let result = async {
        let (one, other) = (parse_id(fields.get("kept"))?, parse_id(fields.get("joined"))?);
        take_answer_back(&visit.web.app, &visit.viewer(), one, other).await
    };
    match result.await {
        Ok(()) => with_flash(&visit.web, Redirect::to(PATH).into_response(), Tone::Done, "answer-taken-back"),
        Err(error) => visit.fault(error).into_response(),
    }
}
