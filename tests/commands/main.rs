//! The real binary's commands: what they do, and what they say when they cannot.

#![allow(clippy::unwrap_used)]

#[path = "../server.rs"]
mod server;
mod timetable;

use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use keqiao_domain::{Anomaly, Duty, HoursSum, anomalies, sum_hours};
use keqiao_store::kept::{self, Asked};
use keqiao_store::{Store, StoreError, StoreOptions, articles, graph, matches};
use serde_json::json;
use server::{Server, keqiao, keqiao_with_input};

fn told(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned() + &String::from_utf8_lossy(&out.stdout)
}

fn token(data: &Path) -> String {
    let args = ["account", "a@example.com", "--role", "admin", "--name", "a", "--token", "t"];
    let out = keqiao_with_input(data, &args, "a long password\n");
    assert!(out.status.success(), "{}", told(&out));
    told(&out).lines().find(|l| l.starts_with("kq_")).unwrap().to_owned()
}

#[test]
fn a_settings_file_with_three_faults_is_refused_with_all_three() {
    let folder = tempfile::tempdir().unwrap();
    let text = "listen = \"nowhere\"\nread_connections = 0\nopen_sign_up = true\ncolour = \"blue\"\n";
    std::fs::write(folder.path().join("keqiao.toml"), text).unwrap();
    let out = keqiao(folder.path(), &["serve"]);
    assert_eq!(out.status.code(), Some(2));
    let said = told(&out);
    for place in ["keqiao.toml:1", "keqiao.toml:2", "keqiao.toml:4"] {
        assert!(said.contains(place), "{said}");
    }
}

#[test]
fn a_faulty_catalog_is_refused_with_file_line_and_mend() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = folder.path().join("catalog/kinds");
    std::fs::create_dir_all(&kinds).unwrap();
    std::fs::write(kinds.join("mine.toml"), "id = \"mine\"\nzh = \"我的\"\ncolour = 1\n").unwrap();
    let out = keqiao(folder.path(), &["serve"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(told(&out).contains("kinds/mine.toml:3") && told(&out).contains("mend"), "{}", told(&out));
}

#[test]
fn a_port_in_use_is_told_and_so_is_a_folder_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let out = keqiao(folder.path(), &["serve", "--listen", &address]);
    assert!(!out.status.success());
    assert!(told(&out).contains(&address) && told(&out).contains("--listen"), "{}", told(&out));
    let _server = Server::start(folder.path());
    let out = keqiao(folder.path(), &["rebuild"]);
    assert!(told(&out).contains("in use by another keqiao process"), "{}", told(&out));
}

#[test]
fn a_data_folder_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    assert!(keqiao(folder.path(), &["verify"]).status.success());
    let db = folder.path().join("keqiao.db");
    set_newer(&db);
    let before = std::fs::read(&db).unwrap();
    let out = keqiao(folder.path(), &["serve"]);
    assert!(!out.status.success());
    assert!(told(&out).contains("newer program"), "{}", told(&out));
    assert_eq!(std::fs::read(&db).unwrap(), before);
}

/// Writes a far schema version into the store's own table.
fn set_newer(db: &Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let options = keqiao_store::StoreOptions { url: format!("sqlite://{}", db.display()), read_connections: 1 };
        let store = keqiao_store::Store::open(&options).await.unwrap();
        store
            .write::<_, keqiao_store::StoreError, _>(|tx| {
                Box::pin(async move { keqiao_store::meta::set(tx, keqiao_store::meta::SCHEMA_VERSION, "9999").await })
            })
            .await
            .unwrap();
        store.close().await;
    });
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no-such.csv");
    let out = keqiao(folder.path(), &["import", "listings", missing.to_str().unwrap()]);
    assert!(!out.status.success() && told(&out).contains("no-such.csv"), "{}", told(&out));
    let wrong = folder.path().join("wrong.csv");
    std::fs::write(&wrong, b"\xe6\xa0\x87\xe9\xa2\x98,kind\n\xff\xfe\xc3\x28\xe6,chip\n").unwrap();
    let out = keqiao(folder.path(), &["import", "listings", wrong.to_str().unwrap()]);
    assert!(!out.status.success() && told(&out).contains("wrong.csv"), "{}", told(&out));
    let rows = folder.path().join("rows.csv");
    std::fs::write(&rows, "标题,品类,供需\n,芯片,所能\n").unwrap();
    let out = keqiao(folder.path(), &["import", "listings", rows.to_str().unwrap()]);
    assert!(told(&out).contains("row 2: 标题: 请填写此项 / Please fill this in"), "{}", told(&out));
}

