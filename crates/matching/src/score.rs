//! Need × offer → points and reasons.

use std::cmp::Ordering;

use keqiao_catalog::{PropertyType, Taxonomy};
use keqiao_domain::{Match, Reason, Requirement, Strength, TermHit, Verdict};

use crate::judge::{Judgement, judge, judge_fields};
use crate::lexicon::Lexicon;
use crate::need::Need;
use crate::offer::Offer;

/// What counts how much. The parts that apply to a need are scaled so that
/// they add up to 100: a need without requirements is matched by its terms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Points for all terms met in title or keywords.
    pub terms: f64,
    /// Points for all requirements met.
    pub requirements: f64,
    /// Points for a kind of offer that answers the need's kind; applies where the need's kind names some.
    pub kind: f64,
    /// Points for the same region or one inside the other; applies where the need has a region.
    pub region: f64,
    /// Points for the same industry; applies where the need has one.
    pub industry: f64,
    /// Points for a party that an operator verified.
    pub verified: f64,
    /// Points for files behind the offer.
    pub attachments: f64,
    /// What a term counts that stands only in the offer's text, of 1.
    pub in_text: f64,
    /// Power to which the share of terms met is raised: under 1, the first terms count more.
    pub curve: f64,
    /// Share of terms met from which requirements count whole. Below it they count less, in proportion:
    /// an offer of something else that has the right price answers nothing.
    pub relevant: f64,
    /// What requirements count at least, of 1, where no term is met.
    pub irrelevant: f64,
    /// Share of terms below which a match is none, see [`is_answer`].
    pub answer: f64,
    /// The same for an offer whose kind is known not to answer the need's: fewer terms are met by chance and
    /// count nothing.
    pub answer_of_other_kind: f64,
    /// What a wish weighs, of a must's 1.
    pub wish: f64,
    /// What a requirement in the need's own words weighs, of one of the catalog's 1.
    pub own_words: f64,
    /// What a requirement counts that is partly met, of 1.
    pub partly: f64,
    /// What a requirement counts of which the offer says nothing, of 1.
    pub unknown: f64,
    /// What two regions count that only share the region above them, of 1.
    pub near: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            terms: 45.0,
            requirements: 35.0,
            kind: 8.0,
            region: 4.0,
            industry: 4.0,
            verified: 2.0,
            attachments: 2.0,
            in_text: 0.75,
            curve: 0.7,
            relevant: 0.2,
            irrelevant: 0.2,
            answer: 0.06,
            answer_of_other_kind: 0.1,
            wish: 0.5,
            own_words: 0.3,
            partly: 0.5,
            unknown: 0.4,
            near: 0.5,
        }
    }
}

/// Points are cut to whole 64ths, so that they add up without rounding.
fn points(value: f64) -> f64 {
    (value * 64.0).floor() / 64.0
}

/// Scores an offer against a need. Reasons without points are left out, but
/// for requirements, which are always shown.
#[must_use]
pub fn score(need: &Need, offer: &Offer, lexicon: &Lexicon, weights: &Weights) -> Match {
    Outline::of(need, offer, lexicon, weights).complete(need, offer, lexicon, weights)
}

/// What is known of a match before the offer's text is read for specs, which is the most work.
pub(crate) struct Outline {
    met: Option<Reason>,
    share: f64,
    /// Kind, region, industry, evidence.
    beside: Vec<Reason>,
    /// Points a need has for its requirements, of what `weights` says.
    scale: f64,
    /// Whether the text is to be read at all: that of an offer of something else is not worth it.
    read: bool,
}

