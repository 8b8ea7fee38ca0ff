//! The corpus of `queries.toml` and an index over it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use keqiao_catalog::{
    Catalog, Choice, Field, Kind, LocalName, MeetRule, Node, Property, PropertyType, Taxonomy, Thesaurus, Unit,
};
use keqiao_domain::{
    AccountId, Attributes, Audience, Contact, Listing, ListingContent, ListingId, ListingState, Party, PartyId,
    PartyKind, RecordId, Side, Tier, Timestamp,
};
use keqiao_matching::{Lexicon, Need};
use keqiao_search::{IndexOp, ListingDoc, PartyDoc, Reader, SearchError, SearchIndex};
use keqiao_text::Text;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Corpus {
    #[serde(rename = "party")]
    parties: Vec<PartyEntry>,
    #[serde(rename = "listing")]
    listings: Vec<ListingEntry>,
    #[serde(rename = "case")]
    pub(crate) cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyEntry {
    id: u128,
    name: String,
    #[serde(default = "organization")]
    kind: PartyKind,
    #[serde(default)]
    aliases: Vec<String>,
    region: Option<String>,
    industry: Option<String>,
    summary: String,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListingEntry {
    id: u128,
    #[serde(default = "offer")]
    side: Side,
    party: u128,
    title: String,
    summary: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    tier: Tier,
    #[serde(default)]
    annex: String,
    kind: String,
    #[serde(default)]
    keywords: Vec<String>,
    region: Option<String>,
    industry: Option<String>,
    #[serde(default)]
    chain: Vec<String>,
    #[serde(default)]
    attributes: Attributes,
    #[serde(default = "published")]
    state: ListingState,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) what: String,
    pub(crate) side: Option<Side>,
    pub(crate) kinds: Vec<String>,
    pub(crate) region: Option<String>,
    pub(crate) industry: Option<String>,
    pub(crate) chain: Option<String>,
    pub(crate) maturity: Option<(u8, u8)>,
    pub(crate) price_max: Option<f64>,
    pub(crate) states: Vec<ListingState>,
    pub(crate) verified: Option<bool>,
    pub(crate) party: Option<u128>,
    pub(crate) reader: String,
    pub(crate) find: Vec<u128>,
    pub(crate) miss: Vec<u128>,
    pub(crate) first: Option<u128>,
    pub(crate) total: Option<u64>,
    pub(crate) did_you_mean: Option<String>,
}

fn organization() -> PartyKind {
    PartyKind::Organization
}
fn offer() -> Side {
    Side::Offer
}
fn published() -> ListingState {
    ListingState::Published
}

/// Listings and parties have ids of their own number.
pub(crate) fn listing_id(number: u128) -> ListingId {
    ListingId(RecordId::from_u128(number))
}
pub(crate) fn party_id(number: u128) -> PartyId {
    PartyId(RecordId::from_u128(number))
}
pub(crate) fn number(id: RecordId) -> u128 {
    id.as_u128()
}

/// `visitor` (or nothing), `member`, `org:<n>`, `operator`.
pub(crate) fn reader(word: &str) -> Reader {
    let account = Audience::Account(AccountId(RecordId::from_u128(9))).to_string();
    let member = vec![Audience::Public.to_string(), Audience::Member.to_string(), account];
    match word.split_once(':') {
        Some(("org", n)) => {
            let own = Audience::Organization(party_id(n.parse().unwrap())).to_string();
            Reader { tokens: Some([member, vec![own]].concat()), member: true }
        }
        _ if word == "operator" => Reader { tokens: None, member: true },
        _ if word == "member" => Reader { tokens: Some(member), member: true },
        _ => Reader { tokens: Some(vec![Audience::Public.to_string()]), member: false },
    }
}

/// How many documents have a term, deleted ones among them.
pub(crate) fn frequency(dir: &Path, field: &str, term: &str) -> u64 {
    let index = tantivy::Index::open_in_dir(dir).unwrap();
    let field = index.schema().get_field(field).unwrap();
    let searcher = index.reader().unwrap().searcher();
    searcher.doc_freq(&tantivy::Term::from_field_text(field, term)).unwrap()
}

static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(catalog()));
static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(CATALOG.clone(), TEXT.clone()));
static TEXT: LazyLock<Arc<Text>> = LazyLock::new(|| Arc::new(Text::for_catalog(&CATALOG)));

