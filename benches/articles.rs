//! Articles into the graph, and the pages over it.

use keqiao_benches::figures::{Figures, Target, Times};
use keqiao_benches::http::{Ask, Connection};
use keqiao_benches::news::{ARTICLES, article, write_all};
use keqiao_benches::process::{Server, WorkDir, run};
use keqiao_benches::{Done, timed};

const PAGES: usize = 400;

/// Prints the figures.
pub(crate) fn measure() -> Done {
    let dir = WorkDir::new("articles")?;
    let figures = Figures::begin();
    reading(&figures)?;
    let folder = dir.join("news");
    write_all(&folder)?;
    let data = dir.join("data");
    let [from, to] = [&folder, &data].map(|p| p.to_str().map(str::to_owned).ok_or("a path that is no UTF-8"));
    let (from, to) = (from?, to?);
    let (ours, report) = timed(|| run(&["ingest", &from, "--data", &to], ""))?;
    if !report.contains(&format!("{ARTICLES} new")) {
        return Err(report.into());
    }
    println!("\n{}\n", report.trim());
    let read = timed(|| run(&["extract", &from, "--format", "json"], "").map(drop))?.0;
    let what = format!("`keqiao ingest` of {ARTICLES} articles: read, joined, in the graph");
    figures.add(&what, ours, "s", Some((read, "keqiao extract")), Target::AtMost(60.0));
    pages(&figures, &data)
}

/// Raw text a second on one processor.
fn reading(figures: &Figures) -> Done {
    let catalog = keqiao_catalog::load(None).map_err(|faults| faults.to_string())?;
    let reader = keqiao_extract::Reader::new(&catalog);
    let texts: Vec<String> = (0..2_000).map(article).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let (ours, ()) = timed(|| {
        for text in &texts {
            std::hint::black_box(reader.read("a.txt", text.as_bytes(), Some("utf-8")));
        }
        Ok(())
    })?;
    let (base, ()) = timed(|| {
        for text in &texts {
            std::hint::black_box(keqiao_text::decode(text.as_bytes(), Some("utf-8")));
        }
        Ok(())
    })?;
    let rate = |seconds: f64| bytes as f64 / 1e6 / seconds;
    let what = "reading of generated articles, one processor";
    figures.add(what, rate(ours), "MB/s", Some((rate(base), "decoding alone")), Target::AtLeast(1.0));
    Ok(())
}

/// From one of many addresses, each within its limits.
fn asked(path: &str, n: usize) -> Ask {
    Ask::get(path).with(format!("x-forwarded-for: 10.1.{}.{}", n / 20, n % 20))
}

fn pages(figures: &Figures, data: &std::path::Path) -> Done {
    let server = Server::start(data, &[], "/api/v1/entities")?;
    let empty = Server::start_empty()?;
    let mut ids: Vec<String> = Vec::new();
    let mut connection = Connection::open(server.address)?;
    let mut next = String::new();
    while ids.len() < PAGES {
        let (status, body) = connection.ask(&Ask::get(format!("/api/v1/entities?kind=organization{next}")))?;
        let page: serde_json::Value = serde_json::from_slice(&body)?;
        let items = page["items"].as_array().ok_or_else(|| format!("{status}: {page}"))?;
        ids.extend(items.iter().filter_map(|e| e["id"].as_str().map(str::to_owned)));
        let Some(after) = page["next"].as_str() else { break };
        next = format!("&after={after}");
    }
    ids.truncate(PAGES);
    let base = Times::of(&ids, |_| Connection::open(empty.address)?.expect(&Ask::get("/"), 200).map(drop))?;
    let mut measure = |what: &str, path: &dyn Fn(&str) -> String, most: f64| -> Done {
        // Each page once: none is a kept answer.
        let asks: Vec<Ask> = (0..).zip(&ids).map(|(n, id)| asked(&path(id), n)).collect();
        let times = Times::of(&asks, |ask| connection.expect(ask, 200).map(drop))?;
        figures.add(&format!("{what}: p50"), times.p50(), "ms", Some((base.p50(), "empty axum")), Target::None);
        let limit = Target::AtMost(most);
        figures.add(&format!("{what}: p99"), times.p99(), "ms", Some((base.p99(), "empty axum")), limit);
        Ok(())
    };
    let what = format!("entity page, the {PAGES} organizations most in the news");
    measure(&what, &|id| format!("/entities/{id}"), 15.0)?;
    measure("graph of two steps around each", &|id| format!("/graph?entity={id}&steps=2"), 50.0)
}
