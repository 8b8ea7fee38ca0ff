//! Reading and matching with the built-in catalog.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, LazyLock};

use keqiao_domain::{Reason, Strength, Verdict};
use keqiao_matching::{Answer, Corpus, Lexicon, Need, RankedMatch, Weights, read_need, read_text};
use keqiao_text::Text;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let catalog = Arc::new(keqiao_catalog::builtin().unwrap());
    let text = Arc::new(Text::for_catalog(&catalog));
    Lexicon::new(catalog, text)
});

#[test]
fn sentences_of_the_field_are_read() {
    let cases = [
        ("工作温度-40℃~125℃", "operating-temperature", "-40~125 ℃"),
        ("纯度不低于99.99%", "purity", "≥99.99 %"),
        ("导通电阻小于5mΩ", "on-resistance", "≤5 mΩ"),
        ("预算50-80万元", "price", "50~80 万元"),
        ("需通过AEC-Q100 Grade 1", "qualification", "AEC-Q100 Grade 1"),
        ("技术成熟度达到7级以上", "maturity", "≥7"),
    ];
    for (text, property, required) in cases {
        let read: Vec<_> =
            read_text(text, &LEXICON).requirements.into_iter().map(|r| (r.property, r.required.to_string())).collect();
        assert_eq!(read, [(property.to_owned(), required.to_owned())], "{text}");
    }
}

/// One phrase per line of `data/phrases.tsv`.
#[test]
fn phrases_are_read_as_the_table_says() {
    let mut wrong = Vec::new();
    let mut phrases = 0;
    for line in include_str!("data/phrases.tsv").lines().skip(1) {
        let (phrase, expected) = line.split_once('\t').unwrap();
        let read: Vec<String> = read_text(phrase, &LEXICON)
            .requirements
            .iter()
            .map(|r| {
                let strength = if r.strength == Strength::Must { "must" } else { "wish" };
                format!("{} {} {strength}", r.property, r.required)
            })
            .collect();
        phrases += 1;
        if read.join("; ") != expected {
            wrong.push(format!("{phrase}: {read:?}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(phrases >= 100, "{phrases}");
}

/// What a text denies, what is soft, and figures in a need's own words.
#[test]
fn only_what_is_plainly_missing_blocks_an_offer() {
    let offer = |body: &str| {
        let line = serde_json::json!({"id": "1", "kind": "chip", "title": "碳化硅MOSFET", "body": body});
        let (corpus, errors) = Corpus::read(line.to_string().as_bytes(), &LEXICON);
        assert_eq!(errors, []);
        corpus
    };
    let cases = [
        ("需要碳化硅MOSFET，通过AEC-Q101", "1200 V，没有安排AEC-Q101全项", true),
        ("需要碳化硅MOSFET，通过AEC-Q101", "1200 V，尚未按AEC-Q101鉴定", true),
        ("需要碳化硅MOSFET，通过AEC-Q101", "1200 V，AEC-Q101认证进行中", false),
        ("需要碳化硅MOSFET，通过AEC-Q101", "1200 V，工业级", false),
        ("需要碳化硅MOSFET，不要求AEC-Q101", "1200 V，未做AEC-Q101", false),
        ("需要碳化硅MOSFET，漂移量不超过0.2 V", "漂移量0.6 V", false),
        ("需要碳化硅MOSFET，合作方式为联合攻关", "合作方式：直接采购", false),
        ("需要碳化硅MOSFET，导通电阻小于20 mΩ", "导通电阻75 mΩ", true),
    ];
    for (need, body, blocked) in cases {
        let need = Need::from_text(need, &LEXICON);
        let matches = offer(body).rank(&need, 1, &LEXICON, &Weights::default());
        assert_eq!(matches[0].blocked, blocked, "{} / {body}", need.text);
    }
}

/// The demo offers by which the demo needs are answered.
#[test]
fn demo_needs_find_their_offers() {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo");
    let mut files: Vec<_> = std::fs::read_dir(format!("{demo}/offers")).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let offers: String = files.iter().map(|f| std::fs::read_to_string(f).unwrap()).collect();
    let (corpus, errors) = Corpus::read(offers.as_bytes(), &LEXICON);
    assert_eq!(errors, []);
    let needs = std::fs::read_to_string(format!("{demo}/needs.jsonl")).unwrap();
    let (mut all, mut answered) = (0, 0);
    for line in needs.lines() {
        let need = read_need(line, &LEXICON);
        let kind = &LEXICON.catalog().kinds[&need.kind];
        if !["chip", "test-service"].contains(&kind.id.as_str()) {
            continue;
        }
        let matches = corpus.rank(&need, 10, &LEXICON, &Weights::default());
        for m in &matches {
            assert_eq!(m.score, m.reasons.iter().map(Reason::points).sum::<f64>());
            assert!((0.0..=100.0).contains(&m.score));
        }
        assert!(matches.is_sorted_by_key(|m| m.blocked), "{}", need.text);
        let answers = |m: &RankedMatch| {
            m.reasons.iter().any(|r| matches!(r, Reason::Kind { kind: k, .. } if kind.answered_by.contains(k)))
        };
        all += 1;
        answered += usize::from(matches.first().is_some_and(|m| !m.blocked && m.score > 40.0 && answers(m)));
    }
    println!("{answered} of {all} needs are answered at the first place");
    assert!(all > 10 && answered * 10 > all * 6, "{answered} of {all}");
}

/// Pages of news as they were copied: what they tell of money, growth and dates
/// is no requirement, and the words they are about are found.
#[test]
fn dirty_pages_are_read_without_noise() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/seeds");
    let Ok(dir) = std::fs::read_dir(seeds) else {
        println!("skipped: no sample pages here");
        return;
    };
    let mut pages = 0;
    for file in dir.flatten() {
        let Ok(text) = std::fs::read_to_string(file.path()) else {
            continue;
        };
        let reading = read_text(&text, &LEXICON);
        let length = text.chars().count();
        assert!(reading.requirements.len() < 5, "{:?} {:?}", file.path(), reading.requirements);
        assert!(reading.terms.len() > 20 && reading.terms.iter().all(|t| t.end <= length), "{:?}", file.path());
        pages += 1;
    }
    assert!(pages > 0);
}

#[test]
fn a_pasted_sentence_in_traditional_characters_finds_offers() {
    let offers = r#"{"id":"1","kind":"chip","title":"碳化硅MOSFET","body":"1200 V，工作温度-55~175℃，AEC-Q101"}
{"id":"2","kind":"training","title":"水稻育种培训"}"#;
    let (corpus, _) = Corpus::read(offers.as_bytes(), &LEXICON);
    let need = Need::from_text("需(xū)要(yào)SiC器件，工作溫度-40℃～150℃，並通過AEC-Q101", &LEXICON);
    let matches = corpus.rank(&need, 5, &LEXICON, &Weights::default());
    let answer = Answer::new(&need, matches, &LEXICON);
    assert_eq!(answer.matches.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["1"]);
    let verdicts: Vec<Verdict> = answer.matches[0]
        .reasons
        .iter()
        .filter_map(|r| if let Reason::Requirement { verdict, .. } = r { Some(*verdict) } else { None })
        .collect();
    assert_eq!(verdicts, [Verdict::Meets; 3], "material, temperature, standard");
}
