//! The filters of hall and parties, as they stand in an address.

use keqiao_app::{AppError, Fault};
use keqiao_catalog::Catalog;
use keqiao_domain::{ListingState, PartyKind, Side};
use keqiao_search::{Query, Sort, What};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::fields::Fields;
use crate::visit::Visit;

/// The index's word for the kind of party that an organization is.
pub(crate) const ORGANIZATION: &str = "organization";
/// The same for a person.
pub(crate) const PERSON: &str = "person";

/// Longest text of a search, characters.
const LONGEST_TEXT: usize = 400;
/// What stays readable in an address.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
/// The names that filter, in the order in which an address names them.
const NAMES: [&str; 15] = [
    "q",
    "side",
    "kind",
    "region",
    "industry",
    "chain",
    "maturity_min",
    "maturity_max",
    "price_max",
    "verified",
    "state",
    "party",
    "sort",
    "after",
    BACK,
];

/// The places at which the pages before this one began, the nearest last.
const BACK: &str = "back";
/// What stands between two such places; no place holds it.
const STEP: char = '.';
/// Pages back that an address remembers; before them comes the first page.
const MOST_BACK: usize = 20;
/// Longest list of such places, characters.
const LONGEST_TRAIL: usize = 80 * MOST_BACK;

/// The fields of a visit's address.
///
/// # Errors
/// `Invalid` when there are more than a form may have.
pub(crate) fn query_of(visit: &Visit) -> Result<Fields, AppError> {
    let query = visit.path.split_once('?').map_or("", |(_, query)| query);
    Fields::parse(query.as_bytes()).ok_or_else(|| AppError::invalid("filters", "too-many"))
}

/// A question with the address it came from.
pub(crate) struct Filter {
    pub(crate) query: Query,
    path: &'static str,
    /// Names and values, those that are set.
    set: Vec<(&'static str, String)>,
}

impl Filter {
    /// Reads and checks the filters of an address.
    ///
    /// # Errors
    /// `Invalid` with a fault for each value that means nothing.
    pub(crate) fn read(path: &'static str, what: What, fields: &Fields, catalog: &Catalog) -> Result<Self, AppError> {
        let mut set = Vec::new();
        for name in NAMES {
            let values = fields.0.iter().filter(|(n, v)| n == name && !v.trim().is_empty());
            let most = if name == "kind" { usize::MAX } else { 1 };
            set.extend(values.take(most).map(|(_, value)| (name, value.trim().to_owned())));
        }
        let mut query = Query { what, facets: true, ..Query::default() };
        let mut faults = Vec::new();
        for (name, value) in &set {
            if let Err(code) = put(&mut query, name, value, catalog) {
                let shown: String = value.chars().take(60).collect();
                faults.push(Fault::with(*name, code, shown));
            }
            if faults.len() == 10 {
                break;
            }
        }
        if faults.is_empty() { Ok(Self { query, path, set }) } else { Err(AppError::Invalid(faults)) }
    }

    /// The value of a filter; empty where it is not set.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.set.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }
    /// Whether a filter has this value.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.set.iter().any(|(n, v)| *n == name && v == value)
    }
    /// The filters that are set, without the words, the order and the place in the list.
    pub(crate) fn chosen(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let set = self.set.iter().map(|(name, value)| (*name, value.as_str()));
        set.filter(|(name, _)| !matches!(*name, "q" | "sort") && !is_place(name))
    }
    /// Names and values for the hidden fields of a form that sets some filters itself.
    pub(crate) fn kept(&self, own: &[&str]) -> Vec<(&'static str, String)> {
        let set = self.set.iter().filter(|(name, _)| !is_place(name) && !own.contains(name));
        set.cloned().collect()
    }

