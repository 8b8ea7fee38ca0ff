//! The real binary is killed (kill −9) under write load, again and again: no
//! acknowledged write is lost, the change log names each, and the index comes to agree.

#![allow(clippy::unwrap_used)]

#[path = "../server.rs"]
mod server;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use server::{Server, keqiao};

/// Rounds of load and kill.
const ROUNDS: u64 = 200;
/// Writers at once.
const WRITERS: u64 = 8;
/// After so many rounds the index is compared with the store as well.
const VERIFY_EVERY: u64 = 50;

#[test]
fn no_acknowledged_write_is_lost_however_often_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token = make_account(&data);
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    let mut cursor = 0;
    let mut party = String::new();
    for round in 0..ROUNDS {
        let mut server = Server::start(&data);
        if party.is_empty() {
            let made = server.post(&token, "/api/v1/parties", &json!({"name": "示例机构"})).unwrap();
            party = made["id"].as_str().unwrap().to_owned();
        }
        // What the last round wrote is still there, in the log and record by record.
        let (seen, next) = changes(&server, &token, cursor);
        cursor = next;
        let fresh: Vec<&String> = acknowledged.iter().filter(|id| !seen.contains(*id)).collect();
        assert!(fresh.is_empty(), "round {round}: the change log lacks {fresh:?}");
        for id in &acknowledged {
            let listing = server.get(&token, &format!("/api/v1/listings/{id}"));
            assert_eq!(listing.unwrap()["id"].as_str(), Some(id.as_str()), "round {round}");
        }
        // Different in every round, the same in every run.
        let pause = Duration::from_millis(40 + (round * 37) % 160);
        acknowledged = load_and_kill(&mut server, &token, &party, round, pause);
        if (round + 1) % VERIFY_EVERY == 0 {
            let out = keqiao(&data, &["verify"]);
            assert!(out.status.success(), "round {round}: {}", String::from_utf8_lossy(&out.stderr));
        }
    }
}

fn make_account(data: &std::path::Path) -> String {
    let out = server::keqiao_with_input(
        data,
        &["account", "writer@example.com", "--role", "admin", "--name", "writer", "--token", "load"],
        "a long password\n",
    );
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().lines().find(|l| l.starts_with("kq_")).unwrap().to_owned()
}

/// Writes from several threads until the process is killed; gives the ids that were acknowledged.
fn load_and_kill(server: &mut Server, token: &str, party: &str, round: u64, pause: Duration) -> BTreeSet<String> {
    let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (client, stop, count) = (server.client(), stop.clone(), count.clone());
            let (token, party) = (token.to_owned(), party.to_owned());
            std::thread::spawn(move || {
                let mut ids = Vec::new();
                while !stop.load(Ordering::SeqCst) {
                    let n = count.fetch_add(1, Ordering::SeqCst);
                    let body = json!({
                        "side": "need", "party": party, "kind": "problem",
                        "title": format!("第 {round} 轮 {writer} 号 {n} 次"),
                    });
                    match client.post(&token, "/api/v1/listings", &body) {
                        Ok(made) => ids.push(made["id"].as_str().unwrap().to_owned()),
                        Err(_) => break,
                    }
                }
                ids
            })
        })
        .collect();
    std::thread::sleep(pause);
    server.kill();
    stop.store(true, Ordering::SeqCst);
    writers.into_iter().flat_map(|w| w.join().unwrap()).collect()
}

/// All listings that the change log names after a position, and the position to go on from.
fn changes(server: &Server, token: &str, mut cursor: i64) -> (BTreeSet<String>, i64) {
    let mut seen = BTreeSet::new();
    loop {
        let page: Value = server.get(token, &format!("/api/v1/changes?after={cursor}&limit=100")).unwrap();
        for item in page["items"].as_array().unwrap() {
            if item["record"] == "listing" {
                seen.insert(item["id"].as_str().unwrap().to_owned());
            }
        }
        let next = page["next"].as_i64().unwrap();
        if next == cursor {
            return (seen, cursor);
        }
        cursor = next;
    }
}
