//! What articles propose for the platform.

use keqiao_app::articles::{IncomingFile, IngestOptions, ingest_files};
use keqiao_app::graph::{
    EntityFilter, FactDraft, FactFilter, FactOrder, claim_entity, draft_from_fact, list_entities, list_facts,
};
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{FactKind, ListingState, PlatformRole, Side};

use crate::house::House;

const NEWS: &str = "澄江电子有限公司走访见闻\n\n2024-06-09 10:00 来源：澄江日报\n\n\
    6月8日，澄江电子有限公司急需解决低温密封材料、轴承剥落预警等技术难题。\n\n\
    澄江电子有限公司可提供电磁兼容测试、盐雾试验和高低温循环等服务。该公司成立于2010年。\n";

#[tokio::test]
async fn what_is_needed_and_offered_becomes_a_draft_of_its_side() {
    let house = House::new().await;
    let account = house.account("operator", Some(PlatformRole::Operator)).await;
    let viewer = house.viewer(&account).await;
    let input =
        PartyInput { name: "澄江电子有限公司".into(), region: "320200".into(), ..PartyInput::default() };
    let party = create_organization(&house.app, &viewer, input).await.unwrap().id;
    let viewer = house.viewer(&account).await;
    let file = IncomingFile { name: "news.txt".into(), bytes: NEWS.into(), declared: None };
    ingest_files(&house.app, &viewer, vec![file], IngestOptions::default()).await.unwrap().remove(0).unwrap();
    house.settle().await;
    let filter = EntityFilter { words: Some("澄江电子有限公司".into()), ..EntityFilter::default() };
    let named = list_entities(&house.app, &viewer, &filter, None).await.unwrap().rows.remove(0).entity.id;
    claim_entity(&house.app, &viewer, named, party).await.unwrap();
    for (kind, side, title) in [
        (FactKind::Seeks, Side::Need, "低温密封材料、轴承剥落预警"),
        (FactKind::Offers, Side::Offer, "电磁兼容测试、盐雾试验、高低温循环"),
    ] {
        let filter = FactFilter { kinds: vec![kind], ..FactFilter::default() };
        let fact = list_facts(&house.app, &viewer, &filter, FactOrder::Latest(None)).await.unwrap().rows.remove(0);
        let drafts = (0..4).map(|_| draft_from_fact(&house.app, &viewer, fact.id, Some(party)));
        let mut drafts: Vec<FactDraft> = futures::future::try_join_all(drafts).await.unwrap();
        assert_eq!(drafts.iter().filter(|d| d.is_new).count(), 1, "one is made, however often it is asked for");
        let draft = drafts.remove(0).listing;
        assert!(drafts.iter().all(|d| d.listing == draft));
        assert_eq!((draft.side, draft.state, draft.content.title.as_str()), (side, ListingState::Draft, title));
        assert!(house.app.catalog.kinds[&draft.content.kind].sides.contains(&side), "{}", draft.content.kind);
        assert_eq!(draft.content.keywords.join("、"), title);
    }
    let filter = FactFilter { kinds: vec![FactKind::Founded], ..FactFilter::default() };
    let founded = list_facts(&house.app, &viewer, &filter, FactOrder::Latest(None)).await.unwrap().rows.remove(0);
    let refused = draft_from_fact(&house.app, &viewer, founded.id, Some(party)).await;
    assert!(matches!(refused, Err(AppError::Invalid(faults)) if faults == [Fault::new("fact", "no-offer")]));
}
