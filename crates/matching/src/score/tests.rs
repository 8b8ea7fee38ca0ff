use super::*;
use crate::fixture::{LEXICON, range, text, view};
use crate::view::MatchView;
use keqiao_domain::{ListingId, Side, Value};
use proptest::prelude::*;

fn offer(title: &str, body: &str) -> MatchView {
    view(Side::Offer, title, body)
}

fn scored(need: &Need, view: MatchView) -> Match {
    score(need, &Offer::new(view, &LEXICON), &LEXICON, &Weights::default())
}

fn from_text(text: &str) -> Need {
    Need::from_text(text, &LEXICON)
}

/// The words met: (the need's, the offer's where another).
fn met(m: &Match) -> Vec<(String, Option<String>)> {
    m.reasons
        .iter()
        .flat_map(|r| if let Reason::Terms { terms, .. } = r { terms.clone() } else { Vec::new() })
        .map(|t| (t.term, t.by))
        .collect()
}

#[test]
fn words_are_met_by_synonyms_and_on_their_boundaries() {
    let need = from_text("碳化硅衬底");
    let synonym = scored(&need, offer("SiC wafers", "4H-SiC基片"));
    let mut words = met(&synonym);
    words.sort();
    assert_eq!(words, [("碳化硅".into(), Some("sic".into())), ("衬底".into(), Some("基片".into()))]);
    assert!(met(&scored(&need, offer("BASIC programming", "basic"))).is_empty());

    let need = from_text("SiC器件");
    assert_eq!(met(&scored(&need, offer("碳化硅MOSFET", "")))[0], ("sic".into(), Some("碳化硅".into())));
    assert!(met(&scored(&need, offer("Basic course", ""))).is_empty());
    // Traditional characters and full width are one with simplified ones and half width.
    assert_eq!(met(&scored(&need, offer("ＳｉＣ模块", "")))[0].0, "sic");
    assert_eq!(met(&scored(&need, offer("碳化矽", "")))[..0], []);
}

#[test]
fn title_and_keywords_count_more_than_text() {
    let need = from_text("碳化硅衬底");
    let title = scored(&need, offer("碳化硅衬底", "")).score;
    let body = scored(&need, offer("材料", "碳化硅衬底")).score;
    let mut keyworded = offer("材料", "");
    keyworded.keywords = vec!["碳化硅".into(), "衬底".into()];
    assert_eq!(scored(&need, keyworded).score, title);
    assert!(title > body && body > 0.0);
}

#[test]
fn a_perfect_match_comes_near_100() {
    let need = from_text("碳化硅衬底");
    let mut best = offer("碳化硅衬底", "");
    best.verified = true;
    best.attachments = 2;
    let m = scored(&need, best);
    assert!((99.0..=100.0).contains(&m.score), "{m:?}");

    let need = from_text("急需碳化硅芯片，工作温度-40~125℃，导通电阻小于5mΩ，江苏无锡");
    let mut best = offer("碳化硅芯片", "江苏无锡");
    best.kind = "chip".into();
    best.region = Some("320200".into());
    best.verified = true;
    best.attachments = 1;
    best.attributes.insert("operating-temperature".into(), range(-55.0, 150.0, "℃"));
    best.attributes.insert("on-resistance".into(), range(4.0, 4.0, "mΩ"));
    let m = scored(&need, best);
    assert!(m.score > 90.0 && !m.blocked, "{m:?}");
}

#[test]
fn a_failed_must_stands_below_all_and_unknown_just_below_partly() {
    let need = from_text("碳化硅芯片，导通电阻小于5mΩ");
    let with = |value: Option<Value>, title: &str| {
        let mut v = offer(title, "");
        if let Some(value) = value {
            v.attributes.insert("on-resistance".into(), value);
        }
        scored(&need, v)
    };
    let meets = with(Some(range(4.0, 4.0, "mΩ")), "碳化硅芯片");
    let partly = with(Some(range(3.0, 8.0, "mΩ")), "碳化硅芯片");
    let unknown = with(None, "碳化硅芯片");
    let fails = with(Some(range(0.009, 0.009, "Ω")), "碳化硅芯片");
    let weak = with(None, "碳化硅");
    assert!(meets.score > partly.score && partly.score > unknown.score && unknown.score > fails.score);
    assert!(fails.blocked && !unknown.blocked);
    assert!(fails.score > weak.score - 20.0);
    let mut all = [fails.clone(), weak, unknown, partly, meets.clone()];
    all.sort_by(by_rank);
    assert_eq!((&all[0], &all[4]), (&meets, &fails));
}

#[test]
fn a_failed_wish_does_not_block() {
    let need = from_text("碳化硅芯片，最好导通电阻小于5mΩ");
    let mut v = offer("碳化硅芯片", "");
    v.attributes.insert("on-resistance".into(), range(9.0, 9.0, "mΩ"));
    let m = scored(&need, v);
    assert!(!m.blocked);
    assert!(m.reasons.iter().any(|r| matches!(r, Reason::Requirement { verdict: Verdict::Fails, .. })));
}