#[test]
fn a_backup_made_while_serving_becomes_a_folder_that_serves_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (data, again) = (folder.path().join("data"), folder.path().join("again"));
    let token = token(&data);
    let file = folder.path().join("backup.zip");
    let listing;
    {
        let server = Server::start(&data);
        let party = server.post(&token, "/api/v1/parties", &json!({"name": "示例机构"})).unwrap();
        let body = json!({"side": "need", "party": party["id"], "kind": "problem", "title": "备份之前的难题"});
        listing = server.post(&token, "/api/v1/listings", &body).unwrap()["id"].as_str().unwrap().to_owned();
        let out = keqiao(&data, &["backup", file.to_str().unwrap()]);
        assert!(out.status.success(), "{}", told(&out));
        let body = json!({"side": "need", "party": party["id"], "kind": "problem", "title": "备份之后的难题"});
        server.post(&token, "/api/v1/listings", &body).unwrap();
    }
    let occupied = keqiao(&data, &["restore", file.to_str().unwrap()]);
    assert!(told(&occupied).contains("not empty"), "{}", told(&occupied));
    let out = keqiao(&again, &["restore", file.to_str().unwrap()]);
    assert!(out.status.success(), "{}", told(&out));
    let server = Server::start(&again);
    let found = server.get(&token, &format!("/api/v1/listings/{listing}")).unwrap();
    assert_eq!(found["title"], "备份之前的难题");
    drop(server);
    let verified = keqiao(&again, &["verify"]);
    assert!(verified.status.success(), "{}", told(&verified));
}

#[test]
fn an_index_that_was_deleted_comes_back_by_itself_and_an_archive_goes_round() {
    let folder = tempfile::tempdir().unwrap();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    let out = keqiao(&data, &["demo", "--fill-only"]);
    assert!(out.status.success(), "{}", told(&out));
    std::fs::remove_dir_all(data.join("index")).unwrap();
    let out = keqiao(&data, &["verify"]);
    assert!(out.status.success(), "{}", told(&out));
    assert!(keqiao(&data, &["rebuild"]).status.success());
    let (first, second) = (folder.path().join("1.zip"), folder.path().join("2.zip"));
    for (from, file) in [(&data, &first), (&other, &second)] {
        if from == &other {
            let out = keqiao(&other, &["import", "archive", first.to_str().unwrap()]);
            assert!(out.status.success(), "{}", told(&out));
        }
        let out = keqiao(from, &["export", file.to_str().unwrap()]);
        assert!(out.status.success(), "{}", told(&out));
    }
    assert_eq!(std::fs::read(first).unwrap(), std::fs::read(second).unwrap());
}

/// The demo's service report has hours that count, in two persons' names, and one duty that looks wrong.
#[test]
fn the_demo_volunteers_have_confirmed_hours_and_one_anomaly() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(keqiao(&data, &["demo", "--fill-only"]).status.success());
    let duties: Vec<Duty> =
        tamper(&data, async |store| kept::list(&mut store.reader().await.unwrap(), Asked::first(99)).await.unwrap());
    let wrong = anomalies(&duties);
    assert_eq!(wrong.values().collect::<Vec<_>>(), [&[Anomaly::TooLong]]);
    let sums = sum_hours(&duties, &wrong);
    let hours = |of: fn(&HoursSum) -> i64| sums.values().map(of).sum::<i64>() / 60;
    assert_eq!((hours(|s| s.proven), hours(|s| s.flagged), hours(|s| s.waiting)), (450, 1_950, 90));
    assert!(sums.values().all(|s| s.proven > 0));
}