impl Corpus {
    pub(crate) fn read() -> Self {
        toml::from_str(include_str!("../queries.toml")).unwrap()
    }

    pub(crate) fn create(&self, dir: &Path) -> SearchIndex {
        SearchIndex::create_in(dir, Arc::clone(&CATALOG), Arc::clone(&TEXT)).unwrap()
    }

    pub(crate) fn open(&self, dir: &Path) -> Result<SearchIndex, SearchError> {
        SearchIndex::open(dir, Arc::clone(&CATALOG), Arc::clone(&TEXT))
    }

    /// An index with all records, in two commits so that there is more than one segment.
    pub(crate) fn index(&self) -> (tempfile::TempDir, SearchIndex) {
        let dir = tempfile::tempdir().unwrap();
        let index = self.open(dir.path()).unwrap();
        assert_eq!((index.cursor(), index.num_docs()), (0, 0));
        let mut ops = self.ops();
        let rest = ops.split_off(ops.len() / 2);
        index.apply(ops, 1).unwrap();
        index.apply(rest, 2).unwrap();
        (dir, index)
    }

    pub(crate) fn ops(&self) -> Vec<IndexOp> {
        let parties =
            self.parties.iter().map(|p| IndexOp::Party(Box::new(PartyDoc { party: self.party(p.id), listings: 3 })));
        let listings = self.listings.iter().map(|l| IndexOp::Listing(Box::new(self.listing(l.id))));
        listings.chain(parties).collect()
    }

    fn party(&self, id: u128) -> Party {
        let entry = self.parties.iter().find(|p| p.id == id).unwrap();
        Party {
            id: party_id(id),
            kind: entry.kind,
            name: entry.name.clone(),
            aliases: entry.aliases.clone(),
            uscc: None,
            orcid: None,
            external_id: None,
            region: entry.region.clone(),
            industry: entry.industry.clone(),
            summary: entry.summary.clone(),
            website: String::new(),
            keywords: entry.keywords.clone(),
            contact: Contact { phone: "13900000000".into(), ..Contact::default() },
            verified_at: entry.verified.then(|| Timestamp::from_micros(1)),
            demo: true,
            created_by: None,
            version: 1,
            created_at: Timestamp::from_micros(1),
            updated_at: Timestamp::from_micros(1),
        }
    }

    pub(crate) fn listing(&self, id: u128) -> ListingDoc {
        let entry = self.listings.iter().find(|l| l.id == id).unwrap();
        // The ties 501–503 were published in one moment.
        let time = Timestamp::from_micros(if id > 500 { 500 } else { id as i64 });
        let listing = Listing {
            id: listing_id(id),
            side: entry.side,
            party: party_id(entry.party),
            author: None,
            content: ListingContent {
                kind: entry.kind.clone(),
                title: entry.title.clone(),
                summary: entry.summary.clone(),
                body: entry.body.clone(),
                details_tier: entry.tier,
                annex: entry.annex.clone(),
                keywords: entry.keywords.clone(),
                attributes: entry.attributes.clone(),
                wishes: Vec::new(),
                region: entry.region.clone(),
                industry: entry.industry.clone(),
                chain: entry.chain.clone(),
            },
            state: entry.state,
            version: 1,
            external_id: None,
            demo: true,
            expires_at: None,
            published_at: (entry.state == ListingState::Published).then_some(time),
            created_at: time,
            updated_at: time,
        };
        ListingDoc { listing, party: self.party(entry.party), attachments: 0 }
    }
}

fn name(zh: &str) -> LocalName {
    LocalName { zh: zh.into(), en: zh.into() }
}

fn property(id: &str, zh: &str, ty: PropertyType, choices: &[(&str, &str)]) -> Property {
    Property {
        id: id.into(),
        name: name(zh),
        synonyms: Vec::new(),
        ty,
        unit: (ty == PropertyType::Quantity).then(|| "万元".into()),
        meet: MeetRule::Shown,
        soft: false,
        choices: choices
            .iter()
            .map(|(id, zh)| Choice { id: (*id).into(), name: name(zh), synonyms: Vec::new() })
            .collect(),
    }
}

