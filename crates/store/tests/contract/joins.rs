//! What persons say of entities, and agreements.

use keqiao_domain::{
    Agreement, AgreementId, AgreementParty, Audience, ClaimStatus, Commitment, CommitmentId, CommitmentState,
    EntityClaim, FactId, JoinCandidate, JoinDecision, fold_key,
};
use keqiao_store::{StoreError, agreements, entity_claims, joins};

use crate::articles::{article, article_id, bring_in};
use crate::database::{Database, conflict};
use crate::graph::entity_id;
use crate::samples::{account_id, at, party_id, settle, uuid};
use crate::transact;

pub(crate) async fn a_decision_takes_the_place_of_the_one_before(db: Database) {
    let store = db.open().await;
    let decision = |kept, joined, same, seconds| JoinDecision {
        kept: entity_id(kept),
        joined: entity_id(joined),
        same,
        names: [format!("甲{kept}"), format!("乙{joined}")],
        by: account_id(1),
        at: at(seconds),
    };
    let decide = async |d: &JoinDecision| {
        let d = d.clone();
        transact!(store, conn => joins::decide(conn, &d).await?).unwrap();
    };
    decide(&decision(1, 2, true, 1)).await;
    decide(&decision(1, 2, false, 2)).await;
    decide(&decision(4, 3, true, 3)).await;
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(joins::decisions(conn).await.unwrap(), [decision(1, 2, false, 2), decision(4, 3, true, 3)]);
    // Also the other way round.
    decide(&decision(2, 1, true, 4)).await;
    assert_eq!(joins::decisions(conn).await.unwrap(), [decision(2, 1, true, 4), decision(4, 3, true, 3)]);
    assert_eq!(joins::decisions_of(conn, entity_id(3)).await.unwrap(), [decision(4, 3, true, 3)]);
    assert_eq!(joins::decisions_of(conn, entity_id(2)).await.unwrap(), [decision(2, 1, true, 4)]);
    assert_eq!(joins::decisions_of(conn, entity_id(9)).await.unwrap(), []);
    // The last one first, after a place as well; taken back whichever is named first, and once.
    decide(&decision(6, 5, true, 3)).await;
    assert_eq!(joins::count_decisions(conn).await.unwrap(), 3);
    let latest = joins::latest_decisions(conn, None, 9).await.unwrap();
    assert_eq!(latest, [decision(2, 1, true, 4), decision(6, 5, true, 3), decision(4, 3, true, 3)]);
    let place = Some((latest[1].at, latest[1].kept, latest[1].joined));
    assert_eq!(joins::latest_decisions(conn, place, 9).await.unwrap(), latest[2..]);
    assert_eq!(joins::latest_decisions(conn, None, 1).await.unwrap(), latest[..1]);
    let undecide = async |one, other| {
        transact!(store, conn => joins::undecide(conn, entity_id(one), entity_id(other)).await?).unwrap()
    };
    assert!(undecide(1, 2).await && undecide(4, 3).await && !undecide(4, 3).await);
    assert_eq!(joins::decisions(conn).await.unwrap(), [decision(6, 5, true, 3)]);
}

pub(crate) async fn questions_with_equal_scores_are_paged_without_loss(db: Database) {
    let store = db.open().await;
    let question = |n: u128, score| JoinCandidate {
        first: entity_id(n / 4),
        second: entity_id(50 + n),
        score,
        reason: "same-name".to_owned(),
    };
    let all: Vec<JoinCandidate> = (0..30).map(|n| question(n, [0.5, 0.1 + 0.2, 0.7][n as usize % 3])).collect();
    let (rows, again) = (all.clone(), JoinCandidate { score: 0.4, ..question(0, 0.0) });
    let higher = JoinCandidate { reason: "short-name".to_owned(), ..question(3, 0.9) };
    let raised = higher.clone();
    transact!(store, conn => {
        joins::add_candidates(conn, &rows).await?;
        joins::add_candidates(conn, &[again, raised]).await?;
    })
    .unwrap();
    let mut expected = all;
    expected[3] = higher;
    expected.sort_by(|a, b| b.score.total_cmp(&a.score).then((b.first, b.second).cmp(&(a.first, a.second))));
    let conn = &mut store.reader().await.unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = joins::candidates(conn, after, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.score, last.first, last.second));
        found.extend(page);
    }
    assert_eq!(found, expected);
    assert_eq!(joins::count_candidates(conn).await.unwrap(), 30);
    // Whichever is named first.
    let (one, other) = (found[0].second, found[0].first);
    transact!(store, conn => joins::remove_candidate(conn, one, other).await?).unwrap();
    assert_eq!(joins::candidates(conn, None, 1).await.unwrap(), [expected[1].clone()]);
}