#[test]
fn a_need_is_matched_without_any_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let offers = folder.path().join("offers.jsonl");
    let lines = "{\"id\":\"a\",\"side\":\"offer\",\"kind\":\"chip\",\"title\":\"碳化硅MOSFET 1200V\",\"attributes\":{\"operating-temperature\":\"-55~175℃\"}}\n\
        {\"id\":\"b\",\"title\":\"碳化硅MOSFET 650V\",\"attributes\":{\"operating-temperature\":{\"min\":-40,\"max\":85,\"unit\":\"℃\"}}}\n\
        {\"id\":\"c\",\"title\":\"有机肥料\"}\nnonsense\n";
    std::fs::write(&offers, lines).unwrap();
    let out = server::plain_keqiao(
        &["match", "--offers", offers.to_str().unwrap(), "--need", "-", "--format", "json"],
        "寻求碳化硅MOSFET，工作温度-40℃~125℃",
    );
    assert!(out.status.success(), "{}", told(&out));
    let answer: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let requirements = answer["need"]["requirements"].as_array().unwrap();
    assert!(requirements.iter().any(|r| r["property"] == "operating-temperature"), "{answer}");
    let ids: Vec<&str> = answer["matches"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(answer["matches"][1]["blocked"], true);
    assert!(String::from_utf8_lossy(&out.stderr).contains(":4:"), "{}", told(&out));
}

#[test]
fn a_reader_that_goes_away_ends_a_command_quietly() {
    let folder = tempfile::tempdir().unwrap();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    assert!(keqiao(&data, &["demo", "--fill-only"]).status.success());
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("rows.csv"), "标题,品类,供需\n只有标题,没有的品类,所需\n").unwrap();
    std::fs::write(at("need.txt"), "寻求碳化硅MOSFET，工作温度-40℃~125℃").unwrap();
    std::fs::write(at("offers.jsonl"), "{\"id\":\"a\",\"title\":\"碳化硅MOSFET\"}\nnonsense\n").unwrap();
    let (need, offers, backup) = (at("need.txt"), at("offers.jsonl"), at("backup.zip"));
    for args in [
        &["match", "--need", &need, "--data", &at("data")][..],
        &["match", "--need", &need, "--data", &at("data"), "--format", "json"],
        &["match", "--need", &need, "--offers", &offers],
        &["catalog", "--data", &at("data")],
        &["verify", "--data", &at("data")],
        &["rebuild", "--data", &at("data")],
        &["export", &at("all.zip"), "--data", &at("data")],
        &["import", "listings", &at("rows.csv"), "--data", &at("data")],
        &["account", "chip@example.com", "--token", "t", "--data", &at("data")],
        &["backup", &backup, "--data", &at("data")],
        &["restore", &backup, "--data", &other.display().to_string()],
    ] {
        let out = server::unread_keqiao(args);
        assert_eq!(out.status.code(), Some(0), "{args:?}: {}", told(&out));
        assert!(!told(&out).contains("panicked"), "{args:?}: {}", told(&out));
    }
    assert!(other.join("keqiao.db").exists());
}

/// Does something to the store of a data folder behind the program's back.
fn tamper<T>(data: &Path, work: impl AsyncFnOnce(&Store) -> T) -> T {
    let options = StoreOptions { url: format!("sqlite://{}", data.join("keqiao.db").display()), read_connections: 1 };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(&options).await.unwrap();
        let done = work(&store).await;
        store.close().await;
        done
    })
}

/// Changes a standing match; gives how many there are.
fn alter_matches(data: &Path) -> usize {
    tamper(data, async |store| {
        let kept = matches::page_all(&mut store.reader().await.unwrap(), None, 10_000).await.unwrap();
        let first = kept[0].clone();
        let written = store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let need = first.matched.need.unwrap();
                let matched = keqiao_domain::Match { score: 1.5, ..first.matched.clone() };
                let altered = [matches::Standing { matched, ..first.clone() }];
                matches::replace_for_listings(tx, &[need], &altered).await
            })
        });
        written.await.unwrap();
        kept.len()
    })
}

#[test]
fn standing_matches_are_compared_with_the_listings_and_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(keqiao(&data, &["demo", "--fill-only"]).status.success());
    let out = keqiao(&data, &["verify"]);
    assert!(out.status.success() && told(&out).contains("standing matches: "), "{}", told(&out));
    assert!(alter_matches(&data) > 100);
    let out = keqiao(&data, &["verify"]);
    assert_eq!(out.status.code(), Some(3), "{}", told(&out));
    assert!(told(&out).contains("kept with 1.50 points") && told(&out).contains("keqiao rebuild"), "{}", told(&out));
    let out = keqiao(&data, &["rebuild"]);
    assert!(out.status.success() && told(&out).contains("standing matches: "), "{}", told(&out));
    let out = keqiao(&data, &["verify"]);
    assert!(out.status.success(), "{}", told(&out));
}

