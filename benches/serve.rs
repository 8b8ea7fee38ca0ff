//! The server over 100,000 listings: start, memory, reading and writing under load.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use keqiao_benches::corpus::{Corpus, LISTINGS, PARTIES, listing_id};
use keqiao_benches::figures::{Figures, Target, Times};
use keqiao_benches::http::{Ask, Connection, closed_loop, open_loop};
use keqiao_benches::process::{Server, WorkDir, rotation, run};
use keqiao_benches::{Done, Fault, plain, timed};
use keqiao_catalog::Catalog;
use keqiao_domain::{
    Action, Change, Listing, ListingId, ListingVersion, Party, RecordKind, SystemClock, SystemEntropy,
};
use keqiao_followers::{Follower, StandingMatches};
use keqiao_matching::{CurrentWeights, Lexicon};
use keqiao_search::SearchIndex;
use keqiao_store::{Conn, Store, StoreError, StoreOptions, changes, listing_versions, listings, parties};
use keqiao_text::Text;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};
use tokio::runtime::Runtime;

const LIST: &str = "/api/v1/listings?limit=20";
/// Records in one transaction.
const BATCH: usize = 5_000;
/// After this the index's writer has given its memory back.
const REST: Duration = Duration::from_secs(60);
const CLIENTS: usize = 16;
/// Changes that the follower is handed at once.
const FOLLOWED: usize = 500;
/// Listings whose pages are asked for.
const PAGES: usize = 5_000;
/// Rounds of pages, ours and the empty handler's in turn: a virtual machine that stands still for a moment
/// spoils one of them, and the median is told.
const ROUNDS: usize = 3;
const ROUND_SECONDS: f64 = 10.0;

/// Prints the figures.
pub(crate) fn measure() -> Done {
    let dir = WorkDir::new("serve")?;
    let catalog = keqiao_catalog::load(None).map_err(|faults| faults.to_string())?;
    let corpus = Corpus::new(&catalog)?;
    let catalog = catalog.clone();
    let runtime = Runtime::new()?;
    let data = dir.join("data");
    std::fs::create_dir_all(&data)?;
    runtime.block_on(fill(&data, &corpus))?;
    let figures = Figures::begin();
    let (index, _) = timed(|| run(&["rebuild", "--index-only", "--data", path(&data)?], ""))?;
    let what = "`keqiao rebuild --index-only` of 100,000 listings from the store";
    figures.add(what, index, "s", None, Target::AtMost(30.0));
    let (seconds, ()) = timed(|| runtime.block_on(stand(&data, catalog)))?;
    figures.add(&format!("standing matches of {PAGES} listings, one processor"), seconds, "s", None, Target::None);
    idle_when_empty(&figures, &dir.join("nothing"))?;

    let token = token(&data, &[])?;
    let server = Server::start(&data, &[], LIST)?;
    let empty = Server::start_empty()?;
    let baseline = Some((empty.start_seconds, "empty axum"));
    figures.add("start to first answer, 100,000 listings", server.start_seconds, "s", baseline, Target::AtMost(1.0));
    memory(&figures, &server, "after start", 300.0)?;
    reading(&figures, &dir, &server, &empty, &corpus)?;
    pages(&figures, &server, &empty)?;
    memory(&figures, &server, "after reading under load", 300.0)?;
    let bare = bare_commits(&runtime, &dir, &corpus)?;
    creating(&figures, &server, &token, &corpus, "SQLite", bare)?;
    memory(&figures, &server, "after writing under load", 300.0)?;
    std::thread::sleep(REST);
    memory(&figures, &server, "a minute later", 300.0)?;
    drop(server);
    on_postgres(&figures, &runtime, &dir, &corpus, bare)
}

fn path(path: &Path) -> Done<&str> {
    Ok(path.to_str().ok_or("a path that is no UTF-8")?)
}

async fn fill(data: &Path, corpus: &Corpus<'_>) -> Done {
    let url = format!("sqlite://{}", std::fs::canonicalize(data)?.join("keqiao.db").display());
    let store = Store::open(&StoreOptions { url, read_connections: 1 }).await?;
    let all: Vec<Party> = (0..PARTIES).map(|n| corpus.party(n)).collect();
    store.write(move |tx| Box::pin(async move { insert_parties(tx, &all).await })).await?;
    for start in (0..LISTINGS).step_by(BATCH) {
        let batch: Vec<Listing> = (start..start + BATCH).map(|n| corpus.listing(n)).collect();
        store.write(move |tx| Box::pin(async move { insert_listings(tx, batch).await })).await?;
    }
    store.close().await;
    Ok(())
}

