//! Accounts, roles, sessions and secrets.

use keqiao_domain::{
    ApiToken, ApiTokenId, Invitation, InvitationId, OrgRole, Party, PlatformRole, RoleGrant, Scope, Session, fold_key,
};
use keqiao_store::{StoreError, accounts, api_tokens, invitations, parties, password_resets, sessions};

use crate::database::{Database, conflict};
use crate::samples::{account, account_id, at, full_party, party, party_id, settle, uuid};
use crate::transact;

pub(crate) async fn an_account_reads_back_and_is_found_by_its_key(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    let mut full = account(1);
    full.platform_role = Some(PlatformRole::Operator);
    full.person = Some(party_id(1));
    full.daily_mail = false;
    full.disabled_at = Some(at(2));
    full.demo = true;
    full.version = 2;
    let a = full.clone();
    assert!(transact!(store, conn => accounts::update(conn, &a, 1).await?).unwrap());
    let a = full.clone();
    assert!(!transact!(store, conn => accounts::update(conn, &a, 1).await?).unwrap());
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(accounts::find(conn, full.id).await.unwrap(), Some(full.clone()));
    let key = fold_key(" USER1@example.ORG");
    assert_eq!(accounts::find_by_email_key(conn, &key).await.unwrap(), Some(full.clone()));
    assert_eq!(accounts::find_by_email_key(conn, "nobody").await.unwrap(), None);
    assert_eq!(accounts::count(conn).await.unwrap(), 2);
    assert_eq!(accounts::page(conn, None, 1).await.unwrap(), [full]);
    assert_eq!(accounts::page(conn, Some(account_id(1)), 5).await.unwrap(), [account(2)]);
    let both = accounts::page(conn, None, 5).await.unwrap();
    for one in &both {
        let found = accounts::page_with(conn, &one.email.to_uppercase(), None, 5).await.unwrap();
        assert_eq!(found, std::slice::from_ref(one));
        assert_eq!(accounts::page_with(conn, &one.email, Some(one.id), 5).await.unwrap(), []);
        assert!(accounts::page_with(conn, &one.name, None, 5).await.unwrap().contains(one));
    }
    assert_eq!(accounts::page_with(conn, "%", None, 5).await.unwrap(), []);

    let mut same_mail = account(3);
    same_mail.email = "user2@EXAMPLE.org".to_owned();
    let refused = transact!(store, conn => accounts::insert(conn, &same_mail).await?);
    assert_eq!(conflict(refused), "accounts.email_key");
    let mut same_person = account(3);
    same_person.person = Some(party_id(1));
    let refused = transact!(store, conn => accounts::insert(conn, &same_person).await?);
    assert_eq!(conflict(refused), "accounts.person_id");
}