pub(crate) async fn claims_wait_until_they_are_confirmed_or_dropped(db: Database) {
    let store = db.open().await;
    settle(&store, 2).await;
    let claim = |entity, party, status, seconds| EntityClaim {
        entity: entity_id(entity),
        party: party_id(party),
        status,
        by: account_id(1),
        at: at(seconds),
    };
    let put = async |c: &EntityClaim| {
        let c = c.clone();
        transact!(store, conn => entity_claims::put(conn, &c).await?)
    };
    let (late, early) = (claim(1, 1, ClaimStatus::Claimed, 5), claim(1, 2, ClaimStatus::Claimed, 3));
    put(&late).await.unwrap();
    put(&early).await.unwrap();
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(entity_claims::of_entity(conn, entity_id(1)).await.unwrap(), [early.clone(), late.clone()]);
    assert_eq!(entity_claims::waiting(conn, 9).await.unwrap(), [early.clone(), late.clone()]);
    let agreed = claim(1, 1, ClaimStatus::Confirmed, 9);
    put(&agreed).await.unwrap();
    assert_eq!(entity_claims::waiting(conn, 9).await.unwrap(), std::slice::from_ref(&early));
    assert_eq!(entity_claims::of_party(conn, party_id(1)).await.unwrap(), std::slice::from_ref(&agreed));
    assert_eq!(entity_claims::all(conn).await.unwrap(), [agreed, early]);
    let drop_it =
        async || transact!(store, conn => entity_claims::remove(conn, entity_id(1), party_id(2)).await?).unwrap();
    assert!(drop_it().await);
    assert!(!drop_it().await);
    assert_eq!(conflict(put(&claim(1, 7, ClaimStatus::Claimed, 1)).await), StoreError::REFERENCE);
}

fn agreement(n: u128) -> Agreement {
    Agreement {
        id: AgreementId(uuid(n)),
        title: format!("战略合作协议{n}"),
        signed_on: Some("2024-03-04".to_owned()),
        parties: vec![
            AgreementParty { name: "甲".to_owned(), entity: Some(entity_id(1)), party: Some(party_id(1)) },
            AgreementParty { name: "乙".to_owned(), entity: None, party: None },
        ],
        fact: Some((FactId(uuid(70 + n)), article_id(1))),
        note: "备注".to_owned(),
        audience: Audience::Public,
        version: 1,
        created_by: Some(account_id(1)),
        created_at: at(1),
        updated_at: at(2),
    }
}

