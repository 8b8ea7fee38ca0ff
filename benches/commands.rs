//! Commands that start, work and end, and the served match over the demo data.

use std::path::Path;

use keqiao_benches::corpus::{Corpus, PARTIES, demo_lines, demo_needs};
use keqiao_benches::figures::{Figures, Target, Times};
use keqiao_benches::http::{Ask, Connection};
use keqiao_benches::process::{Server, WorkDir, run};
use keqiao_benches::{Done, plain, timed};
use keqiao_domain::Value;

const ROWS: usize = 10_000;
const STARTS: usize = 20;

/// Prints the figures.
pub(crate) fn measure() -> Done {
    let dir = WorkDir::new("commands")?;
    let figures = Figures::begin();
    offline_match(&figures, &dir)?;
    served_match(&figures, &dir)?;
    import(&figures, &dir)
}

fn text(path: &Path) -> Done<&str> {
    Ok(path.to_str().ok_or("a path that is no UTF-8")?)
}

fn offline_match(figures: &Figures, dir: &WorkDir) -> Done {
    let offers = demo_lines(|file| file.parent().is_some_and(|p| p.ends_with("offers")))?;
    let file = dir.join("offers.jsonl");
    std::fs::write(&file, offers.join("\n"))?;
    let args = ["match", "--offers", text(&file)?, "--need", "-", "--format", "json"];
    let needs: Vec<String> = demo_needs()?.into_iter().cycle().take(STARTS).collect();
    let ours = Times::of(&needs, |need| {
        let answer: serde_json::Value = serde_json::from_str(&run(&args, need)?)?;
        answer["matches"].as_array().map(drop).ok_or_else(|| "no list of matches".into())
    })?;
    let base = Times::of(&needs, |_| run(&["--version"], "").map(drop))?;
    let what = format!("`keqiao match` on {} demo offers, start included: median of {STARTS}", offers.len());
    figures.add(&what, ours.p50(), "ms", Some((base.p50(), "keqiao --version")), Target::AtMost(300.0));
    Ok(())
}

fn served_match(figures: &Figures, dir: &WorkDir) -> Done {
    let data = dir.join("demo");
    run(&["demo", "--fill-only", "--data", text(&data)?], "")?;
    let server = Server::start(&data, &[], "/api/v1/listings?limit=20")?;
    let empty = Server::start_empty()?;
    let needs: Vec<String> = demo_needs()?.into_iter().cycle().take(500).collect();
    let asks: Vec<Ask> = needs
        .iter()
        .enumerate()
        .map(|(n, need)| {
            let from = format!("x-forwarded-for: 10.0.{}.{}", n / 200, n % 200);
            Ask::post("/api/v1/match", &serde_json::json!({ "text": need, "side": "need" })).with(from)
        })
        .collect();
    let times = |server: &Server| -> Done<Times> {
        let mut connection = Connection::open(server.address)?;
        Times::of(&asks, |ask| connection.expect(ask, 200).map(drop))
    };
    let (ours, base) = (times(&server)?, times(&empty)?);
    let what = |part: &str| format!("POST /api/v1/match on the demo data: {part}");
    figures.add(&what("p50"), ours.p50(), "ms", Some((base.p50(), "empty axum")), Target::None);
    figures.add(&what("p99"), ours.p99(), "ms", Some((base.p99(), "empty axum")), Target::AtMost(20.0));
    Ok(())
}

/// A table with a column for each property that any row has.
fn write_table(file: &Path) -> Done {
    let catalog = keqiao_catalog::load(None).map_err(|faults| faults.to_string())?;
    let corpus = Corpus::new(&catalog)?;
    let properties: Vec<&String> = catalog.properties.keys().collect();
    let head = ["编号", "供需", "品类", "标题", "摘要", "正文", "关键词", "单位名称", "地区", "行业"];
    let mut table = csv::Writer::from_path(file)?;
    let columns = properties.iter().map(|p| format!("attributes.{p}"));
    table.write_record(head.iter().map(|h| (*h).to_owned()).chain(columns))?;
    for number in 0..ROWS {
        let listing = corpus.listing(number);
        let content = &listing.content;
        let mut row = vec![
            listing.external_id.clone().unwrap_or_default(),
            listing.side.as_str().to_owned(),
            content.kind.clone(),
            content.title.clone(),
            content.summary.clone(),
            content.body.clone(),
            content.keywords.join("；"),
            corpus.party(number % PARTIES).name,
            content.region.clone().unwrap_or_default(),
            content.industry.clone().unwrap_or_default(),
        ];
        row.extend(properties.iter().map(|p| content.attributes.get(*p).map_or_else(String::new, cell)));
        table.write_record(&row)?;
    }
    table.flush()?;
    Ok(())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        // A month in a text is one of the year; a duration is written so.
        Value::Interval(interval) if interval.unit == "月" => value.to_string().replace(" 月", " 个月"),
        other => other.to_string(),
    }
}

fn import(figures: &Figures, dir: &WorkDir) -> Done {
    let (file, data) = (dir.join("rows.csv"), dir.join("import"));
    write_table(&file)?;
    let args = ["import", "listings", text(&file)?, "--publish", "--data", text(&data)?];
    let (ours, report) = timed(|| run(&args, ""))?;
    let told = report.lines().last().unwrap_or_default().to_owned();
    if !told.contains(&format!("{ROWS} created")) {
        return Err(report.into());
    }
    let rate = tokio::runtime::Runtime::new()?.block_on(plain::sqlite_commits(&dir.join("bare.db"), 2_000, &told))?;
    let base = ROWS as f64 / rate;
    let what = "`keqiao import listings`, 10,000 rows of CSV, indexed";
    figures.add(what, ours, "s", Some((base, "SQLite, a commit a row")), Target::AtMost(20.0));
    Ok(())
}
