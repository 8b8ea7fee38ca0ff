//! Lines that were cut at the width of a column, or by `<br>` where a page looked best, → whole paragraphs.

use std::ops::Range;

use keqiao_text::Mapped;

use crate::html::HtmlText;

/// A line of the text, by its bytes.
struct Row {
    bytes: Range<usize>,
    /// Its columns: a Han character takes two.
    width: usize,
    indent: usize,
    /// Whether nothing but one line end stands before it.
    follows: bool,
}

/// Columns are no narrower and no wider than this.
const NARROWEST: usize = 24;
const WIDEST: usize = 120;
/// So many columns may be free at the end of a full line: marks may not begin the next one.
const RAGGED: usize = 4;
/// A paragraph begins that far to the right.
const INDENT: usize = 2;

/// The text without the line ends within its paragraphs; `None` where there are none.
pub(crate) fn unwrap(source: &str, html: Option<&HtmlText>) -> Option<Mapped> {
    let rows = rows(source, html);
    let mut cuts: Vec<Range<usize>> = Vec::new();
    for block in rows.chunk_by(|_, next| next.follows) {
        let joins = joins(source, block, html.is_some());
        cuts.extend(joins.into_iter().map(|i| block[i].bytes.end..block[i + 1].bytes.start));
    }
    (!cuts.is_empty()).then(|| without(source, &cuts))
}

fn rows(source: &str, html: Option<&HtmlText>) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    let (mut at, mut place, mut blank) = (0, 0_usize, true);
    for line in source.split('\n') {
        let (mut width, mut indent, mut begin, mut end, mut count) = (0, 0, None, at, 0);
        for (i, c) in line.char_indices() {
            count += 1;
            let columns = if c.is_ascii() { 1 } else { 2 };
            if c.is_whitespace() {
                indent += if begin.is_none() { columns } else { 0 };
            } else {
                begin = begin.or(Some(at + i));
                end = at + i + c.len_utf8();
            }
            width += columns;
        }
        if let Some(begin) = begin {
            let soft = html.map(|h| place.checked_sub(1).and_then(|end| h.soft(end)));
            let follows = match soft {
                None => !blank,
                Some(soft) => soft.is_some(),
            };
            let shifted = matches!(soft, Some(Some(true)));
            out.push(Row { bytes: begin..end, width, indent: indent + if shifted { INDENT } else { 0 }, follows });
        }
        blank = begin.is_none();
        at += line.len() + 1;
        place += count + 1;
    }
    out
}

/// The rows of a block that go on in the next one.
fn joins(source: &str, block: &[Row], html: bool) -> Vec<usize> {
    let text = |row: &Row| &source[row.bytes.clone()];
    let width = block.iter().map(|row| row.width).max().unwrap_or(0);
    let told = || block.iter().any(|row| text(row).contains('。'));
    if block.len() < 2 || !(NARROWEST..=WIDEST).contains(&width) || !told() {
        return Vec::new();
    }
    let margin = block.iter().map(|row| row.indent).min().unwrap_or(0);
    let begins = |row: &Row| row.indent >= margin + INDENT || begins_item(text(row));
    // A page that is broken by hand has lines of many lengths.
    let full = |row: &Row| if html { row.width * 5 >= width * 3 } else { row.width + RAGGED >= width };
    let indented = block.iter().any(|row| row.indent >= margin + INDENT);
    let mut out = Vec::new();
    let mut sure = usize::from(indented);
    for (i, pair) in block.windows(2).enumerate() {
        let [row, next] = pair else { continue };
        let labelled = || is_label(text(row)) || is_label(text(next));
        if !full(row) || begins(next) || !indented && labelled() {
            continue;
        }
        let open = !text(row).ends_with(['。', '!', '?', '！', '？', '…', ':', '：', ')', '）', '”', ';', '；']);
        sure += usize::from(open);
        if open || indented {
            out.push(i);
        }
    }
    if sure < 2 { Vec::new() } else { out }
}

/// An item of a list, a heading or a table of a plain text.
fn begins_item(line: &str) -> bool {
    line.starts_with(['■', '●', '▲', '◆', '□', '○', '★', '·', '▼', '△', '#', '-', '*', '|', '>', '[', '【'])
}

/// `来源:某报`: a label of one to six characters before a colon.
fn is_label(line: &str) -> bool {
    line.chars().take(7).any(|c| matches!(c, ':' | '：'))
}

fn without(source: &str, cuts: &[Range<usize>]) -> Mapped {
    let mut out = Mapped { text: String::with_capacity(source.len()), origin: Vec::with_capacity(source.len() / 2) };
    let mut cuts = cuts.iter().peekable();
    let mut place = 0u32;
    for (at, c) in source.char_indices() {
        while cuts.peek().is_some_and(|cut| cut.end <= at) {
            cuts.next();
        }
        let cut = cuts.peek().filter(|cut| cut.start <= at);
        // Words of Latin script are parted by the line end.
        let parts = |cut: &Range<usize>| {
            let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            at == cut.start && latin(source[..cut.start].chars().next_back()) && latin(source[cut.end..].chars().next())
        };
        match cut {
            None => {
                out.text.push(c);
                out.origin.push(place);
            }
            Some(cut) if parts(cut) => {
                out.text.push(' ');
                out.origin.push(place);
            }
            Some(_) => {}
        }
        place = place.saturating_add(1);
    }
    out.origin.push(place);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(source: &str) -> Vec<String> {
        let html = crate::html::looks_like(source).then(|| crate::html::read(source));
        let text = html.as_ref().map_or(source, |h| &h.text.text);
        let whole = unwrap(text, html.as_ref()).map_or_else(|| text.to_owned(), |m| m.text);
        whole.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect()
    }

    #[test]
    fn lines_cut_at_a_column_end_are_one_paragraph() {
        let found = lines(
            "某联合体成立\n\n  本报讯6月12日,某省海上风电联合\n体成立大会在某市举行。省科技厅副厅\n长张三出席。\n  联合体由甲学院、乙公司等27家单位\n发起。\n",
        );
        assert_eq!(
            found,
            [
                "某联合体成立",
                "本报讯6月12日,某省海上风电联合体成立大会在某市举行。省科技厅副厅长张三出席。",
                "联合体由甲学院、乙公司等27家单位发起。"
            ]
        );
    }

    #[test]
    fn paragraphs_of_a_line_each_stay() {
        let text = "某市召开科技工作推进会议部署全年任务\n3月5日,某市召开科技工作推进会议。\n会议听取了报告。";
        assert_eq!(lines(text).len(), 3);
        assert_eq!(lines("一等奖\n张三 某某大学材料科学与工程学院\n李四 某某大学机械学院").len(), 3);
    }

    #[test]
    fn lines_broken_by_hand_are_one_paragraph() {
        let found = lines(
            "<html><body><td>&nbsp;&nbsp;3月19日,某市科协党组书记、主席<br>\n张三带领调研组到某高新区走访企业<br>\n科协。<br>\n&nbsp;&nbsp;在甲公司,调研组考察了检测中心。</td></body></html>",
        );
        assert_eq!(
            found,
            ["3月19日,某市科协党组书记、主席张三带领调研组到某高新区走访企业科协。", "在甲公司,调研组考察了检测中心。"]
        );
    }
}
