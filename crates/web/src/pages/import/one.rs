//! The page of one import: mapping, dry run, report.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keqiao_app::articles::heads_of_files;
use keqiao_app::parties::my_parties;
use keqiao_app::transfer::{ImportView, Outcome, Report, RowOutcome, Source, What, fields_of, view_import};
use keqiao_app::{App, AppError, Fault};
use keqiao_domain::{ArticleId, ImportId, OrgRole, PartyId, Side, Viewer};

use super::{state_name, what_name, words};
use crate::fault::{fault_text, status_of};
use crate::fields::Fields;
use crate::label::label_of;
use crate::page::Frame;
use crate::pages::draw;
use crate::pages::publish::id_of;
use crate::visit::Visit;

/// Most rows of a report that the page shows; the file holds them all.
const MOST_SHOWN: usize = 100;

/// A column of the file in the mapping table.
struct Column {
    /// The field's name in the form.
    name: String,
    title: String,
    samples: Vec<String>,
    /// The label of the field it goes into; empty: none.
    field: String,
    error: String,
}

/// A field that may be the same for every row: its name, label, choices, what is chosen.
pub(super) struct Fixed {
    pub(super) name: String,
    label: String,
    pub(super) choices: Vec<(String, String)>,
    pub(super) chosen: String,
}

#[derive(Template)]
#[template(path = "import_one.html")]
struct Import {
    f: Frame,
    id: ImportId,
    what: &'static str,
    /// Whether files of articles are read, rather than rows of a table.
    articles: bool,
    state: String,
    state_name: &'static str,
    file: String,
    total: i64,
    done: i64,
    columns: Vec<Column>,
    fields: Vec<String>,
    fixed: Vec<Fixed>,
    party: Option<PartyId>,
    parties: Vec<(PartyId, String)>,
    publish: bool,
    may_publish: bool,
    report: Option<Report>,
    rows: Vec<Line>,
    /// Rows of the report that are not shown.
    hidden: usize,
    stopped: String,
    fault: String,
}

/// A row of the report.
struct Line {
    row: usize,
    bad: bool,
    outcome: &'static str,
    title: String,
    /// The page of the file of articles that was kept.
    href: String,
    /// Its articles: id, headline.
    articles: Vec<(ArticleId, String)>,
    /// Field, what is stored, what the row says.
    diffs: Vec<(String, String, String)>,
    /// Column and what is wrong.
    faults: Vec<(String, String)>,
}

pub(super) fn what_of(view: &ImportView) -> What {
    if view.run.what == "parties" { What::Parties } else { What::Listings }
}

/// Draws the page, with what was typed and refused where it is drawn again.
pub(super) async fn page(
    visit: &Visit,
    id: &str,
    typed: Option<&Fields>,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let view = view_import(app, &viewer, id_of(id)?).await?;
    let f = visit.frame_of("nav-import");
    let parties = my_parties(app, &viewer).await?;
    let fields: Vec<String> = fields_of(what_of(&view), &app.catalog).iter().map(|field| label_of(&f, field)).collect();
    let status = refused.as_ref().map_or(StatusCode::OK, status_of);
    let faults: &[Fault] = match &refused {
        Some(AppError::Invalid(faults)) => faults,
        _ => &[],
    };
    let chosen_party = typed.map_or(view.party, |t| t.get("party").parse().ok());
    let all_rows = view.report.as_ref().map_or(&[][..], |report| &report.rows);
    let shown = &all_rows[..all_rows.len().min(MOST_SHOWN)];
    let rows = with_articles(app, &viewer, shown, shown.iter().map(|row| line(&f, row)).collect()).await?;
    let loose = !faults.iter().any(|fault| fault.field.starts_with("column."));
    let page = Import {
        id: view.run.id,
        what: what_name(&f, &view.run.what),
        articles: view.run.what == "articles",
        state_name: state_name(&f, &view.run.state),
        total: view.run.total,
        done: view.run.done,
        columns: columns(&f, &view, typed, faults),
        fixed: fixed(&f, &view, typed),
        fields,
        party: chosen_party,
        parties: parties
            .into_iter()
            .filter(|(_, role)| *role >= OrgRole::Editor)
            .map(|(p, _)| (p.id, p.name))
            .collect(),
        publish: typed.map_or(view.publish, |t| t.ticked("publish")),
        may_publish: viewer.is_operator() && what_of(&view) == What::Listings,
        rows,
        hidden: all_rows.len().saturating_sub(MOST_SHOWN),
        stopped: stopped(&f, &view),
        fault: match &refused {
            Some(error) if loose => words(&f, error),
            Some(_) => f.t("import-unknown-field").to_owned(),
            None => String::new(),
        },
        state: view.run.state,
        file: view.file,
        report: view.report,
        f,
    };
    let mut response = draw(&page);
    *response.status_mut() = status;
    Ok(response)
}

