use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Makes a vector of how often each of four letters stands in a text; takes no text with an `!`, and says nothing
/// after so many questions.
#[derive(Debug)]
struct Letters {
    name: &'static str,
    /// Takes no text at all.
    strict: bool,
    most: usize,
    asked: Arc<AtomicUsize>,
}

impl Letters {
    fn boxed(name: &'static str, most: usize) -> (Box<dyn Embedder>, Arc<AtomicUsize>) {
        let asked = Arc::default();
        (Box::new(Self { name, strict: false, most, asked: Arc::clone(&asked) }), asked)
    }
}

impl Embedder for Letters {
    fn name(&self) -> &str {
        self.name
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        if self.asked.fetch_add(1, Ordering::SeqCst) >= self.most {
            return Err(EmbedError::Unreachable("gone".to_owned()));
        }
        if self.strict || texts.iter().any(|t| t.contains('!')) {
            return Err(EmbedError::Refused("no shouting".to_owned()));
        }
        let count = |text: &str, letter: char| text.chars().filter(|c| *c == letter).count() as f32;
        Ok(texts.iter().map(|t| ['a', 'b', 'c', 'd'].map(|letter| count(t, letter)).to_vec()).collect())
    }
}

struct House {
    dir: tempfile::TempDir,
    passages: Passages,
}

impl House {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let passages = Passages::open(dir.path()).unwrap();
        Self { dir, passages }
    }

    fn texts(&self, texts: &[&str]) -> Vec<(u64, Place)> {
        let all = texts.iter().map(|t| (digest(t), self.passages.add(t).unwrap())).collect();
        self.passages.flush().unwrap();
        all
    }

    fn open(&self, embedder: Box<dyn Embedder>) -> Embeddings {
        Embeddings::open(&self.dir.path().join("embeddings.bin"), embedder).unwrap()
    }
}

fn vector(embeddings: &Embeddings, text: &str) -> Option<Vec<f32>> {
    let kept = embeddings.get(digest(text)).unwrap()?;
    Some(kept.steps.iter().map(|step| (f32::from(*step as i8) * kept.worth * 10.0).round() / 10.0).collect())
}

#[test]
fn each_text_is_asked_for_once_and_found_again_after_a_start() {
    let house = House::new();
    let texts = house.texts(&["ab", "cc", "d\u{1e}\u{1e}d"]);
    let (letters, asked) = Letters::boxed("letters", 9);
    let embeddings = house.open(letters);
    assert!(embeddings.ask_for(&texts[..2], &house.passages).unwrap());
    assert!(embeddings.ask_for(&texts, &house.passages).unwrap());
    assert!(embeddings.ask_for(&texts, &house.passages).unwrap());
    assert_eq!(asked.load(Ordering::SeqCst), 2, "the third time there was nothing to ask");
    drop(embeddings);
    let (letters, asked) = Letters::boxed("letters", 0);
    let again = house.open(letters);
    assert!(again.ask_for(&texts, &house.passages).unwrap());
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    assert_eq!(vector(&again, "ab"), Some(vec![0.7, 0.7, 0.0, 0.0]));
    assert_eq!(vector(&again, "d\u{1e}\u{1e}d"), Some(vec![0.0, 0.0, 0.0, 1.0]));
    assert_eq!(vector(&again, "never"), None);
    assert_eq!(house.open(Letters::boxed("others", 0).0).held.read().unwrap().records.len(), 0, "of another name");
}

#[test]
fn an_endpoint_that_is_gone_is_asked_again_later_and_what_came_stays() {
    let house = House::new();
    let many: Vec<String> = (0..BATCH + 5).map(|n| format!("a{n}")).collect();
    let texts = house.texts(&many.iter().map(String::as_str).collect::<Vec<_>>());
    let embeddings = house.open(Letters::boxed("letters", 1).0);
    assert!(!embeddings.ask_for(&texts, &house.passages).unwrap());
    assert_eq!(texts.iter().filter(|(digest, _)| embeddings.has(*digest)).count(), BATCH);
    assert_eq!(embeddings.encode(&["a"]), None, "a question then has no meaning");
    let again = house.open(Letters::boxed("letters", 1).0);
    assert!(again.ask_for(&texts, &house.passages).unwrap(), "the rest in one question");
}

#[test]
fn a_text_that_is_refused_keeps_no_other_from_its_vector() {
    let house = House::new();
    let texts = house.texts(&["a", "b", "c!", "d", "aa"]);
    let embeddings = house.open(Letters::boxed("letters", 99).0);
    assert!(embeddings.ask_for(&texts, &house.passages).unwrap());
    assert_eq!(vector(&embeddings, "c!"), Some(vec![0.0; 4]));
    assert_eq!(vector(&embeddings, "aa"), Some(vec![1.0, 0.0, 0.0, 0.0]));
    let refusing = House::new();
    let texts = refusing.texts(&["!"]);
    let embeddings = refusing.open(Letters::boxed("letters", 99).0);
    assert!(!embeddings.ask_for(&texts, &refusing.passages).unwrap(), "who takes nothing gives no vectors");
}

#[test]
fn one_that_takes_nothing_any_more_spoils_no_text() {
    let house = House::new();
    let texts = house.texts(&["a", "b", "cc", "d"]);
    assert!(house.open(Letters::boxed("letters", 99).0).ask_for(&texts[..1], &house.passages).unwrap());
    let asked = Arc::default();
    let strict = Letters { name: "letters", strict: true, most: 99, asked: Arc::clone(&asked) };
    let embeddings = house.open(Box::new(strict));
    assert!(!embeddings.ask_for(&texts, &house.passages).unwrap());
    assert_eq!(
        texts.iter().map(|(digest, _)| embeddings.has(*digest)).collect::<Vec<_>>(),
        [true, false, false, false]
    );
    assert_eq!(asked.load(Ordering::SeqCst), 3, "all three, the first alone, and the text that nobody minds");
    drop(embeddings);
    assert!(house.open(Letters::boxed("letters", 99).0).ask_for(&texts, &house.passages).unwrap(), "it is asked again");
}

#[test]
fn a_damaged_file_is_mended_or_begun_anew() {
    let house = House::new();
    let texts = house.texts(&["a", "b"]);
    assert!(house.open(Letters::boxed("letters", 9).0).ask_for(&texts, &house.passages).unwrap());
    let path = house.dir.path().join("embeddings.bin");
    let whole = std::fs::read(&path).unwrap();
    for (bytes, left) in [
        (&whole[..whole.len() - 1], 1),
        (&whole[..HEAD], 0),
        (&whole[..HEAD - 1], 0),
        (&whole[1..], 0),
        (&b"nothing of the kind"[..], 0),
        (&b""[..], 0),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let embeddings = house.open(Letters::boxed("letters", 9).0);
        assert_eq!(texts.iter().filter(|(digest, _)| embeddings.has(*digest)).count(), left);
        assert!(embeddings.ask_for(&texts, &house.passages).unwrap());
        drop(embeddings);
        assert_eq!(std::fs::read(&path).unwrap().len(), whole.len());
        assert_eq!(vector(&house.open(Letters::boxed("letters", 0).0), "b"), Some(vec![0.0, 1.0, 0.0, 0.0]));
    }
}

#[test]
fn a_question_is_asked_once() {
    let house = House::new();
    let (letters, asked) = Letters::boxed("letters", 9);
    let embeddings = house.open(letters);
    assert_eq!(embeddings.encode(&["a", "", "c"]), embeddings.encode(&["a\nc"]));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}