impl Outline {
    pub(crate) fn of(need: &Need, offer: &Offer, lexicon: &Lexicon, weights: &Weights) -> Self {
        let answered_by = lexicon.catalog().kinds.get(&need.kind).map_or(&[][..], |k| &k.answered_by);
        let parts = [
            (weights.terms, !need.terms.is_empty()),
            (weights.requirements, !need.requirements.is_empty()),
            (weights.kind, !answered_by.is_empty()),
            (weights.region, need.region.is_some()),
            (weights.industry, need.industry.is_some()),
            (weights.verified + weights.attachments, true),
        ];
        let scale = 100.0 / parts.iter().filter(|(_, applies)| *applies).map(|(w, _)| w).sum::<f64>();
        let kind = &offer.view.kind;
        let of_other_kind = !answered_by.is_empty() && !kind.is_empty() && !answered_by.contains(kind);
        let met = terms(need, offer, weights, scale).filter(|r| match r {
            Reason::Terms { share, .. } => !of_other_kind || *share >= weights.answer_of_other_kind,
            _ => true,
        });
        let share = if let Some(Reason::Terms { share, .. }) = &met { *share } else { 0.0 };
        let of_kind = answered_by.contains(kind);
        let kind = of_kind.then(|| Reason::Kind { kind: kind.clone(), points: points(weights.kind * scale) });
        let beside = kind
            .into_iter()
            .chain(region(need, offer, lexicon, weights, scale))
            .chain(industry(need, offer, lexicon, weights, scale))
            .chain(evidence(offer, weights, scale))
            .collect();
        let relevance =
            if need.terms.is_empty() { 1.0 } else { (share / weights.relevant).clamp(weights.irrelevant, 1.0) };
        let read = need.terms.is_empty() || share >= weights.answer;
        Self { met, share, beside, scale: scale * relevance, read }
    }

    /// Whether the match can become one that [`is_answer`].
    pub(crate) fn may_answer(&self, need: &Need, weights: &Weights) -> bool {
        need.terms.is_empty() || self.share >= weights.answer
    }

    /// Whether a must blocks the match whatever the text says, and the most points it can come to.
    pub(crate) fn at_most(&self, need: &Need, offer: &Offer, lexicon: &Lexicon, weights: &Weights) -> (bool, f64) {
        let properties = &lexicon.catalog().properties;
        let best = |r: &Requirement| {
            // A text adds nothing to what a field states, but for standards.
            let stated = offer.view.attributes.contains_key(&r.property);
            let standard = properties.get(&r.property).is_some_and(|p| p.ty == PropertyType::Standard);
            if !self.read || (stated && !standard) {
                judge_fields(r, offer, lexicon)
            } else {
                Judgement { verdict: Verdict::Meets, offered: None, gap: None }
            }
        };
        let (judged, blocked) = requirements(need, lexicon, weights, self.scale, best);
        (blocked, self.met.iter().chain(&judged).chain(&self.beside).map(Reason::points).sum())
    }

    pub(crate) fn complete(self, need: &Need, offer: &Offer, lexicon: &Lexicon, weights: &Weights) -> Match {
        let judge = |r: &Requirement| {
            if self.read { judge(r, offer, lexicon) } else { judge_fields(r, offer, lexicon) }
        };
        let (judged, blocked) = requirements(need, lexicon, weights, self.scale, judge);
        let reasons: Vec<Reason> = self.met.into_iter().chain(judged).chain(self.beside).collect();
        let score = reasons.iter().map(Reason::points).sum();
        Match { need: need.id, offer: offer.view.id, score, blocked, reasons }
    }
}

/// Which of two matches stands first: those that no must blocks, then the
/// higher score, then the smaller id.
#[must_use]
pub fn by_rank(a: &Match, b: &Match) -> Ordering {
    a.blocked
        .cmp(&b.blocked)
        .then_with(|| b.score.total_cmp(&a.score))
        .then_with(|| (a.offer, a.need).cmp(&(b.offer, b.need)))
}

/// Whether a match is worth showing: enough of the need's terms are met, or,
/// for a need without terms, one of its requirements.
#[must_use]
pub fn is_answer(m: &Match, need: &Need, weights: &Weights) -> bool {
    m.reasons.iter().any(|r| match r {
        Reason::Terms { share, .. } => *share >= weights.answer,
        Reason::Requirement { verdict, .. } => {
            need.terms.is_empty() && matches!(verdict, Verdict::Meets | Verdict::Partly)
        }
        _ => false,
    })
}

