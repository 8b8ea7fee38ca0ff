//! A server that slept for weeks, and is killed (kill −9) again and again while it makes up for it: what comes due is told
//! once, and to whom it is for.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use keqiao_domain::{Clock, EngagementNews, NoticeBody, Role, SystemClock};
use keqiao_store::{Dialect, Store, StoreOptions, engagements, notices};

use crate::server::Server;
use crate::world::World;

/// More than are looked at in one turn, so that there is always something under way.
const OPENED: usize = 700;
const KILLS: u64 = 12;

async fn due(store: &Store) -> usize {
    engagements::due(&mut store.reader().await.unwrap(), SystemClock.now(), 1_000).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_due_while_the_server_slept_is_told_once_however_often_it_is_killed() {
    let world = World::at(Dialect::Sqlite, SystemClock.now().plus_days(-20)).await.unwrap();
    for _ in 0..OPENED {
        world.open(Role::Need).await;
    }
    let [need, offer] = [Role::Need, Role::Offer].map(|role| world.of(role).account.unwrap());
    world.app.store.close().await;
    for round in 0..KILLS {
        let mut server = Server::start(world.folder.path());
        // Different in every round, the same in every run.
        std::thread::sleep(Duration::from_millis(5 + (round * 61) % 170));
        server.kill();
    }
    let store = Store::open(&StoreOptions { url: world.url.clone(), read_connections: 2 }).await.unwrap();
    let (server, begun) = (Server::start(world.folder.path()), Instant::now());
    while due(&store).await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(120), "{} are still due", due(&store).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(server);
    let mut told: BTreeMap<(&str, &str, String), usize> = BTreeMap::new();
    for (who, account) in [("need", need), ("offer", offer)] {
        let all = notices::page_of(&mut store.reader().await.unwrap(), account, None, 10_000).await.unwrap();
        for notice in all {
            let NoticeBody::Engagement { engagement, news, .. } = notice.body else { continue };
            *told.entry((who, news.as_str(), engagement.to_string())).or_default() += 1;
        }
    }
    let twice: Vec<_> = told.iter().filter(|(_, n)| **n != 1).collect();
    assert!(twice.is_empty(), "told more than once: {twice:?}");
    let count = |who: &str, news: EngagementNews| told.keys().filter(|k| k.0 == who && k.1 == news.as_str()).count();
    // Each who was asked is reminded, who asked is not; and nobody is let rest on the day of the reminder.
    assert_eq!(count("offer", EngagementNews::Reminder), OPENED);
    assert_eq!(count("need", EngagementNews::Reminder), 0);
    assert_eq!(count("offer", EngagementNews::Rested) + count("need", EngagementNews::Rested), 0);
    store.close().await;
}
