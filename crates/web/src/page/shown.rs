//! Days, numbers, names and values as a page shows them.

use std::fmt;

use keqiao_domain::{Interval, Timestamp, Value};

use super::Frame;
use crate::locale::{Locale, group};

impl Frame {
    /// The day, `2026-11-20`.
    #[must_use]
    pub fn date(&self, at: &Timestamp) -> String {
        self.written(*at, "%Y-%m-%d")
    }
    /// The day in words: `2026年11月20日`, `20 November 2026`.
    #[must_use]
    pub fn long_date(&self, at: &Timestamp) -> String {
        self.written(*at, self.day_form())
    }
    fn written(&self, at: Timestamp, form: &str) -> String {
        self.zone.written(at, form).unwrap_or_else(|| at.to_string())
    }
    const fn day_form(&self) -> &'static str {
        match self.locale {
            Locale::Zh => "%Y年%-m月%-d日",
            Locale::En => "%-d %B %Y",
        }
    }
    /// A day `2026-11-20` of an article in words; what is no day is shown as itself.
    #[must_use]
    pub fn day_in_words(&self, day: &str) -> String {
        let form = self.day_form();
        day.parse::<jiff::civil::Date>().map_or_else(|_| day.to_owned(), |date| date.strftime(form).to_string())
    }
    /// The minute, `2026-11-20 14:05`.
    #[must_use]
    pub fn datetime(&self, at: &Timestamp) -> String {
        self.written(*at, "%Y-%m-%d %H:%M")
    }
    /// A number grouped by thousands.
    #[must_use]
    pub fn number(&self, number: impl fmt::Display) -> String {
        group(&number.to_string())
    }
    /// A score of 0–100 as a whole number.
    #[must_use]
    pub fn points(&self, score: &f64) -> String {
        format!("{score:.0}")
    }
    /// A size in bytes as people read it: `840 B`, `12 KB`, `3.4 MB`.
    #[must_use]
    pub fn size(&self, bytes: &i64) -> String {
        let value = *bytes as f64;
        match bytes {
            0..1_000 => format!("{bytes} B"),
            1_000..1_000_000 => format!("{:.0} KB", value / 1e3),
            _ => format!("{:.1} MB", value / 1e6),
        }
    }

    /// The name of a kind; an unknown id is shown as itself.
    #[must_use]
    pub fn kind<'a>(&'a self, id: &'a str) -> &'a str {
        self.catalog.kinds.get(id).map_or(id, |kind| kind.name.get(self.locale.as_str()))
    }
    /// The name of a region with its province: `江苏 · 无锡`, `Wuxi, Jiangsu`.
    #[must_use]
    pub fn region(&self, code: &str) -> String {
        self.path_of("region", code)
    }
    /// The name of an industry with the branch that holds it.
    #[must_use]
    pub fn industry(&self, code: &str) -> String {
        self.path_of("industry", code)
    }
    /// The names of a taxonomy's node and of the root above it.
    #[must_use]
    pub fn path_of(&self, taxonomy: &str, code: &str) -> String {
        let line = self.catalog.taxonomy(taxonomy).map(|t| t.ancestry(code)).unwrap_or_default();
        let name = |node: &keqiao_catalog::Node| node.name.get(self.locale.as_str()).to_owned();
        match line.as_slice() {
            [] => code.to_owned(),
            [only] => name(only),
            [node, .., root] => match self.locale {
                Locale::Zh => format!("{} · {}", name(root), name(node)),
                Locale::En => format!("{}, {}", name(node), name(root)),
            },
        }
    }
    /// The name of the role of a fact's argument; an unknown one is shown as itself.
    #[must_use]
    pub fn role<'a>(&self, role: &'a str) -> &'a str {
        self.locale.find(&format!("role-{role}")).unwrap_or(role)
    }
    /// How sure a fact is, of 0 to 1, in words.
    #[must_use]
    pub fn confidence(&self, confidence: &f64) -> &'static str {
        match confidence {
            c if *c >= 0.8 => self.t("confidence-high"),
            c if *c >= 0.6 => self.t("confidence-medium"),
            _ => self.t("confidence-low"),
        }
    }
    /// The name of a property; a need's own words are shown as they are.
    #[must_use]
    pub fn property<'a>(&'a self, id: &'a str) -> &'a str {
        self.catalog.properties.get(id).map_or(id, |p| p.name.get(self.locale.as_str()))
    }
    /// A value of a property in words.
    #[must_use]
    pub fn value(&self, property: &str, value: &Value) -> String {
        let choices = self.catalog.properties.get(property).map(|p| p.choices.as_slice());
        let choice = |id: &str| {
            let found = choices.unwrap_or_default().iter().find(|c| c.id == id);
            found.map_or_else(|| id.to_owned(), |c| c.name.get(self.locale.as_str()).to_owned())
        };
        match value {
            Value::Bool(true) => self.t("yes").to_owned(),
            Value::Bool(false) => self.t("no").to_owned(),
            Value::Number(number) => group(&number.to_string()),
            Value::Text(text) => choice(text),
            Value::List(list) => {
                let names: Vec<_> = list.iter().map(|id| choice(id)).collect();
                names.join(if self.locale == Locale::En { ", " } else { "、" })
            }
            Value::Interval(interval) => self.interval(interval),
        }
    }
    /// An interval with its unit: `−40 ~ 125 ℃`, `≥99.99 %`.
    #[must_use]
    pub fn interval(&self, interval: &Interval) -> String {
        let number = |n: f64| group(&n.to_string());
        let text = match (interval.min, interval.max) {
            (Some(a), Some(b)) if a == b => number(a),
            (Some(a), Some(b)) => self.t2("interval-between", "min", number(a), "max", number(b)),
            (Some(a), None) => format!("≥{}", number(a)),
            (None, Some(b)) => format!("≤{}", number(b)),
            (None, None) => return self.t("value-none").to_owned(),
        };
        if interval.unit.is_empty() { text } else { format!("{text} {}", interval.unit) }
    }
}
