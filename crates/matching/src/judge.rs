//! One requirement against one offer.

use keqiao_catalog::{Catalog, LocalName, MeetRule, Property, PropertyType};
use keqiao_domain::{Interval, Requirement, Value, Verdict};

use crate::lexicon::Lexicon;
use crate::offer::Offer;
use crate::range::{compare, gap_words, range_of};
use crate::requirements::places::LOCATION;
use crate::scan::contains_word;
use crate::standard;

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Meets, partly, unknown or fails.
    pub verdict: Verdict,
    /// What the offer says of the property; `None`: nothing.
    pub offered: Option<Value>,
    /// By how much it fails: `85 < 125 ℃`, `Grade 2 < Grade 1`.
    pub gap: Option<String>,
}

/// Judges a requirement against an offer: by the offer's attributes, and where
/// those lack the property by what its text says.
///
/// A property that is not in the catalog (the need's own words) can only be
/// answered by an offer whose text names a quantity by the same words.
#[must_use]
pub fn judge(requirement: &Requirement, offer: &Offer, lexicon: &Lexicon) -> Judgement {
    judge_with(requirement, offer, true, lexicon)
}

/// The same by the offer's attributes alone, its text unread.
#[must_use]
pub(crate) fn judge_fields(requirement: &Requirement, offer: &Offer, lexicon: &Lexicon) -> Judgement {
    judge_with(requirement, offer, false, lexicon)
}

fn judge_with(requirement: &Requirement, offer: &Offer, read: bool, lexicon: &Lexicon) -> Judgement {
    let catalog = lexicon.catalog();
    let known = catalog.properties.get(&requirement.property);
    if known.is_some_and(|p| p.ty == PropertyType::Standard) {
        return judge_standards(&requirement.required, offer, read, lexicon);
    }
    if requirement.property == LOCATION {
        return judge_place(&requirement.required, offer, lexicon);
    }
    let stated = offer.view.attributes.get(&requirement.property);
    let offered = stated.or_else(|| if read { offer.specs(lexicon).values.get(&requirement.property) } else { None });
    let named =
        if offered.is_none() { known.and_then(|p| choices_in_headline(p, requirement, offer, lexicon)) } else { None };
    let Some(offered) = offered.or(named.as_ref()) else {
        return Judgement { verdict: Verdict::Unknown, offered: None, gap: None };
    };
    let (verdict, gap) = match known {
        Some(property) => judge_value(property, &requirement.required, offered, catalog),
        None => judge_own_words(requirement, offered, catalog),
    };
    Judgement { verdict, offered: Some(offered.clone()), gap }
}

/// Whether the offer's party is in one of the required regions: inside meets, a region around one of
/// them partly, one apart fails.
fn judge_place(required: &Value, offer: &Offer, lexicon: &Lexicon) -> Judgement {
    let unknown = Judgement { verdict: Verdict::Unknown, offered: None, gap: None };
    let regions = lexicon.catalog().taxonomy("region");
    let Some((regions, own)) = regions.zip(offer.view.region.as_deref()) else { return unknown };
    let Some(node) = regions.get(own) else { return unknown };
    let asked: Vec<String> = required.texts().into_iter().flat_map(|names| lexicon.regions_named(names)).collect();
    let holds = |outer: &str, inner: &str| regions.ancestry(inner).iter().any(|n| n.code == outer);
    let verdict = if asked.is_empty() {
        Verdict::Unknown
    } else if asked.iter().any(|a| holds(a, own)) {
        Verdict::Meets
    } else if asked.iter().any(|a| holds(own, a)) {
        Verdict::Partly
    } else {
        Verdict::Fails
    };
    Judgement { verdict, offered: Some(Value::Text(node.name.zh.clone())), gap: None }
}

/// Judges an offered value of a property against a required one, with the gap
/// where it fails. What cannot be compared is unknown.
#[must_use]
pub fn judge_value(
    property: &Property,
    required: &Value,
    offered: &Value,
    catalog: &Catalog,
) -> (Verdict, Option<String>) {
    if property.meet == MeetRule::Shown {
        return (Verdict::Unknown, None);
    }
    match property.ty {
        PropertyType::Quantity | PropertyType::Number => {
            let range = |value| range_of(value, property, &catalog.units);
            let (Some(need), Some(offer)) = (range(required), range(offered)) else {
                return (Verdict::Unknown, None);
            };
            let (verdict, gap) = compare(property.meet, need, offer);
            (verdict, gap.map(|g| gap_words(g, required, property, &catalog.units)))
        }
        PropertyType::Choice => (judge_choices(property, required, offered), None),
        PropertyType::Standard => {
            let offered = offered.texts();
            standard::judge_each(&required.texts(), &offered, &|t| catalog.standard(t), &[])
        }
        PropertyType::Bool => (judge_bool(required, offered), None),
        PropertyType::Date => judge_dates(property.meet, required, offered),
        PropertyType::Text => (judge_texts(required, offered), None),
    }
}

/// Of the required choices those that an offer's title or keywords name. Only
/// there a bare word states what the offer is.
fn choices_in_headline(
    property: &Property,
    requirement: &Requirement,
    offer: &Offer,
    lexicon: &Lexicon,
) -> Option<Value> {
    let asked = requirement.required.texts();
    let stands = |word: &String| {
        let word = lexicon.text().fold_str(word);
        !word.is_empty() && [&offer.title, &offer.keywords].into_iter().any(|text| contains_word(text, &word))
    };
    let named: Vec<String> = property
        .choices
        .iter()
        .filter(|c| asked.contains(&c.id.as_str()))
        .filter(|c| [&c.name.zh, &c.name.en].into_iter().chain(&c.synonyms).any(stands))
        .map(|c| c.id.clone())
        .collect();
    (!named.is_empty()).then_some(Value::List(named))
}

