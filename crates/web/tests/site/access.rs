//! Every route with every role: who gets in, what they are told otherwise, and that
//! no answer holds a word that its reader must not read.

mod engaged;
mod entered;
mod entry;
mod news;
mod records;
mod services;
mod table;

use std::collections::BTreeSet;

use axum::http::Method;

use crate::house::{Answer, Site, encode};
use entry::{Entry, On};
use records::Records;
use table::ENTRIES;

/// A visitor, and the people of the fixture.
const ROLES: [&str; 9] = ["visitor", "member", "rival", "viewer", "editor", "owner", "broker", "operator", "admin"];

/// What an answer says about access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    /// Let in, whatever the use case then says about the input.
    In,
    SignIn,
    Forbidden,
    Missing,
}

fn gate(answer: &Answer) -> Gate {
    match answer.status.as_u16() {
        303 if answer.location().starts_with("/sign-in?next=") => Gate::SignIn,
        401 => Gate::SignIn,
        403 => Gate::Forbidden,
        404 => Gate::Missing,
        status => {
            assert!(status < 500, "{}", answer.body);
            Gate::In
        }
    }
}

async fn ask(site: &Site, role: &'static str, entry: &Entry, path: &str, records: &Records) -> Answer {
    let browser = if role == "visitor" { site.visitor() } else { site.as_(role) };
    if entry.path.starts_with("/api/") {
        return records.call(site, role, entry, path).await;
    }
    match entry.method {
        "GET" => browser.get(path).await,
        _ if entry.upload => browser.upload(path, entry.fields, "a.txt", b"x").await,
        _ => {
            let fields: Vec<(&str, String)> =
                entry.fields.iter().map(|(n, v)| (*n, records.fill(v, entry.on))).collect();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            browser.post(path, &fields).await
        }
    }
}

/// What is wrong with what a role is told that is not let in. What is hidden from it must
/// be answered as what is not there.
async fn refused_well(
    site: &Site,
    role: &'static str,
    entry: &Entry,
    on: On,
    found: Gate,
    records: &Records,
) -> Result<(), String> {
    let expected = if on.hidden_from(role) {
        match gate(&ask(site, role, entry, &records.path_to_nothing(entry.path), records).await) {
            Gate::In => Gate::Missing,
            as_nothing => as_nothing,
        }
    } else if role == "visitor" && on != On::Machine {
        Gate::SignIn
    } else {
        Gate::Forbidden
    };
    if found == expected { Ok(()) } else { Err(format!("is told {found:?}, not {expected:?}")) }
}

#[test]
fn every_route_has_an_entry_and_every_entry_a_route() {
    let routes: BTreeSet<_> = keqiao_web::route_list().into_iter().map(|r| (r.path, r.method)).collect();
    let entries: BTreeSet<_> = ENTRIES.iter().map(|e| (e.path, e.method)).collect();
    let without: Vec<_> = routes.difference(&entries).collect();
    let stale: Vec<_> = entries.difference(&routes).collect();
    assert!(without.is_empty(), "routes without an entry in access/table.rs: {without:#?}");
    assert!(stale.is_empty(), "entries of access/table.rs without a route: {stale:#?}");
    assert_eq!(entries.len(), ENTRIES.len(), "an entry stands twice");
}

