//! The same store gives the same matches to the last bit: whatever was in it before, on both databases, after a
//! rebuild, and with several threads at once.

use std::path::Path;
use std::sync::Arc;

use keqiao_domain::{
    Action, Audience, Listing, ListingContent, ListingId, ListingState, Party, PartyId, PartyKind, Reason, RecordKind,
    Side, Tier,
};
use keqiao_followers::{IndexFollower, catch_up, rebuild_index};
use keqiao_matching::{Need, WeightSet};
use keqiao_search::{Matcher, Reader, SearchIndex, offers_for};
use keqiao_store::{Store, StoreError, StoreOptions, changes, listings, parties};

use crate::house::{NOW, WORDS};
use crate::postgres;

pub(crate) const LISTINGS: u128 = 240;
const NEEDS: [&str; 5] = [
    "寻求碳化硅MOSFET，耐压1200V，用于车载充电机，工作温度-40℃~125℃",
    "小麦赤霉病防治，大田应用，需要抗病品种",
    "轴承故障振动诊断",
    "锂电池回收，湿法冶金，纯度不低于99.9%",
    "图像识别算法检测表面缺陷",
];

pub(crate) fn id(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128((0x0190_0000_0000 + number) << 80 | 7 << 76 | 2 << 62 | (number * 7919))
}

fn party(number: u128) -> Party {
    Party {
        name: format!("第{number}研究所（示例）"),
        ..Party::blank(PartyId(id(number)), PartyKind::Organization, NOW)
    }
}

/// One of five matters in words that change from listing to listing.
pub(crate) fn listing(number: u128) -> Listing {
    let matters = [
        ["碳化硅MOSFET", "1200V功率器件", "车载充电机", "衬底外延", "低导通电阻"],
        ["小麦赤霉病", "抗病品种", "大田防治", "育种", "农药喷洒"],
        ["轴承故障", "振动诊断", "旋转机械", "状态监测", "齿轮箱"],
        ["锂电池回收", "湿法冶金", "正极材料", "高纯碳酸锂", "梯次利用"],
        ["图像识别", "表面缺陷", "机器视觉", "检测算法", "深度学习"],
    ];
    let matter = &matters[(number % 5) as usize];
    let word = |step: u128| matter[((number / 5 + step * (1 + number / 25)) % 5) as usize];
    let body = format!("{}{}，用于{}，第{}批{}", word(1), word(2), word(3), number / 5, word(4));
    Listing {
        id: ListingId(id(1_000 + number)),
        side: if number.is_multiple_of(3) { Side::Need } else { Side::Offer },
        party: PartyId(id(number % 7)),
        author: None,
        content: ListingContent {
            kind: "chip".into(),
            title: format!("{}{}", word(0), word(2)),
            body,
            details_tier: if number.is_multiple_of(11) { Tier::Member } else { Tier::Public },
            ..ListingContent::default()
        },
        state: ListingState::Published,
        version: 1,
        external_id: None,
        demo: false,
        expires_at: None,
        published_at: Some(NOW),
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) async fn put(store: &Store, listing: Listing) {
    let work = store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            let (id, before) = (listing.id.0, listings::find(tx, listing.id).await?);
            let action = match before {
                None => listings::insert(tx, &listing).await.map(|()| Action::Created)?,
                Some(before) => {
                    let next = Listing { version: before.version + 1, ..listing };
                    listings::update(tx, &next, before.version).await.map(|_| Action::Updated)?
                }
            };
            changes::append(tx, NOW, RecordKind::Listing, id, action, None).await.map(drop)
        })
    });
    work.await.unwrap();
}

pub(crate) async fn open_store(url: String) -> Store {
    let store = Store::open(&StoreOptions { url, read_connections: 2 }).await.unwrap();
    for party in (0..7).map(party) {
        let work =
            store.write::<_, StoreError, _>(move |tx| Box::pin(async move { parties::insert(tx, &party).await }));
        work.await.unwrap();
    }
    store
}

pub(crate) fn open_index(dir: &Path) -> Arc<SearchIndex> {
    Arc::new(SearchIndex::open(dir, WORDS.0.clone(), WORDS.1.clone()).unwrap())
}

/// All matches of all needs with all figures, as JSON writes them.
fn answers(index: &SearchIndex) -> Vec<String> {
    let (weights, lexicon) = (WeightSet::default(), &*WORDS.2);
    let reader = Reader { tokens: Some(vec![Audience::Public.to_string()]), member: true };
    let matcher = Matcher { index, lexicon, reader: &reader, weights: &weights };
    let answer = |need: &&str| {
        let found = offers_for(&matcher, Need::from_text(need, lexicon), None, 20).unwrap();
        assert!(found.len() > 5, "{need}: {}", found.len());
        found.iter().map(|f| serde_json::to_string(&f.matched).unwrap() + "\n").collect()
    };
    NEEDS.iter().map(answer).collect()
}

