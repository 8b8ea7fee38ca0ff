//! Why a listing that somebody names is not among the matches, or not higher.

use keqiao_domain::{ListingId, ListingState, PartyId, Side, Viewer};
use keqiao_matching::{Need, Offer, Remedy, remedies};
use keqiao_search::{Asking, Card, Found, Matcher, Paired, Query, Reader, match_view, needs_for, offers_for, pair};

use super::edits::Edit;
use super::exposure::arranged;
use super::for_listing::seen;
use super::for_text::{checked, view_of};
use super::reading::read_mended;
use crate::listings::search;
use crate::{App, AppError};

/// How many matches are looked through for the place of the one that was named.
const LOOKED_THROUGH: usize = 50;
/// Listings that a title may mean.
const MEANT: usize = 6;

/// What asks: a listing, or a text with what its writer mended.
#[derive(Debug, Clone)]
pub enum Asker {
    /// A listing that the viewer may see.
    Listing(ListingId),
    /// A text as somebody pastes it.
    Text {
        /// The text.
        text: String,
        /// Need or offer; else as its words suggest.
        side: Option<Side>,
        /// What was mended.
        edits: Vec<Edit>,
    },
}

/// What stands between a listing and the first place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cause {
    /// It is a match, at this place from 1.
    Shown {
        /// The place.
        place: usize,
    },
    /// It is one's own: nobody is matched with himself.
    Own,
    /// Hardly a word of the need stands in it.
    OtherMatter,
    /// It fails a must.
    Blocked,
    /// Others have more points.
    Behind {
        /// The points of the last match that was looked at.
        last: f64,
    },
    /// Its words tell less than those of others, so that it was not held against the need at all.
    Farther,
}

/// A named listing with the reasons for and against it.
#[derive(Debug, Clone)]
pub struct WhyNot {
    /// The listing with its match.
    pub found: Found,
    /// What keeps it from where it was looked for.
    pub cause: Cause,
    /// What would have to change for all requirements to be met; nothing where the matter is another.
    pub remedies: Vec<Remedy>,
}

/// The published listings of a side that an id, an address or a title names, the likeliest first.
///
/// # Errors
/// When the index fails.
pub fn name_listing(app: &App, viewer: &Viewer, side: Side, named: &str) -> Result<Vec<Card>, AppError> {
    let named = named.trim();
    let tail = named.trim_end_matches('/').rsplit('/').next().unwrap_or(named);
    let query = Query {
        text: named.chars().take(400).collect(),
        side: Some(side),
        states: vec![ListingState::Published],
        limit: MEANT,
        ..Query::default()
    };
    if let Ok(id) = tail.parse::<ListingId>() {
        let card = app.index.published_card(id, &Reader::of(viewer))?.filter(|c| c.side == Some(side));
        return Ok(card.into_iter().collect());
    }
    if named.is_empty() {
        return Ok(Vec::new());
    }
    Ok(search(app, viewer, &query)?.hits.into_iter().map(|hit| hit.card).collect())
}

/// Judges a listing that somebody names against what asks, and says what keeps it away.
///
/// # Errors
/// `NotFound` where one of the two is not there, not published, not for the viewer, or both are on the same side.
pub async fn why_not(app: &App, viewer: &Viewer, asker: &Asker, other: ListingId) -> Result<WhyNot, AppError> {
    let (asking, own) = asking(app, viewer, asker).await?;
    let (index, lexicon, reader) = (app.index.clone(), app.lexicon.clone(), Reader::of(viewer));
    let weights = app.weights.get();
    let work = move || {
        let matcher = Matcher { index: &index, lexicon: &lexicon, reader: &reader, weights: &weights };
        let Some(paired) = pair(&matcher, &asking, other)? else { return Ok(None) };
        let shown = match asking {
            Asking::Need(need) => offers_for(&matcher, *need, own, LOOKED_THROUGH)?,
            Asking::Offer(offer) => needs_for(&matcher, &offer, own, LOOKED_THROUGH)?,
        };
        Ok::<_, AppError>(Some((paired, shown)))
    };
    let (paired, shown) = app.work.run(work).await??.ok_or(AppError::NotFound)?;
    let shown = arranged(app, shown, LOOKED_THROUGH).await?;
    let cause = cause_of(&paired, own, &shown);
    // What is about something else would not become an answer by them.
    let remedies = match cause {
        Cause::OtherMatter => Vec::new(),
        _ => remedies(&paired.found.matched, &app.catalog),
    };
    Ok(WhyNot { found: paired.found, cause, remedies })
}

fn cause_of(paired: &Paired, own: Option<PartyId>, shown: &[Found]) -> Cause {
    if let Some(at) = shown.iter().position(|f| f.id == paired.found.id) {
        return Cause::Shown { place: at + 1 };
    }
    if own.is_some() && own == paired.party {
        return Cause::Own;
    }
    let matched = &paired.found.matched;
    match shown.last().map(|f| &f.matched) {
        _ if !paired.answers => Cause::OtherMatter,
        _ if matched.blocked => Cause::Blocked,
        // A blocked listing stands behind every one that is not.
        Some(last) if shown.len() >= LOOKED_THROUGH && !last.blocked && last.score >= matched.score => {
            Cause::Behind { last: last.score }
        }
        _ => Cause::Farther,
    }
}

async fn asking(app: &App, viewer: &Viewer, asker: &Asker) -> Result<(Asking, Option<PartyId>), AppError> {
    match asker {
        Asker::Listing(id) => {
            let mut db = app.store.reader().await?;
            let doc = seen(&mut db, viewer, *id).await?;
            drop(db);
            let view = match_view(&doc, &app.catalog).for_reader(viewer.is_member());
            let (own, lexicon) = (view.party, app.lexicon.clone());
            let work = move || match view.side {
                Side::Need => Asking::Need(Box::new(Need::from_view(&view, &lexicon))),
                Side::Offer => Asking::Offer(Box::new(Offer::new(view, &lexicon))),
            };
            Ok((app.work.run(work).await?, own))
        }
        Asker::Text { text, side, edits } => {
            checked(text)?;
            let reading = read_mended(app, text, edits).await?;
            let side = side.or(reading.side).unwrap_or(Side::Need);
            let (lexicon, text) = (app.lexicon.clone(), text.clone());
            let work = move || match side {
                Side::Need => Asking::Need(Box::new(Need::from_reading(&text, reading))),
                Side::Offer => Asking::Offer(Box::new(Offer::new(view_of(&text, &reading), &lexicon))),
            };
            Ok((app.work.run(work).await?, None))
        }
    }
}
