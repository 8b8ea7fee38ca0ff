//! Everything out and everything in again.

use std::io::{Cursor, Read, Write};

use bytes::Bytes;
use futures::stream;
use keqiao_app::agreements::{CommitmentInput, add_commitment, open_agreement, view_agreement};
use keqiao_app::articles::{IncomingFile, IngestOptions, ingest_files};
use keqiao_app::graph::{
    CorrectionInput, EntityFilter, FactFilter, FactOrder, claim_entity, correct_fact, decide_join, list_entities,
    list_facts,
};
use keqiao_app::listings::{AttachmentFile, SaveListing, add_attachment, save_listing};
use keqiao_app::parties::{PartyInput, create_organization, create_own_person};
use keqiao_app::transfer::{ArchiveError, export_archive, import_archive};
use keqiao_domain::{Audience, FactKind, Judgement, PlatformRole, Side, Tier, Viewer};
use zip::{ZipArchive, ZipWriter};

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
    let name = b"accounts.jsonl";
    let middle = bytes.windows(name.len()).position(|w| w == name).unwrap() + name.len() + 9;
    bytes[middle] ^= 0xff;
    let other = House::new().await;
    assert!(import_archive(&other.app, Cursor::new(&bytes)).await.is_err());
    assert!(import_archive(&other.app, Cursor::new(&bytes[..middle])).await.is_err());
    assert!(import_archive(&other.app, Cursor::new(exported(&house).await)).await.is_ok());
}

const NEWS: &str = "星河材料研究院与澄江电子有限公司签约\n\n2024-03-05 10:00 来源：澄江日报\n\n\
    3月4日，星河材料研究院院长陆远舟与澄江电子有限公司总经理方知行签署碳化硅衬底联合研发协议。\n";

/// The graph as somebody reads it.
async fn graph_of(house: &House, viewer: &Viewer) -> String {
    let facts = list_facts(&house.app, viewer, &FactFilter::default(), FactOrder::Earliest(None)).await.unwrap();
    let entities = list_entities(&house.app, viewer, &EntityFilter::default(), None).await.unwrap();
    format!("{:?}\n{:?}", facts.rows, entities.rows)
}

#[tokio::test]
async fn articles_come_along_with_all_that_was_said_of_them() {
    let house = House::new().await;
    let operator = house.account("operator", Some(PlatformRole::Operator)).await;
    let viewer = house.viewer(&operator).await;
    let input = PartyInput { name: "示例机构".into(), region: "320200".into(), ..PartyInput::default() };
    let party = create_organization(&house.app, &viewer, input).await.unwrap();
    let viewer = house.viewer(&operator).await;
    let file = IncomingFile { name: "澄江日报.txt".into(), bytes: NEWS.as_bytes().to_vec(), declared: None };
    let other = IncomingFile { name: "空.txt".into(), bytes: "没有报道\u{202e}".into(), declared: None };
    let options = IngestOptions { readers: Audience::Member, text_readers: Audience::Operator, demo: true };
    ingest_files(&house.app, &viewer, vec![file, other], options).await.unwrap();
    house.settle().await;
    let signed = FactFilter { kinds: vec![FactKind::Signed], ..FactFilter::default() };
    let facts = list_facts(&house.app, &viewer, &signed, FactOrder::Latest(None)).await.unwrap().rows;
    let fact = &facts[0];
    let ends: Vec<_> = fact.args.iter().filter(|a| a.role == "parties").filter_map(|a| a.entity).collect();
    let agreement = open_agreement(&house.app, &viewer, fact.id).await.unwrap();
    let promise = CommitmentInput { who: "甲".into(), what: "交付样品".into(), due: "2026-06-30".into() };
    add_commitment(&house.app, &viewer, agreement.id, promise).await.unwrap();
    let judgement = CorrectionInput { judgement: Judgement::Confirmed, args: Vec::new(), day: String::new() };
    correct_fact(&house.app, &viewer, fact.id, judgement).await.unwrap();
    claim_entity(&house.app, &viewer, ends[0], party.id).await.unwrap();
    decide_join(&house.app, &viewer, ends[0], ends[1], true).await.unwrap();
    house.settle().await;
    let graph = graph_of(&house, &viewer).await;
    assert!(graph.contains("Confirmed"), "{graph}");

    let first = exported(&house).await;
    let copy = House::new().await;
    import_archive(&copy.app, Cursor::new(&first)).await.unwrap();
    assert_eq!(exported(&copy).await, first);
    copy.settle().await;
    assert_eq!(exported(&copy).await, first, "what is derived stays out");
    assert_eq!(graph_of(&copy, &viewer).await, graph);
    let kept = view_agreement(&copy.app, &viewer, agreement.id).await.unwrap();
    assert_eq!((kept.commitments.len(), kept.articles.len()), (1, 1));
    let refused = import_archive(&copy.app, Cursor::new(&first)).await;
    assert!(matches!(refused, Err(ArchiveError::NotEmpty)));
}

/// What was written before there were articles is still read.
#[tokio::test]
async fn an_archive_of_the_first_form_is_read() {
    let house = House::new().await;
    house.account("a", None).await;
    let mut old = ZipArchive::new(Cursor::new(exported(&house).await)).unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["form.txt", "parties.jsonl", "memberships.jsonl", "accounts.jsonl", "roles.jsonl", "listings.jsonl"]
        .into_iter()
        .chain(["versions.jsonl", "reviews.jsonl", "attachments.jsonl"])
    {
        let mut text = String::new();
        old.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        let text = if name == "form.txt" { "keqiao-archive 1".to_owned() } else { text };
        zip.write_all(text.as_bytes()).unwrap();
    }
    let file = zip.finish().unwrap().into_inner();
    assert_eq!(import_archive(&House::new().await.app, Cursor::new(file)).await.unwrap(), 1);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("form.txt", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"keqiao-archive 9").unwrap();
    let newer = import_archive(&House::new().await.app, zip.finish().unwrap()).await;
    assert!(matches!(newer, Err(ArchiveError::Form(form)) if form == "keqiao-archive 9"));
}
