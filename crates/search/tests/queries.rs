//! Queries over a small corpus: what must be found and what must not.
#![allow(clippy::unwrap_used)]

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;

use corpus::{Case, Corpus, listing_id, number, party_id};
use keqiao_domain::{ListingState, PartyId, RecordId, Side};
use keqiao_matching::retrieval::Fusion;
use keqiao_search::{CandidateQuery, IndexOp, Query, Reader, SearchError, SearchIndex, Sort, What, swap};
use proptest::prelude::*;

fn query_of(case: &Case) -> Query {
    Query {
        text: case.text.clone(),
        what: if case.what == "parties" { What::Parties } else { What::Listings },
        side: case.side,
        kinds: case.kinds.clone(),
        region: case.region.clone(),
        industry: case.industry.clone(),
        chain: case.chain.clone(),
        maturity: case.maturity,
        price_max: case.price_max,
        states: case.states.clone(),
        verified: case.verified,
        party: case.party.map(party_id),
        limit: 100,
        ..Query::default()
    }
}

#[test]
fn the_table_holds() {
    let corpus = Corpus::read();
    assert!(corpus.cases.len() >= 60, "{} cases", corpus.cases.len());
    let (_dir, index) = corpus.index();
    let mut faults = Vec::new();
    for case in &corpus.cases {
        let page = index.search(&query_of(case), &corpus::reader(&case.reader)).unwrap();
        let found: Vec<u128> = page.hits.iter().map(|h| number(h.id)).collect();
        let mut fault = |what: String| {
            faults.push(format!("{}: {:?}: {what}; found {found:?}", case.name, case.text));
        };
        case.find.iter().filter(|n| !found.contains(n)).for_each(|n| fault(format!("missing {n}")));
        case.miss.iter().filter(|n| found.contains(n)).for_each(|n| fault(format!("unwanted {n}")));
        if case.first.is_some_and(|n| found.first() != Some(&n)) {
            fault(format!("first is not {:?}", case.first));
        }
        if case.total.is_some_and(|n| page.total != n) {
            fault(format!("total {}", page.total));
        }
        let meant = page.did_you_mean.unwrap_or_default();
        if case.did_you_mean.as_ref().is_some_and(|d| *d != meant) {
            fault(format!("did you mean {meant:?}"));
        }
        if page.total != page.hits.len() as u64 {
            fault(format!("total {} is not the number of hits", page.total));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn marks_show_what_was_found() {
    let corpus = Corpus::read();
    let (_dir, index) = corpus.index();
    let visitor = corpus::reader("visitor");
    let marked = |text: &str, id: u128| {
        let page = index.search(&Query { text: text.into(), ..Query::default() }, &visitor).unwrap();
        let hit = page.hits.into_iter().find(|h| h.id == listing_id(id).0).unwrap();
        let cut = |s: &str, (a, b): (usize, usize)| s.chars().skip(a).take(b - a).collect::<String>();
        let title: Vec<_> = hit.title_marks.iter().map(|m| cut(&hit.card.title, *m)).collect();
        let text: Vec<_> = hit.snippet_marks.iter().map(|m| cut(&hit.snippet, *m)).collect();
        (title, text)
    };
    assert_eq!(marked("碳化硅", 101).0, ["SiC"]);
    assert_eq!(marked("电磁相容", 110).0, ["電磁相容"]);
    assert_eq!(marked("gb/t4754", 106).1, ["GB/T 4754"]);
    assert_eq!(marked("aecq100", 105).1, ["AEC Q100"]);
    assert_eq!(marked("燃料电池 升压", 102).1, ["燃料电池升压"]);
    assert_eq!(marked("燃料电池 半桥", 102).1, ["半桥", "燃料电池"]);
}

#[test]
fn what_a_reader_may_not_read_is_in_no_answer() {
    let corpus = Corpus::read();
    let (dir, index) = corpus.index();
    let everything = |reader: &Reader| {
        let q = Query { text: "高精度时钟芯片".into(), ..Query::default() };
        let page = index.search(&q, reader).unwrap();
        let asked = CandidateQuery {
            side: Side::Offer,
            kinds: vec!["chip".into()],
            exclude: None,
            exclude_party: None,
            limit: 50,
        };
        let mut need = corpus::need("高精度 时钟芯片 体声波", &index);
        let candidates = index.candidates(&mut need, &asked, &Fusion::default(), reader).unwrap();
        assert!(candidates.iter().any(|c| c.id == listing_id(404)));
        let views: Vec<_> = candidates.into_iter().map(|c| c.view).collect();
        serde_json::to_string(&page).unwrap() + &serde_json::to_string(&views).unwrap()
    };
    let seen = everything(&corpus::reader("visitor"));
    for secret in ["体声波", "九成五", "绝密三角", "麒麟座", "1390000"] {
        assert!(!seen.contains(secret), "{secret}");
    }
    let seen = everything(&corpus::reader("member"));
    assert!(seen.contains("体声波") && seen.contains("九成五"));
    for secret in ["绝密三角", "麒麟座", "1390000"] {
        assert!(!seen.contains(secret), "{secret}");
    }
    // Nor in any file of the index: stored records are compressed, so terms are looked for too.
    let passages = std::fs::read(dir.path().join("keqiao-passages.bin")).unwrap();
    let passages = String::from_utf8(passages).unwrap();
    assert!(passages.contains("高精度") && !passages.contains("体声波"), "what members alone may read stays out");
    for word in ["麒麟座", "雪莲花", "绝密三角", "13900000000"] {
        assert!(!passages.contains(word), "{word}");
        for field in ["title", "text", "member", "pinyin", "sound"] {
            assert_eq!(corpus::frequency(dir.path(), field, word), 0, "{field} {word}");
            let pair: String = word.chars().take(2).collect();
            assert_eq!(corpus::frequency(dir.path(), field, &pair), 0, "{field} {pair}");
        }
    }
}

fn pages(index: &SearchIndex, q: &Query, reader: &Reader) -> Vec<RecordId> {
    let mut q = q.clone();
    let mut ids = Vec::new();
    loop {
        let page = index.search(&q, reader).unwrap();
        ids.extend(page.hits.iter().map(|h| h.id));
        match page.next {
            Some(next) => q.after = Some(next),
            None => {
                assert_eq!(ids.len() as u64, page.total);
                return ids;
            }
        }
    }
}

#[test]
fn pages_have_no_gap_and_no_double() {
    let corpus = Corpus::read();
    let (_dir, index) = corpus.index();
    let operator = corpus::reader("operator");
    for text in ["", "标准件样品", "芯片", "技术 方案", "硅"] {
        for sort in [Sort::Relevance, Sort::Newest] {
            let mut orders = BTreeSet::new();
            for limit in [1, 2, 7, 100] {
                let q = Query { text: text.into(), sort, limit, ..Query::default() };
                let ids = pages(&index, &q, &operator);
                assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{text:?} {limit}");
                orders.insert(ids);
            }
            assert_eq!(orders.len(), 1, "{text:?} {sort:?}");
        }
    }
    let ties = pages(&index, &Query { text: "标准件样品".into(), limit: 1, ..Query::default() }, &operator);
    assert_eq!(ties.into_iter().map(number).collect::<BTreeSet<_>>(), BTreeSet::from([501, 502, 503]));
}

#[test]
fn newest_first() {
    let corpus = Corpus::read();
    let (_dir, index) = corpus.index();
    let q = Query { sort: Sort::Newest, limit: 100, ..Query::default() };
    let page = index.search(&q, &corpus::reader("visitor")).unwrap();
    let times: Vec<_> = page.hits.iter().map(|h| h.card.published_at).collect();
    assert!(times.len() > 30 && times.windows(2).all(|w| w[0] >= w[1]));
}

#[test]
fn a_facet_is_counted_with_the_other_filters() {
    let corpus = Corpus::read();
    let (_dir, index) = corpus.index();
    let visitor = corpus::reader("visitor");
    let base = Query { text: "芯片".into(), facets: true, limit: 100, ..Query::default() };
    let all = index.search(&base, &visitor).unwrap();
    let side_sum: u64 = all.facets.side.iter().map(|(_, n)| n).sum();
    assert_eq!(side_sum, all.total);
    for (kind, count) in &all.facets.kind {
        let q = Query { kinds: vec![kind.clone()], ..base.clone() };
        let page = index.search(&q, &visitor).unwrap();
        assert_eq!(page.total, *count, "{kind}");
        assert_eq!(page.facets.kind, all.facets.kind, "its own filter does not narrow a facet");
        let states: u64 = page.facets.state.iter().map(|(_, n)| n).sum();
        assert_eq!(states, page.total, "other filters narrow it");
    }
    for (region, count) in &all.facets.region {
        let q = Query { region: Some(region.clone()), ..base.clone() };
        assert_eq!(index.search(&q, &visitor).unwrap().total, *count, "{region}");
    }
    let within = Query { region: Some("320000".into()), facets: true, ..Query::default() };
    let page = index.search(&within, &visitor).unwrap();
    let codes: BTreeSet<&str> = page.facets.region.iter().map(|(c, _)| c.as_str()).collect();
    assert_eq!(codes, BTreeSet::from(["320200"]));
    let chains = index.search(&Query { facets: true, ..Query::default() }, &visitor).unwrap().facets.chain;
    assert!(chains.iter().any(|(c, n)| c == "chain-ic" && *n == 3), "one record counts once: {chains:?}");
}

#[test]
fn changes_are_seen_and_the_cursor_comes_back() {
    let corpus = Corpus::read();
    let (dir, index) = corpus.index();
    let visitor = corpus::reader("visitor");
    let count = |index: &SearchIndex, text: &str| {
        index.search(&Query { text: text.into(), ..Query::default() }, &visitor).unwrap().total
    };
    let mut doc = corpus.listing(205);
    doc.listing.content.title = "氧化铝陶瓷基板".into();
    doc.listing.version = 2;
    index.apply(vec![IndexOp::Listing(Box::new(doc))], 41).unwrap();
    assert_eq!((count(&index, "石墨烯导热"), count(&index, "陶瓷基板")), (0, 1));
    assert!(index.ids().unwrap().contains(&(listing_id(205).0, 2)));
    index.apply(vec![IndexOp::Delete(listing_id(205).0)], 42).unwrap();
    assert_eq!((count(&index, "陶瓷基板"), index.cursor()), (0, 42));
    let docs = index.num_docs();
    index.release_writer().unwrap();
    drop(index);
    let again = corpus.open(dir.path()).unwrap();
    assert_eq!((again.cursor(), again.num_docs()), (42, docs));
    assert_eq!(again.ids().unwrap().len() as u64, docs);
    assert!(again.damaged_files().unwrap().is_empty());
}

#[test]
fn a_bulk_build_equals_single_changes() {
    let corpus = Corpus::read();
    let (_dir, single) = corpus.index();
    let dir = tempfile::tempdir().unwrap();
    let bulk = corpus.create(dir.path());
    let added = bulk.add_bulk(corpus.ops().into_iter(), 7).unwrap();
    assert_eq!((added, bulk.cursor()), (single.num_docs(), 7));
    for case in &corpus.cases {
        let ids = |index: &SearchIndex| {
            let page = index.search(&query_of(case), &corpus::reader(&case.reader)).unwrap();
            page.hits.iter().map(|h| h.id).collect::<BTreeSet<_>>()
        };
        assert_eq!(ids(&single), ids(&bulk), "{}", case.name);
    }
}

#[test]
fn a_damaged_or_foreign_index_asks_for_a_rebuild() {
    let corpus = Corpus::read();
    let (dir, index) = corpus.index();
    drop(index);
    let version = dir.path().join("keqiao-index.json");
    std::fs::write(&version, r#"{"schema":0}"#).unwrap();
    assert!(matches!(corpus.open(dir.path()), Err(SearchError::NeedsRebuild(_))));
    std::fs::remove_file(&version).unwrap();
    assert!(matches!(corpus.open(dir.path()), Err(SearchError::NeedsRebuild(_))));

    let (dir, index) = corpus.index();
    drop(index);
    std::fs::write(dir.path().join("meta.json"), "{").unwrap();
    assert!(matches!(corpus.open(dir.path()), Err(SearchError::NeedsRebuild(_))));
}

#[test]
fn a_swap_puts_the_fresh_index_in_place_also_when_cut_off() {
    let corpus = Corpus::read();
    let root = tempfile::tempdir().unwrap();
    let (current, fresh) = (root.path().join("index"), root.path().join("index.new"));
    corpus.create(&current).apply(Vec::new(), 1).unwrap();
    corpus.create(&fresh).apply(Vec::new(), 2).unwrap();
    swap(&current, &fresh).unwrap();
    assert_eq!(corpus.open(&current).unwrap().cursor(), 2);
    assert!(!fresh.exists());
    // Cut off between the two renames: the former index comes back.
    std::fs::rename(&current, root.path().join("index.old")).unwrap();
    assert_eq!(corpus.open(&current).unwrap().cursor(), 2);
    // A half-made fresh one beside is not looked at.
    std::fs::create_dir(&fresh).unwrap();
    assert_eq!(corpus.open(&current).unwrap().cursor(), 2);
}

#[test]
fn candidates_are_published_offers_of_others() {
    let corpus = Corpus::read();
    let (_dir, index) = corpus.index();
    let mut need = corpus::need("寻求碳化硅功率模块供应，1200V 半桥模块，驱动芯片", &index);
    let asked = CandidateQuery {
        side: Side::Offer,
        kinds: Vec::new(),
        exclude: Some(listing_id(105)),
        exclude_party: None,
        limit: 10,
    };
    let operator = corpus::reader("operator");
    let found = index.candidates(&mut need, &asked, &Fusion::default(), &operator).unwrap();
    assert!(found.iter().take(3).any(|c| c.id == listing_id(101)));
    assert_eq!(found[0].view.title, found[0].card().unwrap().title);
    assert!(found.windows(2).all(|w| w[0].score >= w[1].score));
    for candidate in &found {
        assert_eq!(candidate.view.side, Side::Offer);
        assert_eq!(candidate.card().unwrap().state, Some(ListingState::Published));
        assert_ne!(candidate.id, listing_id(105));
    }
    let others = CandidateQuery { exclude_party: Some(party_id(1)), limit: 3, ..asked };
    let found = index.candidates(&mut need, &others, &Fusion::default(), &operator).unwrap();
    assert!(found.len() <= 3 && found.iter().all(|c| c.card().unwrap().party != party_id(1)));
}

#[test]
fn names_are_suggested() {
    let corpus = Corpus::read();
    let (_dir, index) = corpus.index();
    let names = |prefix: &str| -> Vec<PartyId> {
        let cards = index.suggest_names(prefix, 5, &corpus::reader("visitor")).unwrap();
        cards.into_iter().map(|c| c.party).collect()
    };
    for prefix in ["无锡", "华芯", "wuxi", "wxhx", "華芯"] {
        assert_eq!(names(prefix), [party_id(1)], "{prefix}");
    }
    assert!(names("").is_empty() && names("？").is_empty());
}

#[test]
fn rare_words_weigh_more() {
    let corpus = Corpus::read();
    let (_dir, index) = corpus.index();
    assert!(index.idf("石墨烯") > index.idf("芯片"));
    assert!(index.idf("从未出现") >= index.idf("石墨烯"));
}

#[test]
fn too_many_values_and_strange_cursors_are_refused() {
    let corpus = Corpus::read();
    let (_dir, index) = corpus.index();
    let visitor = corpus::reader("visitor");
    let q = Query { kinds: vec!["chip".into(); 65], ..Query::default() };
    assert!(matches!(index.search(&q, &visitor), Err(SearchError::TooManyFilters)));
    let q = Query { after: Some("nonsense".into()), ..Query::default() };
    assert!(matches!(index.search(&q, &visitor), Err(SearchError::BadCursor)));
}

#[test]
fn long_texts_are_answered() {
    let corpus = Corpus::read();
    let (_dir, index) = corpus.index();
    for text in ["芯".repeat(10_000), "芯片 ".repeat(5_000), "a-1".repeat(4_000), "((".repeat(5_000)] {
        let q = Query { text, facets: true, ..Query::default() };
        index.search(&q, &corpus::reader("member")).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_text_breaks_the_search(text in "\\PC{0,60}") {
        thread_local! {
            static INDEX: (tempfile::TempDir, SearchIndex) = Corpus::read().index();
        }
        INDEX.with(|(_, index)| {
            let q = Query { text, facets: true, ..Query::default() };
            let page = index.search(&q, &corpus::reader("member")).unwrap();
            for hit in page.hits {
                let (title, snippet) = (hit.card.title.chars().count(), hit.snippet.chars().count());
                assert!(hit.title_marks.iter().all(|(a, b)| a < b && *b <= title));
                assert!(hit.snippet_marks.iter().all(|(a, b)| a < b && *b <= snippet));
            }
        });
    }
}
