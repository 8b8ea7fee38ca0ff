//! The index and the matching inside the process, beside plain tantivy with jieba on the same texts.

use std::cell::Cell;
use std::sync::Arc;

use keqiao_benches::corpus::{Corpus, LISTINGS, PARTIES, demo_needs, whole_text};
use keqiao_benches::figures::{Figures, Target, Times};
use keqiao_benches::plain::PlainIndex;
use keqiao_benches::process::{WorkDir, cpu_seconds};
use keqiao_benches::{Done, Rng, timed};
use keqiao_domain::{Audience, Listing, Party, Tier};
use keqiao_matching::{Lexicon, Need, WeightSet};
use keqiao_search::{IndexOp, ListingDoc, Matcher, PartyDoc, Query, Reader, SearchIndex, offers_for};
use keqiao_text::Text;

const QUERIES: usize = 2_000;
const NEEDS: usize = 500;
const BASELINE_NEEDS: usize = 50;

/// Prints the figures.
pub(crate) fn measure() -> Done {
    let dir = WorkDir::new("search")?;
    let catalog = Arc::new(keqiao_catalog::load(None).map_err(|faults| faults.to_string())?);
    let text = Arc::new(Text::for_catalog(&catalog));
    let lexicon = Lexicon::new(catalog.clone(), text.clone());
    let corpus = Corpus::new(&catalog)?;
    let parties: Vec<Party> = (0..PARTIES).map(|n| corpus.party(n)).collect();
    let listings: Vec<Listing> = (0..LISTINGS).map(|n| corpus.listing(n)).collect();
    let chars: usize = listings.iter().take(2_000).map(|l| whole_text(&l.content).chars().count()).sum();
    println!("\n{LISTINGS} listings of {} characters on average, {PARTIES} parties\n", chars / 2_000);

    let figures = Figures::begin();
    let plain = PlainIndex::create(&dir.join("plain"))?;
    let index = SearchIndex::create_in(&dir.join("index"), catalog.clone(), text)?;
    build(&figures, &plain, &index, &parties, &listings)?;
    search(&figures, &plain, &index, &listings)?;
    let visitor = Reader { tokens: Some(vec![Audience::Public.to_string()]), member: false };
    let mut rng = Rng::new(3);
    let synthetic = (0..NEEDS).map(|_| whole_text(&rng.pick(&listings).content)).collect();
    for (name, needs) in [("a synthetic text", synthetic), ("a demo need", demo_needs()?)] {
        matching(&figures, &plain, &index, &lexicon, &visitor, name, &needs)?;
    }
    Ok(())
}

fn build(figures: &Figures, plain: &PlainIndex, index: &SearchIndex, parties: &[Party], listings: &[Listing]) -> Done {
    let mut ops = Vec::with_capacity(listings.len() + parties.len());
    let mut records = Vec::with_capacity(listings.len());
    for listing in listings {
        let place = parties.binary_search_by_key(&listing.party, |p| p.id).map_err(|_| "no such party")?;
        let party = &parties[place];
        let content = &listing.content;
        let text = [&whole_text(content), &content.keywords.join(" "), &party.name].map(String::as_str).join("\n");
        records.push([listing.id.to_string(), content.title.clone(), text]);
        let doc = ListingDoc { listing: listing.clone(), party: party.clone(), attachments: 0 };
        ops.push(IndexOp::Listing(Box::new(doc)));
    }
    ops.extend(parties.iter().map(|party| IndexOp::Party(Box::new(PartyDoc { party: party.clone(), listings: 30 }))));
    let start = cpu_seconds()?;
    let (base, ()) = timed(|| plain.add_all(records.into_iter()))?;
    let middle = cpu_seconds()?;
    let (ours, added) = timed(|| {
        let added = index.add_bulk(ops.into_iter(), 1)?;
        index.teach()?;
        Ok(added)
    })?;
    let end = cpu_seconds()?;
    assert_eq!(added as usize, listings.len() + parties.len(), "records in the index");
    let baseline = Some((base, "tantivy + jieba"));
    figures.add(
        "index of 100,000 listings and 3,000 parties, and what they teach",
        ours,
        "s",
        baseline,
        Target::AtMost(30.0),
    );
    let baseline = Some((middle - start, "tantivy + jieba"));
    figures.add("of it, work of the processors", end - middle, "CPU s", baseline, Target::None);
    Ok(())
}

