//! `/entries/{id}`: an entry for its people and its organiser; for everybody else, when it is on show, as the hall
//! shows it.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::parties::my_parties;
use keqiao_app::programs::{
    EntryDoing, EntryView, ShownEntry, ask_to_meet, open_followed_engagement, shown_entry, take_entry_step, view_entry,
};
use keqiao_domain::{EntryStage, Milestone, OrgRole, Phase, ProgramEntryId, Signing, Value};

use super::recorded::{Review, Told, records, reviews, stops};
use super::row::filled;
use super::{told, trail};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Tone};
use crate::pages::form::{Faults, again};
use crate::pages::upload::FileTypes;
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/entries/{id}", show)
        .post("/entries/{id}/steps", step)
        .post("/entries/{id}/interest", interest)
        .post("/entries/{id}/engagement", engage)
}

#[derive(Template)]
#[template(path = "entry_own.html")]
struct Own {
    f: Frame,
    trail: Vec<(String, String)>,
    view: EntryView,
    kind: String,
    fields: Vec<(String, String)>,
    records: Vec<Told>,
    reviews: Vec<Review>,
    stops: Vec<(String, bool, bool)>,
    aside: bool,
    /// What a form holds when it comes back, and what is wrong with it.
    typed: Fields,
    note_fault: String,
    with_fault: String,
    on_fault: String,
    amount_fault: String,
    file_fault: String,
    /// What may be attached, and of which size.
    types: FileTypes,
    problem: String,
    /// What was signed for; empty: nothing is said.
    amount: String,
    ground: Ground,
}

/// What can be done now.
#[derive(Default)]
struct Ground {
    edit: bool,
    discard: bool,
    withdraw: bool,
    check: bool,
    decide: bool,
    reconsider: bool,
    appeal: bool,
    answer: bool,
    sign: bool,
    land: bool,
    certificate: bool,
}

impl Ground {
    fn of(view: &EntryView) -> Self {
        use EntryStage::{Checked, Draft, PassedOver, Refused, Returned, Selected, Shown, Signed, Submitted};
        let (stage, phase) = (view.entry.state.stage, view.program.phase);
        let appealed = view.entry.state.appeal.as_ref();
        let own = view.entrant;
        let runs = view.organiser;
        let (open, review) = (phase == Phase::Open, phase == Phase::Review);
        let signs = if view.ty.has(Milestone::Shown) { Shown } else { Selected };
        let published = phase == Phase::Published;
        Self {
            edit: own && open && matches!(stage, Draft | Returned),
            discard: own && stage == Draft,
            withdraw: own
                && phase < Phase::Published
                && matches!(stage, Submitted | Returned | Checked | Selected | PassedOver),
            check: runs && open && stage == Submitted,
            decide: runs && review && stage == Checked,
            reconsider: runs && review && matches!(stage, Selected | PassedOver),
            appeal: own && phase == Phase::Announced && matches!(stage, PassedOver | Refused) && appealed.is_none(),
            answer: runs && phase == Phase::Announced && appealed.is_some_and(|a| a.answer.is_none()),
            sign: runs && published && view.ty.has(Milestone::Signed) && stage == signs,
            land: runs && published && view.ty.has(Milestone::Landed) && stage == Signed,
            certificate: phase >= Phase::Published && stage.is_chosen(),
        }
    }
}

