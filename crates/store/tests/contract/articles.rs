//! Files, their articles, and what persons said of facts.

use std::collections::BTreeSet;

use keqiao_domain::{
    Article, ArticleId, ArticleState, Audience, CorrectedFact, Correction, CorrectionId, EntityKind, FactId, FactKind,
    Judgement, Leftover, Mention, NamedEntity, Part, ReadArgument, ReadFact, Reading, SourceFile, SourceId, Span,
};
use keqiao_store::articles::ArticleFilter;
use keqiao_store::{Store, StoreError, articles, corrections, sources};

use crate::database::{Database, conflict};
use crate::samples::{account_id, at, uuid};
use crate::transact;

pub(crate) fn source(n: u128) -> SourceFile {
    SourceFile {
        id: SourceId(uuid(n)),
        digest: format!("{n:064x}"),
        name: format!("报纸{n}.html"),
        encoding: "gb18030".to_owned(),
        replaced: 2,
        original: "學(xué)习\u{fffd} 👩‍🔬".to_owned(),
        apart: vec![Leftover { kind: "menu".to_owned(), span: Span { start: 0, end: 3 } }],
        created_by: Some(account_id(1)),
        created_at: at(1),
    }
}

pub(crate) fn article_id(n: u128) -> ArticleId {
    ArticleId(uuid(1_000 + n))
}

fn reading() -> Reading {
    let span = Span { start: 1, end: 9 };
    Reading {
        authors: vec!["记者".to_owned()],
        year: Some(2024),
        year_inferred: true,
        text: "正文".to_owned(),
        captions: vec!["图".to_owned()],
        parts: vec![Part { kind: "body".to_owned(), span }],
        entities: vec![NamedEntity {
            id: "e1".to_owned(),
            kind: EntityKind::Platform,
            name: "某平台".to_owned(),
            aliases: vec!["平台".to_owned()],
        }],
        mentions: vec![Mention { kind: "date".to_owned(), span, entity: None, value: Some("2024-01-01".to_owned()) }],
        facts: vec![ReadFact {
            kind: FactKind::Launched,
            args: vec![ReadArgument {
                role: "thing".to_owned(),
                entity: Some("e1".to_owned()),
                text: "某平台".to_owned(),
            }],
            day: None,
            confidence: 0.1 + 0.2,
            span,
            sentence: "某平台上线。".to_owned(),
        }],
    }
}

/// The `n`-th article of the file of the same number.
pub(crate) fn article(n: u128) -> Article {
    Article {
        id: article_id(n),
        source: SourceId(uuid(n)),
        ordinal: 0,
        title: format!("示例报道{n}"),
        published: Some("2024-01-01".to_owned()),
        place: Some("无锡".to_owned()),
        origin: None,
        state: ArticleState::Live,
        readers: Audience::Public,
        text_readers: Audience::Member,
        reading: reading(),
        reader_version: 1,
        version: 1,
        demo: false,
        created_at: at(1),
        updated_at: at(1),
    }
}

/// Writes articles, each with its file.
pub(crate) async fn bring_in(store: &Store, all: &[Article]) {
    let all = all.to_vec();
    transact!(store, conn => {
        for a in &all {
            sources::insert(conn, &SourceFile { id: a.source, ..source(a.source.0.as_u128() & 0xffff) }).await?;
            articles::insert(conn, a).await?;
        }
    })
    .unwrap();
}

fn tokens(list: &[&str]) -> Vec<String> {
    list.iter().map(|t| (*t).to_owned()).collect()
}

