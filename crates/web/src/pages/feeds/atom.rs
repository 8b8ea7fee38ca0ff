//! `/articles.atom` and `/facts.atom`: what is new, for a feed reader (RFC 4287). A reader brings no account: it gets
//! what every visitor sees.

use axum::response::Response;
use keqiao_app::AppError;
use keqiao_app::articles::{ArticleFilter, ArticleHead, list_articles};
use keqiao_app::graph::{FactOrder, list_facts};
use keqiao_domain::{Timestamp, Viewer};

use super::xml::Xml;
use super::{fact_filter, told};
use crate::locale::{Locale, Word};
use crate::page::FactLine;
use crate::visit::Visit;

const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

/// What a feed says of one thing.
struct Entry {
    id: uuid::Uuid,
    title: String,
    path: String,
    updated: Timestamp,
    author: String,
    /// The day it is of, at which the feed's place begins.
    day: Option<String>,
    /// Its sort: word and name.
    category: Option<(&'static str, &'static str)>,
    summary: Option<String>,
}

/// `/articles.atom`
pub(super) async fn articles(visit: Visit) -> Response {
    let made = articles_feed(&visit).await;
    told(&visit, MEDIA_TYPE, made)
}

/// `/facts.atom`
pub(super) async fn facts(visit: Visit) -> Response {
    let made = facts_feed(&visit).await;
    told(&visit, MEDIA_TYPE, made)
}

/// Who is named as author: the paper, or else the file.
fn author_of(head: &ArticleHead) -> String {
    head.origin.clone().filter(|o| !o.trim().is_empty()).unwrap_or_else(|| head.source_name.clone())
}

fn title_of(locale: Locale, head: &ArticleHead) -> String {
    if head.title.is_empty() { locale.t("feed-untitled").to_owned() } else { head.title.clone() }
}

async fn articles_feed(visit: &Visit) -> Result<Vec<u8>, AppError> {
    let (app, locale) = (&visit.web.app, visit.preferences.locale);
    let found = list_articles(app, &Viewer::visitor(), &ArticleFilter::default(), None).await?;
    let entry = |head: ArticleHead| Entry {
        id: head.id.0,
        title: title_of(locale, &head),
        path: format!("/articles/{}", head.id),
        updated: head.updated_at,
        author: author_of(&head),
        day: head.published.clone(),
        category: None,
        summary: None,
    };
    let entries: Vec<Entry> = found.rows.into_iter().map(entry).collect();
    Ok(feed(visit, "feed-articles", "/articles.atom", "/articles", &entries))
}

async fn facts_feed(visit: &Visit) -> Result<Vec<u8>, AppError> {
    let (app, locale) = (&visit.web.app, visit.preferences.locale);
    let filter = fact_filter(visit)?;
    let found = list_facts(app, &Viewer::visitor(), &filter, FactOrder::Latest(None)).await?;
    let mut entries = Vec::with_capacity(found.rows.len());
    for fact in found.rows {
        let Some(head) = found.articles.iter().find(|a| a.id == fact.article) else { continue };
        entries.push(Entry {
            id: fact.id.0,
            title: FactLine::plain(locale, &fact),
            path: format!("/facts/{}", fact.id),
            updated: head.updated_at,
            author: author_of(head),
            day: fact.day,
            category: Some((fact.kind.as_str(), locale.t(fact.kind.key()))),
            summary: Some(fact.sentence),
        });
    }
    Ok(feed(visit, "feed-facts", &visit.path, "/timeline", &entries))
}

/// A feed of entries.
fn feed(visit: &Visit, title: &'static str, own: &str, page: &str, entries: &[Entry]) -> Vec<u8> {
    let (locale, site) = (visit.preferences.locale, &visit.web.app.settings.public_url);
    let mut xml = Xml::new();
    let attributes = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", locale.tag())];
    xml.element("feed", &attributes, |xml| {
        xml.text("id", &[], &format!("{site}{own}"));
        xml.text("title", &[], locale.t(title));
        // A feed without entries was never updated; that moment is the beginning of time.
        let updated = entries.iter().map(|e| e.updated).max().unwrap_or_default();
        xml.text("updated", &[], &updated.to_string());
        xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &format!("{site}{own}"))]);
        xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &format!("{site}{page}"))]);
        xml.element("author", &[], |xml| xml.text("name", &[], locale.t("feed-author")));
        xml.text("generator", &[], "Keqiao");
        for entry in entries {
            xml.element("entry", &[], |xml| write(xml, entry, site));
        }
    });
    xml.into_bytes()
}

fn write(xml: &mut Xml, entry: &Entry, site: &str) {
    xml.text("id", &[], &format!("urn:uuid:{}", entry.id));
    xml.text("title", &[], &entry.title);
    xml.text("updated", &[], &entry.updated.to_string());
    if let Some(day) = &entry.day {
        xml.text("published", &[], &format!("{day}T00:00:00+08:00"));
    }
    let href = format!("{site}{}", entry.path);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &href)]);
    xml.element("author", &[], |xml| xml.text("name", &[], &entry.author));
    if let Some((term, label)) = entry.category {
        xml.empty("category", &[("term", term), ("label", label)]);
    }
    if let Some(summary) = &entry.summary {
        xml.text("summary", &[], summary);
    }
}
