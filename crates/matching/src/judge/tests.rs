//! The rules as tables: what is required, what is offered, the verdict.

use super::*;
use crate::fixture::{LEXICON, list, range, text, view};
use keqiao_domain::Verdict::{Fails, Meets, Partly, Unknown};
use keqiao_domain::{RequirementSource, Side, Strength};

type Case = (&'static str, Value, Value, Verdict, Option<&'static str>);

fn check(cases: Vec<Case>) {
    let catalog = LEXICON.catalog();
    for (id, required, offered, verdict, gap) in cases {
        let got = judge_value(&catalog.properties[id], &required, &offered, catalog);
        assert_eq!(got, (verdict, gap.map(str::to_owned)), "{id}: {required} against {offered}");
    }
}

#[test]
fn covers() {
    let p = "operating-temperature";
    let need = || range(-40.0, 125.0, "℃");
    check(vec![
        (p, need(), range(-40.0, 125.0, "℃"), Meets, None),
        (p, need(), range(-55.0, 150.0, "°C"), Meets, None),
        (p, need(), range(233.15, 398.15, "K"), Meets, None),
        (p, need(), range(-40.0, 85.0, "℃"), Fails, Some("85 < 125 ℃")),
        (p, need(), range(-20.0, 125.0, "℃"), Fails, Some("-20 > -40 ℃")),
        (p, range(233.15, 398.15, "K"), range(-40.0, 85.0, "℃"), Fails, Some("358.15 < 398.15 K")),
        // An open end is never met.
        (p, need(), range(None, 125.0, "℃"), Partly, None),
        (p, need(), range(-40.0, None, "℃"), Partly, None),
        (p, need(), range(None, 85.0, "℃"), Fails, Some("85 < 125 ℃")),
        (p, range(None, 125.0, "℃"), range(-40.0, None, "℃"), Unknown, None),
        (p, range(None, 125.0, "℃"), range(None, 150.0, "℃"), Meets, None),
        // A single value says nothing of the range around it.
        (p, need(), range(85.0, 85.0, "℃"), Partly, None),
        (p, need(), range(150.0, 150.0, "℃"), Unknown, None),
        (p, range(125.0, 125.0, "℃"), range(-40.0, 125.0, "℃"), Meets, None),
        (p, range(125.0, 125.0, "℃"), range(-40.0, 85.0, "℃"), Fails, Some("85 < 125 ℃")),
        (p, range(125.0, 125.0, "℃"), range(125.0, 125.0, "℃"), Meets, None),
        (p, need(), text("-40~150℃"), Meets, None),
        (p, need(), Value::Number(25.0), Partly, None),
        // Another dimension, no unit that is known, no figure.
        (p, need(), range(-40.0, 125.0, "V"), Unknown, None),
        (p, need(), range(-40.0, 125.0, "格"), Unknown, None),
        (p, need(), text("工业级"), Unknown, None),
        (p, need(), Value::Bool(true), Unknown, None),
        (p, range(None, None, "℃"), range(-40.0, 125.0, "℃"), Unknown, None),
    ]);
}

#[test]
fn at_least_and_at_most() {
    check(vec![
        ("purity", range(99.99, None, "%"), range(99.999, 99.999, "%"), Meets, None),
        ("purity", range(99.99, None, "%"), range(99.99, None, "%"), Meets, None),
        ("purity", range(99.99, 99.99, "%"), range(99.9, 99.9, "%"), Fails, Some("99.9 < 99.99 %")),
        ("purity", range(99.99, None, "%"), range(99.9, None, "%"), Unknown, None),
        ("purity", range(99.99, None, "%"), range(99.9, 99.999, "%"), Partly, None),
        ("purity", range(99.99, None, "%"), range(None, 99.0, "%"), Fails, Some("99 < 99.99 %")),
        ("purity", range(99.99, None, "%"), range(None, 99.999, "%"), Unknown, None),
        ("purity", range(99.0, None, "%"), range(995_000.0, 995_000.0, "ppm"), Meets, None),
        // Only the other end is required.
        ("purity", range(None, 99.0, "%"), range(98.0, 98.0, "%"), Meets, None),
        ("capacity", range(10.0, None, "吨"), range(12_000.0, 12_000.0, "kg"), Meets, None),
        ("capacity", range(10.0, None, "t"), range(8_000.0, 8_000.0, "kg"), Fails, Some("8 < 10 t")),
        ("capacity", range(10.0, 20.0, "t"), range(12.0, 12.0, "t"), Meets, None),
        ("capacity", Value::Number(500.0), Value::Number(600.0), Meets, None),
        ("on-resistance", range(None, 5.0, "mΩ"), range(0.0045, 0.0045, "Ω"), Meets, None),
        ("on-resistance", range(None, 5.0, "mΩ"), range(0.008, 0.008, "Ω"), Fails, Some("8 > 5 mΩ")),
        ("on-resistance", range(None, 5.0, "mΩ"), range(None, 4.0, "mΩ"), Meets, None),
        ("on-resistance", range(None, 5.0, "mΩ"), range(None, 10.0, "mΩ"), Unknown, None),
        ("on-resistance", range(None, 5.0, "mΩ"), range(3.0, 8.0, "mΩ"), Partly, None),
        ("on-resistance", range(None, 5.0, "mΩ"), range(6.0, None, "mΩ"), Fails, Some("6 > 5 mΩ")),
        ("on-resistance", range(None, 5.0, "mΩ"), range(3.0, None, "mΩ"), Unknown, None),
        ("on-resistance", range(5.0, 5.0, "mΩ"), text("≤5mΩ"), Meets, None),
        ("on-resistance", range(1.0, None, "mΩ"), range(2.0, 2.0, "mΩ"), Meets, None),
        ("price", range(50.0, 80.0, "万元"), range(780_000.0, 780_000.0, "元"), Meets, None),
        ("price", range(50.0, 80.0, "万元"), range(900_000.0, 900_000.0, "元"), Fails, Some("90 > 80 万元")),
        ("price", range(None, 80.0, "万元"), text("75万元"), Meets, None),
        ("channels", Value::Number(8.0), Value::Number(16.0), Meets, None),
        ("channels", Value::Number(8.0), range(4.0, 4.0, "个"), Fails, Some("4 < 8")),
        ("channels", Value::Number(8.0), range(16.0, 16.0, "V"), Unknown, None),
    ]);
}

