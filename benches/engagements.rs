//! A million steps in a hundred thousand engagements: dashboard, the lists behind it, boards, and a step appended.

mod life;

use std::time::{Duration, Instant};

use keqiao_app::engagements::{
    Doing, FigureFilter, StepInput, Whose, behind_figure, board, figures as dashboard_of, take_step, verify_engagements,
};
use keqiao_app::{App, AppError, AppSettings};
use keqiao_benches::Done;
use keqiao_benches::figures::{Figures, Target, Times};
use keqiao_benches::process::WorkDir;
use keqiao_domain::{
    AccountId, EngagementId, OrgRole, Party, PartyKind, PlatformRole, Role, RoleGrant, Timestamp, Viewer,
};
use keqiao_store::engagements::{self, lists, lists::Scope};
use keqiao_store::{StoreError, accounts, meta, parties};
use uuid::Uuid;

use self::life::{KINDS, Maker, PROVINCES, fill, party};
use crate::house::{account, house};

const ENGAGEMENTS: u128 = 100_000;
const STEPS: usize = 10;
const PARTIES: usize = 5_000;
const PEOPLE: usize = 500;
const BROKERS: usize = 50;
/// Steps appended a second, and for how many seconds.
const RATE: u32 = 100;
const SECONDS: u32 = 10;

/// Prints the figures.
pub(crate) fn measure() -> Done {
    let dir = WorkDir::new("engagements")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let figures = Figures::begin();
    runtime.block_on(async {
        let mut app = house(&dir).await?;
        // So many ask each other here that the bounds of requests would be what is measured.
        app.settings = AppSettings { open_requests_per_party: i64::MAX, ..app.settings };
        let operator = account(&app, "operator", Some(PlatformRole::Operator)).await?;
        let people = settle(&app).await?;
        let maker = Maker::new()?;
        let all = ENGAGEMENTS as f64 * STEPS as f64;
        let begun = Instant::now();
        fill(&app, &maker).await?;
        let seconds = begun.elapsed().as_secs_f64();
        figures.add("1,000,000 steps in 100,000 engagements, built", seconds, "s", None, Target::None);
        dashboard(&figures, &app, &operator).await?;
        boards(&figures, &app, &operator).await?;
        append(&figures, &app, &maker, &people).await?;
        let begun = Instant::now();
        let (faults, read) = verify_engagements(&app, &|_| ()).await?;
        // The files that the steps name were never uploaded; nothing else is wrong.
        if let Some(fault) = faults.iter().find(|f| f.file.is_none()) {
            return Err(fault.to_string().into());
        }
        let seconds = begun.elapsed().as_secs_f64();
        figures.add("every chain checked and every count made anew", seconds, "s", None, Target::None);
        if (read as f64) < all {
            return Err(format!("{read} steps of {all}").into());
        }
        app.store.close().await;
        Ok(())
    })
}

/// Parties, and people who act for them.
async fn settle(app: &App) -> Done<Vec<Viewer>> {
    let mut people = Vec::with_capacity(PEOPLE);
    for n in 0..PEOPLE {
        people.push(account(app, &format!("person{n}"), None).await?);
    }
    let ids: Vec<AccountId> = people.iter().filter_map(|p| p.account).collect();
    let settle = app.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            for n in 0..PARTIES {
                let name = format!("示例机构{n}");
                let at = Timestamp::from_micros(0);
                parties::insert(tx, &Party { name, ..Party::blank(party(n), PartyKind::Organization, at) }).await?;
                let account = ids[n % PEOPLE];
                let grant = RoleGrant { account, organization: party(n), role: OrgRole::Owner, at };
                accounts::grant_role(tx, &grant).await?;
            }
            Ok(())
        })
    });
    settle.await?;
    for (n, person) in people.iter_mut().enumerate() {
        person.roles = (n..PARTIES).step_by(PEOPLE).map(|p| (party(p), OrgRole::Owner)).collect();
    }
    Ok(people)
}

async fn timed_of<T, E>(work: impl Future<Output = Result<T, E>>) -> Done<f64>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let begun = Instant::now();
    std::hint::black_box(work.await?);
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}

/// Filters as people set them; of some, nothing at all is behind the figure.
fn filter(n: usize) -> FigureFilter {
    let some = |some: bool, text: &str| some.then(|| text.to_owned());
    FigureFilter {
        region: some(!n.is_multiple_of(3), PROVINCES[n % PROVINCES.len()]),
        kind: some(n % 4 > 1, KINDS[n % KINDS.len()]),
        program: some(n % 20 == 7, "0190b2a0-0000-7000-8000-000000000001"),
        from: some(n % 5 == 3, "2026-03"),
        ..FigureFilter::default()
    }
}