/// Lets their follower keep the standing matches of the listings whose pages are asked for, and sets its
/// cursor to the end: it would be at work for the rest of the measurements.
async fn stand(data: &Path, catalog: Catalog) -> Done {
    let catalog = Arc::new(catalog);
    let text = Arc::new(Text::for_catalog(&catalog));
    let url = format!("sqlite://{}", std::fs::canonicalize(data)?.join("keqiao.db").display());
    let standing = StandingMatches {
        store: Store::open(&StoreOptions { url, read_connections: 1 }).await?,
        index: Arc::new(SearchIndex::open(&data.join("index"), catalog.clone(), text.clone())?),
        lexicon: Arc::new(Lexicon::new(catalog, text)),
        weights: CurrentWeights::default(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        node: "bench".to_owned(),
    };
    let ids: Vec<ListingId> = (0..PAGES).map(|n| listing_id(shuffled(n))).collect();
    for some in ids.chunks(FOLLOWED) {
        let change = |id: &ListingId| Change {
            seq: 0,
            at: standing.clock.now(),
            record: RecordKind::Listing,
            id: id.0,
            action: Action::Created,
            actor: None,
        };
        let batch: Vec<Change> = some.iter().map(change).collect();
        standing.apply(&batch, standing.index.cursor()).await?;
    }
    standing.store.close().await;
    Ok(())
}

async fn insert_parties(tx: &mut Conn, all: &[Party]) -> Result<(), StoreError> {
    for party in all {
        parties::insert(tx, party).await?;
        changes::append(tx, party.created_at, RecordKind::Party, party.id.into(), Action::Created, None).await?;
    }
    Ok(())
}

async fn insert_listings(tx: &mut Conn, batch: Vec<Listing>) -> Result<(), StoreError> {
    for listing in batch {
        listings::insert(tx, &listing).await?;
        let (id, at) = (listing.id, listing.created_at);
        let version = ListingVersion { listing: id, version: 1, content: listing.content, author: None, at };
        listing_versions::insert(tx, &version).await?;
        changes::append(tx, at, RecordKind::Listing, id.into(), Action::Created, None).await?;
    }
    Ok(())
}

fn memory(figures: &Figures, server: &Server, when: &str, most: f64) -> Done {
    let memory = server.memory()?;
    figures.add(&format!("resident {when}"), memory.resident, "MB", None, Target::AtMost(most));
    figures.add(&format!("of it not from files, {when}"), memory.anonymous, "MB", None, Target::None);
    Ok(())
}

fn idle_when_empty(figures: &Figures, data: &Path) -> Done {
    let server = Server::start(data, &[], "/")?;
    std::thread::sleep(Duration::from_secs(5));
    let (ours, empty) = (server.memory()?, Server::start_empty()?.memory()?);
    let baseline = Some((empty.resident, "empty axum"));
    figures.add("resident, an empty data folder, idle", ours.resident, "MB", baseline, Target::AtMost(60.0));
    Ok(())
}

/// A token of a new account.
fn token(data: &Path, flags: &[&str]) -> Done<String> {
    let account = ["account", "bench@example.com", "--name", "Bench", "--token", "bench", "--data", path(data)?];
    let told = run(&[&account, flags].concat(), "a-long-password-for-a-bench\n")?;
    Ok(told.lines().last().ok_or("no token")?.to_owned())
}

fn reading(figures: &Figures, dir: &WorkDir, server: &Server, empty: &Server, corpus: &Corpus) -> Done {
    let one = |n: usize| format!("/api/v1/listings/{}", listing_id(shuffled(n)));
    // Every one is asked for once, so no answer is kept from before.
    let each: Vec<String> = (0..LISTINGS).map(one).collect();
    let words = |n: usize| encoded(&corpus.listing(n).content.keywords.join(" "));
    let queries: Vec<String> = (0..50_000).map(|n| format!("{LIST}&q={}", words(n))).collect();
    let filters: Vec<String> = (0..50_000).map(|n| format!("{LIST}&price_max={}", 1_000_000_000 + n)).collect();
    let none = Target::None;
    let cases: [(&str, String, Option<&[String]>, Target); 5] = [
        ("JSON list of 20, the same", LIST.to_owned(), None, Target::AtLeast(6_000.0)),
        ("JSON list of 20, each with another filter, none kept", LIST.to_owned(), Some(&filters), none),
        ("JSON list of 20, each for other words, none kept", LIST.to_owned(), Some(&queries), none),
        ("JSON of one listing, the same", one(17), None, Target::AtLeast(15_000.0)),
        ("JSON of one listing, each another, none kept", one(17), Some(&each), none),
    ];
    for (what, path, rotated, target) in cases {
        let script = match rotated {
            None => None,
            Some(paths) => {
                let script = dir.join("rotation.lua");
                rotation(&script, paths)?;
                Some(script)
            }
        };
        let (ours, base) = (server.wrk(&path, script.as_deref())?, empty.wrk(&path, script.as_deref())?);
        match ours.zip(base) {
            Some((ours, base)) => figures.add(what, ours, "req/s", Some((base, "empty axum")), target),
            None => figures.skipped(what, "there is no wrk"),
        }
    }
    Ok(())
}

/// Numbers below [`LISTINGS`] in an order that jumps about: 7,919 is prime to it.
const fn shuffled(n: usize) -> usize {
    n * 7_919 % LISTINGS
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn pages(figures: &Figures, server: &Server, empty: &Server) -> Done {
    let page = |n: usize| Ask::get(format!("/listings/{}", listing_id(shuffled(n))));
    // Pages that are not measured: the first ones open connections and make word lists.
    open_loop(server.address, 2 * CLIENTS, 50.0, 2.0, |n| page(PAGES + n))?;
    for (which, of) in [("1,000 of them in turn", 1_000), ("each another", PAGES)] {
        let (mut ours, mut base) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            base.push(open_loop(empty.address, 2 * CLIENTS, 500.0, ROUND_SECONDS, page)?);
            ours.push(open_loop(server.address, 2 * CLIENTS, 500.0, ROUND_SECONDS, |n| page(n % of))?);
        }
        let what = |part: &str| format!("listing page with its matches, 500 a second, {which}: {part}");
        let median = |of: fn(&Times) -> f64| (Times::median(&ours, of), Times::median(&base, of));
        let (p50, p99) = (median(Times::p50), median(Times::p99));
        figures.add(&what("p50"), p50.0, "ms", Some((p50.1, "empty axum")), Target::None);
        figures.add(&what("p99"), p99.0, "ms", Some((p99.1, "empty axum")), Target::AtMost(10.0));
        let worst = |rounds: &[Times]| rounds.iter().map(Times::p99).fold(0.0, f64::max);
        figures.add(
            &what("p99 of the worst round"),
            worst(&ours),
            "ms",
            Some((worst(&base), "empty axum")),
            Target::None,
        );
    }
    let mut connection = Connection::open(server.address)?;
    let numbers: Vec<usize> = (LISTINGS / 2..LISTINGS / 2 + 300).collect();
    let alone = Times::of(&numbers, |n| connection.expect(&page(*n), 200).map(drop))?;
    figures.add(
        "listing page without standing matches, each another, one client: p50",
        alone.p50(),
        "ms",
        None,
        Target::None,
    );
    figures.add(
        "listing page without standing matches, each another, one client: p99",
        alone.p99(),
        "ms",
        None,
        Target::None,
    );
    Ok(())
}

fn bare_commits(runtime: &Runtime, dir: &WorkDir, corpus: &Corpus) -> Done<f64> {
    let content = serde_json::to_string(&corpus.listing(1).content)?;
    runtime.block_on(plain::sqlite_commits(&dir.join("bare.db"), 3_000, &content))
}

fn creating(figures: &Figures, server: &Server, token: &str, corpus: &Corpus, engine: &str, bare: f64) -> Done {
    let authorization = format!("authorization: Bearer {token}");
    let organization = serde_json::json!({ "kind": "organization", "name": "压测机构（示例）" });
    let ask = Ask::post("/api/v1/parties", &organization).with(authorization.clone());
    let party: serde_json::Value = serde_json::from_slice(&Connection::open(server.address)?.expect(&ask, 201)?)?;
    let bodies: Vec<serde_json::Value> = (0..1_000).map(|n| body_of(&corpus.listing(n), &party["id"])).collect();
    let ask = |n: usize| Ask::post("/api/v1/listings", &bodies[n % bodies.len()]).with(authorization.clone());
    let (times, rate) = closed_loop(server.address, CLIENTS, 6.0, 201, ask)?;
    let what = |part: &str| format!("durable creates from 16 clients, {engine}: {part}");
    let baseline = Some((bare, "bare SQLite, one client"));
    figures.add(&what("rate"), rate, "req/s", baseline, Target::AtLeast(1_000.0));
    figures.add(&what("p50"), times.p50(), "ms", None, Target::None);
    figures.add(&what("p99"), times.p99(), "ms", None, Target::None);
    Ok(())
}

fn body_of(listing: &Listing, party: &serde_json::Value) -> serde_json::Value {
    let content = &listing.content;
    serde_json::json!({
        "side": listing.side.as_str(), "party": party, "kind": content.kind, "title": content.title,
        "summary": content.summary, "body": content.body, "keywords": content.keywords,
        "attributes": content.attributes, "region": content.region, "industry": content.industry,
    })
}

fn on_postgres(figures: &Figures, runtime: &Runtime, dir: &WorkDir, corpus: &Corpus, bare: f64) -> Done {
    let Ok(url) = std::env::var("KEQIAO_TEST_POSTGRES") else {
        figures.skipped("durable creates from 16 clients, PostgreSQL", "KEQIAO_TEST_POSTGRES is not set");
        return Ok(());
    };
    sqlx::any::install_default_drivers();
    let schema = format!("keqiao_bench_{}", std::process::id());
    let command = |sql: String| -> Done {
        runtime.block_on(async {
            let mut conn = AnyConnection::connect(&url).await?;
            conn.execute(AssertSqlSafe(sql)).await?;
            conn.close().await.map_err(Fault::from)
        })
    };
    command(format!("CREATE SCHEMA {schema}"))?;
    let join = if url.contains('?') { '&' } else { '?' };
    let database = format!("{url}{join}options[search_path]={schema}");
    let measured = (|| -> Done {
        let (data, flags) = (dir.join("postgres"), ["--database", &database]);
        let token = token(&data, &flags)?;
        let server = Server::start(&data, &flags, "/")?;
        creating(figures, &server, &token, corpus, "PostgreSQL", bare)
    })();
    command(format!("DROP SCHEMA {schema} CASCADE"))?;
    measured
}
