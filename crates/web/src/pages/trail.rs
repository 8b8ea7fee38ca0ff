//! Where a list goes on: a moment and an id, as they stand in an address.

use std::fmt::Display;
use std::str::FromStr;

use keqiao_app::AppError;
use keqiao_domain::Timestamp;

use crate::fields::Fields;

/// The place after a record, for `after=`.
pub(crate) fn cursor(at: Timestamp, id: impl Display) -> String {
    format!("{}.{id}", at.micros())
}

/// The place that an address names; `None`: the first page.
///
/// # Errors
/// `Invalid` for what is no place.
pub(crate) fn after_of<T: FromStr>(query: &str) -> Result<Option<(Timestamp, T)>, AppError> {
    let wrong = || AppError::invalid("after", "bad-cursor");
    let fields = Fields::parse(query.as_bytes()).ok_or_else(wrong)?;
    let Some(text) = fields.filled("after") else { return Ok(None) };
    let (micros, id) = text.split_once('.').ok_or_else(wrong)?;
    let at = Timestamp::from_micros(micros.parse().map_err(|_| wrong())?);
    Ok(Some((at, id.parse().map_err(|_| wrong())?)))
}

#[cfg(test)]
mod tests {
    use keqiao_domain::ListingId;

    use super::*;

    #[test]
    fn a_place_reads_back_and_nonsense_is_refused() {
        let id: ListingId = "019a2f60-0000-7000-8000-000000000001".parse().unwrap();
        let at = Timestamp::from_micros(-5);
        assert_eq!(after_of(&format!("x=1&after={}", cursor(at, id))).unwrap(), Some((at, id)));
        assert_eq!(after_of::<ListingId>("").unwrap(), None);
        for bad in ["after=1", "after=x.y", "after=1.y", "after=."] {
            assert!(matches!(after_of::<ListingId>(bad), Err(AppError::Invalid(_))), "{bad}");
        }
    }
}
