//! Standing matches that were judged by other weights than those in use, judged anew a few at a time.

use keqiao_matching::WeightSet;
use keqiao_store::{StoreError, matches, meta};
use sha2::{Digest as _, Sha256};

use crate::pairs::PairMap;
use crate::runner::FollowError;
use crate::standing::{StandingMatches, still_hold};

/// Listings judged at once; changes that come meanwhile wait for them.
const FEW: i64 = 25;

/// A name for weights: the same for the same.
pub(crate) fn digest(weights: &WeightSet) -> Result<String, FollowError> {
    let json = weights.to_json().map_err(|e| FollowError::Poison(e.to_string()))?;
    Ok(Sha256::digest(json)[..16].iter().map(|byte| format!("{byte:02x}")).collect())
}

impl StandingMatches {
    /// Judges the pairs of a few listings by the weights in use, where others made them: those that stand, and
    /// those that they find now. Nobody is told. How far it came is kept, for whoever goes on.
    pub(crate) async fn judge_anew(&self) -> Result<bool, FollowError> {
        let pairs = self.pairs();
        let wanted = digest(&pairs.weights)?;
        let mut db = self.store.reader().await?;
        let by = match meta::get(&mut db, meta::STANDING_WEIGHTS).await? {
            Some(by) => by,
            None => digest(&WeightSet::default())?,
        };
        let mut after = match by.split_once(' ') {
            None if by == wanted => return Ok(false),
            Some((by, after)) if by == wanted => after.parse().ok(),
            _ => None,
        };
        if !self.hold_lease().await? {
            return Ok(false);
        }
        let page = pairs.page(&mut db, &mut after, FEW).await?;
        let by = match after.filter(|_| page.is_some()) {
            Some(last) => format!("{wanted} {last}"),
            None => wanted,
        };
        let (mut ids, mut rows) = (Vec::new(), PairMap::new());
        for doc in page.unwrap_or_default() {
            rows.extend(pairs.of(&mut db, &doc, true).await?.all);
            ids.push(doc.listing.id);
        }
        drop(db);
        let (node, now) = (self.node.clone(), self.clock.now());
        let kept = self.store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                still_hold(tx, &node, now).await?;
                matches::replace_for_listings(tx, &ids, rows.values()).await?;
                meta::set(tx, meta::STANDING_WEIGHTS, &by).await
            })
        });
        kept.await?;
        Ok(true)
    }
}
