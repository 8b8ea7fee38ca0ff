//! The form's fields and the listing's content: each written as the other.

use keqiao_app::{Fault, code_named};
use keqiao_catalog::{Catalog, PropertyType};
use keqiao_domain::{Attributes, ListingContent, Requirement, Side, Strength, Tier, Value};
use keqiao_matching::Reading;

use super::place;
use crate::fields::Fields;
use crate::locale::Locale;
use crate::page::Frame;

/// Separators of a list that is typed into one line.
const SEPARATORS: [char; 8] = [';', '；', ',', '，', '、', '|', '\n', '\t'];

/// The items of a list that was typed into one line.
pub(crate) fn list(text: &str) -> Vec<String> {
    text.split(SEPARATORS).map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// A side by its word.
pub(crate) fn side_of(word: &str) -> Option<Side> {
    [Side::Need, Side::Offer].into_iter().find(|side| side.as_str() == word)
}

/// What the form says, and what of it cannot be understood. Checks that every
/// listing must pass stand in the app; here is only what is the form's own.
pub(crate) fn content_of(catalog: &Catalog, fields: &Fields) -> (ListingContent, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut code = |taxonomy: &'static str| {
        let text = fields.filled(taxonomy)?;
        code_named(catalog, taxonomy, text).map_err(|fault| faults.push(fault)).ok()
    };
    let (region, industry) = (code("region"), code("industry"));
    let content = ListingContent {
        kind: fields.get("kind").to_owned(),
        title: fields.get("title").trim().to_owned(),
        summary: plain(fields.get("summary")),
        body: plain(fields.get("body")),
        details_tier: if fields.get("details_tier") == "member" { Tier::Member } else { Tier::Public },
        annex: plain(fields.get("annex")),
        keywords: list(fields.get("keywords")),
        attributes: attributes_of(catalog, fields),
        wishes: fields.all("wishes").into_iter().map(str::to_owned).collect(),
        region,
        industry,
        chain: fields.all("chain").into_iter().map(str::to_owned).collect(),
    };
    (content, faults)
}

/// A text as it is kept: browsers send line ends as CR LF.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

fn attributes_of(catalog: &Catalog, fields: &Fields) -> Attributes {
    let mut attributes = Attributes::new();
    for (name, text) in &fields.0 {
        let Some(property) = name.strip_prefix("attributes.") else { continue };
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let value = match catalog.properties.get(property).map(|p| p.ty) {
            Some(PropertyType::Choice) => match attributes.remove(property) {
                Some(Value::List(mut chosen)) => {
                    chosen.push(text.to_owned());
                    Value::List(chosen)
                }
                _ => Value::List(vec![text.to_owned()]),
            },
            Some(PropertyType::Standard) => match list(text).as_slice() {
                [] | [_] => Value::Text(text.to_owned()),
                several => Value::List(several.to_vec()),
            },
            Some(PropertyType::Quantity) => {
                let unit = catalog.properties.get(property).and_then(|p| p.unit.as_deref());
                Value::Text(without_unit(text, unit.unwrap_or_default()).to_owned())
            }
            _ => Value::Text(text.to_owned()),
        };
        attributes.insert(property.to_owned(), value);
    }
    attributes
}

/// A quantity without the property's own unit behind its last number, which is understood
/// anyway. In a text `5 月` is the month of May; in a field that counts months it is not.
fn without_unit<'a>(text: &'a str, unit: &str) -> &'a str {
    let Some(number) = text.strip_suffix(unit).map(str::trim_end) else { return text };
    let whole = !unit.is_empty() && !number.contains(unit) && number.ends_with(|c: char| c.is_ascii_digit());
    if whole { number } else { text }
}

/// A content as the form's fields, so that one form draws what is stored and what was typed.
pub(crate) fn fields_of(f: &Frame, content: &ListingContent) -> Fields {
    let mut fields = Vec::new();
    let mut put = |name: &str, value: String| {
        if !value.is_empty() {
            fields.push((name.to_owned(), value));
        }
    };
    put("kind", content.kind.clone());
    put("title", content.title.clone());
    put("summary", content.summary.clone());
    put("body", content.body.clone());
    put("details_tier", if content.details_tier == Tier::Member { "member" } else { "public" }.to_owned());
    put("annex", content.annex.clone());
    put("keywords", content.keywords.join(if f.locale == Locale::En { ", " } else { "、" }));
    for (taxonomy, code) in [("region", &content.region), ("industry", &content.industry)] {
        if let Some(code) = code {
            put(taxonomy, place::label(&f.catalog, f.locale, taxonomy, code));
        }
    }
    for (property, value) in &content.attributes {
        let name = format!("attributes.{property}");
        let choice = f.catalog.properties.get(property).is_some_and(|p| p.ty == PropertyType::Choice);
        match value {
            Value::List(_) | Value::Text(_) if choice => {
                value.texts().into_iter().for_each(|id| put(&name, id.to_owned()));
            }
            Value::Bool(yes) => put(&name, yes.to_string()),
            other => put(&name, other.to_string()),
        }
    }
    content.wishes.iter().for_each(|property| put("wishes", property.clone()));
    content.chain.iter().for_each(|node| put("chain", node.clone()));
    Fields(fields)
}

