//! The catalog as the rest of the house sees it: read, checked, indexed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use keqiao_domain::{Attributes, ContractRules, DeclineReason, ProgramType, Side, Tier, Workflow, WorkstationRules};

pub use keqiao_domain::LocalName;

/// What a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PropertyType {
    /// An interval with a unit.
    Quantity,
    /// A plain number without unit (pieces, channels, level).
    Number,
    /// Names from a list of choices.
    Choice,
    /// Standards, with grade where the standard has grades.
    Standard,
    /// Yes or no.
    Bool,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// Words.
    Text,
}

/// How an offer's value meets a need's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeetRule {
    /// The offer's interval holds the need's whole (operating temperature); of choices,
    /// the offer has all the need names (test items).
    Covers,
    /// The offer's value is the need's lower bound or more (purity, capacity).
    AtLeast,
    /// The offer's value is the need's upper bound or less (resistance, price, lead time).
    AtMost,
    /// The same value, or an interval inside the need's (supply voltage, wafer size).
    Equals,
    /// At least one of the need's choices.
    AnyOf,
    /// The standard, at the need's grade or a stricter one.
    MeetsStandard,
    /// Only shown, never judged (a free text).
    Shown,
}

/// One choice of a choice property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// Its names.
    pub name: LocalName,
    /// Other words for it, as they stand in texts.
    pub synonyms: Vec<String>,
}

/// A property of the vocabulary.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Its id, `operating-temperature`.
    pub id: String,
    /// Its names.
    pub name: LocalName,
    /// Other words for it, as they stand in texts (`工作温度`, `使用温度范围`, `Tj`).
    pub synonyms: Vec<String>,
    /// What it holds.
    pub ty: PropertyType,
    /// The unit values are shown in; a symbol of [`Units`]. Quantities only.
    pub unit: Option<String>,
    /// How an offer's value meets a need's.
    pub meet: MeetRule,
    /// Whether a need's value is always a wish: what two sides settle when they talk
    /// (mode of cooperation, place) keeps no offer away.
    pub soft: bool,
    /// The choices. Choice properties only.
    pub choices: Vec<Choice>,
}

/// A property as a field of a kind's form.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Property id.
    pub property: String,
    /// Sides on which the field must be filled before review.
    pub required_on: Vec<Side>,
    /// Whether the hall offers it as a facet.
    pub facet: bool,
    /// Who reads it.
    pub tier: Tier,
}

/// An example listing of a kind, shown in help and used as a test fixture.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Need or offer.
    pub side: Side,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Its attributes.
    pub attributes: Attributes,
}

/// A kind 品类 of listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// Its id, `chip`.
    pub id: String,
    /// Its names.
    pub name: LocalName,
    /// One sentence for whoever chooses a kind.
    pub hint: LocalName,
    /// Sides on which it can stand.
    pub sides: Vec<Side>,
    /// Kinds of offers that answer a need of this kind; empty: any.
    pub answered_by: Vec<String>,
    /// The fields of its form in their order.
    pub fields: Vec<Field>,
    /// Examples.
    pub samples: Vec<Sample>,
    /// Its place in lists.
    pub order: i64,
}

/// One unit: `value_in_base = value * factor + offset`.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its first symbol, by which it is shown.
    pub symbol: String,
    /// What it measures (`temperature`, `electric-resistance`, `money-cny`).
    pub dimension: String,
    /// Factor to the dimension's base unit.
    pub factor: f64,
    /// Offset to the base unit (℃ → K: 273.15).
    pub offset: f64,
}

/// All units, found by any of their symbols.
#[derive(Debug, Clone, Default)]
pub struct Units {
    /// Symbol as written (`℃`, `°C`, `摄氏度`) → unit. Case matters where it means something (mΩ, MΩ).
    pub by_symbol: HashMap<String, Arc<Unit>>,
    symbols: OnceLock<Symbols>,
}

/// Symbols by the character that they begin with.
#[derive(Debug, Clone, Default)]
struct Symbols {
    by_first: HashMap<char, Vec<Symbol>>,
    longest: usize,
}

/// A symbol and its characters.
#[derive(Debug, Clone)]
pub struct Symbol {
    /// As written.
    pub text: Box<str>,
    /// Its characters.
    pub chars: Box<[char]>,
}

impl Units {
    /// A table of these symbols.
    #[must_use]
    pub fn new(by_symbol: HashMap<String, Arc<Unit>>) -> Self {
        Self { by_symbol, symbols: OnceLock::new() }
    }
    /// Characters of the longest symbol when one was first looked for.
    #[must_use]
    pub fn longest_symbol(&self) -> usize {
        self.symbols().longest
    }
    /// The symbols that begin with a character when one was first looked for, the longest first.
    #[must_use]
    pub fn beginning_with(&self, first: char) -> &[Symbol] {
        self.symbols().by_first.get(&first).map_or(&[], Vec::as_slice)
    }
    fn symbols(&self) -> &Symbols {
        self.symbols.get_or_init(|| {
            let mut symbols = Symbols::default();
            for text in self.by_symbol.keys() {
                let chars: Box<[char]> = text.chars().collect();
                symbols.longest = symbols.longest.max(chars.len());
                if let Some(first) = chars.first() {
                    let symbol = Symbol { text: text.as_str().into(), chars: chars.clone() };
                    symbols.by_first.entry(*first).or_default().push(symbol);
                }
            }
            symbols.by_first.values_mut().for_each(|all| all.sort_by_key(|s| std::cmp::Reverse(s.chars.len())));
            symbols
        })
    }
    /// The unit of a symbol.
    #[must_use]
    pub fn get(&self, symbol: &str) -> Option<&Unit> {
        self.by_symbol.get(symbol).map(|u| &**u)
    }
    /// A value in another unit; `None` when a symbol is unknown or the dimensions differ.
    #[must_use]
    pub fn convert(&self, value: f64, from: &str, to: &str) -> Option<f64> {
        if from == to {
            return Some(value);
        }
        let (from, to) = (self.get(from)?, self.get(to)?);
        if from.dimension != to.dimension {
            return None;
        }
        Some((value * from.factor + from.offset - to.offset) / to.factor)
    }
}

