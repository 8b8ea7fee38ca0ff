//! An installation with two parties, their people, a broker and an operator.

use std::process::Command;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use futures::stream;
use keqiao_app::accounts::{SignUp, ensure_account, viewer_of};
use keqiao_app::engagements::{OpenInput, UploadedFile, add_file, open_engagement};
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_app::{App, AppSettings, Blobs, Work};
use keqiao_catalog::Catalog;
use keqiao_domain::{
    Attributes, Engagement, EngagementFile, EngagementId, FieldSort, FixedClock, OrgRole, PartyId, PlatformRole, Role,
    RoleGrant, SystemEntropy, Timestamp, Value, Viewer,
};
use keqiao_matching::Lexicon;
use keqiao_search::SearchIndex;
use keqiao_store::{Dialect, Store, StoreError, StoreOptions, accounts};
use keqiao_text::Text;

use crate::postgres;

static WORDS: LazyLock<(Arc<Catalog>, Arc<Text>, Arc<Lexicon>)> = LazyLock::new(|| {
    let catalog = Arc::new(keqiao_catalog::builtin().unwrap_or_else(|faults| panic!("{faults}")));
    let text = Arc::new(Text::for_catalog(&catalog));
    let lexicon = Arc::new(Lexicon::new(catalog.clone(), text.clone()));
    (catalog, text, lexicon)
});

/// 2028-02-20T02:00:00Z, a week before a leap day.
pub(crate) const START: Timestamp = Timestamp::from_micros(1_834_624_800_000_000);

/// What must be free in memory before a world is put there, in MiB.
const ROOM: u64 = 1_024;

/// A folder of its own, in memory where there is room: what a lost machine would take along is made anew anyway, and no
/// commit and no file waits for a disk.
fn folder() -> tempfile::TempDir {
    let asked = Command::new("df").args(["--output=avail", "-BM", "/dev/shm"]).output();
    let free = asked.ok().and_then(|told| {
        let told = String::from_utf8(told.stdout).ok()?;
        told.lines().last()?.trim().trim_end_matches('M').parse::<u64>().ok()
    });
    let in_memory = free.filter(|free| *free >= ROOM).and_then(|_| tempfile::tempdir_in("/dev/shm").ok());
    in_memory.unwrap_or_else(|| tempfile::tempdir().unwrap())
}

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) url: String,
    pub(crate) need: PartyId,
    pub(crate) offer: PartyId,
    /// Need, offer, broker, operator; then who may only read for the need's party, and a stranger.
    pub(crate) people: Vec<Viewer>,
    pub(crate) folder: tempfile::TempDir,
    schema: Option<String>,
}

impl World {
    pub(crate) async fn new(dialect: Dialect) -> Option<Self> {
        Self::at(dialect, START).await
    }

    /// One that begins at a moment.
    pub(crate) async fn at(dialect: Dialect, start: Timestamp) -> Option<Self> {
        sqlx::any::install_default_drivers();
        let folder = folder();
        let (schema, url) = match dialect {
            Dialect::Sqlite => (None, format!("sqlite://{}", folder.path().join("keqiao.db").display())),
            Dialect::Postgres => {
                let (schema, url) = postgres::server()?.fresh_schema().await;
                (Some(schema), url)
            }
        };
        let (catalog, text, lexicon) = WORDS.clone();
        let store = Store::open(&StoreOptions { url: url.clone(), read_connections: 2 }).await.unwrap();
        let index = SearchIndex::open(&folder.path().join("index"), catalog.clone(), text.clone()).unwrap();
        let clock = Arc::new(FixedClock::at(start));
        let app = App {
            store,
            index: Arc::new(index),
            catalog,
            text,
            lexicon,
            blobs: Blobs::folder(&folder.path().join("blobs")).unwrap(),
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
            settings: AppSettings {
                password_memory_kib: 64,
                open_requests_per_party: i64::MAX,
                open_requests_by_party: i64::MAX,
                withdrawal_pause_days: 0,
                ..AppSettings::default()
            },
            reader: Arc::default(),
            work: Work::default(),
            weights: keqiao_matching::CurrentWeights::default(),
            ranking: keqiao_app::ranking::Ranking::default(),
        };
        let nobody = PartyId::from(EngagementId::fresh(&*clock, &SystemEntropy).0);
        let mut world = Self { app, clock, url, need: nobody, offer: nobody, people: Vec::new(), folder, schema };
        world.settle().await;
        Some(world)
    }

