//! Days named in a story, and the year they are meant in.

use std::ops::Range;

use jiff::civil::{Date, date};
use keqiao_text::{Granularity, read_dates};

/// A day at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) chars: Range<usize>,
    /// `YYYY-MM-DD`; `None` where the year is not known.
    pub(crate) iso: Option<String>,
}

/// The days of a story, and all that is said of when.
#[derive(Debug, Default)]
pub(crate) struct Dates {
    pub(crate) days: Vec<Day>,
    /// Months and years of which no day is told: `YYYY-MM`, `YYYY`.
    pub(crate) spans: Vec<Day>,
    /// The day on which all was told; what is said of later days is not done yet.
    pub(crate) told: Option<String>,
    /// Days, months, quarters and years, by their places.
    pub(crate) moments: Vec<Range<usize>>,
}

/// What a story is dated against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reference {
    /// The day it was published.
    Published(Date),
    /// A year that its text or its page speaks of.
    Year(i16),
    /// Nothing.
    Unknown,
}

impl Reference {
    /// The year that days without one are in.
    pub(crate) fn year(self) -> Option<i16> {
        match self {
            Self::Published(day) => Some(day.year()),
            Self::Year(year) => Some(year),
            Self::Unknown => None,
        }
    }
}

/// The first day with a year in a text, as in a dateline.
pub(crate) fn full_date(text: &str) -> Option<Date> {
    read_dates(text, None).into_iter().find(|d| d.granularity == Granularity::Day && !d.relative).and_then(|d| d.from)
}

/// All days of a text, and all that is said of when. Of a period the first day counts.
pub(crate) fn dates(chars: &[char], reference: Reference) -> Dates {
    let text: String = chars.iter().collect();
    let against = match reference {
        Reference::Published(day) => Some(day),
        // The middle of the year: every day without a year is nearest to it in that year.
        Reference::Year(year) => Some(date(year, 7, 2)),
        Reference::Unknown => None,
    };
    let told = matches!(reference, Reference::Published(_));
    let published = match reference {
        Reference::Published(day) => Some(day.to_string()),
        _ => None,
    };
    let mut out = Dates { told: published, ..Dates::default() };
    let mut last: Option<String> = None;
    for date in read_dates(&text, against) {
        let chars = date.start..date.end;
        if !matches!(date.granularity, Granularity::Vague | Granularity::Rolling | Granularity::Long) {
            out.moments.push(chars.clone());
        }
        if let (Some(from), true) = (date.from, told || !date.relative) {
            let iso = from.to_string();
            match date.granularity {
                Granularity::Month => {
                    out.spans.push(Day { chars: chars.clone(), iso: iso.get(..7).map(str::to_owned) })
                }
                Granularity::Year => out.spans.push(Day { chars: chars.clone(), iso: iso.get(..4).map(str::to_owned) }),
                _ => {}
            }
        }
        let day = matches!(date.granularity, Granularity::Day | Granularity::Range);
        let said = |d: &str| d.contains('月') || d.contains(['-', '/', '.']) || d.starts_with('当');
        if day && (told || said(&date.text)) {
            // 同日 is the day that was told of last, and no period between.
            let same = ["同日", "当日", "当天"].iter().any(|w| date.text == *w);
            let iso = last.clone().filter(|_| same).or_else(|| date.from.map(|day| day.to_string()));
            if !same && date.granularity == Granularity::Day {
                last.clone_from(&iso);
            }
            out.days.push(Day { chars, iso });
        }
    }
    out
}

/// The year in which a page without date of publication was written: the latest it names that is not to come.
pub(crate) fn inferred_year(chars: &[char]) -> Option<i16> {
    let mut best = None;
    for i in 0..chars.len() {
        if !chars[i].is_ascii_digit() || (i > 0 && chars[i - 1].is_ascii_digit()) {
            continue;
        }
        let digits: String = chars[i..].iter().take(5).take_while(|c| c.is_ascii_digit()).collect();
        let Some(year) = digits.parse::<i16>().ok().filter(|_| digits.len() == 4) else { continue };
        let end = i + digits.len();
        let named = matches!(chars.get(end), Some('年' | '版' | '-' | '/')) && (1990..2100).contains(&year);
        let other = i > 0 && matches!(chars[i - 1], '到' | '至' | '自' | '从');
        let clause: String =
            chars[end..].iter().take(30).take_while(|c| !matches!(c, '。' | ';' | '\n' | ',')).collect();
        let ahead = clause.contains('将') || ["计划", "目标", "力争", "规划"].iter().any(|w| clause.contains(w));
        if named && !other && !ahead {
            best = best.max(Some(year));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn days_are_read_and_years_inferred() {
        assert_eq!(full_date("发布 2023-5-11 10:00"), Some(date(2023, 5, 11)));
        assert_eq!(full_date("2022年05月25日"), Some(date(2022, 5, 25)));
        let found = dates(&chars("8月8日,2021年3月2日"), Reference::Year(2023)).days;
        assert_eq!(found[0].iso.as_deref(), Some("2023-08-08"));
        assert_eq!(found[1].iso.as_deref(), Some("2021-03-02"));
        assert_eq!(dates(&chars("昨日"), Reference::Year(2023)).days, []);
        assert_eq!(dates(&chars("去年12月,近日"), Reference::Year(2023)).moments, vec![0..5usize]);
        let story = dates(&chars("昨日"), Reference::Published(date(2024, 1, 1))).days;
        assert_eq!(story[0].iso.as_deref(), Some("2023-12-31"));
        let text = "入选2023年度基地。2024年工作重点将放在攻关上。自1996年起,到2030年";
        assert_eq!(inferred_year(&chars(text)), Some(2023));
    }
}
