//! A million steps in a hundred thousand engagements: dashboard, boards, and a step appended.

use std::time::{Duration, Instant};

use keqiao_benches::figures::{Figures, Target, Times};
use keqiao_benches::process::WorkDir;
use keqiao_benches::{Done, Rng};
use keqiao_domain::{
    AccountId, Act, Action, AttachmentId, Attributes, Engagement, EngagementId, Entry, FieldSort, FileProof, Party,
    PartyId, PartyKind, RecordKind, Role, State, Step, Subject, Timestamp, Value, Workflow, tallies,
};
use keqiao_store::engagements::lists::{self, Scope};
use keqiao_store::engagements::tallies::{self as counts, Cell};
use keqiao_store::engagements::{self, steps};
use keqiao_store::{Conn, Store, StoreError, StoreOptions, changes, meta, parties};
use uuid::Uuid;

const ENGAGEMENTS: u128 = 100_000;
const STEPS: usize = 10;
const PARTIES: usize = 5_000;
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
        let url = format!("sqlite://{}", dir.join("keqiao.db").display());
        let store = Store::open(&StoreOptions { url, read_connections: 2 }).await?;
        let maker = Maker::new()?;
        let begun = Instant::now();
        fill(&store, &maker).await?;
        let all = ENGAGEMENTS as f64 * STEPS as f64;
        figures.add(
            "steps written, 200 engagements a transaction",
            all / begun.elapsed().as_secs_f64(),
            "/s",
            None,
            Target::None,
        );
        let mut db = store.reader().await?;
        dashboard(&figures, &mut db).await?;
        boards(&figures, &mut db).await?;
        drop(db);
        append(&figures, &store, &maker).await?;
        store.close().await;
        Ok(())
    })
}

/// Makes engagements as people would.
#[derive(Clone)]
struct Maker {
    workflow: Workflow,
}

const PROVINCES: [&str; 6] = ["320200", "510100", "330200", "310115", "440300", "110108"];
const KINDS: [&str; 5] = ["chip", "technology", "test-service", "problem", "result"];
/// What happens after it was taken up; each step but minutes and reports is confirmed by the other side.
const WAY: [(&str, Role); 5] = [
    ("minutes", Role::Need),
    ("minutes", Role::Offer),
    ("sign", Role::Need),
    ("pay", Role::Need),
    ("accept-work", Role::Need),
];

impl Maker {
    fn new() -> Done<Self> {
        let catalog = keqiao_catalog::builtin().map_err(|faults| faults.to_string())?;
        let workflow = catalog.workflows.get("default").cloned().ok_or("no workflow")?;
        Ok(Self { workflow })
    }

    fn subject(rng: &mut Rng) -> Subject {
        let need = rng.below(PARTIES);
        let offer = (need + 1 + rng.below(PARTIES - 1)) % PARTIES;
        Subject {
            workflow: "default".into(),
            title: "碳化硅模块送样与小批量试用".into(),
            need: None,
            offer: None,
            need_party: party(need),
            offer_party: party(offer),
            kind: (*rng.pick(&KINDS)).into(),
            region: Some((*rng.pick(&PROVINCES)).into()),
            program: None,
            month: format!("{}-{:02}", 2025 + rng.below(2), 1 + rng.below(12)),
            demo: false,
        }
    }

    fn content(&self, made: &str) -> Attributes {
        let fields = self.workflow.find_move(made).map_or(&[][..], |m| m.fields.as_slice());
        let value = |f: &keqiao_domain::StepField| match f.sort {
            FieldSort::Number => Value::Number(12.5),
            FieldSort::Date => Value::Text("2026-11-30".into()),
            FieldSort::Choice => Value::Text(f.choices.first().map(|(id, _)| id.clone()).unwrap_or_default()),
            FieldSort::Flag => Value::Bool(true),
            FieldSort::Text | FieldSort::Lines => Value::Text("双方到场，约定首批数量与交期。".into()),
        };
        fields.iter().map(|f| (f.id.clone(), value(f))).collect()
    }

