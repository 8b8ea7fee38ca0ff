//! Two nodes on one PostgreSQL: what is written on one is found on the other, and what only one may
//! do goes on when that one is killed.

#![allow(clippy::unwrap_used)]

#[path = "../../crates/store/tests/contract/postgres.rs"]
mod postgres;
#[path = "../server.rs"]
mod server;

use std::path::Path;
use std::time::{Duration, Instant};

use keqiao_domain::{Clock, NoticeBody, SystemClock, fold_key};
use keqiao_store::matches::Standing;
use keqiao_store::{Store, StoreError, StoreOptions, accounts, leases, listings, matches, meta, notices};
use serde_json::json;
use server::{Server, keqiao, keqiao_with_input};

const STANDING: &str = "standing-matches";
const GRAPH: &str = "graph";
/// Longer than a lease holds and a job rests.
const PATIENCE: Duration = Duration::from_secs(90);

/// Asks again until there is an answer.
async fn soon<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn token(data: &Path, database: &str) -> String {
    let args = ["account", "a@example.com", "--role", "admin", "--name", "a", "--token", "t", "--database", database];
    let out = keqiao_with_input(data, &args, "a long password\n");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{said}{}", String::from_utf8_lossy(&out.stderr));
    said.lines().find(|l| l.starts_with("kq_")).unwrap().to_owned()
}

/// Publishes a listing from a third data folder, as an operator's import does.
fn publish(data: &Path, database: &str, row: &str, more: &[&str]) {
    let file = data.with_extension("csv");
    std::fs::write(&file, format!("标题,品类,供需,单位,正文\n{row}\n")).unwrap();
    let file = file.display().to_string();
    let args = [&["import", "listings", &file, "--publish", "--database", database], more].concat();
    let out = keqiao(data, &args);
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success() && said.contains("1 created"), "{said}{}", String::from_utf8_lossy(&out.stderr));
}

async fn pairs(store: &Store) -> Vec<Standing> {
    matches::page_all(&mut store.reader().await.unwrap(), None, 100).await.unwrap()
}

/// Whether a server finds a listing of this title.
fn finds(server: &Server, token: &str, words: &str, title: &str) -> bool {
    let words: String = words.bytes().map(|b| format!("%{b:02X}")).collect();
    let page = server.get(token, &format!("/api/v1/listings?q={words}&state=published&state=draft")).unwrap();
    page["items"].as_array().unwrap().iter().any(|item| item["title"] == title)
}

/// The node that has the lease of some work.
async fn keeper_of(store: &Store, work: &str) -> Option<String> {
    leases::holder(&mut store.reader().await.unwrap(), work, SystemClock.now()).await.unwrap()
}

/// Brings an article in through a node; it names an institute.
fn report(server: &Server, token: &str, institute: &str) {
    let text = format!(
        "{institute}与澄江电子有限公司签约\n\n2024-03-05 10:00 来源：澄江日报\n\n\
         3月4日，{institute}院长陆远舟与澄江电子有限公司总经理方知行签署碳化硅衬底联合研发协议。\n"
    );
    let request = ureq::post(format!("{}/api/v1/articles?name=a.txt", server.base()));
    let request = request.header("authorization", format!("Bearer {token}")).header("content-type", "text/plain");
    assert_eq!(request.send(&text).unwrap().status(), 201);
}

/// Whether the graph knows an entity of this name, as a node tells it.
fn knows(server: &Server, token: &str, name: &str) -> bool {
    let words: String = name.bytes().map(|b| format!("%{b:02X}")).collect();
    let page = server.get(token, &format!("/api/v1/entities?q={words}")).unwrap();
    page["items"].as_array().unwrap().iter().any(|item| item["name"] == name)
}

