//! Articles as a reader might have read them.

use keqiao_domain::{
    Action, Article, ArticleId, ArticleState, Audience, Correction, EntityId, EntityKind, FactKind, JoinDecision,
    Mention, NamedEntity, ReadArgument, ReadFact, Reading, RecordKind, SourceFile, SourceId, Span,
};
use keqiao_followers::{GraphFollower, catch_up, verify_graph};
use keqiao_store::entities::EntityFilter;
use keqiao_store::facts::{FactFilter, FactOrder};
use keqiao_store::{StoreError, agreements, articles, changes, corrections, entities, facts, joins, sources};

use crate::house::{House, NOW};

pub(crate) fn article_id(n: u128) -> ArticleId {
    ArticleId(uuid::Uuid::from_u128((0x0190_0000_0000_7000_8000_u128 << 48) | n))
}

pub(crate) fn person(id: &str, name: &str) -> NamedEntity {
    NamedEntity { id: id.into(), kind: EntityKind::Person, name: name.into(), aliases: Vec::new() }
}

pub(crate) fn body(id: &str, names: &[&str]) -> NamedEntity {
    let aliases = names[1..].iter().map(|n| (*n).to_owned()).collect();
    NamedEntity { id: id.into(), kind: EntityKind::Organization, name: names[0].into(), aliases }
}

/// A fact at a place; arguments that are ids of entities stand for them.
pub(crate) fn says(kind: FactKind, at: u32, args: &[(&str, &str)]) -> ReadFact {
    let argument = |(role, text): &(&str, &str)| {
        let entity = text.strip_prefix('@').map(str::to_owned);
        ReadArgument { role: (*role).into(), entity, text: text.trim_start_matches('@').into() }
    };
    ReadFact {
        kind,
        args: args.iter().map(argument).collect(),
        day: Some("2024-03-04".into()),
        confidence: 0.9,
        span: Span { start: at, end: at + 10 },
        sentence: format!("第{at}处。"),
    }
}

/// The `n`-th article with what it names and says.
pub(crate) fn news(n: u128, entities: Vec<NamedEntity>, mut facts: Vec<ReadFact>) -> Article {
    for arg in facts.iter_mut().flat_map(|f| &mut f.args) {
        if let Some(entity) = &arg.entity {
            arg.text.clone_from(&entities.iter().find(|e| e.id == *entity).unwrap().name);
        }
    }
    let mention = |e: &NamedEntity| Mention {
        kind: e.kind.as_str().into(),
        span: Span { start: 0, end: 2 },
        entity: Some(e.id.clone()),
        value: None,
    };
    Article {
        id: article_id(n),
        source: SourceId(article_id(n).0),
        ordinal: 0,
        title: format!("第{n}篇"),
        published: Some(format!("2024-03-{:02}", 1 + n % 28)),
        place: Some("无锡市".into()),
        origin: None,
        state: ArticleState::Live,
        readers: Audience::Public,
        text_readers: Audience::Member,
        reading: Reading { mentions: entities.iter().map(mention).collect(), entities, facts, ..Reading::default() },
        reader_version: 1,
        version: 1,
        demo: false,
        created_at: NOW,
        updated_at: NOW,
    }
}

impl House {
    pub(crate) fn graph_follower(&self, node: &str) -> GraphFollower {
        GraphFollower::new(self.store.clone(), &self.catalog, self.clock.clone(), node.into())
    }

    pub(crate) async fn follow_news(&self) {
        catch_up(&self.store, &self.graph_follower("n1")).await.unwrap();
        assert_eq!(verify_graph(&self.store, &|_| ()).await.unwrap(), []);
    }

    pub(crate) async fn bring(&self, article: Article) {
        let source = SourceFile {
            id: article.source,
            digest: article.id.to_string(),
            name: "报纸.txt".into(),
            encoding: "utf-8".into(),
            replaced: 0,
            original: String::new(),
            apart: Vec::new(),
            created_by: None,
            created_at: NOW,
        };
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    sources::insert(tx, &source).await?;
                    articles::insert(tx, &article).await?;
                    let id = article.id.0;
                    changes::append(tx, NOW, RecordKind::Article, id, Action::Created, None).await.map(drop)
                })
            })
            .await
            .unwrap();
    }

    /// Changes an article, as reading it again or withdrawing it does.
    pub(crate) async fn change_article(&self, n: u128, change: impl FnOnce(&mut Article) + Send + 'static) {
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    let mut article = articles::find(tx, article_id(n)).await?.unwrap();
                    let expected = article.version;
                    change(&mut article);
                    article.version += 1;
                    assert!(articles::update(tx, &article, expected).await?);
                    let id = article.id.0;
                    changes::append(tx, NOW, RecordKind::Article, id, Action::Updated, None).await.map(drop)
                })
            })
            .await
            .unwrap();
    }

    pub(crate) async fn say(&self, correction: Correction) {
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    corrections::put(tx, &correction).await?;
                    let id = correction.article.0;
                    changes::append(tx, NOW, RecordKind::Article, id, Action::Updated, None).await.map(drop)
                })
            })
            .await
            .unwrap();
    }

    pub(crate) async fn decide(&self, kept: EntityId, joined: EntityId, same: bool) {
        let by = keqiao_domain::AccountId(self.party.0);
        let decision = JoinDecision { kept, joined, same, names: Default::default(), by, at: NOW };
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    joins::decide(tx, &decision).await?;
                    joins::remove_candidate(tx, kept, joined).await?;
                    changes::append(tx, NOW, RecordKind::Entity, joined.0, Action::Updated, None).await.map(drop)
                })
            })
            .await
            .unwrap();
    }

    /// Takes the answer about two entities back.
    pub(crate) async fn undecide(&self, one: EntityId, other: EntityId) {
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    assert!(joins::undecide(tx, one, other).await?);
                    for id in [one, other] {
                        changes::append(tx, NOW, RecordKind::Entity, id.0, Action::Updated, None).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
    }

    /// The entity that an article's local id was resolved to.
    pub(crate) async fn entity(&self, n: u128, local: &str) -> EntityId {
        let mut db = self.store.reader().await.unwrap();
        let named = entities::of_article(&mut db, article_id(n)).await.unwrap();
        named.iter().find(|e| e.local == local).unwrap().entity
    }

    pub(crate) async fn facts_of(&self, n: u128) -> Vec<keqiao_domain::Fact> {
        facts::of_article(&mut self.store.reader().await.unwrap(), article_id(n)).await.unwrap()
    }

    /// Every row of the graph, for comparing.
    pub(crate) async fn graph(&self) -> Vec<String> {
        let mut db = self.store.reader().await.unwrap();
        let mut out = Vec::new();
        for row in entities::page_visible(&mut db, &EntityFilter::default(), None, None, 10_000).await.unwrap() {
            out.push(format!("{row:?} {:?}", entities::names_of(&mut db, row.entity.id, None).await.unwrap()));
        }
        for article in articles::page_all(&mut db, None, 10_000).await.unwrap() {
            out.push(format!("{:?}", entities::of_article(&mut db, article.id).await.unwrap()));
        }
        let order = FactOrder::Earliest(None);
        let all = facts::page_visible(&mut db, &FactFilter::default(), None, &order, 10_000).await.unwrap();
        out.extend(all.iter().map(|f| format!("{f:?}")));
        out.extend(joins::candidates(&mut db, None, 10_000).await.unwrap().iter().map(|c| format!("{c:?}")));
        for agreement in agreements::page_all(&mut db, None, 1_000).await.unwrap() {
            out.push(format!("{:?}", agreements::articles_of(&mut db, agreement.id).await.unwrap()));
        }
        out
    }
}