pub(crate) async fn a_file_and_its_articles_read_back(db: Database) {
    let store = db.open().await;
    let full = Article {
        origin: Some("某报".to_owned()),
        state: ArticleState::Withdrawn,
        readers: Audience::Member,
        text_readers: Audience::Operator,
        demo: true,
        ..article(1)
    };
    let bare = Article { ordinal: 1, published: None, place: None, reading: Reading::default(), ..article(2) };
    let bare = Article { source: source(1).id, ..bare };
    let (a, b) = (full.clone(), bare.clone());
    transact!(store, conn => {
        sources::insert(conn, &source(1)).await?;
        articles::insert(conn, &a).await?;
        articles::insert(conn, &b).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    let file = source(1);
    assert_eq!(sources::find(conn, file.id).await.unwrap(), Some(file.clone()));
    assert_eq!(sources::find_many(conn, &[SourceId(uuid(9)), file.id]).await.unwrap(), std::slice::from_ref(&file));
    assert_eq!(sources::names(conn, &[file.id]).await.unwrap(), [(file.id, file.name.clone())]);
    assert_eq!(sources::id_of_digest(conn, &file.digest).await.unwrap(), Some(file.id));
    assert_eq!(sources::page_all(conn, None, 9).await.unwrap(), std::slice::from_ref(&file));
    assert_eq!(sources::page_all(conn, Some(file.id), 9).await.unwrap(), []);
    assert_eq!(articles::find(conn, full.id).await.unwrap(), Some(full.clone()));
    assert_eq!(articles::of_source(conn, file.id).await.unwrap(), [full.clone(), bare.clone()]);
    assert_eq!(articles::find_many(conn, &[bare.id, full.id]).await.unwrap(), [bare.clone(), full.clone()]);
    assert_eq!(articles::page_all(conn, Some(full.id), 9).await.unwrap(), std::slice::from_ref(&bare));
    let head = articles::heads(conn, &[full.id]).await.unwrap().pop().unwrap();
    assert!(head.withdrawn && head.demo && head.source_name == file.name);
    assert_eq!(articles::count(conn).await.unwrap(), 2);
    assert_eq!(articles::sources_read_before(conn, 2, None, 9).await.unwrap(), [file.id]);
    assert_eq!(articles::sources_read_before(conn, 1, None, 9).await.unwrap(), []);
    assert_eq!(articles::sources_read_before(conn, 2, Some(file.id), 9).await.unwrap(), []);

    let live = Article { state: ArticleState::Live, version: 2, reader_version: 2, ..full.clone() };
    let write = async |expected| {
        let live = live.clone();
        transact!(store, conn => articles::update(conn, &live, expected).await?).unwrap()
    };
    assert!(!write(7).await);
    assert!(write(1).await);
    let id = file.id;
    let moved = vec![Leftover { kind: "share".to_owned(), span: Span { start: 4, end: 5 } }];
    let apart = moved.clone();
    assert!(transact!(store, conn => sources::set_apart(conn, id, &apart).await?).unwrap());
    assert!(!transact!(store, conn => sources::set_apart(conn, SourceId(uuid(9)), &[]).await?).unwrap());
    assert_eq!(articles::find(conn, full.id).await.unwrap(), Some(live));
    assert_eq!(sources::find(conn, id).await.unwrap().unwrap().apart, moved);
}

pub(crate) async fn what_is_twice_is_refused_by_its_key(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1)]).await;
    let refuse = async |s: SourceFile| conflict(transact!(store, conn => sources::insert(conn, &s).await?));
    assert_eq!(refuse(SourceFile { digest: "other".to_owned(), ..source(1) }).await, "sources.id");
    assert_eq!(refuse(SourceFile { id: SourceId(uuid(2)), ..source(1) }).await, "sources.digest");
    let refuse = async |a: Article| conflict(transact!(store, conn => articles::insert(conn, &a).await?));
    assert_eq!(refuse(Article { ordinal: 1, ..article(1) }).await, "articles.id");
    assert_eq!(refuse(Article { id: article_id(2), ..article(1) }).await, "articles.source_id+ordinal");
    assert_eq!(refuse(article(2)).await, StoreError::REFERENCE);
}

pub(crate) async fn readers_see_the_articles_that_are_for_them(db: Database) {
    let store = db.open().await;
    let all = [
        article(1),
        Article { readers: Audience::Member, ..article(2) },
        Article { readers: Audience::Operator, ..article(3) },
        Article { state: ArticleState::Withdrawn, ..article(4) },
    ];
    bring_in(&store, &all).await;
    let conn = &mut store.reader().await.unwrap();
    let mut seen = async |tokens: Option<Vec<String>>| -> Vec<u128> {
        let filter = ArticleFilter::default();
        let page = articles::page_visible(conn, &filter, tokens.as_deref(), None, 99).await.unwrap();
        (1..=4).filter(|n| page.iter().any(|h| h.id == article_id(*n))).collect()
    };
    assert_eq!(seen(Some(tokens(&["public"]))).await, [1]);
    assert_eq!(seen(Some(tokens(&["public", "member"]))).await, [1, 2]);
    assert_eq!(seen(Some(tokens(&["operator"]))).await, [3, 4]);
    assert_eq!(seen(Some(Vec::new())).await, Vec::<u128>::new());
    assert_eq!(seen(None).await, [1, 2, 3, 4]);
}

