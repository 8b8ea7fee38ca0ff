//! Engagements as people would make them, and a store full of them.

use std::collections::HashMap;

use keqiao_app::App;
use keqiao_benches::{Done, Rng};
use keqiao_domain::{
    AccountId, Act, Action, AttachmentId, Attributes, Engagement, EngagementId, Entry, FieldSort, FileProof, PartyId,
    RecordKind, Role, State, Step, Subject, Tally, Timestamp, Value, Workflow, next_due, tallies,
};
use keqiao_store::engagements::tallies as counts;
use keqiao_store::engagements::{self, steps};
use keqiao_store::{Conn, StoreError, changes};
use uuid::Uuid;

use super::{BROKERS, ENGAGEMENTS, PARTIES, STEPS};

/// Engagements in one transaction.
const TOGETHER: usize = 500;

/// Makes engagements as people would.
pub(super) struct Maker {
    workflow: Workflow,
}

pub(super) const PROVINCES: [&str; 6] = ["320200", "510100", "330200", "310115", "440300", "110108"];
pub(super) const KINDS: [&str; 5] = ["chip", "technology", "test-service", "problem", "result"];
/// What happens after it was taken up; each step but minutes and reports is confirmed by the other side.
const WAY: [(&str, Role); 5] = [
    ("minutes", Role::Need),
    ("minutes", Role::Offer),
    ("sign", Role::Need),
    ("pay", Role::Need),
    ("accept-work", Role::Need),
];

impl Maker {
    pub(super) fn new() -> Done<Self> {
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

    pub(super) fn content(&self, made: &str) -> Attributes {
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

pub(super) fn party(n: usize) -> PartyId {
    PartyId(Uuid::from_u128(n as u128 + 1))
}

/// An engagement with its chain, as it is written.
type Life = (Engagement, Vec<Step>);
/// Additions to the counts of a place.
type Counted = HashMap<(String, Option<String>, String), (Subject, Vec<Tally>)>;

/// What one engagement adds to the counts.
fn count(counted: &mut Counted, (engagement, chain): &Life) {
    let subject = &engagement.subject;
    let place = (subject.kind.clone(), subject.region.clone(), subject.month.clone());
    let (_, sums) = counted.entry(place).or_insert_with(|| (subject.clone(), Vec::new()));
    let mut before: Option<State> = None;
    for step in chain {
        let Some(after) = before.clone().map_or_else(|| State::opened(step), |s| Some(s.after(step))) else { return };
        for tally in tallies(before.as_ref(), &after) {
            match sums.iter_mut().find(|s| (s.measure, &s.of) == (tally.measure, &tally.of)) {
                Some(sum) => {
                    sum.count += tally.count;
                    sum.seconds += tally.seconds;
                }
                None => sums.push(tally),
            }
        }
        before = Some(after);
    }
}

/// Writes engagements as they stand with their chains, and at the end the counts: what a million steps one by one come
/// to.
pub(super) async fn fill(app: &App, maker: &Maker) -> Done {
    let (mut rng, mut counted) = (Rng::new(7), Counted::new());
    for first in (0..ENGAGEMENTS).step_by(TOGETHER) {
        let mut lives: Vec<Life> = Vec::with_capacity(TOGETHER);
        for n in first..first + TOGETHER as u128 {
            let id = EngagementId(Uuid::from_u128((0x0190_0000_0000_7000_8000_u128 << 48) | n));
            let (subject, chain) = maker.life(id, &mut rng, STEPS)?;
            let state = State::of(&chain).ok_or("nothing opened")?;
            let due = next_due(&maker.workflow, &state, &app.settings.zone, None);
            lives.push((Engagement { id, subject, state, due }, chain));
        }
        lives.iter().for_each(|life| count(&mut counted, life));
        let written = app.store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                for (engagement, chain) in &lives {
                    write(tx, engagement, chain).await?;
                }
                Ok(())
            })
        });
        written.await?;
    }
    let sums: Vec<(Subject, Vec<Tally>)> = counted.into_values().collect();
    let written = app.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            for (subject, sums) in &sums {
                counts::add(tx, subject, sums).await?;
            }
            Ok(())
        })
    });
    Ok(written.await?)
}

async fn write(tx: &mut Conn, engagement: &Engagement, chain: &[Step]) -> Result<(), StoreError> {
    engagements::insert(tx, engagement).await?;
    let sealed: Vec<_> = chain.iter().map(|s| (s.ordinal, s.seal())).collect();
    steps::append(tx, engagement.id, &sealed).await?;
    let at = engagement.state.last_at;
    changes::append(tx, at, RecordKind::Engagement, engagement.id.0, Action::Updated, None).await.map(drop)
}
