mod bounds;

use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::access::{PlatformRole, Viewer};
use crate::account::OrgRole;
use crate::value::{Attributes, Value};
use crate::workflow::{Evidence, FieldSort, LocalName, Move, Mover, Stage, StageSort, StepField, Target, Workflow};

fn at(days: i64) -> Timestamp {
    "2026-11-02T02:00:00Z".parse::<Timestamp>().unwrap().plus_days(days)
}

fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn stage(id: &str, sort: StageSort, days: Option<i64>) -> Stage {
    let name = LocalName::default();
    let (remind_days, escalate_days) = (days, days.map(|d| 2 * d));
    Stage { id: id.into(), name, sort, remind_days, escalate_days, dormant_days: days.map(|d| 4 * d) }
}

fn a_move(id: &str, from: &[&str], to: Target, by: &[Mover], both: bool) -> Move {
    Move {
        id: id.into(),
        name: LocalName::default(),
        from: from.iter().map(|s| (*s).to_owned()).collect(),
        to,
        by: by.to_vec(),
        both,
        after: Vec::new(),
        reason: false,
        fields: Vec::new(),
        evidence: None,
    }
}

fn number(id: &str, at_most: Option<&str>) -> StepField {
    StepField {
        id: id.into(),
        name: LocalName::default(),
        sort: FieldSort::Number,
        unit: "万元".into(),
        required: at_most.is_none(),
        choices: Vec::new(),
        at_most: at_most.map(str::to_owned),
    }
}

fn workflow() -> Workflow {
    use Mover::{Answerer, Broker, Need, Offer, Opener};
    let to = |id: &str| Target::Stage(id.into());
    let mut sign = a_move("sign", &["talks"], to("landed"), &[Need, Offer, Broker], true);
    sign.after = vec!["minutes".into()];
    sign.fields = vec![number("amount", None), number("technology", Some("amount"))];
    sign.evidence = Some(Evidence { name: LocalName::default(), required: true });
    let mut decline = a_move("decline", &["start", "talks"], to("declined"), &[Answerer], false);
    decline.reason = true;
    Workflow {
        id: "test".into(),
        name: LocalName::default(),
        start: "start".into(),
        opens: "accept".into(),
        rests_in: Some("dormant".into()),
        stages: vec![
            stage("start", StageSort::Path, Some(3)),
            stage("talks", StageSort::Path, Some(10)),
            stage("landed", StageSort::Landed, None),
            stage("declined", StageSort::Aside, None),
            stage("withdrawn", StageSort::Aside, None),
            stage("dormant", StageSort::Aside, None),
        ],
        moves: vec![
            a_move("accept", &["start"], to("talks"), &[Need, Offer], true),
            a_move("minutes", &["talks"], Target::Stay, &[Need, Offer], false),
            sign,
            decline,
            a_move("withdraw", &["start", "talks"], to("withdrawn"), &[Opener], false),
            a_move("revive", &["dormant"], Target::Back, &[Need, Offer], false),
        ],
    }
}

fn subject() -> Subject {
    Subject {
        workflow: "test".into(),
        title: "碳化硅模块".into(),
        need: None,
        offer: None,
        need_party: PartyId(Uuid::from_u128(1)),
        offer_party: PartyId(Uuid::from_u128(2)),
        kind: "chip".into(),
        region: Some("320211".into()),
        program: None,
        month: "2026-11".into(),
        demo: false,
    }
}

fn entry(act: Act, role: Role, day: i64) -> Entry {
    let actor = match role {
        Role::Clock => None,
        _ => Some(account(role as u128 + 10)),
    };
    let note = "说明".to_owned();
    Entry { act, actor, role, at: at(day), content: Attributes::new(), note, files: Vec::new() }
}

fn proof() -> FileProof {
    FileProof {
        id: crate::id::AttachmentId(Uuid::from_u128(9)),
        name: "合同.pdf".into(),
        size: 3,
        sha256: "ab".repeat(32),
    }
}

/// An engagement in the making.
struct Case {
    workflow: Workflow,
    id: EngagementId,
    steps: Vec<Step>,
    state: State,
}

impl Case {
    fn opened_by(role: Role) -> Self {
        let id = EngagementId(Uuid::from_u128(7));
        let opening = entry(Act::Confirm, role, 0);
        let first = Step::opening(&workflow(), id, subject(), opening);
        let state = State::opened(&first).unwrap();
        Self { workflow: workflow(), id, steps: vec![first], state }
    }

    fn take(&mut self, entry: Entry) -> Result<(), Refusal> {
        let step = self.state.next(&self.workflow, self.id, entry)?;
        self.state = self.state.clone().after(&step);
        self.steps.push(step);
        Ok(())
    }