#[test]
fn fields_win_over_text_and_what_they_do_not_name_is_added() {
    let mut v = view(Side::Need, "求购芯片", "工作温度-40~85℃，导通电阻小于5mΩ，通过AEC-Q100 Grade 2，需通过ISO 26262");
    v.attributes.insert("operating-temperature".into(), range(-40.0, 125.0, "℃"));
    v.attributes.insert("qualification".into(), text("AEC-Q100 Grade 1"));
    v.attributes.insert("application".into(), text("充电桩"));
    v.wishes = vec!["qualification".into()];
    let need = Need::from_view(&v, &LEXICON);
    let said: Vec<_> =
        need.requirements.iter().map(|r| (r.property.as_str(), r.required.to_string(), r.strength)).collect();
    assert_eq!(
        said,
        [
            ("operating-temperature", "-40~125 ℃".to_owned(), Strength::Must),
            ("qualification", "AEC-Q100 Grade 1".to_owned(), Strength::Wish),
            ("on-resistance", "≤5 mΩ".to_owned(), Strength::Wish),
            ("qualification", "ISO 26262".to_owned(), Strength::Wish),
        ]
    );
    // What is only shown is matched by its words.
    assert!(need.terms().any(|(t, _)| t.text.contains("充电")));
}

#[test]
fn region_industry_and_kind_give_their_points() {
    let mut n = view(Side::Need, "芯片", "");
    (n.kind, n.region, n.industry) = ("chip".into(), Some("320200".into()), Some("C397".into()));
    let need = Need::from_view(&n, &LEXICON);
    let reasons = |region: &str, industry: &str, kind: &str| {
        let mut v = offer("芯片", "");
        (v.kind, v.region, v.industry) = (kind.into(), Some(region.into()), Some(industry.into()));
        scored(&need, v).reasons
    };
    let points = |reasons: &[Reason], code: &str| {
        reasons.iter().find_map(|r| match r {
            Reason::Region { region, points } if region == code => Some(*points),
            Reason::Industry { industry, points } if industry == code => Some(*points),
            Reason::Kind { kind, points } if kind == code => Some(*points),
            _ => None,
        })
    };
    let same = reasons("320214", "C397", "chip");
    let near = reasons("320100", "C398", "chip");
    let far = reasons("510100", "M", "material");
    assert!(points(&same, "320200") > points(&near, "320000"));
    assert!(points(&same, "C397") > points(&near, "C39") && points(&near, "C39").is_some());
    assert!(points(&same, "chip").is_some());
    assert_eq!(far.len(), 1, "{far:?}");
}

#[test]
fn the_order_does_not_depend_on_the_order_of_the_offers() {
    let need = from_text("碳化硅衬底");
    let view = |i: u128, title: &str| {
        let mut v = offer(title, "");
        v.id = Some(ListingId(keqiao_domain::RecordId::from_u128(i)));
        v
    };
    let views = [view(3, "碳化硅"), view(1, "碳化硅"), view(2, "碳化硅衬底")];
    let order = |views: &[MatchView]| {
        let mut all: Vec<Match> = views.iter().map(|v| scored(&need, v.clone())).collect();
        all.sort_by(by_rank);
        all.iter().map(|m| m.offer.unwrap().0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(order(&views), [2, 1, 3]);
    let reversed: Vec<_> = views.into_iter().rev().collect();
    assert_eq!(order(&reversed), [2, 1, 3]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn points_add_up_and_stay_within_100(
        need in "(碳化硅|衬底|芯片|，|工作温度-40~125℃|纯度不低于99.9%|最好|通过AEC-Q100|江苏|急需){1,10}",
        title in "(SiC|衬底|芯片|检测服务|材料){1,4}",
        body in "(纯度99.5%|，|工作温度-40~85℃|AEC-Q100 Grade 1|碳化硅){0,5}",
        verified: bool,
        files in 0i64..3,
        kind in "(chip|material|)",
        region in "(320000|510000)",
    ) {
        let mut v = offer(&title, &body);
        (v.verified, v.attachments, v.kind, v.region) = (verified, files, kind, Some(region));
        let m = scored(&from_text(&need), v);
        let sum: f64 = m.reasons.iter().map(Reason::points).sum();
        prop_assert_eq!(m.score, sum);
        prop_assert!((0.0..=100.0).contains(&m.score));
        prop_assert!(m.reasons.iter().all(|r| r.points() >= 0.0));
        let failed = m.reasons.iter().any(|r| matches!(
            r,
            Reason::Requirement { verdict: Verdict::Fails, strength: Strength::Must, .. }
        ));
        prop_assert_eq!(m.blocked, failed);
    }
}
