//! `/alliances`: alliances with their members, what they signed and promised, practice bases and shared resources.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::agreements::{NewAgreement, draw_up_agreement};
use keqiao_app::alliances::{
    AllianceInput, AllianceRow, AllianceView, ThingInput, bring_in, list_alliances, save_alliance, take_out,
    view_alliance,
};
use keqiao_app::parties::my_parties;
use keqiao_app::{AppError, Fault};
use keqiao_domain::{
    Agreement, AllianceThing, AllianceThingId, Commitment, CommitmentState, MembershipStatus, PartyId, PartyKind,
    ThingSort,
};

use super::form::{Faults, again};
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/alliances", list)
        .get("/alliances/new", ask)
        .post("/alliances", set_up)
        .get("/alliances/{id}", show)
        .post("/alliances/{id}", change)
        .post("/alliances/{id}/agreements", sign)
        .post("/alliances/{id}/things", add)
        .post("/alliances/things/{id}/remove", remove)
}

#[derive(Template)]
#[template(path = "alliances.html")]
struct ListPage {
    f: Frame,
    rows: Vec<AllianceRow>,
    next: String,
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let after = match fields.filled("after").map(str::parse::<PartyId>).transpose() {
        Ok(after) => after,
        Err(_) => return visit.fault(AppError::invalid("after", "bad-cursor")).into_response(),
    };
    match list_alliances(&visit.web.app, after).await {
        Ok((rows, next)) => {
            let f = visit.frame_of("alliances-title");
            draw(&ListPage { rows, next: next.map_or_else(String::new, |id| f.with("after", &id.to_string())), f })
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The form of what is said of an alliance.
struct About {
    field: Input,
    founded_on: Input,
    declared: Input,
}

fn about(f: &Frame, fields: &Fields, faults: &Faults) -> About {
    let input = |name, ty, key: &'static str| faults.beside(f, Input::new(name, ty, f.t(key), fields.get(name)));
    let optional = |name, ty, key| Input { required: false, ..input(name, ty, key) };
    About {
        field: Input { longest: 120, ..input("field", "text", "alliance-field") },
        founded_on: optional("founded_on", "date", "alliance-founded"),
        declared: Input {
            hint: f.t("alliance-declared-hint").to_owned(),
            ..optional("declared", "number", "alliance-declared")
        },
    }
}

#[derive(Template)]
#[template(path = "alliance_new.html")]
struct NewPage {
    f: Frame,
    own: Vec<(PartyId, String)>,
    chosen: Option<PartyId>,
    about: About,
    party_fault: String,
    problem: String,
}

async fn new_page(visit: &Visit, fields: &Fields, faults: Vec<Fault>) -> Result<NewPage, AppError> {
    let viewer = visit.viewer();
    let own = my_parties(&visit.web.app, &viewer).await?;
    let own = own.into_iter().filter(|(p, _)| viewer.owns(p.id) && p.kind == PartyKind::Organization);
    let mut f = visit.frame_of("alliance-new");
    f.noindex = true;
    let faults = Faults(faults);
    Ok(NewPage {
        own: own.map(|(p, _)| (p.id, p.name)).collect(),
        chosen: fields.get("party").parse().ok(),
        about: about(&f, fields, &faults),
        party_fault: faults.of(&f, "party"),
        problem: faults.beyond(&f, &["field", "founded_on", "declared", "party"]),
        f,
    })
}

async fn ask(visit: Visit) -> Response {
    match new_page(&visit, &Fields::default(), Vec::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

fn input_of(party: Option<PartyId>, fields: &Fields) -> AllianceInput {
    AllianceInput {
        party,
        field: fields.get("field").to_owned(),
        founded_on: fields.get("founded_on").to_owned(),
        declared: fields.get("declared").to_owned(),
        version: fields.get("version").parse().unwrap_or_default(),
    }
}

async fn set_up(Sent(visit, fields): Sent) -> Response {
    let input = AllianceInput { version: 0, ..input_of(fields.get("party").parse().ok(), &fields) };
    match save_alliance(&visit.web.app, &visit.viewer(), input).await {
        Ok(alliance) => {
            let there = Redirect::to(&format!("/alliances/{}", alliance.party)).into_response();
            with_flash(&visit.web, there, Tone::Done, "alliance-saved")
        }
        Err(AppError::Invalid(faults)) => match new_page(&visit, &fields, faults).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

/// An agreement with how its promises stand.
struct Signed {
    agreement: Agreement,
    open: usize,
    kept: usize,
    overdue: usize,
    /// The next that are due: who, what, when, whether late.
    next: Vec<(String, String, String, bool)>,
}

fn signed(agreement: Agreement, promises: &[Commitment], today: &str) -> Signed {
    let count = |state| promises.iter().filter(|c| c.state == state).count();
    let mut due: Vec<&Commitment> =
        promises.iter().filter(|c| c.state == CommitmentState::Open && c.due.is_some()).collect();
    due.sort_by(|a, b| a.due.cmp(&b.due));
    let line =
        |c: &&Commitment| (c.who.clone(), c.what.clone(), c.due.clone().unwrap_or_default(), c.is_overdue(today));
    Signed {
        open: count(CommitmentState::Open),
        kept: count(CommitmentState::Kept),
        overdue: promises.iter().filter(|c| c.is_overdue(today)).count(),
        next: due.iter().take(3).map(line).collect(),
        agreement,
    }
}

/// A base or a resource, as the page shows it.
struct ThingRow {
    thing: AllianceThing,
    member: String,
    /// Whether the viewer may take it out.
    may_remove: bool,
}

/// The forms of the page.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Form {
    #[default]
    None,
    About,
    Agreement,
    Thing,
}

/// What was typed into one of them, and what is wrong with it.
#[derive(Default)]
struct Typed {
    form: Form,
    fields: Fields,
    faults: Vec<Fault>,
}

#[derive(Template)]
#[template(path = "alliance.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    view: AllianceView,
    confirmed: usize,
    signed: Vec<Signed>,
    bases: Vec<ThingRow>,
    resources: Vec<ThingRow>,
    about: About,
    title: Input,
    signed_on: Input,
    others: Input,
    sort: &'static str,
    thing_party: Option<PartyId>,
    name: Input,
    place: Input,
    terms: Input,
    form: Form,
    problem: String,
}

impl Page {
    fn is_open(&self, form: &str) -> bool {
        form == match self.form {
            Form::None => "",
            Form::About => "about",
            Form::Agreement => "agreement",
            Form::Thing => "thing",
        }
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, Typed::default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str, typed: Typed) -> Result<Page, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let mut view = view_alliance(app, &viewer, parse_id(id)?).await?;
    let f = visit.frame(&view.party.party.name);
    let today = f.date(&app.now());
    let faults = Faults(typed.faults);
    let none = (Fields::default(), Faults::default());
    let input = |form: Form, name, ty, key: &'static str| {
        let (fields, faults) = if form == typed.form { (&typed.fields, &faults) } else { (&none.0, &none.1) };
        faults.beside(&f, Input::new(name, ty, f.t(key), fields.get(name)))
    };
    let kept = Fields(vec![
        ("field".to_owned(), view.alliance.field.clone()),
        ("founded_on".to_owned(), view.alliance.founded_on.clone().unwrap_or_default()),
        ("declared".to_owned(), view.alliance.declared.map(|n| n.to_string()).unwrap_or_default()),
    ]);
    let own = typed.form == Form::About;
    let about = about(&f, if own { &typed.fields } else { &kept }, if own { &faults } else { &none.1 });
    let things = std::mem::take(&mut view.things);
    let row = |(thing, member): (AllianceThing, String)| ThingRow {
        may_remove: viewer.may_edit_for(thing.party) || view.may_edit,
        thing,
        member,
    };
    let (bases, resources) = things.into_iter().map(row).partition(|r| r.thing.sort == ThingSort::Base);
    let promised = std::mem::take(&mut view.agreements).into_iter();
    let confirmed = |m: &&keqiao_app::parties::MemberRow| m.membership.status == MembershipStatus::Confirmed;
    let sort = if typed.fields.get("sort") == "resource" { "resource" } else { "base" };
    let known = ["field", "founded_on", "declared", "title", "signed_on", "others", "name", "place", "terms"];
    Ok(Page {
        trail: vec![
            ("/alliances".to_owned(), f.t("alliances-title").to_owned()),
            (String::new(), view.party.party.name.clone()),
        ],
        confirmed: view.party.members.iter().filter(confirmed).count(),
        signed: promised.map(|(a, promises)| signed(a, &promises, &today)).collect(),
        bases,
        resources,
        about,
        title: Input { longest: 200, ..input(Form::Agreement, "title", "text", "agreement-title") },
        signed_on: Input { required: false, ..input(Form::Agreement, "signed_on", "date", "agreement-signed") },
        others: Input {
            rows: 4,
            hint: f.t("alliance-others-hint").to_owned(),
            ..input(Form::Agreement, "others", "text", "alliance-others")
        },
        sort,
        thing_party: typed.fields.get("party").parse().ok(),
        name: Input { longest: 80, ..input(Form::Thing, "name", "text", "thing-name") },
        place: Input { longest: 120, required: false, ..input(Form::Thing, "place", "text", "thing-place") },
        terms: Input { rows: 3, longest: 1_000, ..input(Form::Thing, "terms", "text", "thing-terms") },
        form: typed.form,
        problem: faults.beyond(&f, &known),
        view,
        f,
    })
}

async fn done(visit: &Visit, id: &str, typed: Typed, result: Result<(), AppError>, key: &str) -> Response {
    match result {
        Ok(()) => {
            let there = Redirect::to(&format!("/alliances/{id}")).into_response();
            with_flash(&visit.web, there, Tone::Done, key)
        }
        Err(AppError::Invalid(faults)) => match page(visit, id, Typed { faults, ..typed }).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The alliance of an address, if it is one.
async fn alliance_of(visit: &Visit, id: &str) -> Result<PartyId, AppError> {
    Ok(view_alliance(&visit.web.app, &visit.viewer(), parse_id(id)?).await?.alliance.party)
}

async fn change(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let result = match alliance_of(&visit, &id).await {
        Ok(party) => {
            let input = input_of(Some(party), &fields);
            let input = AllianceInput { version: input.version.max(1), ..input };
            save_alliance(&visit.web.app, &visit.viewer(), input).await.map(drop)
        }
        Err(error) => Err(error),
    };
    done(&visit, &id, Typed { form: Form::About, fields, ..Typed::default() }, result, "alliance-saved").await
}

async fn sign(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let said = |name: &str| fields.get(name).replace("\r\n", "\n");
    let input = NewAgreement {
        title: said("title"),
        signed_on: said("signed_on"),
        others: said("others"),
        note: String::new(),
    };
    let made = match alliance_of(&visit, &id).await {
        Ok(party) => draw_up_agreement(&visit.web.app, &visit.viewer(), party, input).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(agreement) => {
            // The promises in it are written down next.
            let there = Redirect::to(&format!("/agreements/{}", agreement.id)).into_response();
            with_flash(&visit.web, there, Tone::Done, "agreement-drawn-up")
        }
        Err(error) => {
            let typed = Typed { form: Form::Agreement, fields, ..Typed::default() };
            done(&visit, &id, typed, Err(error), "").await
        }
    }
}

async fn add(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let said = |name: &str| fields.get(name).to_owned();
    let input = ThingInput {
        party: fields.get("party").parse().ok(),
        sort: if fields.get("sort") == "resource" { ThingSort::Resource } else { ThingSort::Base },
        name: said("name"),
        place: said("place"),
        terms: said("terms"),
    };
    let result = match (visit.signed_in.is_some(), parse_id::<PartyId>(&id)) {
        (false, _) => Err(AppError::SignInNeeded),
        (true, Ok(alliance)) => bring_in(&visit.web.app, &visit.viewer(), alliance, input).await,
        (true, Err(error)) => Err(error),
    };
    done(&visit, &id, Typed { form: Form::Thing, fields, ..Typed::default() }, result, "thing-added").await
}

async fn remove(Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    let gone = match parse_id::<AllianceThingId>(&id) {
        Ok(thing) => take_out(&visit.web.app, &visit.viewer(), thing).await,
        Err(error) => Err(error),
    };
    match gone {
        Ok(alliance) => {
            let there = Redirect::to(&format!("/alliances/{alliance}")).into_response();
            with_flash(&visit.web, there, Tone::Done, "thing-removed")
        }
        Err(error) => visit.fault(error).into_response(),
    }
}
