//! A fact in the making.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::amounts::Amount;
use crate::article::{id, source_span};
use crate::facts::{View, evidence};
use crate::model::{Argument, Fact};
use crate::page::Page;
use crate::stories::Story;

/// An entity that deals, and the words that name it where it is named.
pub(crate) type Dealer = (usize, Option<Range<usize>>);

/// What a fact has for an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Entity(usize),
    Text(String),
    Count(u32),
}

/// A fact in the making.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) kind: &'static str,
    pub(crate) args: BTreeMap<&'static str, Vec<Value>>,
    pub(crate) date: Option<String>,
    /// Whether the sentence itself names the day.
    pub(crate) dated: bool,
    pub(crate) confidence: f32,
    pub(crate) chars: Range<usize>,
    pub(crate) sentence: Range<usize>,
    /// Words that say it, by what they are: the trigger, the date, an argument.
    pub(crate) evidence: Vec<(&'static str, Range<usize>)>,
}

/// So many characters of a sentence are kept.
const LONGEST: usize = 800;

/// Arguments of which there is one.
pub(crate) const SINGLE: [&str; 17] = [
    "stage",
    "person",
    "organization",
    "title",
    "agreement",
    "place",
    "thing",
    "activity",
    "who",
    "part",
    "whole",
    "declared_parties",
    "declared_founders",
    "declared_members",
    "topic",
    "amount",
    "field",
];

impl Draft {
    pub(crate) fn set(&mut self, name: &'static str, values: Vec<Value>) {
        if !values.is_empty() {
            self.args.insert(name, values);
        }
    }

    /// Sets an argument to entities, with the words that name them.
    pub(crate) fn name(&mut self, name: &'static str, named: Vec<Dealer>) {
        self.evidence.extend(named.iter().filter_map(|(_, range)| Some((name, range.clone()?))));
        self.set(name, named.into_iter().map(|(entity, _)| Value::Entity(entity)).collect());
    }

    /// The entities of an argument of one, with the places that name them.
    pub(crate) fn named(&self, name: &'static str) -> impl Iterator<Item = (usize, &Range<usize>)> {
        let entity = match self.args.get(name).map(Vec::as_slice) {
            Some([Value::Entity(entity)]) => Some(*entity),
            _ => None,
        };
        let places = self.evidence.iter().filter(move |(role, _)| *role == name);
        places.filter_map(move |(_, range)| Some((entity?, range)))
    }

    /// Sets the sum.
    pub(crate) fn pay(&mut self, sum: Option<&Amount>) {
        if let Some(sum) = sum {
            self.set("amount", vec![Value::Text(sum.value.clone())]);
            self.evidence.push(("amount", sum.chars.clone()));
        }
    }

    /// The sentence, or of an endless one what stands around the words that say it.
    fn shown(&self) -> Range<usize> {
        if self.sentence.len() <= LONGEST {
            return self.sentence.clone();
        }
        let trigger = self.evidence.iter().find(|(role, _)| *role == "trigger");
        let at = trigger.map_or(self.chars.start, |(_, range)| range.start);
        let start = at.saturating_sub(LONGEST / 2).max(self.sentence.start);
        start..self.sentence.end.min(start + LONGEST)
    }

    /// The fact with ids and spans.
    pub(crate) fn finish(&self, view: &View<'_, '_>, story: &Story, page: &Page) -> Option<Fact> {
        let text = |v: &Value| match v {
            Value::Entity(e) => id(*e),
            Value::Text(t) => t.clone(),
            Value::Count(n) => n.to_string(),
        };
        let argument = |(name, values): (&&'static str, &Vec<Value>)| {
            let argument = match values.first() {
                Some(Value::Count(n)) => Argument::Count(*n),
                Some(one) if SINGLE.contains(name) => Argument::One(text(one)),
                _ => Argument::Many(values.iter().map(text).collect()),
            };
            (*name, argument)
        };
        let span = source_span(&self.chars, story, page).or_else(|| {
            let within = story.page_range(&self.chars);
            (within.start < within.end).then(|| page.original(within).into())
        })?;
        Some(Fact {
            kind: self.kind,
            args: self.args.iter().map(argument).collect(),
            date: self.date.clone(),
            confidence: self.confidence,
            source_span: span,
            sentence: view.passage.text(self.shown()).trim().to_owned(),
            evidence: evidence::finish(self, view, story, page),
        })
    }
}