async fn dashboard(figures: &Figures, app: &App, operator: &Viewer) -> Done {
    let mut times = Vec::new();
    for n in 0..400 {
        times.push(timed_of(dashboard_of(app, operator, &filter(n))).await?);
    }
    let base = timed_of(lists::count_by_stage(&mut app.store.reader().await?, &Scope::All)).await?;
    let p99 = Times::new(times).p99();
    figures.add("dashboard, p99", p99, "ms", Some((base, "stages counted row by row")), Target::AtMost(50.0));
    let stages = ["introduced", "talks", "signed", "trading", "tracking", "landed", "declined"];
    let mut times = Vec::new();
    for n in 0..400 {
        let stage = Some(stages[n % stages.len()].to_owned());
        let (stage, reached) = if n % 2 == 0 { (stage, None) } else { (None, stage) };
        let asked = FigureFilter { stage, reached, ..filter(n) };
        times.push(timed_of(behind_figure(app, operator, &asked, None)).await?);
    }
    let p99 = Times::new(times).p99();
    figures.add(
        "list behind a figure, p99",
        p99,
        "ms",
        Some((base, "stages counted row by row")),
        Target::AtMost(50.0),
    );
    Ok(())
}

async fn boards(figures: &Figures, app: &App, operator: &Viewer) -> Done {
    let broker = |n: u128| Viewer {
        account: Some(AccountId(Uuid::from_u128(n % BROKERS as u128 + 100))),
        platform: Some(PlatformRole::Broker),
        ..Viewer::default()
    };
    let of_party = |n: usize| Viewer { roles: vec![(party(n * 37 % PARTIES), OrgRole::Owner)], ..operator.clone() };
    let cases: [(&str, Whose, Vec<Viewer>); 4] = [
        ("board of a broker, p99", Whose::LookedAfter, (0..100).map(broker).collect()),
        ("board of those without a broker, p99", Whose::Brokerless, (0..100).map(broker).collect()),
        ("board of a party, p99", Whose::Mine, (0..100).map(of_party).collect()),
        ("board of all, p99", Whose::All, vec![operator.clone(); 100]),
    ];
    let one = EngagementId(Uuid::from_u128((0x0190_0000_0000_7000_8000_u128 << 48) | 77));
    let mut base = Vec::new();
    for _ in 0..100 {
        base.push(timed_of(engagements::find(&mut app.store.reader().await?, one)).await?);
    }
    let base = Times::new(base).p99();
    for (what, whose, viewers) in cases {
        let mut times = Vec::new();
        for viewer in &viewers {
            times.push(timed_of(board(app, viewer, whose)).await?);
        }
        figures.add(what, Times::new(times).p99(), "ms", Some((base, "one row by its id")), Target::AtMost(30.0));
    }
    Ok(())
}

/// Minutes of meetings at a steady rate, each by one of the people of the need's side, with all that follows: the row,
/// the counts, a notice for the other side.
async fn append(figures: &Figures, app: &App, maker: &Maker, people: &[Viewer]) -> Done {
    let wanted = (RATE * SECONDS) as usize;
    let found = lists::in_stage(&mut app.store.reader().await?, &Scope::All, "talks", None, 4 * wanted as i64).await?;
    let free = found.into_iter().filter(|e| e.state.pending.is_none()).take(wanted);
    let (mut ours, mut base) = (Vec::new(), Vec::new());
    for engagement in free {
        let due = Instant::now() + Duration::from_secs(1) / RATE;
        let need = engagement.subject.need_party;
        let person = people.iter().find(|p| p.may_edit_for(need)).ok_or("nobody acts for the need")?;
        let input = StepInput {
            doing: Doing::Move { id: "minutes".to_owned(), reason: None },
            role: Some(Role::Need),
            expected: engagement.state.steps,
            content: maker.content("minutes"),
            note: String::new(),
            files: Vec::new(),
        };
        ours.push(timed_of(take_step(app, person, engagement.id, input)).await?);
        let plain =
            app.store.write::<_, AppError, _>(|tx| Box::pin(async move { Ok(meta::set(tx, "bench", "x").await?) }));
        base.push(timed_of(plain).await?);
        tokio::time::sleep_until(due.into()).await;
    }
    if ours.len() < wanted {
        return Err(format!("only {} engagements are in talks", ours.len()).into());
    }
    let (base, ours) = (Times::new(base), Times::new(ours));
    let of = |figure: f64| Some((figure, "a commit of one row"));
    figures.add("a step appended, p50, 100 a second", ours.p50(), "ms", of(base.p50()), Target::None);
    figures.add("a step appended, p99, 100 a second", ours.p99(), "ms", of(base.p99()), Target::AtMost(5.0));
    Ok(())
}
