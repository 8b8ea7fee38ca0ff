//! Documents ready to be asked.

use std::sync::Arc;

use keqiao_text::Text;

use super::fusion::{CHANNELS, Channel, Fusion, Seen, best, scaled};
use super::meaning::{Meaning, add, dot, unit};
use super::postings::{Bm25, Counts, Postings};
use super::terms::{Terms, Vocabulary};

/// Documents that pseudo-relevance feedback trusts.
const TRUSTED: usize = 10;
/// Documents of an author that have a vote, and what each counts of the one before.
const VOTERS: usize = 5;
const NEXT_VOTE: f32 = 0.5;

/// One sort of terms in documents, and in all that an author wrote.
struct Sort {
    vocabulary: Vocabulary,
    documents: Postings,
    authors: Option<Postings>,
}

impl Sort {
    fn of(vocabulary: Vocabulary, counts: &[Counts], authors: Option<&[Vec<usize>]>) -> Self {
        let authors = authors.map(|all| {
            let written: Vec<Counts> = all.iter().map(|own| together(own.iter().map(|d| &counts[*d]))).collect();
            Postings::of(&written, vocabulary.len())
        });
        Self { documents: Postings::of(counts, vocabulary.len()), authors, vocabulary }
    }

    /// Scores of the documents.
    fn documents(&self, asked: &Counts) -> Vec<f32> {
        scaled(self.documents.scores(asked, Bm25::OURS))
    }

    /// Scores of what is looked for: authors where there are some.
    fn wanted(&self, asked: &Counts, by: Bm25) -> Vec<f32> {
        scaled(self.authors.as_ref().unwrap_or(&self.documents).scores(asked, by))
    }
}

/// The terms of several texts together.
fn together<'a>(texts: impl Iterator<Item = &'a Counts>) -> Counts {
    let mut all: Counts = texts.flatten().copied().collect();
    all.sort_by_key(|(term, _)| *term);
    all.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    all
}

/// Documents, or the authors of documents, that questions are held against.
pub struct Library {
    text: Arc<Text>,
    words: Sort,
    pairs: Sort,
    characters: Sort,
    /// Of words and pairs together; a pair's number follows those of the words.
    meaning: Meaning,
    vectors: Vec<Vec<f32>>,
    authors: Option<Authors>,
}

/// Those who wrote the documents.
struct Authors {
    /// Of each the numbers of his or her documents.
    written: Vec<Vec<usize>>,
    /// Of each the mean of their vectors.
    vectors: Vec<Vec<f32>>,
}

impl Library {
    /// Of documents.
    #[must_use]
    pub fn of_documents(text: Arc<Text>, documents: &[String]) -> Self {
        Self::of(text, documents, None)
    }

    /// Of authors, each with the numbers of the documents that he or she wrote.
    #[must_use]
    pub fn of_authors(text: Arc<Text>, documents: &[String], authors: Vec<Vec<usize>>) -> Self {
        Self::of(text, documents, Some(authors))
    }

    fn of(text: Arc<Text>, documents: &[String], authors: Option<Vec<Vec<usize>>>) -> Self {
        let mut vocabularies: [Vocabulary; 3] = Default::default();
        let mut counts: [Vec<Counts>; 3] = Default::default();
        for document in documents {
            let Terms { words, pairs, characters } = Terms::of(&text, document);
            for (sort, terms) in [words, pairs, characters].iter().enumerate() {
                counts[sort].push(vocabularies[sort].take(terms));
            }
        }
        let own = vocabularies[0].len() as u32;
        let all = vocabularies[0].len() + vocabularies[1].len();
        let both: Vec<Counts> = counts[0].iter().zip(&counts[1]).map(|(w, p)| joined(w, p, own)).collect();
        let [words, pairs, characters] = vocabularies;
        let words = Sort::of(words, &counts[0], authors.as_deref());
        let pairs = Sort::of(pairs, &counts[1], authors.as_deref());
        let characters = Sort::of(characters, &counts[2], authors.as_deref());
        drop(counts);
        let meaning = Meaning::of(&both, all, Meaning::dimensions_for(documents.len()));
        let vectors: Vec<Vec<f32>> = both.iter().map(|counts| meaning.vector(counts)).collect();
        let authors = authors.map(|all| {
            let mean = |own: &Vec<usize>| {
                let mut sum = vec![0.0; meaning.dimensions()];
                own.iter().for_each(|d| add(&mut sum, &vectors[*d], 1.0));
                unit(&mut sum);
                sum
            };
            Authors { vectors: all.iter().map(mean).collect(), written: all }
        });
        Self { text, words, pairs, characters, meaning, vectors, authors }
    }

