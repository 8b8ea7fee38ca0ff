//! What people do with the matches they are shown: heard while they are served, written in batches beside it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use futures::FutureExt;
use keqiao_domain::{ListingId, RankingTrialId, Showing, ShowingId, ShownMatch, Side, Team, Timestamp, Viewer};
use keqiao_matching::learning::features;
use keqiao_search::Found;
use keqiao_store::{StoreError, showings};

use crate::{App, AppError};

/// What is heard and not written yet; more than that is lost.
const MOST: usize = 4_096;
/// Rows of a list that are remembered.
const ROWS: usize = 10;
/// Days for which lists are kept, and how many of them at most.
const DAYS: i64 = 180;
const KEPT: i64 = 50_000;

/// What people did, until it is written.
#[derive(Default)]
pub struct Feedback {
    waiting: Mutex<Vec<Heard>>,
    /// What there was no room for.
    lost: AtomicU64,
}

enum Heard {
    Shown(Showing),
    Opened(ShowingId, ListingId, Timestamp),
}

impl Feedback {
    fn hear(&self, heard: Heard) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MOST {
            waiting.push(heard);
        } else {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn take(&self) -> Vec<Heard> {
        let lost = self.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            tracing::warn!(lost, "more was done with matches than could be written");
        }
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A list as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// The listing that asked; `None`: a text.
    pub asking: Option<ListingId>,
    /// Its side.
    pub side: Side,
    /// Its kind; empty: not known.
    pub kind: &'a str,
    /// The rows that are shown, the first first.
    pub found: &'a [Found],
    /// The trial for which it was drawn, and who put each row there.
    pub trial: Option<(RankingTrialId, &'a [Team])>,
}

/// Remembers that somebody who is signed in is shown a list of matches; answers the name by which [`note_opened`] knows
/// it. Ids and numbers are kept, neither who it was nor any text. Costs the request no more than making the numbers.
#[must_use]
pub fn note_shown(app: &App, viewer: &Viewer, listed: &Listed<'_>) -> Option<ShowingId> {
    if !viewer.is_member() || listed.found.is_empty() {
        return None;
    }
    let rounded = |x: f64| (x * 1_000.0).round() / 1_000.0;
    let teams = listed.trial.map_or(&[][..], |(_, teams)| teams);
    let row = |(at, found): (usize, &Found)| ShownMatch {
        listing: found.id,
        features: features(&found.matched).map(rounded).to_vec(),
        team: teams.get(at).copied(),
    };
    let showing = Showing {
        id: ShowingId::fresh(&*app.clock, &*app.entropy),
        asking: listed.asking,
        side: listed.side,
        kind: if listed.side == Side::Need { listed.kind.to_owned() } else { String::new() },
        weights: app.ranking.served().version,
        trial: listed.trial.map(|(id, _)| id),
        at: app.now(),
        rows: listed.found.iter().take(ROWS).enumerate().map(row).collect(),
    };
    let id = showing.id;
    app.ranking.feedback.hear(Heard::Shown(showing));
    Some(id)
}

/// Remembers that a row of a list was opened.
pub fn note_opened(app: &App, viewer: &Viewer, showing: ShowingId, listing: ListingId) {
    if viewer.is_member() {
        app.ranking.feedback.hear(Heard::Opened(showing, listing, app.now()));
    }
}

/// Writes what was heard, in one transaction, and removes what is old; gives how much it was.
///
/// # Errors
/// When the store fails: what was heard is lost then.
pub async fn write_feedback(app: &App) -> Result<usize, AppError> {
    let heard = app.ranking.feedback.take();
    if heard.is_empty() {
        return Ok(0);
    }
    let (count, oldest) = (heard.len(), app.now().plus_days(-DAYS));
    app.store
        .write::<_, StoreError, _>(move |tx| {
            async move {
                for one in &heard {
                    match one {
                        Heard::Shown(showing) => showings::insert(tx, showing).await?,
                        Heard::Opened(showing, listing, at) => showings::open(tx, *showing, *listing, *at).await?,
                    }
                }
                showings::prune(tx, oldest, KEPT).await.map(drop)
            }
            .boxed()
        })
        .await?;
    Ok(count)
}