    /// The address with these filters changed: set to a value, or taken away. It leads to the first page.
    pub(crate) fn with(&self, changes: &[(&'static str, &str)]) -> String {
        let others = self.set.iter().map(|(name, value)| (*name, value.as_str()));
        let others = others.filter(|(name, _)| !is_place(name) && changes.iter().all(|(n, _)| n != name));
        let changes = changes.iter().copied().filter(|(_, value)| !value.is_empty());
        address(self.path, others.chain(changes))
    }
    /// The address without one value of a filter.
    pub(crate) fn without(&self, name: &str, value: &str) -> String {
        let others = self.set.iter().map(|(n, v)| (*n, v.as_str()));
        address(self.path, others.filter(|(n, v)| !(is_place(n) || *n == name && *v == value)))
    }
    /// The address with one more value of a filter that may have several.
    pub(crate) fn and(&self, name: &'static str, value: &str) -> String {
        let others = self.set.iter().map(|(n, v)| (*n, v.as_str())).filter(|(n, _)| !is_place(n));
        address(self.path, others.chain([(name, value)]))
    }
    /// The same filters at another address.
    pub(crate) fn at(&self, path: &str) -> String {
        address(path, self.set.iter().map(|(n, v)| (*n, v.as_str())).filter(|(n, _)| !is_place(n)))
    }

    /// The addresses of the first page, the one before and the one after this; empty where there
    /// is none.
    pub(crate) fn pages(&self, next: Option<&str>) -> Pages {
        let here = self.get("after");
        let mut trail: Vec<&str> = self.get(BACK).split(STEP).filter(|step| !step.is_empty()).collect();
        let forward = next.map_or_else(String::new, |next| {
            let steps: Vec<&str> = trail.iter().copied().chain([here]).filter(|step| !step.is_empty()).collect();
            let kept = steps[steps.len().saturating_sub(MOST_BACK)..].join(&STEP.to_string());
            self.with(&[("after", next), (BACK, &kept)])
        });
        if here.is_empty() {
            return Pages { next: forward, ..Pages::default() };
        }
        let before = trail.pop().unwrap_or_default();
        let previous = self.with(&[("after", before), (BACK, &trail.join(&STEP.to_string()))]);
        Pages { first: self.with(&[]), previous, next: forward }
    }
}

/// Where a list can be turned to.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    pub(crate) first: String,
    pub(crate) previous: String,
    pub(crate) next: String,
}

/// Whether a parameter says where in a list a page begins.
fn is_place(name: &str) -> bool {
    matches!(name, "after" | BACK)
}

/// An address of a path and names with values.
pub(crate) fn address<'a>(path: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = path.to_owned();
    for (place, (name, value)) in pairs.enumerate() {
        out.push(if place == 0 { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        out.extend(utf8_percent_encode(value, ENCODED));
    }
    out
}

/// Puts one filter into the question; `Err`: the code of what is wrong with it.
fn put(query: &mut Query, name: &str, value: &str, catalog: &Catalog) -> Result<(), &'static str> {
    let code = |taxonomy: &str| {
        let known = catalog.taxonomy(taxonomy).is_some_and(|t| t.get(value).is_some());
        if known { Ok(Some(value.to_owned())) } else { Err("unknown-code") }
    };
    match name {
        "q" if value.chars().count() > LONGEST_TEXT => return Err("too-long"),
        "q" => value.clone_into(&mut query.text),
        "side" => query.side = Some(side_of(value).ok_or("unknown-side")?),
        "kind" => {
            let known = match query.what {
                What::Listings => catalog.kinds.contains_key(value),
                What::Parties => party_kind(value).is_some(),
            };
            if !known {
                return Err("unknown-kind");
            }
            query.kinds.push(value.to_owned());
        }
        "region" => query.region = code("region")?,
        "industry" => query.industry = code("industry")?,
        "chain" => {
            let (taxonomy, node) = value.split_once(':').unwrap_or((value, ""));
            let found = catalog.taxonomy(taxonomy).filter(|_| is_chain(taxonomy));
            let known = found.is_some_and(|t| node.is_empty() || t.get(node).is_some());
            query.chain = Some(known.then(|| value.to_owned()).ok_or("unknown-code")?);
        }
        "maturity_min" => query.maturity = Some((level(value)?, query.maturity.map_or(9, |m| m.1))),
        "maturity_max" => query.maturity = Some((query.maturity.map_or(1, |m| m.0), level(value)?)),
        "price_max" => {
            let price = value.parse::<f64>().ok().filter(|p| p.is_finite() && *p >= 0.0);
            query.price_max = Some(price.ok_or("not-a-number")?);
        }
        "verified" => query.verified = Some(yes_or_no(value).ok_or("not-yes-or-no")?),
        "state" => {
            let state = ListingState::ALL.into_iter().find(|s| s.as_str() == value);
            query.states.push(state.ok_or("unknown-state")?);
        }
        "party" => query.party = Some(value.parse().map_err(|_| "unknown-party")?),
        "sort" => {
            query.sort = match value {
                "relevance" => Sort::Relevance,
                "newest" => Sort::Newest,
                _ => return Err("unknown-order"),
            }
        }
        BACK if value.chars().count() > LONGEST_TRAIL => return Err("too-long"),
        BACK => {}
        _ => query.after = Some(value.to_owned()),
    }
    Ok(())
}

/// Whether a taxonomy is an industry chain.
pub(crate) fn is_chain(taxonomy: &str) -> bool {
    taxonomy.starts_with("chain-")
}

fn side_of(word: &str) -> Option<Side> {
    [Side::Need, Side::Offer].into_iter().find(|side| side.as_str() == word)
}

/// The kind of a party by its word.
pub(crate) fn party_kind(word: &str) -> Option<PartyKind> {
    match word {
        ORGANIZATION => Some(PartyKind::Organization),
        PERSON => Some(PartyKind::Person),
        _ => None,
    }
}

fn level(word: &str) -> Result<u8, &'static str> {
    word.parse().ok().filter(|l| (1..=9).contains(l)).ok_or("not-a-level")
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(query: &str) -> Result<Filter, AppError> {
        let catalog = keqiao_catalog::builtin().unwrap();
        Filter::read("/hall", What::Listings, &Fields::parse(query.as_bytes()).unwrap(), &catalog)
    }

