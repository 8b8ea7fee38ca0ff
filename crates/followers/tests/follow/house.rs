//! Store, index and a few records on a temporary folder.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use keqiao_catalog::Catalog;
use keqiao_domain::{
    Account, AccountId, Action, FixedClock, Listing, ListingContent, ListingId, ListingState, OrgRole, Party, PartyId,
    PartyKind, RecordKind, RoleGrant, Side, SystemEntropy, Timestamp,
};
use keqiao_followers::StandingMatches;
use keqiao_matching::{CurrentWeights, Lexicon};
use keqiao_search::SearchIndex;
use keqiao_store::{Store, StoreError, StoreOptions, accounts, changes, listings, parties};
use keqiao_text::Text;

pub(crate) static WORDS: LazyLock<(Arc<Catalog>, Arc<Text>, Arc<Lexicon>)> = LazyLock::new(|| {
    let catalog = Arc::new(keqiao_catalog::builtin().unwrap_or_else(|faults| panic!("{faults}")));
    let text = Arc::new(Text::for_catalog(&catalog));
    let lexicon = Arc::new(Lexicon::new(catalog.clone(), text.clone()));
    (catalog, text, lexicon)
});

pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_772_323_200_000_000);

pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) index: Arc<SearchIndex>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) text: Arc<Text>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) party: PartyId,
    pub(crate) other_party: PartyId,
    folder: tempfile::TempDir,
}

/// A house whose index is not open.
pub(crate) struct Closed {
    pub(crate) store: Store,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) text: Arc<Text>,
    clock: Arc<FixedClock>,
    party: PartyId,
    other_party: PartyId,
    folder: tempfile::TempDir,
}

impl Closed {
    pub(crate) fn index_dir(&self) -> PathBuf {
        self.folder.path().join("index")
    }
    pub(crate) fn open_index(self) -> House {
        let index = SearchIndex::open(&self.index_dir(), self.catalog.clone(), self.text.clone()).unwrap();
        let Self { store, catalog, text, clock, party, other_party, folder } = self;
        House { store, index: Arc::new(index), catalog, text, clock, party, other_party, folder }
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (catalog, text, _) = WORDS.clone();
        let url = format!("sqlite://{}", folder.path().join("keqiao.db").display());
        let store = Store::open(&StoreOptions { url, read_connections: 2 }).await.unwrap();
        let clock = Arc::new(FixedClock::at(NOW));
        let party = PartyId::fresh(&*clock, &SystemEntropy);
        let other_party = PartyId::fresh(&*clock, &SystemEntropy);
        let house = Closed { store, catalog, text, clock, party, other_party, folder }.open_index();
        house.insert_party(party, "甲方（示例）").await;
        house.insert_party(other_party, "乙方（示例）").await;
        house
    }

    async fn insert_party(&self, id: PartyId, name: &str) {
        let party = Party { name: name.into(), ..Party::blank(id, PartyKind::Organization, NOW) };
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    parties::insert(tx, &party).await?;
                    changes::append(tx, NOW, RecordKind::Party, id.0, Action::Created, None).await.map(drop)
                })
            })
            .await
            .unwrap();
    }

    pub(crate) fn close_index(self) -> Closed {
        let Self { store, index, catalog, text, clock, party, other_party, folder } = self;
        drop(index);
        Closed { store, catalog, text, clock, party, other_party, folder }
    }

    pub(crate) fn standing(&self) -> StandingMatches {
        StandingMatches {
            store: self.store.clone(),
            index: self.index.clone(),
            lexicon: WORDS.2.clone(),
            weights: CurrentWeights::default(),
            clock: self.clock.clone(),
            entropy: Arc::new(SystemEntropy),
            node: "first".into(),
        }
    }

    pub(crate) async fn listing(&self, side: Side, title: &str, state: ListingState) -> Listing {
        self.listing_of(self.party, side, title, state).await
    }

    pub(crate) async fn listing_of(&self, party: PartyId, side: Side, title: &str, state: ListingState) -> Listing {
        let listing = Listing {
            id: ListingId::fresh(&*self.clock, &SystemEntropy),
            side,
            party,
            author: None,
            content: ListingContent { kind: "chip".into(), title: title.into(), ..ListingContent::default() },
            state,
            version: 1,
            external_id: None,
            demo: false,
            expires_at: None,
            published_at: Some(NOW),
            created_at: NOW,
            updated_at: NOW,
        };
        let stored = listing.clone();
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    listings::insert(tx, &stored).await?;
                    let id = stored.id.0;
                    changes::append(tx, NOW, RecordKind::Listing, id, Action::Created, None).await.map(drop)
                })
            })
            .await
            .unwrap();
        listing
    }

    pub(crate) async fn rewrite(&self, id: ListingId, change: impl FnOnce(&mut Listing) + Send + 'static) {
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    let mut listing = listings::find(tx, id).await?.unwrap();
                    let expected = listing.version;
                    change(&mut listing);
                    listing.version += 1;
                    assert!(listings::update(tx, &listing, expected).await?);
                    changes::append(tx, NOW, RecordKind::Listing, id.0, Action::Updated, None).await.map(drop)
                })
            })
            .await
            .unwrap();
    }

    pub(crate) async fn change_title(&self, listing: &Listing, title: &'static str) {
        self.rewrite(listing.id, move |l| l.content.title = title.into()).await;
    }

    pub(crate) async fn set_state(&self, listing: &Listing, state: ListingState) {
        self.rewrite(listing.id, move |l| l.state = state).await;
    }

    pub(crate) async fn account(&self, name: &str, party: PartyId) -> AccountId {
        let id = AccountId::fresh(&*self.clock, &SystemEntropy);
        let account = Account {
            id,
            email: format!("{name}@example.com"),
            name: name.into(),
            password_hash: String::new(),
            locale: "zh".into(),
            platform_role: None,
            person: None,
            daily_mail: false,
            disabled_at: None,
            demo: false,
            version: 1,
            created_at: NOW,
        };
        let grant = RoleGrant { account: id, organization: party, role: OrgRole::Owner, at: NOW };
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    accounts::insert(tx, &account).await?;
                    accounts::grant_role(tx, &grant).await
                })
            })
            .await
            .unwrap();
        id
    }

    pub(crate) async fn other_account(&self, name: &str) -> AccountId {
        self.account(name, self.other_party).await
    }
}
