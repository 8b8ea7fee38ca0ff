//! Weights for needs of each kind, and whether weights from elsewhere can be used.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::learning::coefficients;
use crate::weights::Weights;

/// No number of a set of weights is greater.
const MOST: f64 = 1_000.0;

/// What counts how much, for needs of each kind.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightSet {
    /// For needs of all kinds that have none of their own.
    pub all: Weights,
    /// By kind.
    #[serde(default)]
    pub kinds: BTreeMap<String, Weights>,
}

/// Why weights cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeightFault {
    /// They are not there.
    #[error("they are not there")]
    Missing,
    /// They are not what a set of weights is.
    #[error("not a set of weights: {0}")]
    Unreadable(String),
    /// A number that is none, or that no weight can be.
    #[error("{0} is not a number from 0 to 1000, or all parts are 0")]
    OutOfBounds(String),
}

impl WeightSet {
    /// The weights for needs of a kind.
    #[must_use]
    pub fn of(&self, kind: &str) -> &Weights {
        self.kinds.get(kind).unwrap_or(&self.all)
    }

    /// Reads weights from JSON; what cannot be used is refused.
    ///
    /// # Errors
    /// Why they cannot be used.
    pub fn parse(text: &str) -> Result<Self, WeightFault> {
        let set: Self = serde_json::from_str(text).map_err(|e| WeightFault::Unreadable(e.to_string()))?;
        set.check()?;
        Ok(set)
    }

    /// The set as JSON.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Whether the weights can be used.
    ///
    /// # Errors
    /// The first that cannot.
    pub fn check(&self) -> Result<(), WeightFault> {
        let one = |kind: &str, weights: &Weights| {
            let value = serde_json::to_value(weights).map_err(|e| WeightFault::Unreadable(e.to_string()))?;
            within(kind, &value)?;
            // What is divided by, and what would make all matches equal.
            let curve = weights.curve > 0.0 && weights.relevant > 0.0;
            let parts = coefficients(weights).iter().sum::<f64>() > 0.0;
            if curve && parts { Ok(()) } else { Err(WeightFault::OutOfBounds(kind.to_owned())) }
        };
        one("all", &self.all)?;
        self.kinds.iter().try_for_each(|(kind, weights)| one(kind, weights))
    }
}

/// JSON has no number that is not finite: it is written as null.
fn within(name: &str, value: &Value) -> Result<(), WeightFault> {
    let out = || Err(WeightFault::OutOfBounds(name.to_owned()));
    match value {
        Value::Number(n) if n.as_f64().is_some_and(|n| (0.0..=MOST).contains(&n)) => Ok(()),
        Value::Array(list) => list.iter().try_for_each(|one| within(name, one)),
        Value::Object(parts) => parts.iter().try_for_each(|(part, one)| within(&format!("{name}.{part}"), one)),
        _ => out(),
    }
}

/// The weights that matches are made with at present. Clones share them; a match under way keeps those it began with.
#[derive(Debug, Clone, Default)]
pub struct CurrentWeights(Arc<RwLock<Arc<WeightSet>>>);

impl CurrentWeights {
    /// Those of the present.
    #[must_use]
    pub fn get(&self) -> Arc<WeightSet> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts others in their place.
    pub fn set(&self, weights: Arc<WeightSet>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = weights;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_reads_back_and_kinds_have_their_own() {
        let own = Weights { region: 9.0, ..Weights::default() };
        let set = WeightSet { all: Weights::default(), kinds: BTreeMap::from([("chip".to_owned(), own)]) };
        assert_eq!(WeightSet::parse(&set.to_json().unwrap()), Ok(set.clone()));
        assert_eq!((set.of("chip").region, set.of("other")), (9.0, &Weights::default()));
    }

    #[test]
    fn poisoned_weights_are_refused() {
        let with = |weights: Weights| WeightSet { all: weights, kinds: BTreeMap::new() };
        let fine = Weights::default();
        for (bad, what) in [
            (Weights { terms: f64::NAN, ..fine }, "all.terms"),
            (Weights { terms: f64::INFINITY, ..fine }, "all.terms"),
            (Weights { terms: -1.0, ..fine }, "all.terms"),
            (Weights { terms: 1e9, ..fine }, "all.terms"),
            (Weights { relevant: 0.0, ..fine }, "all"),
        ] {
            assert_eq!(with(bad).check(), Err(WeightFault::OutOfBounds(what.to_owned())));
        }
        let good = with(fine).to_json().unwrap();
        let terms = format!("\"terms\":{:?}", fine.terms);
        assert!(good.contains(&terms), "{good}");
        for bad in ["NaN", "null", "1e999", "\"25\"", "[25]"] {
            let text = good.replace(&terms, &format!("\"terms\":{bad}"));
            assert!(matches!(WeightSet::parse(&text), Err(WeightFault::Unreadable(_))), "{bad}");
        }
        assert!(WeightSet::parse(&good.replace(&terms, "\"terms\":-0.5")).is_err());
        for text in ["", "{}", "[]", "{\"all\":{},\"spare\":1}", &good[..good.len() - 1]] {
            assert!(matches!(WeightSet::parse(text), Err(WeightFault::Unreadable(_))), "{text}");
        }
        // What a later version adds has its default until it is learned.
        assert_eq!(WeightSet::parse("{\"all\":{}}"), Ok(WeightSet::default()));
    }
}
