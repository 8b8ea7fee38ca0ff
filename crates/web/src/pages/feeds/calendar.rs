//! `/activities.ics`: what was held, signed and visited on a known day, for a calendar (RFC 5545).

use axum::response::Response;
use keqiao_app::AppError;
use keqiao_app::articles::ArticleHead;
use keqiao_app::calendar::{Lines, escaped, stamp};
use keqiao_app::graph::{FactFilter, FactOrder, list_facts};
use keqiao_domain::{Fact, FactKind, Viewer};

use super::{fact_filter, told};
use crate::locale::{Locale, Word};
use crate::page::FactLine;
use crate::visit::Visit;

/// The sorts of facts that are activities.
const ACTIVITIES: [FactKind; 3] = [FactKind::Held, FactKind::Signed, FactKind::Visited];
/// Most events of a calendar: the latest.
const EVENTS: usize = 1_000;
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
    let mut out = Lines::default();
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
