//! The index's documents, made from the store's current state.

use std::collections::{BTreeSet, HashMap};

use keqiao_domain::{Change, Listing, ListingId, Party, PartyId, RecordId, RecordKind, Tier};
use keqiao_search::{IndexOp, ListingDoc, PartyDoc};
use keqiao_store::listings::ListingFilter;
use keqiao_store::{Conn, StoreError, attachments, listings, parties};

/// Rows read at once.
const PAGE: i64 = 500;

/// Listings as what is done to the index.
pub(crate) async fn listing_docs(db: &mut Conn, rows: Vec<Listing>) -> Result<Vec<IndexOp>, StoreError> {
    let docs = docs_of(db, rows).await?;
    Ok(docs.into_iter().map(|doc| IndexOp::Listing(Box::new(doc))).collect())
}

/// Listings with their parties and the number of their public files.
pub(crate) async fn docs_of(db: &mut Conn, rows: Vec<Listing>) -> Result<Vec<ListingDoc>, StoreError> {
    let ids: BTreeSet<PartyId> = rows.iter().map(|l| l.party).collect();
    let ids: Vec<PartyId> = ids.into_iter().collect();
    let owners: HashMap<PartyId, Party> = parties::find_many(db, &ids).await?.into_iter().map(|p| (p.id, p)).collect();
    let mut docs = Vec::with_capacity(rows.len());
    let listing_ids: Vec<ListingId> = rows.iter().map(|l| l.id).collect();
    let with_files = attachments::of_listings(db, &listing_ids).await?;
    for listing in rows {
        let Some(party) = owners.get(&listing.party) else {
            return Err(StoreError::Corrupt(format!("listing {} has no party", listing.id)));
        };
        let mut public = 0;
        if with_files.get(&listing.id).is_some_and(|n| *n > 0) {
            let files = attachments::of_listing(db, listing.id).await?;
            public = i64::try_from(files.iter().filter(|f| f.tier == Tier::Public).count()).unwrap_or(0);
        }
        docs.push(ListingDoc { listing, party: party.clone(), attachments: public });
    }
    Ok(docs)
}

/// A party as a document.
pub(crate) async fn party_doc(db: &mut Conn, party: Party) -> Result<IndexOp, StoreError> {
    let count = listings::count_published_of(db, party.id).await?;
    Ok(IndexOp::Party(Box::new(PartyDoc { party, listings: count })))
}

/// What a batch of changes means for the index: every record named is read anew.
pub(crate) async fn ops_of(db: &mut Conn, batch: &[Change]) -> Result<Vec<IndexOp>, StoreError> {
    let ids = |kind| -> BTreeSet<RecordId> { batch.iter().filter(|c| c.record == kind).map(|c| c.id).collect() };
    let mut party_ids: BTreeSet<PartyId> = ids(RecordKind::Party).into_iter().map(PartyId).collect();
    let changed_parties = party_ids.clone();
    let listing_ids: Vec<ListingId> = ids(RecordKind::Listing).into_iter().map(ListingId).collect();
    let mut ops = Vec::new();
    let found = listings::find_many(db, &listing_ids).await?;
    let present: BTreeSet<ListingId> = found.iter().map(|l| l.id).collect();
    ops.extend(listing_ids.iter().filter(|id| !present.contains(id)).map(|id| IndexOp::Delete(id.0)));
    // A party's page counts its listings.
    party_ids.extend(found.iter().map(|l| l.party));
    ops.extend(listing_docs(db, found).await?);
    let wanted: Vec<PartyId> = party_ids.iter().copied().collect();
    let found = parties::find_many(db, &wanted).await?;
    let there: BTreeSet<PartyId> = found.iter().map(|p| p.id).collect();
    ops.extend(wanted.iter().filter(|id| !there.contains(id)).map(|id| IndexOp::Delete(id.0)));
    for party in found {
        // Its listings carry its name and its verification.
        if changed_parties.contains(&party.id) {
            ops.extend(listings_of(db, party.id, &present).await?);
        }
        ops.push(party_doc(db, party).await?);
    }
    Ok(ops)
}

async fn listings_of(db: &mut Conn, party: PartyId, done: &BTreeSet<ListingId>) -> Result<Vec<IndexOp>, StoreError> {
    let filter = ListingFilter { party: Some(party), ..ListingFilter::default() };
    let (mut ops, mut after) = (Vec::new(), None);
    loop {
        let mut rows = listings::page_visible(db, &filter, None, after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(ops) };
        after = Some((last.updated_at, last.id));
        rows.retain(|l| !done.contains(&l.id));
        ops.extend(listing_docs(db, rows).await?);
    }
}
