//! What is asked of the index and what it answers.

use keqiao_domain::{ListingId, ListingState, PartyId, RecordId, Side, Viewer};
use keqiao_matching::MatchView;
use keqiao_matching::retrieval::Seen;
use serde::{Deserialize, Serialize};

use crate::document::Card;

/// Why the index could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index is of another schema, or damaged: build it anew.
    #[error("the search index must be rebuilt: {0}")]
    NeedsRebuild(String),
    /// The disk refused.
    #[error("search index I/O: {0}")]
    Io(#[from] std::io::Error),
    /// Tantivy refused.
    #[error("search index: {0}")]
    Engine(#[from] tantivy::TantivyError),
    /// A record could not be kept or read back.
    #[error("search index record: {0}")]
    Record(#[from] serde_json::Error),
    /// `after` is not a cursor of this query's order.
    #[error("not a cursor of this query")]
    BadCursor,
    /// More values in one filter than [`Query::MAX_FILTER_VALUES`].
    #[error("too many filter values")]
    TooManyFilters,
}

/// Who reads, as far as the index must know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// Audience tokens; `None`: sees every record.
    pub tokens: Option<Vec<String>>,
    /// Whether the member tier may be read and searched.
    pub member: bool,
}

impl Reader {
    /// The reader that a viewer is.
    #[must_use]
    pub fn of(viewer: &Viewer) -> Self {
        Self { tokens: viewer.tokens(), member: viewer.is_member() }
    }
}

/// Which records are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Needs and offers.
    #[default]
    Listings,
    /// Organizations and persons.
    Parties,
}

/// In which order hits stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Best first; without a text: newest first.
    #[default]
    Relevance,
    /// Newest first.
    Newest,
}

/// A question. An empty list or `None` does not filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Words as typed; blank: everything the filters let through, newest first.
    pub text: String,
    /// Listings or parties.
    pub what: What,
    /// Need or offer.
    pub side: Option<Side>,
    /// Kind ids; for parties `organization`, `person`.
    pub kinds: Vec<String>,
    /// Region code; holds all below it.
    pub region: Option<String>,
    /// Industry code; holds all below it.
    pub industry: Option<String>,
    /// Chain (`chain-ic`) or node of one (`chain-ic:design`); holds all below it.
    pub chain: Option<String>,
    /// Lowest and highest maturity level.
    pub maturity: Option<(u8, u8)>,
    /// Highest price in yuan; a listing passes when its lowest price is not above.
    pub price_max: Option<f64>,
    /// States; empty: any state that the reader sees.
    pub states: Vec<ListingState>,
    /// Only verified parties, or only others.
    pub verified: Option<bool>,
    /// Only records of this party.
    pub party: Option<PartyId>,
    /// The order.
    pub sort: Sort,
    /// Hits per page, at most [`Query::MAX_LIMIT`].
    pub limit: usize,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Whether facets are counted.
    pub facets: bool,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            text: String::new(),
            what: What::Listings,
            side: None,
            kinds: Vec::new(),
            region: None,
            industry: None,
            chain: None,
            maturity: None,
            price_max: None,
            states: Vec::new(),
            verified: None,
            party: None,
            sort: Sort::Relevance,
            limit: 20,
            after: None,
            facets: false,
        }
    }
}

impl Query {
    /// Most hits on one page.
    pub const MAX_LIMIT: usize = 100;
    /// Most values in one filter.
    pub const MAX_FILTER_VALUES: usize = 64;
}

/// Code → number of records, the most frequent first. Each facet is counted
/// with all filters but its own applied, so it shows what another choice would give.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// `need`, `offer`.
    pub side: Vec<(String, u64)>,
    /// Kind ids.
    pub kind: Vec<(String, u64)>,
    /// Regions right below the chosen one (none chosen: provinces; a leaf: itself).
    pub region: Vec<(String, u64)>,
    /// Industries right below the chosen one (none chosen: sections).
    pub industry: Vec<(String, u64)>,
    /// Chain nodes right below the chosen one (none chosen: the chains).
    pub chain: Vec<(String, u64)>,
    /// Maturity levels `1`…`9`.
    pub maturity: Vec<(String, u64)>,
    /// `true`, `false`.
    pub verified: Vec<(String, u64)>,
    /// States.
    pub state: Vec<(String, u64)>,
}

/// One record found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// Its id.
    pub id: RecordId,
    /// BM25 score; 0 without a text or when sorted by time.
    pub score: f32,
    /// What a list shows of it.
    pub card: Card,
    /// Ranges of characters of the card's title that met the query.
    pub title_marks: Vec<(usize, usize)>,
    /// The piece of its text that meets the query best.
    pub snippet: String,
    /// Ranges of characters of the snippet that met the query.
    pub snippet_marks: Vec<(usize, usize)>,
}

/// One page of hits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The hits.
    pub hits: Vec<Hit>,
    /// How many records meet text and filters, on all pages together.
    pub total: u64,
    /// Counts, when asked for.
    pub facets: Facets,
    /// Cursor of the page after; `None`: this is the last.
    pub next: Option<String>,
    /// The query with known words in place of unknown ones, when few records were found.
    pub did_you_mean: Option<String>,
}

/// Who is asked for an answer. Only published listings are candidates.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateQuery {
    /// The side of the candidates.
    pub side: Side,
    /// Kinds of the candidates; empty: any.
    pub kinds: Vec<String>,
    /// A listing that is no candidate.
    pub exclude: Option<ListingId>,
    /// A party whose listings are no candidates.
    pub exclude_party: Option<PartyId>,
    /// How many at most.
    pub limit: usize,
}

/// One candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its id.
    pub id: ListingId,
    /// What the channels of retrieval say of it, 0–1.
    pub score: f32,
    /// What matching needs of it, cut to what the reader may read.
    pub view: MatchView,
    /// Its card as it is stored: most candidates are dropped before a list shows them.
    pub(crate) card: String,
    /// Tells one content of its stored view from another.
    pub(crate) fingerprint: u64,
    /// What the channels say of it, where its reader reads of it just what anybody may.
    pub(crate) seen: Option<Seen>,
    /// Whether the reader may read all that matching knows of it.
    pub(crate) whole: bool,
    /// Whether the reader reads more of it than anybody may.
    pub(crate) more: bool,
}

impl Candidate {
    /// With what the channels say of its passage.
    pub(crate) fn seen_as(mut self, seen: Seen) -> Self {
        self.seen = (!self.more).then_some(seen);
        self
    }

    /// What a list shows of it.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn card(&self) -> Result<Card, SearchError> {
        Ok(serde_json::from_str(&self.card)?)
    }
}