    /// How many can be found: authors, where there are some, else documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.authors.as_ref().map_or(self.vectors.len(), |a| a.written.len())
    }

    /// Whether nothing can be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What each channel sees of each.
    #[must_use]
    pub fn ask(&self, question: &str) -> Vec<Seen> {
        let terms = Terms::of(&self.text, question);
        let words = self.words.vocabulary.ask(&terms.words);
        let pairs = self.pairs.vocabulary.ask(&terms.pairs);
        let characters = self.characters.vocabulary.ask(&terms.characters);
        let meant = self.meaning.vector(&joined(&words, &pairs, self.words.vocabulary.len() as u32));
        let near = |vectors: &[Vec<f32>], to: &[f32]| scaled(vectors.iter().map(|v| dot(v, to)).collect());
        let documents = [
            (Channel::Words, self.words.documents(&words)),
            (Channel::Pairs, self.pairs.documents(&pairs)),
            (Channel::Characters, self.characters.documents(&characters)),
            (Channel::Meaning, near(&self.vectors, &meant)),
        ];
        let first = rows(self.vectors.len(), &documents);
        let fed = self.fed_back(&meant, &first);
        let Some(authors) = &self.authors else {
            return rows(self.len(), &[&documents[..], &[(Channel::Feedback, near(&self.vectors, &fed))]].concat());
        };
        let scores: Vec<f32> = first.iter().map(|seen| Fusion::default().score(seen)).collect();
        let by = Bm25::OURS;
        let channels = [
            (Channel::Words, self.words.wanted(&words, by)),
            (Channel::Pairs, self.pairs.wanted(&pairs, by)),
            (Channel::Characters, self.characters.wanted(&characters, by)),
            (Channel::Meaning, near(&authors.vectors, &meant)),
            (Channel::Feedback, near(&authors.vectors, &fed)),
            (Channel::Votes, scaled(authors.written.iter().map(|own| votes(own, &scores)).collect())),
        ];
        rows(self.len(), &channels)
    }

    /// Plain BM25 over pairs of characters, the baseline, as [`Channel::Pairs`].
    #[must_use]
    pub fn ask_plainly(&self, question: &str) -> Vec<Seen> {
        let asked = self.pairs.vocabulary.ask_plainly(&Terms::of(&self.text, question).pairs);
        rows(self.len(), &[(Channel::Pairs, self.pairs.wanted(&asked, Bm25::PLAIN))])
    }

    /// The meaning of a question and of what was found at first, each document by its score.
    fn fed_back(&self, meant: &[f32], first: &[Seen]) -> Vec<f32> {
        let trusted = best(first, &Fusion::default(), TRUSTED);
        let all: f32 = trusted.iter().map(|(_, score)| score).sum();
        let mut fed = meant.to_vec();
        for (document, score) in trusted {
            add(&mut fed, &self.vectors[document], score / all);
        }
        unit(&mut fed);
        fed
    }
}

/// Words and pairs as the terms of one text.
fn joined(words: &Counts, pairs: &Counts, first_pair: u32) -> Counts {
    words.iter().copied().chain(pairs.iter().map(|(term, count)| (term + first_pair, *count))).collect()
}

/// What an author's best documents say together.
fn votes(own: &[usize], scores: &[f32]) -> f32 {
    let mut heard: Vec<f32> = own.iter().map(|d| scores[*d]).collect();
    heard.sort_by(|a, b| b.total_cmp(a));
    heard.iter().take(VOTERS).rev().fold(0.0, |sum, score| score + NEXT_VOTE * sum)
}

/// Channels side by side → what each document shows in all.
fn rows(count: usize, channels: &[(Channel, Vec<f32>)]) -> Vec<Seen> {
    let mut seen = vec![[0.0; CHANNELS]; count];
    for (channel, scores) in channels {
        seen.iter_mut().zip(scores).for_each(|(row, score)| row[*channel as usize] = *score);
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<String> {
        ["碳化硅衬底缺陷检测", "碳化硅外延片生长", "小麦赤霉病防治", "小麦育种与栽培", ""].map(str::to_owned).to_vec()
    }

    fn first(library: &Library, question: &str) -> Option<usize> {
        best(&library.ask(question), &Fusion::default(), 1).first().map(|(found, _)| *found)
    }

    #[test]
    fn a_document_is_found_by_its_words() {
        let library = Library::of_documents(Arc::new(Text::new()), &texts());
        assert_eq!(first(&library, "衬底有缺陷怎么检测"), Some(0));
        assert_eq!(first(&library, "赤霉病"), Some(2));
        for nothing in ["", "，。！", "zzz"] {
            assert_eq!(first(&library, nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn an_author_is_found_by_what_was_written() {
        let authors = vec![vec![2, 3], vec![0, 1], vec![]];
        let library = Library::of_authors(Arc::new(Text::new()), &texts(), authors);
        assert_eq!(library.len(), 3);
        assert_eq!(first(&library, "碳化硅"), Some(1));
        assert_eq!(first(&library, "小麦"), Some(0));
    }

    #[test]
    fn every_channel_stays_between_0_and_1() {
        let library = Library::of_authors(Arc::new(Text::new()), &texts(), vec![vec![0, 1, 4], vec![2, 3]]);
        let seen = library.ask("碳化硅衬底 小麦");
        assert!(seen.iter().flatten().all(|v| (0.0..=1.0 + 1e-6).contains(v)), "{seen:?}");
    }
}
