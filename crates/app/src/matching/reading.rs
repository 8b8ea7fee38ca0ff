//! Texts read beside the threads that serve.

use keqiao_domain::{ListingContent, Requirement, Side};
use keqiao_matching::{Lexicon, Reading, read_statements, read_text};

use super::edits::{Edit, apply_edits};
use crate::{App, AppError};

/// What a text says, mended as its writer says.
///
/// # Errors
/// `Internal`.
pub async fn read_mended(app: &App, text: &str, edits: &[Edit]) -> Result<Reading, AppError> {
    let (lexicon, text, edits) = (app.lexicon.clone(), text.to_owned(), edits.to_vec());
    let work = move || {
        let mut reading = read_text(&text, &lexicon);
        let _ = apply_edits(&mut reading, &edits, lexicon.catalog());
        reading
    };
    app.work.run(work).await
}

/// What title, summary and body say of properties that no field holds yet.
///
/// # Errors
/// `Internal`.
pub async fn unfilled(app: &App, side: Side, content: &ListingContent) -> Result<Vec<Requirement>, AppError> {
    let (lexicon, content) = (app.lexicon.clone(), content.clone());
    app.work.run(move || open_in(&lexicon, side, &content)).await
}

fn open_in(lexicon: &Lexicon, side: Side, content: &ListingContent) -> Vec<Requirement> {
    let text = format!("{}\n{}\n{}", content.title, content.summary, content.body);
    let read = if side == Side::Need { read_text } else { read_statements };
    let is_open = |r: &Requirement| {
        lexicon.catalog().properties.contains_key(&r.property) && !content.attributes.contains_key(&r.property)
    };
    let mut open: Vec<Requirement> = read(&text, lexicon).requirements.into_iter().filter(is_open).collect();
    let mut seen = std::collections::HashSet::new();
    open.retain(|r| seen.insert(r.property.clone()));
    open
}
