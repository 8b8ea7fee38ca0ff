//! Matches in the order in which they are shown: fair to all parties.

use keqiao_domain::{PartyId, Reason};
use keqiao_matching::exposure::{SetBack, Standing, arrange};
use keqiao_store::engagements;

use super::Found;
use crate::engagements::DEFAULT_WORKFLOW;
use crate::{App, AppError};

/// Matches that are found beyond those that are shown, to take places of others.
pub(super) const SPARE: usize = 10;

/// Arranges matches, the best first, and says of each that was set back why.
pub(super) async fn arranged(app: &App, found: Vec<Found>, top: usize) -> Result<Vec<Found>, AppError> {
    let most = app.settings.matches_per_party;
    let mut parties: Vec<PartyId> = found.iter().map(|f| f.card.party).collect();
    parties.sort_unstable();
    parties.dedup();
    let start = app.catalog.workflows.get(DEFAULT_WORKFLOW).map_or("", |w| w.start.as_str());
    let mut db = app.store.reader().await?;
    let waiting = engagements::waiting_for_each(&mut db, &parties, start).await?;
    drop(db);
    let requests = |party: PartyId| waiting.get(&party).copied().unwrap_or_default();
    let standing = |f: &Found| Standing {
        party: f.card.party,
        blocked: f.matched.blocked,
        busy: requests(f.card.party) >= app.settings.busy_from_requests,
    };
    let order = arrange(&found.iter().map(standing).collect::<Vec<_>>(), most);
    let mut found: Vec<Option<Found>> = found.into_iter().map(Some).collect();
    let arranged = order.into_iter().filter_map(|(i, set_back)| {
        let mut one = found[i].take()?;
        one.matched.reasons.extend(set_back.map(|set_back| match set_back {
            SetBack::Crowd => Reason::Crowd { most: most as i64, points: 0.0 },
            SetBack::Busy => Reason::Busy { requests: requests(one.card.party), points: 0.0 },
        }));
        Some(one)
    });
    Ok(arranged.take(top).collect())
}
