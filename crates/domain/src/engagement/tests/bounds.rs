//! What nobody may do, whoever they are.

use super::*;

/// Opened by the need, taken up by the offer, talked about, and signed by both.
fn signed() -> Case {
    let mut case = Case::opened_by(Role::Need);
    case.take(entry(Act::Confirm, Role::Offer, 1)).unwrap();
    case.go("minutes", Role::Need, 2).unwrap();
    case.sign(10.0, 5.0, Role::Offer, 3).unwrap();
    case.take(entry(Act::Confirm, Role::Need, 4)).unwrap();
    case
}

#[test]
fn only_moves_and_corrections_are_filled_in() {
    let mut case = Case::opened_by(Role::Need);
    let filled = |act, role| {
        let content = BTreeMap::from([("anything".to_owned(), Value::Text("hidden".into()))]);
        Entry { content, ..entry(act, role, 1) }
    };
    let refused = |r: Result<(), Refusal>| {
        assert!(
            matches!(&r, Err(Refusal::Fields(f)) if (f[0].field.as_str(), f[0].code) == ("anything", "unknown-field")),
            "{r:?}"
        );
    };
    refused(case.take(filled(Act::Confirm, Role::Offer)));
    refused(case.take(filled(Act::Assign(Some(account(77))), Role::Operator)));
    refused(case.take(filled(Act::Rest, Role::Clock)));
    case.take(entry(Act::Confirm, Role::Offer, 1)).unwrap();
    case.go("minutes", Role::Need, 2).unwrap();
    case.sign(10.0, 5.0, Role::Offer, 3).unwrap();
    refused(case.take(filled(Act::Object, Role::Need)));
    refused(signed().take(filled(Act::Rate(5), Role::Need)));
}

#[test]
fn a_broker_without_the_role_looks_after_nothing() {
    let case = Case::opened_by(Role::Broker);
    let engagement = Engagement { id: case.id, subject: subject(), state: case.state, due: None };
    let mut broker =
        Viewer { account: engagement.state.broker, platform: Some(PlatformRole::Broker), ..Viewer::default() };
    assert_eq!(broker.roles_in_engagement(&engagement), [Role::Broker]);
    broker.platform = None;
    assert!(!broker.sees_engagement(&engagement) && broker.roles_in_engagement(&engagement).is_empty());
}

#[test]
fn a_correction_is_for_those_whose_move_it_is() {
    let case = signed();
    let (minutes, sign) = (&case.steps[2], &case.steps[3]);
    let may = |of: &Step, role| case.state.may_amend(&case.workflow, of, role).map(|m| m.id.as_str());
    assert_eq!(may(minutes, Role::Need), Ok("minutes"));
    assert_eq!(may(sign, Role::Offer), Ok("sign"));
    // A broker proposes signing, so he may correct it; minutes are for the sides, and signing is not an operator's.
    assert_eq!(may(sign, Role::Broker), Ok("sign"));
    for (of, role) in [
        (minutes, Role::Offer),
        (minutes, Role::Broker),
        (minutes, Role::Operator),
        (sign, Role::Need),
        (sign, Role::Operator),
        (sign, Role::Clock),
    ] {
        assert_eq!(may(of, role), Err(Refusal::NotYours), "{role:?} {:?}", of.made);
        let mut tried = entry(Act::Amend(Box::new(of.clone())), role, 5);
        if of.made.as_deref() == Some("sign") {
            tried.content = BTreeMap::from([("amount".to_owned(), Value::Number(9.0))]);
        }
        assert_eq!(case.state.next(&case.workflow, case.id, tried), Err(Refusal::NotYours));
    }
}

#[test]
fn one_person_never_rates_for_both() {
    let mut case = signed();
    case.take(entry(Act::Rate(5), Role::Need, 5)).unwrap();
    let mut again = entry(Act::Rate(5), Role::Offer, 6);
    again.actor = Some(account(Role::Need as u128 + 10));
    assert_eq!(case.take(again), Err(Refusal::SamePerson));
    case.take(entry(Act::Rate(4), Role::Offer, 6)).unwrap();
}
