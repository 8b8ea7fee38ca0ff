//! `/engagements/{id}/contract`: the pack of a technology contract: checklist, paper, and all of it as one zip.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::engagements::{ContractView, contract_zip, say_of_item, view_contract};
use keqiao_app::paper::{Block, Paper};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{EngagementId, ItemProof, Party, Signed};

use super::named;
use crate::fields::Sent;
use crate::page::{Frame, Tone};
use crate::pages::attachment::download;
use crate::pages::form::{Faults, again};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/engagements/{id}/contract", show)
        .get("/engagements/{id}/contract.pdf", paper)
        .get("/engagements/{id}/contract.zip", pack)
        .post("/engagements/{id}/contract/{item}", say)
}

/// An item of the checklist, as the page shows it.
struct ItemRow {
    id: String,
    name: String,
    required: bool,
    met: bool,
    /// Whether it is for somebody to say.
    said: bool,
    text: String,
    who: String,
    fault: String,
}

#[derive(Template)]
#[template(path = "contract.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    id: String,
    contract: ContractView,
    /// Names and values of the contract.
    terms: Vec<(String, String)>,
    items: Vec<ItemRow>,
    missing: usize,
    rules: String,
    note: String,
    may_say: bool,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, None).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str, typed: Option<(&str, &str, Vec<Fault>)>) -> Result<Page, AppError> {
    let app = &visit.web.app;
    let contract = view_contract(app, &visit.viewer(), parse_id(id)?).await?;
    let mut f = visit.frame_of("contract-title");
    f.noindex = true;
    let rules = &app.catalog.contracts;
    let row = |c: &keqiao_domain::CheckedItem| {
        let own = typed.as_ref().filter(|(item, ..)| *item == c.item.id);
        let kept = c.statement.as_ref().map_or("", |s| s.text.as_str());
        ItemRow {
            id: c.item.id.clone(),
            name: named(&f, &c.item.name).to_owned(),
            required: c.item.required,
            met: c.met,
            said: c.item.shown_by == ItemProof::Statement,
            text: own.map_or(kept, |(_, text, _)| text).to_owned(),
            who: c.statement.as_ref().and_then(|s| contract.names.get(&s.by)).cloned().unwrap_or_default(),
            fault: own.map_or_else(String::new, |(.., faults)| Faults(faults.clone()).of(&f, "text")),
        }
    };
    let items: Vec<ItemRow> = contract.items.iter().map(row).collect();
    Ok(Page {
        trail: vec![
            ("/engagements".to_owned(), f.t("engagements-title").to_owned()),
            (format!("/engagements/{}", contract.view.engagement.id), contract.view.engagement.subject.title.clone()),
            (String::new(), f.title.clone()),
        ],
        id: contract.view.engagement.id.to_string(),
        terms: contract.signed.as_ref().map(|s| terms(&f, &contract, s)).unwrap_or_default(),
        missing: items.iter().filter(|i| i.required && !i.met).count(),
        items,
        rules: f.t2("contract-rules", "version", &rules.version, "since", &rules.since),
        note: named(&f, &rules.note).to_owned(),
        may_say: !contract.view.roles.is_empty(),
        contract,
        f,
    })
}

fn amount(f: &Frame, n: Option<f64>) -> String {
    n.map(|n| f.t1("contract-wan", "n", n)).unwrap_or_default()
}

/// What the record says of the contract, as names and values.
fn terms(f: &Frame, contract: &ContractView, signed: &Signed) -> Vec<(String, String)> {
    let ty = contract.ty.as_ref().map_or_else(|| f.t("contract-no-type").to_owned(), |t| named(f, &t.name).to_owned());
    let mut out: Vec<(String, String)> =
        [("contract-name", contract.view.engagement.subject.title.clone()), ("contract-type", ty)]
            .map(|(key, value)| (f.t(key).to_owned(), value))
            .into();
    let sides = [("contract-client", &contract.view.need_party), ("contract-provider", &contract.view.offer_party)];
    out.extend(sides.map(|(key, party)| (f.t(key).to_owned(), party_line(f, party))));
    out.extend(
        [
            ("contract-number", signed.number.clone().unwrap_or_default()),
            ("contract-signed-on", signed.signed_on.clone().unwrap_or_default()),
            ("contract-amount", amount(f, signed.amount)),
            ("contract-technology", amount(f, signed.technology_amount)),
        ]
        .map(|(key, value)| (f.t(key).to_owned(), value)),
    );
    out
}

