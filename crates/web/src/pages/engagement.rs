//! `/engagements/{id}`: one engagement: its record, whose turn it is, and what is said beside it.

mod annex;
mod certificate;
mod chain;
mod contract;
mod file;
mod open;
mod step;
mod step_form;
mod talk;
mod timeline;

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::engagements::{EngagementView, view_engagement_before};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{
    AccountId, Due, EngagementFile, EngagementId, LocalName, MessageId, Proposal, Role, Side, StageSort, Target,
    tenures,
};

use super::form::Faults;
use super::{draw, parse_id};
use crate::fault::refusal_words;
use crate::fields::Fields;
use crate::page::{Frame, Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};
pub(super) use certificate::Proof;
pub(super) use contract::pdf;
use talk::Meeting;
use timeline::Line;
pub(super) use timeline::reason_name;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/engagements/{id}", show)
        .merge(open::routes())
        .merge(step::routes())
        .merge(talk::routes())
        .merge(file::routes())
        .merge(certificate::routes())
        .merge(chain::routes())
        .merge(contract::routes())
        .merge(annex::routes())
}

/// The words of a name in the page's language.
pub(super) fn named<'n>(f: &Frame, name: &'n LocalName) -> &'n str {
    name.get(f.locale.as_str())
}

/// A stage of the path, as the page's steps show it.
struct Stop {
    name: String,
    reached: bool,
    here: bool,
}

/// A move that can be made now.
struct Way {
    id: String,
    name: String,
    /// Whether it leads on along the path.
    onward: bool,
    both: bool,
}

/// What waits for confirmation.
struct Waiting {
    step: i64,
    what: String,
    /// Who is asked.
    whom: String,
    may_confirm: bool,
    may_object: bool,
}

/// A message.
struct Said {
    who: String,
    role: Role,
    at: keqiao_domain::Timestamp,
    body: String,
    own: bool,
}

#[derive(Template)]
#[template(path = "engagement.html")]
struct Page {
    f: Frame,
    view: EngagementView,
    id: String,
    stage: String,
    path: Vec<Stop>,
    /// Whether it stands beside the path.
    aside: bool,
    waiting: Option<Waiting>,
    ways: Vec<Way>,
    /// What time brings next.
    due: String,
    lines: Vec<Line>,
    broker: String,
    /// Who looked after it: name, from, until, steps.
    tenures: Vec<(String, keqiao_domain::Timestamp, Option<keqiao_domain::Timestamp>, usize)>,
    may_assign: bool,
    loose: Vec<EngagementFile>,
    said: Vec<Said>,
    /// Whether the messages are not the latest.
    back: bool,
    meetings: Vec<Meeting>,
    may_speak: bool,
    message: Input,
    title: Input,
    place: Input,
    starts: Input,
    ends: Input,
    objection: Input,
    rating: Input,
    /// What can be given, and whether it is chosen.
    scores: [(i64, bool); 5],
    score_fault: String,
    problem: String,
}

impl Page {
    fn sides(&self) -> [(Side, &keqiao_domain::Party); 2] {
        [(Side::Need, &self.view.need_party), (Side::Offer, &self.view.offer_party)]
    }
    /// Its broker, or, while it has none, whoever looks: to take over is one click.
    fn is_usual_broker(&self, account: &AccountId) -> bool {
        self.view.engagement.state.broker.or(self.f.viewer.account) == Some(*account)
    }
    /// Whether a contract was signed.
    fn has_contract(&self) -> bool {
        self.view.engagement.state.done.contains(&self.f.catalog.contracts.fields.made)
    }
    fn listing(&self, side: &Side) -> Option<keqiao_domain::ListingId> {
        self.view.engagement.subject.listing(*side)
    }
}

/// What was typed into one of the page's forms, and what is wrong with it.
#[derive(Default)]
struct Typed {
    /// Which form: `message`, `appointment`, `object`, `rate`.
    form: &'static str,
    fields: Fields,
    faults: Vec<Fault>,
    problem: String,
}

