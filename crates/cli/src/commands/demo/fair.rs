//! The demo fair: entries taken through every phase by the use cases that people use, and a call that is open.

use keqiao_app::App;
use keqiao_app::accounts::viewer_of;
use keqiao_app::programs::{
    Cut, EntryDoing, EntryInput, SessionInput, add_reviewer, ask_to_meet, create_program, create_session, deal_entries,
    go_on, keep_ranking, pass_over_rest, plan_meetings, put_into_session, save_entry, select_best, take_entry_step,
};
use keqiao_domain::{
    EntryContent, OrgRole, PartyId, Phase, Program, ProgramEntry, ProgramEntryId, ProgramSettings, ReviewState,
    SessionSort, Signing, Value, Viewer, fold_key,
};
use keqiao_store::{accounts, parties, programs};

use crate::commands::CommandError;

const ENTRIES: &str = include_str!("../../../../../demo/fair.tsv");

/// Who reviews the demo fair.
const REVIEWERS: [&str; 2] = ["broker@example.com", "admin@example.com"];

/// An entry of the file.
struct Line<'l> {
    party: PartyId,
    region: String,
    industry: String,
    kind: &'l str,
    maturity: &'l str,
    points: i64,
    title: &'l str,
    summary: &'l str,
    advantage: &'l str,
}

async fn lines(app: &App) -> Result<Vec<Line<'static>>, CommandError> {
    let mut db = app.store.reader().await?;
    let mut out = Vec::new();
    for line in ENTRIES.lines().filter(|l| !l.starts_with('#')) {
        let wrong = || CommandError::Usage(format!("demo/fair.tsv: {line}"));
        let cells: Vec<&str> = line.split('\t').collect();
        let [party, kind, maturity, points, title, summary, advantage] = cells[..] else { return Err(wrong()) };
        let party = parties::find_by_external_id(&mut db, party).await?.ok_or_else(wrong)?;
        out.push(Line {
            party: party.id,
            region: party.region.unwrap_or_default(),
            industry: party.industry.unwrap_or_default(),
            points: points.parse().map_err(|_| wrong())?,
            kind,
            maturity,
            title,
            summary,
            advantage,
        });
    }
    Ok(out)
}

async fn viewer(app: &App, email: &str) -> Result<Viewer, CommandError> {
    let mut db = app.store.reader().await?;
    let account = accounts::find_by_email_key(&mut db, &fold_key(email)).await?;
    let account = account.ok_or_else(|| CommandError::Usage(email.to_owned()))?;
    Ok(viewer_of(&mut db, &account).await?)
}

fn settings(app: &App, title: &str, call: &str, from: i64, to: i64) -> ProgramSettings {
    let day = |days: i64| app.settings.zone.day(app.now().plus_days(days));
    let quotas = [("320000", 8), ("510000", 16), ("310000", 4), ("330000", 3), ("440000", 3), ("340000", 3)];
    ProgramSettings {
        title: title.to_owned(),
        call: call.to_owned(),
        opens_on: day(from),
        closes_on: day(to),
        blind: true,
        quorum: 2,
        per_entry: 2,
        appeal_days: 0,
        quotas: quotas.map(|(code, n)| (code.to_owned(), n)).into(),
        organizer: None,
    }
}

const CALL: &str = "面向全国征集三类项目：待推广的高新技术、待转化的科技成果、待攻克的科技难题。\n\
    参评项目应当真实、可核实，写清先进性、成熟程度和希望的合作方式。评审实行盲评，名称与简介中请勿出现单位名称。\n\
    入选项目进入云展厅，可参加路演、一对一洽谈与集中签约，并跟踪到落地。（演示数据）";

/// Fills both.
pub(super) async fn fill(app: &App) -> Result<(), CommandError> {
    let operator = viewer(app, "operator@example.com").await?;
    let past = settings(app, "第二届科创会（演示）", CALL, -1, 0);
    let fair = create_program(app, &operator, "fair", past, true).await?;
    let fair = go_on(app, &operator, fair.id, Phase::Open).await?;
    let mut entered = Vec::new();
    for line in lines(app).await? {
        let id = enter(app, &operator, &fair, &line).await?;
        take_entry_step(app, &operator, id, EntryDoing::Pass, "", None).await?;
        entered.push((id, line.points));
    }
    go_on(app, &operator, fair.id, Phase::Review).await?;
    for email in REVIEWERS {
        add_reviewer(app, &operator, fair.id, email).await?;
    }
    deal_entries(app, &operator, fair.id).await?;
    score(app, &entered).await?;
    keep_ranking(app, &operator, fair.id).await?;
    select_best(app, &operator, fair.id, Cut::Best(32)).await?;
    pass_over_rest(app, &operator, fair.id).await?;
    go_on(app, &operator, fair.id, Phase::Announced).await?;
    go_on(app, &operator, fair.id, Phase::Published).await?;
    sessions(app, &operator, &fair, &entered).await?;
    let open = settings(app, "第三届科创会（演示）", CALL, 0, 90);
    let open = create_program(app, &operator, "fair", open, true).await?;
    go_on(app, &operator, open.id, Phase::Open).await?;
    Ok(())
}

