//! A fair of the size of the real one: 7,201 entries of 22 regions, three reviewers each, 5,740 selected; every list,
//! the ranking and each export, answered by the whole program but the socket.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use keqiao_app::accounts::sign_in;
use keqiao_app::programs::{
    Cut, EntryDoing, EntryInput, add_reviewer, create_program, deal_entries, go_on, keep_ranking, pass_over_rest,
    save_entry, select_best, take_entry_step,
};
use keqiao_app::{App, AppError};
use keqiao_benches::figures::{Figures, Target, Times};
use keqiao_benches::process::WorkDir;
use keqiao_benches::{Done, Rng};
use keqiao_domain::{
    EntryContent, OrgRole, Party, PartyId, PartyKind, Phase, PlatformRole, Program, ProgramEntryId, ProgramSettings,
    Value, Viewer,
};
use keqiao_store::parties;
use tower::ServiceExt;
use uuid::Uuid;

use crate::house::{PASSWORD, account, house};

const ENTRIES: usize = 7_201;
const SELECTED: i64 = 5_740;
const PARTIES: usize = 2_500;
const REVIEWERS: usize = 60;
/// Each address is asked so often.
const ASKED: usize = 40;

/// Prefectures of Sichuan and the municipality beside it: 22.
const REGIONS: [&str; 22] = [
    "510100", "510300", "510400", "510500", "510600", "510700", "510800", "510900", "511000", "511100", "511300",
    "511400", "511500", "511600", "511700", "511800", "511900", "512000", "513200", "513300", "513400", "500112",
];
const INDUSTRIES: [&str; 8] = ["C3972", "C3973", "I6520", "M7452", "A0141", "C3849", "N7721", "C3240"];

/// Prints the figures.
pub(crate) fn measure() -> Done {
    let dir = WorkDir::new("fair")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let figures = Figures::begin();
    runtime.block_on(async {
        let app = Arc::new(house(&dir).await?);
        let program = fill(&figures, &app).await?;
        served(&figures, &app, &program).await
    })
}

fn party(n: usize) -> PartyId {
    PartyId(Uuid::from_u128(n as u128 + 1))
}

/// The fair, from its call to the hall, by the use cases that people use.
async fn fill(figures: &Figures, app: &Arc<App>) -> Done<Program> {
    let settle = app.store.write::<_, AppError, _>(|tx| {
        Box::pin(async move {
            for n in 0..PARTIES {
                let blank = Party::blank(party(n), PartyKind::Organization, Default::default());
                parties::insert(tx, &Party { name: format!("示例机构{n}"), ..blank }).await?;
            }
            Ok(())
        })
    });
    settle.await?;
    let operator = account(app, "operator", Some(PlatformRole::Operator)).await?;
    let ty = app.catalog.programs.get("fair").ok_or("no fair")?;
    let today = app.settings.zone.day(app.now());
    let settings = ProgramSettings {
        title: "科创会".to_owned(),
        call: "征集".to_owned(),
        opens_on: today.clone(),
        closes_on: today,
        appeal_days: 0,
        quotas: REGIONS.map(|code| (code.to_owned(), 330)).into(),
        ..ProgramSettings::of_type(ty)
    };
    let program = create_program(app, &operator, "fair", settings, false).await?;
    go_on(app, &operator, program.id, Phase::Open).await?;
    let entries = enter(app, &operator, &program).await?;
    go_on(app, &operator, program.id, Phase::Review).await?;
    let mut reviewers = Vec::new();
    for n in 0..REVIEWERS {
        let name = format!("reviewer{n}");
        reviewers.push(account(app, &name, None).await?);
        add_reviewer(app, &operator, program.id, &format!("{name}@example.com")).await?;
    }
    let seconds = |begun: Instant| begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    deal_entries(app, &operator, program.id).await?;
    figures.add("7,201 entries dealt to three reviewers each", seconds(begun), "s", None, Target::None);
    score(app, &reviewers, &entries).await?;
    let begun = Instant::now();
    keep_ranking(app, &operator, program.id).await?;
    figures.add("ranking made of 21,603 score sheets", seconds(begun), "s", None, Target::None);
    let begun = Instant::now();
    select_best(app, &operator, program.id, Cut::Best(SELECTED)).await?;
    pass_over_rest(app, &operator, program.id).await?;
    figures.add("5,740 selected, the rest passed over", seconds(begun), "s", None, Target::None);
    let begun = Instant::now();
    go_on(app, &operator, program.id, Phase::Announced).await?;
    figures.add("announced, with a notice for each", seconds(begun), "s", None, Target::None);
    let begun = Instant::now();
    let program = go_on(app, &operator, program.id, Phase::Published).await?;
    figures.add("published: 5,740 put on show", seconds(begun), "s", None, Target::None);
    Ok(program)
}

