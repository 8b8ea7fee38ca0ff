//! Offers that together meet all musts of a need that none meets alone.

use keqiao_domain::{Reason, Strength, Value, Verdict};
use keqiao_matching::consortium::{Candidate, Consortium, consortia};

use super::Found;

/// Sets that are told of.
const SETS: usize = 3;
/// What another partner costs; an offer's missing points come on top, so fewer partners go before better ones.
const PARTNER: u32 = 100;

/// A must of the need.
#[derive(Debug, Clone, PartialEq)]
pub struct Must {
    /// Property id, or the need's words.
    pub property: String,
    /// What is required.
    pub required: Value,
}

/// Who could do together what nobody does alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// The need's musts.
    pub musts: Vec<Must>,
    /// The smallest sets, the best first; candidates are places in the matches that were handed in.
    pub sets: Vec<Consortium>,
    /// Musts that no offer meets, by number.
    pub missing: Vec<usize>,
    /// How many times the smallest set the first one weighs at most; 1 where it is the smallest.
    pub within: f64,
}

/// Looks among a need's matches for the smallest sets that meet all its musts together. `None` where
/// one offer meets them alone, where there are fewer than two, or where no two offers add to each other.
#[must_use]
pub fn together(found: &[Found]) -> Option<Together> {
    let musts_of = |found: &Found| -> Vec<(Must, bool)> {
        let must = |reason: &Reason| match reason {
            Reason::Requirement { property, required, strength: Strength::Must, verdict, .. } => {
                let must = Must { property: property.clone(), required: required.clone() };
                Some((must, *verdict == Verdict::Meets))
            }
            _ => None,
        };
        found.matched.reasons.iter().filter_map(must).collect()
    };
    let all: Vec<Vec<(Must, bool)>> = found.iter().map(musts_of).collect();
    let musts: Vec<Must> = all.first()?.iter().map(|(must, _)| must.clone()).collect();
    if musts.len() < 2 {
        return None;
    }
    let candidates: Vec<Candidate> = found
        .iter()
        .zip(&all)
        .map(|(found, own)| Candidate {
            // 0–100, so the cast keeps it whole.
            weight: PARTNER + (100.0 - found.matched.score).clamp(0.0, 100.0).round() as u32,
            meets: own.iter().enumerate().filter(|(_, (_, met))| *met).map(|(i, _)| i).collect(),
        })
        .collect();
    let mut lightest = consortia(musts.len(), &candidates, SETS);
    let alone = lightest.sets.first().is_some_and(|set| set.members.len() == 1);
    lightest.sets.retain(|set| set.members.len() > 1);
    (!alone && !lightest.sets.is_empty()).then_some(Together {
        musts,
        sets: lightest.sets,
        missing: lightest.missing,
        within: lightest.within,
    })
}
