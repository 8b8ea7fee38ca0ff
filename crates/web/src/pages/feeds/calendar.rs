//! `/activities.ics`: what was held, signed and visited on a known day, for a calendar (RFC 5545).

use axum::response::Response;
use keqiao_app::AppError;
use keqiao_app::articles::ArticleHead;
use keqiao_app::graph::{FactFilter, FactOrder, list_facts};
use keqiao_domain::{Fact, FactKind, Timestamp, Viewer};

use super::{fact_filter, told};
use crate::locale::{Locale, Word};
use crate::page::FactLine;
use crate::visit::Visit;

/// The sorts of facts that are activities.
const ACTIVITIES: [FactKind; 3] = [FactKind::Held, FactKind::Signed, FactKind::Visited];
/// Most events of a calendar: the latest.
const EVENTS: usize = 1_000;
/// Octets of a line without its end.
const OCTETS: usize = 75;

/// `/activities.ics`
pub(super) async fn activities(visit: Visit) -> Response {
    let made = calendar(&visit).await;
    told(&visit, "text/calendar; charset=utf-8", made)
}

async fn calendar(visit: &Visit) -> Result<Vec<u8>, AppError> {
    let (app, locale) = (&visit.web.app, visit.preferences.locale);
    let asked = fact_filter(visit)?;
    let chosen = asked.kinds.iter().copied().filter(|k| ACTIVITIES.contains(k)).collect();
    let kinds: Vec<FactKind> = if asked.kinds.is_empty() { ACTIVITIES.to_vec() } else { chosen };
    let filter = FactFilter { kinds, dated: true, ..asked };
    let mut out = Lines(Vec::new());
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Keqiao//Keqiao//ZH");
    out.line("CALSCALE", "GREGORIAN");
    out.line("METHOD", "PUBLISH");
    out.line("X-WR-CALNAME", &escaped(locale.t("feed-activities")));
    let (mut after, mut events) = (None, 0);
    // None of the sorts that were asked for is an activity.
    while !filter.kinds.is_empty() && events < EVENTS {
        let page = list_facts(app, &Viewer::visitor(), &filter, FactOrder::Latest(after)).await?;
        for fact in &page.rows {
            if let Some(article) = page.articles.iter().find(|a| a.id == fact.article) {
                events += usize::from(event(&mut out, locale, fact, article, &app.settings.public_url));
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    out.line("END", "VCALENDAR");
    Ok(out.into_bytes())
}

/// An event of one day; whether the fact's day is one of the calendar.
fn event(out: &mut Lines, locale: Locale, fact: &Fact, article: &ArticleHead, site: &str) -> bool {
    let day = fact.day.as_deref().and_then(|d| d.parse::<jiff::civil::Date>().ok());
    let Some((day, next)) = day.and_then(|d| Some((d, d.tomorrow().ok()?))) else { return false };
    out.line("BEGIN", "VEVENT");
    out.line("UID", &format!("{}@keqiao", fact.id));
    out.line("DTSTAMP", &stamp(article.updated_at));
    out.line("DTSTART;VALUE=DATE", &day.strftime("%Y%m%d").to_string());
    out.line("DTEND;VALUE=DATE", &next.strftime("%Y%m%d").to_string());
    out.line("SUMMARY", &escaped(&FactLine::plain(locale, fact)));
    out.line("DESCRIPTION", &escaped(&format!("{}\n{}", fact.sentence, article.title)));
    if let Some(place) = fact.args.iter().find(|a| a.role == "place") {
        out.line("LOCATION", &escaped(&place.text));
    }
    out.line("CATEGORIES", &escaped(locale.t(fact.kind.key())));
    out.line("URL", &format!("{site}/facts/{}", fact.id));
    out.line("TRANSP", "TRANSPARENT");
    out.line("END", "VEVENT");
    true
}

/// A moment in UTC as calendars write it.
pub(in crate::pages) fn stamp(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as the value of a property (RFC 5545 §3.3.11).
pub(in crate::pages) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            // A calendar holds no other control characters.
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Content lines, each folded at 75 octets and never within a character (RFC 5545 §3.1).
#[derive(Default)]
pub(in crate::pages) struct Lines(Vec<u8>);

impl Lines {
    pub(in crate::pages) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(in crate::pages) fn line(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if length + c.len_utf8() > OCTETS {
                self.0.extend_from_slice(b"\r\n ");
                length = 1;
            }
            length += c.len_utf8();
            self.0.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.0.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_and_unfold_to_what_they_were() {
        for n in 60..90 {
            let value = format!("{}签约仪式，👩‍🔬;{}", "a".repeat(n), "院".repeat(80));
            let mut out = Lines(Vec::new());
            out.line("SUMMARY", &escaped(&value));
            let text = String::from_utf8(out.0).unwrap();
            assert!(text.split("\r\n").all(|l| l.len() <= OCTETS), "{text}");
            assert_eq!(text.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", value.replace(';', "\\;")));
        }
    }

    #[test]
    fn a_value_holds_no_line_of_its_own() {
        assert_eq!(escaped("a\r\nEND:VEVENT, b\\c;\u{1}"), "a\\nEND:VEVENT\\, b\\\\c\\;");
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(stamp(Timestamp::from_micros(1_772_323_200_000_000)), "20260301T000000Z");
    }
}
