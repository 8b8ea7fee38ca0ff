//! Who stands in a list of matches: no party fills it, and one with much to answer stands behind.

use keqiao_app::AppSettings;
use keqiao_app::listings::{ReviewInput, SaveListing, review, save_listing, submit};
use keqiao_app::matching::{Found, match_text};
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_app::ranking::Look;
use keqiao_domain::{PartyId, Reason, Side, Viewer};

use super::{Cast, cast};
use crate::house::chip;

const NEED: &str = "寻找车规稳压器，用于车载充电机与逆变器";

async fn offer(cast: &Cast, party: PartyId, viewer: &Viewer, title: &str) {
    let input = SaveListing { edits: None, side: Side::Offer, party, content: chip(title) };
    let draft = save_listing(&cast.house.app, viewer, input).await.unwrap();
    let sent = submit(&cast.house.app, viewer, draft.id).await.unwrap();
    let good = ReviewInput { version: sent.version, scores: [4; 4], comment: String::new() };
    review(&cast.house.app, &cast.operator, draft.id, good).await.unwrap();
}

async fn matches(cast: &Cast) -> Vec<Found> {
    cast.house.settle().await;
    match_text(&cast.house.app, &cast.need.1, NEED, Some(Side::Need), &[], Look::quick(12)).await.unwrap().found
}

#[tokio::test]
async fn no_party_fills_the_first_ten_and_a_busy_one_stands_behind() {
    let mut cast = cast().await;
    let settings = AppSettings { busy_from_requests: 2, ..cast.house.app.settings.clone() };
    std::sync::Arc::get_mut(&mut cast.house.app).unwrap().settings = settings;
    for title in ["车规稳压器", "车规稳压器二", "车规稳压器三", "车规稳压器四", "车规稳压器五"]
    {
        offer(&cast, cast.offer.0, &cast.offer.1, title).await;
    }
    for name in ["甲", "乙", "丙", "丁", "戊", "己", "庚"] {
        let account = cast.house.account(name, None).await;
        let input = PartyInput { name: format!("{name}机构"), region: "320200".into(), ..PartyInput::default() };
        let viewer = cast.house.viewer(&account).await;
        let party = create_organization(&cast.house.app, &viewer, input).await.unwrap().id;
        let viewer = cast.house.viewer(&account).await;
        offer(&cast, party, &viewer, &format!("车载电源稳压器件{name}")).await;
    }
    let found = matches(&cast).await;
    let own = |found: &[Found]| found.iter().filter(|f| f.card.party == cast.offer.0).count();
    assert_eq!((found.len(), own(&found[..10]), own(&found)), (12, 3, 5));
    let set_back = |f: &Found| f.matched.reasons.iter().any(|r| matches!(r, Reason::Crowd { most: 3, .. }));
    assert_eq!(found.iter().filter(|f| set_back(f)).count(), 2);
    assert!(found[10..].iter().all(set_back), "the fourth and the fifth say why they stand behind");

    cast.open("一").await.unwrap();
    cast.open("二").await.unwrap();
    let found = matches(&cast).await;
    assert_eq!(own(&found[..7]), 0, "the others go first");
    let busy = |f: &Found| f.matched.reasons.iter().any(|r| matches!(r, Reason::Busy { requests: 2, .. }));
    assert_eq!(found.iter().filter(|f| busy(f)).count(), 5);
    let sum = |f: &Found| f.matched.reasons.iter().map(Reason::points).sum::<f64>();
    assert!(found.iter().all(|f| sum(f) == f.matched.score), "neither takes points");
}
