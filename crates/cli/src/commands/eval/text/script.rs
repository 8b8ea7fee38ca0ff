//! Traditional to simplified, measured on OpenCC's cases.

use std::path::Path;

use keqiao_text::simplify;

use super::report::{Outcome, cases};

/// The directions of the cases: the first is what `simplify` is for; the other two also
/// turn the words of Taiwan into those of the mainland, or start from Hong Kong's forms.
const DIRECTIONS: &[(&str, &str)] =
    &[("t2s", "opencc t2s"), ("hk2s", "opencc hk2s"), ("tw2sp", "opencc tw2sp (words as well)")];

pub(super) fn measure(data: &Path) -> Vec<Outcome> {
    DIRECTIONS.iter().map(|(direction, name)| one(data, direction, name)).collect()
}

fn one(data: &Path, direction: &str, name: &'static str) -> Outcome {
    let mut outcome = Outcome::new(name);
    let Some(file) = cases(data, "opencc_cases/test/testcases/testcases.strict.json", &mut outcome) else {
        return outcome;
    };
    for case in file["cases"].as_array().into_iter().flatten() {
        let (Some(input), Some(expected)) = (case["input"].as_str(), case["expected"][direction].as_str()) else {
            continue;
        };
        let got = simplify(input).text;
        let cause = if got.chars().count() == expected.chars().count() { "other character" } else { "other words" };
        outcome.case(input, expected, &got, cause);
    }
    outcome
}