fn own(visit: &Visit, view: EntryView, typed: Fields, faults: &Faults, problem: String) -> Own {
    let mut f = visit.frame(&view.entry.content.title);
    f.noindex = true;
    let order = view.ty.fields.iter().map(|e| e.field.id.clone());
    let given: Vec<(String, Value)> =
        order.filter_map(|id| Some((id.clone(), view.entry.content.fields.get(&id)?.clone()))).collect();
    let (stops, aside) = stops(&f, &view);
    let beyond = faults.beyond(&f, &["note", "with", "on", "amount", "file"]);
    let yuan = view.entry.state.signing.as_ref().and_then(|s| s.amount_yuan);
    Own {
        trail: trail(&f, &view.program, &view.entry.content.title),
        kind: f.kind(&view.entry.content.kind).to_owned(),
        fields: filled(&f, &view.ty, &given),
        records: records(&f, &view),
        reviews: reviews(&f, &view),
        ground: Ground::of(&view),
        problem: if problem.is_empty() { beyond } else { problem },
        note_fault: faults.of(&f, "note"),
        with_fault: faults.of(&f, "with"),
        on_fault: faults.of(&f, "on"),
        amount_fault: faults.of(&f, "amount"),
        file_fault: faults.of(&f, "file"),
        types: FileTypes::of(&visit.web.app),
        amount: yuan.map_or_else(String::new, |n| f.number(n)),
        stops,
        aside,
        typed,
        view,
        f,
    }
}

#[derive(Template)]
#[template(path = "entry_shown.html")]
struct Shown {
    f: Frame,
    trail: Vec<(String, String)>,
    shown: ShownEntry,
    kind: String,
    fields: Vec<(String, String)>,
    /// Parties to ask for: id and name.
    parties: Vec<(String, String)>,
    typed: Fields,
    party_fault: String,
    note_fault: String,
}

async fn public(visit: &Visit, id: ProgramEntryId, typed: Fields, faults: &Faults) -> Result<Shown, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let shown = shown_entry(app, id).await?;
    let mut f = visit.frame(&shown.entry.content.title);
    f.description = shown.entry.content.summary.chars().take(120).collect();
    let mut parties = Vec::new();
    if viewer.is_member() && shown.program.phase == Phase::Published {
        let mine = my_parties(app, &viewer).await?.into_iter();
        let mine = mine.filter(|(p, role)| *role >= OrgRole::Editor && p.id != shown.entry.party);
        parties = mine.map(|(p, _)| (p.id.to_string(), p.name)).collect();
    }
    let mut way = trail(&f, &shown.program, &shown.entry.content.title);
    way.insert(2, (format!("/programs/{}/hall", shown.program.id), f.t("program-hall").to_owned()));
    Ok(Shown {
        kind: f.kind(&shown.entry.content.kind).to_owned(),
        fields: filled(&f, &shown.ty, &shown.fields),
        trail: way,
        party_fault: faults.of(&f, "party"),
        note_fault: faults.of(&f, "note"),
        shown,
        parties,
        typed,
        f,
    })
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match shown(&visit, &id, Fields::default(), Faults::default(), String::new(), false).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The page of an entry; `failed`: a form comes back.
pub(super) async fn shown(
    visit: &Visit,
    id: &str,
    typed: Fields,
    faults: Faults,
    problem: String,
    failed: bool,
) -> Result<Response, AppError> {
    let id = parse_id(id)?;
    match view_entry(&visit.web.app, &visit.viewer(), id).await {
        Ok(view) => {
            let page = own(visit, view, typed, &faults, problem);
            Ok(if failed { again(&page) } else { draw(&page) })
        }
        Err(AppError::NotFound) => {
            let page = public(visit, id, typed, &faults).await?;
            Ok(if failed { again(&page) } else { draw(&page) })
        }
        Err(error) => Err(error),
    }
}

