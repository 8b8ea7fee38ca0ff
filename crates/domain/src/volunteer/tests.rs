use super::*;
use crate::id::DutyId;
use uuid::Uuid;

const HOUR: i64 = 3_600;

fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn at(hour: i64) -> Timestamp {
    Timestamp::from_micros(0).plus_seconds(hour * HOUR)
}

fn duty(n: u128, volunteer: u128, from: i64, to: i64) -> Duty {
    Duty {
        id: DutyId(Uuid::from_u128(n)),
        request: VolunteerRequestId(Uuid::from_u128(n)),
        party: PartyId(Uuid::nil()),
        team: VolunteerTeamId(Uuid::nil()),
        volunteer: account(volunteer),
        state: DutyState::Asked,
        from: at(from),
        to: at(to),
        asked_by: account(90),
        done: String::new(),
        reported_at: None,
        objection: String::new(),
        proven: None,
        demo: false,
        version: 1,
        created_at: at(0),
    }
}

fn proven(n: u128, volunteer: u128, prover: u128, from: i64, to: i64) -> Duty {
    Duty { state: DutyState::Proven, proven: Some((account(prover), at(to))), ..duty(n, volunteer, from, to) }
}

fn report(from: i64, to: i64) -> DutyAct {
    DutyAct::Report { from: at(from), to: at(to), done: "教老人用手机挂号".into() }
}

#[test]
fn hours_count_only_when_two_parties_say_the_same() {
    let volunteer = DutyActor { account: account(1), for_party: false };
    let served = DutyActor { account: account(2), for_party: true };
    let office = DutyActor { account: account(3), for_party: false };
    let asked = duty(1, 1, 8, 12);
    let accepted = asked.clone().after(DutyAct::Accept, volunteer, at(1)).unwrap();
    assert_eq!(accepted.clone().after(report(8, 12), office, at(13)), Err(DutyFault::NotYours));
    assert_eq!(accepted.clone().after(report(8, 12), served, at(13)), Err(DutyFault::NotYours));
    assert_eq!(accepted.clone().after(report(8, 12), volunteer, at(11)), Err(DutyFault::Hours));
    let prove = |seen| DutyAct::Prove { seen };
    assert_eq!(accepted.clone().after(prove(1), served, at(13)), Err(DutyFault::NotNow));
    let reported = accepted.after(report(8, 13), volunteer, at(14)).unwrap();
    assert_eq!(reported.clone().after(prove(1), office, at(15)), Err(DutyFault::NotYours));
    let object = DutyAct::Object { why: "十二点就结束了".into() };
    let objected = reported.after(object, served, at(15)).unwrap();
    assert_eq!(objected.clone().after(prove(1), served, at(16)), Err(DutyFault::NotNow));
    let again = Duty { version: 5, ..objected.after(report(8, 12), volunteer, at(16)).unwrap() };
    // Confirmed is what was seen, and not what was written over it since.
    assert_eq!(again.clone().after(prove(4), served, at(17)), Err(DutyFault::Stale));
    let proven = again.after(prove(5), served, at(17)).unwrap();
    assert_eq!((proven.state, proven.seconds()), (DutyState::Proven, 4 * HOUR));
    assert_eq!(proven.after(report(8, 20), volunteer, at(30)), Err(DutyFault::NotNow));
}

#[test]
fn nobody_confirms_their_own_hours_whatever_they_are() {
    let both = DutyActor { account: account(1), for_party: true };
    let reported = duty(1, 1, 8, 12).after(DutyAct::Accept, both, at(1)).unwrap().after(report(8, 12), both, at(13));
    assert_eq!(reported.unwrap().after(DutyAct::Prove { seen: 1 }, both, at(14)), Err(DutyFault::OwnHours));
}