pub(crate) async fn an_agreement_reads_back_and_is_opened_once_from_a_fact(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1), article(2)]).await;
    let bare = Agreement {
        signed_on: None,
        parties: Vec::new(),
        fact: None,
        audience: Audience::Member,
        created_by: None,
        ..agreement(2)
    };
    let (full, third) = (agreement(1), Agreement { audience: Audience::Operator, ..agreement(3) });
    let rows = [full.clone(), bare.clone(), third.clone()];
    transact!(store, conn => for a in &rows {
        agreements::insert(conn, a).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(agreements::find(conn, full.id).await.unwrap(), Some(full.clone()));
    assert_eq!(agreements::find(conn, bare.id).await.unwrap(), Some(bare.clone()));
    assert_eq!(agreements::of_fact(conn, FactId(uuid(71))).await.unwrap(), Some(full.clone()));
    let key = fold_key("战略合作协议２");
    assert_eq!(agreements::titled(conn, &[&key, "x"]).await.unwrap(), std::slice::from_ref(&bare));
    assert_eq!(agreements::opened_from(conn, &[article_id(1)]).await.unwrap(), [full.clone(), third.clone()]);
    assert_eq!(agreements::page_all(conn, Some(full.id), 9).await.unwrap(), [bare.clone(), third.clone()]);
    let members = ["public".to_owned(), "member".to_owned()];
    assert_eq!(agreements::page_visible(conn, Some(&members), None, 9).await.unwrap(), [bare.clone(), full.clone()]);
    assert_eq!(
        agreements::page_visible(conn, Some(&members), Some(bare.id), 9).await.unwrap(),
        std::slice::from_ref(&full)
    );
    assert_eq!(agreements::page_visible(conn, Some(&[]), None, 9).await.unwrap(), []);
    assert_eq!(agreements::page_visible(conn, None, None, 2).await.unwrap(), [third, bare]);
    let refuse = async |a: Agreement| conflict(transact!(store, conn => agreements::insert(conn, &a).await?));
    assert_eq!(refuse(Agreement { fact: None, ..agreement(1) }).await, "agreements.id");
    assert_eq!(refuse(Agreement { id: AgreementId(uuid(9)), ..agreement(1) }).await, "agreements.fact_id");
    let changed = Agreement { title: "新题".to_owned(), version: 2, ..full };
    let write = async |expected| {
        let a = changed.clone();
        transact!(store, conn => agreements::update(conn, &a, expected).await?).unwrap()
    };
    assert!(!write(5).await);
    assert!(write(1).await);
    assert_eq!(agreements::titled(conn, &[&fold_key("新题")]).await.unwrap(), std::slice::from_ref(&changed));
    let (id, link) = (
        changed.id,
        async |n, day: &'static str| transact!(store, conn => agreements::link_article(conn, AgreementId(uuid(1)), article_id(n), day).await?),
    );
    link(1, "2024-03-05").await.unwrap();
    link(2, "").await.unwrap();
    link(2, "2024-03-01").await.unwrap();
    assert_eq!(agreements::articles_of(conn, id).await.unwrap(), [article_id(2), article_id(1)]);
    assert_eq!(conflict(link(9, "").await), StoreError::REFERENCE);
}

pub(crate) async fn commitments_stand_with_their_agreement(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1)]).await;
    let commitment = |n: u128, agreement| Commitment {
        id: CommitmentId(uuid(n)),
        agreement: AgreementId(uuid(agreement)),
        who: "甲".to_owned(),
        what: "交付样品".to_owned(),
        due: n.is_multiple_of(2).then(|| "2024-12-31".to_owned()),
        state: CommitmentState::Open,
        note: String::new(),
        created_at: at(1),
        closed_at: None,
    };
    let all = [commitment(1, 2), commitment(2, 1), commitment(3, 1)];
    let rows = all.clone();
    transact!(store, conn => {
        agreements::insert(conn, &agreement(1)).await?;
        agreements::insert(conn, &Agreement { fact: None, ..agreement(2) }).await?;
        for c in &rows {
            agreements::insert_commitment(conn, c).await?;
        }
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    let both = [2, 1].map(|n| AgreementId(uuid(n)));
    let found = agreements::commitments_of(conn, &both).await.unwrap();
    assert_eq!(found, [all[1].clone(), all[2].clone(), all[0].clone()]);
    let close = async |n| {
        let (state, id) = (CommitmentState::Kept, CommitmentId(uuid(n)));
        transact!(store, conn => agreements::move_commitment(conn, id, state, "已交付", Some(at(9))).await?).unwrap()
    };
    assert!(close(2).await);
    assert!(!close(9).await);
    let kept = Commitment {
        state: CommitmentState::Kept,
        note: "已交付".to_owned(),
        closed_at: Some(at(9)),
        ..all[1].clone()
    };
    assert_eq!(agreements::find_commitment(conn, kept.id).await.unwrap(), Some(kept));
    let stray = commitment(4, 9);
    let refused = transact!(store, conn => agreements::insert_commitment(conn, &stray).await?);
    assert_eq!(conflict(refused), StoreError::REFERENCE);
}
