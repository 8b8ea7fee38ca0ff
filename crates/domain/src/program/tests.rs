//! No walk breaks the rules, no conflict passes, and scores are made comparable as they say.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::clock::Timestamp;
use crate::engagement::KeptStep;
use crate::id::{AccountId, EngagementId, PartyId, ProgramEntryId, ProgramId};
use crate::party::PartyKind;
use crate::workflow::LocalName;

const TODAY: &str = "2026-03-10";

fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn party(n: u128) -> PartyId {
    PartyId(Uuid::from_u128(n))
}

fn entry_id(n: u128) -> ProgramEntryId {
    ProgramEntryId(Uuid::from_u128(n))
}

fn fair() -> ProgramType {
    use Milestone::{Check, Collect, Landed, Review, Selected, Shown, Signed};
    let name = LocalName::default;
    let criterion = |id: &str, weight| ScoreCriterion { id: id.into(), name: name(), hint: name(), weight };
    ProgramType {
        id: "fair".into(),
        name: name(),
        lede: name(),
        entrants: vec![PartyKind::Organization],
        verified: true,
        kinds: vec!["result".into()],
        needs: Vec::new(),
        stages: [Collect, Check, Review, Selected, Shown, Signed, Landed].map(|m| (m, name())).to_vec(),
        fields: Vec::new(),
        criteria: vec![criterion("novelty", 60), criterion("use", 40)],
        scale: 10,
        blind: true,
        quorum: 2,
        per_entry: 2,
        appeal_days: 5,
        quota: QuotaSort::Limit,
    }
}

fn settings() -> ProgramSettings {
    ProgramSettings {
        title: "科创会".into(),
        call: "征集".into(),
        opens_on: "2026-03-01".into(),
        closes_on: "2026-03-31".into(),
        ..ProgramSettings::of_type(&fair())
    }
}

fn program(phase: Phase) -> Program {
    let by = ProgramMove {
        act: ProgramAct::Go(Phase::Open),
        actor: Some(account(9)),
        at: Timestamp::default(),
        today: TODAY.into(),
    };
    let made = Program::create(ProgramId(Uuid::from_u128(1)), &fair(), settings(), &by).unwrap().0;
    Program { phase, ..made }
}

fn content() -> EntryContent {
    let (title, summary) = ("高纯石英砂".into(), "提纯到4N8".into());
    let (kind, region, industry) = ("result".into(), "320700".into(), String::new());
    EntryContent { title, summary, kind, region, industry, ..EntryContent::default() }
}

fn ties(n: u128) -> ReviewerTies {
    ReviewerTies { account: account(n), person: None, organizations: BTreeSet::new(), declared: BTreeSet::new() }
}

fn behind() -> EntryTies {
    EntryTies { author: account(1), party: party(1), organizations: BTreeSet::new() }
}

fn points(n: i64) -> BTreeMap<String, i64> {
    [("novelty".to_owned(), n), ("use".to_owned(), n)].into()
}

fn any_role() -> impl Strategy<Value = ProgramRole> {
    prop_oneof![
        Just(ProgramRole::Entrant),
        Just(ProgramRole::Organiser),
        Just(ProgramRole::Reviewer),
        Just(ProgramRole::Program)
    ]
}

fn any_act() -> impl Strategy<Value = EntryAct> {
    let entrant = Entrant { kind: PartyKind::Organization, verified: true };
    prop_oneof![
        Just(EntryAct::Submit { content: content(), entrant }),
        Just(EntryAct::Withdraw),
        (0..3_i64).prop_map(|passed| EntryAct::Pass { passed, places: Some(2) }),
        Just(EntryAct::Return),
        Just(EntryAct::Refuse),
        (2..5_u128).prop_map(|n| EntryAct::Assign { reviewer: ties(n), entry: behind() }),
        (2..5_u128).prop_map(|n| EntryAct::Unassign(account(n))),
        Just(EntryAct::Recuse(Conflict::Declared)),
        (2..5_u128, 0..12_i64).prop_map(|(n, p)| EntryAct::Score {
            reviewer: ties(n),
            entry: behind(),
            points: points(p)
        }),
        Just(EntryAct::Select),
        Just(EntryAct::PassOver),
        Just(EntryAct::Reconsider),
        Just(EntryAct::Appeal),
        any::<bool>().prop_map(|upheld| EntryAct::Answer { upheld }),
        Just(EntryAct::Show),
        Just(EntryAct::Link(EngagementId(Uuid::from_u128(5)))),
        Just(EntryAct::Sign(Signing { with: "某厂".into(), on: TODAY.into(), amount_yuan: Some(5) })),
        any::<bool>().prop_map(|engagement_landed| EntryAct::Land { engagement_landed }),
    ]
}

