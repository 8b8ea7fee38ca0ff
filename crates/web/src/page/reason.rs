//! Why an offer answers a need, one line for each reason.

use keqiao_domain::{Interval, Reason, Strength, TermHit, Value, Verdict};

use super::{Frame, IntervalBar};
use crate::locale::group;

/// One reason; drawn by `reason` and `reasons` of `macros.html`.
#[derive(Debug, Clone, PartialEq)]
pub struct ReasonRow {
    /// The verdict of a requirement; `None`: another sort of reason.
    pub verdict: Option<Verdict>,
    /// What the reason is about.
    pub label: String,
    /// Must or wish.
    pub strength: Option<Strength>,
    /// What is required, in words; empty: not a requirement.
    pub required: String,
    /// What is offered, in words.
    pub offered: String,
    /// By how much it fails.
    pub gap: Option<String>,
    /// The two intervals as a picture.
    pub bar: Option<IntervalBar>,
    /// Words in common, each with its weight in percent of the need.
    pub terms: Vec<(String, String)>,
    /// More about the reason; empty: nothing.
    pub note: String,
    /// What it adds to the score, in words; empty: nothing.
    pub points: String,
}

impl ReasonRow {
    /// A reason in the words of the frame's language.
    #[must_use]
    pub fn new(f: &Frame, reason: &Reason) -> Self {
        let plain = |label: &str, note: String| Self {
            verdict: None,
            label: label.to_owned(),
            strength: None,
            required: String::new(),
            offered: String::new(),
            gap: None,
            bar: None,
            terms: Vec::new(),
            note,
            points: points(f, reason.points()),
        };
        match reason {
            Reason::Terms { terms, share, .. } => {
                let note = f.t1("reason-terms-share", "n", (share * 100.0).round());
                let terms = terms.iter().map(|hit| term(f, hit)).collect();
                Self { terms, ..plain(f.t("reason-terms"), note) }
            }
            Reason::Text { channels, .. } => {
                let terms = channels
                    .iter()
                    .map(|c| (f.t(channel_key(&c.channel)).to_owned(), format!("{:.0}", c.value * 100.0)))
                    .collect();
                Self { terms, ..plain(f.t("reason-text"), String::new()) }
            }
            Reason::Requirement { property, required, offered, strength, verdict, gap, .. } => {
                let none = || f.t("value-none").to_owned();
                Self {
                    verdict: Some(*verdict),
                    strength: Some(*strength),
                    required: f.value(property, required),
                    offered: offered.as_ref().map_or_else(none, |o| f.value(property, o)),
                    gap: gap.clone(),
                    bar: bar(f, property, required, offered.as_ref(), *verdict),
                    ..plain(f.property(property), String::new())
                }
            }
            Reason::Kind { kind, .. } => plain(f.t("reason-kind"), f.kind(kind).to_owned()),
            Reason::Region { region, .. } => plain(f.t("reason-region"), f.region(region)),
            Reason::Industry { industry, .. } => plain(f.t("reason-industry"), f.industry(industry)),
            Reason::Crowd { most, .. } => plain(f.t("reason-set-back"), f.t1("reason-crowd", "n", *most)),
            Reason::Busy { requests, .. } => plain(f.t("reason-set-back"), f.t1("reason-busy", "n", *requests)),
            Reason::Evidence { verified, attachments, .. } => {
                let mut said = Vec::new();
                if *verified {
                    said.push(f.t("reason-evidence-verified").to_owned());
                }
                if *attachments > 0 {
                    said.push(f.tn("reason-evidence-files", attachments));
                }
                plain(f.t("reason-evidence"), said.join(" · "))
            }
        }
    }
}

/// The message that names a channel.
fn channel_key(channel: &str) -> &'static str {
    match channel {
        "words" => "channel-words",
        "pairs" => "channel-pairs",
        "characters" => "channel-characters",
        "meaning" => "channel-meaning",
        _ => "channel-feedback",
    }
}

fn term(f: &Frame, hit: &TermHit) -> (String, String) {
    let word = match &hit.by {
        Some(by) => f.t2("term-by", "term", &hit.term, "by", by),
        None => hit.term.clone(),
    };
    (word, format!("{:.0}", hit.weight * 100.0))
}

/// Points with one digit at most; a reason that adds nothing says nothing.
fn points(f: &Frame, points: f64) -> String {
    let rounded = (points * 10.0).round() / 10.0;
    if rounded == 0.0 {
        return String::new();
    }
    if rounded < 0.0 {
        return group(&rounded.to_string());
    }
    f.t1("reason-points", "points", rounded)
}

/// The picture of a requirement on a quantity.
fn bar(f: &Frame, property: &str, required: &Value, offered: Option<&Value>, verdict: Verdict) -> Option<IntervalBar> {
    let rule = f.catalog.properties.get(property)?.meet;
    let unit = f.catalog.properties.get(property)?.unit.as_deref().unwrap_or_default();
    let interval = |value: &Value| match value {
        Value::Interval(interval) => Some(interval.clone()),
        Value::Number(number) => Some(Interval::point(*number, unit)),
        _ => None,
    };
    let offered = offered.and_then(interval);
    IntervalBar::new(&interval(required)?, offered.as_ref(), rule, verdict, &f.catalog.units)
}

/// How often each verdict stands among the reasons, without those that never do.
#[must_use]
pub fn tally(reasons: &[Reason]) -> Vec<(Verdict, usize)> {
    let verdicts = [Verdict::Meets, Verdict::Partly, Verdict::Unknown, Verdict::Fails];
    let count = |wanted: Verdict| {
        let of = |r: &&Reason| matches!(r, Reason::Requirement { verdict, .. } if *verdict == wanted);
        reasons.iter().filter(of).count()
    };
    verdicts.into_iter().map(|v| (v, count(v))).filter(|(_, n)| *n > 0).collect()
}
