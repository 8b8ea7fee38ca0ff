//! Parties and memberships.

use keqiao_domain::{Membership, MembershipId, MembershipStatus, PartyKind, fold_key};
use keqiao_store::{memberships, parties};

use crate::database::{Database, conflict};
use crate::samples::{at, full_party, party, party_id, settle, uuid};
use crate::transact;

pub(crate) async fn a_party_reads_back_by_each_of_its_names(db: Database) {
    let store = db.open().await;
    let (full, bare) = (full_party(1), party(2));
    let (a, b) = (full.clone(), bare.clone());
    transact!(store, conn => {
        parties::insert(conn, &a).await?;
        parties::insert(conn, &b).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    let found = Some(full.clone());
    assert_eq!(parties::find(conn, full.id).await.unwrap(), found);
    assert_eq!(parties::find_by_uscc(conn, full.uscc.as_ref().unwrap()).await.unwrap(), found);
    assert_eq!(parties::find_by_orcid(conn, full.orcid.as_ref().unwrap()).await.unwrap(), found);
    assert_eq!(parties::find_by_external_id(conn, "erp-17").await.unwrap(), found);
    let key = fold_key("　示例机构１ ");
    let named = parties::find_by_name_key(conn, PartyKind::Organization, &key).await.unwrap();
    assert_eq!(named, [full]);
    assert!(parties::find_by_name_key(conn, PartyKind::Person, &key).await.unwrap().is_empty());
    assert_eq!(parties::find(conn, bare.id).await.unwrap(), Some(bare));
    assert_eq!(parties::find(conn, party_id(3)).await.unwrap(), None);
    assert_eq!(parties::count(conn).await.unwrap(), 2);
}

pub(crate) async fn an_update_wants_the_version_it_read(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let mut mine = full_party(1);
    mine.version = 2;
    let mut theirs = party(1);
    theirs.version = 2;
    let (a, b) = (mine.clone(), theirs);
    assert!(transact!(store, conn => parties::update(conn, &a, 1).await?).unwrap());
    assert!(!transact!(store, conn => parties::update(conn, &b, 1).await?).unwrap());
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(parties::find(conn, mine.id).await.unwrap(), Some(mine));
}

pub(crate) async fn what_must_be_unique_is_reported_by_its_key(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let with = full_party(2);
    transact!(store, conn => parties::insert(conn, &with).await?).unwrap();
    let full = full_party(3);
    let mut uscc = party(3);
    uscc.uscc = full.uscc.clone();
    let mut orcid = party(3);
    orcid.orcid = full.orcid.clone();
    let mut external = party(3);
    external.external_id = full.external_id.clone();
    let expected =
        [(party(1), "parties.id"), (uscc, "parties.uscc"), (orcid, "parties.orcid"), (external, "parties.external_id")];
    for (wrong, key) in expected {
        let refused = transact!(store, conn => parties::insert(conn, &wrong).await?);
        assert_eq!(conflict(refused), key);
    }
    let mut stolen = full;
    stolen.id = party_id(1);
    let refused = transact!(store, conn => parties::update(conn, &stolen, 1).await?);
    assert!(conflict(refused).starts_with("parties."));
}

pub(crate) async fn pages_of_parties_follow_the_id(db: Database) {
    let store = db.open().await;
    settle(&store, 7).await;
    let conn = &mut store.reader().await.unwrap();
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = parties::page_after(conn, after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen.extend(page.iter().map(|p| p.id));
    }
    assert_eq!(seen, (1..=7).map(party_id).collect::<Vec<_>>());
}

pub(crate) async fn many_are_found_in_the_order_asked_for(db: Database) {
    let store = db.open().await;
    settle(&store, 300).await;
    let conn = &mut store.reader().await.unwrap();
    assert!(parties::find_many(conn, &[]).await.unwrap().is_empty());
    let asked: Vec<_> = (1..=301).rev().map(party_id).collect();
    let found = parties::find_many(conn, &asked).await.unwrap();
    let found: Vec<_> = found.iter().map(|p| p.id).collect();
    assert_eq!(found, asked[1..]);
}

pub(crate) async fn memberships_round_trip(db: Database) {
    let store = db.open().await;
    settle(&store, 3).await;
    let membership = |n, member, organization| Membership {
        id: MembershipId(uuid(n)),
        member: party_id(member),
        organization: party_id(organization),
        title: "总工程师".to_owned(),
        from: Some("2023-08-08".to_owned()),
        to: None,
        status: MembershipStatus::Declared,
        created_at: at(1),
    };
    let (a, b) = (membership(1, 1, 2), membership(2, 1, 3));
    let (x, y) = (a.clone(), b.clone());
    transact!(store, conn => {
        memberships::insert(conn, &x).await?;
        memberships::insert(conn, &y).await?;
    })
    .unwrap();
    let id = a.id;
    let confirmed = MembershipStatus::Confirmed;
    assert!(transact!(store, conn => memberships::set_status(conn, id, confirmed).await?).unwrap());
    let a = Membership { status: confirmed, ..a };
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(memberships::find(conn, id).await.unwrap(), Some(a.clone()));
    assert_eq!(memberships::of_member(conn, a.member).await.unwrap(), [a.clone(), b.clone()]);
    assert_eq!(memberships::of_organization(conn, b.organization).await.unwrap(), std::slice::from_ref(&b));
    assert_eq!(memberships::page_after(conn, Some(id), 9).await.unwrap(), std::slice::from_ref(&b));
    assert_eq!(memberships::page_after(conn, None, 1).await.unwrap(), [a]);
    assert!(transact!(store, conn => memberships::remove(conn, id).await?).unwrap());
    assert!(!transact!(store, conn => memberships::remove(conn, id).await?).unwrap());
    assert_eq!(memberships::find(conn, id).await.unwrap(), None);
}
