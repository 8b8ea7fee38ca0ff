//! `/feedback`: the list of what people ask for, each item with its owner, its day and the evidence that settled it.

use askama::Template;
use axum::extract::{DefaultBodyLimit, Multipart, Path, RawQuery};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::feedback::{
    FeedbackFilter, FeedbackInput, FeedbackRow, FeedbackView, act_on_feedback, count_overdue, drop_proof,
    feedback_rows, keep_proof, list_feedback, may_act_on_feedback, raise_feedback, read_proof, view_feedback,
};
use keqiao_app::parties::my_parties;
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AccountId, FeedbackId, FeedbackState, PartyId};

use super::attachment::{download, sent};
use super::form::{Faults, again};
use super::upload::{drain, text_of};
use super::{draw, parse_id};
use crate::fields::{Fields, Sent, token_fits};
use crate::page::{Frame, Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .post("/feedback/{id}/{what}", act)
        // The blob store stops at the limit that is set for attachments.
        .map_router(|router| router.layer(DefaultBodyLimit::disable()))
        .get("/feedback", list)
        .get("/feedback.csv", sheet)
        .get("/feedback/new", ask)
        .post("/feedback", raise)
        .get("/feedback/{id}", show)
        .get("/feedback/{id}/proof/{event}", proof)
}

#[derive(Template)]
#[template(path = "feedback_list.html")]
struct ListPage {
    f: Frame,
    /// Address, name, whether it is the one that is shown.
    tabs: Vec<(String, String, bool)>,
    rows: Vec<FeedbackRow>,
    sheet: String,
    first: String,
    next: String,
}

