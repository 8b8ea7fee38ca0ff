//! `/entries/{id}/certificate`: a page to print, and a paper, for what was selected or signed, with a code that leads to its
//! check.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::paper::{Block, Paper};
use keqiao_app::programs::{EntryView, view_entry};
use keqiao_domain::Phase;

use crate::page::Frame;
use crate::pages::engagement::{Proof, pdf};
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default().get("/entries/{id}/certificate", show).get("/entries/{id}/certificate.pdf", paper)
}

#[derive(Template)]
#[template(path = "entry_certificate.html")]
struct Page {
    f: Frame,
    view: EntryView,
    kind: String,
    region: String,
    amount: String,
    address: String,
    /// The code as SVG, made of the address alone.
    code: String,
    /// The hash in groups of eight.
    head: Vec<String>,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str) -> Result<Page, AppError> {
    let app = &visit.web.app;
    let view = view_entry(app, &visit.viewer(), parse_id(id)?).await?;
    if view.program.phase < Phase::Published || !view.entry.state.stage.is_chosen() {
        return Err(keqiao_domain::ProgramRefusal::NotNow(view.program.phase).into());
    }
    if let Some(fault) = &view.fault {
        return Err(AppError::Internal(format!("no certificate for a broken record: {fault}")));
    }
    let signed = view.entry.state.signing.is_some();
    let mut f = visit.frame_of(if signed { "entry-certificate-signed" } else { "entry-certificate-selected" });
    f.noindex = true;
    let Proof { address, code, head } = Proof::of(&app.settings.public_url, &view.entry.state.head)?;
    let yuan = view.entry.state.signing.as_ref().and_then(|s| s.amount_yuan);
    Ok(Page {
        code,
        head,
        kind: f.kind(&view.entry.content.kind).to_owned(),
        region: f.region(&view.entry.content.region),
        amount: yuan.map_or_else(String::new, |n| f.number(n)),
        address,
        view,
        f,
    })
}

async fn paper(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id).await {
        Ok(page) => pdf(&page.f.title, page.paper().pdf()),
        Err(error) => visit.fault(error).into_response(),
    }
}

impl Page {
    /// The same as a paper.
    fn paper(&self) -> Paper {
        let (f, entry) = (&self.f, &self.view.entry);
        let pair = |key: &'static str, value: &str| (f.t(key).to_owned(), value.to_owned());
        let mut terms = vec![pair("program-party", &self.view.party_name)];
        terms.extend(entry.number.map(|n| pair("entry-number-label", &n.to_string())));
        terms.push(pair("work-kind", &self.kind));
        terms.push(pair("work-region", &self.region));
        terms.push((f.t("chain-stage").to_owned(), f.word(entry.state.stage).to_owned()));
        if let Some(signing) = &entry.state.signing {
            terms.push(pair("entry-sign-with", &signing.with));
            terms.push(pair("entry-sign-on", &signing.on));
            if !self.amount.is_empty() {
                terms.push(pair("entry-amount", &f.t1("entry-yuan", "n", &self.amount)));
            }
        }
        let mut blocks = vec![
            Block::Title(f.title.clone()),
            Block::Heading(self.view.program.settings.title.clone()),
            Block::Text(entry.content.title.clone()),
            Block::Pairs(terms),
            Block::Code(
                self.address.clone(),
                vec![f.t("certificate-text").to_owned(), self.head.join(" "), self.address.clone()],
            ),
        ];
        if entry.demo {
            blocks.insert(1, Block::Small(f.t("entry-certificate-demo").to_owned()));
        }
        Paper {
            title: format!("{} {}", f.title, entry.content.title),
            foot: format!("{} · {}", f.t("site-name"), entry.id),
            blocks,
            ..Paper::default()
        }
    }
}
