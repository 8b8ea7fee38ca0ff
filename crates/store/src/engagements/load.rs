//! How much parties have to answer.

use std::collections::HashMap;

use keqiao_domain::PartyId;

use crate::conn::Conn;
use crate::sql::{Query, Result};

/// How many requests of this stage wait for the answer of each of these parties; of one that none waits for, nothing.
///
/// # Errors
/// When the database cannot be asked.
pub async fn waiting_for_each(conn: &mut Conn, parties: &[PartyId], stage: &str) -> Result<HashMap<PartyId, i64>> {
    let mut counts: HashMap<PartyId, i64> = HashMap::new();
    for chunk in parties.chunks(64) {
        let fill = chunk.len().next_power_of_two() - chunk.len();
        let parties = || chunk.iter().chain(std::iter::repeat_n(&chunk[0], fill)).copied();
        let sides = [
            (
                "SELECT need_party_id AS party, COUNT(*) AS n FROM engagements \
                 WHERE asks_need = 1 AND stage = $1 AND need_party_id IN ",
                " GROUP BY need_party_id",
            ),
            (
                "SELECT offer_party_id AS party, COUNT(*) AS n FROM engagements \
                 WHERE asks_offer = 1 AND stage = $1 AND offer_party_id IN ",
                " GROUP BY offer_party_id",
            ),
        ];
        for (select, group) in sides {
            let mut query = Query::new(select).bind(stage);
            query.list(parties());
            query.push(group);
            let rows: Vec<(PartyId, i64)> = query.all(conn, |r| Ok((r.get("party")?, r.get("n")?))).await?;
            rows.into_iter().for_each(|(party, n)| *counts.entry(party).or_default() += n);
        }
    }
    Ok(counts)
}