/// The filter of an address, and the query that says it again.
fn filter(visit: &Visit, fields: &Fields) -> (FeedbackFilter, String) {
    let which = fields.get("which");
    let state = FeedbackState::ALL.into_iter().find(|s| s.as_str() == which);
    let owner = (which == "own").then(|| visit.viewer().account).flatten();
    let overdue = which == "overdue";
    let said = if state.is_some() || owner.is_some() || overdue { format!("which={which}") } else { String::new() };
    (FeedbackFilter { state, overdue, owner }, said)
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match list_page(&visit, &query.unwrap_or_default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn list_page(visit: &Visit, query: &str) -> Result<ListPage, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let fields = Fields::parse(query.as_bytes()).unwrap_or_default();
    let wrong = |_| AppError::invalid("after", "bad-cursor");
    let after = fields.filled("after").map(|t| t.parse::<FeedbackId>().map_err(wrong)).transpose()?;
    let (asked, said) = filter(visit, &fields);
    let (rows, next) = list_feedback(app, &viewer, &asked, after).await?;
    let late = count_overdue(app, &viewer).await?;
    let mut f = visit.frame_of("feedback-title");
    f.noindex = true;
    let tab = |which: &str, name: String| {
        let query = if which.is_empty() { String::new() } else { format!("which={which}") };
        let here = query == said;
        (if query.is_empty() { "/feedback".to_owned() } else { format!("/feedback?{query}") }, name, here)
    };
    let mut tabs = vec![tab("", f.t("desk-all").to_owned()), tab("overdue", f.t1("feedback-overdue", "n", late))];
    if viewer.sees_all() {
        tabs.push(tab("own", f.t("feedback-own").to_owned()));
    }
    tabs.extend(FeedbackState::ALL.map(|s| tab(s.as_str(), f.word(s).to_owned())));
    Ok(ListPage {
        tabs,
        rows,
        sheet: format!("/feedback.csv?{said}"),
        first: if after.is_some() { format!("/feedback?{said}") } else { String::new() },
        next: next.map_or_else(String::new, |id| f.with("after", &id.to_string())),
        f,
    })
}

async fn sheet(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let (asked, _) = filter(&visit, &fields);
    match feedback_rows(&visit.web.app, &visit.viewer(), &asked).await {
        Ok(rows) => {
            let f = visit.frame("");
            let heads = ["title", "body", "author", "party", "raised", "owner", "due", "state", "late", "answer"];
            let names: Vec<&str> =
                heads.iter().map(|h| f.locale.find(&format!("feedback-col-{h}")).unwrap_or(h)).collect();
            let mut out = super::sheets::Csv::new(&names);
            for row in rows {
                let item = &row.item;
                out.line(&[
                    &item.title,
                    &item.body,
                    &row.author,
                    &row.party,
                    &f.date(&item.created_at),
                    &row.owner,
                    item.due.as_deref().unwrap_or_default(),
                    f.word(item.state),
                    f.t(if row.overdue { "yes" } else { "no" }),
                    &item.answer,
                ]);
            }
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8"),
                (CONTENT_DISPOSITION, "attachment; filename=\"keqiao-feedback.csv\""),
            ];
            (headers, out.into_text()).into_response()
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

#[derive(Template)]
#[template(path = "feedback_new.html")]
struct NewPage {
    f: Frame,
    title: Input,
    body: Input,
    parties: Vec<(PartyId, String)>,
    chosen: Option<PartyId>,
    problem: String,
}

async fn new_page(visit: &Visit, fields: &Fields, faults: Vec<Fault>) -> Result<NewPage, AppError> {
    let viewer = visit.viewer();
    let own = my_parties(&visit.web.app, &viewer).await?;
    let mut f = visit.frame_of("feedback-new");
    f.noindex = true;
    let faults = Faults(faults);
    let input = |name, key: &'static str| faults.beside(&f, Input::new(name, "text", f.t(key), fields.get(name)));
    Ok(NewPage {
        title: Input { longest: 80, ..input("title", "feedback-col-title") },
        body: Input { rows: 6, longest: 3_000, ..input("body", "feedback-col-body") },
        parties: own.into_iter().filter(|(p, _)| viewer.may_edit_for(p.id)).map(|(p, _)| (p.id, p.name)).collect(),
        chosen: fields.get("party").parse().ok(),
        problem: faults.beyond(&f, &["title", "body"]),
        f,
    })
}

async fn ask(visit: Visit) -> Response {
    match new_page(&visit, &Fields::default(), Vec::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn raise(Sent(visit, fields): Sent) -> Response {
    let party = fields.get("party").parse().ok();
    let raised = raise_feedback(&visit.web.app, &visit.viewer(), fields.get("title"), fields.get("body"), party).await;
    match raised {
        Ok(item) => {
            let there = Redirect::to(&format!("/feedback/{}", item.id)).into_response();
            with_flash(&visit.web, there, Tone::Done, "feedback-raised")
        }
        Err(AppError::Invalid(faults)) => match new_page(&visit, &fields, faults).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

#[derive(Template)]
#[template(path = "feedback.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    view: FeedbackView,
    owner: Option<AccountId>,
    due: Input,
    note: Input,
    owner_fault: String,
    file_fault: String,
    problem: String,
}

impl Page {
    fn name_of(&self, id: &AccountId) -> &str {
        self.view.names.iter().find(|(a, _)| a == id).map_or("", |(_, name)| name)
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, &Fields::default(), Vec::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str, fields: &Fields, faults: Vec<Fault>) -> Result<Page, AppError> {
    let view = view_feedback(&visit.web.app, &visit.viewer(), parse_id(id)?).await?;
    let mut f = visit.frame(&view.row.item.title);
    f.noindex = true;
    let faults = Faults(faults);
    let due = fields.filled("due").map(str::to_owned).or_else(|| view.row.item.due.clone()).unwrap_or_default();
    let note =
        Input { rows: 3, longest: 2_000, ..Input::new("note", "text", f.t("feedback-note"), fields.get("note")) };
    Ok(Page {
        trail: vec![("/feedback".to_owned(), f.t("feedback-title").to_owned()), (String::new(), f.title.clone())],
        owner: fields.get("owner").parse().ok().or(view.row.item.owner).or(visit.viewer().account),
        due: Input { required: false, ..faults.beside(&f, Input::new("due", "date", f.t("feedback-col-due"), &due)) },
        note: Input { required: false, ..faults.beside(&f, note) },
        owner_fault: faults.of(&f, "owner"),
        file_fault: faults.of(&f, "file"),
        problem: faults.beyond(&f, &["due", "note", "owner", "file"]),
        view,
        f,
    })
}

async fn act(Path((id, what)): Path<(String, String)>, visit: Visit, mut form: Multipart) -> Response {
    let (fields, result) = match acted(&visit, &id, what, &mut form).await {
        Ok(done) => done,
        Err(error) => {
            drain(form).await;
            return visit.fault(error).into_response();
        }
    };
    match result {
        Ok(()) => {
            let there = Redirect::to(&format!("/feedback/{id}")).into_response();
            with_flash(&visit.web, there, Tone::Done, "feedback-saved")
        }
        Err(AppError::Invalid(faults)) => {
            drain(form).await;
            match page(&visit, &id, &fields, faults).await {
                Ok(page) => again(&page),
                Err(error) => visit.fault(error).into_response(),
            }
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

/// Reads the form, keeps its file and acts; what was typed comes back with the outcome.
async fn acted(
    visit: &Visit,
    id: &str,
    what: String,
    form: &mut Multipart,
) -> Result<(Fields, Result<(), AppError>), AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id = parse_id::<FeedbackId>(id)?;
    may_act_on_feedback(app, &viewer, id).await?;
    let cut = |_| AppError::invalid("file", "upload-cut");
    let (mut fields, mut proof) = (Fields::default(), None);
    while let Some(field) = form.next_field().await.map_err(cut)? {
        if !fields.0.is_empty() && !token_fits(visit, fields.get("csrf")) {
            return Err(AppError::NotAllowed);
        }
        match field.file_name().map(str::to_owned) {
            // The file stands last.
            Some(chosen) if !chosen.is_empty() => {
                match keep_proof(app, &chosen, field).await {
                    Ok(kept) => proof = Some(kept),
                    Err(error) => return Ok((fields, Err(error))),
                }
                break;
            }
            Some(_) => {}
            None if fields.0.len() >= 20 => return Err(AppError::invalid("form", "too-many")),
            None => {
                let name = field.name().unwrap_or_default().to_owned();
                fields.0.push((name, text_of(field, 16 << 10).await?));
            }
        }
    }
    if !token_fits(visit, fields.get("csrf")) {
        return Err(AppError::NotAllowed);
    }
    let input = FeedbackInput {
        version: fields.get("version").parse().unwrap_or_default(),
        owner: fields.get("owner").parse().ok(),
        due: fields.get("due").to_owned(),
        note: fields.get("note").to_owned(),
        what,
    };
    let settles = input.what == "settle";
    let result = act_on_feedback(app, &viewer, id, input, proof.clone()).await.map(drop);
    if let Some(proof) = proof.filter(|_| result.is_err() || !settles) {
        drop_proof(app, &proof).await?;
    }
    Ok((fields, result))
}

async fn proof(visit: Visit, Path((id, n)): Path<(String, String)>) -> Response {
    let found = match (parse_id::<FeedbackId>(&id), n.parse()) {
        (Ok(id), Ok(n)) => read_proof(&visit.web.app, &visit.viewer(), id, n).await,
        _ => Err(AppError::NotFound),
    };
    sent(&visit, found.map(|(file, stream)| (download(file.media_type, file.size, &file.name), stream)))
}
