//! Signing up, resetting a password, inviting.

use keqiao_app::AppError;
use keqiao_app::accounts::{
    SignUp, accept_invitation, invite_colleague, remove_colleague, request_reset, reset_password, session_viewer,
    sign_in, sign_up,
};
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_app::{Mailer, MailerSettings, jobs};
use keqiao_domain::{OrgRole, PlatformRole};

use crate::house::{House, PASSWORD};

fn form(email: &str) -> SignUp {
    SignUp { email: email.into(), name: "某人".into(), password: PASSWORD.into(), locale: "zh".into() }
}

/// The last link of a sort in the mail log.
fn link(house: &House, path: &str) -> String {
    let log = std::fs::read_to_string(house.folder.path().join("mail.log")).unwrap();
    let start = log.rfind(path).unwrap() + path.len();
    log[start..].split_whitespace().next().unwrap().to_owned()
}

async fn send_mail(house: &House) {
    let mailer = Mailer::new(&MailerSettings::LogFile(house.folder.path().join("mail.log"))).unwrap();
    jobs::deliver_mail(&house.app, &mailer, "test").await.unwrap();
}

#[tokio::test]
async fn the_first_account_is_the_admin_and_a_mail_address_is_taken_once() {
    let house = House::new().await;
    let first = sign_up(&house.app, form("A@Example.com"), None).await.unwrap();
    assert_eq!(first.platform_role, Some(PlatformRole::Admin));
    let taken = sign_up(&house.app, form("a@example.com"), None).await.unwrap_err();
    assert!(matches!(taken, AppError::Invalid(f) if f[0].field == "email" && f[0].code == "taken"));
    assert_eq!(sign_up(&house.app, form("b@example.com"), None).await.unwrap().platform_role, None);
    let poor = SignUp { email: "no".into(), name: " ".into(), password: "short".into(), locale: "zh".into() };
    let faults = sign_up(&house.app, poor, None).await.unwrap_err();
    assert!(matches!(faults, AppError::Invalid(f) if f.len() == 3));
}

#[tokio::test]
async fn a_reset_link_holds_once_and_ends_all_sessions() {
    let house = House::new().await;
    house.account("a", None).await;
    let (old, _) = sign_in(&house.app, "a@example.com", PASSWORD.into()).await.unwrap();
    request_reset(&house.app, "nobody@example.com").await.unwrap();
    request_reset(&house.app, "A@example.com").await.unwrap();
    send_mail(&house).await;
    let secret = link(&house, "/reset/");
    let short = reset_password(&house.app, &secret, "x".into()).await;
    assert!(matches!(short, Err(AppError::Invalid(_))));
    reset_password(&house.app, &secret, "another password".into()).await.unwrap();
    assert!(session_viewer(&house.app, &old).await.unwrap().is_none());
    let again = reset_password(&house.app, &secret, "third password".into()).await;
    assert!(matches!(again, Err(AppError::DeadLink)));
    let wrong = sign_in(&house.app, "a@example.com", PASSWORD.into()).await;
    assert!(matches!(wrong, Err(AppError::WrongPassword)));
    assert!(sign_in(&house.app, "a@example.com", "another password".into()).await.is_ok());
}

#[tokio::test]
async fn a_session_ends_after_a_month() {
    let house = House::new().await;
    house.account("a", None).await;
    let (secret, _) = sign_in(&house.app, "a@example.com", PASSWORD.into()).await.unwrap();
    house.clock.advance_seconds(29 * 86_400);
    assert!(session_viewer(&house.app, &secret).await.unwrap().is_some());
    house.clock.advance_seconds(2 * 86_400);
    assert!(session_viewer(&house.app, &secret).await.unwrap().is_none());
    jobs::tidy(&house.app).await.unwrap();
}

#[tokio::test]
async fn a_colleague_comes_by_invitation_and_the_last_owner_stays() {
    let house = House::new().await;
    let (owner, other) = (house.account("owner", None).await, house.account("other", None).await);
    let viewer = house.viewer(&owner).await;
    let input = PartyInput { name: "示例机构".into(), ..PartyInput::default() };
    let party = create_organization(&house.app, &viewer, input).await.unwrap();
    let viewer = house.viewer(&owner).await;
    let stranger = house.viewer(&other).await;
    let refused = invite_colleague(&house.app, &stranger, party.id, "x@example.com", OrgRole::Editor).await;
    assert!(matches!(refused, Err(AppError::NotAllowed)));
    invite_colleague(&house.app, &viewer, party.id, "other@example.com", OrgRole::Editor).await.unwrap();
    send_mail(&house).await;
    let secret = link(&house, "/invitation/");
    assert_eq!(accept_invitation(&house.app, &stranger, &secret).await.unwrap(), party.id);
    assert!(house.viewer(&other).await.may_edit_for(party.id));
    let twice = accept_invitation(&house.app, &stranger, &secret).await;
    assert!(matches!(twice, Err(AppError::DeadLink)));
    let last = remove_colleague(&house.app, &viewer, party.id, owner.id).await;
    assert!(matches!(last, Err(AppError::Invalid(f)) if f[0].code == "last-owner"));
    let colleague = house.viewer(&other).await;
    remove_colleague(&house.app, &colleague, party.id, other.id).await.unwrap();
    assert!(!house.viewer(&other).await.may_edit_for(party.id));
}
