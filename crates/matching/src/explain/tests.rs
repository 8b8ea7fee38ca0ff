use super::*;
use crate::bar::IntervalBar;
use crate::fixture::{LEXICON, list, range, text};

fn requirement(property: &str, required: Value, offered: Option<Value>, verdict: Verdict, gap: Option<&str>) -> Reason {
    Reason::Requirement {
        property: property.to_owned(),
        required,
        offered,
        strength: Strength::Must,
        verdict,
        gap: gap.map(str::to_owned),
        points: 0.0,
    }
}

#[test]
fn reasons_in_words() {
    let hit = |term: &str, by: Option<&str>| TermHit { term: term.into(), by: by.map(str::to_owned), weight: 0.5 };
    let wish = match requirement("on-site", Value::Bool(true), Some(Value::Bool(false)), Verdict::Fails, None) {
        Reason::Requirement { property, required, offered, verdict, gap, points, .. } => {
            Reason::Requirement { property, required, offered, strength: Strength::Wish, verdict, gap, points }
        }
        other => other,
    };
    let reasons = [
        Reason::Terms { terms: vec![hit("碳化硅", Some("sic")), hit("衬底", None)], share: 0.9, points: 40.0 },
        requirement(
            "operating-temperature",
            range(-40.0, 125.0, "℃"),
            Some(range(-40.0, 85.0, "℃")),
            Verdict::Fails,
            Some("85 < 125 ℃"),
        ),
        requirement("on-resistance", range(None, 5.0, "mΩ"), Some(Value::Number(4.5)), Verdict::Meets, None),
        requirement("purity", range(99.99, None, "%"), None, Verdict::Unknown, None),
        requirement("package", list(&["qfn", "bga"]), Some(text("定制")), Verdict::Unknown, None),
        requirement("qualification", text("AEC-Q100 Grade 1"), Some(text("AEC-Q100")), Verdict::Partly, None),
        requirement("响应时间", range(None, 10.0, "ms"), None, Verdict::Unknown, None),
        wish,
        Reason::Kind { kind: "chip".into(), points: 8.0 },
        Reason::Region { region: "320200".into(), points: 4.0 },
        Reason::Industry { industry: "C39".into(), points: 2.0 },
        Reason::Evidence { verified: true, attachments: 1, points: 4.0 },
        Reason::Evidence { verified: false, attachments: 2, points: 2.0 },
    ];
    let lines =
        |locale: &str| reasons.iter().map(|r| sentence(r, LEXICON.catalog(), locale)).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!("zh", lines("zh"));
    insta::assert_snapshot!("en", lines("en"));
}

#[test]
fn bars_stand_on_one_scale() {
    let bar = |id: &str, required, offered| {
        let catalog = LEXICON.catalog();
        IntervalBar::new(&catalog.properties[id], &required, &offered, catalog)
    };
    let b = bar("operating-temperature", range(-40.0, 125.0, "℃"), range(233.15, 358.15, "K")).unwrap();
    assert_eq!(b.unit, "℃");
    assert!(b.required.from == b.offered.from && b.offered.to < b.required.to && b.required.to < 1.0);
    assert!(b.required.from > 0.0 && !b.required.open_above);

    // At-least asks for no upper end, whatever the need wrote.
    let b = bar("purity", range(99.0, 99.0, "%"), range(99.9, 99.9, "%")).unwrap();
    assert!(b.required.open_above && b.required.to == 1.0 && !b.required.open_below);
    assert!(b.offered.from == b.offered.to && b.offered.from > b.required.from);

    let b = bar("price", range(None, 80.0, "万元"), range(800_000.0, 800_000.0, "元")).unwrap();
    assert_eq!((b.required.from, b.offered.from), (0.0, 0.5));
    let b = bar("on-resistance", Value::Number(0.0), Value::Number(0.0)).unwrap();
    assert_eq!(b.offered.from, 0.5);

    assert_eq!(bar("package", text("QFN"), text("QFN")), None);
    assert_eq!(bar("purity", range(99.0, None, "%"), text("很高")), None);
    assert_eq!(bar("purity", range(99.0, None, "%"), range(5.0, 5.0, "V")), None);
}
