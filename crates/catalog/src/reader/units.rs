//! `units.toml`: `[[unit]]` with symbols, dimension, factor, offset, prefixes.

use std::collections::HashMap;
use std::sync::Arc;

use super::report::{Place, Report};
use super::row::Row;
use crate::model::{Unit, Units};

/// An SI prefix: its factor, its spellings before a symbol, and its Chinese.
type Prefix = (&'static str, (f64, &'static [&'static str], &'static str));

const PREFIXES: &[Prefix] = &[
    ("f", (1e-15, &["f"], "飞")),
    ("p", (1e-12, &["p"], "皮")),
    ("n", (1e-9, &["n"], "纳")),
    // The Greek letter, the micro sign of Latin-1, and what typewriters have.
    ("μ", (1e-6, &["μ", "µ", "u"], "微")),
    ("m", (1e-3, &["m"], "毫")),
    ("c", (1e-2, &["c"], "厘")),
    ("k", (1e3, &["k"], "千")),
    ("M", (1e6, &["M"], "兆")),
    ("G", (1e9, &["G"], "吉")),
    ("T", (1e12, &["T"], "太")),
];

/// The symbols read so far and where each stands.
#[derive(Default)]
pub(crate) struct Reading {
    units: HashMap<String, (Arc<Unit>, Place)>,
}

impl Reading {
    /// Reads a file.
    pub(crate) fn read(&mut self, report: &Report<'_>, root: Row<'_, '_>) {
        for row in root.rows("unit") {
            self.unit(report, row);
        }
        root.close();
    }

    fn unit(&mut self, report: &Report<'_>, row: Row<'_, '_>) {
        let at = row.at();
        let symbols: Vec<String> = row.texts("symbols").into_iter().map(|(s, _)| s).collect();
        if symbols.is_empty() {
            row.fault(at, "a unit without symbols", "add symbols = [\"…\"]");
        }
        let dimension = row.text("dimension");
        let factor = row.must_number("factor");
        if factor.is_some_and(|f| f <= 0.0) {
            row.fault(at, "the factor is not above 0", "write the size of the unit in the base unit");
        }
        let offset = row.number("offset").unwrap_or(0.0);
        let prefixes = row.words("prefixes", PREFIXES);
        row.close();
        let (Some((dimension, _)), Some(factor)) = (dimension, factor) else {
            return;
        };
        self.add(report, at, &symbols, &dimension, (factor, offset));
        for (size, spellings, chinese) in prefixes {
            let symbols: Vec<String> = symbols
                .iter()
                .flat_map(|symbol| -> Vec<String> {
                    if symbol.starts_with(is_han) {
                        return vec![format!("{chinese}{symbol}")];
                    }
                    spellings.iter().map(|p| format!("{p}{symbol}")).collect()
                })
                .collect();
            self.add(report, at, &symbols, &dimension, (factor * size, offset));
        }
    }

    fn add(
        &mut self,
        report: &Report<'_>,
        at: Place,
        symbols: &[String],
        dimension: &str,
        (factor, offset): (f64, f64),
    ) {
        let Some(symbol) = symbols.first() else {
            return;
        };
        let dimension = dimension.to_owned();
        let unit = Arc::new(Unit { symbol: symbol.clone(), dimension, factor, offset });
        for symbol in symbols {
            if let Some((_, first)) = self.units.get(symbol) {
                let reason = format!("unit symbol \"{symbol}\" stands twice");
                report.fault(at, reason, format!("remove it here or at {}", report.words(*first)));
                continue;
            }
            self.units.insert(symbol.clone(), (Arc::clone(&unit), at));
        }
    }

    /// What was read.
    pub(crate) fn finish(self) -> Units {
        let by_symbol = self.units.into_iter().map(|(symbol, (unit, _))| (symbol, unit)).collect();
        Units::new(by_symbol)
    }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