/// A party with its code, region and contact.
fn party_line(f: &Frame, party: &Party) -> String {
    let code = party.uscc.as_ref().map_or_else(|| f.t("contract-no-code").to_owned(), ToString::to_string);
    let region = party.region.as_ref().map(|r| f.region(r)).unwrap_or_default();
    let parts = [code, region, party.contact.address.clone(), party.contact.name.clone(), party.contact.phone.clone()];
    let rest: Vec<String> = parts.into_iter().filter(|p| !p.trim().is_empty()).collect();
    format!("{}\n{}", party.name, rest.join(" · "))
}

/// The registration sheet with its checklist.
fn sheet(page: &Page, address: &str) -> Paper {
    let (f, engagement) = (&page.f, &page.contract.view.engagement);
    let verdict = |item: &ItemRow| {
        f.t(match (item.met, item.required) {
            (true, _) => "contract-met",
            (false, true) => "contract-missing",
            (false, false) => "contract-open",
        })
    };
    let row = |(i, item): (usize, &ItemRow)| {
        vec![(i + 1).to_string(), item.name.clone(), verdict(item).to_owned(), item.text.clone()]
    };
    let heads = [("contract-no", 1), ("contract-item", 7), ("contract-state", 2), ("contract-where", 5)];
    let signed = page.contract.signed.clone().unwrap_or_default();
    let file = |file: &keqiao_domain::FileProof| vec![file.name.clone(), f.size(&file.size), file.sha256.clone()];
    let files = [("contract-file", 4), ("contract-size", 2), ("contract-hash", 7)];
    let table =
        |heads: &[(&'static str, u32)]| heads.iter().map(|(key, share)| (f.t(key).to_owned(), *share)).collect();
    let mut blocks = vec![
        Block::Title(f.t("contract-sheet").to_owned()),
        Block::Pairs(page.terms.clone()),
        Block::Heading(f.t("contract-checklist").to_owned()),
        Block::Table(table(&heads), page.items.iter().enumerate().map(row).collect()),
        Block::Small(format!("{}\n{}", page.rules, page.note)),
        Block::Heading(f.t("contract-files").to_owned()),
        Block::Table(table(&files), signed.files.iter().map(file).collect()),
        Block::Code(
            format!("{address}/verify/{}", engagement.state.head),
            vec![
                f.t1("contract-step", "step", signed.step),
                f.t("certificate-text").to_owned(),
                engagement.state.head.clone(),
            ],
        ),
    ];
    if engagement.subject.demo {
        blocks.insert(1, Block::Small(f.t("contract-demo").to_owned()));
    }
    Paper {
        title: format!("{} {}", f.t("contract-sheet"), engagement.subject.title),
        foot: format!("{} · {}", f.t("site-name"), engagement.id),
        blocks,
        ..Paper::default()
    }
}

/// What is not signed has no sheet.
async fn signed(visit: &Visit, id: &str) -> Result<(Page, Vec<u8>), AppError> {
    let page = page(visit, id, None).await?;
    if page.contract.signed.is_none() {
        return Err(AppError::invalid("contract", "not-signed"));
    }
    let bytes = sheet(&page, &visit.web.app.settings.public_url).pdf();
    Ok((page, bytes))
}

async fn paper(visit: Visit, Path(id): Path<String>) -> Response {
    match signed(&visit, &id).await {
        Ok((page, bytes)) => pdf(page.f.t("contract-sheet"), bytes),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// A paper that a browser saves.
pub(crate) fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    let size = i64::try_from(bytes.len()).unwrap_or_default();
    (download("application/pdf".to_owned(), size, &format!("{name}.pdf")), bytes).into_response()
}

async fn pack(visit: Visit, Path(id): Path<String>) -> Response {
    let made = match signed(&visit, &id).await {
        Ok((page, paper)) => contract_zip(&visit.web.app, &page.contract, paper).await.map(|bytes| (page, bytes)),
        Err(error) => Err(error),
    };
    match made {
        Ok((page, bytes)) => {
            let size = i64::try_from(bytes.len()).unwrap_or_default();
            let name = format!("{}.zip", page.f.t("contract-title"));
            (download("application/zip".to_owned(), size, &name), bytes).into_response()
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn say(Path((id, item)): Path<(String, String)>, Sent(visit, fields): Sent) -> Response {
    let text = fields.get("text");
    let result = match parse_id::<EngagementId>(&id) {
        Ok(engagement) => say_of_item(&visit.web.app, &visit.viewer(), engagement, &item, text).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => {
            let there = Redirect::to(&format!("/engagements/{id}/contract#item-{item}")).into_response();
            with_flash(&visit.web, there, Tone::Done, "contract-said")
        }
        Err(AppError::Invalid(faults)) => match page(&visit, &id, Some((&item, text, faults))).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}