    fn entry(&self, act: Act, role: Role, at: Timestamp) -> Entry {
        let content = match &act {
            Act::Move { id, .. } => self.content(id),
            _ => Attributes::new(),
        };
        let file =
            FileProof { id: AttachmentId(Uuid::nil()), name: "凭证.pdf".into(), size: 1, sha256: "0".repeat(64) };
        let files = if content.is_empty() { Vec::new() } else { vec![file] };
        Entry {
            act,
            actor: Some(AccountId(Uuid::from_u128(role as u128 + 1))),
            role,
            at,
            content,
            note: String::new(),
            files,
        }
    }

    /// The whole life of an engagement, in so many steps.
    fn life(&self, id: EngagementId, rng: &mut Rng, length: usize) -> Done<(Subject, Vec<Step>)> {
        let subject = Self::subject(rng);
        let mut at = Timestamp::from_micros(1_760_000_000_000_000).plus_seconds((rng.unit() * 3e7) as i64);
        let opening = self.entry(Act::Confirm, Role::Need, at);
        let mut step = Step::opening(&self.workflow, id, subject.clone(), opening);
        let mut state = State::opened(&step).ok_or("nothing opened")?;
        // Some stay in talks, and go on talking.
        let far = rng.below(WAY.len() + 1);
        let mut way = WAY.iter().take(far);
        let mut out = vec![step];
        while out.len() < length {
            at = at.plus_seconds(3_600 + (rng.unit() * 86_400.0) as i64);
            let next = match &state.pending {
                Some(_) => self.entry(Act::Confirm, Role::Offer, at),
                None => {
                    let idle = if state.stage == "talks" { "minutes" } else { "" };
                    let (made, role) = way.next().copied().unwrap_or((idle, Role::Need));
                    if made.is_empty() {
                        self.entry(
                            Act::Assign(Some(AccountId(Uuid::from_u128(rng.below(BROKERS) as u128 + 100)))),
                            Role::Operator,
                            at,
                        )
                    } else {
                        self.entry(Act::Move { id: made.into(), reason: None }, role, at)
                    }
                }
            };
            step = match state.next(&self.workflow, id, next) {
                Ok(step) => step,
                // The broker it was given is the one it has.
                Err(keqiao_domain::Refusal::NotYours) => continue,
                Err(other) => return Err(other.into()),
            };
            state = state.after(&step);
            out.push(step);
        }
        Ok((subject, out))
    }
}

fn party(n: usize) -> PartyId {
    PartyId(Uuid::from_u128(n as u128 + 1))
}

/// Writes one step as the program does: the step, the row, the counts, the change.
async fn write(
    tx: &mut Conn,
    before: Option<Engagement>,
    subject: &Subject,
    step: &Step,
) -> Result<Engagement, StoreError> {
    let blank = || StoreError::Internal("nothing opened".into());
    let state = match &before {
        None => State::opened(step).ok_or_else(blank)?,
        Some(b) => b.state.clone().after(step),
    };
    let after = Engagement { id: step.engagement, subject: subject.clone(), state, due: None };
    match &before {
        None => engagements::insert(tx, &after).await?,
        Some(b) => drop(engagements::update(tx, &after, b.state.steps).await?),
    }
    steps::append(tx, after.id, step.ordinal, &step.seal()).await?;
    counts::add(tx, subject, &tallies(before.as_ref().map(|b| &b.state), &after.state)).await?;
    changes::append(tx, step.at, RecordKind::Engagement, after.id.0, Action::Updated, step.actor).await?;
    Ok(after)
}

async fn fill(store: &Store, maker: &Maker) -> Done {
    let settle = store.write::<_, StoreError, _>(|tx| {
        Box::pin(async move {
            for n in 0..PARTIES {
                let name = format!("示例机构{n}");
                let blank = Party::blank(party(n), PartyKind::Organization, Timestamp::from_micros(0));
                parties::insert(tx, &Party { name, ..blank }).await?;
            }
            Ok(())
        })
    });
    settle.await?;
    let mut rng = Rng::new(7);
    for first in (0..ENGAGEMENTS).step_by(200) {
        let mut lives = Vec::with_capacity(200);
        for n in first..first + 200 {
            let id = EngagementId(Uuid::from_u128((0x0190_0000_0000_7000_8000_u128 << 48) | n));
            lives.push(maker.life(id, &mut rng, STEPS)?);
        }
        let written = store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                for (subject, steps) in &lives {
                    let mut now = None;
                    for step in steps {
                        now = Some(write(tx, now, subject, step).await?);
                    }
                }
                Ok(())
            })
        });
        written.await?;
    }
    Ok(())
}

