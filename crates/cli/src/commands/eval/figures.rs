//! What the measures of rankings have in common: the lists that are compared, and how they are printed.

use std::time::Duration;

use keqiao_matching::retrieval::{Channel, Figures, Fusion, Measured, Seen, best};
use serde_json::{Map, Value, json};

/// One ranking under its name, measured over the questions.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) measured: Measured,
}

/// The rankings that are always compared: ours, each channel alone, ours without each channel, and plain BM25.
pub(crate) struct Board {
    fusion: Fusion,
    ours: Measured,
    alone: Vec<(Channel, Measured)>,
    without: Vec<(Channel, Measured)>,
    plain: Measured,
    times: Vec<Duration>,
}

/// One question's outcome: what was seen of each document, the same by plain BM25, and the documents' grades.
pub(crate) struct Outcome<'a> {
    pub(crate) seen: &'a [Seen],
    pub(crate) plain: &'a [Seen],
    pub(crate) grades: &'a [u32],
    /// Grades of answers that are in no ranking.
    pub(crate) missing: &'a [u32],
    pub(crate) took: Duration,
}

impl Outcome<'_> {
    pub(crate) fn measure(&self, into: &mut Measured, seen: &[Seen], fusion: &Fusion) {
        let found: Vec<u32> = best(seen, fusion, seen.len()).iter().map(|(d, _)| self.grades[*d]).collect();
        let answers: Vec<u32> = self.grades.iter().chain(self.missing).copied().collect();
        into.add(&found, &answers);
    }
}

impl Board {
    pub(crate) fn new(channels: &[Channel], fusion: Fusion) -> Self {
        let each = || channels.iter().map(|c| (*c, Measured::default())).collect();
        Self {
            fusion,
            ours: Measured::default(),
            alone: each(),
            without: each(),
            plain: Measured::default(),
            times: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, outcome: &Outcome<'_>) {
        let fusion = self.fusion;
        outcome.measure(&mut self.ours, outcome.seen, &fusion);
        for (channel, measured) in &mut self.alone {
            outcome.measure(measured, outcome.seen, &Fusion::only(*channel));
        }
        for (channel, measured) in &mut self.without {
            outcome.measure(measured, outcome.seen, &fusion.with(*channel, 0.0));
        }
        outcome.measure(&mut self.plain, outcome.plain, &Fusion::only(Channel::Pairs));
        self.times.push(outcome.took);
    }

    /// All rows, ours first and plain BM25 last.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let row = |name: String, measured: &Measured| Row { name, measured: measured.clone() };
        let mut rows = vec![row("default weights".to_owned(), &self.ours)];
        rows.extend(self.without.iter().map(|(c, m)| row(format!("without {}", c.name()), m)));
        rows.extend(self.alone.iter().map(|(c, m)| row(format!("{} alone", c.name()), m)));
        rows.push(row("plain BM25 (pairs of characters)".to_owned(), &self.plain));
        rows
    }

    pub(crate) fn ours(&self) -> Figures {
        self.ours.figures()
    }

    /// The figures as JSON, without those of the ranking that is reported at the top.
    pub(crate) fn as_json(&self) -> Map<String, Value> {
        let by_channel = |all: &[(Channel, Measured)]| -> Value {
            all.iter().map(|(c, m)| (c.name().to_owned(), json!(m.figures()))).collect::<Map<_, _>>().into()
        };
        let mut map = Map::new();
        map.insert("queries".to_owned(), json!(self.ours.questions()));
        map.insert("channels".to_owned(), by_channel(&self.alone));
        map.insert("without".to_owned(), by_channel(&self.without));
        map.insert("bm25".to_owned(), json!(self.plain.figures()));
        let (p50, p99) = self.latency_ms();
        map.insert("latency_ms".to_owned(), json!({ "p50": p50, "p99": p99 }));
        map.insert("weights".to_owned(), weights(&self.fusion));
        map
    }

    /// Milliseconds for a question, at the middle and at the 99th hundredth.
    pub(crate) fn latency_ms(&self) -> (f64, f64) {
        let mut times = self.times.clone();
        times.sort_unstable();
        let at = |share: f64| {
            let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
            times.get(place).map_or(0.0, |t| t.as_secs_f64() * 1e3)
        };
        (at(0.5), at(0.99))
    }
}

/// Weights by the names of their channels.
pub(crate) fn weights(fusion: &Fusion) -> Value {
    Channel::ALL.iter().zip(fusion.0).map(|(c, w)| (c.name().to_owned(), json!(w))).collect::<Map<_, _>>().into()
}

/// Lines of a table.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut out = format!("{:<34} {:>8} {:>8} {:>10} {:>8}\n", "", "nDCG@10", "MRR@10", "Recall@100", "MAP");
    for row in rows {
        let f = row.measured.figures();
        out += &format!(
            "{:<34} {:>8.4} {:>8.4} {:>10.4} {:>8.4}\n",
            row.name, f.ndcg_at_10, f.mrr_at_10, f.recall_at_100, f.map
        );
    }
    out
}