/// One node keeps the graph for all; when it is killed, another goes on.
async fn graph_goes_on(store: &Store, nodes: &mut Vec<Server>, token: &str) {
    report(&nodes[0], token, "星河材料研究院");
    for node in nodes.iter() {
        soon("the entity", async || knows(node, token, "星河材料研究院").then_some(())).await;
    }
    let owner = keeper_of(store, GRAPH).await.unwrap();
    let place = nodes.iter().position(|n| owner.ends_with(&format!("-{}", n.process()))).unwrap();
    nodes[place].kill();
    nodes.remove(place);
    report(&nodes[0], token, "暗涌光子研究院");
    soon("the later entity", async || knows(&nodes[0], token, "暗涌光子研究院").then_some(())).await;
    let successor = keeper_of(store, GRAPH).await.unwrap();
    assert!(successor != owner && successor.ends_with(&format!("-{}", nodes[0].process())), "{successor}");
}

/// A schema of its own on a server, and a folder.
struct Ground {
    postgres: &'static postgres::Server,
    schema: String,
    database: String,
    folder: tempfile::TempDir,
}

impl Ground {
    /// `None` when PostgreSQL is left out.
    async fn new() -> Option<Self> {
        sqlx::any::install_default_drivers();
        let Some(postgres) = postgres::server() else {
            println!("skipped: KEQIAO_SKIP_POSTGRES is set");
            return None;
        };
        let (schema, database) = postgres.fresh_schema().await;
        Some(Self { postgres, schema, database, folder: tempfile::tempdir().unwrap() })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_share_one_database_and_one_takes_over_from_the_other() {
    let Some(Ground { postgres, schema, database, folder }) = Ground::new().await else { return };
    let [a, b, third] = ["a", "b", "third"].map(|name| folder.path().join(name));
    let token = token(&third, &database);
    let mut nodes =
        vec![Server::start_with(&a, &["--database", &database]), Server::start_with(&b, &["--database", &database])];
    let store = Store::open(&StoreOptions { url: database.clone(), read_connections: 2 }).await.unwrap();

    // What one node writes, the other finds.
    let party = nodes[0].post(&token, "/api/v1/parties", &json!({"name": "示例机构"})).unwrap();
    let party = party["id"].as_str().unwrap();
    let draft = json!({"side": "need", "party": party, "kind": "problem", "title": "高温涂层脱落的难题"});
    nodes[0].post(&token, "/api/v1/listings", &draft).unwrap();
    for node in &nodes {
        soon("the draft", async || finds(node, &token, "高温涂层", "高温涂层脱落的难题").then_some(())).await;
    }

    // A backup made meanwhile is one file, from which a folder of its own serves the same, on either engine.
    let file = folder.path().join("backup.zip").display().to_string();
    let out = keqiao(&third, &["backup", &file, "--database", &database]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    restored_serves(&file, &folder.path().join("alone"), &token, &[]).await;
    let (other_schema, other) = postgres.fresh_schema().await;
    restored_serves(&file, &folder.path().join("elsewhere"), &token, &["--database", &other]).await;
    postgres.drop_schema(&other_schema).await;

    // One of them keeps the standing matches, and tells of each pair once.
    publish(&third, &database, "寻求碳化硅MOSFET 1200V,芯片,所需,,用于车载充电机", &["--party", party]);
    publish(&third, &database, "碳化硅MOSFET 1200V 40mΩ,芯片,所能,乙公司（示例）,车载充电机用，可供样品", &[]);
    soon("the first pair", async || (pairs(&store).await.len() == 1).then_some(())).await;
    for node in &nodes {
        soon("the offer", async || finds(node, &token, "40mΩ", "碳化硅MOSFET 1200V 40mΩ").then_some(())).await;
    }
    let owner = keeper_of(&store, STANDING).await.unwrap();
    let place = nodes.iter().position(|n| owner.ends_with(&format!("-{}", n.process()))).unwrap();

    // That one is killed: the other takes over, and the mail of the day goes out once.
    nodes[place].kill();
    let dead = nodes.remove(place);
    digest_is_due(&store).await;
    publish(&third, &database, "碳化硅MOSFET 1200V 16mΩ,芯片,所能,丙公司（示例）,车载充电机用，可供样品", &[]);
    soon("the second pair", async || (pairs(&store).await.len() == 2).then_some(())).await;
    let successor = keeper_of(&store, STANDING).await.unwrap();
    assert!(successor != owner && successor.ends_with(&format!("-{}", nodes[0].process())), "{successor}");
    drop(dead);
    // A node that comes back reads what it missed and does nothing twice.
    let dead_folder = if place == 0 { &a } else { &b };
    nodes.push(Server::start_with(dead_folder, &["--database", &database]));
    for node in &nodes {
        soon("the second offer", async || finds(node, &token, "16mΩ", "碳化硅MOSFET 1200V 16mΩ").then_some(())).await;
    }
    let mails = || [&a, &b].map(|d| std::fs::read_to_string(d.join("mail.log")).unwrap_or_default()).concat();
    soon("the mail", async || mails().contains("a@example.com").then_some(())).await;
    // Both nodes have looked for mail again by then.
    tokio::time::sleep(Duration::from_secs(25)).await;
    assert_eq!(mails().matches("To: a@example.com").count(), 1, "{}", mails());
    told_once(&store).await;
    graph_goes_on(&store, &mut nodes, &token).await;
    drop(nodes);
    store.close().await;
    postgres.drop_schema(&schema).await;
}

/// All that the demo has, programs with their timetables included, goes from one engine into the other and back.
#[tokio::test(flavor = "multi_thread")]
async fn an_archive_goes_from_one_engine_to_the_other_and_back() {
    let Some(Ground { postgres, schema, database, folder }) = Ground::new().await else { return };
    let [data, node, again] = ["data", "node", "again"].map(|name| folder.path().join(name));
    let files = [1, 2, 3].map(|n| folder.path().join(format!("{n}.zip")).display().to_string());
    let run = |at: &Path, args: &[&str]| {
        let out = keqiao(at, args);
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    };
    run(&data, &["demo", "--fill-only"]);
    run(&data, &["export", &files[0]]);
    run(&node, &["import", "archive", &files[0], "--database", &database]);
    run(&node, &["verify", "--database", &database]);
    run(&node, &["export", &files[1], "--database", &database]);
    run(&again, &["import", "archive", &files[1]]);
    run(&again, &["export", &files[2]]);
    let bytes = files.map(|file| std::fs::read(file).unwrap());
    assert!(bytes[0] == bytes[1], "what PostgreSQL gives is what SQLite gave");
    assert!(bytes[1] == bytes[2], "and back");
    postgres.drop_schema(&schema).await;
}

/// Restores a backup into a folder and asks a server on it for the draft.
async fn restored_serves(file: &str, data: &Path, token: &str, more: &[&str]) {
    let out = keqiao(data, &[&["restore", file], more].concat());
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(data.join("keqiao.db").exists(), more.is_empty());
    let server = Server::start_with(data, more);
    // Its index is made while it serves.
    soon("the draft", async || finds(&server, token, "高温涂层", "高温涂层脱落的难题").then_some(())).await;
    drop(server);
    let again = keqiao(&data.with_extension("again"), &[&["restore", file], more].concat());
    assert_eq!(again.status.success(), more.is_empty(), "{}", String::from_utf8_lossy(&again.stderr));
}

/// The account wants the daily mail, and the last one was sent the day before yesterday.
async fn digest_is_due(store: &Store) {
    let before = SystemClock.now().plus_days(-2).micros().to_string();
    store
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let mut account = accounts::find_by_email_key(tx, fold_key("a@example.com").as_str()).await?.unwrap();
                let expected = account.version;
                account.daily_mail = true;
                account.version += 1;
                assert!(accounts::update(tx, &account, expected).await?);
                meta::set(tx, meta::DAILY_DIGEST, &before).await
            })
        })
        .await
        .unwrap();
}

/// Both pairs were told, each once.
async fn told_once(store: &Store) {
    let mut db = store.reader().await.unwrap();
    let account = accounts::find_by_email_key(&mut db, fold_key("a@example.com").as_str()).await.unwrap().unwrap();
    let told = notices::page_of(&mut db, account.id, None, 100).await.unwrap();
    let found = |n: &&keqiao_domain::Notice| matches!(n.body, NoticeBody::MatchFound { .. });
    assert_eq!(told.iter().filter(found).count(), 2, "{told:?}");
    assert_eq!(listings::page_all(&mut db, None, 100).await.unwrap().len(), 4);
}