/// What a form asks for; `None`: nothing that there is.
fn doing(fields: &Fields) -> Result<EntryDoing, AppError> {
    let yuan = || {
        let text = fields.get("amount").trim().replace([',', '，', ' '], "");
        if text.is_empty() {
            return Ok(None);
        }
        let wan: f64 = text.parse().map_err(|_| AppError::invalid("amount", "not-a-number"))?;
        if !wan.is_finite() || !(0.0..=100_000_000.0).contains(&wan) {
            return Err(AppError::invalid("amount", "not-a-number"));
        }
        Ok(Some((wan * 10_000.0).round() as i64))
    };
    Ok(match fields.get("do") {
        "withdraw" => EntryDoing::Withdraw,
        "pass" => EntryDoing::Pass,
        "return" => EntryDoing::Return,
        "refuse" => EntryDoing::Refuse,
        "assign" => EntryDoing::Assign(parse_id(fields.get("reviewer"))?),
        "unassign" => EntryDoing::Unassign(parse_id(fields.get("reviewer"))?),
        "select" => EntryDoing::Select,
        "pass-over" => EntryDoing::PassOver,
        "reconsider" => EntryDoing::Reconsider,
        "appeal" => EntryDoing::Appeal,
        "uphold" => EntryDoing::Answer { upheld: true },
        "dismiss" => EntryDoing::Answer { upheld: false },
        "sign" => EntryDoing::Sign(Signing {
            with: fields.get("with").trim().to_owned(),
            on: fields.get("on").trim().to_owned(),
            amount_yuan: yuan()?,
        }),
        "land" => EntryDoing::Land,
        _ => return Err(AppError::invalid("do", "unknown-choice")),
    })
}

async fn step(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let taken = match (parse_id(&id), doing(&fields)) {
        (Ok(entry), Ok(doing)) => {
            let expected = fields.get("expected").parse().ok();
            let note = fields.get("note");
            take_entry_step(&visit.web.app, &visit.viewer(), entry, doing, note, expected).await.map(drop)
        }
        (Err(error), _) | (_, Err(error)) => match view_error(&visit, &id, error).await {
            Ok(error) | Err(error) => Err(error),
        },
    };
    done(visit, &id, fields, taken, "entry-moved").await
}

/// A form that means nothing is told so only to those who see the entry.
async fn view_error(visit: &Visit, id: &str, error: AppError) -> Result<AppError, AppError> {
    visit.viewer().account.ok_or(AppError::SignInNeeded)?;
    view_entry(&visit.web.app, &visit.viewer(), parse_id(id)?).await?;
    Ok(error)
}

async fn done(visit: Visit, id: &str, fields: Fields, result: Result<(), AppError>, key: &str) -> Response {
    let (faults, problem) = match result {
        Ok(()) => {
            let next = fields.get("next");
            let there = crate::pages::form::local_or(next, "");
            let there = if there.is_empty() { format!("/entries/{id}") } else { there.to_owned() };
            return with_flash(&visit.web, Redirect::to(&there).into_response(), Tone::Done, key);
        }
        Err(AppError::Invalid(faults)) => (Faults(faults), String::new()),
        Err(error) => match told(&visit.frame(""), error) {
            Ok(problem) => (Faults::default(), problem),
            Err(error) => return visit.fault(error).into_response(),
        },
    };
    match shown(&visit, id, fields, faults, problem, true).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn interest(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let asked = match (parse_id(&id), fields.get("party").parse()) {
        (Ok(entry), Ok(party)) => {
            ask_to_meet(&visit.web.app, &visit.viewer(), entry, party, fields.get("note")).await.map(drop)
        }
        (Err(error), _) => Err(error),
        (Ok(_), Err(_)) if visit.signed_in.is_none() => Err(AppError::SignInNeeded),
        (Ok(entry), Err(_)) => match shown_entry(&visit.web.app, entry).await {
            Ok(_) => Err(AppError::invalid("party", "required")),
            Err(error) => Err(error),
        },
    };
    done(visit, &id, fields, asked, "interest-said").await
}

async fn engage(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let opened = match (parse_id(&id), fields.get("party").parse()) {
        (Ok(entry), Ok(party)) => {
            open_followed_engagement(&visit.web.app, &visit.viewer(), entry, party, fields.get("note")).await
        }
        (Err(error), _) => Err(error),
        (Ok(_), Err(_)) => match view_error(&visit, &id, AppError::invalid("party", "required")).await {
            Ok(error) | Err(error) => Err(error),
        },
    };
    match opened {
        Ok(engagement) => Redirect::to(&format!("/engagements/{}", engagement.id)).into_response(),
        Err(error) => done(visit, &id, fields, Err(error), "").await,
    }
}
