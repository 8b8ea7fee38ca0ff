//! Matches for a text as somebody pastes it.

use keqiao_domain::{Attributes, Requirement, ShowingId, Side, Viewer};
use keqiao_matching::{MatchView, Need, Offer, Reading, read_text};
use keqiao_search::{Found, Matcher, Reader, needs_for, offers_for};

use super::edits::{Edit, apply_edits};
use super::exposure::SPARE;
use super::shown::{Asked, shown};
use crate::ranking::{Look, ranked};
use crate::{App, AppError};

/// Most characters of a pasted text that are read.
const MOST_CHARS: usize = 20_000;

/// What was read from a text, and who answers it.
#[derive(Debug, Clone)]
pub struct TextMatches {
    /// Need or offer: as the person said, else as the words suggest, else need.
    pub side: Side,
    /// What was read, mended as its writer says.
    pub reading: Reading,
    /// The requirements as they were read.
    pub as_read: Vec<Requirement>,
    /// Which of the edits could not be understood.
    pub misread: Vec<usize>,
    /// The best counterparts, the best first.
    pub found: Vec<Found>,
    /// The name of the list, where somebody looks at it whose choices are remembered.
    pub showing: Option<ShowingId>,
}

/// Refuses a text that is empty or too long to be read.
pub(super) fn checked(text: &str) -> Result<(), AppError> {
    if text.trim().is_empty() {
        return Err(AppError::invalid("text", "required"));
    }
    if text.chars().count() > MOST_CHARS {
        return Err(AppError::Invalid(vec![crate::Fault::with("text", "too-long", MOST_CHARS)]));
    }
    Ok(())
}

/// Reads a text, mended as its writer says, and finds what answers it. Needs no account and keeps nothing.
///
/// # Errors
/// `Invalid` for an empty or very long text.
pub async fn match_text(
    app: &App,
    viewer: &Viewer,
    text: &str,
    side: Option<Side>,
    edits: &[Edit],
    look: Look,
) -> Result<TextMatches, AppError> {
    checked(text)?;
    let (index, lexicon, text) = (app.index.clone(), app.lexicon.clone(), text.to_owned());
    let (reader, edits) = (Reader::of(viewer), edits.to_vec());
    let (served, coins, most) = (app.ranking.served(), look.coins(app, viewer), look.top.clamp(1, 50) + SPARE);
    let work = move || {
        let mut reading = read_text(&text, &lexicon);
        let as_read = reading.requirements.clone();
        let misread = apply_edits(&mut reading, &edits, lexicon.catalog());
        let used = Matcher { index: &index, lexicon: &lexicon, reader: &reader, weights: &served.weights };
        let side = side.or(reading.side).unwrap_or(Side::Need);
        let ranked = match side {
            Side::Need => {
                let need = Need::from_reading(&text, reading.clone());
                ranked(&served, coins, most, |weights| {
                    offers_for(&Matcher { weights, ..used }, need.clone(), None, most)
                })?
            }
            Side::Offer => {
                let offer = Offer::new(view_of(&text, &reading), &lexicon);
                ranked(&served, coins, most, |weights| needs_for(&Matcher { weights, ..used }, &offer, None, most))?
            }
        };
        Ok::<_, AppError>((TextMatches { side, reading, as_read, misread, found: Vec::new(), showing: None }, ranked))
    };
    let (matches, ranked) = app.work.run(work).await??;
    let kind = matches.reading.kind.as_deref().unwrap_or_default();
    let list = shown(app, viewer, ranked, Asked { listing: None, side: matches.side, kind }, look).await?;
    Ok(TextMatches { found: list.found, showing: list.showing, ..matches })
}

/// A pasted ability as matching sees an offer: its first line is its title.
pub(super) fn view_of(text: &str, reading: &Reading) -> MatchView {
    let first = text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or_default();
    MatchView {
        id: None,
        side: Side::Offer,
        kind: reading.kind.clone().unwrap_or_default(),
        title: first.chars().take(80).collect(),
        text: keqiao_text::clean(text).text,
        member_text: String::new(),
        keywords: Vec::new(),
        attributes: Attributes::new(),
        member_attributes: Attributes::new(),
        wishes: Vec::new(),
        region: reading.region.clone(),
        industry: None,
        party: None,
        party_name: String::new(),
        verified: false,
        attachments: 0,
    }
}
