//! `contracts.toml` and `workstations.toml`: rules that others make and change, each with its version.

use std::collections::BTreeSet;

use keqiao_domain::{
    ContractItem, ContractRules, ContractType, ExpertRule, ItemProof, SigningFields, WorkstationRules,
};

use super::report::Place;
use super::row::Row;
use crate::model::Catalog;

const PROOFS: &[(&str, ItemProof)] = &[
    ("codes", ItemProof::Codes),
    ("type", ItemProof::Type),
    ("signed-on", ItemProof::SignedOn),
    ("number", ItemProof::Number),
    ("amount", ItemProof::Amount),
    ("technology-amount", ItemProof::TechnologyAmount),
    ("text", ItemProof::Text),
    ("statement", ItemProof::Statement),
];

fn ids(row: &Row<'_, '_>, key: &'static str) -> Vec<String> {
    row.texts(key).into_iter().map(|(id, _)| id).collect()
}

fn day(row: &Row<'_, '_>, key: &'static str) -> Option<String> {
    let (text, at) = row.text(key)?;
    if text.parse::<jiff::civil::Date>().is_err() {
        row.fault(at, format!("\"{text}\" is no day"), "write it as 2026-01-31");
    }
    Some(text)
}

/// Tells of an id that stands twice.
fn once(row: &Row<'_, '_>, seen: &mut BTreeSet<String>, id: &str, at: Place) {
    if !seen.insert(id.to_owned()) {
        row.fault(at, format!("\"{id}\" stands twice"), "give each an id of its own");
    }
}

/// Reads the rules for technology contracts; after the workflows, whose fields they name.
pub(crate) fn read_contracts(root: Row<'_, '_>, catalog: &mut Catalog) {
    let version = root.text("version");
    let since = day(&root, "since");
    let note = root.name("note_zh", "note_en");
    let fields = root.value("fields").and_then(|v| root.row_of("fields", v)).map(|row| signing(row, catalog));
    if fields.is_none() {
        root.fault(root.at(), "it is not said where a record has the contract", "add a table [fields]");
    }
    let mut seen = BTreeSet::new();
    let mut types = Vec::new();
    for row in root.rows("type") {
        let (id, name, of) = (row.id(), row.name("zh", "en"), ids(&row, "of"));
        if let (Some((id, at)), Some(name)) = (id, name) {
            once(&row, &mut seen, &id, at);
            types.push(ContractType { id, name, of });
        }
        row.close();
    }
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for row in root.rows("item") {
        items.extend(item(row, &types, &mut seen));
    }
    root.close();
    if let (Some((version, _)), Some(since), Some(note), Some(Some(fields))) = (version, since, note, fields) {
        catalog.contracts = ContractRules { version, since, note, fields, types, items };
    }
}

fn item(row: Row<'_, '_>, known: &[ContractType], seen: &mut BTreeSet<String>) -> Option<ContractItem> {
    let (id, name) = (row.id(), row.name("zh", "en"));
    let shown_by = row.must_word("shown_by", PROOFS);
    let types = row.texts("types");
    for (ty, at) in types.iter().filter(|(ty, _)| known.iter().all(|k| k.id != *ty)) {
        let all: Vec<&str> = known.iter().map(|k| k.id.as_str()).collect();
        row.fault(*at, format!("unknown type \"{ty}\""), format!("write one of: {}", all.join(", ")));
    }
    let required = row.flag("required");
    if let Some((id, at)) = &id {
        once(&row, seen, id, *at);
    }
    row.close();
    let types = types.into_iter().map(|(ty, _)| ty).collect();
    Some(ContractItem { id: id?.0, name: name?, shown_by: shown_by?, types, required })
}

fn signing(row: Row<'_, '_>, catalog: &Catalog) -> Option<SigningFields> {
    let made = row.text("made");
    let moves: Vec<_> =
        made.iter().flat_map(|(made, _)| catalog.workflows.values().filter_map(move |w| w.find_move(made))).collect();
    if let Some((id, at)) = made.as_ref().filter(|_| moves.is_empty()) {
        row.fault(*at, format!("no workflow has a move \"{id}\""), "write the id of the move that signs");
    }
    let field = |key: &'static str| {
        let (id, at) = row.text(key)?;
        if !moves.is_empty() && moves.iter().all(|m| m.fields.iter().all(|f| f.id != id)) {
            row.fault(at, format!("the move that signs has no field \"{id}\""), "write the id of one of its fields");
        }
        Some(id)
    };
    let [kind, signed_on, number] = [field("kind"), field("signed_on"), field("number")];
    let [amount, technology_amount] = [field("amount"), field("technology_amount")];
    let made = made.map(|(id, _)| id);
    row.close();
    Some(SigningFields {
        made: made?,
        kind: kind?,
        signed_on: signed_on?,
        number: number?,
        amount: amount?,
        technology_amount: technology_amount?,
    })
}

