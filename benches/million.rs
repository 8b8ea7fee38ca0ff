//! The full match from ten thousand listings to a million, beside plain tantivy on the same texts.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use keqiao_benches::corpus::{Corpus, PARTIES};
use keqiao_benches::figures::{Figures, Target, Times};
use keqiao_benches::plain::PlainIndex;
use keqiao_benches::process::{lasting_dir, own_resident};
use keqiao_benches::{Done, Rng, timed};
use keqiao_catalog::Catalog;
use keqiao_domain::{Audience, Listing, Party, Side};
use keqiao_matching::{Lexicon, Need, Offer, WeightSet};
use keqiao_search::{Found, IndexOp, ListingDoc, Matcher, Reader, SearchIndex, match_view, needs_for, offers_for};
use keqiao_text::Text;

/// How it grows.
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Standing needs that a new offer is held against.
const STANDING: usize = 100_000;
/// Numbers from which on a listing is a need of that corpus.
const STANDING_FROM: usize = 10_000_000;
const SHORT: usize = 1_000;
const LONG: usize = 300;
const LONG_CHARS: usize = 300;
/// How often the plain engine is asked the long needs, which take it long.
const LONG_BASELINE: usize = 60;
/// Needs that are asked before it counts.
const WARM: usize = 100;
const WARM_BASELINE: usize = 20;
const OFFERS: usize = 500;
/// Shortest and longest short need, in words.
const FEWEST: usize = 4;
const MOST: usize = 12;
/// Every so many-th need states a figure as well.
const WITH_FIGURE: usize = 2;
const FIGURE: &str = "工作温度-40℃~125℃";
/// The argument by which the bench starts itself to be weighed.
pub(crate) const RESIDENT: &str = "million-resident";

struct World {
    catalog: Arc<Catalog>,
    text: Arc<Text>,
    lexicon: Lexicon,
}

impl World {
    fn new() -> Done<Self> {
        let catalog = Arc::new(keqiao_catalog::load(None).map_err(|faults| faults.to_string())?);
        let text = Arc::new(Text::for_catalog(&catalog));
        Ok(Self { lexicon: Lexicon::new(catalog.clone(), text.clone()), catalog, text })
    }

    fn index(&self, name: &str) -> Done<SearchIndex> {
        Ok(SearchIndex::open(&place(name)?.join("index"), self.catalog.clone(), self.text.clone())?)
    }
}

fn place(name: &str) -> Done<PathBuf> {
    lasting_dir(&format!("million-{name}"))
}

fn visitor() -> Reader {
    Reader { tokens: Some(vec![Audience::Public.to_string()]), member: false }
}

/// Builds, then asks.
pub(crate) fn measure() -> Done {
    build()?;
    ask()?;
    for size in SIZES.iter().map(usize::to_string).chain(["needs".to_owned()]) {
        std::fs::remove_dir_all(place(&size)?)?;
    }
    Ok(())
}

/// Builds all corpora.
pub(crate) fn build() -> Done {
    let world = World::new()?;
    let corpus = Corpus::new(&world.catalog)?;
    let figures = Figures::begin();
    for size in SIZES {
        let dir = place(&size.to_string())?;
        std::fs::remove_dir_all(&dir)?;
        let plain = PlainIndex::create(&dir.join("plain"))?;
        let records = (0..size).map(|n| {
            let content = corpus.plain_listing(n).content;
            let text = [content.title.as_str(), &content.body].join("\n");
            [n.to_string(), String::new(), text]
        });
        let (base, ()) = timed(|| plain.add_all(records))?;
        drop(plain);
        let what = format!("index of {size} listings and what they teach, generating them included");
        let ours = build_index(&world, &corpus, &size.to_string(), 0..size, None)?;
        let target = if size == 1_000_000 { Target::AtMost(300.0) } else { Target::None };
        figures.add(&what, ours, "s", Some((base, "tantivy + jieba")), target);
    }
    let standing = STANDING_FROM..STANDING_FROM + STANDING;
    build_index(&world, &corpus, "needs", standing, Some(Side::Need)).map(drop)
}

fn build_index(
    world: &World,
    corpus: &Corpus<'_>,
    name: &str,
    numbers: std::ops::Range<usize>,
    side: Option<Side>,
) -> Done<f64> {
    let parties: Vec<Party> = (0..PARTIES).map(|n| corpus.party(n)).collect();
    let dir = place(name)?.join("index");
    let index = SearchIndex::create_in(&dir, world.catalog.clone(), world.text.clone())?;
    let ops = numbers.map(|n| {
        let mut listing = corpus.plain_listing(n);
        listing.side = side.unwrap_or(listing.side);
        let place = parties.binary_search_by_key(&listing.party, |p| p.id).unwrap_or_default();
        let party = parties[place].clone();
        IndexOp::Listing(Box::new(ListingDoc { listing, party, attachments: 0 }))
    });
    let (seconds, _) = timed(|| {
        index.add_bulk(ops, 1)?;
        Ok(index.teach()?)
    })?;
    Ok(seconds)
}