/// Demo organizations have no people of their own.
fn acting_for(operator: &Viewer, party: PartyId) -> Viewer {
    Viewer { account: operator.account, roles: vec![(party, OrgRole::Owner)], ..Viewer::default() }
}

async fn enter(app: &App, operator: &Viewer, fair: &Program, line: &Line<'_>) -> Result<ProgramEntryId, CommandError> {
    let entrant = acting_for(operator, line.party);
    let text = |text: &str| Value::Text(text.to_owned());
    let fields = [
        ("advantage", text(line.advantage)),
        ("maturity", text(line.maturity)),
        ("cooperation", text("联合试用、技术许可或共同开发，具体面谈")),
        ("contact", text("演示联系人 000-00000000")),
    ];
    let content = EntryContent {
        title: line.title.to_owned(),
        summary: line.summary.to_owned(),
        kind: line.kind.to_owned(),
        region: line.region.clone(),
        industry: line.industry.clone(),
        fields: fields.map(|(id, value)| (id.to_owned(), value)).into(),
        listing: None,
        files: Vec::new(),
    };
    let input = EntryInput { program: fair.id, party: line.party, content, edits: None, submit: true };
    Ok(save_entry(app, &entrant, input).await?.id)
}

/// The second reviewer is the severer one.
async fn score(app: &App, entered: &[(ProgramEntryId, i64)]) -> Result<(), CommandError> {
    for (severity, email) in (0..).zip(REVIEWERS) {
        let reviewer = viewer(app, email).await?;
        for (n, (id, points)) in (0..).zip(entered) {
            let mut db = app.store.reader().await?;
            let found = programs::entries::find(&mut db, *id).await?;
            drop(db);
            let own = |e: &ProgramEntry| Some(e.state.reviews.get(&reviewer.account?)?.state.clone());
            let waits = found.as_ref().and_then(own);
            if waits != Some(ReviewState::Assigned) {
                continue;
            }
            let point = |more: i64| (points - 2 * severity + more).clamp(0, 10);
            let given = [("novelty", n % 3), ("maturity", n % 2), ("use", 1 - n % 3), ("landing", n % 4 - 1)];
            let given = given.map(|(id, more)| (id.to_owned(), point(more))).into();
            take_entry_step(app, &reviewer, *id, EntryDoing::Score(given), "", None).await?;
        }
    }
    Ok(())
}

/// Entrants ask to meet each other.
async fn ask(app: &App, operator: &Viewer, chosen: &[ProgramEntry]) -> Result<(), CommandError> {
    let strangers = chosen.iter().zip(chosen.iter().skip(3)).filter(|(entry, guest)| entry.party != guest.party);
    for (entry, guest) in strangers.take(8) {
        let asks = acting_for(operator, guest.party);
        ask_to_meet(app, &asks, entry.id, guest.party, "想看样品与检测报告，谈联合试用。").await?;
    }
    Ok(())
}

async fn sessions(
    app: &App,
    operator: &Viewer,
    fair: &Program,
    entered: &[(ProgramEntryId, i64)],
) -> Result<(), CommandError> {
    let day = app.settings.zone.day(app.now().plus_days(7));
    let plans = [
        (SessionSort::Pitch, "新能源与新材料路演", "一号厅", "09:00", "12:00"),
        (SessionSort::Meetings, "一对一对接洽谈", "二号厅", "13:30", "17:30"),
        (SessionSort::Signing, "集中签约仪式", "主会场", "10:00", "11:30"),
    ];
    let mut chosen = Vec::new();
    let mut db = app.store.reader().await?;
    for (id, _) in entered {
        chosen.extend(programs::entries::find(&mut db, *id).await?.filter(|e| e.state.stage.is_on_show()));
    }
    drop(db);
    let numbers: Vec<String> = chosen.iter().take(8).filter_map(|e| e.number).map(|n| n.to_string()).collect();
    for (sort, title, place, from, to) in plans {
        let input = SessionInput {
            sort: Some(sort),
            title: title.to_owned(),
            place: place.to_owned(),
            starts: format!("{day}T{from}"),
            ends: format!("{day}T{to}"),
            minutes: 20,
            tables: 8,
        };
        let session = create_session(app, operator, fair.id, &input).await?;
        if sort == SessionSort::Meetings {
            ask(app, operator, &chosen).await?;
            plan_meetings(app, operator, session.id).await?;
        } else {
            put_into_session(app, operator, session.id, &numbers.join(",")).await?;
        }
    }
    let buyers = ["示例装备集团有限公司", "示例新能源科技有限公司", "示例汽车零部件有限公司"];
    for (entry, (with, wan)) in chosen.iter().zip(buyers.into_iter().zip([120, 86, 300])) {
        let on = app.settings.zone.day(app.now());
        let signing = Signing { with: with.to_owned(), on, amount_yuan: Some(wan * 10_000) };
        take_entry_step(app, operator, entry.id, EntryDoing::Sign(signing), "", None).await?;
    }
    Ok(())
}