    #[test]
    fn an_address_keeps_the_other_filters_and_leaves_the_page() {
        let f = filter("q=a%26b&kind=chip&kind=result&region=320000&after=n1&lang=en&x=1").unwrap();
        assert_eq!(f.with(&[("region", "")]), "/hall?q=a%26b&kind=chip&kind=result");
        assert_eq!(f.without("kind", "chip"), "/hall?q=a%26b&kind=result&region=320000");
        assert_eq!(f.with(&[("after", "n2")]).matches("after=n2").count(), 1);
        assert_eq!(f.at("/hall.csv"), "/hall.csv?q=a%26b&kind=chip&kind=result&region=320000");
        assert_eq!(f.query.kinds, ["chip", "result"]);
        assert_eq!(f.query.after.as_deref(), Some("n1"));
    }

    #[test]
    fn the_way_back_leads_over_the_same_pages() {
        let first = filter("kind=chip").unwrap();
        assert_eq!(first.pages(None).previous, "");
        let mut address = first.pages(Some("n1")).next;
        let mut seen = vec!["/hall?kind=chip".to_owned()];
        for next in ["n2", "n3", "n4"] {
            seen.push(address.clone());
            address = filter(address.split_once('?').unwrap().1).unwrap().pages(Some(next)).next;
        }
        while let Some(expected) = seen.pop() {
            let pages = filter(address.split_once('?').unwrap().1).unwrap().pages(None);
            assert_eq!((pages.previous.as_str(), pages.first.as_str()), (expected.as_str(), "/hall?kind=chip"));
            address = pages.previous;
        }
        // Another filter begins at the first page.
        let third = filter("kind=chip&after=n2&back=n1").unwrap();
        assert_eq!(third.with(&[("kind", "result")]), "/hall?kind=result");
        let far = filter(&format!("after=x&back={}", vec!["n1"; 60].join("."))).unwrap();
        assert_eq!(far.pages(Some("y")).next.matches("n1").count(), MOST_BACK - 1);
    }

    #[test]
    fn a_value_that_means_nothing_is_refused_by_name() {
        for query in [
            "side=both",
            "kind=nothing",
            "region=12",
            "industry=Q9",
            "chain=region:320000",
            "maturity_min=0",
            "maturity_max=ten",
            "price_max=-1",
            "price_max=NaN",
            "verified=maybe",
            "state=gone",
            "party=7",
            "sort=best",
        ] {
            let Err(AppError::Invalid(faults)) = filter(query) else { panic!("{query} was taken") };
            assert_eq!(faults[0].field, query.split('=').next().unwrap());
        }
    }

    #[test]
    fn levels_and_price_make_a_range() {
        let f = filter("maturity_min=3&maturity_max=6&price_max=5e4&chain=chain-ic&verified=1").unwrap();
        assert_eq!((f.query.maturity, f.query.price_max), (Some((3, 6)), Some(50_000.0)));
        assert_eq!((f.query.chain.as_deref(), f.query.verified), (Some("chain-ic"), Some(true)));
        assert_eq!(filter("maturity_min=8").unwrap().query.maturity, Some((8, 9)));
    }
}