/// One route on one record with one role: what is wrong with the answer.
async fn check(site: &Site, role: &'static str, entry: &Entry, on: On, records: &Records) -> Result<(), String> {
    let path = records.path(entry, on);
    let before = site.app.store.latest_seq();
    let answer = ask(site, role, entry, &path, records).await;
    if matches!(entry.path, "/sign-out" | "/account/sessions") {
        site.forget_session(role);
    }
    let found = gate(&answer);
    let said = || format!("{role}: {} {} on {on:?} ({})", entry.method, entry.path, answer.status);
    records.check_words(role, &path, &answer).map_err(|why| format!("{} {why}", said()))?;
    if entry.lets_in(role, on) {
        return if found == Gate::In { Ok(()) } else { Err(format!("{} is not let in", said())) };
    }
    if site.app.store.latest_seq() != before {
        return Err(format!("{} was refused and wrote", said()));
    }
    refused_well(site, role, entry, on, found, records).await.map_err(|why| format!("{} {why}", said()))
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Reading: each route on each record it can name.
#[tokio::test]
async fn each_role_reads_what_it_may_and_no_word_more() {
    let site = Site::new().await;
    let records = Records::make(&site).await;
    let mut faults = Vec::new();
    for entry in ENTRIES.iter().filter(|e| e.method == "GET") {
        for &on in entry.on.each() {
            for role in ROLES {
                faults.extend(check(&site, role, entry, on, &records).await.err());
            }
        }
    }
    assert_none(&faults);
}

/// Writing: who is refused changes nothing, who is let in reaches the use case.
#[tokio::test]
async fn each_role_writes_what_it_may() {
    let mut faults = Vec::new();
    for role in ROLES {
        let site = Site::new().await;
        let records = Records::make(&site).await;
        for entry in ENTRIES.iter().filter(|e| e.method != "GET") {
            for &on in entry.on.each() {
                faults.extend(check(&site, role, entry, on, &records).await.err());
            }
        }
    }
    assert_none(&faults);
}

/// Searching for a word that somebody must not read finds nothing, and counts tell nothing.
#[tokio::test]
async fn no_search_finds_a_record_by_what_its_reader_must_not_read() {
    let site = Site::new().await;
    let records = Records::make(&site).await;
    let searches = [
        "/hall?q=",
        "/hall.csv?q=",
        "/parties?q=",
        "/match?text=",
        "/api/v1/listings?q=",
        "/api/v1/parties?q=",
        "/api/v1/search?q=",
    ];
    let mut faults = Vec::new();
    for word in &records.words {
        for role in ROLES {
            let browser = if role == "visitor" { site.visitor() } else { site.as_(role) };
            let mut finds = 0;
            for search in searches {
                let path = format!("{search}{}", encode(&word.text));
                let answer = browser.get(&path).await.expect(200);
                let found = answer.body.contains(&word.record) || answer.body.contains(&word.title);
                if found && !word.readers.contains(&role) {
                    faults.push(format!("{role} found {} by {} with {path}", word.record, word.text));
                }
                finds += usize::from(found);
                faults
                    .extend(records.check_words(role, &path, &answer).err().map(|why| format!("{role} {path} {why}")));
            }
            if finds == 0 && word.indexed && word.readers.contains(&role) {
                faults.push(format!("{role} cannot find {} by {}", word.record, word.text));
            }
        }
    }
    assert_none(&faults);
    let counts = site.get("/api/v1/listings?facets=1").await.expect(200).json();
    assert_eq!(counts["facets"]["state"], serde_json::json!({"published": 1}));
    assert_eq!(counts["total"], 1);
}

/// What is hidden stays hidden when a query names it or filters for it.
#[tokio::test]
async fn a_query_opens_nothing_that_is_hidden() {
    let site = Site::new().await;
    let records = Records::make(&site).await;
    let mut faults = Vec::new();
    for role in ROLES {
        let browser = if role == "visitor" { site.visitor() } else { site.as_(role) };
        for path in [
            "/publish?listing={id}",
            "/hall?state=draft",
            "/hall.csv?state=draft&state=closed",
            "/desk?state=draft",
            "/api/v1/listings?state=draft&state=in-review&state=expired&state=closed&facets=1",
            "/api/v1/listings?party={party}&facets=1",
            "/parties/{party}?state=draft",
        ] {
            let path = records.fill(path, On::Draft);
            let answer = browser.get(&path).await;
            faults.extend(records.check_words(role, &path, &answer).err().map(|why| format!("{role} {path} {why}")));
            let edits = ["editor", "owner"].contains(&role);
            if path.starts_with("/publish") && (gate(&answer) == Gate::In) != edits {
                faults.push(format!("{role} {path}: {}", answer.status));
            }
        }
    }
    assert_none(&faults);
}

/// Reasons are computed from what the reader may read of both sides.
#[tokio::test]
async fn a_match_gives_no_member_s_value_to_a_visitor() {
    let site = Site::new().await;
    let records = Records::make(&site).await;
    let text = "求购车规级线性稳压器，工作温度-40℃~125℃，单价不高于 100 元";
    let body = serde_json::to_vec(&serde_json::json!({ "text": text })).unwrap();
    let visitor = site.visitor().request(Method::POST, "/api/v1/match", "application/json", body.clone()).await;
    let visitor = visitor.expect(200);
    assert!(visitor.body.contains(&records.published().to_string()), "{}", visitor.body);
    assert_eq!(records.check_words("visitor", "/api/v1/match", &visitor), Ok(()));
    let member = records.call_match(&site, "member", text).await.expect(200);
    assert!(member.body.contains(records::PRICE), "{}", member.body);
}