/// A node of a taxonomy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its code (`320200`, `C3973`, `packaging`).
    pub code: String,
    /// Its names; where no English name is known, the Chinese or pinyin.
    pub name: LocalName,
    /// The code of the node above it.
    pub parent: Option<String>,
    /// How deep it stands, from 0.
    pub depth: usize,
}

/// A tree of codes: regions, industries, industry chains.
#[derive(Debug, Clone, Default)]
pub struct Taxonomy {
    /// Its id: `region`, `industry`, `chain-ic`, `chain-hydrogen`.
    pub id: String,
    /// Its names.
    pub name: LocalName,
    /// All nodes, parents before children.
    pub nodes: Vec<Node>,
    /// Code → place in `nodes`.
    pub by_code: HashMap<String, usize>,
}

impl Taxonomy {
    /// The node of a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Node> {
        self.by_code.get(code).map(|&i| &self.nodes[i])
    }
    /// The code itself and all above it, the nearest first.
    #[must_use]
    pub fn ancestry(&self, code: &str) -> Vec<&Node> {
        let mut out = Vec::new();
        let mut next = self.get(code);
        while let Some(node) = next {
            out.push(node);
            next = node.parent.as_deref().and_then(|p| self.get(p));
        }
        out
    }
    /// The nodes right below a code; `None`: the roots.
    #[must_use]
    pub fn children(&self, code: Option<&str>) -> Vec<&Node> {
        self.nodes.iter().filter(|n| n.parent.as_deref() == code).collect()
    }
    /// The deepest node that is or holds both codes.
    #[must_use]
    pub fn common(&self, a: &str, b: &str) -> Option<&Node> {
        let above = self.ancestry(a);
        self.ancestry(b).into_iter().find(|n| above.iter().any(|m| m.code == n.code))
    }
}

/// A published standard 标准.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Its id as people write it, `AEC-Q100`.
    pub id: String,
    /// Its title.
    pub name: LocalName,
    /// Other spellings (`AECQ100`, `AEC Q100`).
    pub aliases: Vec<String>,
    /// Its grades, the strictest first (`Grade 0`, `Grade 1`, …): one covers all after it.
    /// Empty: no grades.
    pub grades: Vec<Grade>,
}

/// A grade of a standard: its id and other spellings.
pub type Grade = (String, Vec<String>);

/// Groups of words that mean the same.
#[derive(Debug, Clone, Default)]
pub struct Thesaurus {
    /// The groups.
    pub groups: Vec<Vec<String>>,
    /// Lower-case word → places in `groups`.
    pub by_word: HashMap<String, Vec<usize>>,
}

/// An area that is several regions: 长三角.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// What texts call it.
    pub names: Vec<String>,
    /// The codes of its regions.
    pub regions: Vec<String>,
}

/// What is done within a time: 三个月内交货.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The words for it.
    pub words: Vec<String>,
    /// The property that the time is.
    pub property: String,
}

/// The whole catalog.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Kinds by id.
    pub kinds: BTreeMap<String, Kind>,
    /// Properties by id.
    pub properties: BTreeMap<String, Property>,
    /// Units.
    pub units: Units,
    /// Taxonomies by id.
    pub taxonomies: BTreeMap<String, Taxonomy>,
    /// Standards by id.
    pub standards: BTreeMap<String, Standard>,
    /// The thesaurus.
    pub thesaurus: Thesaurus,
    /// Areas of several regions.
    pub areas: Vec<Area>,
    /// What is done within a time.
    pub deeds: Vec<Deed>,
    /// Workflows by id.
    pub workflows: BTreeMap<String, Workflow>,
    /// Sorts of programs, by id.
    pub programs: BTreeMap<String, ProgramType>,
    /// Why an engagement may be declined, in the order in which they are offered.
    pub decline_reasons: Vec<DeclineReason>,
    /// What is asked of technology contracts.
    pub contracts: ContractRules,
    /// What holds for expert workstations.
    pub workstations: WorkstationRules,
}

impl Catalog {
    /// Kinds in the order in which they are listed.
    #[must_use]
    pub fn kinds_in_order(&self) -> Vec<&Kind> {
        let mut kinds: Vec<&Kind> = self.kinds.values().collect();
        kinds.sort_by_key(|k| (k.order, k.id.clone()));
        kinds
    }
    /// Who reads a property of a listing of this kind. One the kind has no field for is for
    /// members: another kind may hold it confidential, and nobody has said that here it is not.
    #[must_use]
    pub fn tier_of(&self, kind: &str, property: &str) -> Tier {
        let field = self.kinds.get(kind).and_then(|k| k.fields.iter().find(|f| f.property == property));
        field.map_or(Tier::Member, |f| f.tier)
    }
    /// A taxonomy that the built-in catalog always has, or an empty one.
    #[must_use]
    pub fn taxonomy(&self, id: &str) -> Option<&Taxonomy> {
        self.taxonomies.get(id)
    }
}
