//! The life of a listing, and who reads what of it.

use keqiao_app::AppError;
use keqiao_app::listings::{
    ReviewInput, SaveListing, accept_annex, close, compare_versions, review, save_listing, submit, versions,
    view_listing,
};
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_domain::{ListingState, PlatformRole, Side, Tier, Value, Viewer};

use crate::house::{House, chip};

#[tokio::test]
async fn a_listing_goes_through_review_and_an_edit_goes_through_it_again() {
    let house = House::new().await;
    let owner = house.account("owner", None).await;
    let operator = house.account("op", Some(PlatformRole::Operator)).await;
    let viewer = house.viewer(&owner).await;
    let input = PartyInput { name: "示例机构".into(), ..PartyInput::default() };
    let party = create_organization(&house.app, &viewer, input).await.unwrap();
    let (viewer, operator) = (house.viewer(&owner).await, house.viewer(&operator).await);
    let mut content = chip("650V 碳化硅二极管");
    content.details_tier = Tier::Member;
    content.annex = "机密：晶圆厂与良率".into();
    let save = SaveListing { edits: None, side: Side::Offer, party: party.id, content: content.clone() };
    let draft = save_listing(&house.app, &viewer, save).await.unwrap();
    assert!(matches!(view_listing(&house.app, &Viewer::visitor(), draft.id).await, Err(AppError::NotFound)));
    let sent = submit(&house.app, &viewer, draft.id).await.unwrap();
    let held = ReviewInput { version: sent.version, scores: [5, 5, 5, 0], comment: String::new() };
    let silent = review(&house.app, &operator, draft.id, held.clone()).await;
    assert!(matches!(silent, Err(AppError::Invalid(f)) if f[0].field == "comment"));
    let own = review(&house.app, &viewer, draft.id, held.clone()).await;
    assert!(matches!(own, Err(AppError::NotAllowed)));
    let (held, _) =
        review(&house.app, &operator, draft.id, ReviewInput { comment: "请写明交期".into(), ..held }).await.unwrap();
    assert_eq!(held.state, ListingState::Draft);
    let sent = submit(&house.app, &viewer, draft.id).await.unwrap();
    let good = ReviewInput { version: sent.version, scores: [4; 4], comment: String::new() };
    let (published, _) = review(&house.app, &operator, draft.id, good.clone()).await.unwrap();
    assert_eq!(published.state, ListingState::Published);
    let late = review(&house.app, &operator, draft.id, good).await;
    assert!(matches!(late, Err(AppError::Stale { .. })));

    let seen = view_listing(&house.app, &Viewer::visitor(), draft.id).await.unwrap();
    assert!(seen.listing.content.body.is_empty() && seen.body_for_members && seen.has_annex);
    assert!(seen.listing.content.annex.is_empty() && !seen.annex_open);
    let member = house.account("member", None).await;
    let member = house.viewer(&member).await;
    let seen = view_listing(&house.app, &member, draft.id).await.unwrap();
    assert!(!seen.listing.content.body.is_empty() && seen.listing.content.annex.is_empty());
    accept_annex(&house.app, &member, draft.id).await.unwrap();
    let seen = view_listing(&house.app, &member, draft.id).await.unwrap();
    assert_eq!(seen.listing.content.annex, "机密：晶圆厂与良率");

    content.title = "650V 20A 碳化硅二极管".into();
    let stale =
        SaveListing { edits: Some((draft.id, 1)), side: Side::Offer, party: party.id, content: content.clone() };
    assert!(
        matches!(save_listing(&house.app, &viewer, stale).await, Err(AppError::Stale { current }) if current == published.version)
    );
    let edit = SaveListing { edits: Some((draft.id, published.version)), side: Side::Offer, party: party.id, content };
    let edited = save_listing(&house.app, &viewer, edit).await.unwrap();
    assert_eq!(edited.state, ListingState::Draft);
    let (_, kept) = versions(&house.app, &viewer, draft.id).await.unwrap();
    assert_eq!(kept.iter().map(|v| v.version).collect::<Vec<_>>(), [edited.version, 1]);
    let (old, new) = compare_versions(&house.app, &viewer, draft.id, 1, edited.version).await.unwrap();
    assert_ne!(old.content.title, new.content.title);
    assert!(matches!(versions(&house.app, &member, draft.id).await, Err(AppError::NotFound)));
    close(&house.app, &viewer, draft.id).await.unwrap();
    assert!(matches!(submit(&house.app, &viewer, draft.id).await, Err(AppError::Transition(_))));
}

#[tokio::test]
async fn what_is_wrong_with_a_listing_is_told_field_by_field() {
    let house = House::new().await;
    let owner = house.account("owner", None).await;
    let viewer = house.viewer(&owner).await;
    let input = PartyInput { name: "示例机构".into(), ..PartyInput::default() };
    let party = create_organization(&house.app, &viewer, input).await.unwrap();
    let viewer = house.viewer(&owner).await;
    let mut content = chip("");
    content.region = Some("999999".into());
    content.attributes.insert("no-such-property".into(), keqiao_domain::Value::Bool(true));
    content.attributes.insert("operating-temperature".into(), keqiao_domain::Value::Text("很热".into()));
    let save = SaveListing { edits: None, side: Side::Offer, party: party.id, content };
    let Err(AppError::Invalid(faults)) = save_listing(&house.app, &viewer, save).await else { panic!() };
    let mut fields: Vec<&str> = faults.iter().map(|f| f.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["attributes.no-such-property", "attributes.operating-temperature", "region", "title"]);
}

#[tokio::test]
async fn the_name_of_a_hidden_property_is_hidden_among_the_wishes_too() {
    let house = House::new().await;
    let owner = house.account("owner", None).await;
    let operator = house.account("op", Some(PlatformRole::Operator)).await;
    let viewer = house.viewer(&owner).await;
    let input = PartyInput { name: "示例机构".into(), ..PartyInput::default() };
    let party = create_organization(&house.app, &viewer, input).await.unwrap();
    let (viewer, operator) = (house.viewer(&owner).await, house.viewer(&operator).await);
    // A property that the kind has no field for is for members.
    let mut content = chip("寻求650V 碳化硅二极管");
    assert_eq!(house.app.catalog.tier_of("chip", "payback-period"), Tier::Member);
    content.attributes.insert("payback-period".into(), Value::Text("12 月".into()));
    let public = content.attributes.keys().find(|id| *id != "payback-period").unwrap().clone();
    content.wishes = vec!["payback-period".into(), public.clone()];
    let save = SaveListing { edits: None, side: Side::Need, party: party.id, content };
    let draft = save_listing(&house.app, &viewer, save).await.unwrap();
    let sent = submit(&house.app, &viewer, draft.id).await.unwrap();
    let good = ReviewInput { version: sent.version, scores: [4; 4], comment: String::new() };
    review(&house.app, &operator, draft.id, good).await.unwrap();
    let seen = view_listing(&house.app, &Viewer::visitor(), draft.id).await.unwrap().listing.content;
    assert_eq!(seen.wishes, [public]);
    assert!(!serde_json::to_string(&seen).unwrap().contains("payback"));
    let own = view_listing(&house.app, &viewer, draft.id).await.unwrap().listing.content;
    assert_eq!(own.wishes.len(), 2);
}
