//! Matches as they are shown: fair to all parties, and remembered where a person looks.

use std::collections::HashMap;

use keqiao_domain::{ListingId, ShowingId, Side, Team, Viewer};

use super::Found;
use super::exposure::arranged;
use crate::ranking::{Look, Ranked, note_shown};
use crate::{App, AppError};

/// Counterparts as they are shown.
#[derive(Debug, Clone, Default)]
pub struct ListingMatches {
    /// The counterparts, the best first.
    pub found: Vec<Found>,
    /// The name of the list, where somebody looks at it whose choices are remembered.
    pub showing: Option<ShowingId>,
}

/// What asked for matches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The listing; `None`: a text.
    pub(super) listing: Option<ListingId>,
    pub(super) side: Side,
    pub(super) kind: &'a str,
}

/// Arranges what was ranked and remembers it as it is shown.
pub(super) async fn shown(
    app: &App,
    viewer: &Viewer,
    ranked: Ranked,
    asked: Asked<'_>,
    look: Look,
) -> Result<ListingMatches, AppError> {
    let Ranked { found, trial } = ranked;
    let teams: Option<HashMap<ListingId, Team>> =
        trial.as_ref().map(|(_, teams)| found.iter().map(|f| f.id).zip(teams.iter().copied()).collect());
    let found = arranged(app, found, look.top.clamp(1, 50)).await?;
    let team = |f: &Found| teams.as_ref().and_then(|teams| teams.get(&f.id).copied()).unwrap_or(Team::One);
    let trial = trial.map(|(id, _)| (id, found.iter().map(team).collect()));
    let ranked = Ranked { found, trial };
    let listed = ranked.listed(asked.listing, asked.side, asked.kind, look.shown);
    let showing = if look.watched { note_shown(app, viewer, &listed) } else { None };
    Ok(ListingMatches { found: ranked.found, showing })
}
