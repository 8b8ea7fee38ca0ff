//! `/articles/{id}`: one article, its text beside what it says.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::articles::{ArticleView, Passage, PortionWanted, set_withdrawn, view_article};
use keqiao_app::graph::{Rejection, rejections, take_rejection_back};
use keqiao_domain::{Article, ArticleId, ArticleState, Entity, EntityKind, Fact, Span, Timestamp};

use super::article_file::Piece;
use super::said::Said;
use super::{draw, json_ld, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, SourceText, SpanMark, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/articles/{id}", show)
        .post("/articles/{id}/withdraw", withdraw)
        .post("/articles/{id}/restore", restore)
        .post("/articles/{id}/facts/{fact}/restore", take_back)
}

/// A part of the article as it stands in the file.
struct Part {
    kind: String,
    text: SourceText,
}

/// A fact that was rejected.
struct Rejected {
    said: Said,
    by: String,
    at: Timestamp,
    /// Where its rejection is taken back.
    action: String,
}

#[derive(Template)]
#[template(path = "article.html")]
struct Page {
    f: Frame,
    article: Article,
    source_name: String,
    /// The text; empty: it is not for this reader.
    parts: Vec<Part>,
    facts: Vec<Said>,
    rejected: Vec<Rejected>,
    /// What of the file belongs to no article, and how many pieces there was no room for.
    apart: Vec<Piece>,
    apart_left_out: usize,
    /// What it names, by kind.
    named: Vec<(EntityKind, Vec<Entity>)>,
    withdrawn: bool,
    may_read: bool,
    json_ld: String,
    /// Of an article that is read in portions: which one this is; empty where it is the whole.
    place: String,
    /// The addresses of the portions before and after, empty where there is none.
    previous: String,
    next: String,
}

