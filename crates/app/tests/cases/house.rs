//! An app on a temporary folder with a clock that the test moves.

use std::sync::{Arc, LazyLock};

use keqiao_app::accounts::{SignUp, ensure_account, viewer_of};
use keqiao_app::{App, AppSettings, Blobs, Work};
use keqiao_catalog::Catalog;
use keqiao_domain::{Account, FixedClock, ListingContent, PlatformRole, Side, SystemEntropy, Timestamp, Viewer};
use keqiao_followers::{GraphFollower, IndexFollower, catch_up};
use keqiao_matching::Lexicon;
use keqiao_search::SearchIndex;
use keqiao_store::{Store, StoreOptions};
use keqiao_text::Text;

static WORDS: LazyLock<(Arc<Catalog>, Arc<Text>, Arc<Lexicon>)> = LazyLock::new(|| {
    let catalog = Arc::new(keqiao_catalog::builtin().unwrap_or_else(|faults| panic!("{faults}")));
    let text = Arc::new(Text::for_catalog(&catalog));
    let lexicon = Arc::new(Lexicon::new(catalog.clone(), text.clone()));
    (catalog, text, lexicon)
});

/// 2026-03-01T00:00:00Z
pub(crate) const START: Timestamp = Timestamp::from_micros(1_772_323_200_000_000);
pub(crate) const PASSWORD: &str = "a long password";

pub(crate) struct House {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) folder: tempfile::TempDir,
}

impl House {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (catalog, text, lexicon) = WORDS.clone();
        let url = format!("sqlite://{}", folder.path().join("keqiao.db").display());
        let store = Store::open(&StoreOptions { url, read_connections: 2 }).await.unwrap();
        let index = SearchIndex::open(&folder.path().join("index"), catalog.clone(), text.clone()).unwrap();
        let clock = Arc::new(FixedClock::at(START));
        let app = Arc::new(App {
            store,
            index: Arc::new(index),
            catalog,
            text,
            lexicon,
            blobs: Blobs::folder(&folder.path().join("blobs")).unwrap(),
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
            settings: AppSettings { password_memory_kib: 64, ..AppSettings::default() },
            reader: Arc::default(),
            work: Work::default(),
            weights: keqiao_matching::CurrentWeights::default(),
            ranking: keqiao_app::ranking::Ranking::default(),
        });
        Self { app, clock, folder }
    }

    pub(crate) async fn account(&self, name: &str, role: Option<PlatformRole>) -> Account {
        let input = SignUp {
            email: format!("{name}@example.com"),
            name: name.into(),
            password: PASSWORD.into(),
            locale: "zh".into(),
        };
        ensure_account(&self.app, input, role).await.unwrap()
    }

    pub(crate) async fn viewer(&self, account: &Account) -> Viewer {
        let mut db = self.app.store.reader().await.unwrap();
        viewer_of(&mut db, account).await.unwrap()
    }

    pub(crate) async fn settle(&self) {
        let app = &self.app;
        let follower = IndexFollower::new(app.store.clone(), app.index.clone(), "test".into());
        catch_up(&app.store, &follower).await.unwrap();
        let graph = GraphFollower::new(app.store.clone(), &app.catalog, app.clock.clone(), "test".into());
        catch_up(&app.store, &graph).await.unwrap();
    }
}

/// A content that passes into review.
pub(crate) fn chip(title: &str) -> ListingContent {
    let sample = WORDS.0.kinds["chip"].samples.iter().find(|s| s.side == Side::Offer).unwrap();
    ListingContent {
        kind: "chip".into(),
        title: title.into(),
        summary: "用于车载充电机的器件。".into(),
        body: "这款器件用于车载充电机与逆变器，可替代进口同类产品，提供样品与评估板。".into(),
        attributes: sample.attributes.clone(),
        ..ListingContent::default()
    }
}
