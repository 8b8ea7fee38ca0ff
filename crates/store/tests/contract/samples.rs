//! Records to write and read back.

use keqiao_domain::{
    Account, AccountId, Contact, Interval, Listing, ListingContent, ListingId, ListingState, Party, PartyId, PartyKind,
    Side, Tier, Timestamp, Value,
};
use keqiao_store::{Conn, Store, accounts, listings, parties};
use uuid::Uuid;

use crate::transact;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
}

/// An id whose order is the order of the numbers.
pub(crate) fn uuid(n: u128) -> Uuid {
    Uuid::from_u128((0x0190_0000_0000_7000_8000_u128 << 48) | n)
}

pub(crate) fn party_id(n: u128) -> PartyId {
    PartyId(uuid(n))
}

pub(crate) fn account_id(n: u128) -> AccountId {
    AccountId(uuid(n))
}

pub(crate) fn listing_id(n: u128) -> ListingId {
    ListingId(uuid(n))
}

/// An organization with nothing but a name.
pub(crate) fn party(n: u128) -> Party {
    Party { name: format!("示例机构{n}"), ..Party::blank(party_id(n), PartyKind::Organization, at(0)) }
}

/// An organization of which every field is set.
pub(crate) fn full_party(n: u128) -> Party {
    Party {
        aliases: vec!["示例".to_owned(), "Example, Ltd".to_owned()],
        uscc: Some("91350100M000100Y43".parse().unwrap()),
        orcid: Some("0000-0002-1825-0097".parse().unwrap()),
        external_id: Some("erp-17".to_owned()),
        region: Some("320200".to_owned()),
        industry: Some("C3973".to_owned()),
        summary: "做碳化硅器件。".to_owned(),
        website: "https://example.org/".to_owned(),
        keywords: vec!["SiC".to_owned()],
        contact: Contact {
            name: "王工".to_owned(),
            phone: "0510-0000000".to_owned(),
            email: "w@example.org".to_owned(),
            address: "无锡".to_owned(),
        },
        verified_at: Some(at(5)),
        demo: true,
        created_by: Some(account_id(9)),
        version: 3,
        updated_at: at(7),
        ..party(n)
    }
}

pub(crate) fn account(n: u128) -> Account {
    Account {
        id: account_id(n),
        email: format!("User{n}@Example.org"),
        name: format!("用户{n}"),
        password_hash: "$argon2id$v=19$m=1,t=1,p=1$c2FsdHNhbHQ$aGFzaA".to_owned(),
        locale: "zh".to_owned(),
        platform_role: None,
        person: None,
        daily_mail: true,
        disabled_at: None,
        demo: false,
        version: 1,
        created_at: at(0),
    }
}

/// A draft of a party.
pub(crate) fn listing(n: u128, party: PartyId) -> Listing {
    Listing {
        id: listing_id(n),
        side: Side::Offer,
        party,
        author: None,
        content: ListingContent {
            kind: "chip".to_owned(), title: format!("示例芯片{n}"), ..ListingContent::default()
        },
        state: ListingState::Draft,
        version: 1,
        external_id: None,
        demo: false,
        expires_at: None,
        published_at: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// A listing of which every field is set.
pub(crate) fn full_listing(n: u128, party: PartyId) -> Listing {
    let range = Interval { min: Some(-40.0), max: Some(125.5), unit: "℃".to_owned() };
    Listing {
        side: Side::Need,
        author: Some(account_id(1)),
        content: ListingContent {
            summary: "车规级".to_owned(),
            body: "工作温度 -40~125 ℃".to_owned(),
            details_tier: Tier::Member,
            annex: "内部图纸".to_owned(),
            keywords: vec!["SiC".to_owned()],
            attributes: [
                ("operating-temperature".to_owned(), Value::Interval(range)),
                ("channels".to_owned(), Value::Number(0.1 + 0.2)),
                ("standard".to_owned(), Value::List(vec!["AEC-Q100 Grade 1".to_owned()])),
                ("sample".to_owned(), Value::Bool(true)),
                ("package".to_owned(), Value::Text("TO-247".to_owned())),
            ]
            .into(),
            wishes: vec!["package".to_owned()],
            region: Some("320200".to_owned()),
            industry: Some("C3973".to_owned()),
            chain: vec!["chain-ic/design".to_owned()],
            ..listing(n, party).content
        },
        state: ListingState::Published,
        version: 4,
        external_id: Some("A-7".to_owned()),
        demo: true,
        expires_at: Some(at(100)),
        published_at: Some(at(3)),
        updated_at: at(4),
        ..listing(n, party)
    }
}

/// Writes parties and accounts numbered 1 to `n`.
pub(crate) async fn settle(store: &Store, n: u128) {
    transact!(store, conn => {
        for i in 1..=n {
            parties::insert(conn, &party(i)).await?;
            accounts::insert(conn, &account(i)).await?;
        }
    })
    .unwrap();
}

/// Writes listings.
pub(crate) async fn publish(store: &Store, all: &[Listing]) {
    let all = all.to_vec();
    transact!(store, conn => insert_all(conn, &all).await?).unwrap();
}

async fn insert_all(conn: &mut Conn, all: &[Listing]) -> Result<(), keqiao_store::StoreError> {
    for l in all {
        listings::insert(conn, l).await?;
    }
    Ok(())
}