fn kind(id: &str) -> Kind {
    let field = |property: &str, tier| Field { property: property.into(), required_on: Vec::new(), facet: true, tier };
    Kind {
        id: id.into(),
        name: name(id),
        hint: LocalName::default(),
        sides: vec![Side::Need, Side::Offer],
        answered_by: Vec::new(),
        fields: vec![
            field("maturity", Tier::Public),
            field("price", Tier::Public),
            field("standard", Tier::Public),
            field("package", Tier::Public),
            field("yield", Tier::Member),
            field("cost-floor", Tier::Confidential),
        ],
        samples: Vec::new(),
        order: 0,
    }
}

fn tree(id: &str, nodes: &[(&str, &str, &str)]) -> Taxonomy {
    let mut tree = Taxonomy { id: id.into(), name: name(id), ..Taxonomy::default() };
    for (code, zh, parent) in nodes {
        let depth = tree.get(parent).map_or(0, |p| p.depth + 1);
        tree.by_code.insert((*code).into(), tree.nodes.len());
        tree.nodes.push(Node {
            code: (*code).into(),
            name: name(zh),
            parent: (!parent.is_empty()).then(|| (*parent).into()),
            depth,
        });
    }
    tree
}

fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    let unit = |factor| Arc::new(Unit { symbol: "元".into(), dimension: "money-cny".into(), factor, offset: 0.0 });
    catalog.units.by_symbol = HashMap::from([("元".to_owned(), unit(1.0)), ("万元".to_owned(), unit(10_000.0))]);
    let kinds = ["chip", "technology", "product", "test-service", "expertise", "equipment", "material", "volunteer"];
    catalog.kinds = kinds.iter().map(|id| ((*id).to_owned(), kind(id))).collect();
    let packages = [("qfn", "方形扁平无引脚"), ("bga", "球栅阵列")];
    let properties = [
        property("maturity", "技术成熟度", PropertyType::Number, &[]),
        property("price", "价格", PropertyType::Quantity, &[]),
        property("standard", "通过标准", PropertyType::Standard, &[]),
        property("package", "封装形式", PropertyType::Choice, &packages),
        property("yield", "良品", PropertyType::Text, &[]),
        property("cost-floor", "底价", PropertyType::Text, &[]),
    ];
    catalog.properties = properties.into_iter().map(|p| (p.id.clone(), p)).collect();
    let regions = [
        ("110000", "北京市", ""),
        ("320000", "江苏省", ""),
        ("320200", "无锡市", "320000"),
        ("320214", "新吴区", "320200"),
        ("500000", "重庆市", ""),
        ("510000", "四川省", ""),
        ("510100", "成都市", "510000"),
    ];
    let industries =
        [("C", "制造业", ""), ("C38", "电气机械", "C"), ("C39", "计算机、通信", "C"), ("C3973", "集成电路制造", "C39")];
    let ic = [("design", "设计", ""), ("design-analog", "模拟", "design"), ("packaging", "封测", "")];
    let hydrogen = [("make", "制", ""), ("store", "储", ""), ("use", "用", "")];
    let trees = [
        tree("region", &regions),
        tree("industry", &industries),
        tree("chain-ic", &ic),
        tree("chain-hydrogen", &hydrogen),
    ];
    catalog.taxonomies = trees.into_iter().map(|t| (t.id.clone(), t)).collect::<BTreeMap<_, _>>();
    let groups: [&[&str]; 4] =
        [&["碳化硅", "SiC", "Silicon Carbide"], &["氮化镓", "GaN"], &["质子交换膜", "PEM"], &["燃料电池", "Fuel Cell"]];
    let groups = groups.iter().map(|g| g.iter().map(|w| (*w).to_owned()).collect()).collect();
    catalog.thesaurus = Thesaurus { groups, ..Thesaurus::default() };
    catalog
}

/// A text as a need, weighed by an index.
pub(crate) fn need(text: &str, index: &SearchIndex) -> Need {
    let mut need = Need::from_text(text, &LEXICON);
    need.weigh(index);
    need
}
