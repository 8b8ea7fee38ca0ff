//! What somebody writes about a party, and its checks.

use keqiao_catalog::Catalog;
use keqiao_domain::{Contact, Orcid, Party, PartyKind, Uscc};

use crate::Fault;

/// What is written about a party in a form, a row or a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartyInput {
    /// The full name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Unified social credit code, may be empty.
    pub uscc: String,
    /// ORCID iD, may be empty.
    pub orcid: String,
    /// Region code, may be empty.
    pub region: String,
    /// Industry code, may be empty.
    pub industry: String,
    /// What it is and does.
    pub summary: String,
    /// Home page.
    pub website: String,
    /// Fields of work.
    pub keywords: Vec<String>,
    /// How to reach it.
    pub contact: Contact,
}

/// Checks a text's length in characters, and that every database can keep it.
pub(crate) fn check_length(field: &str, text: &str, most: usize, faults: &mut Vec<Fault>) {
    if text.contains('\0') {
        faults.push(Fault::new(field, "refused"));
    }
    if text.chars().count() > most {
        faults.push(Fault::with(field, "too-long", most));
    }
}

/// A code of a taxonomy, or nothing; anything else is a fault.
pub(crate) fn check_code(
    catalog: &Catalog,
    taxonomy: &str,
    field: &str,
    code: &str,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    let code = code.trim();
    if code.is_empty() {
        return None;
    }
    if catalog.taxonomy(taxonomy).is_none_or(|t| t.get(code).is_none()) {
        faults.push(Fault::with(field, "unknown-code", code));
        return None;
    }
    Some(code.to_owned())
}

impl PartyInput {
    /// Writes the input into a party, or says everything that is wrong with it.
    pub(crate) fn apply(self, party: &mut Party, catalog: &Catalog) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        if self.name.trim().is_empty() {
            faults.push(Fault::new("name", "required"));
        }
        check_length("name", &self.name, 120, &mut faults);
        check_length("summary", &self.summary, 4_000, &mut faults);
        check_length("website", &self.website, 300, &mut faults);
        let website = self.website.trim();
        if !(website.is_empty() || website.starts_with("https://") || website.starts_with("http://")) {
            faults.push(Fault::new("website", "not-a-url"));
        }
        for (field, list) in [("aliases", &self.aliases), ("keywords", &self.keywords)] {
            if list.len() > 30 {
                faults.push(Fault::with(field, "too-many", 30));
            }
            list.iter().for_each(|item| check_length(field, item, 120, &mut faults));
        }
        for part in [&self.contact.name, &self.contact.phone, &self.contact.email, &self.contact.address] {
            check_length("contact", part, 300, &mut faults);
        }
        let uscc = read_identifier::<Uscc>("uscc", &self.uscc, &mut faults);
        let orcid = read_identifier::<Orcid>("orcid", &self.orcid, &mut faults);
        match party.kind {
            PartyKind::Organization if orcid.is_some() => faults.push(Fault::new("orcid", "persons-only")),
            PartyKind::Person if uscc.is_some() => faults.push(Fault::new("uscc", "organizations-only")),
            _ => {}
        }
        let region = check_code(catalog, "region", "region", &self.region, &mut faults);
        let industry = check_code(catalog, "industry", "industry", &self.industry, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        party.name = self.name.trim().to_owned();
        party.aliases = self.aliases;
        party.uscc = uscc;
        party.orcid = orcid;
        party.region = region;
        party.industry = industry;
        party.summary = self.summary.trim().to_owned();
        party.website = website.to_owned();
        party.keywords = self.keywords;
        party.contact = self.contact;
        Ok(())
    }
}

fn read_identifier<T>(field: &str, text: &str, faults: &mut Vec<Fault>) -> Option<T>
where
    T: std::str::FromStr<Err = keqiao_domain::IdentifierError>,
{
    use keqiao_domain::IdentifierError::{Character, CheckDigit, Length};
    if text.trim().is_empty() {
        return None;
    }
    match text.parse() {
        Ok(id) => Some(id),
        Err(why) => {
            let code = match why {
                Length => "wrong-length",
                Character => "wrong-character",
                CheckDigit => "wrong-check-digit",
            };
            faults.push(Fault::with(field, code, text.trim()));
            None
        }
    }
}
