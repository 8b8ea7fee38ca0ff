//! What is read is judged, said by how much it fails, and never taken for more than it says.

use std::collections::BTreeSet;

use keqiao_domain::{Reason, Strength, Verdict};
use keqiao_matching::{Corpus, Need, RankedMatch, Weights, read_need, remedies, remedy_sentence, sentence};

use crate::LEXICON;

/// The matches of a need with offers given as title, text and region.
fn ranked(need: &str, offers: &[(&str, &str, &str)]) -> Vec<RankedMatch> {
    let lines: Vec<String> = offers
        .iter()
        .enumerate()
        .map(|(i, (title, body, region))| {
            serde_json::json!({"id": i.to_string(), "kind": "chip", "title": title, "body": body, "region": region})
                .to_string()
        })
        .collect();
    let (corpus, errors) = Corpus::read(lines.join("\n").as_bytes(), &LEXICON);
    assert_eq!(errors, []);
    corpus.rank(&Need::from_text(need, &LEXICON), offers.len(), &LEXICON, &Weights::default())
}

fn verdict_of(m: &RankedMatch, property: &str) -> Option<Verdict> {
    m.reasons.iter().find_map(|r| match r {
        Reason::Requirement { property: p, verdict, .. } if p == property => Some(*verdict),
        _ => None,
    })
}

#[test]
fn places_are_inside_around_or_apart() {
    let offers =
        [("碳化硅MOSFET", "1200 V", "成都市"), ("碳化硅MOSFET", "1200 V", "上海市"), ("碳化硅MOSFET", "1200 V", "")];
    let found = ranked("寻找碳化硅MOSFET，位于成渝地区", &offers);
    assert_eq!(found.len(), 3, "{found:?}");
    let of = |id: &str| found.iter().find(|m| m.id == id).and_then(|m| verdict_of(m, "location"));
    assert_eq!((of("0"), of("1"), of("2")), (Some(Verdict::Meets), Some(Verdict::Fails), Some(Verdict::Unknown)));
}

#[test]
fn a_place_is_judged_however_its_field_was_filled() {
    for place in ["重庆市、四川省", "成渝地区", "四川", "成都", "510000", "上海市，四川省"] {
        let need =
            serde_json::json!({"id": "n", "side": "need", "title": "碳化硅MOSFET", "attributes": {"location": place}});
        let need = read_need(&need.to_string(), &LEXICON);
        let of = |region: &str| {
            let line = serde_json::json!({"id": "o", "kind": "chip", "title": "碳化硅MOSFET", "region": region});
            let (corpus, errors) = Corpus::read(line.to_string().as_bytes(), &LEXICON);
            assert_eq!(errors, []);
            verdict_of(&corpus.rank(&need, 1, &LEXICON, &Weights::default())[0], "location")
        };
        assert_eq!(of("成都市"), Some(Verdict::Meets), "{place}");
        assert_eq!(of("北京市"), Some(Verdict::Fails), "{place}");
    }
}

#[test]
fn a_limit_is_asked_for_though_now_stands_before_it() {
    let read = |text: &str| -> Vec<String> {
        Need::from_text(text, &LEXICON).requirements.iter().map(|r| r.required.to_string()).collect()
    };
    assert_eq!(read("目前急需导通电阻小于5mΩ的器件"), ["≤5 mΩ"]);
    assert_eq!(read("目前导通电阻只有小于5mΩ的"), [""; 0]);
    assert_eq!(read("目前良率只有85%"), [""; 0]);
}

#[test]
fn a_wish_is_not_made_a_must_by_the_must_beside_it() {
    for text in ["输出电流不低于3A，输出电流最好不超过5A", "输出电流最好不超过5A，输出电流不低于3A"]
    {
        let need = Need::from_text(text, &LEXICON);
        let mut read: Vec<_> = need.requirements.iter().map(|r| (r.required.to_string(), r.strength)).collect();
        read.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(read, [("≤5 A".to_owned(), Strength::Wish), ("≥3 A".to_owned(), Strength::Must)], "{text}");
    }
}

