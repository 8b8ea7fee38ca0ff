//! Titles in 《》, standards, and names in quotation marks with what they are behind them.

use std::ops::Range;

use crate::model::EntityKind;
use crate::passage::Passage;

/// A titled thing at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Titled {
    pub(crate) chars: Range<usize>,
    pub(crate) name: String,
    pub(crate) kind: EntityKind,
}

/// The longest title.
const LONGEST: usize = 80;
const AGREEMENTS: [&str; 8] = ["协议", "协议书", "合同", "备忘录", "意向书", "协定", "责任书", "合作书"];
/// What behind a quoted name says that the name is one, and of what.
const QUOTED: [(&str, EntityKind); 14] = [
    ("平台", EntityKind::Platform),
    ("系统", EntityKind::Platform),
    ("小程序", EntityKind::Platform),
    ("APP", EntityKind::Platform),
    ("行动", EntityKind::Program),
    ("计划", EntityKind::Program),
    ("工程", EntityKind::Program),
    ("专项", EntityKind::Program),
    ("项目", EntityKind::Program),
    ("科技志愿服务", EntityKind::Program),
    ("品牌", EntityKind::Program),
    ("模式", EntityKind::Program),
    ("企业", EntityKind::Program),
    ("试点", EntityKind::Program),
];

/// Finds them all.
pub(crate) fn titled(passage: &Passage<'_>) -> Vec<Titled> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < passage.chars.len() {
        let found = match passage.chars[i] {
            '《' => document(passage, i),
            '“' => quoted(passage, i),
            c if c.is_ascii_uppercase() => standard(passage, i),
            _ => None,
        };
        i = found.as_ref().map_or(i + 1, |t| t.chars.end);
        out.extend(found);
    }
    out
}

fn closing(passage: &Passage<'_>, open: usize, sign: char) -> Option<usize> {
    (open + 1..passage.chars.len().min(open + LONGEST))
        .find(|&k| passage.chars[k] == sign)
        .filter(|&k| k > open + 1 && !passage.chars[open..k].contains(&'\n'))
}

fn document(passage: &Passage<'_>, open: usize) -> Option<Titled> {
    let close = closing(passage, open, '》')?;
    let name = passage.text(open + 1..close);
    let signed = AGREEMENTS.iter().any(|end| name.ends_with(end));
    let kind = if signed { EntityKind::Agreement } else { EntityKind::Document };
    Some(Titled { chars: open..close + 1, name, kind })
}

fn quoted(passage: &Passage<'_>, open: usize) -> Option<Titled> {
    let close = closing(passage, open, '”')?;
    let name = passage.text(open + 1..close);
    if ["平台", "云"].iter().any(|end| name.ends_with(end))
        && (3..=14).contains(&name.chars().count())
        && !name.contains(' ')
    {
        return Some(Titled { chars: open..close + 1, name, kind: EntityKind::Platform });
    }
    let (end, kind) = QUOTED.iter().find(|(word, _)| passage.starts(close + 1, word))?;
    let plain = !name.contains(['。', ',', '、', ';']);
    let chars = open..close + 1 + end.chars().count();
    (plain && name.chars().count() <= 16 && *end != "企业" && *end != "模式").then_some(Titled {
        chars,
        name,
        kind: *kind,
    })
}

/// `GB/T 19001-2016`, `AEC-Q100`, `ISO 9001`.
fn standard(passage: &Passage<'_>, at: usize) -> Option<Titled> {
    const BODIES: [&str; 12] =
        ["AEC-Q", "GB/T", "GB", "ISO/TS", "ISO/IEC", "ISO", "IEC", "IATF", "IEEE", "ASTM", "JEDEC", "SJ/T"];
    if at > 0 && passage.chars[at - 1].is_ascii_alphanumeric() {
        return None;
    }
    let body = BODIES.iter().find(|b| passage.starts(at, b))?;
    let mut end = at + body.chars().count();
    end += usize::from(passage.at(end) == ' ');
    let number = passage.chars[end..].iter().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | ':')).count();
    let digits = passage.chars[end..end + number].iter().filter(|c| c.is_ascii_digit()).count();
    end += number;
    while end > at && matches!(passage.before(end), '.' | '-' | ':') {
        end -= 1;
    }
    (digits >= 2).then(|| Titled { chars: at..end, name: passage.text(at..end), kind: EntityKind::Standard })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn titles_and_standards_are_read() {
        let lexicon = Lexicon::new(&keqiao_catalog::builtin().unwrap());
        let text = "签署《战略合作协议》,发布《指南(2023版)》,通过AEC-Q100和GB/T 19001-2016。“云上科服”平台与“好”字";
        let chars: Vec<char> = text.chars().collect();
        let found = titled(&Passage::new(&chars, &lexicon));
        let shown: Vec<(&str, EntityKind)> = found.iter().map(|t| (t.name.as_str(), t.kind)).collect();
        assert_eq!(
            shown,
            [
                ("战略合作协议", EntityKind::Agreement),
                ("指南(2023版)", EntityKind::Document),
                ("AEC-Q100", EntityKind::Standard),
                ("GB/T 19001-2016", EntityKind::Standard),
                ("云上科服", EntityKind::Platform),
            ]
        );
    }
}
