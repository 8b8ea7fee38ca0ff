//! Random interleavings of everything anybody may try, against the plain model.
//!
//! `KEQIAO_MODEL_SEQUENCES` sets how many engagements live through it on each database (100000 before a release).
//! They are played in installations of their own, so that what one takes does not grow with how many there are.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use futures::StreamExt;
use futures::future::{join, join_all};
use keqiao_app::AppError;
use keqiao_app::engagements::{
    AnnexInput, Doing, FigureFilter, StepInput, accept_annex_terms, close_annex, figures, rest_due, share_annex,
    take_step, verify_engagements,
};
use keqiao_domain::{AnnexId, AttachmentId, Attributes, Clock, EngagementId, Role};
use keqiao_store::{Dialect, engagements};

use crate::model::{Model, Try};
use crate::rules::{RULES, Who};
use crate::world::World;

/// Engagements of one installation.
const OF_ONE: usize = 256;
/// Engagements that are alive at the same time: what is tried on all of them at once shares a commit.
const ALIVE: usize = 128;
/// Tries for each of them.
const TRIES: usize = 40;

/// Numbers that are the same on each run (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

fn sequences(usual: usize) -> usize {
    std::env::var("KEQIAO_MODEL_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

const WHO: [Who; 4] = ["need", "offer", "broker", "operator"];
const ROLES: [Role; 4] = [Role::Need, Role::Offer, Role::Broker, Role::Operator];

/// Something to try: mostly what the stage is about, so that engagements come far.
fn tried(dice: &mut Dice, model: &Model) -> Try {
    let likely = dice.below(2) == 0;
    if likely && model.asked().is_some() {
        return Try::Confirm;
    }
    if likely && model.stage == "landed" {
        return Try::Rate;
    }
    match dice.below(10) {
        0..=4 => {
            // Leaving is tried less often than going on.
            let leaving = dice.below(16) == 0;
            let any: Vec<usize> = (0..RULES.len()).filter(|i| RULES[*i].leaves() == leaving).collect();
            let fitting: Vec<usize> = any.iter().copied().filter(|i| RULES[*i].fits(model.stage)).collect();
            let from = if fitting.is_empty() || dice.below(12) == 0 { any } else { fitting };
            let rule = from[dice.below(from.len())];
            // Where no evidence is asked for, some bring it all the same.
            let proven = if RULES[rule].evidence { dice.below(6) > 0 } else { dice.below(8) == 0 };
            Try::Make { rule, filled: dice.below(6) > 0, proven }
        }
        6 | 7 => match dice.below(9) {
            0 | 1 => Try::Object,
            2 => Try::TakeOver,
            3 => Try::Release,
            4 => Try::Share,
            5 => Try::Accept(dice.below(model.annexes.len() + 1)),
            6 => Try::Close(dice.below(model.annexes.len() + 1)),
            _ => Try::Rate,
        },
        8 => Try::Amend { step: dice.below(model.steps.unsigned_abs() as usize + 1), filled: dice.below(4) > 0 },
        _ => Try::Confirm,
    }
}

/// An engagement with its model, the ids of the annexes that the model knows by their place, and files that were sent
/// for steps which were not taken: the next step that wants proof brings them.
struct Played {
    id: EngagementId,
    model: Model,
    annexes: Vec<AnnexId>,
    loose: Mutex<Vec<AttachmentId>>,
}

/// Tries it on the real thing; gives the annex that was shared.
async fn attempt(world: &World, on: &Played, who: usize, tried: &Try) -> Result<Option<AnnexId>, AppError> {
    let mut proof = None;
    if matches!(tried, Try::Make { proven: true, .. }) {
        let loose = on.loose.lock().unwrap().pop();
        proof = match loose {
            Some(file) => Some(file),
            None => Some(world.file(&world.people[who], on.id).await.id),
        };
    }
    let done = attempt_with(world, on, who, tried, proof).await;
    if done.is_err() {
        on.loose.lock().unwrap().extend(proof);
    }
    done
}

async fn attempt_with(
    world: &World,
    on: &Played,
    who: usize,
    tried: &Try,
    proof: Option<AttachmentId>,
) -> Result<Option<AnnexId>, AppError> {
    let (viewer, id) = (&world.people[who], on.id);
    let mut content = Attributes::new();
    let annex = |place: &usize| on.annexes.get(*place).copied().ok_or(AppError::NotFound);
    let doing = match tried {
        Try::Make { rule, filled, .. } => {
            let rule = &RULES[*rule];
            if *filled {
                content = world.content(rule.id);
            }
            let reason = (rule.id == "decline").then(|| "price".to_owned());
            Doing::Move { id: rule.id.to_owned(), reason }
        }
        Try::Confirm => Doing::Confirm,
        Try::Object => Doing::Object,
        Try::Amend { step, filled } => {
            if let (true, Some(rule)) = (*filled, on.model.rule_of(*step)) {
                content = world.content(rule);
            }
            Doing::Amend(i64::try_from(*step).unwrap() + 1)
        }
        Try::Rate => Doing::Rate(4),
        Try::TakeOver => Doing::Assign(world.of(Role::Broker).account),
        Try::Release => Doing::Assign(None),
        Try::Share => {
            let input =
                AnnexInput {
                    title: "工艺参数".into(), terms: "不得转交".into(), body: "炉温曲线".into(), file: None
                };
            return share_annex(&world.app, viewer, id, input).await.map(Some);
        }
        Try::Accept(place) => {
            return accept_annex_terms(&world.app, viewer, id, annex(place)?).await.map(|()| None);
        }
        Try::Close(place) => return close_annex(&world.app, viewer, id, annex(place)?).await.map(|()| None),
    };
    let files = proof.into_iter().collect();
    let input = StepInput { doing, role: None, expected: on.model.steps, content, note: "说明".into(), files };
    take_step(&world.app, viewer, id, input).await.map(|_| None)
}

async fn find(world: &World, id: EngagementId) -> keqiao_domain::Engagement {
    engagements::find(&mut world.app.store.reader().await.unwrap(), id).await.unwrap().unwrap()
}

/// What happens to one engagement at a time: something is tried, sometimes by two at once, and sometimes by those who
/// may not.
struct Turn {
    who: usize,
    tried: Try,
    rival: Option<(usize, Try)>,
    outsiders: bool,
}

impl Turn {
    fn of(dice: &mut Dice, model: &Model) -> Self {
        let tried = tried(dice, model);
        // Half of what is tried is tried by one whose it is: else few would come far.
        let able = match &tried {
            Try::Confirm => model.asked(),
            Try::Make { rule, .. } => Some(dice.below(4)).filter(|who| model.may_make(WHO[*who], *rule)),
            _ => None,
        };
        let who = able.filter(|_| dice.below(2) == 0).unwrap_or_else(|| dice.below(4));
        let rival = (dice.below(12) == 0).then(|| (dice.below(4), self::tried(dice, model)));
        let rival = rival.filter(|(_, other)| tried.counts_on() && other.counts_on());
        Self { who, tried, rival, outsiders: dice.below(20) == 0 }
    }

    /// Tries it on the real thing and says whether the model allows what it allowed; what was done, if it was.
    async fn play(&self, world: &World, on: &mut Played, now: i64) -> Option<&'static str> {
        if self.outsiders {
            outsiders(world, on, &self.tried).await;
        }
        let Some((rival, other)) = &self.rival else {
            let done = attempt(world, on, self.who, &self.tried).await;
            let before = on.model.clone();
            let expected = on.model.attempt(WHO[self.who], &self.tried, now);
            assert_eq!(done.is_ok(), expected, "{} {:?} on {before:?}: {done:?}", WHO[self.who], self.tried);
            on.annexes.extend(done.ok().flatten());
            return expected.then(|| self.tried.name());
        };
        let both = join(attempt(world, on, self.who, &self.tried), attempt(world, on, *rival, other)).await;
        let (mut one, mut two) = (on.model.clone(), on.model.clone());
        let may = [one.attempt(WHO[self.who], &self.tried, now), two.attempt(WHO[*rival], other, now)];
        let told = format!("{} {:?} and {} {other:?}: {both:?}", WHO[self.who], self.tried, WHO[*rival]);
        // Of two who may, one comes first, and the other learns that there is a step he has not read.
        let stale = |r: &Result<Option<AnnexId>, AppError>| matches!(r, Err(AppError::Stale { .. }));
        match (may, both.0.is_ok(), both.1.is_ok()) {
            ([false, false], false, false) => None,
            ([true, second], true, false) if !second || stale(&both.1) => {
                on.model = one;
                Some("one of two")
            }
            ([first, true], false, true) if !first || stale(&both.0) => {
                on.model = two;
                Some("one of two")
            }
            _ => panic!("{may:?}, {told}"),
        }
    }
}

/// Who may only read is refused, and who has nothing to do with it learns nothing.
async fn outsiders(world: &World, on: &Played, tried: &Try) {
    let bare = match tried {
        Try::Make { rule, filled, .. } => Try::Make { rule: *rule, filled: *filled, proven: false },
        // An annex that is not there is not there for anybody.
        Try::Accept(_) | Try::Close(_) => return,
        other => other.clone(),
    };
    let reader = attempt(world, on, 4, &bare).await;
    assert!(matches!(reader, Err(AppError::NotAllowed)), "{reader:?}");
    let stranger = attempt(world, on, 5, &bare).await;
    assert!(matches!(stranger, Err(AppError::NotFound)), "{stranger:?}");
}

/// What came of playing: how many engagements stand in each stage, how often something was done, and the steps that
/// were taken.
#[derive(Default)]
struct Outcome {
    standing: BTreeMap<&'static str, i64>,
    done: BTreeMap<&'static str, i64>,
    steps: i64,
}

impl Outcome {
    fn add(&mut self, other: Self) {
        other.standing.into_iter().for_each(|(stage, n)| *self.standing.entry(stage).or_default() += n);
        other.done.into_iter().for_each(|(what, n)| *self.done.entry(what).or_default() += n);
        self.steps += other.steps;
    }
}

/// Plays so many engagements in an installation of their own.
async fn installation(dialect: Dialect, seed: u64, many: usize) -> Outcome {
    let mut out = Outcome::default();
    let world = World::new(dialect).await.unwrap();
    let mut dice = Dice(seed);
    let mut ever: Vec<Played> = Vec::with_capacity(many);
    while ever.len() < many {
        let first = ever.len();
        let by: Vec<usize> = (0..ALIVE.min(many - first)).map(|_| dice.below(4)).collect();
        let opened = join_all(by.iter().map(|by| world.open(ROLES[*by]))).await;
        let begun = now(&world);
        ever.extend(by.iter().zip(opened).map(|(by, e)| {
            let model = Model::opened(WHO[*by], begun);
            Played { id: e.id, model, annexes: Vec::new(), loose: Mutex::default() }
        }));
        for _ in 0..TRIES {
            if dice.below(3) == 0 {
                world.clock.advance_seconds([3_600, 86_400, 5 * 86_400, 40 * 86_400][dice.below(4)]);
                while rest_due(&world.app).await.unwrap() > 0 {}
                let now = now(&world);
                ever.iter_mut().for_each(|p| p.model.rest(now));
            }
            let now = now(&world);
            let turns: Vec<Turn> = ever[first..].iter().map(|p| Turn::of(&mut dice, &p.model)).collect();
            let played = join_all(turns.iter().zip(&mut ever[first..]).map(|(turn, on)| turn.play(&world, on, now)));
            played.await.into_iter().flatten().for_each(|what| *out.done.entry(what).or_default() += 1);
        }
    }
    (out.standing, out.steps) = end(&world, &ever).await;
    world.end().await;
    out
}

fn now(world: &World) -> i64 {
    world.clock.now().micros() / 1_000_000
}

async fn play(dialect: Dialect, usual: usize) {
    if !World::can_be(dialect) {
        return;
    }
    let (all, begun, over) = (sequences(usual), Instant::now(), AtomicUsize::new(0));
    let at_once = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = futures::stream::iter(0..all.div_ceil(OF_ONE)).map(|n| {
        let many = OF_ONE.min(all - n * OF_ONE);
        // A thread for each: what a try waits for is done by the thread that waits, and few others are woken.
        let game = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(installation(dialect, 20_280_229 + n as u64, many))
        };
        let playing = tokio::task::spawn_blocking(game);
        let over = &over;
        async move {
            let ended = playing.await.unwrap();
            let over = over.fetch_add(many, Ordering::SeqCst) + many;
            println!("{dialect:?}: {over} of {all} sequences after {:.0} s", begun.elapsed().as_secs_f64());
            ended
        }
    });
    let mut out = Outcome::default();
    let mut parts = std::pin::pin!(parts.buffer_unordered(at_once));
    while let Some(part) = parts.next().await {
        out.add(part);
    }
    let Outcome { standing, done, steps } = out;
    let rate = all as f64 / begun.elapsed().as_secs_f64();
    println!("{dialect:?}: {all} sequences, {steps} steps, {rate:.1} sequences a second; {standing:?}; {done:?}");
    for stage in ["landed", "declined", "withdrawn", "dormant"] {
        assert!(standing.contains_key(stage), "nothing came to be {stage}: {standing:?}");
    }
    // What never came to be was not tested.
    assert_eq!(done.len(), Try::NAMES.len() + 1, "{done:?}");
}

