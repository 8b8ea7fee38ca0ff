//! `/engagements/{id}/annexes`: confidential annexes: shared on terms, read by who accepted them, each look logged.

use askama::Template;
use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::engagements::{
    AnnexInput, AnnexPage, AnnexReading, AnnexView, Annexes, UploadedFile, accept_annex_terms, close_annex,
    keep_annex_file, read_annex, read_annex_file, share_annex, view_annexes,
};
use keqiao_app::paper::{Block, Paper};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AnnexId, EngagementId, Side};

use super::contract::pdf;
use crate::fields::{Fields, Sent, token_fits};
use crate::page::{Frame, Input, Tone};
use crate::pages::attachment::{download, sent};
use crate::pages::form::{Faults, again};
use crate::pages::upload::{FileTypes, drain, text_of, too_large};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

/// Longest text of the form, bytes, and most parts of it.
const LONGEST: usize = 64 << 10;
const MOST_PARTS: usize = 10;

pub(super) fn routes() -> Routes {
    Routes::default()
        .post("/engagements/{id}/annexes", share)
        // The blob store stops at the limit that is set for attachments.
        .map_router(|router| router.layer(DefaultBodyLimit::disable()))
        .get("/engagements/{id}/annexes", list)
        .get("/engagements/{id}/annexes/{annex}", show)
        .get("/engagements/{id}/annexes/{annex}/paper", paper)
        .get("/engagements/{id}/annexes/{annex}/file", file)
        .post("/engagements/{id}/annexes/{annex}/{act}", act)
}

#[derive(Template)]
#[template(path = "annexes.html")]
struct ListPage {
    f: Frame,
    trail: Vec<(String, String)>,
    id: String,
    list: Vec<AnnexView>,
    side: Option<Side>,
    title: Input,
    terms: Input,
    body: Input,
    types: FileTypes,
    file_fault: String,
    problem: String,
}

fn trail(f: &Frame, id: &str, title: &str, more: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut out = vec![
        ("/engagements".to_owned(), f.t("engagements-title").to_owned()),
        (format!("/engagements/{id}"), title.to_owned()),
    ];
    out.extend(more);
    out
}

async fn list_page(visit: &Visit, id: &str, fields: &Fields, faults: Vec<Fault>) -> Result<ListPage, AppError> {
    let found = view_annexes(&visit.web.app, &visit.viewer(), parse_id(id)?).await?;
    let Annexes { engagement, list, side } = found;
    let mut f = visit.frame_of("annexes-title");
    f.noindex = true;
    let faults = Faults(faults);
    let input = |name, key: &'static str| faults.beside(&f, Input::new(name, "text", f.t(key), fields.get(name)));
    let id = engagement.id.to_string();
    let terms = input("terms", "annex-terms");
    // What one usually asks, to begin with.
    let usual = if terms.value.is_empty() { f.t("annex-usual-terms").to_owned() } else { terms.value.clone() };
    Ok(ListPage {
        trail: trail(&f, &id, &engagement.subject.title, vec![(String::new(), f.title.clone())]),
        title: Input { longest: 120, ..input("title", "annex-name") },
        terms: Input { rows: 4, longest: 3_000, value: usual, ..terms },
        body: Input { rows: 8, longest: 20_000, required: false, ..input("body", "annex-body") },
        types: FileTypes::of(&visit.web.app),
        file_fault: faults.of(&f, "file"),
        problem: faults.beyond(&f, &["title", "terms", "body", "file"]),
        id,
        list,
        side,
        f,
    })
}

