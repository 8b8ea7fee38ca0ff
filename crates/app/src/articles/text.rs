//! The cleaned text of an article, a range at a time.

use keqiao_domain::{ArticleId, Viewer};
use keqiao_store::articles;

use crate::{App, AppError};

/// Characters of a cleaned text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRange {
    /// The characters.
    pub text: String,
    /// The place of the first of them in the cleaned text.
    pub from: usize,
    /// Where what follows begins; `None`: it ends here.
    pub next: Option<usize>,
    /// How many characters the cleaned text has.
    pub chars: usize,
}

/// At most `limit` characters of an article's text as it was cleaned, from one of them on.
///
/// # Errors
/// `NotFound`, also when the viewer may not see the article; `SignInNeeded`, `NotAllowed` when the text is not for the
/// viewer.
pub async fn article_text(
    app: &App,
    viewer: &Viewer,
    id: ArticleId,
    from: usize,
    limit: usize,
) -> Result<TextRange, AppError> {
    let mut db = app.store.reader().await?;
    let article = articles::find(&mut db, id).await?.filter(|a| viewer.sees(a.audience())).ok_or(AppError::NotFound)?;
    if !viewer.sees(article.text_readers) {
        return Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded });
    }
    let whole = article.reading.text;
    let chars = whole.chars().count();
    let from = from.min(chars);
    let text: String = whole.chars().skip(from).take(limit).collect();
    let next = Some(from.saturating_add(limit)).filter(|next| *next < chars);
    Ok(TextRange { text, from, next, chars })
}