/// What may lead where, written down once more: role, phase, stages before, stage after.
fn lawful(role: ProgramRole, phase: Phase, before: EntryStage, deed: &EntryDeed, after: EntryStage) -> bool {
    use EntryStage::{
        Checked, Draft, Landed, PassedOver, Refused, Returned, Selected, Shown, Signed, Submitted, Withdrawn,
    };
    use ProgramRole::{Entrant, Organiser, Reviewer};
    let rule = |who: ProgramRole, when: &[Phase], from: &[EntryStage], to: EntryStage| {
        role == who && when.contains(&phase) && from.contains(&before) && after == to
    };
    match deed {
        EntryDeed::Submitted { .. } => rule(Entrant, &[Phase::Open], &[Draft, Returned], Submitted),
        EntryDeed::Withdrawn => {
            let when = [Phase::Open, Phase::Review, Phase::Announced];
            rule(Entrant, &when, &[Submitted, Returned, Checked, Selected, PassedOver], Withdrawn)
        }
        EntryDeed::Passed => rule(Organiser, &[Phase::Open], &[Submitted], Checked),
        EntryDeed::Returned => rule(Organiser, &[Phase::Open], &[Submitted], Returned),
        EntryDeed::Refused => rule(Organiser, &[Phase::Open], &[Submitted], Refused),
        EntryDeed::Assigned { .. } => rule(Organiser, &[Phase::Review], &[Checked], Checked),
        EntryDeed::Unassigned { .. } => rule(Organiser, &[Phase::Review], &[before], before),
        EntryDeed::Recused { .. } => rule(Reviewer, &[Phase::Review], &[before], before),
        EntryDeed::Scored { .. } => rule(Reviewer, &[Phase::Review], &[Checked], Checked),
        EntryDeed::Selected => rule(Organiser, &[Phase::Review], &[Checked], Selected),
        EntryDeed::PassedOver => rule(Organiser, &[Phase::Review], &[Checked], PassedOver),
        EntryDeed::Reconsidered => rule(Organiser, &[Phase::Review], &[Selected, PassedOver], Checked),
        EntryDeed::Appealed => rule(Entrant, &[Phase::Announced], &[PassedOver, Refused], before),
        EntryDeed::Answered { upheld } => {
            role == Organiser && phase == Phase::Announced && after == if *upheld { Selected } else { before }
        }
        EntryDeed::Shown => rule(ProgramRole::Program, &[Phase::Published], &[Selected], Shown),
        EntryDeed::Linked { .. } => matches!(role, Entrant | Organiser) && phase == Phase::Published && after == before,
        EntryDeed::Signed { .. } => rule(Organiser, &[Phase::Published], &[Shown], Signed),
        EntryDeed::Landed => rule(Organiser, &[Phase::Published], &[Signed], Landed),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whoever does whatever in whichever phase: only what is lawful happens, no decision without its quorum, and the
    /// records come to the state.
    #[test]
    fn no_walk_leaves_the_way(
        walk in proptest::collection::vec((any_act(), any_role(), 1..5_usize, any::<bool>(), 1..6_u128, any::<bool>()), 1..80)
    ) {
        let ty = fair();
        let id = entry_id(7);
        let mut state = EntryState::draft(Timestamp::default());
        let mut records: Vec<ProgramRecord<EntryDeed>> = Vec::new();
        let mut phase = 1;
        for (act, role, further, own, actor, noted) in walk {
            // Phases go on, and now and then stay for long.
            phase = (phase + usize::from(further == 4)).min(Phase::ALL.len() - 1);
            let program = program(Phase::ALL[phase]);
            let ground = Ground { ty: &ty, program: &program, today: TODAY };
            let note = if noted { "说明".to_owned() } else { String::new() };
            let by = EntryMove { act, actor: Some(account(actor)), role, own, at: Timestamp::default(), note };
            let Ok(record) = state.next(id, ground, by) else { continue };
            let before = state.stage;
            if matches!(record.what, EntryDeed::Selected | EntryDeed::PassedOver) {
                prop_assert!(state.scored() >= 2 && !own);
            }
            state = state.after(&record);
            prop_assert!(lawful(role, program.phase, before, &record.what, state.stage), "{:?} {record:?}", program.phase);
            records.push(record);
        }
        let kept: Vec<KeptStep> = records.iter().map(|r| {
            let sealed = r.seal();
            KeptStep { ordinal: r.ordinal, hash: sealed.hash, record: sealed.record }
        }).collect();
        let read = verify_records::<EntryDeed>(id.0, &kept).unwrap();
        let folded = read.iter().fold(EntryState::draft(Timestamp::default()), |s, r| s.after(r));
        prop_assert_eq!(folded, state);
        if let Some(last) = kept.len().checked_sub(1) {
            let mut broken = kept.clone();
            broken[last].record = broken[last].record.replace("\"ordinal\"", "\"ordinaI\"");
            prop_assert!(verify_records::<EntryDeed>(id.0, &broken).is_err());
        }
    }

    /// A reviewer with a tie to an entry is neither given it nor may score it, whatever else holds.
    #[test]
    fn a_conflict_is_always_refused(
        person in proptest::option::of(1..4_u128), own in proptest::collection::btree_set(1..4_u128, 0..3),
        declared in proptest::collection::btree_set(1..4_u128, 0..3), author in 1..4_u128,
        whose in 1..4_u128, orgs in proptest::collection::btree_set(1..4_u128, 0..3)
    ) {
        let set = |ids: &BTreeSet<u128>| ids.iter().map(|n| party(*n)).collect::<BTreeSet<_>>();
        let reviewer = ReviewerTies {
            account: account(2), person: person.map(party), organizations: set(&own), declared: set(&declared),
        };
        let entry = EntryTies { author: account(author), party: party(whose), organizations: set(&orgs) };
        let all: BTreeSet<u128> = orgs.iter().copied().chain([whose]).collect();
        let tied = author == 2 || person == Some(whose) || !all.is_disjoint(&own) || !all.is_disjoint(&declared);
        prop_assert_eq!(reviewer.conflict(&entry).is_some(), tied);
        let (ty, program) = (fair(), program(Phase::Review));
        let ground = Ground { ty: &ty, program: &program, today: TODAY };
        let by = |act, role| EntryMove {
            act, actor: Some(account(2)), role, own: false, at: Timestamp::default(), note: String::new(),
        };
        let mut state = EntryState { stage: EntryStage::Checked, ..EntryState::draft(Timestamp::default()) };
        let assign = EntryAct::Assign { reviewer: reviewer.clone(), entry: entry.clone() };
        let given = state.next(entry_id(1), ground, by(assign, ProgramRole::Organiser));
        prop_assert_eq!(matches!(given, Err(ProgramRefusal::Conflict(_))), tied);
        // A tie that came to be after the entry was given out is refused just as well.
        state.reviews.insert(account(2), EntryReview { state: ReviewState::Assigned, at: Timestamp::default() });
        let score = EntryAct::Score { reviewer, entry, points: points(5) };
        let scored = state.next(entry_id(1), ground, by(score, ProgramRole::Reviewer));
        prop_assert_eq!(matches!(scored, Err(ProgramRefusal::Conflict(_))), tied);
    }

    /// The order in which sheets come does not matter; nor does how severe a reviewer is.
    #[test]
    fn a_severe_reviewer_changes_no_order(
        totals in proptest::collection::vec((0..40_000_i64, 0..40_000_i64, 0..40_000_i64), 4..20), shift in 0..20_000_i64
    ) {
        let sheets = |of: &dyn Fn(i64) -> i64| -> Vec<Sheet> {
            let with = |(n, (a, b, c)): (u128, &(i64, i64, i64))| {
                let sheet = |reviewer, total| Sheet { reviewer: account(reviewer), entry: entry_id(n), total };
                [sheet(1, of(*a)), sheet(2, *b), sheet(3, *c)]
            };
            (1..).zip(&totals).flat_map(with).collect()
        };
        let plain = sheets(&|x| x);
        let ranks = rank(&plain);
        let turned: Vec<Sheet> = plain.iter().rev().copied().collect();
        prop_assert_eq!(&ranks, &rank(&turned));
        prop_assert_eq!(table_digest(&ranks), table_digest(&rank(&turned)));
        let own: BTreeSet<i64> = totals.iter().map(|t| t.0).collect();
        prop_assume!(own.len() > 3);
        let severe = rank(&sheets(&|x| x * 2 + shift));
        let score = |ranks: &[Rank], e| ranks.iter().find(|r| r.entry == e).unwrap().score;
        for pair in ranks.windows(2) {
            // Thousandths are rounded: what was apart stays so, what was close may meet.
            if pair[0].score > pair[1].score + 4 {
                prop_assert!(score(&severe, pair[0].entry) >= score(&severe, pair[1].entry));
            }
        }
    }
}

#[test]
fn places_are_shared_by_equals_and_few_scores_are_measured_by_all() {
    let sheet = |r, e, total| Sheet { reviewer: account(r), entry: entry_id(e), total };
    let ranks = rank(&[sheet(1, 1, 80_000), sheet(1, 2, 60_000), sheet(1, 3, 60_000), sheet(2, 2, 60_000)]);
    assert_eq!(ranks.iter().map(|r| r.place).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(ranks[0].entry, entry_id(1));
    // One reviewer gave all the same: nobody is before another, and all have the mean.
    let flat = rank(&[sheet(1, 1, 70_000), sheet(1, 2, 70_000), sheet(1, 3, 70_000)]);
    assert!(flat.iter().all(|r| (r.place, r.score, r.raw) == (1, 70_000, 70_000)), "{flat:?}");
    assert!(rank(&[]).is_empty());
}

#[test]
fn a_total_weighs_its_criteria() {
    let of = |a, b| total_of(&fair(), &[("novelty".to_owned(), a), ("use".to_owned(), b)].into());
    assert_eq!((of(10, 10), of(0, 0), of(10, 0), of(5, 10)), (100_000, 0, 60_000, 70_000));
}

fn go(p: &Program, phase: Phase, standing: Standing, today: &str) -> Result<Program, ProgramRefusal> {
    let by = ProgramMove { act: ProgramAct::Go(phase), actor: None, at: Timestamp::default(), today: today.to_owned() };
    p.next(&fair(), &standing, &by).map(|r| p.clone().after(&r, today))
}

#[test]
fn a_program_goes_through_its_phases_and_skips_none() {
    let p = program(Phase::Draft);
    let none = Standing::default();
    for phase in [Phase::Draft, Phase::Review, Phase::Published] {
        assert_eq!(go(&p, phase, none, TODAY), Err(ProgramRefusal::NotNow(Phase::Draft)));
    }
    let p = go(&p, Phase::Open, none, TODAY).unwrap();
    assert_eq!(go(&p, Phase::Review, none, TODAY), Err(ProgramRefusal::Nothing));
    let waits = Standing { unchecked: 2, undecided: 4, ..none };
    assert_eq!(go(&p, Phase::Review, waits, TODAY), Err(ProgramRefusal::Unfinished(2)));
    let p = go(&p, Phase::Review, Standing { unchecked: 0, ..waits }, TODAY).unwrap();
    let decided = Standing { selected: 3, reviews: 9, ..none };
    assert_eq!(
        go(&p, Phase::Announced, Standing { undecided: 1, ..decided }, TODAY),
        Err(ProgramRefusal::Unfinished(1))
    );
    assert_eq!(go(&p, Phase::Announced, decided, TODAY), Err(ProgramRefusal::StaleRanking));
    let act = ProgramAct::Rank { reviews: 9, digest: "d".into() };
    let by = ProgramMove { act, actor: None, at: Timestamp::default(), today: TODAY.into() };
    let p = p.clone().after(&p.next(&fair(), &decided, &by).unwrap(), TODAY);
    let p = go(&p, Phase::Announced, decided, TODAY).unwrap();
    assert_eq!(
        go(&p, Phase::Published, Standing { unanswered: 1, ..decided }, TODAY),
        Err(ProgramRefusal::Unfinished(1))
    );
    assert_eq!(go(&p, Phase::Published, decided, "2026-03-15"), Err(ProgramRefusal::AppealsRun("2026-03-15".into())));
    let p = go(&p, Phase::Published, decided, "2026-03-16").unwrap();
    assert_eq!(go(&p, Phase::Closed, decided, TODAY).unwrap().phase, Phase::Closed);
}

/// How entries are judged is settled when reviewing begins.
#[test]
fn rules_are_not_changed_in_the_game() {
    let amend = |phase, change: &dyn Fn(&mut ProgramSettings)| {
        let mut settings = settings();
        change(&mut settings);
        let act = ProgramAct::Amend(settings);
        let by = ProgramMove { act, actor: None, at: Timestamp::default(), today: TODAY.into() };
        program(phase).next(&fair(), &Standing::default(), &by)
    };
    assert!(amend(Phase::Open, &|s| s.closes_on = "2026-04-30".into()).is_ok());
    assert!(amend(Phase::Review, &|s| s.title = "第二届科创会".into()).is_ok());
    let changes: [fn(&mut ProgramSettings); 3] =
        [|s| s.blind = false, |s| s.quorum = 1, |s| s.closes_on = "2026-04-30".into()];
    for change in changes {
        assert_eq!(amend(Phase::Review, &change), Err(ProgramRefusal::NotNow(Phase::Review)));
    }
    assert!(
        matches!(amend(Phase::Open, &|s| s.quorum = 9), Err(ProgramRefusal::Fields(f)) if f[0].field == "per_entry")
    );
    assert!(matches!(amend(Phase::Open, &|s| s.closes_on = "2026-02-30".into()), Err(ProgramRefusal::Fields(_))));
}

#[test]
fn an_entry_counts_for_the_narrowest_region_with_places() {
    let quotas = [("320000".to_owned(), 5), ("320200".to_owned(), 3)].into();
    let s = ProgramSettings { quotas, ..settings() };
    assert_eq!(s.area("320211"), "320200");
    assert_eq!(s.area("320700"), "320000");
    assert_eq!(s.area("510104"), "510000");
    assert_eq!(s.area(""), "");
}
