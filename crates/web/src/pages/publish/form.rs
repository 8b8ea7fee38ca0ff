//! The form made from a kind's fields.

use keqiao_app::Fault;
use keqiao_catalog::{Field, Kind, MeetRule, PropertyType};
use keqiao_domain::{Side, Tier};

use super::place;
use crate::fault::fault_text;
use crate::fields::Fields;
use crate::page::{Frame, Input};

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Control {
    /// One line: `-40~125℃`, `≥6`, words. With the list that it offers; empty: none.
    Line { offers: &'static str },
    /// Boxes to tick: id, name, whether ticked.
    Boxes(Vec<(String, String, bool)>),
    /// Yes, no, or nothing.
    YesNo,
    /// A day.
    Day,
}

/// One field of a kind in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) property: String,
    /// `attributes.` and the property.
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) control: Control,
    pub(crate) value: String,
    pub(crate) error: String,
    pub(crate) required: bool,
    pub(crate) tier: Tier,
    /// Whether it is only wished for; `None`: nothing is judged by it.
    pub(crate) wish: Option<bool>,
}

impl Row {
    /// Whether there is something to see in it.
    pub(crate) fn is_filled(&self) -> bool {
        !self.value.is_empty() || !self.error.is_empty()
    }
}

/// The list of standards that the page offers.
pub(crate) const STANDARDS: &str = "standards";

fn row(f: &Frame, fields: &Fields, faults: &[Fault], side: Side, field: &Field) -> Row {
    let name = format!("attributes.{}", field.property);
    let typed = fields.all(&name);
    let property = f.catalog.properties.get(&field.property);
    let unit = property.and_then(|p| p.unit.as_deref()).unwrap_or_default();
    let (control, hint) = match property.map(|p| (p.ty, p)) {
        Some((PropertyType::Quantity, _)) => (Control::Line { offers: "" }, f.t1("work-hint-quantity", "unit", unit)),
        Some((PropertyType::Number, _)) => (Control::Line { offers: "" }, f.t("work-hint-number").to_owned()),
        Some((PropertyType::Choice, p)) => {
            let name_of = |c: &keqiao_catalog::Choice| c.name.get(f.locale.as_str()).to_owned();
            let boxes = p.choices.iter().map(|c| (c.id.clone(), name_of(c), typed.contains(&c.id.as_str())));
            (Control::Boxes(boxes.collect()), String::new())
        }
        Some((PropertyType::Standard, _)) => {
            (Control::Line { offers: STANDARDS }, f.t("work-hint-standard").to_owned())
        }
        Some((PropertyType::Bool, _)) => (Control::YesNo, String::new()),
        Some((PropertyType::Date, _)) => (Control::Day, String::new()),
        Some((PropertyType::Text, _)) | None => (Control::Line { offers: "" }, String::new()),
    };
    let judged = property.is_some_and(|p| p.meet != MeetRule::Shown);
    Row {
        label: f.property(&field.property).to_owned(),
        value: typed.first().copied().unwrap_or_default().to_owned(),
        error: error_of(f, faults, &name),
        required: field.required_on.contains(&side),
        tier: field.tier,
        wish: (side == Side::Need && judged).then(|| fields.all("wishes").contains(&field.property.as_str())),
        property: field.property.clone(),
        name,
        hint,
        control,
    }
}

/// What is wrong with a field, in words; empty: nothing.
pub(crate) fn error_of(f: &Frame, faults: &[Fault], name: &str) -> String {
    let own = faults.iter().filter(|fault| fault.field == name);
    own.map(|fault| fault_text(f, fault)).collect::<Vec<_>>().join("；")
}