/// No step lost, no chain broken, and the dashboard says what the models say.
async fn end(world: &World, ever: &[Played]) -> (BTreeMap<&'static str, i64>, i64) {
    let mut standing: BTreeMap<&str, i64> = BTreeMap::new();
    let mut steps = 0;
    for Played { id, model, .. } in ever {
        let engagement = find(world, *id).await;
        assert_eq!((engagement.state.stage.as_str(), engagement.state.steps), (model.stage, model.steps), "{model:?}");
        *standing.entry(model.stage).or_default() += 1;
        steps += model.steps;
    }
    let (faults, counted) = verify_engagements(&world.app, &|_| ()).await.unwrap();
    assert_eq!(faults, []);
    assert_eq!(counted, steps);
    let told = figures(&world.app, world.of(Role::Operator), &FigureFilter::default()).await.unwrap();
    let path = told.funnel.iter().map(|f| (f.stage.id.as_str(), f.standing));
    let shown = path.chain(told.aside.iter().map(|(s, n)| (s.id.as_str(), *n))).filter(|(_, n)| *n != 0);
    assert_eq!(shown.collect::<BTreeMap<_, _>>(), standing);
    assert_eq!(usize::try_from(told.opened()).unwrap(), ever.len());
    (standing, steps)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_tried_on_sqlite_the_model_says_the_same() {
    play(Dialect::Sqlite, 4_096).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_tried_on_postgres_the_model_says_the_same() {
    play(Dialect::Postgres, 4_096).await;
}
