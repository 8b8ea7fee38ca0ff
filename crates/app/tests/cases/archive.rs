//! Everything out and everything in again.

use std::io::Cursor;

use bytes::Bytes;
use futures::stream;
use keqiao_app::listings::{AttachmentFile, SaveListing, add_attachment, save_listing};
use keqiao_app::parties::{PartyInput, create_organization, create_own_person};
use keqiao_app::transfer::{ArchiveError, export_archive, import_archive};
use keqiao_domain::{PlatformRole, Side, Tier};

use crate::house::{House, chip};

async fn exported(house: &House) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    export_archive(&house.app, &mut file, &|_| ()).await.unwrap();
    file.into_inner()
}

#[tokio::test]
async fn an_archive_in_an_empty_store_gives_the_same_archive() {
    let house = House::new().await;
    let owner = house.account("owner", Some(PlatformRole::Broker)).await;
    let viewer = house.viewer(&owner).await;
    let input = PartyInput { name: "示例机构".into(), region: "320200".into(), ..PartyInput::default() };
    let party = create_organization(&house.app, &viewer, input).await.unwrap();
    let person = PartyInput { name: "某人".into(), orcid: "0000-0002-1825-0097".into(), ..PartyInput::default() };
    create_own_person(&house.app, &house.viewer(&owner).await, person).await.unwrap();
    let viewer = house.viewer(&owner).await;
    for title in ["碳化硅二极管", "氮化镓晶体管 \u{1f9ea} 𠀀 \u{202e}反"] {
        let save = SaveListing { edits: None, side: Side::Offer, party: party.id, content: chip(title) };
        let listing = save_listing(&house.app, &viewer, save).await.unwrap();
        let stream = stream::iter([Ok::<_, ()>(Bytes::from_static(b"%PDF-1.7 \x00\xff"))]);
        let file = AttachmentFile { name: "报告.pdf".into(), tier: Tier::Member, stream };
        add_attachment(&house.app, &viewer, listing.id, file).await.unwrap();
    }
    let first = exported(&house).await;
    assert_eq!(first, exported(&house).await);
    let other = House::new().await;
    let count = import_archive(&other.app, Cursor::new(&first)).await.unwrap();
    assert_eq!(count, 2 + 1 + 1 + 2 + 2 + 2);
    assert_eq!(exported(&other).await, first);
    other.settle().await;
    assert_eq!(other.app.index.num_docs(), 4);
    let refused = import_archive(&other.app, Cursor::new(&first)).await;
    assert!(matches!(refused, Err(ArchiveError::NotEmpty)));
}

#[tokio::test]
async fn a_damaged_archive_leaves_the_store_empty() {
    let house = House::new().await;
    house.account("a", None).await;
    let mut bytes = exported(&house).await;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    let other = House::new().await;
    assert!(import_archive(&other.app, Cursor::new(&bytes)).await.is_err());
    assert!(import_archive(&other.app, Cursor::new(&bytes[..middle])).await.is_err());
    assert!(import_archive(&other.app, Cursor::new(exported(&house).await)).await.is_ok());
}