/// What a pasted text says, put into the fields of a new listing.
pub(crate) fn content_from_text(catalog: &Catalog, text: &str, kind: &str, reading: &Reading) -> ListingContent {
    let mut content = ListingContent {
        kind: kind.to_owned(),
        title: title_of(text),
        body: plain(text),
        region: reading.region.clone(),
        ..ListingContent::default()
    };
    // What the text calls by words of its own stays in the text.
    for requirement in reading.requirements.iter().filter(|r| catalog.properties.contains_key(&r.property)) {
        content.attributes.entry(requirement.property.clone()).or_insert_with(|| requirement.required.clone());
        if requirement.strength == Strength::Wish {
            content.wishes.push(requirement.property.clone());
        }
    }
    content
}

/// The form with what its texts say put into the fields that are empty; all else as it was typed.
pub(crate) fn with_reading(f: &Frame, read: Vec<Requirement>, typed: &Fields) -> Fields {
    let mut filled = ListingContent::default();
    for requirement in read {
        if requirement.strength == Strength::Wish {
            filled.wishes.push(requirement.property.clone());
        }
        filled.attributes.insert(requirement.property, requirement.required);
    }
    let added = fields_of(f, &filled).0.into_iter().filter(|(name, _)| name != "details_tier");
    let is_empty = |(name, value): &&(String, String)| !(name.starts_with("attributes.") && value.trim().is_empty());
    Fields(typed.0.iter().filter(is_empty).cloned().chain(added).collect())
}

/// The first sentence of a text, at most 60 characters.
fn title_of(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or_default();
    let sentence = line.split(['。', '；', '！', '？']).next().unwrap_or(line).trim();
    if sentence.chars().count() <= 60 {
        return sentence.to_owned();
    }
    let clause: String = sentence.split(['，', ',']).next().unwrap_or(sentence).trim().chars().take(60).collect();
    clause
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use keqiao_app::listings::check_content;
    use keqiao_domain::Interval;

    use super::*;
    use crate::locale::Preferences;

    /// Whatever the catalog's samples say comes back from the form unchanged, in both languages.
    #[test]
    fn a_form_that_is_not_touched_changes_nothing() {
        let catalog = Arc::new(keqiao_catalog::builtin().unwrap());
        for kind in catalog.kinds.values() {
            for sample in &kind.samples {
                let mut content = ListingContent {
                    kind: kind.id.clone(),
                    title: sample.title.clone(),
                    body: sample.body.clone(),
                    attributes: sample.attributes.clone(),
                    keywords: vec!["车规".into(), "SiC".into()],
                    region: Some("320200".into()),
                    industry: Some("C3973".into()),
                    chain: vec!["chain-ic:design".into()],
                    ..ListingContent::default()
                };
                assert_eq!(check_content(&catalog, sample.side, &mut content), []);
                for locale in Locale::ALL {
                    let preferences = Preferences { locale, theme: None };
                    let f = Frame::new(preferences, "/publish", "", catalog.clone());
                    let (mut back, faults) = content_of(&catalog, &fields_of(&f, &content));
                    assert_eq!(faults, []);
                    assert_eq!(check_content(&catalog, sample.side, &mut back), []);
                    assert_eq!(back, content);
                }
            }
        }
    }

    #[test]
    fn odd_numbers_survive_the_form() {
        let catalog = Arc::new(keqiao_catalog::builtin().unwrap());
        let intervals =
            [(Some(-40.0), Some(125.5)), (None, Some(0.000_001)), (Some(1e9), None), (Some(-3.0), Some(-3.0))];
        for (min, max) in intervals {
            let interval = Interval { min, max, unit: "℃".into() };
            let mut content = ListingContent { kind: "chip".into(), title: "t".into(), ..ListingContent::default() };
            content.attributes.insert("operating-temperature".into(), Value::Interval(interval));
            let preferences = Preferences { locale: Locale::Zh, theme: None };
            let f = Frame::new(preferences, "/publish", "", catalog.clone());
            let (mut back, _) = content_of(&catalog, &fields_of(&f, &content));
            assert_eq!(check_content(&catalog, Side::Offer, &mut back), []);
            assert_eq!(back.attributes, content.attributes);
        }
    }

    #[test]
    fn only_the_property_s_own_unit_is_understood() {
        let cases =
            [("≤5 月", "月", "≤5"), ("12 mV", "V", "12 mV"), ("3 万元", "元", "3 万元"), ("1 V~5 V", "V", "1 V~5 V")];
        for (text, unit, kept) in cases {
            assert_eq!(without_unit(text, unit), kept);
        }
        assert_eq!(without_unit("5", ""), "5");
    }

    #[test]
    fn a_title_is_the_first_sentence() {
        assert_eq!(title_of("\n 求购半桥驱动。年用量 60 万颗"), "求购半桥驱动");
        assert_eq!(title_of(&"长".repeat(90)).chars().count(), 60);
    }
}
