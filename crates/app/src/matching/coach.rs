//! The coach: how a text stands on the review criteria while it is written.

use keqiao_catalog::{Catalog, Field, MeetRule, Property, Units};
use keqiao_domain::{CRITERIA, Criterion, ListingContent, Side};
use keqiao_matching::{Lexicon, read_text};
use keqiao_text::Text;

use crate::{App, AppError};

/// Words that tell a benefit or a use.
const BENEFIT_CUES: [&str; 20] = [
    "提高",
    "提升",
    "降低",
    "减少",
    "节约",
    "节省",
    "替代",
    "缩短",
    "解决",
    "实现",
    "应用于",
    "适用于",
    "用于",
    "优势",
    "效益",
    "成本",
    "效率",
    "良率",
    "国产化",
    "达到",
];
/// Words that tell the way to a deal.
const FEASIBILITY_CUES: [&str; 18] = [
    "合作", "转让", "许可", "开发", "量产", "中试", "样品", "小试", "专利", "交付", "预算", "报价", "周期", "验收",
    "联系", "提供", "付款", "入股",
];

/// Advice on one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionAdvice {
    /// Which.
    pub criterion: Criterion,
    /// 0–5, an estimate of what a reviewer would give.
    pub score: u8,
    /// Message keys of what would help most.
    pub advice: Vec<&'static str>,
    /// Property ids that the kind asks for and that neither fields nor text give.
    pub missing: Vec<String>,
}

/// The coach's report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoachReport {
    /// One for each criterion.
    pub criteria: Vec<CriterionAdvice>,
    /// The sum, 0–20.
    pub total: u8,
}

/// Looks at a text as a reviewer would. It estimates; people decide.
///
/// # Errors
/// `Internal`.
pub async fn coach(app: &App, side: Side, content: &ListingContent) -> Result<CoachReport, AppError> {
    let (text, lexicon, content) = (app.text.clone(), app.lexicon.clone(), content.clone());
    app.work.run(move || look(&text, &lexicon, side, &content)).await
}

fn look(text: &Text, lexicon: &Lexicon, side: Side, content: &ListingContent) -> CoachReport {
    let catalog = lexicon.catalog();
    let said = format!("{}\n{}\n{}", content.title, content.summary, content.body);
    let folded = text.fold_str(&said);
    let reading = read_text(&said, lexicon);
    let has = |property: &str| {
        content.attributes.contains_key(property) || reading.requirements.iter().any(|r| r.property == property)
    };
    let named = content.attributes.keys().chain(reading.requirements.iter().map(|r| &r.property));
    let given: Vec<&Property> = named.filter_map(|id| catalog.properties.get(id)).collect();
    let numbers = reading.requirements.len() + content.attributes.len();
    let missing = missing_fields(catalog, side, content, &has);
    let criteria: Vec<CriterionAdvice> = CRITERIA
        .iter()
        .map(|&criterion| match criterion {
            Criterion::Clarity => clarity(content, &folded),
            Criterion::Specificity => specificity(numbers, missing.clone()),
            Criterion::Benefit => cues(criterion, &folded, &BENEFIT_CUES, "coach-say-benefit"),
            Criterion::Feasibility => {
                let known = TERMS.iter().filter(|term| given.iter().any(|p| term.is(p, &catalog.units))).count();
                let mut advice = cues(criterion, &folded, &FEASIBILITY_CUES, "coach-say-terms");
                advice.score = (advice.score + u8::try_from(known).unwrap_or(0)).min(5);
                let wanted = asks_for_price(catalog, &content.kind);
                if wanted && !given.iter().any(|p| Term::Price.is(p, &catalog.units)) {
                    advice.advice.push(if side == Side::Need { "coach-give-budget" } else { "coach-give-price" });
                }
                advice
            }
        })
        .collect();
    let total = criteria.iter().map(|c| c.score).sum();
    CoachReport { criteria, total }
}