#[test]
fn equals_and_any_of() {
    check(vec![
        ("supply-voltage", range(3.3, 3.3, "V"), range(3.3, 3.3, "V"), Meets, None),
        ("supply-voltage", range(3.3, 3.3, "V"), range(2.7, 5.5, "V"), Meets, None),
        ("supply-voltage", range(3.3, 3.3, "V"), range(5.0, 5.0, "V"), Fails, Some("5 > 3.3 V")),
        ("supply-voltage", range(3.0, 3.6, "V"), range(3.3, 3.3, "V"), Meets, None),
        ("supply-voltage", range(3.0, 3.6, "V"), range(3.3, 5.0, "V"), Partly, None),
        ("supply-voltage", range(3.0, 3.6, "V"), range(3.3, None, "V"), Unknown, None),
        ("supply-voltage", range(3.0, None, "V"), range(3.3, None, "V"), Meets, None),
        ("supply-voltage", range(1.2, 1.2, "kV"), range(1200.0, 1200.0, "V"), Meets, None),
        ("wafer-size", range(8.0, 8.0, "英寸"), range(203.2, 203.2, "mm"), Meets, None),
        ("wafer-size", range(200.0, 200.0, "mm"), range(6.0, 6.0, "英寸"), Fails, Some("152.4 < 200 mm")),
        ("wafer-size", range(8.0, 8.0, "英寸"), range(6.0, 12.0, "inch"), Meets, None),
        ("band", range(76.0, 81.0, "GHz"), range(77_000.0, 79_000.0, "MHz"), Meets, None),
        ("band", range(76.0, 81.0, "GHz"), range(24.0, 24.25, "GHz"), Fails, Some("24.25 < 76 GHz")),
        ("band", range(76.0, 81.0, "GHz"), range(60.0, None, "GHz"), Unknown, None),
    ]);
}

#[test]
fn words_days_and_choices() {
    check(vec![
        ("package", list(&["qfn"]), list(&["bga", "qfn"]), Meets, None),
        ("package", text("QFN"), text("qfn"), Meets, None),
        ("package", list(&["qfn"]), text("BGA"), Fails, None),
        ("package", list(&["qfn"]), text("定制封装"), Unknown, None),
        ("package", text("定制封装"), text("定制封装"), Meets, None),
        ("package", list(&["qfn"]), list(&[]), Unknown, None),
        ("functions", list(&["measure", "record"]), list(&["record", "measure"]), Meets, None),
        ("functions", list(&["measure", "record"]), list(&["record"]), Partly, None),
        ("functions", list(&["measure"]), list(&["record"]), Fails, None),
        ("on-site", Value::Bool(true), Value::Bool(true), Meets, None),
        ("on-site", Value::Bool(true), Value::Bool(false), Fails, None),
        ("on-site", Value::Bool(false), Value::Bool(true), Meets, None),
        ("on-site", Value::Bool(true), text("视情况"), Unknown, None),
        ("available-from", text("2026-12-01"), text("2026-11-20"), Meets, None),
        ("available-from", text("2026-12-01"), text("2027-01-05"), Fails, Some("2027-01-05 > 2026-12-01")),
        ("available-from", text("2026-12-01"), text("明年"), Unknown, None),
        ("model", text("TMS320F28335"), text("tms320f28335"), Meets, None),
        ("model", text("TMS320F28335"), text("STM32"), Unknown, None),
        ("application", text("汽车"), text("汽车"), Unknown, None),
    ]);
}