#[test]
fn what_cannot_be_is_flagged_and_counts_apart() {
    let mut duties = vec![
        proven(1, 1, 50, 0, 40),
        proven(2, 1, 51, 10, 12),
        // Within the first one too, though the one before it has ended.
        proven(3, 1, 52, 20, 22),
        proven(4, 1, 53, 40, 44),
        proven(5, 2, 54, 0, 3),
    ];
    let wrong = anomalies(&duties);
    let of = |n: u128| wrong.get(&DutyId(Uuid::from_u128(n))).cloned().unwrap_or_default();
    assert_eq!(of(1), [Anomaly::TooLong, Anomaly::Overlap]);
    assert_eq!((of(2), of(3)), (vec![Anomaly::Overlap], vec![Anomaly::Overlap]));
    assert_eq!((of(4), of(5)), (vec![], vec![]));
    duties.push(Duty { state: DutyState::Reported, proven: None, ..proven(6, 2, 0, 5, 6) });
    let sums = sum_hours(&duties, &wrong);
    let sum = |n| sums[&(VolunteerTeamId(Uuid::nil()), account(n))];
    assert_eq!(sum(1), HoursSum { proven: 4 * HOUR, flagged: 44 * HOUR, waiting: 0, duties: 4 });
    assert_eq!(sum(2), HoursSum { proven: 3 * HOUR, flagged: 0, waiting: HOUR, duties: 1 });
}

#[test]
fn two_who_confirm_each_other_too_often_are_flagged() {
    let day = 24;
    let turns = |count: i64, apart: i64| -> Vec<Duty> {
        let one = |n: i64| {
            let (a, b) = if n % 2 == 0 { (1, 2) } else { (2, 1) };
            proven(u128::try_from(n).unwrap() + 100, a, b, n * apart * day, n * apart * day + 2)
        };
        (0..count).map(one).collect()
    };
    let most = i64::try_from(PAIR_MOST).unwrap();
    assert!(anomalies(&turns(most, 1)).is_empty());
    let often = anomalies(&turns(most + 1, 1));
    assert_eq!(often.len(), PAIR_MOST + 1);
    assert!(often.values().all(|list| list == &[Anomaly::SamePair]));
    assert!(anomalies(&turns(40, 5)).is_empty());
}

#[test]
fn people_are_proposed_by_time_skill_and_place() {
    let request = VolunteerRequest {
        id: VolunteerRequestId(Uuid::from_u128(7)),
        party: PartyId(Uuid::nil()),
        title: "社区义诊".into(),
        body: String::new(),
        skills: vec!["内科".into(), "Excel".into()],
        region: Some("320211".into()),
        place: String::new(),
        starts_at: at(8),
        ends_at: at(12),
        wanted: 1,
        state: RequestState::Open,
        demo: false,
        version: 1,
        created_at: at(0),
    };
    let somebody = |n: u128, skills: &[&str], region: &str| Volunteer {
        id: VolunteerId(Uuid::from_u128(n)),
        team: VolunteerTeamId(Uuid::nil()),
        account: account(n),
        skills: skills.iter().map(|s| (*s).to_owned()).collect(),
        region: Some(region.into()),
        state: VolunteerState::In,
        demo: false,
        version: 1,
        created_at: at(0),
    };
    let busy = Duty { state: DutyState::Accepted, ..duty(1, 1, 11, 13) };
    let people = [
        somebody(1, &["内科", "excel"], "320211"),
        somebody(2, &["内科"], "320211"),
        somebody(3, &["内科", "ＥＸＣＥＬ"], "320500"),
        somebody(4, &["内科", "Excel"], "320200"),
    ];
    let mut ranked: Vec<(u128, Fit)> =
        (1..).zip(people.iter().map(|v| request.fit(v, std::slice::from_ref(&busy)))).collect();
    ranked.sort_by_key(|(_, fit)| std::cmp::Reverse(fit.rank()));
    assert_eq!(ranked.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [4, 3, 2, 1]);
    assert!(!ranked[3].1.free && ranked[2].1.skills == ["内科"] && ranked[0].1.near == 2);
}