/// Needs of 4 to 12 words that stand in one listing.
fn short_needs(corpus: &Corpus<'_>, size: usize) -> Vec<String> {
    let mut rng = Rng::new(11);
    let need = |n: usize| {
        let words = corpus.plain_words(rng.below(size));
        let count = FEWEST + rng.below(MOST - FEWEST + 1);
        let mut chosen: Vec<&str> = (0..count).map(|_| *rng.pick(&words)).collect();
        if n.is_multiple_of(WITH_FIGURE) {
            chosen.push(FIGURE);
        }
        chosen.join("，")
    };
    (0..SHORT).map(need).collect()
}

/// Needs of 300 characters.
fn long_needs(corpus: &Corpus<'_>) -> Vec<String> {
    let need = |n: usize| {
        let words = [corpus.plain_words(2 * STANDING_FROM + 2 * n), corpus.plain_words(2 * STANDING_FROM + 2 * n + 1)];
        let text: String = words.concat().chunks(9).map(|part| part.concat() + "，").collect();
        let text: String = text.chars().take(LONG_CHARS - FIGURE.chars().count()).collect();
        text + FIGURE
    };
    (0..LONG).map(need).collect()
}

/// Asks what was built.
pub(crate) fn ask() -> Done {
    let world = World::new()?;
    let corpus = Corpus::new(&world.catalog)?;
    let figures = Figures::begin();
    for size in SIZES {
        let (index, plain) =
            (world.index(&size.to_string())?, PlainIndex::open(&place(&size.to_string())?.join("plain"))?);
        let many = size == 1_000_000;
        for (name, needs, asked) in
            [("4–12 words", short_needs(&corpus, size), SHORT), ("300 characters", long_needs(&corpus), LONG_BASELINE)]
        {
            let (reader, weights) = (visitor(), WeightSet::default());
            let matcher = Matcher { index: &index, lexicon: &world.lexicon, reader: &reader, weights: &weights };
            let answer = |need: &String| -> Done {
                std::hint::black_box(full_match(&matcher, need)?);
                Ok(())
            };
            needs.iter().take(WARM_BASELINE).try_for_each(|need| plain.search_text(need, 10).map(drop))?;
            let base = Times::of(&needs[..asked], |need| plain.search_text(need, 10).map(drop))?;
            // After it, for what lies idle so long a machine may put away.
            needs.iter().take(WARM).try_for_each(answer)?;
            let ours = Times::of(&needs, answer)?;
            for (part, ours, base, most) in
                [("p50", ours.p50(), base.p50(), 5.0), ("p99", ours.p99(), base.p99(), 20.0)]
            {
                let what = format!("{size} listings, full match of {name}, top 10: {part}");
                let target = if many { Target::AtMost(most) } else { Target::None };
                figures.add(&what, ours, "ms", Some((base, "tantivy, top 10")), target);
            }
        }
        drop((index, plain));
        let exe = std::env::current_exe()?;
        let output = Command::new(exe).arg(RESIDENT).env("SIZE", size.to_string()).output()?;
        let resident: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
        let target = if many { Target::AtMost(700.0) } else { Target::None };
        figures.add(&format!("{size} listings: resident after these matches"), resident, "MB", None, target);
    }
    new_offers(&figures, &world, &corpus)
}

fn full_match(matcher: &Matcher<'_>, need: &str) -> Done<Vec<Found>> {
    Ok(offers_for(matcher, Need::from_text(need, matcher.lexicon), None, 10)?)
}

/// New offers against standing needs.
fn new_offers(figures: &Figures, world: &World, corpus: &Corpus<'_>) -> Done {
    let index = world.index("needs")?;
    let (reader, weights) = (visitor(), WeightSet::default());
    let matcher = Matcher { index: &index, lexicon: &world.lexicon, reader: &reader, weights: &weights };
    let offers: Vec<Listing> = (0..OFFERS).map(|n| corpus.plain_listing(3 * STANDING_FROM + n)).collect();
    let party = corpus.party(0);
    let answer = |listing: &Listing| -> Done {
        let listing = Listing { side: Side::Offer, ..listing.clone() };
        let doc = ListingDoc { listing, party: party.clone(), attachments: 0 };
        let view = match_view(&doc, &world.catalog).for_reader(false);
        std::hint::black_box(needs_for(&matcher, &Offer::new(view, &world.lexicon), None, 10)?);
        Ok(())
    };
    // Others before, as with a program that has run for a while.
    (OFFERS..OFFERS + WARM).map(|n| corpus.plain_listing(3 * STANDING_FROM + n)).try_for_each(|o| answer(&o))?;
    let times = Times::of(&offers, answer)?;
    let what = |part: &str| format!("a new offer against {STANDING} standing needs: {part}");
    figures.add(&what("p50"), times.p50(), "ms", None, Target::None);
    figures.add(&what("p99"), times.p99(), "ms", None, Target::AtMost(10.0));
    Ok(())
}

/// Answers the needs in a process of its own and says how much of it is in memory.
pub(crate) fn resident() -> Done {
    let size: usize = std::env::var("SIZE")?.parse()?;
    let world = World::new()?;
    let corpus = Corpus::new(&world.catalog)?;
    let index = world.index(&size.to_string())?;
    let (reader, weights) = (visitor(), WeightSet::default());
    let matcher = Matcher { index: &index, lexicon: &world.lexicon, reader: &reader, weights: &weights };
    for need in short_needs(&corpus, size).iter().chain(&long_needs(&corpus)) {
        full_match(&matcher, need)?;
    }
    println!("{}", own_resident()?);
    Ok(())
}
