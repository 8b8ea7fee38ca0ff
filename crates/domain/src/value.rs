//! Values of specs and requirements.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A closed interval with a unit; an end that is absent is open.
///
/// `unit` is a symbol of the catalog's unit table, as the person wrote it
/// (`℃`, `mΩ`, `万元`); empty for a plain number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Interval {
    /// The lower end, in `unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The upper end, in `unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// The unit's symbol.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
}

impl Interval {
    /// A single value.
    #[must_use]
    pub fn point(value: f64, unit: &str) -> Self {
        Self { min: Some(value), max: Some(value), unit: unit.to_owned() }
    }
    /// Whether both ends are the same number.
    #[must_use]
    pub fn is_point(&self) -> bool {
        self.min.is_some() && self.min == self.max
    }
}

impl fmt::Display for Interval {
    /// `-40~125 ℃`, `≥99.99 %`, `≤5 mΩ`, `12 V`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (Some(a), Some(b)) if a == b => write!(f, "{a}")?,
            (Some(a), Some(b)) => write!(f, "{a}~{b}")?,
            (Some(a), None) => write!(f, "≥{a}")?,
            (None, Some(b)) => write!(f, "≤{b}")?,
            (None, None) => f.write_str("–")?,
        }
        if !self.unit.is_empty() {
            write!(f, " {}", self.unit)?;
        }
        Ok(())
    }
}

/// What an attribute holds. In JSON: a boolean, a number, a text, a list of
/// texts, or an object `{"min","max","unit"}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A plain number, in the property's own unit.
    Number(f64),
    /// A text, also a single choice, a standard with its grade, or a date `2026-11-20`.
    Text(String),
    /// Several choices or standards.
    List(Vec<String>),
    /// A quantity.
    Interval(Interval),
}

impl Value {
    /// Choices or standards: the list, or the one text.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(s) => vec![s],
            Self::List(v) => v.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// By hand, because what serde derives tries one form after another, each with an error: a match
/// reads hundreds of values.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a boolean, a number, a text, a list of texts, or {\"min\",\"max\",\"unit\"}")
    }
    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }
    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(Value::Number(n as f64))
    }
    fn visit_u64<E>(self, n: u64) -> Result<Value, E> {
        Ok(Value::Number(n as f64))
    }
    fn visit_f64<E>(self, n: f64) -> Result<Value, E> {
        Ok(Value::Number(n))
    }
    fn visit_str<E>(self, s: &str) -> Result<Value, E> {
        Ok(Value::Text(s.to_owned()))
    }
    fn visit_string<E>(self, s: String) -> Result<Value, E> {
        Ok(Value::Text(s))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Value, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(list)).map(Value::List)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        Deserialize::deserialize(MapAccessDeserializer::new(map)).map(Value::Interval)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("✓"),
            Self::Bool(false) => f.write_str("✗"),
            Self::Number(n) => write!(f, "{n}"),
            Self::Text(s) => f.write_str(s),
            Self::List(v) => f.write_str(&v.join("、")),
            Self::Interval(i) => i.fmt(f),
        }
    }
}

/// Property id → value.
pub type Attributes = BTreeMap<String, Value>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_reads_back_from_its_json() {
        for text in ["true", "3.5", "\"AEC-Q100 Grade 1\"", "[\"a\",\"b\"]", r#"{"min":-40.0,"max":125.0,"unit":"℃"}"#]
        {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_value_says_what_one_is() {
        for text in ["null", "[1]", r#"{"min":"x"}"#] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        }
        let error = serde_json::from_str::<Value>("null").unwrap_err().to_string();
        assert!(error.contains("a list of texts"), "{error}");
        assert_eq!(serde_json::from_str::<Value>("-3").unwrap(), Value::Number(-3.0));
    }

    #[test]
    fn an_interval_prints_as_people_write_it() {
        let i = Interval { min: Some(-40.0), max: Some(125.0), unit: "℃".into() };
        assert_eq!(i.to_string(), "-40~125 ℃");
        assert_eq!(Interval { min: Some(99.99), max: None, unit: "%".into() }.to_string(), "≥99.99 %");
        assert_eq!(Interval::point(12.0, "V").to_string(), "12 V");
    }
}