async fn enter(app: &App, operator: &Viewer, program: &Program) -> Done<Vec<ProgramEntryId>> {
    let mut rng = Rng::new(7);
    let kinds = ["technology", "result", "problem"];
    let mut out = Vec::with_capacity(ENTRIES);
    for n in 0..ENTRIES {
        let whose = party(rng.below(PARTIES));
        let entrant = Viewer { account: operator.account, roles: vec![(whose, OrgRole::Owner)], ..Viewer::default() };
        let text = |text: &str| Value::Text(text.to_owned());
        let maturity: &str = rng.pick::<&str>(&["research", "sample", "pilot", "production"]);
        let fields: BTreeMap<String, Value> = [
            ("advantage", text("与现有做法相比成本低三成，附第三方检测报告与连续运行记录。")),
            ("maturity", text(maturity)),
            ("contact", text("联系人 000-00000000")),
        ]
        .map(|(id, value)| (id.to_owned(), value))
        .into();
        let content = EntryContent {
            title: format!("项目{n}：高纯材料短流程制备与应用"),
            summary: "面向产线的短流程制备方法，能耗降低，质量稳定，已完成中试，寻求联合试用。".to_owned(),
            kind: (*rng.pick(&kinds)).to_owned(),
            region: (*rng.pick(&REGIONS)).to_owned(),
            industry: (*rng.pick(&INDUSTRIES)).to_owned(),
            fields,
            listing: None,
            files: Vec::new(),
        };
        let input = EntryInput { program: program.id, party: whose, content, edits: None, submit: true };
        let id = save_entry(app, &entrant, input).await?.id;
        take_entry_step(app, operator, id, EntryDoing::Pass, "", None).await?;
        out.push(id);
    }
    Ok(out)
}

async fn score(app: &App, reviewers: &[Viewer], entries: &[ProgramEntryId]) -> Done {
    let mut rng = Rng::new(11);
    for id in entries {
        let found = keqiao_store::programs::entries::find(&mut app.store.reader().await?, *id).await?;
        let given: Vec<_> = found.map(|e| e.state.reviews.keys().copied().collect()).unwrap_or_default();
        for reviewer in reviewers.iter().filter(|r| r.account.is_some_and(|a| given.contains(&a))) {
            let points = ["novelty", "maturity", "use", "landing"].map(|c| (c.to_owned(), 3 + rng.below(8) as i64));
            take_entry_step(app, reviewer, *id, EntryDoing::Score(points.into()), "", None).await?;
        }
    }
    Ok(())
}

/// Each page and export, none kept from before: whoever is signed in is answered anew.
async fn served(figures: &Figures, app: &Arc<App>, program: &Program) -> Done {
    let (secret, _) = sign_in(app, "operator@example.com", PASSWORD.to_owned()).await?;
    let (desk, _) = sign_in(app, "reviewer1@example.com", PASSWORD.to_owned()).await?;
    let settings = keqiao_web::WebSettings::default();
    let router = keqiao_web::router(app.clone(), &settings);
    let id = program.id;
    let of = |part: &str| format!("/programs/{id}/{part}");
    let cases = [
        ("workbench", of("work"), &secret),
        ("entries, first page", of("work/entries"), &secret),
        ("entries of a region in a stage", of("work/entries?stage=shown&area=510400&after=3000"), &secret),
        ("entries by words", of("work/entries?q=%E9%A1%B9%E7%9B%AE7"), &secret),
        ("reviewers", of("reviewers"), &secret),
        ("ranking, first page", of("ranking"), &secret),
        ("ranking, page in the middle, of a kind", of("ranking?kind=problem&after=3000.1"), &secret),
        ("follow-up", of("follow-up?stage=shown&after=5000"), &secret),
        ("reviewer's desk", format!("/reviewing/{id}?done=1"), &desk),
        ("hall, first page", of("hall"), &secret),
        ("hall, region, kind and field", of("hall?area=510400&kind=result&industry=C"), &secret),
        ("hall, by words, deep", of("hall?q=%E6%9D%90%E6%96%99&after=6000"), &secret),
        ("hall, by words that none has", of("hall?q=%E6%97%A0%E6%AD%A4%E8%AF%8D"), &secret),
        ("results", of("results?after=6500"), &secret),
        ("entries.csv, 7,201 rows", of("entries.csv"), &secret),
        ("ranking.csv, 7,201 rows", of("ranking.csv"), &secret),
        ("results.csv, 5,740 rows", of("results.csv"), &secret),
    ];
    for (what, path, secret) in cases {
        let mut times = Vec::with_capacity(ASKED);
        let mut size = 0;
        for _ in 0..ASKED {
            let cookie = format!("kq_session={secret}");
            let request = Request::get(&path).header(header::COOKIE, cookie).body(Body::empty())?;
            let begun = Instant::now();
            let response = router.clone().oneshot(request).await?;
            if !response.status().is_success() {
                return Err(format!("{path}: {}", response.status()).into());
            }
            size = response.into_body().collect().await?.to_bytes().len();
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        let what = format!("{what} ({} KB), p99", size / 1024);
        figures.add(&what, Times::new(times).p99(), "ms", None, Target::AtMost(100.0));
    }
    Ok(())
}
