//! Tables of TOML read key by key, so that every fault is found in one pass
//! and each knows its line.

use std::cell::RefCell;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use super::report::{Place, Report};
use crate::model::LocalName;

/// A text and where it stands.
pub(crate) type Placed = (String, Place);

/// A table being read. Whoever reads it asks for every key it knows, then
/// calls [`Row::close`], which reports the rest.
pub(crate) struct Row<'r, 's> {
    report: &'r Report<'s>,
    table: &'r DeTable<'s>,
    at: Place,
    known: RefCell<Vec<&'static str>>,
}

impl<'r, 's> Row<'r, 's> {
    /// The whole of a source.
    pub(crate) fn whole(report: &'r Report<'s>, source: usize, table: &'r DeTable<'s>) -> Self {
        Self { report, table, at: Report::start(source), known: RefCell::default() }
    }

    /// Where the table begins.
    pub(crate) const fn at(&self) -> Place {
        self.at
    }

    /// Adds a fault.
    pub(crate) fn fault(&self, at: Place, reason: impl Into<String>, mend: impl Into<String>) {
        self.report.fault(at, reason, mend);
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn close(self) {
        let known = self.known.borrow();
        for key in self.table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let reason = format!("unknown key \"{}\"", key.get_ref());
                let mend = format!("remove it or write one of: {}", known.join(", "));
                self.fault(self.place(key), reason, mend);
            }
        }
    }

    /// The place of a value.
    pub(crate) fn place<T>(&self, value: &Spanned<T>) -> Place {
        Place { source: self.at.source, offset: value.span().start }
    }

    /// The value of a key, if it is there.
    pub(crate) fn value(&self, key: &'static str) -> Option<&'r Spanned<DeValue<'s>>> {
        self.known.borrow_mut().push(key);
        self.table.get(key)
    }

    /// All keys with their values, for tables whose keys are free.
    pub(crate) fn entries(&self) -> Vec<(Placed, &'r Spanned<DeValue<'s>>)> {
        let entry = |(key, value): (&'r Spanned<_>, _)| {
            ((AsRef::<str>::as_ref(key.get_ref()).to_owned(), self.place(key)), value)
        };
        self.table.iter().map(entry).collect()
    }

    /// Reports a value of the wrong type.
    pub(crate) fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let reason = format!("\"{key}\" is of type {}", value.get_ref().type_str());
        self.fault(self.place(value), reason, format!("write {wanted}"));
    }

    fn missing(&self, key: &str, wanted: &str) {
        self.fault(self.at, format!("\"{key}\" is missing"), format!("add {key} = {wanted}"));
    }

    /// A text that may be absent.
    pub(crate) fn opt_text(&self, key: &'static str) -> Option<Placed> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                self.fault(self.place(value), format!("\"{key}\" is empty"), "write a text");
                None
            }
            DeValue::String(text) => Some((text.to_string(), self.place(value))),
            _ => {
                self.wrong_type(key, value, "a text in quotes");
                None
            }
        }
    }

    /// A text whatever else is wrong with the table; its faults are told where it is read.
    pub(crate) fn peek_text(&self, key: &str) -> Option<String> {
        self.table.get(key)?.get_ref().as_str().map(str::to_owned)
    }

    /// A text that must be there.
    pub(crate) fn text(&self, key: &'static str) -> Option<Placed> {
        if !self.table.contains_key(key) {
            self.missing(key, "\"…\"");
        }
        self.opt_text(key)
    }

    /// An id: lower-case letters, digits and hyphens.
    pub(crate) fn id(&self) -> Option<Placed> {
        let (id, at) = self.text("id")?;
        if id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Some((id, at));
        }
        let mend = "write lower-case letters, digits and hyphens, as in \"supply-voltage\"";
        self.fault(at, format!("\"{id}\" is not an id"), mend);
        None
    }

    /// A name in both languages.
    pub(crate) fn name(&self, zh: &'static str, en: &'static str) -> Option<LocalName> {
        let (zh, en) = (self.text(zh), self.text(en));
        Some(LocalName { zh: zh?.0, en: en?.0 })
    }

    /// A list of texts; empty when absent.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<Placed> {
        self.value(key).map(|value| self.texts_of(key, value)).unwrap_or_default()
    }

    /// The texts of a list.
    pub(crate) fn texts_of(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<Placed> {
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list of texts");
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(array.len());
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(text) => texts.push((text.to_owned(), self.place(item))),
                None => self.wrong_type(key, item, "a text in quotes"),
            }
        }
        texts
    }

    /// A list of lists of texts; empty when absent.
    pub(crate) fn text_lists(&self, key: &'static str) -> Vec<(Place, Vec<Placed>)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list of lists of texts");
            return Vec::new();
        };
        array.iter().map(|item| (self.place(item), self.texts_of(key, item))).collect()
    }

    /// A number that may be absent.
    pub(crate) fn number(&self, key: &'static str) -> Option<f64> {
        let value = self.value(key)?;
        let number = number_of(value.get_ref());
        if number.is_none() {
            self.wrong_type(key, value, "a number");
        }
        number
    }

    /// A number that must be there.
    pub(crate) fn must_number(&self, key: &'static str) -> Option<f64> {
        if !self.table.contains_key(key) {
            self.missing(key, "…");
        }
        self.number(key)
    }

    /// Yes or no; no when absent.
    pub(crate) fn flag(&self, key: &'static str) -> bool {
        let Some(value) = self.value(key) else {
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(key, value, "true or false");
            false
        })
    }

    /// One of a list of words; `None` when absent or unknown.
    pub(crate) fn word<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let placed = self.opt_text(key)?;
        self.word_of(key, &placed, words)
    }

    /// One of a list of words, where it must be there.
    pub(crate) fn must_word<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let placed = self.text(key)?;
        self.word_of(key, &placed, words)
    }

    /// Any of a list of words; empty when absent.
    pub(crate) fn words<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Vec<T> {
        self.texts(key).iter().filter_map(|placed| self.word_of(key, placed, words)).collect()
    }

    fn word_of<T: Copy>(&self, key: &str, word: &Placed, words: &[(&str, T)]) -> Option<T> {
        let found = words.iter().find(|(name, _)| *name == word.0);
        if found.is_none() {
            let all: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
            let mend = format!("write one of: {}", all.join(", "));
            self.fault(word.1, format!("unknown {key} \"{}\"", word.0), mend);
        }
        found.map(|(_, value)| *value)
    }

    /// The tables of a list; none when absent.
    pub(crate) fn rows(&self, key: &'static str) -> Vec<Row<'r, 's>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list of tables");
            return Vec::new();
        };
        array.iter().filter_map(|item| self.row_of(key, item)).collect()
    }

    /// A value as a table.
    pub(crate) fn row_of(&self, key: &str, value: &'r Spanned<DeValue<'s>>) -> Option<Row<'r, 's>> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, value, "a table");
            return None;
        };
        let at = self.place(value);
        Some(Row { report: self.report, table, at, known: RefCell::default() })
    }
}

/// The number a value is.
pub(crate) fn number_of(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
        DeValue::Float(n) => n.as_str().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}