pub(crate) async fn pages_of_articles_lose_and_repeat_nothing(db: Database) {
    let store = db.open().await;
    let days = [Some("2024-01-02"), None, Some("2024-01-01"), Some("2023-12-31")];
    let dated = |n: u128| Article { published: days[n as usize % 4].map(str::to_owned), ..article(n) };
    let all: Vec<Article> = (0..30).map(dated).collect();
    bring_in(&store, &all).await;
    let conn = &mut store.reader().await.unwrap();
    let mut expected = all.clone();
    expected.sort_by_key(|a| std::cmp::Reverse((a.published.clone().unwrap_or_default(), a.id)));
    let mut pages = async |filter: ArticleFilter, expected: Vec<ArticleId>| {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = articles::page_visible(conn, &filter, None, after, 4).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some((last.published.clone().unwrap_or_default(), last.id));
            found.extend(page.iter().map(|h| h.id));
        }
        assert_eq!(found, expected, "{filter:?}");
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
    };
    let ids = |list: &[Article]| list.iter().map(|a| a.id).collect::<Vec<_>>();
    pages(ArticleFilter::default(), ids(&expected)).await;
    let to = ArticleFilter { to: Some("2024-01-01".to_owned()), ..ArticleFilter::default() };
    expected.retain(|a| a.published.is_some());
    let until: Vec<Article> = expected.iter().filter(|a| a.published.as_deref() != days[0]).cloned().collect();
    pages(to, ids(&until)).await;
    let from = ArticleFilter { from: Some("2024-01-01".to_owned()), ..ArticleFilter::default() };
    expected.retain(|a| a.published.as_deref() != days[3]);
    pages(from, ids(&expected)).await;
}

pub(crate) async fn words_of_a_headline_are_found_as_they_stand(db: Database) {
    let store = db.open().await;
    let titles = ["增长50%的企业", "增长500的企业", "a_b计划", "axb计划", "好!好", "ＡＢＣ芯片", "學會年會"];
    let all: Vec<Article> = (1..).zip(titles).map(|(n, t)| Article { title: t.to_owned(), ..article(n) }).collect();
    bring_in(&store, &all).await;
    let conn = &mut store.reader().await.unwrap();
    for (words, expected) in [
        ("50%", vec![titles[0]]),
        ("%", vec![titles[0]]),
        ("A_B", vec![titles[2]]),
        ("_", vec![titles[2]]),
        ("!", vec![titles[4]]),
        ("abc", vec![titles[5]]),
        ("企业", vec![titles[1], titles[0]]),
        ("'; --", Vec::new()),
    ] {
        let filter = ArticleFilter { words: Some(words.to_owned()), ..ArticleFilter::default() };
        let page = articles::page_visible(conn, &filter, None, None, 99).await.unwrap();
        assert_eq!(page.iter().map(|h| h.title.as_str()).collect::<Vec<_>>(), expected, "{words}");
    }
}

pub(crate) async fn what_was_said_of_a_fact_gives_way_to_what_is_said_later(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1), article(2)]).await;
    let said = |n: u128, article, judgement, seconds| Correction {
        id: CorrectionId(uuid(n)),
        article,
        fact: FactId(uuid(70 + n % 10)),
        kind: FactKind::HoldsPosition,
        span: Span { start: 3, end: 17 },
        judgement,
        content: CorrectedFact {
            args: vec![("person".to_owned(), "某人".to_owned())],
            day: Some("2024-02-29".to_owned()),
            sentence: "某人任某职。".to_owned(),
            was: vec![("person".to_owned(), "某".to_owned())],
        },
        by: account_id(1),
        at: at(seconds),
    };
    let first = said(1, article_id(1), Judgement::Rejected, 5);
    let other = said(2, article_id(1), Judgement::Confirmed, 3);
    let elsewhere = said(3, article_id(2), Judgement::Amended, 1);
    let later = said(11, article_id(1), Judgement::Amended, 9);
    let put = async |c: &Correction| {
        let c = c.clone();
        transact!(store, conn => corrections::put(conn, &c).await?)
    };
    for c in [&first, &other, &elsewhere, &later] {
        put(c).await.unwrap();
    }
    let later = Correction { id: first.id, ..later };
    let conn = &mut store.reader().await.unwrap();
    let of = corrections::of_articles(conn, &[article_id(1)]).await.unwrap();
    assert_eq!(of, [other.clone(), later.clone()]);
    assert_eq!(corrections::page_all(conn, None, 2).await.unwrap(), [later, other.clone()]);
    assert_eq!(corrections::page_all(conn, Some(other.id), 2).await.unwrap(), [elsewhere]);
    let (article, fact) = (other.article, other.fact);
    assert!(transact!(store, conn => corrections::remove(conn, article, fact).await?).unwrap());
    assert!(!transact!(store, conn => corrections::remove(conn, article, fact).await?).unwrap());
    assert_eq!(conflict(put(&said(4, article_id(9), Judgement::Rejected, 1)).await), StoreError::REFERENCE);
}
