//! What people and machines paste: very long, empty, contradictory, absurd.

use std::time::Instant;

use keqiao_domain::Value;
use keqiao_matching::{Doubt, Reading, read_text};

use crate::LEXICON;

fn read(text: &str) -> Reading {
    read_text(text, &LEXICON)
}

/// Reads a text of so many characters made of a piece, and of four times as many; prints the times.
fn grown(piece: &str, characters: usize) -> Reading {
    let of = |n: usize| -> String { piece.chars().cycle().take(n).collect() };
    let timed = |text: &str| {
        let begun = Instant::now();
        let reading = read(text);
        (begun.elapsed(), reading)
    };
    let (short, _) = timed(&of(characters / 4));
    let (long, reading) = timed(&of(characters));
    let shown: String = piece.chars().take(12).collect();
    println!("{shown:?}: {} characters {short:?}, {characters} characters {long:?}", characters / 4);
    let ends = reading.terms.iter().all(|t| t.end <= characters);
    assert!(ends, "{piece}");
    reading
}

#[test]
fn a_hundred_thousand_characters_are_read() {
    let reading = grown("需要碳化硅衬底，纯度不低于99.99%，工作温度-40℃~125℃；", 100_000);
    assert_eq!(reading.requirements.len(), 2);
    assert_eq!(reading.doubts, []);
    // One clause without end, figures without end, blanks, one character.
    for piece in
        ["碳化硅衬底纯度不低于99.99%", "9", "-", " ", "，", "在", "AEC-Q100", "1~", "每天", "不低于", "±5%", "1q/"]
    {
        grown(piece, 100_000);
    }
}

#[test]
fn nothing_is_read_from_nothing() {
    for text in ["", " ", "？", "，。；！、（）", "\u{0}", "\u{feff}", "😀", "%", "≥", "±", "℃"] {
        let reading = read(text);
        assert_eq!(reading.requirements, [], "{text:?}");
        assert_eq!(reading.doubts, [], "{text:?}");
    }
    assert_eq!(read("硅").terms.len(), 1);
}

#[test]
fn five_thousand_requirements_are_read() {
    let text: String = (0..5_000).map(|i| format!("KPI{i}X不低于{i} V，")).collect();
    let begun = Instant::now();
    let reading = read(&text);
    println!("{} requirements in {:?}", reading.requirements.len(), begun.elapsed());
    assert_eq!(reading.requirements.len(), 5_000);
}

#[test]
fn what_contradicts_itself_is_told() {
    let reading = read("通道数不重要。输出电流不低于5A，输出电流不超过3A。");
    let first = reading.requirements.iter().find(|r| r.property == "output-current").unwrap();
    assert_eq!(first.required.to_string(), "≥5 A");
    let [Doubt::Contradiction { property, first, second }] = &reading.doubts[..] else { panic!("{reading:?}") };
    assert_eq!(
        (property.as_str(), first.to_string(), second.to_string()),
        ("output-current", "≥5 A".into(), "≤3 A".into())
    );
    // In other units too; and what fits together is one requirement.
    assert_eq!(read("输出电流不低于5A，输出电流不超过3000mA").doubts.len(), 1);
    let both = read("输出电流不低于3A，输出电流不超过5000mA");
    assert_eq!((both.doubts.len(), both.requirements[0].required.to_string()), (0, "3~5 A".to_owned()));
}

#[test]
fn a_unit_that_nobody_knows_is_kept_and_told() {
    let reading = read("内毒素不超过0.5 EU/mL");
    assert_eq!(reading.requirements[0].required.to_string(), "≤0.5 EU/mL");
    assert_eq!(reading.doubts, [Doubt::UnknownUnit { property: "内毒素".into(), unit: "EU/mL".into() }]);
}

#[test]
fn figures_beyond_all_bounds_are_none() {
    let nines = "9".repeat(400);
    let texts = ["纯度不低于1e400%", "纯度不低于NaN%", "纯度不低于inf%", "纯度不低于-1e999%", "厚度1e308万亿μm"];
    for text in texts.iter().map(|t| (*t).to_owned()).chain([format!("纯度不低于{nines}%"), format!("预算{nines}万")])
    {
        for r in read(&text).requirements {
            if let Value::Interval(i) = &r.required {
                assert!([i.min, i.max].into_iter().flatten().all(f64::is_finite), "{text}: {r:?}");
            }
        }
    }
}
