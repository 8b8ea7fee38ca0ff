//! Reads the catalog's files, checks them whole, and reports all faults.

mod areas;
mod deeds;
mod kinds;
mod programs;
mod properties;
mod report;
mod row;
mod rules;
mod samples;
mod sources;
mod standards;
mod taxonomies;
#[cfg(test)]
mod tests;
mod thesaurus;
mod units;
mod workflows;

use std::path::Path;

use report::Report;
use row::Row;
use sources::Source;

use crate::fault::CatalogFaults;
use crate::model::Catalog;

/// The catalog that is compiled into the binary.
///
/// # Errors
/// All its faults.
pub fn builtin() -> Result<Catalog, CatalogFaults> {
    load(None)
}

/// The built-in catalog with a folder of the same layout laid over it: a file
/// of the same path replaces the built-in one, any other adds, and a file of
/// `thesaurus/` always adds. A folder that is not there lays nothing over.
///
/// # Errors
/// All faults of both, by file and line.
pub fn load(overlay: Option<&Path>) -> Result<Catalog, CatalogFaults> {
    let mut sources = sources::built_in().map_err(CatalogFaults)?;
    if let Some(folder) = overlay {
        sources::lay_over(&mut sources, sources::read_folder(folder).map_err(CatalogFaults)?);
    }
    read(&sources)
}

/// What a file of the catalog holds, by its path.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Part<'p> {
    Units,
    Properties,
    Standards,
    Taxonomy(&'p str),
    Kind(&'p str),
    Thesaurus,
    Workflow(&'p str),
    Program(&'p str),
    DeclineReasons,
    Contracts,
    Workstations,
    Areas,
    Deeds,
}

fn part(path: &str) -> Option<Part<'_>> {
    let stem = path.strip_suffix(".toml")?;
    Some(match stem.split_once('/') {
        None if stem == "units" => Part::Units,
        None if stem == "properties" => Part::Properties,
        None if stem == "decline-reasons" => Part::DeclineReasons,
        None if stem == "contracts" => Part::Contracts,
        None if stem == "workstations" => Part::Workstations,
        None if stem == "areas" => Part::Areas,
        None if stem == "deeds" => Part::Deeds,
        Some(("standards", _)) => Part::Standards,
        Some(("taxonomies", id)) => Part::Taxonomy(id),
        Some(("kinds", id)) => Part::Kind(id),
        Some(("thesaurus", _)) => Part::Thesaurus,
        Some(("workflows", id)) => Part::Workflow(id),
        Some(("programs", id)) => Part::Program(id),
        _ => return None,
    })
}

fn read(sources: &[Source]) -> Result<Catalog, CatalogFaults> {
    let report = Report::new(sources);
    let mut files = Vec::new();
    for (i, source) in sources.iter().enumerate() {
        match part(&source.path) {
            Some(part) => files.push((part, i, report.parse(i))),
            None => report.fault(
                Report::start(i),
                "not a file of the catalog",
                "put it under kinds, workflows, programs, taxonomies, standards or thesaurus, \
                 or name it units.toml, properties.toml, areas.toml, deeds.toml, decline-reasons.toml, \
                 contracts.toml or workstations.toml",
            ),
        }
    }
    let catalog = assemble(&report, sources, &files);
    let faults = report.into_faults();
    if faults.is_empty() { Ok(catalog) } else { Err(CatalogFaults(faults)) }
}

type Parsed<'s> = (Part<'s>, usize, serde_spanned::Spanned<toml::de::DeTable<'s>>);

/// Reads what others refer to before what refers to it.
fn assemble<'s>(report: &Report<'s>, sources: &[Source], files: &[Parsed<'s>]) -> Catalog {
    let mut catalog = Catalog::default();
    let rows = |wanted: fn(Part<'s>) -> bool| {
        files
            .iter()
            .filter(move |(part, ..)| wanted(*part))
            .map(move |(part, i, table)| (*part, *i, Row::whole(report, *i, table.get_ref())))
    };
    let mut units = units::Reading::default();
    for (_, _, row) in rows(|p| p == Part::Units) {
        units.read(report, row);
    }
    catalog.units = units.finish();
    let mut properties = properties::Reading::default();
    for (_, _, row) in rows(|p| p == Part::Properties) {
        properties.read(report, row, &catalog.units);
    }
    let (properties, property_ids) = properties.finish();
    catalog.properties = properties;
    let mut standards = standards::Reading::default();
    for (_, _, row) in rows(|p| p == Part::Standards) {
        standards.read(report, row);
    }
    catalog.standards = standards.finish();
    let mut kinds = kinds::Reading::new(property_ids);
    let mut thesaurus = thesaurus::Reading::default();
    // Their regions are known once all taxonomies are read.
    let mut areas = Vec::new();
    let mut programs = programs::Reading::default();
    for (part, i, row) in rows(|_| true) {
        match part {
            Part::Taxonomy(id) => taxonomies::read(&mut catalog.taxonomies, report, row, id),
            Part::Kind(id) => kinds.read(report, row, id, &catalog),
            Part::Thesaurus => thesaurus.read(report, row, sources[i].overlay),
            Part::Workflow(id) => workflows::read(row, id, &mut catalog),
            Part::Program(id) => programs.read(row, id),
            Part::DeclineReasons => workflows::read_reasons(row, &mut catalog),
            Part::Deeds => deeds::read(&mut catalog, row),
            Part::Areas => areas.push(row),
            Part::Workstations => rules::read_workstations(row, &mut catalog),
            Part::Units | Part::Properties | Part::Standards | Part::Contracts => {}
        }
    }
    for (_, _, row) in rows(|p| p == Part::Contracts) {
        rules::read_contracts(row, &mut catalog);
    }
    for row in areas {
        areas::read(&mut catalog, report, row);
    }
    catalog.kinds = kinds.finish(report);
    programs.finish(report, &mut catalog);
    catalog.thesaurus = thesaurus.finish();
    catalog
}