async fn list(visit: Visit, Path(id): Path<String>) -> Response {
    match list_page(&visit, &id, &Fields::default(), Vec::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn share(Path(id): Path<String>, visit: Visit, mut form: Multipart) -> Response {
    let mut fields = Fields::default();
    let shared = share_sent(&visit, &id, &mut form, &mut fields).await;
    drain(form).await;
    match shared {
        Ok(()) => {
            let there = Redirect::to(&format!("/engagements/{id}/annexes")).into_response();
            with_flash(&visit.web, there, Tone::Done, "annex-shared")
        }
        Err(AppError::Invalid(faults)) => match list_page(&visit, &id, &fields, faults).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

/// Reads the form, its token first and its file last, and shares what it holds.
async fn share_sent(visit: &Visit, id: &str, form: &mut Multipart, fields: &mut Fields) -> Result<(), AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let engagement: EngagementId = parse_id(id)?;
    let seen = view_annexes(app, &viewer, engagement).await?;
    viewer.account.ok_or(AppError::SignInNeeded)?;
    seen.side.ok_or(AppError::NotAllowed)?;
    let mut file = None;
    for _ in 0..MOST_PARTS {
        let cut = |_| AppError::invalid("file", "upload-cut");
        let Some(part) = form.next_field().await.map_err(cut)? else { break };
        let name = part.name().unwrap_or_default().to_owned();
        if name != "csrf" && !token_fits(visit, fields.get("csrf")) {
            return Err(AppError::NotAllowed);
        }
        let Some(file_name) = part.file_name().map(str::to_owned) else {
            fields.0.push((name, text_of(part, LONGEST).await?));
            continue;
        };
        if !file_name.is_empty() {
            let kept = keep_annex_file(app, &viewer, engagement, UploadedFile { name: file_name, stream: part }).await;
            file = Some(kept.map_err(too_large)?);
            break;
        }
    }
    if !token_fits(visit, fields.get("csrf")) {
        return Err(AppError::NotAllowed);
    }
    let said = |name: &str| fields.get(name).to_owned();
    let input = AnnexInput { title: said("title"), terms: said("terms"), body: said("body"), file };
    share_annex(app, &viewer, engagement, input).await.map(drop)
}

#[derive(Template)]
#[template(path = "annex.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    id: String,
    page: AnnexPage,
    mark: String,
}

/// What is written across what is read: who reads it, and when.
fn mark(f: &Frame, page: &AnnexPage) -> String {
    format!("{} {}", page.reader, f.datetime(&page.at))
}

async fn read(visit: &Visit, id: &str, annex: &str, how: AnnexReading) -> Result<AnnexPage, AppError> {
    let (id, annex) = (parse_id::<EngagementId>(id)?, parse_id::<AnnexId>(annex)?);
    read_annex(&visit.web.app, &visit.viewer(), id, annex, how).await
}

async fn show(visit: Visit, Path((id, annex)): Path<(String, String)>) -> Response {
    match read(&visit, &id, &annex, AnnexReading::Page).await {
        Ok(page) => {
            let mut f = visit.frame(&page.annex.title);
            f.noindex = true;
            let id = page.engagement.id.to_string();
            let here = vec![
                (format!("/engagements/{id}/annexes"), f.t("annexes-title").to_owned()),
                (String::new(), page.annex.title.clone()),
            ];
            let trail = trail(&f, &id, &page.engagement.subject.title, here);
            let mut response = draw(&Page { mark: mark(&f, &page), trail, id, page, f });
            response.headers_mut().insert(CACHE_CONTROL, axum::http::HeaderValue::from_static("private, no-store"));
            response
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn paper(visit: Visit, Path((id, annex)): Path<(String, String)>) -> Response {
    match read(&visit, &id, &annex, AnnexReading::Paper).await {
        Ok(page) => {
            let f = visit.frame("");
            let watermark = mark(&f, &page);
            let mut blocks = vec![
                Block::Title(page.annex.title.clone()),
                Block::Small(f.t1("annex-for", "who", &watermark)),
                Block::Heading(f.t("annex-terms").to_owned()),
                Block::Text(page.annex.terms.clone()),
            ];
            if !page.annex.body.is_empty() {
                blocks.push(Block::Heading(f.t("annex-body").to_owned()));
                blocks.push(Block::Text(page.annex.body.clone()));
            }
            if let Some(file) = &page.annex.file {
                blocks.push(Block::Heading(f.t("annex-file").to_owned()));
                blocks.push(Block::Text(file.name.clone()));
                blocks.push(Block::Small(format!("SHA-256 {}", file.sha256)));
            }
            let paper = Paper {
                title: page.annex.title.clone(),
                blocks,
                foot: f.t1("annex-for", "who", &watermark),
                watermark,
            };
            pdf(&page.annex.title, paper.pdf())
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn file(visit: Visit, Path((id, annex)): Path<(String, String)>) -> Response {
    let found = match (parse_id::<EngagementId>(&id), parse_id::<AnnexId>(&annex)) {
        (Ok(id), Ok(annex)) => read_annex_file(&visit.web.app, &visit.viewer(), id, annex).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    let marked = found.map(|(page, file, stream)| {
        let name = marked_name(&file.name, &mark(&visit.frame(""), &page));
        (download(file.media_type, file.size, &name), stream)
    });
    sent(&visit, marked)
}

/// A file's name with who took it away, and when.
fn marked_name(name: &str, mark: &str) -> String {
    let mark = mark.replace(['/', '\\', ':', '"'], "-");
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem} ({mark}).{extension}"),
        None => format!("{name} ({mark})"),
    }
}

async fn act(Path((id, annex, what)): Path<(String, String, String)>, Sent(visit, _): Sent) -> Response {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    if visit.signed_in.is_none() {
        return visit.fault(AppError::SignInNeeded).into_response();
    }
    let (result, there, key) = match (parse_id::<EngagementId>(&id), parse_id::<AnnexId>(&annex), what.as_str()) {
        (Ok(engagement), Ok(one), "accept") => {
            let there = format!("/engagements/{id}/annexes/{annex}");
            (accept_annex_terms(app, &viewer, engagement, one).await, there, "annex-agreed")
        }
        (Ok(engagement), Ok(one), "close") => {
            (close_annex(app, &viewer, engagement, one).await, format!("/engagements/{id}/annexes"), "annex-closed")
        }
        _ => (Err(AppError::NotFound), String::new(), ""),
    };
    match result {
        Ok(()) => with_flash(&visit.web, Redirect::to(&there).into_response(), Tone::Done, key),
        Err(error) => visit.fault(error).into_response(),
    }
}
