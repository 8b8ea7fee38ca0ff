use super::*;
use crate::engagement::Role;
use crate::id::AttachmentId;
use uuid::Uuid;

fn step(ordinal: i64, deed: Deed, content: &[(&str, Value)], asks: &[crate::Side]) -> Step {
    let content: Attributes = content.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    let file = FileProof { id: AttachmentId(Uuid::nil()), name: "合同.pdf".into(), size: 1, sha256: "00".into() };
    Step {
        engagement: EngagementId(Uuid::nil()),
        ordinal,
        previous: String::new(),
        at: Timestamp::from_micros(ordinal),
        actor: None,
        role: Role::Need,
        deed,
        stage: "signed".into(),
        made: Some("sign".into()),
        reached: Vec::new(),
        back: None,
        proposes: None,
        asks: asks.to_vec(),
        amends: None,
        broker: None,
        reason: None,
        score: None,
        files: if content.is_empty() { Vec::new() } else { vec![file] },
        content,
        note: String::new(),
        subject: None,
    }
}

fn rules() -> ContractRules {
    let item = |id: &str, shown_by, types: &[&str], required| ContractItem {
        id: id.into(),
        name: LocalName::default(),
        shown_by,
        types: types.iter().map(|t| (*t).to_owned()).collect(),
        required,
    };
    ContractRules {
        fields: SigningFields {
            made: "sign".into(),
            kind: "type".into(),
            amount: "all".into(),
            technology_amount: "part".into(),
            ..SigningFields::default()
        },
        types: vec![ContractType { id: "service".into(), of: vec!["training".into()], ..ContractType::default() }],
        items: vec![
            item("type", ItemProof::Type, &[], true),
            item("part", ItemProof::TechnologyAmount, &[], true),
            item("text", ItemProof::Text, &[], true),
            item("plan", ItemProof::Statement, &["service"], true),
            item("rights", ItemProof::Statement, &["development"], true),
        ],
        ..ContractRules::default()
    }
}

const OFFER: &[crate::Side] = &[crate::Side::Offer];

fn amounts(part: f64) -> [(&'static str, Value); 3] {
    [("type", Value::Text("training".into())), ("all", Value::Number(10.0)), ("part", Value::Number(part))]
}

#[test]
fn what_was_not_confirmed_is_not_signed() {
    let rules = rules();
    let mut steps = vec![step(1, Deed::Proposed, &amounts(3.0), OFFER)];
    assert_eq!(rules.signed(&steps), None);
    steps.push(step(2, Deed::Confirmed, &[], &[]));
    let signed = rules.signed(&steps).unwrap();
    assert_eq!(
        (signed.step, signed.amount, signed.technology_amount, signed.files.len()),
        (1, Some(10.0), Some(3.0), 1)
    );
    // A correction holds when the other side has confirmed it, and adds its files.
    steps.push(Step { amends: Some(1), ..step(3, Deed::Amended, &amounts(4.0), OFFER) });
    assert_eq!(rules.signed(&steps).unwrap().technology_amount, Some(3.0));
    let confirmed = Step { amends: Some(1), made: None, ..step(4, Deed::Confirmed, &[], &[]) };
    steps.push(confirmed.clone());
    let corrected = rules.signed(&steps).unwrap();
    assert_eq!((corrected.step, corrected.technology_amount, corrected.files.len()), (3, Some(4.0), 2));
    // One that was not is as if it had not been proposed.
    steps.push(Step { amends: Some(1), ..step(5, Deed::Amended, &amounts(9.0), OFFER) });
    steps.push(Step { amends: Some(1), made: None, ..step(6, Deed::Objected, &[], &[]) });
    steps.push(Step { amends: Some(2), ..confirmed });
    assert_eq!(rules.signed(&steps).unwrap().technology_amount, Some(4.0));
}

#[test]
fn a_checklist_asks_what_its_type_asks() {
    let rules = rules();
    let signed =
        rules.signed(&[step(1, Deed::Proposed, &amounts(11.0), OFFER), step(2, Deed::Confirmed, &[], &[])]).unwrap();
    let mut statements = BTreeMap::new();
    let stands = |items: &[CheckedItem]| items.iter().map(|c| (c.item.id.clone(), c.met)).collect::<Vec<_>>();
    let of = |list: &[(&str, bool)]| list.iter().map(|(id, met)| ((*id).to_owned(), *met)).collect::<Vec<_>>();
    let first = rules.check(&signed, true, &statements);
    // More for technology than in all is not shown.
    assert_eq!(stands(&first), of(&[("type", true), ("part", false), ("text", true), ("plan", false)]));
    assert!(!is_complete(&first));
    let by = AccountId(Uuid::nil());
    statements.insert("plan".to_owned(), Statement { text: "第4条".into(), by, at: Timestamp::from_micros(0) });
    let fitting = Signed { technology_amount: Some(10.0), ..signed.clone() };
    assert!(is_complete(&rules.check(&fitting, true, &statements)));
    let purchase = Signed { kind: "purchase".into(), ..fitting };
    assert_eq!(
        stands(&rules.check(&purchase, true, &statements)),
        of(&[("type", false), ("part", true), ("text", true)])
    );
}
