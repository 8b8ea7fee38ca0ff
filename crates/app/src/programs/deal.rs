//! Dealing entries out to reviewers.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, EntryAct, EntryMove, EntryStage, EntryTies, PartyId, Phase, ProgramEntry, ProgramId,
    ProgramRefusal, ProgramRole, RecordKind, ReviewerTies, Viewer,
};
use keqiao_store::Conn;
use keqiao_store::programs::{entries, reviews};
use sha2::{Digest, Sha256};

use super::record::Registrar;
use super::{find_own, ties};
use crate::{App, AppError, log_change};

/// What dealing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dealt {
    /// How many times an entry was given to a reviewer.
    pub given: i64,
    /// How many entries still have too few, since no reviewer is left without a conflict.
    pub short: i64,
}

/// Deals the checked entries out: each to as many reviewers as the program says, to those who have least, never to
/// one with a conflict of interest. Who of equals is chosen follows from a digest of both ids: it does not depend on
/// how good an entry is, and panels mix.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Barred` outside of the review.
pub async fn deal_entries(app: &App, viewer: &Viewer, id: ProgramId) -> Result<Dealt, AppError> {
    let mut db = app.store.reader().await?;
    find_own(&mut db, viewer, id).await?;
    drop(db);
    let (registrar, viewer) = (Registrar::of(app), viewer.clone());
    app.store.write(move |tx| async move { deal(&registrar, tx, &viewer, id).await }.boxed()).await
}

/// A reviewer while entries are dealt.
struct Hand {
    ties: ReviewerTies,
    work: i64,
}

async fn deal(registrar: &Registrar, tx: &mut Conn, viewer: &Viewer, id: ProgramId) -> Result<Dealt, AppError> {
    let program = find_own(tx, viewer, id).await?;
    if program.phase != Phase::Review {
        return Err(ProgramRefusal::NotNow(program.phase).into());
    }
    let mut work: BTreeMap<AccountId, i64> = BTreeMap::new();
    for (account, state, n) in reviews::progress(tx, id).await? {
        *work.entry(account).or_default() += if state == "recused" { 0 } else { n };
    }
    let mut hands = Vec::new();
    for reviewer in reviews::reviewers(tx, id).await? {
        let work = work.get(&reviewer.account).copied().unwrap_or(0);
        hands.push(Hand { ties: ties::of_reviewer(tx, &reviewer).await?, work });
    }
    let mut dealt = Dealt::default();
    let mut told: BTreeSet<AccountId> = BTreeSet::new();
    let mut tied: BTreeMap<PartyId, EntryTies> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = entries::in_stage(tx, id, EntryStage::Checked.as_str(), after, 500).await?;
        let Some(last) = page.last() else { break };
        after = last.number.unwrap_or(i64::MAX);
        let mut outcomes = Vec::new();
        for entry in page {
            let missing = program.settings.per_entry - entry.state.given();
            if missing <= 0 {
                continue;
            }
            let known = match tied.entry(entry.party) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(ties::of_entry(tx, &entry).await?),
            };
            let behind = EntryTies { author: entry.author, ..known.clone() };
            let chosen = choose(&hands, &entry, &behind, missing);
            dealt.short += i64::from((chosen.len() as i64) < missing);
            let mut records = Vec::new();
            let mut state = entry.state.clone();
            for place in chosen {
                let hand = &mut hands[place];
                let by = EntryMove {
                    act: EntryAct::Assign { reviewer: hand.ties.clone(), entry: behind.clone() },
                    actor: viewer.account,
                    role: ProgramRole::Organiser,
                    own: viewer.role_in(entry.party).is_some(),
                    at: registrar.now,
                    note: String::new(),
                };
                let record = state.next(entry.id, registrar.ground(&program)?, by)?;
                state = state.after(&record);
                records.push(record);
                hand.work += 1;
                told.insert(hand.ties.account);
                dealt.given += 1;
            }
            if !records.is_empty() {
                outcomes.push((entry, records));
            }
        }
        registrar.write_entries(tx, &program, outcomes).await?;
    }
    registrar.tell_reviewers(tx, &program, &told.into_iter().collect::<Vec<_>>()).await?;
    log_change(tx, registrar.now, RecordKind::Program, id, Action::Updated, viewer.account).await?;
    Ok(dealt)
}

/// The reviewers for an entry, by their places: those with least to do, and of equals by a digest.
fn choose(hands: &[Hand], entry: &ProgramEntry, behind: &EntryTies, missing: i64) -> Vec<usize> {
    let mix = |account: AccountId| {
        let mut hash = Sha256::new();
        hash.update(entry.id.0.as_bytes());
        hash.update(account.0.as_bytes());
        <[u8; 32]>::from(hash.finalize())
    };
    let free = |h: &Hand| !entry.state.reviews.contains_key(&h.ties.account) && h.ties.conflict(behind).is_none();
    let least = hands.iter().filter(|h| free(h)).map(|h| h.work).collect::<BTreeSet<_>>();
    // Only those who could be among the chosen are mixed.
    let mut bound = i64::MAX;
    let mut seen = 0;
    for work in least {
        seen += hands.iter().filter(|h| h.work == work && free(h)).count() as i64;
        if seen >= missing {
            bound = work;
            break;
        }
    }
    let mut candidates: Vec<(i64, [u8; 32], usize)> = hands
        .iter()
        .enumerate()
        .filter(|(_, h)| h.work <= bound && free(h))
        .map(|(place, h)| (h.work, mix(h.ties.account), place))
        .collect();
    candidates.sort_unstable();
    candidates.into_iter().take(usize::try_from(missing).unwrap_or(0)).map(|(.., place)| place).collect()
}
