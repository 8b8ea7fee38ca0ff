//! Vectors of meaning from outside: used once all are there, and missed by nobody when they are not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keqiao_domain::{Listing, ListingId, Reason, Side};
use keqiao_followers::{IndexFollower, catch_up};
use keqiao_matching::{Need, WeightSet};
use keqiao_search::{EmbedError, Embedder, Embeddings, Found, Matcher, Reader, SearchIndex, offers_for};
use keqiao_store::Store;

use crate::house::WORDS;
use crate::same::{LISTINGS, id, listing, open_index, open_store, put};

/// Knows that who asks for `灯塔` means bearings: all texts lie on one axis, these two on another.
#[derive(Debug)]
struct Outside {
    there: Arc<AtomicBool>,
}

impl Embedder for Outside {
    fn name(&self) -> &'static str {
        "outside"
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        if !self.there.load(Ordering::SeqCst) {
            return Err(EmbedError::Unreachable("gone".to_owned()));
        }
        let near = |text: &&str| text.contains("灯塔") || text.contains("轴承");
        Ok(texts.iter().map(|t| if near(t) { vec![1.0, 0.1, 0.0] } else { vec![0.0, 0.1, 1.0] }).collect())
    }
}

fn found(index: &SearchIndex, need: &str) -> Vec<Found> {
    let (weights, lexicon) = (WeightSet::default(), &*WORDS.2);
    let reader = Reader { tokens: Some(vec!["public".to_owned()]), member: true };
    let matcher = Matcher { index, lexicon, reader: &reader, weights: &weights };
    offers_for(&matcher, Need::from_text(need, lexicon), None, 10).unwrap()
}

/// What the channel of meaning says of the best match; `None`: nothing.
fn meaning(found: &[Found]) -> Option<f64> {
    found.first()?.matched.reasons.iter().find_map(|reason| match reason {
        Reason::Text { channels, .. } => channels.iter().find(|c| c.channel == "meaning").map(|c| c.value),
        _ => None,
    })
}

async fn filled(store: &Store, index: &Arc<SearchIndex>) {
    for number in 0..LISTINGS {
        put(store, listing(number)).await;
    }
    follow(store, index).await;
}

async fn follow(store: &Store, index: &Arc<SearchIndex>) {
    catch_up(store, &IndexFollower::new(store.clone(), index.clone(), "one".into())).await.unwrap();
}

const NEED: &str = "灯塔与轴承";

#[tokio::test]
async fn vectors_from_outside_are_used_when_all_are_there_and_never_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("keqiao.db").display());
    let (store, dir) = (open_store(url).await, folder.path().join("index"));
    let there = Arc::new(AtomicBool::new(false));
    let open = || {
        let path = folder.path().join("embeddings.bin");
        let outside = Embeddings::open(&path, Box::new(Outside { there: there.clone() })).unwrap();
        let index = SearchIndex::open_with(&dir, WORDS.0.clone(), WORDS.1.clone(), Some(Arc::new(outside)));
        Arc::new(index.unwrap())
    };
    let index = open();
    filled(&store, &index).await;
    assert!(index.teach().unwrap(), "without it the texts teach");
    let own = meaning(&found(&index, NEED)).unwrap();
    assert!(index.has_news_to_learn(), "it is asked again");

    there.store(true, Ordering::SeqCst);
    assert!(index.teach().unwrap(), "now it makes them");
    let outside = meaning(&found(&index, NEED)).unwrap();
    assert!(outside > 0.99 && outside != own, "{own} {outside}");
    assert!(!index.teach().unwrap() && !index.has_news_to_learn());

    there.store(false, Ordering::SeqCst);
    let silent = found(&index, "轴承故障的灯塔");
    assert!(!silent.is_empty() && meaning(&silent).is_none(), "the other channels answer");
    assert_eq!(meaning(&found(&index, NEED)), Some(outside), "a question that was asked before");

    let late = Listing { id: ListingId(id(9_001)), side: Side::Offer, ..listing(7) };
    let mut content = late.content.clone();
    content.title = "轴承灯塔台".to_owned();
    put(&store, Listing { content, ..late.clone() }).await;
    follow(&store, &index).await;
    let of_late = |index: &SearchIndex| {
        let all = found(index, NEED);
        let at = all.iter().position(|f| f.id == late.id)?;
        meaning(&all[at..])
    };
    assert_eq!(of_late(&index), Some(0.0), "it is found though it has no vector yet");
    assert!(index.teach().unwrap(), "it is a teacher of what is rare");
    assert_eq!(of_late(&index), Some(0.0), "the others keep their vectors meanwhile");
    there.store(true, Ordering::SeqCst);
    assert!(!index.teach().unwrap());
    assert!(of_late(&index).unwrap() > 0.99, "and has one when that can be had");

    drop(index);
    there.store(false, Ordering::SeqCst);
    let again = open();
    assert!(!again.teach().unwrap(), "all vectors are still there");
    drop(again);
    let without = open_index(&dir);
    assert!(meaning(&found(&without, NEED)).is_none(), "vectors that nobody here makes say nothing");
    assert!(without.teach().unwrap());
    assert_eq!(meaning(&found(&without, NEED)).map(|own| own > 0.0), Some(true));
}
