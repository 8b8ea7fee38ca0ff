//! `/engagements/{id}/certificate`: a page to print, with the head hash and a code that leads to its check.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use keqiao_app::engagements::{EngagementView, view_engagement};
use keqiao_app::paper::{Block, Paper};
use keqiao_domain::{Deed, Side, Timestamp};
use qrcode::QrCode;
use qrcode::render::svg;

use super::contract::pdf;
use super::named;
use crate::page::Frame;
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::default().get("/engagements/{id}/certificate", show).get("/engagements/{id}/certificate.pdf", paper)
}

#[derive(Template)]
#[template(path = "certificate.html")]
struct Page {
    f: Frame,
    view: EngagementView,
    /// Each stage that was reached, and when.
    stages: Vec<(String, Timestamp)>,
    stage: String,
    files: usize,
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
    let view = view_engagement(app, &visit.viewer(), parse_id(id)?).await?;
    if let Some(fault) = &view.chain_fault {
        return Err(AppError::Internal(format!("no certificate for a broken record: {fault}")));
    }
    let mut f = visit.frame_of("certificate-title");
    f.noindex = true;
    let name = |id: &str| view.workflow.stage(id).map_or_else(|| id.to_owned(), |s| named(&f, &s.name).to_owned());
    let mut stages: Vec<(String, Timestamp)> = Vec::new();
    let mut before = "";
    for step in view.steps.iter().filter(|s| s.deed != Deed::Rated) {
        if step.stage != before {
            stages.push((name(&step.stage), step.at));
            before = &step.stage;
        }
    }
    let Proof { address, code, head } = Proof::of(&app.settings.public_url, &view.engagement.state.head)?;
    Ok(Page {
        stage: name(&view.engagement.state.stage),
        files: view.steps.iter().map(|s| s.files.len()).sum(),
        head,
        stages,
        address,
        code,
        view,
        f,
    })
}

async fn paper(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id).await {
        Ok(page) => pdf(page.f.t("certificate-title"), page.paper().pdf()),
        Err(error) => visit.fault(error).into_response(),
    }
}

impl Page {
    /// The same as a paper.
    fn paper(&self) -> Paper {
        let (f, engagement) = (&self.f, &self.view.engagement);
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let terms = vec![
            pair(f.word(Side::Need), self.view.need_party.name.clone()),
            pair(f.word(Side::Offer), self.view.offer_party.name.clone()),
            pair(f.t("chain-stage"), self.stage.clone()),
            pair(f.t("chain-steps"), f.tn("certificate-steps", engagement.state.steps)),
            pair(f.t("chain-files"), self.files.to_string()),
        ];
        let stages = self.stages.iter().map(|(name, at)| (name.clone(), f.date(at))).collect();
        Paper {
            title: format!("{} {}", f.t("certificate-title"), engagement.subject.title),
            foot: format!("{} · {}", f.t("site-name"), engagement.id),
            blocks: vec![
                Block::Title(f.t("certificate-title").to_owned()),
                Block::Heading(engagement.subject.title.clone()),
                Block::Pairs(terms),
                Block::Heading(f.t("engagement-record").to_owned()),
                Block::Pairs(stages),
                Block::Code(
                    self.address.clone(),
                    vec![f.t("certificate-text").to_owned(), self.head.join(" "), self.address.clone()],
                ),
            ],
            ..Paper::default()
        }
    }
}

/// How a certificate shows the last hash of a record.
pub(crate) struct Proof {
    /// Where the hash is looked up.
    pub(crate) address: String,
    /// The address as SVG to be read by a camera, made of it alone.
    pub(crate) code: String,
    /// The hash in groups of eight.
    pub(crate) head: Vec<String>,
}

impl Proof {
    /// # Errors
    /// `Internal` when the address is too long for a code.
    pub(crate) fn of(public_url: &str, head: &str) -> Result<Self, AppError> {
        let address = format!("{public_url}/verify/{head}");
        let head = head.as_bytes().chunks(8).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
        Ok(Self { code: qr_of(&address)?, address, head })
    }
}

/// An address as a code to be read by a camera, drawn as SVG.
///
/// # Errors
/// `Internal` when it is too long for one.
fn qr_of(address: &str) -> Result<String, AppError> {
    let code = QrCode::new(address.as_bytes()).map_err(|e| AppError::Internal(e.to_string()))?;
    let code = code.render::<svg::Color<'_>>().min_dimensions(180, 180).quiet_zone(true).build();
    // The document's own head line does not belong into a page.
    Ok(code.split_once("?>").map_or(code.as_str(), |(_, svg)| svg).to_owned())
}