#[test]
fn a_failed_must_stands_below_and_says_by_how_much_and_what_would_do() {
    let offers = [
        ("碳化硅MOSFET", "导通电阻75 mΩ，通过AEC-Q101", ""),
        ("碳化硅MOSFET", "导通电阻15 mΩ", ""),
        ("碳化硅MOSFET", "通过AEC-Q101", ""),
    ];
    let found = ranked("寻找碳化硅MOSFET，导通电阻小于20 mΩ，通过AEC-Q101", &offers);
    assert_eq!(found.last().map(|m| (m.id.as_str(), m.blocked)), Some(("0", true)));
    assert_eq!(found.iter().filter(|m| m.blocked).count(), 1);
    let silent = found.iter().find(|m| m.id == "2").unwrap();
    assert_eq!(verdict_of(silent, "on-resistance"), Some(Verdict::Unknown));
    let blocked = found.last().unwrap();
    let said: Vec<String> = blocked.reasons.iter().map(|r| sentence(r, LEXICON.catalog(), "zh")).collect();
    assert!(said.iter().any(|s| s.contains("75 > 20 mΩ") && s.contains("相差 55 mΩ")), "{said:?}");
    let matched = keqiao_domain::Match {
        need: None,
        offer: None,
        score: blocked.score,
        blocked: true,
        reasons: blocked.reasons.clone(),
    };
    let remedy = remedies(&matched, LEXICON.catalog()).remove(0);
    assert!(remedy.blocks());
    assert_eq!(
        remedy_sentence(&remedy, LEXICON.catalog(), "zh"),
        "导通电阻：对方从 75 mΩ 改到 20 mΩ，就满足；或者把要求放宽到 ≤75 mΩ"
    );
    assert_eq!(
        remedy_sentence(&remedy, LEXICON.catalog(), "en"),
        "On-resistance: met if the offer went from 75 mΩ to 20 mΩ, or if the requirement were relaxed to ≤75 mΩ"
    );
}

/// Every sort of reason stands somewhere in the demo, and each score is the sum of its reasons' points to the last bit.
#[test]
fn a_score_is_the_sum_of_its_reasons() {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo");
    let mut files: Vec<_> = std::fs::read_dir(format!("{demo}/offers")).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let offers: String = files.iter().map(|f| std::fs::read_to_string(f).unwrap()).collect();
    let (corpus, _) = Corpus::read(offers.as_bytes(), &LEXICON);
    let needs = std::fs::read_to_string(format!("{demo}/needs.jsonl")).unwrap();
    let mut seen = BTreeSet::new();
    for line in needs.lines() {
        let need = keqiao_matching::read_need(line, &LEXICON);
        for m in corpus.rank(&need, 5, &LEXICON, &Weights::default()) {
            assert_eq!(m.score, m.reasons.iter().map(Reason::points).sum::<f64>());
            let blocks = |r: &Reason| {
                matches!(
                    r,
                    Reason::Requirement { verdict: Verdict::Fails, strength: keqiao_domain::Strength::Must, .. }
                )
            };
            assert_eq!(m.blocked, m.reasons.iter().any(blocks));
            for reason in &m.reasons {
                assert!(!sentence(reason, LEXICON.catalog(), "zh").is_empty());
                let json = serde_json::to_value(reason).unwrap();
                seen.insert(json["type"].as_str().unwrap().to_owned());
            }
        }
    }
    let offers = r#"{"id":"1","kind":"chip","title":"碳化硅MOSFET","body":"1200 V","verified":true,"attachments":2}"#;
    let (corpus, _) = Corpus::read(offers.as_bytes(), &LEXICON);
    for m in corpus.rank(&Need::from_text("寻找碳化硅MOSFET", &LEXICON), 1, &LEXICON, &Weights::default()) {
        assert_eq!(m.score, m.reasons.iter().map(Reason::points).sum::<f64>());
        let sorts = m.reasons.iter().map(|r| serde_json::to_value(r).unwrap()["type"].as_str().unwrap().to_owned());
        seen.extend(sorts);
    }
    for sort in ["terms", "requirement", "kind", "region", "industry", "evidence"] {
        assert!(seen.contains(sort), "{sort} of {seen:?}");
    }
}
