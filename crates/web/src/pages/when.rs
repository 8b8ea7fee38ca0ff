//! From and until when, as pages of facts ask for it.

use keqiao_app::graph::Period;
use keqiao_app::{AppError, Fault};
use keqiao_domain::FactKind;

use super::filter::query_of;
use crate::fields::Fields;
use crate::visit::Visit;

/// Most kinds of facts that an address names.
const KINDS: usize = 20;

/// Kinds and days of a filter, as they stand in an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct When {
    pub(super) kinds: Vec<FactKind>,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

/// The fields of a visit's address, and the kinds and days they name.
///
/// # Errors
/// `Invalid` with a fault for each value that means nothing.
pub(super) fn asked(visit: &Visit) -> Result<(Fields, When), AppError> {
    let fields = query_of(visit)?;
    let mut faults = Vec::new();
    let when = When::read(&fields, &mut faults);
    if faults.is_empty() { Ok((fields, when)) } else { Err(AppError::Invalid(faults)) }
}

impl When {
    /// Reads `kind`, `from` and `to`; what means nothing is a fault of its field.
    fn read(fields: &Fields, faults: &mut Vec<Fault>) -> Self {
        let mut kinds = Vec::new();
        for word in fields.all("kind").into_iter().filter(|w| !w.trim().is_empty()).take(KINDS) {
            match word.trim().parse() {
                Ok(kind) if kinds.contains(&kind) => {}
                Ok(kind) => kinds.push(kind),
                Err(_) => faults.push(Fault::with("kind", "unknown-type", shown(word))),
            }
        }
        let mut day = |name: &'static str| {
            let text = fields.filled(name)?;
            if is_day(text) {
                return Some(text.to_owned());
            }
            faults.push(Fault::with(name, "not-a-date", shown(text)));
            None
        };
        Self { from: day("from"), to: day("to"), kinds }
    }

    /// Whether it leaves anything out.
    pub(super) fn is_set(&self) -> bool {
        *self != Self::default()
    }

    /// Names and values for an address.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let kinds = self.kinds.iter().map(|k| ("kind", k.as_str().to_owned()));
        let days = [("from", &self.from), ("to", &self.to)];
        let days = days.into_iter().filter_map(|(name, day)| Some((name, day.clone()?)));
        kinds.chain(days).collect()
    }

    pub(super) fn has(&self, kind: &FactKind) -> bool {
        self.kinds.contains(kind)
    }
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

/// `YYYY-MM-DD`, a day that there is.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// The first and the last day of a period: `2024`, `2024-02`, `2024-02-29`.
pub(super) fn days_of(period: &str) -> Option<(String, String)> {
    let day = |text: &str| text.parse::<jiff::civil::Date>().ok();
    let (first, last) = match period.len() {
        4 => (day(&format!("{period}-01-01"))?, day(&format!("{period}-12-31"))?),
        7 => {
            let first = day(&format!("{period}-01"))?;
            (first, first.last_of_month())
        }
        _ => (day(period)?, day(period)?),
    };
    Some((first.to_string(), last.to_string()))
}

/// The period before one.
pub(super) fn before(period: &str, by: Period) -> Option<String> {
    let first = days_of(period)?.0.parse::<jiff::civil::Date>().ok()?;
    let eve = first.yesterday().ok()?;
    Some(match by {
        Period::Year => eve.strftime("%Y").to_string(),
        Period::Month => eve.strftime("%Y-%m").to_string(),
        Period::Day => eve.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_its_days_and_one_before_it() {
        let days = |p| days_of(p).unwrap();
        assert_eq!(days("2024-02"), ("2024-02-01".into(), "2024-02-29".into()));
        assert_eq!(days("2023"), ("2023-01-01".into(), "2023-12-31".into()));
        assert_eq!(before("2024-01", Period::Month).as_deref(), Some("2023-12"));
        assert_eq!(before("2024-03-01", Period::Day).as_deref(), Some("2024-02-29"));
        assert_eq!(before("2024", Period::Year).as_deref(), Some("2023"));
        assert_eq!(days_of("2024-13"), None);
    }

    #[test]
    fn what_means_nothing_is_named() {
        let fields = Fields::parse(b"kind=signed&kind=signed&kind=&kind=x&from=2024-02-30&to=2024-03-01").unwrap();
        let mut faults = Vec::new();
        let when = When::read(&fields, &mut faults);
        let pairs = vec![("kind", "signed".to_owned()), ("to", "2024-03-01".to_owned())];
        assert_eq!(when.pairs(), pairs);
        assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["kind", "from"]);
    }
}