async fn show(visit: Visit, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    match page(&visit, &id, &query.unwrap_or_default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The portion that an address asks for: the one that holds the character `from`.
fn wanted(query: &str) -> Result<PortionWanted, AppError> {
    let wrong = || AppError::invalid("from", "bad-cursor");
    let fields = Fields::parse(query.as_bytes()).ok_or_else(wrong)?;
    let holding = fields.filled("from").map_or(Ok(0), |text| text.parse().map_err(|_| wrong()))?;
    Ok(PortionWanted { holding, ..PortionWanted::default() })
}

async fn page(visit: &Visit, id: &str, query: &str) -> Result<Page, AppError> {
    let app = &visit.web.app;
    let view = view_article(app, &visit.viewer(), parse_id(id)?, wanted(query)?).await?;
    let rejected = rejections(app, &visit.viewer(), view.article.id).await?;
    let title = if view.article.title.is_empty() {
        visit.preferences.locale.t("article-untitled")
    } else {
        &view.article.title
    };
    let mut f = visit.frame(title);
    f.description = view.facts.first().map(|fact| fact.sentence.chars().take(150).collect()).unwrap_or_default();
    let json_ld = json_ld::describe_article(&view, &app.settings.public_url);
    let ArticleView { article, source_name, portion, passages, apart, facts, entities } = view;
    let from = |place: Option<u32>| place.map(|p| format!("/articles/{}?from={p}", article.id)).unwrap_or_default();
    let (previous, next) = (from(portion.previous), from(portion.next));
    let place = match portion.of {
        1 => String::new(),
        of => f.t2("article-portion", "n", portion.number, "of", of),
    };
    f.noindex = article.state == ArticleState::Withdrawn;
    let may_read = passages.is_some();
    let marks = marks(&f, &article, &facts, &entities);
    let starts: Vec<u32> = facts.iter().map(|fact| fact.span.start).collect();
    let line = |(place, fact): (usize, Fact)| {
        let anchored = !may_read && !starts[..place].contains(&fact.span.start);
        Said { anchored, ..Said::new(&f, fact) }
    };
    let part = |p: Passage| Part { text: SourceText::new(&p.read, p.span, &marks), kind: p.kind };
    let taken_out = |r: Rejection| Rejected {
        action: format!("/articles/{}/facts/{}/restore", article.id, r.fact.id),
        said: Said::new(&f, r.fact),
        by: r.by,
        at: r.at,
    };
    Ok(Page {
        apart: apart.pieces.into_iter().map(|p| Piece::new(&f, p)).collect(),
        apart_left_out: apart.left_out,
        rejected: rejected.into_iter().map(taken_out).collect(),
        parts: passages.unwrap_or_default().into_iter().map(part).collect(),
        facts: facts.into_iter().enumerate().map(line).collect(),
        named: by_kind(entities),
        withdrawn: article.state == ArticleState::Withdrawn,
        may_read,
        json_ld,
        place,
        previous,
        next,
        source_name,
        article,
        f,
    })
}

/// The spans of facts, by their numbers in the list, and of mentions.
fn marks(f: &Frame, article: &Article, facts: &[Fact], entities: &[(String, Entity)]) -> Vec<(Span, SpanMark)> {
    let mut by_span: BTreeMap<Span, Vec<usize>> = BTreeMap::new();
    for (number, fact) in (1..).zip(facts) {
        by_span.entry(fact.span).or_default().push(number);
    }
    let mut marks: Vec<(Span, SpanMark)> =
        by_span.into_iter().map(|(span, numbers)| (span, SpanMark::Facts(numbers))).collect();
    for mention in &article.reading.mentions {
        let entity = mention.entity.as_ref().and_then(|local| entities.iter().find(|(id, _)| id == local));
        let kind = kind_of_mention(f, &mention.kind);
        let stands_for = entity.map(|(_, entity)| &entity.name).or(mention.value.as_ref());
        let title = stands_for.map_or_else(|| kind.to_owned(), |value| format!("{kind} · {value}"));
        let href = entity.map_or_else(String::new, |(_, entity)| format!("/entities/{}", entity.id));
        marks.push((mention.span, SpanMark::Mention { kind: mention.kind.clone(), title, href }));
    }
    marks
}

/// What a mention is, in the reader's language.
fn kind_of_mention<'a>(f: &Frame, kind: &'a str) -> &'a str {
    match kind {
        "post" => f.t("role-title"),
        "date" => f.t("mention-date"),
        "money" => f.t("role-amount"),
        "quantity" => f.t("mention-quantity"),
        kind => kind.parse::<EntityKind>().map_or(kind, |kind| f.word(kind)),
    }
}

fn by_kind(entities: Vec<(String, Entity)>) -> Vec<(EntityKind, Vec<Entity>)> {
    let mut kinds: BTreeMap<EntityKind, Vec<Entity>> = BTreeMap::new();
    for (_, entity) in entities {
        let list = kinds.entry(entity.kind).or_default();
        if list.iter().all(|known| known.id != entity.id) {
            list.push(entity);
        }
    }
    kinds.into_iter().collect()
}

async fn withdraw(Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    set(&visit, &id, true, "article-withdrawn").await
}

async fn restore(Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    set(&visit, &id, false, "article-restored").await
}

async fn take_back(Path((id, fact)): Path<(String, String)>, Sent(visit, _): Sent) -> Response {
    let result = async { take_rejection_back(&visit.web.app, &visit.viewer(), parse_id(&id)?, parse_id(&fact)?).await };
    done(&visit, &id, result.await, "fact-rejection-undone")
}

async fn set(visit: &Visit, id: &str, withdrawn: bool, key: &str) -> Response {
    let result = match parse_id::<ArticleId>(id) {
        Ok(id) => set_withdrawn(&visit.web.app, &visit.viewer(), id, withdrawn).await,
        Err(error) => Err(error),
    };
    done(visit, id, result, key)
}

/// Back to the article with a message.
fn done(visit: &Visit, id: &str, result: Result<(), AppError>, key: &str) -> Response {
    match result {
        Ok(()) => with_flash(&visit.web, Redirect::to(&format!("/articles/{id}")).into_response(), Tone::Done, key),
        Err(error) => visit.fault(error).into_response(),
    }
}
