//! `keqiao timetable`, which needs no data folder.

use serde_json::json;

use crate::server::plain_keqiao;
use crate::told;

#[test]
fn a_timetable_is_planned_written_and_planned_anew_when_somebody_cancels() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fair.json");
    let slot = |hour| json!({"start": format!("2026-11-20T{hour:02}:00"), "end": format!("2026-11-20T{hour:02}:20")});
    let mut fair = json!({
        "participants": [{"id": "a", "name": "=甲公司（示例）"}, {"id": "b"}, {"id": "c"}, {"id": "d"}],
        "slots": [slot(9), slot(10)],
        "tables": ["一号桌", "二号桌"],
        "scores": [{"a": "a", "b": "b", "score": 80.0}, {"a": "c", "b": "d", "score": 70.0}, {"a": "a", "b": "c", "score": 60.0}],
    });
    let asked = |fair: &serde_json::Value, more: &[&str]| {
        std::fs::write(&file, fair.to_string()).unwrap();
        let out = plain_keqiao(&[&["timetable", file.to_str().unwrap()], more].concat(), "");
        (out.status.success(), told(&out))
    };
    let (done, planned) = asked(&fair, &[]);
    assert!(done, "{planned}");
    let planned: serde_json::Value = serde_json::from_str(&planned).unwrap();
    assert_eq!(planned["meetings"].as_array().unwrap().len(), 3);
    let (_, sheet) = asked(&fair, &["--format", "csv"]);
    assert!(sheet.contains("'=甲公司（示例）") && sheet.lines().count() == 4, "{sheet}");
    let (_, calendar) = asked(&fair, &["--format", "ics", "--for", "a"]);
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2);
    assert!(calendar.contains("UID:a+b@timetable.keqiao\r\nDTSTAMP:20"), "{calendar}");
    // Who cancelled is gone from the list; the others stay where they are.
    fair["previous"] = planned["meetings"].clone();
    fair["participants"].as_array_mut().unwrap().pop();
    fair["scores"].as_array_mut().unwrap().remove(1);
    let (done, anew) = asked(&fair, &[]);
    assert!(done, "{anew}");
    let anew: serde_json::Value = serde_json::from_str(&anew).unwrap();
    let [moved, fallen, new] = [0, 1, 2].map(|i| anew["changed"][i].as_array().unwrap().len());
    assert_eq!((moved, fallen, new, anew["meetings"].as_array().unwrap().len()), (0, 1, 0, 2));
    fair["slots"][0]["start"] = json!("早上");
    let (done, said) = asked(&fair, &["--format", "ics", "--for", "a"]);
    assert!(!done && said.contains("早上") && said.contains("2026-11-20T09:00"), "{said}");
    let (done, said) = asked(&fair, &["--format", "ics", "--for", "nobody"]);
    assert!(!done && said.contains("nobody"), "{said}");
}
