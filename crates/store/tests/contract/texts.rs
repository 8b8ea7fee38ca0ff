//! Texts and numbers of every sort.

use keqiao_domain::Value;
use keqiao_store::{StoreError, listings, parties};

use crate::database::Database;
use crate::samples::{listing, listing_id, party, party_id, publish, settle};
use crate::transact;

const AWKWARD: [&str; 20] = [
    "",
    " ",
    "null",
    "'; DROP TABLE parties; --",
    "$1 ? :name @x %s {0} \\",
    "\"quoted\" and 'quoted'",
    "\t\r\n\u{b}\u{1}\u{7f}",
    "\u{feff}BOM first",
    "\u{202e}right to left\u{202c}",
    "e\u{301} is not \u{e9}",
    "ＡＢＣ（全角）　空格",
    "學(xué)習(xí)",
    "𠮷野家 𪚥",
    "👩\u{200d}🔬👨🏽\u{200d}🚀",
    "Z\u{335}\u{321}\u{34c}a\u{358}\u{331}lgo",
    "\u{fffd}\u{fffe}\u{10ffff}",
    "<script>alert(1)</script>&amp;",
    "=cmd|'/c calc'!A0",
    "９１３５０１００Ｍ０００１００Ｙ４３",
    "-0 1e999 0x1F 1,000.00 ½ ٣",
];

pub(crate) async fn awkward_texts_come_back_unchanged(db: Database) {
    let store = db.open().await;
    for (n, text) in (1..).zip(AWKWARD) {
        let mut p = party(n);
        text.clone_into(&mut p.name);
        p.aliases = vec![text.to_owned()];
        text.clone_into(&mut p.summary);
        p.external_id = Some(text.to_owned());
        text.clone_into(&mut p.contact.name);
        let mut l = listing(n, p.id);
        text.clone_into(&mut l.content.title);
        text.clone_into(&mut l.content.kind);
        l.external_id = Some(text.to_owned());
        l.content.attributes = [(text.to_owned(), Value::Text(text.to_owned()))].into();
        let (a, b) = (p.clone(), l.clone());
        transact!(store, conn => {
            parties::insert(conn, &a).await?;
            listings::insert(conn, &b).await?;
        })
        .unwrap();
        let conn = &mut store.reader().await.unwrap();
        assert_eq!(parties::find_by_external_id(conn, text).await.unwrap(), Some(p.clone()));
        let found = listings::find_by_external_id(conn, p.id, text).await.unwrap();
        assert_eq!(found, Some(l), "{text:?}");
    }
    let long = "字".repeat(1_000_000);
    let mut p = party(99);
    p.summary.clone_from(&long);
    transact!(store, conn => parties::insert(conn, &p).await?).unwrap();
    let conn = &mut store.reader().await.unwrap();
    let read = parties::find(conn, party_id(99)).await.unwrap().unwrap();
    assert!(read.summary == long);
}

pub(crate) async fn a_nul_is_refused_in_columns_and_kept_in_json(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    let mut p = party(2);
    p.name = "a\0b".to_owned();
    let refused = transact!(store, conn => parties::insert(conn, &p).await?);
    assert!(matches!(refused, Err(StoreError::Refused(m)) if m.contains("U+0000")));
    let mut l = listing(1, party_id(1));
    l.content.title = "a\0b".to_owned();
    publish(&store, std::slice::from_ref(&l)).await;
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(listings::find(conn, l.id).await.unwrap(), Some(l));
    assert_eq!(parties::count(conn).await.unwrap(), 1);
    let asked = parties::find_by_external_id(conn, "a\0b").await;
    assert!(matches!(asked, Err(StoreError::Refused(_))));
    assert_eq!(parties::count(conn).await.unwrap(), 1, "a reader can be asked again");
}

pub(crate) async fn a_number_that_is_not_finite_is_refused(db: Database) {
    let store = db.open().await;
    settle(&store, 1).await;
    for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut l = listing(1, party_id(1));
        l.content.attributes = [("purity".to_owned(), Value::Number(x))].into();
        let refused = transact!(store, conn => listings::insert(conn, &l).await?);
        assert!(matches!(refused, Err(StoreError::Refused(m)) if m.contains("purity")));
    }
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(listings::find(conn, listing_id(1)).await.unwrap(), None);
}
