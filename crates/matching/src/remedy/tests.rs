use keqiao_domain::{RequirementSource, Side};
use proptest::prelude::*;

use super::*;
use crate::fixture::{LEXICON, list, range, text, view};
use crate::need::Need;
use crate::offer::Offer;
use crate::read::Reading;
use crate::score::score;
use crate::weights::Weights;

/// A need of one requirement against an offer with one value.
fn matched(property: &str, required: Value, offered: Option<Value>) -> Match {
    let source = RequirementSource::Field;
    let requirement =
        keqiao_domain::Requirement { property: property.to_owned(), required, strength: Strength::Must, source };
    let need = Need::from_reading("", Reading { requirements: vec![requirement], ..Reading::default() });
    let mut offer = view(Side::Offer, "碳化硅", "");
    offer.attributes.extend(offered.map(|v| (property.to_owned(), v)));
    score(&need, &Offer::new(offer, &LEXICON), &LEXICON, &Weights::default())
}

fn of(property: &str, required: Value, offered: Value) -> Remedy {
    remedies(&matched(property, required, Some(offered)), LEXICON.catalog()).remove(0)
}

#[test]
fn the_least_change_of_either_side_is_told() {
    let cases = [
        ("on-resistance", range(None, 5.0, "mΩ"), range(12.0, 12.0, "mΩ"), "5 mΩ", Some("≤12 mΩ"), Some(7.0)),
        ("on-resistance", range(None, 5.0, "mΩ"), range(0.012, 0.012, "Ω"), "5 mΩ", Some("≤12 mΩ"), Some(7.0)),
        ("purity", range(99.99, None, "%"), range(None, 99.0, "%"), "≥99.99 %", None, Some(0.99)),
        (
            "operating-temperature",
            range(-40.0, 125.0, "℃"),
            range(-55.0, 85.0, "℃"),
            "-55~125 ℃",
            Some("-40~85 ℃"),
            Some(40.0),
        ),
        ("wafer-size", range(8.0, 8.0, "英寸"), range(6.0, 6.0, "英寸"), "8 英寸", Some("6~8 英寸"), Some(2.0)),
        (
            "qualification",
            text("AEC-Q100 Grade 1"),
            text("AEC-Q100 Grade 2"),
            "AEC-Q100 Grade 1",
            Some("AEC-Q100 Grade 2"),
            None,
        ),
    ];
    for (property, required, offered, to, relaxed, by) in cases {
        let remedy = of(property, required, offered);
        assert!(remedy.blocks(), "{property}");
        assert_eq!(remedy.to.to_string(), to, "{property}");
        assert_eq!(remedy.relaxed.map(|r| r.to_string()).as_deref(), relaxed, "{property}");
        assert_eq!(remedy.short.map(|s| s.by), by, "{property}");
    }
}

#[test]
fn what_is_not_said_would_have_to_be_said() {
    let silent = matched("purity", range(99.9, None, "%"), None);
    let all = remedies(&silent, LEXICON.catalog());
    assert_eq!((all[0].verdict, &all[0].from, all[0].to.to_string()), (Verdict::Unknown, &None, "≥99.9 %".to_owned()));
    assert!(!all[0].blocks() && all[0].relaxed.is_none());
    assert_eq!(
        remedies(&matched("purity", range(99.9, None, "%"), Some(range(99.99, 99.99, "%"))), LEXICON.catalog()),
        []
    );
    // Choices: one more of those asked for, or one more asked for.
    let id = LEXICON.catalog().properties.values().find(|p| p.ty == PropertyType::Choice && p.meet == MeetRule::AnyOf);
    if let Some(p) = id {
        let (first, second) = (&p.choices[0].id, &p.choices[1].id);
        let remedy = of(&p.id, list(&[first]), list(&[second]));
        assert_eq!(remedy.to, list(&[first]));
        assert_eq!(remedy.relaxed, Some(list(&[first, second])));
    }
}

fn ends() -> impl Strategy<Value = Value> {
    let end = || prop::option::of((-400_i32..400).prop_map(|v| f64::from(v) / 4.0));
    (end(), end()).prop_map(|(a, b)| match (a, b) {
        (Some(a), Some(b)) => range(a.min(b), a.max(b), ""),
        (a, b) => range(a, b, ""),
    })
}

fn with_unit(value: Value, unit: &str) -> Value {
    let Value::Interval(i) = value else { return value };
    Value::Interval(Interval { unit: unit.to_owned(), ..i })
}

proptest! {
    /// Whatever is told would indeed do: the offer that says `to` meets the need, and the offer as it is
    /// meets the need that asks for `relaxed`.
    #[test]
    fn each_change_would_do(
        which in prop::sample::select(vec![
            ("operating-temperature", "℃", "K"), ("purity", "%", "ppm"), ("on-resistance", "mΩ", "Ω"),
            ("supply-voltage", "V", "kV"), ("band", "MHz", "GHz"),
        ]),
        required in ends(),
        offered in ends(),
        other_unit in any::<bool>(),
    ) {
        let (property, unit, other) = which;
        let required = with_unit(required, unit);
        let offered = with_unit(offered, if other_unit { other } else { unit });
        let catalog = LEXICON.catalog();
        for remedy in remedies(&matched(property, required.clone(), Some(offered.clone())), catalog) {
            let p = &catalog.properties[property];
            if !matches!(&required, Value::Interval(i) if i.min.is_none() && i.max.is_none()) {
                if remedy.to == required {
                    prop_assert_ne!(remedy.verdict, Verdict::Meets);
                } else {
                    prop_assert_eq!(judge_value(p, &required, &remedy.to, catalog).0, Verdict::Meets, "{:?}", remedy);
                }
            }
            if let Some(relaxed) = &remedy.relaxed {
                prop_assert_eq!(judge_value(p, relaxed, &offered, catalog).0, Verdict::Meets, "{:?}", remedy);
            }
            if remedy.verdict == Verdict::Fails {
                prop_assert!(remedy.short.is_some_and(|s| s.by > 0.0));
            }
        }
    }
}
