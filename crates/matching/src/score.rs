//! Need × offer → points and reasons.

use std::cmp::Ordering;

use keqiao_catalog::{PropertyType, Taxonomy};
use keqiao_domain::{ChannelValue, Match, Reason, Requirement, Strength, TermHit, Verdict};

use crate::judge::{Judgement, judge, judge_fields};
use crate::lexicon::Lexicon;
use crate::need::Need;
use crate::offer::Offer;
use crate::retrieval::{Looked, Seen};
use crate::weights::Weights;

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
    /// What the channels say of its text.
    near: Option<Reason>,
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
            (weights.text, need.question.is_some() || !need.terms.is_empty()),
            (weights.requirements, !need.requirements.is_empty()),
            (weights.kind, !answered_by.is_empty()),
            (weights.region, need.region.is_some()),
            (weights.industry, need.industry.is_some()),
            (weights.verified + weights.attachments, true),
        ];
        let scale = 100.0 / parts.iter().filter(|(_, applies)| *applies).map(|(w, _)| w).sum::<f64>();
        let kind = &offer.view.kind;
        let of_other_kind = !answered_by.is_empty() && !kind.is_empty() && !answered_by.contains(kind);
        let Looked { seen, words } = need.look_through(&[&offer.title, &offer.keywords, &offer.text]);
        let met = terms(need, &words, weights, scale).filter(|r| match r {
            Reason::Terms { share, .. } => !of_other_kind || *share >= weights.answer_of_other_kind,
            _ => true,
        });
        let share = if let Some(Reason::Terms { share, .. }) = &met { *share } else { 0.0 };
        let near = text(need, offer, seen, weights, scale);
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
        Self { met, near, share, beside, scale: scale * relevance, read }
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
        (blocked, self.met.iter().chain(&self.near).chain(&judged).chain(&self.beside).map(Reason::points).sum())
    }

    pub(crate) fn complete(self, need: &Need, offer: &Offer, lexicon: &Lexicon, weights: &Weights) -> Match {
        let judge = |r: &Requirement| {
            if self.read { judge(r, offer, lexicon) } else { judge_fields(r, offer, lexicon) }
        };
        let (judged, blocked) = requirements(need, lexicon, weights, self.scale, judge);
        let reasons: Vec<Reason> = self.met.into_iter().chain(self.near).chain(judged).chain(self.beside).collect();
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

/// The terms that words of an offer's parts stand for: title, keywords, text.
fn terms(need: &Need, words: &[(usize, usize)], weights: &Weights, scale: f64) -> Option<Reason> {
    // Of each term the best place and the word that stands there.
    let mut best: Vec<Option<(f64, usize)>> = vec![None; need.terms.len()];
    for &(part, word) in words {
        let (credit, slot) = ([1.0, 1.0, weights.in_text][part], &mut best[need.term_of[word]]);
        if slot.is_none_or(|(c, w)| credit > c || (credit == c && word < w)) {
            *slot = Some((credit, word));
        }
    }
    // Where the channels say nothing, the terms stand for them.
    let worth = if need.question.is_some() { weights.terms } else { weights.terms + weights.text };
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
        points: points(worth * share.powf(weights.curve) * scale),
    })
}

/// What the channels of retrieval say of the offer's text; `seen`: what those of words and characters say.
fn text(need: &Need, offer: &Offer, mut seen: Seen, weights: &Weights, scale: f64) -> Option<Reason> {
    let question = need.question.as_ref()?;
    let seen = offer.seen.unwrap_or_else(|| {
        question.compare_text(&mut seen, &[&offer.title, &offer.keywords, &offer.text]);
        seen
    });
    let channels: Vec<ChannelValue> = question
        .shares(&weights.channels)
        .map(|(channel, weight)| ChannelValue {
            channel: channel.name().to_owned(),
            weight,
            value: f64::from(seen[channel as usize]),
        })
        .collect();
    let most = weights.text * scale;
    let sum: f64 = channels.iter().map(|c| c.weight * c.value).sum();
    (sum > 0.0).then(|| Reason::Text { points: points(most * sum), channels, most })
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