/// Queries of 4 to 12 words that stand in one listing, where a visitor reads them.
fn queries(listings: &[Listing]) -> Vec<String> {
    let (jieba, mut rng) = (keqiao_text::dictionary(), Rng::new(1));
    let mut queries = Vec::with_capacity(QUERIES);
    while queries.len() < QUERIES {
        let content = &rng.pick(listings).content;
        if content.details_tier != Tier::Public {
            continue;
        }
        let text = whole_text(content);
        let words: Vec<&str> = jieba.cut(&text, true).into_iter().map(|token| token.word).collect();
        let words: Vec<&str> = words.into_iter().filter(|w| w.chars().all(char::is_alphanumeric)).collect();
        let long: Vec<&str> = words.into_iter().filter(|w| w.chars().count() > 1).collect();
        if !long.is_empty() {
            let count = 4 + rng.below(9);
            queries.push((0..count).map(|_| *rng.pick(&long)).collect::<Vec<_>>().join(" "));
        }
    }
    queries
}

fn search(figures: &Figures, plain: &PlainIndex, index: &SearchIndex, listings: &[Listing]) -> Done {
    let queries = queries(listings);
    let visitor = Reader { tokens: Some(vec![Audience::Public.to_string()]), member: false };
    let found = Cell::new(0);
    let ask = |text: &String, facets| -> Done {
        let query = Query { text: text.clone(), facets, ..Query::default() };
        let page = index.search(&query, &visitor)?;
        found.set(found.get() + usize::from(!page.hits.is_empty()));
        Ok(())
    };
    for query in queries.iter().take(100) {
        plain.search(query, 20)?;
        ask(query, true)?;
    }
    let base = Times::of(&queries, |q| plain.search(q, 20).map(drop))?;
    for (name, facets) in [("", false), (", facets", true)] {
        found.set(0);
        let ours = Times::of(&queries, |q| ask(q, facets))?;
        let what = |part: &str| format!("search, 4–12 words, 20 hits with cards and snippets{name}: {part}");
        figures.add(&what("p50"), ours.p50(), "ms", Some((base.p50(), "tantivy")), Target::None);
        figures.add(&what("p99"), ours.p99(), "ms", Some((base.p99(), "tantivy")), Target::AtMost(5.0));
    }
    figures.add(
        "of these queries, with a hit",
        found.get() as f64 * 100.0 / queries.len() as f64,
        "%",
        None,
        Target::None,
    );
    Ok(())
}

fn matching(
    figures: &Figures,
    plain: &PlainIndex,
    index: &SearchIndex,
    lexicon: &Lexicon,
    reader: &Reader,
    name: &str,
    needs: &[String],
) -> Done {
    let weights = WeightSet::default();
    let matcher = Matcher { index, lexicon, reader, weights: &weights };
    let answer = |text: &String| -> Done {
        offers_for(&matcher, Need::from_text(text, lexicon), None, 10)?;
        Ok(())
    };
    // Plain tantivy has to be asked for each of hundreds of words; a few questions tell.
    let base = Times::of(&needs[..needs.len().min(BASELINE_NEEDS)], |need| plain.search(need, 60).map(drop))?;
    // After it, for what lies idle so long a machine may put away.
    for need in needs.iter().take(20) {
        answer(need)?;
    }
    let ours = Times::of(needs, answer)?;
    let read = Times::of(needs, |need| {
        std::hint::black_box(Need::from_text(need, lexicon));
        Ok(())
    })?;
    let what = |part: &str| format!("match, {name} read and the 10 best explained: {part}");
    figures.add(&what("p50"), ours.p50(), "ms", Some((base.p50(), "tantivy, 60 hits")), Target::None);
    figures.add(&what("p99"), ours.p99(), "ms", Some((base.p99(), "tantivy, 60 hits")), Target::AtMost(10.0));
    figures.add(&format!("of it, reading {name}: p50"), read.p50(), "ms", None, Target::None);
    Ok(())
}