pub(crate) async fn roles_are_granted_changed_and_revoked(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    let grant = |role, at| RoleGrant { account: account_id(1), organization: party_id(2), role, at };
    transact!(store, conn => {
        accounts::grant_role(conn, &grant(OrgRole::Viewer, at(1))).await?;
        accounts::grant_role(conn, &grant(OrgRole::Owner, at(2))).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    let owner = grant(OrgRole::Owner, at(2));
    assert_eq!(accounts::roles_of(conn, account_id(1)).await.unwrap(), [owner]);
    let of = accounts::accounts_of(conn, party_id(2)).await.unwrap();
    assert_eq!(of, [(account(1), OrgRole::Owner)]);
    let organizations = parties::organizations_of_account(conn, account_id(1)).await.unwrap();
    assert_eq!(organizations, [(party(2), OrgRole::Owner)]);
    // It waits for verification once it has a code.
    assert!(parties::unverified(conn, None, 9).await.unwrap().is_empty());
    let coded = Party { uscc: full_party(2).uscc, version: 2, ..party(2) };
    let p = coded.clone();
    transact!(store, conn => parties::update(conn, &p, 1).await?).unwrap();
    assert_eq!(parties::unverified(conn, Some(coded.id), 9).await.unwrap(), []);
    assert_eq!(parties::unverified(conn, None, 9).await.unwrap(), [coded]);
    // As a person and by a role: of either of two parties as of each by itself.
    let person = keqiao_domain::Account { person: Some(party_id(1)), ..account(1) };
    transact!(store, conn => accounts::update(conn, &person, 1).await?).unwrap();
    let either = accounts::acting_for_either(conn, [party_id(1), party_id(2)]).await.unwrap();
    for party in [party_id(1), party_id(2)] {
        let alone = accounts::acting_for(conn, party).await.unwrap();
        assert!(alone.contains(&account_id(1)));
        assert_eq!(either.iter().filter(|(of, _)| *of == party).map(|(_, who)| *who).collect::<Vec<_>>(), alone);
    }
    let revoke = || write_revoke(&store);
    assert!(revoke().await.unwrap());
    assert!(!revoke().await.unwrap());
    assert!(accounts::roles_of(conn, account_id(1)).await.unwrap().is_empty());
    let stray = RoleGrant { account: account_id(7), ..owner };
    let refused = transact!(store, conn => accounts::grant_role(conn, &stray).await?);
    assert_eq!(conflict(refused), StoreError::REFERENCE);
}

async fn write_revoke(store: &keqiao_store::Store) -> Result<bool, StoreError> {
    transact!(store, conn => accounts::revoke_role(conn, account_id(1), party_id(2)).await?)
}

pub(crate) async fn sessions_round_trip_and_end(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    let session = |hash: &str, n, ends| Session {
        id_hash: hash.to_owned(),
        account: account_id(n),
        csrf: "c".to_owned(),
        created_at: at(0),
        expires_at: at(ends),
    };
    let all = [session("a", 1, 10), session("b", 1, 20), session("c", 2, 30), session("d", 2, 5)];
    let again = all.clone();
    transact!(store, conn => for s in &all {
        sessions::insert(conn, s).await?;
    })
    .unwrap();
    let twice = again[0].clone();
    let refused = transact!(store, conn => sessions::insert(conn, &twice).await?);
    assert_eq!(conflict(refused), "sessions.id_hash");
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(sessions::find(conn, "b").await.unwrap(), Some(again[1].clone()));
    let expired = transact!(store, conn => sessions::delete_expired(conn, at(10), 1).await?);
    assert_eq!(expired.unwrap(), 1);
    assert_eq!(sessions::find(conn, "d").await.unwrap(), None, "the longest ended goes first");
    assert!(transact!(store, conn => sessions::delete(conn, "c").await?).unwrap());
    assert!(!transact!(store, conn => sessions::delete(conn, "c").await?).unwrap());
    let ended = transact!(store, conn => sessions::delete_all_of(conn, account_id(1)).await?);
    assert_eq!(ended.unwrap(), 2);
}

pub(crate) async fn a_password_reset_is_good_for_one_use(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    transact!(store, conn => {
        for hash in ["good", "late", "other"] {
            password_resets::insert(conn, hash, account_id(1), at(10)).await?;
        }
    })
    .unwrap();
    let take = async |hash: &'static str, now| {
        transact!(store, conn => password_resets::take(conn, hash, at(now)).await?).unwrap()
    };
    assert_eq!(take("good", 9).await, Some(account_id(1)));
    assert_eq!(take("good", 9).await, None);
    assert_eq!(take("late", 10).await, None);
    assert_eq!(take("late", 9).await, None, "a link that was tried late is gone");
    let rest = transact!(store, conn => password_resets::delete_all_of(conn, account_id(1)).await?);
    assert_eq!(rest.unwrap(), 1);
}

pub(crate) async fn tokens_are_revoked_once(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let token = ApiToken {
        id: ApiTokenId(uuid(1)),
        account: account_id(1),
        name: "ERP".to_owned(),
        hash: "h".to_owned(),
        scopes: vec![Scope::Read, Scope::Write],
        created_at: at(0),
        used_at: None,
        revoked_at: None,
    };
    let t = token.clone();
    transact!(store, conn => api_tokens::insert(conn, &t).await?).unwrap();
    let t = ApiToken { id: ApiTokenId(uuid(2)), ..token.clone() };
    let refused = transact!(store, conn => api_tokens::insert(conn, &t).await?);
    assert_eq!(conflict(refused), "api_tokens.hash");
    let id = token.id;
    assert!(transact!(store, conn => api_tokens::touch(conn, id, at(1)).await?).unwrap());
    assert!(transact!(store, conn => api_tokens::revoke(conn, id, at(2)).await?).unwrap());
    assert!(!transact!(store, conn => api_tokens::revoke(conn, id, at(3)).await?).unwrap());
    let token = ApiToken { used_at: Some(at(1)), revoked_at: Some(at(2)), ..token };
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(api_tokens::find_by_hash(conn, "h").await.unwrap(), Some(token.clone()));
    assert_eq!(api_tokens::of_account(conn, account_id(1)).await.unwrap(), [token]);
}

pub(crate) async fn an_invitation_is_taken_up_once(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let invitation = Invitation {
        id: InvitationId(uuid(1)),
        hash: "h".to_owned(),
        organization: party_id(1),
        email: "new@example.org".to_owned(),
        role: OrgRole::Editor,
        invited_by: account_id(1),
        created_at: at(0),
        expires_at: at(9),
        accepted_at: None,
    };
    let i = invitation.clone();
    transact!(store, conn => invitations::insert(conn, &i).await?).unwrap();
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(invitations::find_by_hash(conn, "h").await.unwrap(), Some(invitation.clone()));
    let id = invitation.id;
    assert!(transact!(store, conn => invitations::accept(conn, id, at(3)).await?).unwrap());
    assert!(!transact!(store, conn => invitations::accept(conn, id, at(4)).await?).unwrap());
    let taken = Invitation { accepted_at: Some(at(3)), ..invitation };
    assert_eq!(invitations::of_organization(conn, party_id(1)).await.unwrap(), [taken]);
    assert!(transact!(store, conn => invitations::remove(conn, id).await?).unwrap());
    assert_eq!(invitations::find_by_hash(conn, "h").await.unwrap(), None);
}