/// A term of a deal, known by what its property measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    /// Money of which less is better: a price, a unit price, a budget.
    Price,
    /// How long it takes, in units of an hour or more.
    Time,
    /// How far the technology has come.
    Maturity,
}

const TERMS: [Term; 3] = [Term::Price, Term::Time, Term::Maturity];
const HOUR_SECONDS: f64 = 3_600.0;

impl Term {
    fn is(self, property: &Property, units: &Units) -> bool {
        let unit = property.unit.as_deref().and_then(|u| units.get(u));
        let measures = |dimension: &str| unit.is_some_and(|u| u.dimension == dimension);
        let less_is_better = property.meet == MeetRule::AtMost;
        match self {
            Self::Price => less_is_better && measures("money-cny"),
            Self::Time => less_is_better && measures("time") && unit.is_some_and(|u| u.factor >= HOUR_SECONDS),
            Self::Maturity => property.id == "maturity",
        }
    }
}

/// Whether listings of a kind have a price; of no kind yet: they may.
fn asks_for_price(catalog: &Catalog, kind: &str) -> bool {
    let properties = |fields: &[Field]| {
        let mut known = fields.iter().filter_map(|f| catalog.properties.get(&f.property));
        known.any(|p| Term::Price.is(p, &catalog.units))
    };
    catalog.kinds.get(kind).is_none_or(|k| properties(&k.fields))
}

fn clarity(content: &ListingContent, folded: &str) -> CriterionAdvice {
    let title = content.title.chars().count();
    let body = content.body.chars().count();
    let mut advice = Vec::new();
    let mut score = 0;
    if (8..=60).contains(&title) {
        score += 2;
    } else {
        advice.push(if title < 8 { "coach-title-short" } else { "coach-title-long" });
        score += u8::from(title >= 4);
    }
    score += match body {
        0..20 => 0,
        20..80 => 1,
        _ => 2,
    };
    if body < 80 {
        advice.push("coach-body-short");
    }
    if content.summary.chars().count() >= 10 {
        score += 1;
    } else {
        advice.push("coach-summary");
    }
    // A wall of text without a full stop is hard to read.
    if body > 200 && !folded.contains(['。', '.', ';', '；', '\n']) {
        score = score.saturating_sub(1);
        advice.push("coach-sentences");
    }
    CriterionAdvice { criterion: Criterion::Clarity, score, advice, missing: Vec::new() }
}

fn specificity(numbers: usize, missing: Vec<String>) -> CriterionAdvice {
    let score = u8::try_from(numbers.min(5)).unwrap_or(5);
    let mut advice = Vec::new();
    if numbers < 3 {
        advice.push("coach-give-numbers");
    }
    if !missing.is_empty() {
        advice.push("coach-missing-fields");
    }
    CriterionAdvice { criterion: Criterion::Specificity, score, advice, missing }
}

fn cues(criterion: Criterion, folded: &str, words: &[&str], otherwise: &'static str) -> CriterionAdvice {
    let count = words.iter().filter(|w| folded.contains(**w)).count();
    let score = match count {
        0 => 0,
        1 => 2,
        2 => 3,
        3 => 4,
        _ => 5,
    };
    let advice = if score < 3 { vec![otherwise] } else { Vec::new() };
    CriterionAdvice { criterion, score, advice, missing: Vec::new() }
}

/// Fields of the kind that neither the form nor the text fills: the required ones, then facets.
fn missing_fields(catalog: &Catalog, side: Side, content: &ListingContent, has: &dyn Fn(&str) -> bool) -> Vec<String> {
    let Some(kind) = catalog.kinds.get(&content.kind) else { return Vec::new() };
    let open = |f: &&Field| !has(&f.property);
    let required = kind.fields.iter().filter(|f| f.required_on.contains(&side)).filter(open);
    let helpful = kind.fields.iter().filter(|f| f.facet && !f.required_on.contains(&side)).filter(open);
    required.chain(helpful.take(3)).map(|f| f.property.clone()).collect()
}