#[test]
fn articles_are_read_without_any_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let story = "某市科协到江东大学调研\n2024-05-06\n5月4日,某市科协主席裴若琳一行到江东大学调研。\n";
    std::fs::write(folder.path().join("a.txt"), story).unwrap();
    let missing = folder.path().join("none.txt");
    // What is no text is refused, as when it is brought in.
    let picture: Vec<u8> =
        b"\x89PNG\r\n\x1a\n".iter().copied().chain((0..4_000_u32).map(|n| (n * n % 251) as u8)).collect();
    std::fs::write(folder.path().join("b.png"), picture).unwrap();
    let paths = ["extract", missing.to_str().unwrap(), folder.path().to_str().unwrap(), "-", "--format", "json"];
    let out = server::plain_keqiao(&paths, story);
    assert_eq!(out.status.code(), Some(1), "{}", told(&out));
    let remarks = String::from_utf8_lossy(&out.stderr);
    assert!(remarks.contains("none.txt") && remarks.contains("b.png: 不是文本"), "{}", told(&out));
    let lines: Vec<serde_json::Value> = out
        .stdout
        .split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .map(|l| serde_json::from_slice(l).unwrap())
        .collect();
    let sources: Vec<&str> = lines.iter().map(|a| a["source"].as_str().unwrap()).collect();
    assert_eq!(sources, ["a.txt", "-"]);
    assert_eq!(lines[0]["published"], "2024-05-06");
    let visited = lines[0]["facts"].as_array().unwrap().iter().find(|f| f["type"] == "visited").unwrap();
    assert_eq!(visited["date"], "2024-05-04");
    let page = server::plain_keqiao(&["extract", "-", "--explain"], story);
    assert!(
        page.status.success() && String::from_utf8_lossy(&page.stdout).contains("class=\"person\""),
        "{}",
        told(&page)
    );
}

/// Puts the graph out of step with the articles.
fn alter_graph(data: &Path) {
    tamper(data, async |store| {
        let written = store.write::<_, StoreError, _>(|tx| {
            Box::pin(async move {
                let article = articles::page_all(tx, None, 1).await?.remove(0);
                graph::clear(tx, &[article.id]).await.map(drop)
            })
        });
        written.await.unwrap();
    });
}

#[test]
fn articles_come_in_once_and_the_graph_is_compared_and_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (data, news) = (folder.path().join("data"), folder.path().join("news"));
    std::fs::create_dir(&news).unwrap();
    let story =
        "澄江大学与远晟公司签约\n2024-05-06\n5月4日,澄江大学校长裴若琳与远晟公司总经理房立群签署战略合作协议。\n";
    std::fs::write(news.join("a.txt"), story).unwrap();
    std::fs::write(news.join("b.txt"), "  \n").unwrap();
    std::fs::write(news.join("c.zip"), b"PK\x03\x04 and no more").unwrap();
    let out = keqiao(&data, &["ingest", news.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(1), "{}", told(&out));
    assert!(
        told(&out).contains("b.txt: 文件是空的 / ") && told(&out).contains("1 new with 1 articles"),
        "{}",
        told(&out)
    );
    // Which file, what is wrong, and the mend, in both languages.
    for said in ["c.zip: 压缩包不完整或已损坏", "请重新压缩", "The ZIP is incomplete", "send it"] {
        assert!(told(&out).contains(said), "{said}: {}", told(&out));
    }
    std::fs::remove_file(news.join("b.txt")).unwrap();
    std::fs::remove_file(news.join("c.zip")).unwrap();
    let out = keqiao(&data, &["ingest", news.to_str().unwrap()]);
    assert!(out.status.success() && told(&out).contains("1 known before"), "{}", told(&out));
    assert!(keqiao(&data, &["verify"]).status.success());
    alter_graph(&data);
    let out = keqiao(&data, &["verify"]);
    assert_eq!(out.status.code(), Some(3), "{}", told(&out));
    assert!(told(&out).contains("graph: fact"), "{}", told(&out));
    let out = keqiao(&data, &["rebuild"]);
    assert!(out.status.success() && told(&out).contains("graph: 1 articles"), "{}", told(&out));
    let out = keqiao(&data, &["verify"]);
    assert!(out.status.success(), "{}", told(&out));
}
