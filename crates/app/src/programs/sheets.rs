//! Lists of a program as CSV.

use std::collections::HashMap;
use std::sync::Arc;

use keqiao_domain::{PartyId, Phase, ProgramId, Viewer};
use keqiao_store::programs::sheets::{self, SheetLine};

use super::hall::chosen_stages;
use super::{find_own, find_program, type_of};
use crate::transfer::CsvTable;
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
const MOST: usize = 65_535;

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
    let mut table = SheetTable::new(app, locale, say);
    table.parties = sheets::names(&mut db, id).await?;
    match sheet {
        ProgramSheet::Entries => {
            let files = say("program-sheet-files");
            let fields = ty.fields.iter().map(|f| f.field.name.get(locale)).chain([files.as_str()]);
            table.head(&["summary"], fields);
            for (line, content) in sheets::filled_in(&mut db, id, MOST).await? {
                table.line(&line);
                table.csv.cell(&content.summary);
                for field in &ty.fields {
                    let value = content.fields.get(&field.field.id);
                    table.csv.cell(&value.map_or_else(String::new, ToString::to_string));
                }
                table.csv.cell(&content.files.join("；"));
                table.csv.end();
            }
        }
        ProgramSheet::Ranking => {
            table.head(&["place", "score", "raw", "scored"], []);
            let points = |n: Option<i64>| n.map_or_else(String::new, |n| format!("{:.2}", n as f64 / 1000.0));
            for (line, rank) in sheets::ranked(&mut db, id, MOST).await? {
                table.line(&line);
                table.csv.cell(&rank.place.to_string());
                table.csv.cell(&points(rank.score));
                table.csv.cell(&points(rank.raw));
                table.csv.cell(&rank.scored.to_string());
                table.csv.end();
            }
        }
        ProgramSheet::Results => {
            table.head(&[], []);
            for line in sheets::in_stages(&mut db, id, &chosen_stages(), MOST).await? {
                table.line(&line);
                table.csv.end();
            }
        }
    }
    Ok(table.csv.into_bytes())
}

/// The table that is being written, with the names of codes and the words of stages, each looked up once.
struct SheetTable<'s> {
    app: &'s App,
    locale: &'s str,
    say: &'s (dyn Fn(&str) -> String + Sync),
    parties: HashMap<PartyId, String>,
    known: HashMap<String, Arc<str>>,
    stages: HashMap<&'static str, String>,
    csv: CsvTable,
}

impl<'s> SheetTable<'s> {
    fn new(app: &'s App, locale: &'s str, say: &'s (dyn Fn(&str) -> String + Sync)) -> Self {
        Self {
            app,
            locale,
            say,
            parties: HashMap::new(),
            known: HashMap::new(),
            stages: HashMap::new(),
            csv: CsvTable::new(),
        }
    }

    /// The columns of every sheet, those of this one, and fields by their names.
    fn head<'f>(&mut self, more: &[&str], fields: impl IntoIterator<Item = &'f str>) {
        let all = ["number", "title", "party", "kind", "region", "area", "industry", "stage"];
        for column in all.iter().chain(more) {
            self.csv.cell(&(self.say)(&format!("program-sheet-{column}")));
        }
        fields.into_iter().for_each(|name| self.csv.cell(name));
        self.csv.end();
    }

    /// The cells of every sheet.
    fn line(&mut self, line: &SheetLine) {
        self.csv.cell(&line.number.to_string());
        self.csv.cell(&line.title);
        self.csv.cell(self.parties.get(&line.party).map_or("", String::as_str));
        let kind = self.app.catalog.kinds.get(&line.kind);
        self.csv.cell(kind.map_or(&line.kind, |k| k.name.get(self.locale)));
        for (taxonomy, code) in [("region", &line.region), ("region", &line.area), ("industry", &line.industry)] {
            let name = self.name(taxonomy, code);
            self.csv.cell(&name);
        }
        let stage = line.stage.as_str();
        let word = self.stages.entry(stage).or_insert_with(|| (self.say)(&format!("entry-stage-{stage}")));
        self.csv.cell(word);
    }

    fn name(&mut self, taxonomy: &str, code: &str) -> Arc<str> {
        if code.is_empty() {
            return "".into();
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
        let name: Arc<str> = if name.is_empty() { code.into() } else { name.into() };
        self.known.insert(code.to_owned(), name.clone());
        name
    }
}
