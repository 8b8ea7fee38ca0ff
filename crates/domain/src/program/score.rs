//! Scores of several reviewers, made comparable.
//!
//! Each reviewer's totals are standardised before they are averaged: z = (x − mean) / standard deviation over what
//! that reviewer scored, the standard score of statistics. So one who is severe, or who uses but a part of the scale,
//! weighs as much as any other. The mean z of an entry is then put on the scale of all totals, M + S·z, so that it
//! reads as points. That reviewers are miscalibrated, and what is done about it, is told in N. B. Shah, *Challenges,
//! experiments, and computational solutions in peer review*, Communications of the ACM 65 (6), 2022. Standardising
//! supposes that entries are dealt to reviewers without regard to their quality, as [`crate::Program`]s do; whoever
//! scored fewer than [`FEW`] entries, or gave all of them the same, is measured by the spread of all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sort::ProgramType;
use crate::id::{AccountId, ProgramEntryId};

/// Fewer scores than this say nothing of how a reviewer scores.
pub(super) const FEW: usize = 3;

/// What one reviewer gave one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sheet {
    /// Who scored.
    pub reviewer: AccountId,
    /// What.
    pub entry: ProgramEntryId,
    /// The weighted total in thousandths of a point of 100.
    pub total: i64,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rank {
    /// The entry.
    pub entry: ProgramEntryId,
    /// Its place, from 1; equal scores share one.
    pub place: i64,
    /// The normalised score, thousandths of a point.
    pub score: i64,
    /// The plain mean of the totals, thousandths of a point.
    pub raw: i64,
    /// How many scored it.
    pub reviews: i64,
}

/// The weighted total of a score sheet, in thousandths of a point of 100.
#[must_use]
pub fn total_of(ty: &ProgramType, points: &BTreeMap<String, i64>) -> i64 {
    let weights: i64 = ty.criteria.iter().map(|c| c.weight).sum();
    let sum: i64 = ty.criteria.iter().map(|c| c.weight * points.get(&c.id).copied().unwrap_or(0)).sum();
    let most = weights * ty.scale;
    if most == 0 { 0 } else { (sum * 100_000 + most / 2) / most }
}

fn mean_and_spread(totals: &[f64]) -> (f64, f64) {
    let n = totals.len().max(1) as f64;
    let mean = totals.iter().sum::<f64>() / n;
    let variance = totals.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

/// The ranking that sheets come to, the best first. The same sheets give the same ranking in whatever order they come.
#[must_use]
pub fn rank(sheets: &[Sheet]) -> Vec<Rank> {
    let mut sheets = sheets.to_vec();
    // Sums of floats depend on their order.
    sheets.sort_unstable();
    let all: Vec<f64> = sheets.iter().map(|s| s.total as f64).collect();
    let (pooled_mean, pooled_spread) = mean_and_spread(&all);
    let mut of_entry: BTreeMap<ProgramEntryId, (Vec<f64>, i64)> = BTreeMap::new();
    for own in sheets.chunk_by(|a, b| a.reviewer == b.reviewer) {
        let totals: Vec<f64> = own.iter().map(|s| s.total as f64).collect();
        let (mut mean, mut spread) = mean_and_spread(&totals);
        if totals.len() < FEW || spread < 1.0 {
            (mean, spread) = (if totals.len() < FEW { pooled_mean } else { mean }, pooled_spread);
        }
        for sheet in own {
            let z = if spread < 1.0 { 0.0 } else { (sheet.total as f64 - mean) / spread };
            let (zs, sum) = of_entry.entry(sheet.entry).or_default();
            zs.push(z);
            *sum += sheet.total;
        }
    }
    let mut ranks: Vec<Rank> = of_entry
        .into_iter()
        .map(|(entry, (zs, sum))| {
            let n = zs.len() as i64;
            let z = zs.iter().sum::<f64>() / zs.len() as f64;
            let score = (pooled_mean + pooled_spread * z).round() as i64;
            Rank { entry, place: 0, score, raw: (sum + n / 2) / n, reviews: n }
        })
        .collect();
    ranks.sort_by_key(|r| (std::cmp::Reverse(r.score), r.entry));
    let mut before = (0, i64::MIN);
    for (place, rank) in (1..).zip(ranks.iter_mut()) {
        if rank.score != before.1 {
            before = (place, rank.score);
        }
        rank.place = before.0;
    }
    ranks
}

/// The digest of a ranking: what the program's record keeps of it, so that the table can be recomputed and compared.
#[must_use]
pub fn table_digest(ranks: &[Rank]) -> String {
    let mut hash = Sha256::new();
    for r in ranks {
        hash.update(format!("{} {} {} {} {}\n", r.place, r.entry, r.score, r.raw, r.reviews));
    }
    hex::encode(hash.finalize())
}
