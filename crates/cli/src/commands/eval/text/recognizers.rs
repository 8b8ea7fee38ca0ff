//! The Chinese cases of Recognizers-Text: what they ask for and which are left out.

use std::path::Path;

use serde_json::Value;

use super::report::{Found, Outcome, cases};

/// One result of a case. `end` is one past the last character.
pub(super) struct Expected<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) result: &'a Value,
}

/// Hands the cases of some files to `judge` (input, day of reference, expected results).
pub(super) fn each(
    data: &Path,
    folder: &str,
    files: &[&str],
    outcome: &mut Outcome,
    mut judge: impl FnMut(&mut Outcome, &str, Option<&str>, &[Expected<'_>]),
) {
    for file in files {
        let path = format!("recognizers_text_zh/{folder}/Chinese/{file}.json");
        let Some(list) = cases(data, &path, outcome) else { return };
        for case in list.as_array().into_iter().flatten() {
            if ["NotSupported", "NotSupportedByDesign"].iter().any(|k| names_dotnet(&case[k])) {
                outcome.leave_out("not supported by the reference implementation");
                continue;
            }
            let Some(input) = case["Input"].as_str() else { continue };
            let reference = case["Context"]["ReferenceDateTime"].as_str().and_then(|r| r.get(..10));
            let results = case["Results"].as_array().into_iter().flatten();
            let expected: Vec<Expected<'_>> = results.filter_map(|r| place(input, r)).collect();
            judge(outcome, input, reference, &expected);
        }
    }
}

fn names_dotnet(list: &Value) -> bool {
    list.as_str().is_some_and(|l| l.to_lowercase().contains("dotnet"))
}

/// The place of a result: by its numbers, which count UTF-16 units, or by its text.
fn place<'a>(input: &str, result: &'a Value) -> Option<Expected<'a>> {
    let length = || result["Text"].as_str().map(|t| t.encode_utf16().count());
    let start = usize::try_from(result["Start"].as_u64()?).ok()?;
    let end = match (result["End"].as_u64(), result["Length"].as_u64()) {
        (Some(end), _) => usize::try_from(end).ok()? + 1,
        (None, Some(n)) => start + usize::try_from(n).ok()?,
        (None, None) => start + length()?,
    };
    Some(Expected { start: characters(input, start), end: characters(input, end), result })
}

/// How many characters the first `units` UTF-16 units are.
fn characters(text: &str, units: usize) -> usize {
    let mut left = units;
    text.chars().take_while(|c| left >= c.len_utf16() && { left -= c.len_utf16(); true }).count()
}

impl Expected<'_> {
    pub(super) fn found(&self, value: String) -> Found {
        Found { span: (self.start, self.end), value }
    }
}