/// One that was filled in disorder, with listings that said something else before and others that went again.
async fn grown(store: &Store, index: &Arc<SearchIndex>) {
    let follower = IndexFollower::new(store.clone(), index.clone(), "one".into());
    for number in (0..LISTINGS).map(|n| n * 89 % LISTINGS) {
        let mut first = listing((number + 17) % LISTINGS);
        (first.id, first.side, first.party) = (listing(number).id, listing(number).side, listing(number).party);
        put(store, if number.is_multiple_of(4) { first } else { listing(number) }).await;
        if number.is_multiple_of(13) {
            catch_up(store, &follower).await.unwrap();
        }
        if number == 50 {
            assert!(index.teach().unwrap(), "half of it teaches a first model");
        }
    }
    for number in (0..LISTINGS).filter(|n| n.is_multiple_of(4)) {
        let version = 1 + i64::from(number.is_multiple_of(4));
        put(store, Listing { version, ..listing(number) }).await;
    }
    catch_up(store, &follower).await.unwrap();
}

#[tokio::test]
async fn the_same_store_gives_the_same_matches_to_the_last_bit() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("keqiao.db").display());
    let (store, dir) = (open_store(url).await, folder.path().join("index"));
    let index = open_index(&dir);
    grown(&store, &index).await;
    assert!(index.teach().unwrap() && !index.teach().unwrap(), "the same texts teach nothing new");
    let first = answers(&index);
    assert!(first.concat().contains("\"meaning\""));
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..4).map(|_| scope.spawn(|| answers(&index))).collect();
        asked.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), first, "with several threads"));
    });
    drop(index);
    assert_eq!(answers(&open_index(&dir)), first, "opened again");
    rebuild_index(&store, &dir, &WORDS.0, &WORDS.1, &|_| ()).await.unwrap();
    assert_eq!(answers(&open_index(&dir)), first, "after a rebuild");

    sqlx::any::install_default_drivers();
    let Some(server) = postgres::server() else {
        println!("skipped: KEQIAO_SKIP_POSTGRES is set");
        return;
    };
    let (schema, url) = server.fresh_schema().await;
    let other = open_store(url).await;
    let dir = folder.path().join("other");
    let index = open_index(&dir);
    for number in (0..LISTINGS).rev() {
        put(&other, listing(number)).await;
    }
    catch_up(&other, &IndexFollower::new(other.clone(), index.clone(), "two".into())).await.unwrap();
    index.teach().unwrap();
    assert_eq!(answers(&index), first, "on the other database");
    other.close().await;
    server.drop_schema(&schema).await;
}

#[tokio::test]
async fn a_score_is_what_its_reasons_come_to() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("keqiao.db").display());
    let (store, index) = (open_store(url).await, open_index(&folder.path().join("index")));
    grown(&store, &index).await;
    index.teach().unwrap();
    let mut texts = 0;
    for matched in answers(&index).iter().flat_map(|all| all.lines()) {
        let matched: serde_json::Value = serde_json::from_str(matched).unwrap();
        let mut sum = 0.0;
        for reason in matched["reasons"].as_array().unwrap() {
            let points = reason["points"].as_f64().unwrap();
            sum += points;
            let Some(channels) = reason["channels"].as_array() else { continue };
            texts += 1;
            assert_eq!(channels.len(), 5, "{channels:?}");
            let part = |c: &serde_json::Value, key: &str| c[key].as_f64().unwrap();
            let near: f64 = channels.iter().map(|c| part(c, "weight") * part(c, "value")).sum();
            let weights: f64 = channels.iter().map(|c| part(c, "weight")).sum();
            assert!((weights - 1.0).abs() < 1e-12);
            assert_eq!((reason["most"].as_f64().unwrap() * near * 64.0).floor() / 64.0, points);
        }
        assert_eq!(matched["score"].as_f64().unwrap(), sum);
    }
    assert!(texts > 50);
}

#[tokio::test]
async fn meaning_finds_what_came_after_it_was_taught() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("keqiao.db").display());
    let (store, index) = (open_store(url).await, open_index(&folder.path().join("index")));
    grown(&store, &index).await;
    index.teach().unwrap();
    let new = Listing { id: ListingId(id(9_000)), ..listing(1 + 5 * 30) };
    put(&store, new.clone()).await;
    catch_up(&store, &IndexFollower::new(store.clone(), index.clone(), "one".into())).await.unwrap();
    let (weights, lexicon) = (WeightSet::default(), &*WORDS.2);
    let reader = Reader { tokens: Some(vec![Audience::Public.to_string()]), member: true };
    let matcher = Matcher { index: &index, lexicon, reader: &reader, weights: &weights };
    let found = offers_for(&matcher, Need::from_text(&new.content.title, lexicon), None, 40).unwrap();
    let found = found.iter().find(|f| f.id == new.id).unwrap();
    let near = found.matched.reasons.iter().find_map(|r| match r {
        Reason::Text { channels, .. } => channels.iter().find(|c| c.channel == "meaning").map(|c| c.value),
        _ => None,
    });
    assert!(near.is_some_and(|value| value > 0.5), "{near:?}");
}
