//! Days as people write them into forms.

use crate::Fault;

/// A day `YYYY-MM-DD` or nothing; anything else is a fault of the field.
pub(crate) fn day(field: &str, text: &str, faults: &mut Vec<Fault>) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if text.parse::<jiff::civil::Date>().is_err() {
        faults.push(Fault::with(field, "not-a-date", text));
    }
    Some(text.to_owned())
}