async fn timed_of<T>(work: impl Future<Output = Result<T, StoreError>>) -> Done<f64> {
    let begun = Instant::now();
    std::hint::black_box(work.await?);
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}

async fn dashboard(figures: &Figures, db: &mut Conn) -> Done {
    let mut times = Vec::new();
    for n in 0..400 {
        let or_all = |some: bool, text: &str| if some { text.to_owned() } else { "*".to_owned() };
        let cell = Cell {
            workflow: "default".into(),
            program: "*".into(),
            region: or_all(n % 3 > 0, PROVINCES[n % PROVINCES.len()]),
            kind: or_all(n % 4 > 1, KINDS[n % KINDS.len()]),
        };
        times.push(timed_of(counts::sums(db, &cell, "", "9")).await?);
    }
    let base = timed_of(lists::count_by_stage(db, &Scope::All)).await?;
    let p99 = Times::new(times).p99();
    figures.add("dashboard, p99", p99, "ms", Some((base, "stages counted row by row")), Target::AtMost(50.0));
    Ok(())
}

async fn boards(figures: &Figures, db: &mut Conn) -> Done {
    let stages = [
        "introduced",
        "talks",
        "signed",
        "trading",
        "tracking",
        "landed",
        "declined",
        "withdrawn",
        "dormant",
        "disputed",
    ];
    let scopes = [
        (
            "board of a broker, p99",
            (0..100).map(|n| Scope::Broker(AccountId(Uuid::from_u128(n % BROKERS as u128 + 100)))).collect::<Vec<_>>(),
        ),
        ("board of a party, p99", (0..100).map(|n| Scope::Parties(vec![party(n * 37 % PARTIES)])).collect()),
        ("board of all, p99", (0..100).map(|_| Scope::All).collect()),
    ];
    for (what, scopes) in scopes {
        let mut times = Vec::new();
        for scope in &scopes {
            let begun = Instant::now();
            match scope {
                Scope::All => drop(
                    counts::sums(
                        db,
                        &Cell { workflow: "default".into(), program: "*".into(), region: "*".into(), kind: "*".into() },
                        "",
                        "9",
                    )
                    .await?,
                ),
                _ => drop(lists::count_by_stage(db, scope).await?),
            }
            for stage in stages {
                std::hint::black_box(lists::in_stage(db, scope, stage, None, 12).await?);
            }
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        figures.add(what, Times::new(times).p99(), "ms", None, Target::AtMost(30.0));
    }
    Ok(())
}

/// Steps at a steady rate, each a transaction of its own.
async fn append(figures: &Figures, store: &Store, maker: &Maker) -> Done {
    let mut rng = Rng::new(11);
    let (mut ours, mut base) = (Vec::new(), Vec::new());
    for n in 0..RATE * SECONDS {
        let due = Instant::now() + Duration::from_secs(1) / RATE;
        let id = EngagementId(Uuid::from_u128((0x0191_0000_0000_7000_8000_u128 << 48) | u128::from(n)));
        let (subject, mut steps) = maker.life(id, &mut rng, 1)?;
        let step = steps.pop().ok_or("no step")?;
        let work = store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move { write(tx, None, &subject, &step).await.map(drop) })
        });
        ours.push(timed_of(work).await?);
        let plain = store.write::<_, StoreError, _>(|tx| Box::pin(async move { meta::set(tx, "bench", "x").await }));
        base.push(timed_of(plain).await?);
        tokio::time::sleep_until(due.into()).await;
    }
    let base = Times::new(base).p99();
    figures.add(
        "a step appended, p99, 100 a second",
        Times::new(ours).p99(),
        "ms",
        Some((base, "a commit of one row")),
        Target::AtMost(5.0),
    );
    Ok(())
}