/// The kind's fields: those the side must fill, and the others. What was stored or
/// read besides them stands among the others, so that nothing is lost.
pub(crate) fn rows(f: &Frame, kind: &Kind, side: Side, fields: &Fields, faults: &[Fault]) -> (Vec<Row>, Vec<Row>) {
    let of_kind = kind.fields.iter().map(|field| row(f, fields, faults, side, field));
    let (required, mut others): (Vec<Row>, Vec<Row>) = of_kind.partition(|row| row.required);
    for (name, _) in &fields.0 {
        let Some(property) = name.strip_prefix("attributes.") else { continue };
        let shown = required.iter().chain(&others).any(|row| row.property == property);
        if !shown {
            let field =
                Field { property: property.to_owned(), required_on: Vec::new(), facet: false, tier: Tier::Public };
            others.push(row(f, fields, faults, side, &field));
        }
    }
    (required, others)
}

/// The texts that every listing has: title, summary, body; then keywords, region, industry; then the annex.
pub(crate) struct Texts {
    pub(crate) title: Input,
    pub(crate) summary: Input,
    pub(crate) body: Input,
    pub(crate) keywords: Input,
    pub(crate) region: Input,
    pub(crate) industry: Input,
    pub(crate) annex: Input,
}

impl Texts {
    pub(crate) fn new(f: &Frame, fields: &Fields, faults: &[Fault]) -> Self {
        let input = |name: &'static str, label: &str, hint: &str, longest: usize, rows: u8| Input {
            hint: hint.to_owned(),
            error: error_of(f, faults, name),
            longest,
            rows,
            required: name == "title",
            ..Input::new(name, "text", label, fields.get(name))
        };
        Self {
            title: input("title", f.t("work-title"), f.t("work-title-hint"), 120, 0),
            summary: input("summary", f.t("work-summary"), f.t("work-summary-hint"), 500, 2),
            body: input("body", f.t("work-body"), f.t("work-body-hint"), 20_000, 8),
            keywords: input("keywords", f.t("work-keywords"), f.t("work-keywords-hint"), 0, 0),
            region: input("region", f.t("work-region"), f.t("work-region-hint"), 0, 0),
            industry: input("industry", f.t("work-industry"), f.t("work-industry-hint"), 0, 0),
            annex: input("annex", f.t("work-annex"), f.t("work-annex-hint"), 20_000, 4),
        }
    }
}

/// A stage of an industry chain with its links: id as `chain-ic:design`, name, whether ticked.
pub(crate) struct Chain {
    pub(crate) name: String,
    pub(crate) open: bool,
    pub(crate) links: Vec<(String, String, bool)>,
}

/// The industry chains of the catalog: their stages, and below each its links.
pub(crate) fn chains(f: &Frame, fields: &Fields) -> Vec<Chain> {
    let ticked = fields.all("chain");
    let mut out = Vec::new();
    for taxonomy in f.catalog.taxonomies.values().filter(|t| t.id.starts_with("chain-")) {
        for stage in taxonomy.children(None) {
            let nodes = std::iter::once(stage).chain(taxonomy.children(Some(&stage.code)));
            let links: Vec<_> = nodes
                .map(|n| {
                    let id = format!("{}:{}", taxonomy.id, n.code);
                    let is = ticked.contains(&id.as_str());
                    (id, n.name.get(f.locale.as_str()).to_owned(), is)
                })
                .collect();
            let name = format!("{} · {}", taxonomy.name.get(f.locale.as_str()), stage.name.get(f.locale.as_str()));
            out.push(Chain { name, open: links.iter().any(|(_, _, is)| *is), links });
        }
    }
    out
}

/// What the browser offers in a text field.
pub(crate) struct Offers {
    pub(crate) regions: Vec<String>,
    pub(crate) industries: Vec<String>,
    pub(crate) standards: Vec<String>,
}

impl Offers {
    pub(crate) fn new(f: &Frame) -> Self {
        let mut standards = Vec::new();
        for standard in f.catalog.standards.values() {
            standards.push(standard.id.clone());
            standards.extend(standard.grades.iter().map(|(grade, _)| format!("{} {grade}", standard.id)));
        }
        Self {
            regions: place::offered(&f.catalog, f.locale, "region"),
            industries: place::offered(&f.catalog, f.locale, "industry"),
            standards,
        }
    }
}
