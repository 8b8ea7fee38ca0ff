//! Feeds, calendar, exports of the graph and of facts, each read back.

use std::collections::BTreeMap;

use keqiao_domain::Audience;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::api_articles::{NEWS, bring};
use crate::house::{Answer, Site, encode};

/// Elements of a document in their order: path, attributes, text.
type Elements = Vec<(String, BTreeMap<String, String>, String)>;

fn text_of(raw: &str) -> String {
    quick_xml::escape::unescape(raw).unwrap().into_owned()
}

fn read_xml(text: &str) -> Elements {
    let mut reader = Reader::from_str(text);
    let (mut out, mut open): (Elements, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().unwrap();
        match event {
            Event::Start(ref e) | Event::Empty(ref e) => {
                let name = e.name().as_ref().to_owned();
                let path = open.last().map_or(name.clone(), |o: &usize| format!("{}/{name}", out[*o].0));
                let attributes = e.attributes().map(|a| {
                    let a = a.unwrap();
                    (text_of(a.key.as_ref()), text_of(&a.value))
                });
                out.push((path, attributes.collect(), String::new()));
                if matches!(event, Event::Start(_)) {
                    open.push(out.len() - 1);
                }
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Text(t) => {
                if let Some(place) = open.last() {
                    out[*place].2.push_str(&t);
                }
            }
            Event::GeneralRef(r) => {
                out[*open.last().unwrap()].2.push_str(&text_of(&format!("&{};", &*r)));
            }
            Event::Eof => return out,
            _ => {}
        }
    }
}

fn values<'e>(elements: &'e Elements, path: &str) -> Vec<&'e str> {
    elements.iter().filter(|e| e.0 == path).map(|e| e.2.as_str()).collect()
}

/// What RFC 4287 wants of a feed and of its entries.
fn check_atom(answer: &Answer, entries: usize) -> Elements {
    assert_eq!(answer.headers["content-type"], "application/atom+xml; charset=utf-8");
    let elements = read_xml(&answer.body);
    assert_eq!(elements[0].0, "feed");
    assert_eq!(elements[0].1["xmlns"], "http://www.w3.org/2005/Atom");
    for path in ["feed/id", "feed/title", "feed/updated", "feed/author/name"] {
        let found = values(&elements, path);
        assert!(found.len() == 1 && !found[0].is_empty(), "{path}: {found:?}");
    }
    let own = elements.iter().find(|e| e.0 == "feed/link" && e.1["rel"] == "self").unwrap();
    assert_eq!(own.1["href"], values(&elements, "feed/id")[0]);
    for path in ["feed/entry/id", "feed/entry/title", "feed/entry/updated", "feed/entry/author/name"] {
        let found = values(&elements, path);
        assert_eq!(found.len(), entries, "{path}");
        assert!(found.iter().all(|f| !f.is_empty()), "{path}");
    }
    let links: Vec<_> = elements.iter().filter(|e| e.0 == "feed/entry/link").collect();
    assert!(links.len() == entries && links.iter().all(|l| l.1["rel"] == "alternate" && l.1["href"].contains("://")));
    let latest = values(&elements, "feed/updated")[0].parse::<keqiao_domain::Timestamp>().unwrap();
    for updated in values(&elements, "feed/entry/updated") {
        assert!(updated.parse::<keqiao_domain::Timestamp>().unwrap() <= latest);
    }
    let mut ids = values(&elements, "feed/entry/id");
    ids.sort_unstable();
    ids.dedup();
    assert!(ids.len() == entries && ids.iter().all(|id| id.starts_with("urn:uuid:")));
    elements
}

#[tokio::test]
async fn feeds_tell_what_a_visitor_sees() {
    let site = Site::new().await;
    check_atom(&site.get("/articles.atom").await.expect(200), 0);
    check_atom(&site.get("/facts.atom").await.expect(200), 0);
    let awkward = NEWS.replace("签约\n", "签约 <b>&amp; \"A&B\"\n");
    bring(&site, &[NEWS.to_owned(), awkward], Audience::Public).await;
    bring(&site, &[NEWS.replace("星河", "暗涌")], Audience::Operator).await;
    for browser in [site.visitor(), site.as_("operator")] {
        let articles = check_atom(&browser.get("/articles.atom").await.expect(200), 2);
        let titles = values(&articles, "feed/entry/title");
        assert!(titles.iter().any(|t| t.contains("\"A&B\"")), "{titles:?}");
        assert_eq!(values(&articles, "feed/entry/author/name"), ["澄江日报"; 2]);
        assert_eq!(values(&articles, "feed/entry/published"), ["2024-03-05T00:00:00+08:00"; 2]);
        let facts = browser.get("/facts.atom?kind=signed&from=2024-03-04&to=2024-03-04").await.expect(200);
        let facts = check_atom(&facts, 2);
        let summaries = values(&facts, "feed/entry/summary");
        assert!(summaries.iter().all(|s| s.contains("签约")), "{summaries:?}");
        assert!(facts.iter().any(|e| e.0 == "feed/entry/category" && e.1["term"] == "signed"));
    }
    let english = site.get("/facts.atom?lang=en").await.expect(200);
    assert!(english.body.contains("xml:lang=\"en\""), "{}", english.body);
    site.get("/facts.atom?kind=sung").await.expect(422);
}

