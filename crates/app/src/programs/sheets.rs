//! Lists of a program as CSV.

use std::collections::HashMap;

use keqiao_domain::{EntryContent, Phase, ProgramId, Value, Viewer};
use keqiao_store::programs::lists::{self, EntryFilter, EntryLine};

use super::hall::{chosen_stages, public};
use super::{find_own, find_program, type_of};
use crate::transfer::csv_bytes;
use crate::{App, AppError};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramSheet {
    /// All entries with what was filled in: for the organiser.
    Entries,
    /// The ranking: for the organiser.
    Ranking,
    /// What was selected: for everybody, once announced.
    Results,
}

/// Most rows.
const MOST: i64 = 65_535;

/// A list as CSV with a byte order mark. `say` gives the words of a key; `locale` is `zh` or `en`.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`.
pub async fn program_sheet(
    app: &App,
    viewer: &Viewer,
    id: ProgramId,
    sheet: ProgramSheet,
    locale: &str,
    say: &(dyn Fn(&str) -> String + Sync),
) -> Result<Vec<u8>, AppError> {
    let mut db = app.store.reader().await?;
    let program = match sheet {
        ProgramSheet::Results => find_program(&mut db, viewer, id).await?,
        ProgramSheet::Entries | ProgramSheet::Ranking => find_own(&mut db, viewer, id).await?,
    };
    if sheet == ProgramSheet::Results && program.phase < Phase::Announced {
        return Err(AppError::NotFound);
    }
    let ty = type_of(&app.catalog, &program)?;
    let mut names = Names { app, locale, known: HashMap::new() };
    let mut head = vec!["number", "title", "party", "kind", "region", "area", "industry", "stage"];
    match sheet {
        ProgramSheet::Entries => head.push("summary"),
        ProgramSheet::Ranking => head.extend(["place", "score", "raw", "scored"]),
        ProgramSheet::Results => {}
    }
    let mut head: Vec<String> = head.into_iter().map(|c| say(&format!("program-sheet-{c}"))).collect();
    let filter = |stages| EntryFilter { stages, ..EntryFilter::default() };
    let lines = match sheet {
        ProgramSheet::Entries => lists::by_number(&mut db, id, &filter(Vec::new()), 0, MOST).await?,
        ProgramSheet::Ranking => lists::by_place(&mut db, id, &filter(Vec::new()), (0, 0), MOST).await?,
        ProgramSheet::Results => lists::by_number(&mut db, id, &filter(chosen_stages()), 0, MOST).await?,
    };
    let mut contents: HashMap<i64, EntryContent> = HashMap::new();
    if sheet == ProgramSheet::Entries {
        head.extend(ty.fields.iter().map(|f| f.field.name.get(locale).to_owned()));
        contents = lists::contents(&mut db, id).await?.into_iter().collect();
    }
    let mut rows = vec![head];
    for line in lines {
        let content = line.number.and_then(|n| contents.remove(&n));
        let mut row = names.row(&line, say);
        let points = |n: Option<i64>| n.map_or_else(String::new, |n| format!("{:.2}", n as f64 / 1000.0));
        match sheet {
            ProgramSheet::Entries => row.push(line.summary),
            ProgramSheet::Ranking => {
                let place = line.place.map_or_else(String::new, |p| p.to_string());
                row.extend([place, points(line.score), points(line.raw), line.scored.to_string()]);
            }
            ProgramSheet::Results => {}
        }
        if let Some(content) = content {
            let cell = |v: Option<&Value>| v.map_or_else(String::new, ToString::to_string);
            row.extend(ty.fields.iter().map(|f| cell(content.fields.get(&f.field.id))));
        }
        rows.push(row);
    }
    Ok(csv_bytes(&rows))
}

/// Names of codes, each looked up once.
struct Names<'n> {
    app: &'n App,
    locale: &'n str,
    known: HashMap<String, String>,
}

impl Names<'_> {
    fn of(&mut self, taxonomy: &str, code: &str) -> String {
        if code.is_empty() {
            return String::new();
        }
        if let Some(name) = self.known.get(code) {
            return name.clone();
        }
        let found = self.app.catalog.taxonomy(taxonomy);
        let name = match found {
            // Whole, since many counties share a name.
            Some(t) if self.locale == "zh" => t.line(code).concat(),
            Some(t) => t.get(code).map_or_else(String::new, |n| n.name.get(self.locale).to_owned()),
            None => String::new(),
        };
        let name = if name.is_empty() { code.to_owned() } else { name };
        self.known.insert(code.to_owned(), name.clone());
        name
    }

    fn row(&mut self, line: &EntryLine, say: &dyn Fn(&str) -> String) -> Vec<String> {
        let line = public(line.clone());
        let kind = self.app.catalog.kinds.get(&line.kind);
        vec![
            line.number.map_or_else(String::new, |n| n.to_string()),
            line.title,
            line.party_name,
            kind.map_or(line.kind, |k| k.name.get(self.locale).to_owned()),
            self.of("region", &line.region),
            self.of("region", &line.area),
            self.of("industry", &line.industry),
            say(&format!("entry-stage-{}", line.stage.as_str())),
        ]
    }
}