    fn go(&mut self, id: &str, role: Role, day: i64) -> Result<(), Refusal> {
        self.take(entry(Act::Move { id: id.into(), reason: None }, role, day))
    }

    fn sign(&mut self, amount: f64, technology: f64, role: Role, day: i64) -> Result<(), Refusal> {
        let mut signing = entry(Act::Move { id: "sign".into(), reason: None }, role, day);
        let numbers = [("amount", amount), ("technology", technology)];
        signing.content = numbers.into_iter().map(|(k, v)| (k.to_owned(), Value::Number(v))).collect();
        signing.files = vec![proof()];
        self.take(signing)
    }

    fn kept(&self) -> Vec<KeptStep> {
        let keep = |s: &Step| {
            let Sealed { record, hash } = s.seal();
            KeptStep { ordinal: s.ordinal, hash, record }
        };
        self.steps.iter().map(keep).collect()
    }
}

#[test]
fn from_match_to_landed_both_sides_have_to_agree() {
    let mut case = Case::opened_by(Role::Need);
    assert_eq!(case.take(entry(Act::Confirm, Role::Need, 1)), Err(Refusal::NothingToConfirm));
    assert_eq!(case.go("minutes", Role::Offer, 1), Err(Refusal::NotHere("start".into())));
    case.take(entry(Act::Confirm, Role::Offer, 1)).unwrap();
    assert_eq!((case.state.stage.as_str(), case.state.answered.offer), ("talks", Some(at(1))));
    assert_eq!(case.sign(10.0, 5.0, Role::Offer, 2), Err(Refusal::First("minutes".into())));
    case.go("minutes", Role::Need, 2).unwrap();
    let faults = |r: Result<(), Refusal>| match r {
        Err(Refusal::Fields(faults)) => faults.into_iter().map(|f| (f.field, f.code)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        faults(case.go("sign", Role::Offer, 2)),
        [("amount".to_owned(), "required"), ("files".to_owned(), "required")]
    );
    assert_eq!(faults(case.sign(10.0, 11.0, Role::Offer, 2)), [("technology".to_owned(), "above")]);
    case.sign(10.0, 5.0, Role::Offer, 3).unwrap();
    assert_eq!(case.state.stage, "talks");
    assert_eq!(case.sign(10.0, 5.0, Role::Need, 3), Err(Refusal::Waiting(4)));
    case.take(entry(Act::Confirm, Role::Need, 4)).unwrap();
    assert_eq!(case.state.reached, ["start", "talks", "landed"]);
    // An amount corrected by one side holds only when the other says so too.
    let signed = Box::new(case.steps[3].clone());
    let mut amendment = entry(Act::Amend(signed), Role::Offer, 5);
    amendment.content = BTreeMap::from([("amount".to_owned(), Value::Number(9.0))]);
    case.take(amendment).unwrap();
    assert_eq!(case.state.pending.as_ref().unwrap().what, Proposal::Amend(4));
    case.take(entry(Act::Confirm, Role::Need, 5)).unwrap();
    case.take(entry(Act::Rate(5), Role::Need, 6)).unwrap();
    assert_eq!(case.take(entry(Act::Rate(4), Role::Need, 6)), Err(Refusal::Rated));
    let (steps, state) = verify_chain(case.id, &case.kept()).unwrap();
    assert_eq!((steps, state), (case.steps, case.state));
}

#[test]
fn one_person_never_agrees_for_both() {
    let mut case = Case::opened_by(Role::Need);
    let mut both = entry(Act::Confirm, Role::Offer, 1);
    both.actor = Some(account(Role::Need as u128 + 10));
    assert_eq!(case.take(both), Err(Refusal::SamePerson));
}

#[test]
fn a_broker_asks_both_and_either_may_decline_with_a_reason() {
    let mut case = Case::opened_by(Role::Broker);
    assert_eq!(case.state.broker, Some(account(Role::Broker as u128 + 10)));
    case.take(entry(Act::Confirm, Role::Offer, 1)).unwrap();
    assert_eq!(case.state.pending.as_ref().unwrap().asks, [Side::Need]);
    assert!(matches!(case.go("decline", Role::Need, 2), Err(Refusal::Fields(_))));
    let decline = Act::Move { id: "decline".into(), reason: Some("price".into()) };
    assert_eq!(case.take(entry(decline.clone(), Role::Broker, 2)), Err(Refusal::NotYours));
    case.take(entry(decline, Role::Need, 2)).unwrap();
    assert_eq!((case.state.stage.as_str(), case.state.reason.as_deref()), ("declined", Some("price")));
    assert!(case.state.pending.is_none());
}

#[test]
fn what_rests_in_the_start_is_asked_again_when_it_is_revived() {
    let mut case = Case::opened_by(Role::Need);
    assert_eq!(case.take(entry(Act::Rest, Role::Need, 20)), Err(Refusal::NotYours));
    case.take(entry(Act::Rest, Role::Clock, 20)).unwrap();
    assert_eq!(case.state.stage, "dormant");
    case.go("revive", Role::Offer, 21).unwrap();
    assert_eq!(case.state.pending.as_ref().unwrap().asks, [Side::Need]);
    case.take(entry(Act::Confirm, Role::Need, 22)).unwrap();
    assert_eq!(case.state.stage, "talks");
}

#[test]
fn days_of_rest_are_days_of_the_zone() {
    let workflow = workflow();
    let opened = |when: &str| {
        let mut first = entry(Act::Confirm, Role::Need, 0);
        first.at = when.parse().unwrap();
        State::opened(&Step::opening(&workflow, EngagementId(Uuid::from_u128(7)), subject(), first)).unwrap()
    };
    let due = |zone: &str, when: &str, done| {
        let (due, at) = next_due(&workflow, &opened(when), &zone.parse().unwrap(), done).unwrap();
        (due, at.to_string())
    };
    // A leap day is a day.
    assert_eq!(due("Asia/Shanghai", "2028-02-27T02:00:00Z", None), (Due::Remind, "2028-03-01T02:00:00Z".into()));
    // The clocks are set forward in between: ten o'clock stays ten o'clock.
    assert_eq!(due("Europe/Berlin", "2026-03-27T09:00:00Z", None), (Due::Remind, "2026-03-30T08:00:00Z".into()));
    // A time of day that the zone skips comes just after the gap.
    assert_eq!(due("Europe/Berlin", "2026-03-26T01:30:00Z", None), (Due::Remind, "2026-03-29T01:30:00Z".into()));
    // A server that slept reminds late, and lets nobody rest on the day it reminded.
    let late = "2026-11-30T02:00:00Z".parse().unwrap();
    let after_late = due("Asia/Shanghai", "2026-11-02T02:00:00Z", Some((Due::Remind, late)));
    assert_eq!(after_late, (Due::Escalate, "2026-12-01T02:00:00Z".into()));
    let last = due("Asia/Shanghai", "2026-11-02T02:00:00Z", Some((Due::Escalate, late)));
    assert_eq!(last, (Due::Rest, "2026-12-01T02:00:00Z".into()));
    let zone = "Asia/Shanghai".parse().unwrap();
    assert_eq!(next_due(&workflow, &opened("2026-11-02T02:00:00Z"), &zone, Some((Due::Rest, late))), None);
    assert!("Mars/Olympus".parse::<Zone>().is_err());
}

#[test]
fn only_its_people_see_an_engagement() {
    let case = Case::opened_by(Role::Need);
    let mut engagement = Engagement { id: case.id, subject: subject(), state: case.state, due: None };
    let of =
        |party: PartyId, role| Viewer { account: Some(account(1)), roles: vec![(party, role)], ..Viewer::default() };
    let staff = |role| Viewer { account: Some(account(2)), platform: Some(role), ..Viewer::default() };
    let (need, offer) = (subject().need_party, subject().offer_party);
    let reader = of(need, OrgRole::Viewer);
    assert!(reader.sees_engagement(&engagement) && reader.roles_in_engagement(&engagement).is_empty());
    assert_eq!(of(offer, OrgRole::Editor).roles_in_engagement(&engagement), [Role::Offer]);
    assert_eq!(staff(PlatformRole::Operator).roles_in_engagement(&engagement), [Role::Operator]);
    assert!(!of(PartyId(Uuid::from_u128(3)), OrgRole::Owner).sees_engagement(&engagement));
    assert!(!Viewer::visitor().sees_engagement(&engagement));
    let broker = staff(PlatformRole::Broker);
    assert!(broker.sees_engagement(&engagement));
    engagement.state.broker = Some(account(5));
    assert!(!broker.sees_engagement(&engagement));
}

/// Anything anybody could try.
fn acts() -> impl Strategy<Value = Vec<(u8, u8, u8)>> {
    proptest::collection::vec((0..12_u8, 0..5_u8, 0..6_u8), 1..40)
}

fn play(case: &mut Case, tries: &[(u8, u8, u8)]) {
    let roles = [Role::Need, Role::Offer, Role::Broker, Role::Operator, Role::Clock];
    for (day, &(act, role, detail)) in (1..).zip(tries) {
        let role = roles[usize::from(role)];
        let moves = ["accept", "minutes", "sign", "decline", "withdraw", "revive"];
        let act = match act {
            0..=5 => Act::Move { id: moves[usize::from(act)].into(), reason: Some("price".into()) },
            6 | 7 => Act::Confirm,
            8 => Act::Object,
            9 => Act::Amend(Box::new(case.steps[usize::from(detail) % case.steps.len()].clone())),
            10 => Act::Rate(i64::from(detail)),
            _ => Act::Rest,
        };
        let mut tried = entry(act, role, day);
        if detail % 2 == 0 {
            tried.content = BTreeMap::from([("amount".to_owned(), Value::Number(f64::from(detail)))]);
            tried.files = vec![proof()];
        }
        // A refusal changes nothing.
        let _ = case.take(tried);
    }
}

proptest! {
    #[test]
    fn whatever_is_tried_the_chain_holds_and_counts_add_up(tries in acts(), opener in 0..3_usize) {
        let mut case = Case::opened_by([Role::Need, Role::Offer, Role::Broker][opener]);
        play(&mut case, &tries);
        let (_, state) = verify_chain(case.id, &case.kept()).unwrap();
        prop_assert_eq!(&state, &case.state);
        // One reaches a stage of the path only with a word of both sides.
        let word = |side| case.steps.iter().any(|s| s.role.side() == Some(side));
        prop_assert!(state.reached.len() < 2 || (word(Side::Need) && word(Side::Offer)));
        let mut standing = BTreeMap::new();
        let mut before = None;
        for n in 1..=case.steps.len() {
            let after = State::of(&case.steps[..n]).unwrap();
            for t in tallies(before.as_ref(), &after).into_iter().filter(|t| t.measure == Measure::Standing) {
                *standing.entry(t.of).or_insert(0) += t.count;
            }
            before = Some(after);
        }
        standing.retain(|_, n| *n != 0);
        prop_assert_eq!(standing, BTreeMap::from([(state.stage, 1)]));
    }

    #[test]
    fn a_byte_changed_anywhere_is_found_where_it_is(tries in acts(), place: prop::sample::Index, bit in 0..7_u8) {
        let mut case = Case::opened_by(Role::Need);
        play(&mut case, &tries);
        let mut kept = case.kept();
        let row = place.index(kept.len());
        let mut bytes = std::mem::take(&mut kept[row].record).into_bytes();
        let byte = place.index(bytes.len());
        bytes[byte] ^= 1 << bit;
        kept[row].record = String::from_utf8_lossy(&bytes).into_owned();
        let ordinal = kept[row].ordinal;
        prop_assert_eq!(verify_chain(case.id, &kept), Err(ChainFault::Altered(ordinal)));
        // Hashed again, it still does not say what the next one was made after, or is no step of this program.
        kept[row].hash = super::step::hash_of(&kept[row].record);
        let fault = verify_chain(case.id, &kept);
        let last = row + 1 == kept.len();
        prop_assert!(fault.is_err() || (last && fault.unwrap().1.head != case.state.head));
        let mut short = case.kept();
        short.remove(row);
        let gone = verify_chain(case.id, &short);
        prop_assert!(gone.is_err() || (last && gone.unwrap().1.steps == case.state.steps - 1));
    }
}

#[test]
fn all_who_looked_after_it_stand_in_its_tenures() {
    use super::{Tenure, tenures};
    let who = |n: u128| AccountId(uuid::Uuid::from_u128(n));
    let at = |s: i64| Timestamp::from_micros(s);
    let blank = |ordinal: i64, deed, broker: Option<u128>| {
        let record = serde_json::json!({
            "engagement": uuid::Uuid::nil(), "ordinal": ordinal, "previous": "", "at": at(ordinal), "actor": null,
            "role": "broker", "deed": deed, "stage": "talks", "broker": broker.map(who),
        });
        serde_json::from_value::<Step>(record).unwrap()
    };
    let mut steps = vec![blank(1, Deed::Opened, None), blank(2, Deed::Assigned, Some(1))];
    steps.push(Step { actor: Some(who(1)), reached: vec!["signed".into()], ..blank(3, Deed::Moved, None) });
    steps.push(blank(4, Deed::Assigned, Some(2)));
    steps.push(Step { actor: Some(who(1)), ..blank(5, Deed::Moved, None) });
    let of = |n, from, to: Option<i64>, steps, reached: &[&str]| Tenure {
        broker: who(n),
        from: at(from),
        to: to.map(at),
        steps,
        reached: reached.iter().map(|s| (*s).to_owned()).collect(),
    };
    assert_eq!(tenures(&steps), [of(1, 2, Some(4), 1, &["signed"]), of(2, 4, None, 0, &[])]);
    steps.push(blank(6, Deed::Assigned, None));
    assert_eq!(tenures(&steps)[1].to, Some(at(6)));
}
