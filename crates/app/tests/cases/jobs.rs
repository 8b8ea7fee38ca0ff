//! Expiry and the daily mail.

use keqiao_app::accounts::{ProfileInput, update_profile};
use keqiao_app::listings::{ReviewInput, SaveListing, renew, review, save_listing, submit};
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_app::{Mailer, MailerSettings, jobs, notices};
use keqiao_domain::{Listing, ListingState, PlatformRole, Side, Viewer};
use keqiao_store::{StoreError, leases};

use crate::house::{House, chip};

async fn published(house: &House, owner: &Viewer, operator: &Viewer) -> Listing {
    let input = PartyInput { name: "示例机构".into(), ..PartyInput::default() };
    let party = create_organization(&house.app, owner, input).await.unwrap();
    let roles = vec![(party.id, keqiao_domain::OrgRole::Owner)];
    let owner = Viewer { roles, ..owner.clone() };
    let save = SaveListing { edits: None, side: Side::Offer, party: party.id, content: chip("碳化硅二极管") };
    let draft = save_listing(&house.app, &owner, save).await.unwrap();
    let sent = submit(&house.app, &owner, draft.id).await.unwrap();
    let good = ReviewInput { version: sent.version, scores: [4; 4], comment: String::new() };
    review(&house.app, operator, draft.id, good).await.unwrap().0
}

#[tokio::test]
async fn a_listing_expires_once_and_is_renewed_by_one_step() {
    let house = House::new().await;
    let owner = house.account("owner", None).await;
    let operator = house.account("op", Some(PlatformRole::Operator)).await;
    let (viewer, operator) = (house.viewer(&owner).await, house.viewer(&operator).await);
    let listing = published(&house, &viewer, &operator).await;
    let viewer = house.viewer(&owner).await;
    house.clock.advance_seconds(Listing::LIFE_DAYS * 86_400 - 1);
    assert_eq!(jobs::expire_due(&house.app).await.unwrap(), 0);
    house.clock.advance_seconds(2);
    assert_eq!(jobs::expire_due(&house.app).await.unwrap(), 1);
    assert_eq!(jobs::expire_due(&house.app).await.unwrap(), 0);
    let told = notices::my_notices(&house.app, &viewer, None, 50).await.unwrap();
    assert_eq!(told.iter().filter(|n| matches!(n.body, keqiao_domain::NoticeBody::Expired { .. })).count(), 1);
    let renewed = renew(&house.app, &viewer, listing.id).await.unwrap();
    assert_eq!(renewed.state, ListingState::Published);
    assert!(renewed.expires_at.unwrap() > house.app.now().plus_days(Listing::LIFE_DAYS - 1));
}

const DAY: i64 = 86_400;

#[tokio::test]
async fn the_digest_goes_to_who_wants_it_and_only_once() {
    let house = House::new().await;
    let owner = house.account("owner", None).await;
    let operator = house.account("op", Some(PlatformRole::Operator)).await;
    let (viewer, operator) = (house.viewer(&owner).await, house.viewer(&operator).await);
    assert_eq!(jobs::daily_digest(&house.app, "one").await.unwrap(), 0);
    published(&house, &viewer, &operator).await;
    house.clock.advance_seconds(DAY);
    assert_eq!(jobs::daily_digest(&house.app, "one").await.unwrap(), 0);
    let wants = ProfileInput { name: "owner".into(), locale: "zh".into(), daily_mail: true };
    update_profile(&house.app, &viewer, wants).await.unwrap();
    house.clock.advance_seconds(DAY);
    assert_eq!(jobs::daily_digest(&house.app, "one").await.unwrap(), 1);
    assert_eq!(jobs::daily_digest(&house.app, "one").await.unwrap(), 0);
    let path = house.folder.path().join("mail.log");
    let mailer = Mailer::new(&MailerSettings::LogFile(path.clone())).unwrap();
    assert_eq!(jobs::deliver_mail(&house.app, &mailer, "one").await.unwrap(), 1);
    assert_eq!(jobs::deliver_mail(&house.app, &mailer, "two").await.unwrap(), 0);
    let log = std::fs::read_to_string(path).unwrap();
    assert!(log.contains("To: owner@example.com") && log.contains("审核结果：1"), "{log}");
}

/// The time of the last digest stands in the store, so neither a restart nor a second node shifts it.
#[tokio::test]
async fn the_digest_comes_once_a_day_whichever_node_asks() {
    let house = House::new().await;
    let owner = house.account("owner", None).await;
    let operator = house.account("op", Some(PlatformRole::Operator)).await;
    let (viewer, operator) = (house.viewer(&owner).await, house.viewer(&operator).await);
    let wants = ProfileInput { name: "owner".into(), locale: "zh".into(), daily_mail: true };
    update_profile(&house.app, &viewer, wants).await.unwrap();
    let listing = published(&house, &viewer, &operator).await;
    let mut mails = Vec::new();
    // A server that is started twice a day, under another name each time.
    for start in 0..7 {
        mails.push(jobs::daily_digest(&house.app, &format!("node-{start}")).await.unwrap());
        house.clock.advance_seconds(DAY / 2);
        if start == 3 {
            house.clock.advance_seconds(Listing::LIFE_DAYS * DAY);
            assert_eq!(jobs::expire_due(&house.app).await.unwrap(), 1, "{listing:?}");
            house.clock.advance_seconds(1);
        }
    }
    assert_eq!(mails, [0, 0, 1, 0, 1, 0, 0]);
}

#[tokio::test]
async fn a_digest_that_was_cut_off_is_ended_by_another_node() {
    let house = House::new().await;
    let owner = house.account("owner", None).await;
    let operator = house.account("op", Some(PlatformRole::Operator)).await;
    let (viewer, operator) = (house.viewer(&owner).await, house.viewer(&operator).await);
    let wants = ProfileInput { name: "owner".into(), locale: "zh".into(), daily_mail: true };
    update_profile(&house.app, &viewer, wants).await.unwrap();
    jobs::daily_digest(&house.app, "one").await.unwrap();
    published(&house, &viewer, &operator).await;
    house.clock.advance_seconds(DAY);
    // The first node took the work and was killed.
    let now = house.app.now();
    let until = now.plus_seconds(120);
    let taken = house.app.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move { leases::acquire(tx, "daily-digest", "one", now, until).await })
    });
    assert!(taken.await.unwrap());
    assert_eq!(jobs::daily_digest(&house.app, "two").await.unwrap(), 0);
    house.clock.advance_seconds(121);
    assert_eq!(jobs::daily_digest(&house.app, "two").await.unwrap(), 1);
    assert_eq!(jobs::daily_digest(&house.app, "one").await.unwrap(), 0);
}

#[tokio::test]
async fn a_mail_that_fails_stays_and_is_tried_again_later() {
    let house = House::new().await;
    house.account("a", None).await;
    keqiao_app::accounts::request_reset(&house.app, "a@example.com").await.unwrap();
    let nowhere = house.folder.path().join("no-such-folder/mail.log");
    let broken = Mailer::new(&MailerSettings::LogFile(nowhere)).unwrap();
    assert_eq!(jobs::deliver_mail(&house.app, &broken, "one").await.unwrap(), 0);
    let works = Mailer::new(&MailerSettings::LogFile(house.folder.path().join("mail.log"))).unwrap();
    assert_eq!(jobs::deliver_mail(&house.app, &works, "one").await.unwrap(), 0);
    house.clock.advance_seconds(3_600);
    assert_eq!(jobs::deliver_mail(&house.app, &works, "one").await.unwrap(), 1);
}
