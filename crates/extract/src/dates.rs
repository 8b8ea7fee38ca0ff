//! Days named in a text, and the year they are meant in.

use std::ops::Range;

/// A day at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) chars: Range<usize>,
    /// `YYYY-MM-DD`; `None` where the year is not known.
    pub(crate) iso: Option<String>,
}

/// The first day in a text, in any of the usual spellings, with its year.
pub(crate) fn full_date(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).find_map(|i| dated(&chars, i).and_then(|(y, m, d, _)| y.map(|y| format!("{y:04}-{m:02}-{d:02}"))))
}

/// All days of a text; those without a year are of `year`.
pub(crate) fn days(chars: &[char], year: Option<u32>) -> Vec<Day> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let whole = i == 0 || !chars[i - 1].is_ascii_digit();
        match dated(chars, i).filter(|_| whole) {
            Some((own, m, d, end)) => {
                let iso = own.or(year).map(|y| format!("{y:04}-{m:02}-{d:02}"));
                out.push(Day { chars: i..end, iso });
                i = end;
            }
            None => i += 1,
        }
    }
    out
}

/// Year, month, day and end of a date that begins at `i`.
fn dated(chars: &[char], i: usize) -> Option<(Option<u32>, u32, u32, usize)> {
    let (first, at) = number(chars, i)?;
    let sign = *chars.get(at)?;
    if at - i == 4 && matches!(sign, '年' | '-' | '/' | '.') {
        let (month, at) = number(chars, at + 1)?;
        let sign = *chars.get(at)?;
        let (day, at) = matches!(sign, '月' | '-' | '/' | '.').then(|| number(chars, at + 1))??;
        let end = at + usize::from(chars.get(at) == Some(&'日'));
        return valid(month, day).then_some((Some(first), month, day, end));
    }
    if sign != '月' {
        return None;
    }
    let (day, at) = number(chars, at + 1)?;
    (chars.get(at) == Some(&'日') && valid(first, day)).then_some((None, first, day, at + 1))
}

const fn valid(month: u32, day: u32) -> bool {
    month >= 1 && month <= 12 && day >= 1 && day <= 31
}

fn number(chars: &[char], i: usize) -> Option<(u32, usize)> {
    let digits: String = chars[i.min(chars.len())..].iter().take(5).take_while(|c| c.is_ascii_digit()).collect();
    Some((digits.parse().ok()?, i + digits.len()))
}

/// The year in which a text without date of publication was written: the latest it names that is not to come.
pub(crate) fn inferred_year(chars: &[char]) -> Option<u32> {
    let mut best = None;
    for i in 0..chars.len() {
        let whole = i == 0 || !chars[i - 1].is_ascii_digit();
        if !whole || !chars[i].is_ascii_digit() {
            continue;
        }
        let Some((year, end)) = number(chars, i).filter(|(_, end)| end - i == 4) else { continue };
        let named = matches!(chars.get(end), Some('年' | '版')) && (1990..2100).contains(&year);
        let until = i > 0 && matches!(chars[i - 1], '到' | '至');
        let clause: String = chars[end..].iter().take(30).take_while(|c| !matches!(c, '。' | ';' | '\n')).collect();
        let ahead = until || clause.contains('将') || clause.contains("计划") || clause.contains("目标");
        if named && !ahead {
            best = best.max(Some(year));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_years_inferred() {
        assert_eq!(full_date("发布 2023-5-11 10:00").as_deref(), Some("2023-05-11"));
        assert_eq!(full_date("2022年05月25日").as_deref(), Some("2022-05-25"));
        let chars: Vec<char> = "8月8日,2021年3月2日".chars().collect();
        let found = days(&chars, Some(2023));
        assert_eq!(found[0].iso.as_deref(), Some("2023-08-08"));
        assert_eq!(found[1].iso.as_deref(), Some("2021-03-02"));
        let text: Vec<char> = "入选2023年度基地。2024年工作重点将放在攻关上。自1996年起,到2030年".chars().collect();
        assert_eq!(inferred_year(&text), Some(2023));
    }
}