#[test]
fn standards_and_grades() {
    let p = "qualification";
    check(vec![
        (p, text("AEC-Q100 Grade 1"), text("AEC-Q100 Grade 1"), Meets, None),
        (p, text("AEC-Q100 Grade 1"), text("AECQ100 G0"), Meets, None),
        (p, text("AEC-Q100 Grade 1"), text("AEC-Q100 Grade 2"), Fails, Some("Grade 2 < Grade 1")),
        // The standard without its grade is a part of what is asked.
        (p, text("AEC-Q100 Grade 1"), text("AEC-Q100"), Partly, None),
        (p, text("AEC-Q100"), text("AEC-Q100 Grade 3"), Meets, None),
        (p, text("AEC-Q100 Grade 1"), text("ISO 26262 ASIL D"), Unknown, None),
        (p, text("ISO 26262 ASIL B"), list(&["AEC-Q100", "ISO26262 ASIL-D"]), Meets, None),
        (p, text("ISO 26262 ASIL D"), text("ISO 26262 ASIL B"), Fails, Some("ASIL B < ASIL D")),
        (p, list(&["AEC-Q100 Grade 1", "ISO 26262 ASIL B"]), text("AEC-Q100 1级"), Partly, None),
        (p, list(&["AEC-Q100 Grade 1", "ISO 26262"]), text("AEC-Q100 Grade 3"), Fails, Some("Grade 3 < Grade 1")),
        (p, text("Q/JX 01"), text("Q/JX 01"), Meets, None),
        (p, text("Q/JX 01"), text("Q/JX 02"), Unknown, None),
        (p, text("AEC-Q100 Grade 1"), Value::Bool(true), Unknown, None),
    ]);
}

fn requirement(property: &str, required: Value) -> Requirement {
    Requirement { property: property.to_owned(), required, strength: Strength::Must, source: RequirementSource::Field }
}

#[test]
fn what_the_attributes_lack_is_read_from_the_text() {
    let body = "工作温度-40℃~125℃，导通电阻典型值8mΩ，已通过AEC-Q100 Grade 1，响应时间小于5ms。";
    let offer = Offer::new(view(Side::Offer, "功率芯片", body), &LEXICON);
    let judged = |property: &str, required| judge(&requirement(property, required), &offer, &LEXICON);

    assert_eq!(judged("operating-temperature", range(-40.0, 105.0, "℃")).verdict, Meets);
    let resistance = judged("on-resistance", range(None, 5.0, "mΩ"));
    assert_eq!((resistance.verdict, resistance.gap.as_deref()), (Fails, Some("8 > 5 mΩ")));
    let standard = judged("qualification", text("AEC-Q100 Grade 2"));
    assert_eq!((standard.verdict, standard.offered), (Meets, Some(text("AEC-Q100 Grade 1"))));
    let qfn = Offer::new(view(Side::Offer, "QFN封装控制芯片", "另有BGA"), &LEXICON);
    assert_eq!(judge(&requirement("package", list(&["bga", "qfn"])), &qfn, &LEXICON).verdict, Meets);
    assert_eq!(judged("响应时间", range(None, 10.0, "ms")).verdict, Meets);
    assert_eq!(judged("purity", range(99.0, None, "%")).offered, None);
    assert_eq!(judged("purity", range(99.0, None, "%")).verdict, Unknown);
    assert_eq!(judged("从未听说", range(99.0, None, "%")).verdict, Unknown);
}

#[test]
fn attributes_win_over_text_and_standards_are_pooled() {
    let mut v = view(Side::Offer, "芯片", "工作温度-40~85℃，符合ISO 26262 ASIL B");
    v.attributes.insert("operating-temperature".into(), range(-40.0, 150.0, "℃"));
    v.attributes.insert("qualification".into(), text("通过AEC-Q100 Grade 1（自测）"));
    let offer = Offer::new(v, &LEXICON);
    let verdict = |property: &str, required| judge(&requirement(property, required), &offer, &LEXICON).verdict;
    assert_eq!(verdict("operating-temperature", range(-40.0, 125.0, "℃")), Meets);
    assert_eq!(verdict("qualification", text("AEC-Q100 Grade 1")), Meets);
    assert_eq!(verdict("qualification", text("ISO 26262 ASIL B")), Meets);
    assert_eq!(verdict("qualification", list(&["AEC-Q100 Grade 1", "ISO 26262 ASIL D"])), Partly);
}