/// A whole number from 1, if there is one.
fn whole(row: &Row<'_, '_>, key: &'static str) -> Option<i64> {
    let n = row.number(key)?;
    if n < 1.0 || n.fract() != 0.0 {
        row.fault(row.at(), format!("{key} is no whole number from 1"), "write one, or leave it out");
    }
    Some(n as i64)
}

/// Reads the rules for expert workstations.
pub(crate) fn read_workstations(root: Row<'_, '_>, catalog: &mut Catalog) {
    let version = root.text("version");
    let term_years = match (whole(&root, "least_years"), whole(&root, "most_years")) {
        (Some(least), Some(most)) if least <= most => Some((least, most)),
        (None, None) => None,
        _ => {
            let mend = "write both, the first not above the second, or neither";
            root.fault(root.at(), "least_years and most_years do not go together", mend);
            None
        }
    };
    let mut alert_days: Vec<i64> = Vec::new();
    for (text, at) in root.texts("alert_days") {
        match text.parse() {
            Ok(days) if days > 0 => alert_days.push(days),
            _ => root.fault(at, format!("\"{text}\" is no number of days"), "write whole days, as in [\"90\", \"30\"]"),
        }
    }
    alert_days.sort_unstable_by_key(|days| std::cmp::Reverse(*days));
    let mut seen = BTreeSet::new();
    let mut experts = Vec::new();
    for row in root.rows("expert") {
        let (id, name) = (row.id(), row.name("zh", "en"));
        let (most, months) = (whole(&row, "most"), whole(&row, "months"));
        if let Some(months) = months.filter(|m| *m > 12) {
            row.fault(row.at(), format!("a year has no {months} months"), "write 12 or fewer");
        }
        if let (Some((id, at)), Some(name)) = (id, name) {
            once(&row, &mut seen, &id, at);
            experts.push(ExpertRule { id, name, most, months });
        }
        row.close();
    }
    if experts.is_empty() {
        root.fault(root.at(), "there is no sort of expert", "add [[expert]]");
    }
    root.close();
    if let Some((version, _)) = version {
        catalog.workstations = WorkstationRules { version, experts, term_years, alert_days };
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Source, read};

    fn faults(path: &str, text: &str) -> Vec<String> {
        let source = Source { name: path.to_owned(), path: path.to_owned(), text: text.to_owned(), overlay: false };
        let faults = read(&[source]).err().map(|f| f.0).unwrap_or_default();
        faults.iter().map(|f| f.to_string()).collect()
    }

    #[test]
    fn a_rule_that_cannot_be_is_told_with_its_mend() {
        let contracts = "version = \"1\"\nsince = \"2026-02-30\"\nnote_zh = \"注\"\nnote_en = \"note\"\n[fields]\n\
            made = \"sign\"\nkind = \"k\"\nsigned_on = \"s\"\nnumber = \"n\"\namount = \"a\"\n\
            technology_amount = \"t\"\n[[item]]\nid = \"x\"\nzh = \"项\"\nen = \"item\"\nshown_by = \"magic\"\n\
            types = [\"none\"]\n";
        let told = faults("contracts.toml", contracts).join("\n");
        for part in ["2026-02-30", "no workflow has a move \"sign\"", "magic", "unknown type \"none\""] {
            assert!(told.contains(part), "{part}: {told}");
        }
        let stations = "version = \"1\"\nleast_years = 5\nmost_years = 3\nalert_days = [\"soon\"]\n[[expert]]\n\
            id = \"a\"\nzh = \"甲\"\nen = \"a\"\nmost = 0\nmonths = 13\n";
        let told = faults("workstations.toml", stations).join("\n");
        for part in ["least_years", "\"soon\"", "most is no whole number", "13 months"] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
}
