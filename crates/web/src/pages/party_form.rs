//! The form of an organization's or a person's own page.

use askama::Template;
use keqiao_app::graph::PartyProposal;
use keqiao_app::parties::PartyInput;
use keqiao_app::{Fault, code_named};
use keqiao_domain::{Contact, Party, PartyKind};

use super::form::Faults;
use super::publish::place;
use crate::fields::Fields;
use crate::page::{Frame, Input};

/// The fields in the order in which they stand in the form.
const FIELDS: [&str; 13] = [
    "name",
    "uscc",
    "orcid",
    "aliases",
    "region",
    "industry",
    "summary",
    "keywords",
    "website",
    "contact_name",
    "contact_phone",
    "contact_email",
    "contact_address",
];

/// What was typed, as it was typed: region and industry are still words.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// The version that was edited; 0: a new party.
    pub(super) version: i64,
    input: PartyInput,
}

/// Lines or marks between the items of a list.
fn items(text: &str, marks: &[char]) -> Vec<String> {
    text.split(|c| c == '\n' || marks.contains(&c))
        .map(str::trim)
        .filter(|i| !i.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Typed {
    pub(super) fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        let input = PartyInput {
            name: text("name"),
            aliases: items(fields.get("aliases"), &[';', '；']),
            uscc: text("uscc"),
            orcid: text("orcid"),
            region: text("region"),
            industry: text("industry"),
            summary: text("summary"),
            website: text("website"),
            keywords: items(fields.get("keywords"), &[',', '，', '、', ';', '；']),
            contact: Contact {
                name: text("contact_name"),
                phone: text("contact_phone"),
                email: text("contact_email"),
                address: text("contact_address"),
            },
        };
        Self { version: fields.get("version").parse().unwrap_or(0), input }
    }

    /// The form of a party as it is stored.
    pub(super) fn of(f: &Frame, party: &Party) -> Self {
        let named = |taxonomy: &str, code: &Option<String>| {
            code.as_ref().map_or_else(String::new, |c| place::label(&f.catalog, f.locale, taxonomy, c))
        };
        let input = PartyInput {
            name: party.name.clone(),
            aliases: party.aliases.clone(),
            uscc: party.uscc.as_ref().map(ToString::to_string).unwrap_or_default(),
            orcid: party.orcid.as_ref().map(ToString::to_string).unwrap_or_default(),
            region: named("region", &party.region),
            industry: named("industry", &party.industry),
            summary: party.summary.clone(),
            website: party.website.clone(),
            keywords: party.keywords.clone(),
            contact: party.contact.clone(),
        };
        Self { version: party.version, input }
    }

    /// The form of an organization as the articles describe it.
    pub(super) fn proposed(f: &Frame, proposal: PartyProposal) -> Self {
        let region = match proposal.region.as_str() {
            "" => String::new(),
            code => place::label(&f.catalog, f.locale, "region", code),
        };
        let input = PartyInput {
            name: proposal.name,
            aliases: proposal.aliases,
            region,
            summary: proposal.summary,
            keywords: proposal.keywords,
            ..PartyInput::default()
        };
        Self { version: 0, input }
    }

    /// What the use case takes. Words that name no region or industry go on as
    /// they are, so that it refuses them together with all else that is wrong.
    pub(super) fn input(&self, f: &Frame) -> PartyInput {
        let code =
            |taxonomy: &str, text: &str| code_named(&f.catalog, taxonomy, text).unwrap_or_else(|_| text.to_owned());
        PartyInput {
            region: code("region", &self.input.region),
            industry: code("industry", &self.input.industry),
            ..self.input.clone()
        }
    }

    /// What is wrong with the words for region and industry, where the use case knew codes alone.
    pub(super) fn why(f: &Frame, fault: Fault) -> Fault {
        match (fault.field.as_str(), fault.code) {
            ("region" | "industry", "unknown-code") => {
                code_named(&f.catalog, &fault.field, &fault.detail).err().unwrap_or(fault)
            }
            _ => fault,
        }
    }

    /// The text of a field.
    fn text(&self, field: &str) -> String {
        let i = &self.input;
        match field {
            "name" => i.name.clone(),
            "uscc" => i.uscc.clone(),
            "orcid" => i.orcid.clone(),
            "aliases" => i.aliases.join("\n"),
            "region" => i.region.clone(),
            "industry" => i.industry.clone(),
            "summary" => i.summary.clone(),
            "keywords" => i.keywords.join("、"),
            "website" => i.website.clone(),
            "contact_name" => i.contact.name.clone(),
            "contact_phone" => i.contact.phone.clone(),
            "contact_email" => i.contact.email.clone(),
            _ => i.contact.address.clone(),
        }
    }
}

/// One form for both kinds of party.
#[derive(Template)]
#[template(path = "party_form.html")]
pub(super) struct PartyForm {
    f: Frame,
    action: String,
    /// Where to go afterwards; empty: the usual place.
    next: String,
    version: i64,
    lede: &'static str,
    problem: String,
    /// Label, what is stored now, what was typed: where somebody else saved meanwhile.
    stale: Vec<(&'static str, String, String)>,
    about: Vec<Input>,
    region: Input,
    industry: Input,
    more: Vec<Input>,
    contact: Vec<Input>,
    regions: Vec<String>,
    industries: Vec<String>,
    verified: bool,
}

fn label(f: &Frame, kind: PartyKind, field: &str) -> &'static str {
    match field {
        "name" if kind == PartyKind::Person => f.t("party-form-person-name"),
        "name" => f.t("party-form-name"),
        "uscc" => f.t("party-form-uscc"),
        "orcid" => f.t("party-form-orcid"),
        "aliases" => f.t("party-form-aliases"),
        "region" => f.t("party-form-region"),
        "industry" => f.t("party-form-industry"),
        "summary" => f.t("party-form-summary"),
        "keywords" => f.t("party-form-keywords"),
        "website" => f.t("party-form-website"),
        "contact_name" => f.t("party-form-contact-name"),
        "contact_phone" => f.t("party-form-contact-phone"),
        "contact_email" => f.t("field-email"),
        _ => f.t("party-form-contact-address"),
    }
}

fn input_of(f: &Frame, kind: PartyKind, name: &'static str, typed: &Typed, faults: &Faults) -> Input {
    let (ty, hint, rows, longest) = match name {
        "name" if kind == PartyKind::Person => ("text", "", 0, 120),
        "name" => ("text", f.t("party-form-name-hint"), 0, 120),
        "uscc" => ("text", f.t("party-form-uscc-hint"), 0, 40),
        "orcid" => ("text", f.t("party-form-orcid-hint"), 0, 60),
        "aliases" => ("text", f.t("party-form-aliases-hint"), 2, 0),
        "region" => ("text", f.t("party-form-region-hint"), 0, 0),
        "industry" => ("text", f.t("party-form-industry-hint"), 0, 0),
        "summary" => ("text", f.t("party-form-summary-hint"), 6, 4_000),
        "keywords" => ("text", f.t("party-form-keywords-hint"), 0, 0),
        "website" => ("url", f.t("party-form-website-hint"), 0, 300),
        "contact_email" => ("email", "", 0, 300),
        "contact_phone" => ("tel", "", 0, 300),
        _ => ("text", "", 0, 300),
    };
    let input = Input {
        hint: hint.to_owned(),
        rows,
        longest,
        required: name == "name",
        ..Input::new(name, ty, label(f, kind, name), &typed.text(name))
    };
    // The use case has one name for all ways of contact; what is wrong is told at the first.
    let error = faults.of(f, if name == "contact_name" { "contact" } else { name });
    Input { error, ..input }
}

impl PartyForm {
    /// The form with what was typed; `stored` is the party as it is now, for one that is edited.
    pub(super) fn new(
        mut f: Frame,
        kind: PartyKind,
        action: String,
        typed: &Typed,
        faults: &Faults,
        stored: Option<&Party>,
    ) -> Self {
        f.noindex = true;
        let make = |names: &[&'static str]| -> Vec<Input> {
            names.iter().map(|name| input_of(&f, kind, name, typed, faults)).collect()
        };
        let own_id = if kind == PartyKind::Person { "orcid" } else { "uscc" };
        let mut known = FIELDS.to_vec();
        known.push("contact");
        known.retain(|name| (*name != "uscc" && *name != "orcid") || *name == own_id);
        let lede = match (kind, stored) {
            (PartyKind::Person, _) => f.t("party-form-person-lede"),
            (PartyKind::Organization, None) => f.t("party-form-lede"),
            (PartyKind::Organization, Some(_)) => "",
        };
        let current = stored.filter(|party| party.version != typed.version);
        Self {
            about: make(&["name", own_id, "aliases"]),
            region: input_of(&f, kind, "region", typed, faults),
            industry: input_of(&f, kind, "industry", typed, faults),
            more: make(&["summary", "keywords", "website"]),
            contact: make(&["contact_name", "contact_phone", "contact_email", "contact_address"]),
            regions: place::offered(&f.catalog, f.locale, "region"),
            industries: place::offered(&f.catalog, f.locale, "industry"),
            action,
            next: String::new(),
            // Who has seen both versions may save over the newer one.
            version: stored.map_or(0, |party| party.version),
            lede,
            problem: faults.beyond(&f, &known),
            stale: current.map(|party| differences(&f, kind, &Typed::of(&f, party), typed)).unwrap_or_default(),
            verified: stored.is_some_and(|party| party.verified_at.is_some()),
            f,
        }
    }
}

impl PartyForm {
    /// The same form, which leads somewhere else afterwards.
    pub(super) fn with_next(self, next: &str) -> Self {
        Self { next: next.to_owned(), ..self }
    }
    /// Puts a name into the form for a start.
    pub(super) fn suggest_name(&mut self, name: &str) {
        name.clone_into(&mut self.about[0].value);
    }
}

fn differences(f: &Frame, kind: PartyKind, theirs: &Typed, yours: &Typed) -> Vec<(&'static str, String, String)> {
    FIELDS
        .iter()
        .map(|name| (label(f, kind, name), theirs.text(name), yours.text(name)))
        .filter(|(_, theirs, yours)| theirs.trim() != yours.trim().replace("\r\n", "\n"))
        .collect()
}
