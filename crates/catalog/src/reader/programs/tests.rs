use crate::reader::read;
use crate::reader::sources::Source;

const FAIR: &str = include_str!("../../../../../catalog/programs/fair.toml");

/// What is said of the built-in fair after one change. It stands alone, so that its kinds are unknown.
fn faults(old: &str, new: &str) -> Vec<String> {
    assert!(FAIR.contains(old), "{old}");
    let path = "programs/fair.toml".to_owned();
    let source = Source { name: path.clone(), path, text: FAIR.replacen(old, new, 1), overlay: false };
    match read(&[source]) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.0.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_fair_alone_lacks_but_its_kinds() {
    let found = faults("id = \"fair\"", "id = \"fair\"");
    assert!(found.len() == 3 && found.iter().all(|f| f.contains("unknown kind")), "{found:#?}");
}

#[test]
fn every_fault_of_a_program_is_told_with_line_and_mend() {
    #[rustfmt::skip]
    let cases = [
        ("id = \"fair\"", "id = \"fare\"", "the id is not the file's name"),
        ("entrants = [\"organization\", \"person\"]", "entrants = []", "a program that nobody may enter"),
        ("entrants = [\"organization\", \"person\"]", "entrants = [\"alien\"]", "unknown entrants \"alien\""),
        ("kinds = [\"technology\", \"result\", \"problem\"]", "kinds = []", "a program without kinds"),
        ("needs = [\"problem\"]", "needs = [\"chip\"]", "\"chip\" is none of the kinds"),
        ("id = \"check\"", "id = \"checked\"", "unknown id \"checked\""),
        ("id = \"check\"", "id = \"collect\"", "a stage out of its order"),
        ("[[stage]]\nid = \"review\"\nzh = \"评审\"\nen = \"Reviewed\"\n", "", "criteria and stages do not agree"),
        ("[[stage]]\nid = \"selected\"\nzh = \"入选\"\nen = \"Selected\"\n", "", "a stage is missing"),
        ("[[stage]]\nid = \"signed\"\nzh = \"签约\"\nen = \"Signed\"\n", "", "what lands was not signed"),
        ("per_entry = 3", "per_entry = 1", "numbers that do not fit"),
        ("quorum = 3", "quorum = 0", "quorum and criteria do not agree"),
        ("quota = \"target\"", "quota = \"hope\"", "unknown quota \"hope\""),
        ("id = \"budget\"", "id = \"maturity\"", "field \"maturity\" is there already"),
        ("id = \"budget\"", "id = \"title\"", "field \"title\" is there already"),
        ("weight = 25", "weight = 0", "a criterion without weight"),
        ("id = \"landing\"", "id = \"use\"", "criterion \"use\" stands twice"),
        ("blind = true", "blinded = true", "unknown key \"blinded\""),
    ];
    for (old, new, wanted) in cases {
        let found = faults(old, new);
        let told = found.iter().find(|f| f.contains(wanted));
        let told = told.unwrap_or_else(|| panic!("{old} → {new}\nwanted {wanted}\nfound {found:#?}"));
        assert!(told.contains("; mend: "), "{told}");
    }
}