    /// Whether there can be one on this engine.
    pub(crate) fn can_be(dialect: Dialect) -> bool {
        sqlx::any::install_default_drivers();
        dialect == Dialect::Sqlite || postgres::server().is_some()
    }

    /// Leaves nothing behind on the server.
    pub(crate) async fn end(self) {
        self.app.store.close().await;
        if let (Some(schema), Some(server)) = (self.schema, postgres::server()) {
            server.drop_schema(&schema).await;
        }
    }

    async fn settle(&mut self) {
        let roles = [None, None, Some(PlatformRole::Broker), Some(PlatformRole::Operator), None, None];
        let names = ["need", "offer", "broker", "operator", "reader", "stranger"];
        let mut known = Vec::new();
        for (name, role) in names.into_iter().zip(roles) {
            let input = SignUp {
                email: format!("{name}@example.com"),
                name: name.into(),
                password: "a long password".into(),
                locale: "zh".into(),
            };
            known.push(ensure_account(&self.app, input, role).await.unwrap());
        }
        let mut parties = Vec::new();
        for account in &known[..2] {
            let viewer = self.viewer(account).await;
            let input = PartyInput { name: format!("{}机构", account.name), ..PartyInput::default() };
            parties.push(create_organization(&self.app, &viewer, input).await.unwrap().id);
        }
        (self.need, self.offer) = (parties[0], parties[1]);
        let grant =
            RoleGrant { account: known[4].id, organization: self.need, role: OrgRole::Viewer, at: self.app.now() };
        let granted = self
            .app
            .store
            .write::<_, StoreError, _>(move |tx| Box::pin(async move { accounts::grant_role(tx, &grant).await }));
        granted.await.unwrap();
        for account in &known {
            self.people.push(self.viewer(account).await);
        }
    }

    async fn viewer(&self, account: &keqiao_domain::Account) -> Viewer {
        viewer_of(&mut self.app.store.reader().await.unwrap(), account).await.unwrap()
    }

    pub(crate) fn of(&self, role: Role) -> &Viewer {
        &self.people[role as usize]
    }

    pub(crate) async fn open(&self, by: Role) -> Engagement {
        let input = OpenInput {
            need_party: Some(self.need),
            offer_party: Some(self.offer),
            title: "碳化硅模块".into(),
            note: "请看一下".into(),
            ..OpenInput::default()
        };
        open_engagement(&self.app, self.of(by), input, None).await.unwrap()
    }

    pub(crate) async fn file(&self, by: &Viewer, id: EngagementId) -> EngagementFile {
        let stream = stream::iter([Ok::<_, ()>(Bytes::from_static(b"%PDF-1.7 evidence"))]);
        add_file(&self.app, by, id, UploadedFile { name: "证明.pdf".into(), stream }).await.unwrap()
    }

    /// What fills the fields of a move.
    pub(crate) fn content(&self, made: &str) -> Attributes {
        let made = self.app.catalog.workflows["default"].find_move(made).unwrap();
        let value = |sort| match sort {
            FieldSort::Text | FieldSort::Lines => Value::Text("写明".into()),
            FieldSort::Number => Value::Number(12.5),
            FieldSort::Date => Value::Text("2028-02-29".into()),
            FieldSort::Choice | FieldSort::Flag => Value::Bool(true),
        };
        let choice = |f: &keqiao_domain::StepField| f.choices.first().map(|(id, _)| Value::Text(id.clone()));
        made.fields.iter().map(|f| (f.id.clone(), choice(f).unwrap_or_else(|| value(f.sort)))).collect()
    }
}