async fn show(visit: Visit, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let asked = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let before = asked.get("before").parse().ok();
    match page(&visit, &id, before, Typed::default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str, before: Option<MessageId>, typed: Typed) -> Result<Page, AppError> {
    let app = &visit.web.app;
    let view = view_engagement_before(app, &visit.viewer(), parse_id(id)?, before).await?;
    let mut f = visit.frame(&view.engagement.subject.title);
    f.noindex = true;
    f.path = format!("/engagements/{}", view.engagement.id);
    let state = &view.engagement.state;
    let stage = view.workflow.stage(&state.stage);
    let aside = stage.is_some_and(|s| s.sort == StageSort::Aside);
    let name_of = |id: &str| view.workflow.stage(id).map_or_else(|| id.to_owned(), |s| named(&f, &s.name).to_owned());
    let stop = |s: &keqiao_domain::Stage| Stop {
        name: named(&f, &s.name).to_owned(),
        reached: state.reached.contains(&s.id),
        here: s.id == state.stage,
    };
    let message_input = |form: &'static str, name: &'static str, key: &'static str, ty: &'static str| {
        let own = typed.form == form;
        let value = if own { typed.fields.get(name) } else { "" };
        let input = Input::new(name, ty, f.t(key), value);
        if own { Faults(typed.faults.clone()).beside(&f, input) } else { input }
    };
    let me = visit.viewer().account;
    let score_fault = if typed.form == "rate" { Faults(typed.faults.clone()).of(&f, "score") } else { String::new() };
    Ok(Page {
        id: view.engagement.id.to_string(),
        stage: name_of(&state.stage),
        path: view.workflow.path().map(stop).collect(),
        aside,
        waiting: waiting(&f, &view),
        ways: ways(&f, &view),
        due: due(&f, &view),
        lines: timeline::lines(&f, &view),
        broker: state.broker.and_then(|b| name_of_account(&view, b)).unwrap_or_default(),
        tenures: tenures(&view.steps)
            .into_iter()
            .map(|t| (name_of_account(&view, t.broker).unwrap_or_default(), t.from, t.to, t.steps))
            .collect(),
        may_assign: !view.brokers.is_empty(),
        loose: view.files.iter().filter(|file| file.step.is_none()).cloned().collect(),
        said: view
            .messages
            .iter()
            .map(|m| Said {
                who: view.names.get(&m.author).cloned().unwrap_or_default(),
                role: m.role,
                at: m.at,
                body: m.body.clone(),
                own: Some(m.author) == me,
            })
            .collect(),
        back: before.is_some(),
        meetings: talk::meetings(app, &view),
        may_speak: !view.roles.is_empty(),
        message: Input {
            rows: 3,
            longest: 5_000,
            hint: f.t("engagement-message-hint").to_owned(),
            ..message_input("message", "body", "engagement-message", "text")
        },
        title: Input { longest: 200, ..message_input("appointment", "title", "appointment-title", "text") },
        place: Input {
            longest: 200,
            required: false,
            ..message_input("appointment", "place", "appointment-place", "text")
        },
        starts: message_input("appointment", "starts", "appointment-starts", "datetime-local"),
        ends: message_input("appointment", "ends", "appointment-ends", "datetime-local"),
        objection: Input { rows: 2, longest: 2_000, ..message_input("object", "note", "engagement-why-not", "text") },
        rating: Input { rows: 3, longest: 2_000, ..message_input("rate", "note", "engagement-rate-note", "text") },
        scores: [1, 2, 3, 4, 5].map(|n| (n, typed.form == "rate" && typed.fields.get("score") == n.to_string())),
        score_fault,
        problem: typed.problem,
        view,
        f,
    })
}

fn name_of_account(view: &EngagementView, id: AccountId) -> Option<String> {
    let known = view.names.get(&id).cloned();
    known.or_else(|| view.brokers.iter().find(|(b, _)| *b == id).map(|(_, name)| name.clone()))
}

fn waiting(f: &Frame, view: &EngagementView) -> Option<Waiting> {
    let pending = view.engagement.state.pending.as_ref()?;
    let what = match &pending.what {
        Proposal::Move(id) => view.workflow.find_move(id).map_or_else(|| id.clone(), |m| named(f, &m.name).to_owned()),
        Proposal::Amend(step) => f.t1("engagement-amendment-of", "step", step),
    };
    let whom: Vec<&str> =
        pending.asks.iter().filter_map(|side| view.party_of((*side).into())).map(|party| party.name.as_str()).collect();
    Some(Waiting {
        step: pending.step,
        what,
        whom: whom.join(f.t("list-comma")),
        may_confirm: view.may_confirm,
        may_object: view.may_object,
    })
}

fn ways(f: &Frame, view: &EngagementView) -> Vec<Way> {
    let aside = |target: &Target| match target {
        Target::Stage(id) => view.workflow.stage(id).is_some_and(|s| s.sort == StageSort::Aside),
        Target::Stay | Target::Back => false,
    };
    let way = |m: &keqiao_domain::Move| Way {
        id: m.id.clone(),
        name: named(f, &m.name).to_owned(),
        onward: !aside(&m.to),
        both: m.both,
    };
    view.moves.iter().map(way).collect()
}

fn due(f: &Frame, view: &EngagementView) -> String {
    let Some((what, at)) = view.engagement.due else { return String::new() };
    let key = match what {
        Due::Remind => "engagement-due-remind",
        Due::Escalate => "engagement-due-escalate",
        Due::Rest => "engagement-due-rest",
    };
    f.t1(key, "day", f.date(&at))
}

/// Back to the engagement with a message, or its page with what was typed and what stands in the way.
async fn done(visit: &Visit, id: &str, typed: Typed, result: Result<(), AppError>, key: &str) -> Response {
    let typed = match result {
        Ok(()) => {
            let there =
                parse_id::<EngagementId>(id).map_or_else(|_| "/desk".to_owned(), |id| format!("/engagements/{id}"));
            return with_flash(&visit.web, Redirect::to(&there).into_response(), Tone::Done, key);
        }
        Err(AppError::Invalid(faults)) => Typed { faults, ..typed },
        Err(AppError::Refused(refusal)) => {
            Typed { problem: refusal_words(visit.preferences.locale, &refusal), ..typed }
        }
        Err(AppError::Stale { .. }) => {
            Typed { problem: visit.preferences.locale.t("engagement-stale").to_owned(), ..typed }
        }
        Err(error) => return visit.fault(error).into_response(),
    };
    match page(visit, id, None, typed).await {
        Ok(mut page) => {
            if page.problem.is_empty() {
                page.problem = page.f.t("engagement-look").to_owned();
            }
            super::form::with_status(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => visit.fault(error).into_response(),
    }
}
