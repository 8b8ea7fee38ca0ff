//! A listing as one line of a JSONL file, read leniently.

use keqiao_catalog::{Catalog, PropertyType};
use keqiao_domain::{Attributes, Interval, Side, Value};
use serde_json::{Map, Value as Json};

use crate::lexicon::Lexicon;
use crate::read::read_text;
use crate::view::MatchView;

/// A listing read from a line: `{"id","side","kind","title","body","keywords",
/// "attributes","party":{"name"},"region"}`; all but id and title may be absent.
#[derive(Debug, Clone, PartialEq)]
pub struct ListingLine {
    /// The id as written.
    pub id: String,
    /// The side, where the line names one; the view has `Offer` otherwise.
    pub side: Option<Side>,
    /// What it says.
    pub view: MatchView,
}

impl ListingLine {
    /// Reads a line.
    ///
    /// # Errors
    /// Why the line is no listing, in English: no JSON object, no id, no title.
    pub fn parse(line: &str, lexicon: &Lexicon) -> Result<Self, String> {
        let json: Json = serde_json::from_str(line).map_err(|e| format!("not JSON: {e}"))?;
        let Json::Object(o) = json else {
            return Err("not a JSON object".to_owned());
        };
        let catalog = lexicon.catalog();
        let id = text(&o, "id").ok_or("no \"id\"")?;
        let title = text(&o, "title").ok_or("no \"title\"")?;
        let side = match text(&o, "side").as_deref() {
            None => None,
            Some("need") => Some(Side::Need),
            Some("offer") => Some(Side::Offer),
            Some(other) => {
                return Err(format!("\"side\" is {other:?}; it must be \"need\" or \"offer\""));
            }
        };
        let party_name = match o.get("party") {
            Some(Json::Object(party)) => text(party, "name"),
            _ => text(&o, "party"),
        };
        let body = [text(&o, "summary"), text(&o, "body")].into_iter().flatten().collect::<Vec<_>>().join("\n");
        let view = MatchView {
            id: None,
            side: side.unwrap_or(Side::Offer),
            kind: text(&o, "kind").map(|k| kind_id(&k, catalog)).unwrap_or_default(),
            title,
            text: body,
            member_text: String::new(),
            keywords: keywords(o.get("keywords")),
            attributes: attributes(o.get("attributes"), catalog)?,
            member_attributes: Attributes::new(),
            wishes: keywords(o.get("wishes")),
            region: text(&o, "region").and_then(|r| region_code(&r, lexicon)),
            industry: text(&o, "industry"),
            party: None,
            party_name: party_name.unwrap_or_default(),
            verified: o.get("verified").and_then(Json::as_bool).unwrap_or(false),
            attachments: o.get("attachments").and_then(Json::as_i64).unwrap_or(0),
        };
        Ok(Self { id, side, view })
    }
}

/// A text or number that is not empty.
fn text(object: &Map<String, Json>, key: &str) -> Option<String> {
    let text = match object.get(key)? {
        Json::String(s) => s.trim().to_owned(),
        Json::Number(n) => n.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A list of texts, or one text with separators.
fn keywords(json: Option<&Json>) -> Vec<String> {
    match json {
        Some(Json::Array(all)) => all.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        Some(Json::String(s)) => split(s),
        _ => Vec::new(),
    }
}

fn split(text: &str) -> Vec<String> {
    let parts = text.split(['、', ',', '，', ';', '；']).map(str::trim);
    parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

/// A kind by id or name; any other word as it is.
fn kind_id(word: &str, catalog: &Catalog) -> String {
    let named = |k: &&keqiao_catalog::Kind| [&k.id, &k.name.zh, &k.name.en].into_iter().any(|n| n == word);
    catalog.kinds.values().find(named).map_or_else(|| word.to_owned(), |k| k.id.clone())
}

/// A region by code or name.
fn region_code(word: &str, lexicon: &Lexicon) -> Option<String> {
    let known = lexicon.catalog().taxonomy("region").and_then(|t| t.get(word));
    known.map(|n| n.code.clone()).or_else(|| read_text(word, lexicon).region)
}

fn attributes(json: Option<&Json>, catalog: &Catalog) -> Result<Attributes, String> {
    let object = match json {
        None | Some(Json::Null) => return Ok(Attributes::new()),
        Some(Json::Object(o)) => o,
        Some(_) => return Err("\"attributes\" is not an object".to_owned()),
    };
    let typed = |id: &str, ty| catalog.properties.get(id).is_some_and(|p| p.ty == ty);
    let several = |id: &str| typed(id, PropertyType::Choice) || typed(id, PropertyType::Standard);
    let mut attributes = Attributes::new();
    for (id, json) in object {
        let value = match value(json) {
            Some(Value::Text(s)) if several(id) && split(&s).len() > 1 => Value::List(split(&s)),
            Some(value) => value,
            None => continue,
        };
        attributes.insert(id.clone(), value);
    }
    Ok(attributes)
}

/// A value in any of the forms people write; `None` for nothing.
fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::Number(n.as_f64()?),
        Json::String(s) if s.trim().is_empty() => return None,
        Json::String(s) => Value::Text(s.trim().to_owned()),
        Json::Array(all) => match all.iter().map(Json::as_f64).collect::<Option<Vec<f64>>>().as_deref() {
            Some([a, b]) => Value::Interval(Interval { min: Some(*a), max: Some(*b), unit: String::new() }),
            Some([a]) => Value::Number(*a),
            _ => Value::List(all.iter().map(plain).collect()),
        },
        Json::Object(o) => {
            let number = |key: &str| o.get(key).and_then(Json::as_f64);
            let unit = text(o, "unit").unwrap_or_default();
            let (min, max) = (number("min").or(number("value")), number("max").or(number("value")));
            if min.is_none() && max.is_none() {
                return Some(Value::Text(json.to_string()));
            }
            Value::Interval(Interval { min, max, unit })
        }
    })
}

fn plain(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}