fn terms(need: &Need, offer: &Offer, weights: &Weights, scale: f64) -> Option<Reason> {
    // Of each term the best place and the word that stands there.
    let mut best: Vec<Option<(f64, usize)>> = vec![None; need.terms.len()];
    for (text, credit) in [(&offer.title, 1.0), (&offer.keywords, 1.0), (&offer.text, weights.in_text)] {
        need.each_word_in(text, |word| {
            let slot = &mut best[need.term_of[word]];
            if slot.is_none_or(|(c, w)| credit > c || (credit == c && word < w)) {
                *slot = Some((credit, word));
            }
        });
    }
    let mut share = 0.0;
    let mut hits = Vec::new();
    for (w, found) in need.terms.iter().zip(best) {
        let Some((credit, word)) = found else {
            continue;
        };
        share += w.weight * credit;
        let by = Some(need.word(word)).filter(|b| *b != w.term.text).map(str::to_owned);
        hits.push(TermHit { term: w.term.text.clone(), by, weight: w.weight });
    }
    let share = f64::min(share, 1.0);
    (!hits.is_empty()).then(|| Reason::Terms {
        terms: hits,
        share,
        points: points(weights.terms * share.powf(weights.curve) * scale),
    })
}

fn requirements(
    need: &Need,
    lexicon: &Lexicon,
    weights: &Weights,
    scale: f64,
    judge: impl Fn(&Requirement) -> Judgement,
) -> (Vec<Reason>, bool) {
    let properties = &lexicon.catalog().properties;
    // What two sides settle when they talk is a wish, whoever wrote it as a must.
    let strength_of = |r: &Requirement| match properties.get(&r.property) {
        Some(p) if p.soft => Strength::Wish,
        _ => r.strength,
    };
    let weight = |r: &Requirement| {
        let known = properties.contains_key(&r.property);
        let strength = if strength_of(r) == Strength::Must { 1.0 } else { weights.wish };
        if known { strength } else { strength * weights.own_words }
    };
    let all: f64 = need.requirements.iter().map(weight).sum();
    let mut blocked = false;
    let reasons = need.requirements.iter().map(|r| {
        let judged = judge(r);
        blocked |= judged.verdict == Verdict::Fails && strength_of(r) == Strength::Must;
        let credit = match judged.verdict {
            Verdict::Meets => 1.0,
            Verdict::Partly => weights.partly,
            Verdict::Unknown => weights.unknown,
            Verdict::Fails => 0.0,
        };
        Reason::Requirement {
            property: r.property.clone(),
            required: r.required.clone(),
            offered: judged.offered,
            strength: strength_of(r),
            verdict: judged.verdict,
            gap: judged.gap,
            points: points(weights.requirements * weight(r) / all * credit * scale),
        }
    });
    (reasons.collect(), blocked)
}

fn region(need: &Need, offer: &Offer, lexicon: &Lexicon, weights: &Weights, scale: f64) -> Option<Reason> {
    let (a, b) = (need.region.as_deref()?, offer.view.region.as_deref()?);
    let common = lexicon.catalog().taxonomy("region")?.common(a, b)?;
    let share = if common.code == a || common.code == b { 1.0 } else { weights.near };
    Some(Reason::Region { region: common.code.clone(), points: points(weights.region * share * scale) })
}

/// The deeper the industry they share, of the need's own depth.
fn industry(need: &Need, offer: &Offer, lexicon: &Lexicon, weights: &Weights, scale: f64) -> Option<Reason> {
    let (a, b) = (need.industry.as_deref()?, offer.view.industry.as_deref()?);
    let industries: &Taxonomy = lexicon.catalog().taxonomy("industry")?;
    let common = industries.common(a, b)?;
    let share = (common.depth + 1) as f64 / (industries.get(a)?.depth + 1) as f64;
    Some(Reason::Industry { industry: common.code.clone(), points: points(weights.industry * share * scale) })
}

fn evidence(offer: &Offer, weights: &Weights, scale: f64) -> Option<Reason> {
    let (verified, attachments) = (offer.view.verified, offer.view.attachments);
    let sum = if verified { weights.verified } else { 0.0 } + if attachments > 0 { weights.attachments } else { 0.0 };
    (sum > 0.0).then(|| Reason::Evidence { verified, attachments, points: points(sum * scale) })
}

#[cfg(test)]
mod tests;
