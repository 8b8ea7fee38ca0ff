//! Random interleavings of everything anybody may try, against the plain model.
//!
//! `KEQIAO_MODEL_SEQUENCES` sets how many engagements live through it on each database (100000 before a release).

use std::collections::BTreeMap;

use keqiao_app::AppError;
use keqiao_app::engagements::{Doing, FigureFilter, StepInput, figures, rest_due, take_step, verify_engagements};
use keqiao_domain::{Attributes, Clock, EngagementId, Role};
use keqiao_store::{Dialect, engagements};

use crate::model::{Model, RULES, Try, Who};
use crate::world::World;

/// Engagements that are alive at the same time.
const ALIVE: usize = 24;
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

/// Something to try: mostly what the stage is about, so that engagements come far.
fn tried(dice: &mut Dice, model: &Model) -> Try {
    match dice.below(10) {
        0..=4 => {
            let onward = |i: &usize| RULES[*i].fits(model.stage) && (!RULES[*i].leaves() || dice.below(9) == 0);
            let fitting: Vec<usize> = (0..RULES.len()).filter(onward).collect();
            let any = dice.below(RULES.len());
            // Leaving is tried less often than going on.
            let rule = if fitting.is_empty() || dice.below(12) == 0 { any } else { fitting[dice.below(fitting.len())] };
            Try::Make { rule, filled: dice.below(6) > 0, proven: dice.below(6) > 0 }
        }
        5 | 6 => Try::Confirm,
        7 => match dice.below(3) {
            0 => Try::Object,
            1 => Try::TakeOver,
            _ => Try::Rate,
        },
        8 => Try::Amend { step: dice.below(model.steps.unsigned_abs() as usize + 1), filled: dice.below(4) > 0 },
        _ => Try::Confirm,
    }
}

async fn attempt(world: &World, id: EngagementId, who: usize, tried: &Try, model: &Model) -> Result<(), AppError> {
    let viewer = &world.people[who];
    let (mut content, mut files) = (Attributes::new(), Vec::new());
    let doing = match tried {
        Try::Make { rule, filled, proven } => {
            let rule = &RULES[*rule];
            if *filled {
                content = world.content(rule.id);
            }
            if *proven && viewer.sees_engagement(&find(world, id).await) {
                files.push(world.file(viewer, id).await.id);
            }
            let reason = (rule.id == "decline").then(|| "price".to_owned());
            Doing::Move { id: rule.id.to_owned(), reason }
        }
        Try::Confirm => Doing::Confirm,
        Try::Object => Doing::Object,
        Try::Amend { step, filled } => {
            if let (true, Some(rule)) = (*filled, model.rule_of(*step)) {
                content = world.content(rule);
            }
            Doing::Amend(i64::try_from(*step).unwrap() + 1)
        }
        Try::Rate => Doing::Rate(4),
        Try::TakeOver => Doing::Assign(world.of(Role::Broker).account),
    };
    let input = StepInput { doing, role: None, expected: model.steps, content, note: "说明".into(), files };
    take_step(&world.app, viewer, id, input).await.map(drop)
}

async fn find(world: &World, id: EngagementId) -> keqiao_domain::Engagement {
    engagements::find(&mut world.app.store.reader().await.unwrap(), id).await.unwrap().unwrap()
}

async fn play(dialect: Dialect, usual: usize) {
    let Some(world) = World::new(dialect).await else { return };
    let mut dice = Dice(20_280_229);
    let mut alive: Vec<(EngagementId, Model)> = Vec::new();
    let now = |world: &World| world.clock.now().micros() / 1_000_000;
    let (mut ever, mut taken, mut refused) = (Vec::new(), 0, 0);
    for _ in 0..sequences(usual).div_ceil(ALIVE) {
        for _ in 0..ALIVE {
            let by = dice.below(4);
            let opened = world.open([Role::Need, Role::Offer, Role::Broker, Role::Operator][by]).await;
            alive.push((opened.id, Model::opened(WHO[by], now(&world))));
        }
        for _ in 0..ALIVE * TRIES {
            if dice.below(ALIVE * 3) == 0 {
                world.clock.advance_seconds([3_600, 86_400, 5 * 86_400, 40 * 86_400][dice.below(4)]);
                while rest_due(&world.app).await.unwrap() > 0 {}
                let now = now(&world);
                alive.iter_mut().chain(&mut ever).for_each(|(_, model)| model.rest(now));
            }
            let place = dice.below(alive.len());
            let (id, model) = &mut alive[place];
            let tried = tried(&mut dice, model);
            if dice.below(20) == 0 {
                outsiders(&world, *id, &tried, model).await;
            }
            let asked = model.asked().filter(|_| matches!(tried, Try::Confirm) && dice.below(2) == 0);
            let who = asked.unwrap_or_else(|| dice.below(4));
            let before = model.clone();
            let done = attempt(&world, *id, who, &tried, &before).await;
            let expected = model.attempt(WHO[who], &tried, now(&world));
            assert_eq!(done.is_ok(), expected, "{} {tried:?} on {before:?}: {done:?}", WHO[who]);
            (taken, refused) = if expected { (taken + 1, refused) } else { (taken, refused + 1) };
        }
        ever.append(&mut alive);
    }
    end(&world, &ever).await;
    println!("{dialect:?}: {} engagements, {taken} steps taken, {refused} refused", ever.len());
    world.end().await;
}

/// Who may only read is refused, and who has nothing to do with it learns nothing.
async fn outsiders(world: &World, id: EngagementId, tried: &Try, model: &Model) {
    let reader = attempt_without_file(world, id, 4, tried, model).await;
    assert!(matches!(reader, Err(AppError::NotAllowed)), "{reader:?}");
    let stranger = attempt_without_file(world, id, 5, tried, model).await;
    assert!(matches!(stranger, Err(AppError::NotFound)), "{stranger:?}");
}

async fn attempt_without_file(
    world: &World,
    id: EngagementId,
    who: usize,
    tried: &Try,
    model: &Model,
) -> Result<(), AppError> {
    let bare = match tried {
        Try::Make { rule, filled, .. } => Try::Make { rule: *rule, filled: *filled, proven: false },
        other => other.clone(),
    };
    attempt(world, id, who, &bare, model).await
}

/// No step lost, no chain broken, and the dashboard says what the models say.
async fn end(world: &World, ever: &[(EngagementId, Model)]) {
    let mut standing: BTreeMap<&str, i64> = BTreeMap::new();
    let mut steps = 0;
    for (id, model) in ever {
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
    for stage in ["landed", "declined", "withdrawn", "dormant"] {
        assert!(standing.contains_key(stage), "nothing came to be {stage}: {standing:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_tried_on_sqlite_the_model_says_the_same() {
    play(Dialect::Sqlite, 960).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_tried_on_postgres_the_model_says_the_same() {
    play(Dialect::Postgres, 480).await;
}