/// Why a run stopped.
fn stopped(f: &Frame, view: &ImportView) -> String {
    let why = view.run.report.get("error").and_then(|e| e.as_str()).unwrap_or_default();
    f.locale.find(&format!("fault-{why}")).unwrap_or(why).to_owned()
}

/// Puts the articles of each file beside it.
async fn with_articles(
    app: &App,
    viewer: &Viewer,
    rows: &[RowOutcome],
    mut lines: Vec<Line>,
) -> Result<Vec<Line>, AppError> {
    let files: Vec<_> = rows.iter().filter_map(|row| row.file).collect();
    if files.is_empty() {
        return Ok(lines);
    }
    for (file, article) in heads_of_files(app, viewer, &files).await? {
        // The same file can stand in a zip twice.
        for (_, line) in rows.iter().zip(&mut lines).filter(|(row, _)| row.file == Some(file)) {
            line.articles.push((article.id, article.title.clone()));
        }
    }
    Ok(lines)
}

fn columns(f: &Frame, view: &ImportView, typed: Option<&Fields>, faults: &[Fault]) -> Vec<Column> {
    let goes_into = |column: &str| {
        let found = view.mapping.0.iter().find(|(_, source)| **source == Source::Column(column.to_owned()));
        found.map(|(field, _)| label_of(f, field)).unwrap_or_default()
    };
    let column = |(place, title): (usize, &String)| {
        let name = format!("column.{place}");
        Column {
            title: title.clone(),
            samples: view.sample.iter().filter_map(|row| row.get(place)).filter(|s| !s.is_empty()).cloned().collect(),
            field: typed.map_or_else(|| goes_into(title), |t| t.get(&name).to_owned()),
            error: faults
                .iter()
                .find(|fault| fault.field == name)
                .map(|fault| fault_text(f, fault))
                .unwrap_or_default(),
            name,
        }
    };
    view.columns.iter().enumerate().map(column).collect()
}

/// The fields that files often leave out, since all their rows say the same.
pub(super) fn fixed(f: &Frame, view: &ImportView, typed: Option<&Fields>) -> Vec<Fixed> {
    let one = |field: &str, choices: Vec<(String, String)>| {
        let name = format!("fixed.{field}");
        let stored = match view.mapping.0.get(field) {
            Some(Source::Constant(text)) => text.clone(),
            _ => String::new(),
        };
        let chosen = typed.map_or(stored, |t| t.get(&name).to_owned());
        Fixed { label: label_of(f, field), choices, chosen, name }
    };
    let word = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    match what_of(view) {
        What::Parties => {
            let kinds = vec![word("organization", f.t("party-organization")), word("person", f.t("party-person"))];
            vec![one("kind", kinds)]
        }
        What::Listings => {
            let sides = [Side::Need, Side::Offer].map(|side| word(side.as_str(), f.word(side))).to_vec();
            let kinds = f.catalog.kinds_in_order().into_iter();
            let kinds = kinds.map(|k| word(&k.id, k.name.get(f.locale.as_str()))).collect();
            vec![one("side", sides), one("kind", kinds)]
        }
    }
}

fn line(f: &Frame, row: &RowOutcome) -> Line {
    let plain = |json: &str| json.trim_matches('"').to_owned();
    let faults = row.faults.iter().map(|fault| {
        let text = f.locale.find(&format!("fault-{}", fault.code)).unwrap_or(&fault.code);
        let text = if fault.detail.is_empty() { text.to_owned() } else { format!("{text}（{}）", fault.detail) };
        (label_of(f, &fault.column), text)
    });
    Line {
        row: row.row,
        bad: row.outcome == Outcome::Faulty,
        outcome: match row.outcome {
            Outcome::Created => f.t("import-created"),
            Outcome::Updated => f.t("import-updated"),
            Outcome::Unchanged => f.t("import-unchanged"),
            Outcome::Faulty => f.t("import-faulty"),
        },
        title: row.title.clone(),
        href: row.file.map_or_else(String::new, |file| format!("/articles/files/{file}")),
        articles: Vec::new(),
        diffs: row.diffs.iter().map(|d| (label_of(f, &d.field), plain(&d.old), plain(&d.new))).collect(),
        faults: faults.collect(),
    }
}