/// The bounds that the need's own words set decide how they are met.
fn judge_own_words(requirement: &Requirement, offered: &Value, catalog: &Catalog) -> (Verdict, Option<String>) {
    let Value::Interval(need) = &requirement.required else {
        return (Verdict::Unknown, None);
    };
    let property = Property {
        id: requirement.property.clone(),
        name: LocalName::default(),
        synonyms: Vec::new(),
        ty: PropertyType::Quantity,
        unit: Some(need.unit.clone()),
        meet: rule_of_bounds(need),
        soft: false,
        choices: Vec::new(),
    };
    match judge_value(&property, &requirement.required, offered, catalog) {
        // The same words may speak of another thing: they never fail an offer.
        (Verdict::Fails, _) => (Verdict::Unknown, None),
        judged => judged,
    }
}

fn rule_of_bounds(need: &Interval) -> MeetRule {
    match (need.min, need.max) {
        (Some(_), None) => MeetRule::AtLeast,
        (None, Some(_)) => MeetRule::AtMost,
        _ => MeetRule::Equals,
    }
}

/// At least one of the required choices; under [`MeetRule::Covers`] all of them.
fn judge_choices(property: &Property, required: &Value, offered: &Value) -> Verdict {
    let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
    let id = |text: &str| {
        property
            .choices
            .iter()
            .find(|c| [&c.id, &c.name.zh, &c.name.en].into_iter().chain(&c.synonyms).any(|name| same(name, text)))
            .map_or_else(|| (text.trim().to_lowercase(), false), |c| (c.id.clone(), true))
    };
    let needs: Vec<_> = required.texts().into_iter().map(id).collect();
    let offers: Vec<_> = offered.texts().into_iter().map(id).collect();
    if needs.is_empty() || offers.is_empty() {
        return Verdict::Unknown;
    }
    let met = needs.iter().filter(|n| offers.iter().any(|o| o.0 == n.0)).count();
    let readable = needs.iter().chain(&offers).all(|(_, known)| *known);
    match (met, property.meet) {
        (0, _) if readable => Verdict::Fails,
        (0, _) => Verdict::Unknown,
        (n, MeetRule::Covers) if n < needs.len() => Verdict::Partly,
        _ => Verdict::Meets,
    }
}

fn judge_bool(required: &Value, offered: &Value) -> Verdict {
    match (required, offered) {
        // Nothing is asked where a need does not tick the box.
        (Value::Bool(false), _) => Verdict::Meets,
        (Value::Bool(true), Value::Bool(true)) => Verdict::Meets,
        (Value::Bool(true), Value::Bool(false)) => Verdict::Fails,
        _ => Verdict::Unknown,
    }
}

fn judge_dates(rule: MeetRule, required: &Value, offered: &Value) -> (Verdict, Option<String>) {
    let (Some(need), Some(offer)) = (day(required), day(offered)) else {
        return (Verdict::Unknown, None);
    };
    // Days in this form compare as texts.
    let (met, sign) = match rule {
        MeetRule::AtMost => (offer <= need, '>'),
        MeetRule::AtLeast | MeetRule::Covers => (offer >= need, '<'),
        _ => (offer == need, '≠'),
    };
    if met { (Verdict::Meets, None) } else { (Verdict::Fails, Some(format!("{offer} {sign} {need}"))) }
}

/// A `YYYY-MM-DD`.
fn day(value: &Value) -> Option<&str> {
    let Value::Text(text) = value else {
        return None;
    };
    let text = text.trim();
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    shape.then_some(text)
}

/// The same words, or one text within the other; else nobody can say.
fn judge_texts(required: &Value, offered: &Value) -> Verdict {
    let lower = |v: &Value| v.to_string().trim().to_lowercase();
    let (need, offer) = (lower(required), lower(offered));
    let met = !need.is_empty() && !offer.is_empty() && (offer.contains(&need) || need.contains(&offer));
    if met { Verdict::Meets } else { Verdict::Unknown }
}

/// Standards are looked for in all standard properties of the offer and in its
/// text. One that its fields lack and its text denies (`尚未通过`) fails, in the
/// text's own words; the text takes nothing from what the fields state.
fn judge_standards(required: &Value, offer: &Offer, read: bool, lexicon: &Lexicon) -> Judgement {
    let resolve = |text: &str| lexicon.standard(text);
    let mut offered = offer.standards_in_attributes(lexicon);
    let asked = required.texts();
    let (mut verdict, mut gap) = standard::judge_each(&asked, &as_strs(&offered), &resolve, &[]);
    if read && verdict != Verdict::Meets {
        let denied = &offer.specs(lexicon).denied;
        let from_text = offer.standards_in_text(lexicon);
        let more = from_text.into_iter().filter(|s| !offered.contains(s));
        offered.extend(more.collect::<Vec<_>>());
        (verdict, gap) = standard::judge_each(&asked, &as_strs(&offered), &resolve, denied);
    }
    let offered = if offered.is_empty() {
        gap.take().map(Value::Text)
    } else {
        Some(standard::relevant(required, offered, &resolve))
    };
    Judgement { verdict, offered, gap }
}

fn as_strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests;
