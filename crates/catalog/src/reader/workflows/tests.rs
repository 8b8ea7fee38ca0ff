use crate::reader::read;
use crate::reader::sources::Source;

const DEFAULT: &str = include_str!("../../../../../catalog/workflows/default.toml");
const REASONS: &str = include_str!("../../../../../catalog/decline-reasons.toml");

/// What is said of the built-in workflow after one change, each with its line.
fn faults(old: &str, new: &str) -> Vec<String> {
    assert!(DEFAULT.contains(old) || REASONS.contains(old), "{old}");
    let source = |path: &str, text: &str| Source {
        name: path.to_owned(),
        path: path.to_owned(),
        text: text.replacen(old, new, 1),
        overlay: false,
    };
    let sources = [source("workflows/default.toml", DEFAULT), source("decline-reasons.toml", REASONS)];
    match read(&sources) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.0.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_built_in_workflow_is_sound() {
    assert_eq!(faults("id = \"default\"", "id = \"default\""), Vec::<String>::new());
}

#[test]
fn every_fault_of_a_workflow_is_told_with_line_and_mend() {
    #[rustfmt::skip]
    let cases = [
        ("id = \"default\"", "id = \"other\"", "the id is not the file's name"),
        ("start = \"introduced\"", "start = \"talks\"", "the start is not the first stage of the path"),
        ("start = \"introduced\"", "start = \"begun\"", "unknown stage \"begun\""),
        ("opens = \"accept\"", "opens = \"minutes\"", "is not one that both confirm at the start"),
        ("opens = \"accept\"", "opens = \"take\"", "unknown move \"take\""),
        ("rests_in = \"dormant\"", "rests_in = \"talks\"", "stage \"talks\" stands on the path"),
        ("rests_in = \"dormant\"\n", "", "there is no stage for those that rest"),
        ("escalate_days = 7", "escalate_days = 2", "the days do not follow each other"),
        ("sort = \"landed\"\n", "", "the path does not end in one landed stage"),
        ("sort = \"landed\"", "sort = \"done\"", "unknown sort \"done\""),
        ("escalate_days = 14\n\n[[move]]", "escalate_days = 14\ndormant_days = 30\n\n[[move]]", "a stage aside has dormant_days"),
        ("from = [\"talks\"]\nto = \"signed\"", "from = [\"talk\"]\nto = \"signed\"", "unknown stage \"talk\""),
        ("to = \"signed\"", "to = \"talks\"", "no move leads to stage \"signed\""),
        ("after = [\"minutes\"]", "after = [\"minute\"]", "unknown move \"minute\""),
        ("by = [\"answerer\"]", "by = []", "a move that nobody may make"),
        ("by = [\"answerer\"]", "by = [\"anybody\"]", "unknown by \"anybody\""),
        ("evidence_en = \"The contract, scanned\"\n", "", "the evidence has no name in one language"),
        ("at_most = \"contract-amount\"", "at_most = \"signed-on\"", "is no number above this field"),
        ("type = \"choice\"\nrequired", "type = \"text\"\nrequired", "choices and type do not agree"),
        ("id = \"present\"", "id = \"met-on\"", "field \"met-on\" stands twice"),
        ("id = \"minutes\"\nzh = \"记", "id = \"accept\"\nzh = \"记", "move \"accept\" stands twice"),
        ("id = \"price\"", "id = \"capacity\"", "reason \"capacity\" stands twice"),
        ("reason = true", "reasons = true", "unknown key \"reasons\""),
    ];
    for (old, new, wanted) in cases {
        let found = faults(old, new);
        let told = found.iter().find(|f| f.contains(wanted));
        let told = told.unwrap_or_else(|| panic!("{old} → {new}\nwanted {wanted}\nfound {found:#?}"));
        let line = told.split(':').nth(1).and_then(|n| n.parse::<usize>().ok());
        assert!(line.is_some() && told.contains("; mend: "), "{told}");
    }
}