/// Properties of each event of a calendar.
fn read_calendar(text: &str) -> Vec<BTreeMap<String, String>> {
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
    let (mut events, mut open) = (Vec::new(), Vec::new());
    for line in text.replace("\r\n ", "").split("\r\n").filter(|l| !l.is_empty()) {
        let (name, value) = line.split_once(':').unwrap();
        match name {
            "BEGIN" => {
                open.push(value.to_owned());
                if value == "VEVENT" {
                    events.push(BTreeMap::new());
                }
            }
            "END" => assert_eq!(open.pop().as_deref(), Some(value)),
            _ if open.last().is_some_and(|o| o == "VEVENT") => {
                let event: &mut BTreeMap<String, String> = events.last_mut().unwrap();
                assert!(event.insert(name.to_owned(), value.to_owned()).is_none(), "{name} stands twice");
            }
            _ => {}
        }
    }
    assert!(open.is_empty());
    events
}

#[tokio::test]
async fn activities_are_days_of_a_calendar() {
    let site = Site::new().await;
    assert!(read_calendar(&site.get("/activities.ics").await.expect(200).body).is_empty());
    bring(&site, &[NEWS.to_owned(), NEWS.replace("3月4日", "2月29日")], Audience::Public).await;
    bring(&site, &[NEWS.replace("星河", "暗涌")], Audience::Operator).await;
    let answer = site.as_("operator").get("/activities.ics").await.expect(200);
    assert_eq!(answer.headers["content-type"], "text/calendar; charset=utf-8");
    assert!(answer.body.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
    let events = read_calendar(&answer.body);
    let days: Vec<(&str, &str)> = events.iter().map(|e| (&*e["DTSTART;VALUE=DATE"], &*e["DTEND;VALUE=DATE"])).collect();
    assert_eq!(days, [("20240304", "20240305"), ("20240229", "20240301")]);
    for event in &events {
        assert!(event["UID"].ends_with("@keqiao") && event["DTSTAMP"].ends_with('Z'));
        assert!(event["SUMMARY"].contains("碳化硅衬底联合研发协议") && event["URL"].contains("/facts/"));
    }
    let none = site.get("/activities.ics?kind=holds-position").await.expect(200);
    assert!(read_calendar(&none.body).is_empty());
}

#[tokio::test]
async fn a_neighbourhood_goes_to_other_programs() {
    let site = Site::new().await;
    bring(&site, &[NEWS.to_owned()], Audience::Public).await;
    let list = site.get(&format!("/api/v1/entities?q={}", encode("星河材料"))).await.json();
    let id = list["items"][0]["id"].as_str().unwrap();
    let graph = site.get(&format!("/api/v1/graph?entity={id}&steps=2")).await.json();
    let answer = site.get(&format!("/graph.graphml?entity={id}&steps=2")).await.expect(200);
    assert_eq!(answer.headers["content-type"], "application/graphml+xml; charset=utf-8");
    let elements = read_xml(&answer.body);
    let ids = |path: &str, name: &str| -> Vec<String> {
        elements.iter().filter(|e| e.0 == path).map(|e| e.1[name].clone()).collect()
    };
    let own = |list: &Value, name: &str| -> Vec<String> {
        list.as_array().unwrap().iter().map(|n| n[name].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("graphml/graph/node", "id"), own(&graph["nodes"], "id"));
    assert_eq!(ids("graphml/graph/edge", "source"), own(&graph["edges"], "one"));
    assert_eq!(ids("graphml/graph/edge", "target"), own(&graph["edges"], "other"));
    let declared = ids("graphml/key", "id");
    let used = elements.iter().filter(|e| e.0.ends_with("/data")).map(|e| &e.1["key"]);
    assert!(used.into_iter().all(|key| declared.contains(key)));

    let answer = site.get(&format!("/graph.jsonld?entity={id}&steps=2")).await.expect(200);
    assert_eq!(answer.headers["content-type"], "application/ld+json");
    let said = answer.json();
    assert_eq!(said["@context"], "https://schema.org");
    let all = said["@graph"].as_array().unwrap();
    let nodes: Vec<&str> = all.iter().filter_map(|n| n["@id"].as_str()).collect();
    assert_eq!(nodes.len(), graph["nodes"].as_array().unwrap().len());
    assert!(all.iter().any(|n| n["@type"] == "Person" && n["name"] == "陆远舟"));
    let ties: Vec<&Value> = all.iter().filter(|n| n["@type"] == "Action").collect();
    assert!(!ties.is_empty());
    for tie in ties {
        let ends = ["participant", "object"].iter().filter_map(|role| tie[role].as_array()).flatten();
        let ends: Vec<&str> = ends.map(|end| end["@id"].as_str().unwrap()).collect();
        assert!(ends.len() == 2 && ends.iter().all(|end| nodes.contains(end)), "{tie}");
    }
    site.get(&format!("/graph.graphml?entity={id}&steps=3")).await.expect(422);
    site.get("/graph.jsonld").await.expect(404);
}

#[tokio::test]
async fn facts_become_a_sheet_without_formulas() {
    let site = Site::new().await;
    let formula = NEWS.replace("星河材料研究院与", "=HYPERLINK(1)与");
    bring(&site, &[NEWS.to_owned(), formula], Audience::Public).await;
    bring(&site, &[NEWS.replace("星河", "暗涌")], Audience::Operator).await;
    let answer = site.get("/facts.csv?kind=signed&to=2024-12-31").await.expect(200);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert!(answer.headers["content-disposition"].to_str().unwrap().contains("keqiao-facts.csv"));
    let text = answer.body.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().get(0), Some("日期"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|r| r.len() == 10 && &r[0] == "2024-03-04" && r[9].contains("/facts/")));
    assert!(rows.iter().all(|r| r.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@']))), "{rows:?}");
    let operator = site.as_("operator").get("/facts.csv?kind=signed").await.expect(200);
    assert_eq!(operator.body.lines().count(), 4, "{}", operator.body);
    site.get("/facts.csv?from=gestern").await.expect(422);
}
