//! Documents that have a share of a query's words.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Documents that at least `demanded` of the clauses meet, scored by the sum of those they meet.
///
/// Whatever meets `demanded` of n clauses meets one of any n − demanded + 1. So only the rarest
/// clauses of that number are walked; the frequent ones are asked about what these come by. An
/// ordinary union with a minimum walks them all.
#[derive(Debug)]
pub(crate) struct ShareQuery {
    clauses: Vec<Box<dyn Query>>,
    demanded: usize,
}

impl ShareQuery {
    /// `demanded` is at least 1 and at most the number of clauses.
    pub(crate) fn new(clauses: Vec<Box<dyn Query>>, demanded: usize) -> Self {
        let demanded = demanded.clamp(1, clauses.len().max(1));
        Self { clauses, demanded }
    }
}

impl Clone for ShareQuery {
    fn clone(&self) -> Self {
        Self { clauses: self.clauses.iter().map(|c| c.box_clone()).collect(), demanded: self.demanded }
    }
}

impl Query for ShareQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let clauses = self.clauses.iter().map(|c| c.weight(scoring)).collect::<Result<_, _>>()?;
        Ok(Box::new(ShareWeight { clauses, demanded: self.demanded }))
    }
}

struct ShareWeight {
    clauses: Vec<Box<dyn Weight>>,
    demanded: usize,
}

impl Weight for ShareWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let clauses = self.clauses.iter().map(|c| c.scorer(reader, boost)).collect::<Result<_, _>>()?;
        Ok(Box::new(ShareScorer::new(clauses, self.demanded)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} is not met")));
        }
        Ok(Explanation::new("a share of the clauses", scorer.score()))
    }
}

struct ShareScorer {
    /// The rarest first.
    clauses: Vec<Box<dyn Scorer>>,
    /// Where each clause stands; asking it costs a call.
    docs: Vec<DocId>,
    /// How many of them are walked.
    walked: usize,
    demanded: usize,
    doc: DocId,
}

impl ShareScorer {
    fn new(mut clauses: Vec<Box<dyn Scorer>>, demanded: usize) -> Self {
        clauses.sort_by_key(|c| c.cost());
        let docs = clauses.iter().map(|c| c.doc()).collect();
        let walked = clauses.len() + 1 - demanded.min(clauses.len());
        let mut scorer = Self { walked: walked.min(clauses.len()), clauses, docs, demanded, doc: 0 };
        scorer.doc = scorer.next_from();
        scorer
    }

    /// The first document met from where the walked clauses stand.
    fn next_from(&mut self) -> DocId {
        loop {
            let doc = self.docs[..self.walked].iter().copied().min().unwrap_or(TERMINATED);
            if doc == TERMINATED || self.is_met(doc) {
                return doc;
            }
            self.pass(doc);
        }
    }

    /// Moves the walked clauses beyond a document.
    fn pass(&mut self, doc: DocId) {
        for (clause, at) in self.clauses[..self.walked].iter_mut().zip(&mut self.docs).filter(|(_, at)| **at == doc) {
            *at = clause.advance();
        }
    }

    fn is_met(&mut self, doc: DocId) -> bool {
        let (walked, asked) = self.docs.split_at_mut(self.walked);
        let mut met = walked.iter().filter(|at| **at == doc).count();
        let mut left = asked.len();
        // The rarest of them last: the frequent ones settle it sooner.
        for (clause, at) in self.clauses[self.walked..].iter_mut().zip(asked).rev() {
            if met + left < self.demanded {
                return false;
            }
            if *at < doc {
                *at = clause.seek(doc);
            }
            met += usize::from(*at == doc);
            left -= 1;
        }
        met >= self.demanded
    }
}

impl DocSet for ShareScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.pass(self.doc);
            self.doc = self.next_from();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            let walked = self.clauses[..self.walked].iter_mut().zip(&mut self.docs);
            for (clause, at) in walked.filter(|(_, at)| **at < target) {
                *at = clause.seek(target);
            }
            self.doc = self.next_from();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.clauses.first().map_or(0, |c| c.size_hint())
    }

    fn cost(&self) -> u64 {
        self.clauses[..self.walked].iter().map(|c| c.cost()).sum()
    }
}

impl Scorer for ShareScorer {
    fn score(&mut self) -> Score {
        let met = self.clauses.iter_mut().zip(&self.docs).filter(|(_, at)| **at == self.doc);
        met.map(|(clause, _)| clause.score()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, TermQuery};
    use tantivy::schema::{IndexRecordOption, Schema, TEXT};
    use tantivy::{Index, IndexWriter, TantivyDocument, Term};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn it_finds_what_a_union_with_a_minimum_finds(
            docs in prop::collection::vec(prop::collection::vec(0u8..9, 0..12), 1..80),
            words in prop::collection::btree_set(0u8..9, 1..9),
            demanded in 1usize..9,
        ) {
            let mut schema = Schema::builder();
            let text = schema.add_text_field("text", TEXT);
            let index = Index::create_in_ram(schema.build());
            let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
            for words in &docs {
                let mut doc = TantivyDocument::new();
                doc.add_text(text, words.iter().map(|w| format!("w{w}")).collect::<Vec<_>>().join(" "));
                writer.add_document(doc).unwrap();
            }
            writer.commit().unwrap();
            let searcher = index.reader().unwrap().searcher();
            let clauses = || words.iter().map(|w| -> Box<dyn Query> {
                let term = Term::from_field_text(text, &format!("w{w}"));
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
            }).collect::<Vec<_>>();
            let demanded = demanded.min(words.len());
            let found = |query: &dyn Query| {
                let mut found = searcher.search(query, &TopDocs::with_limit(100).order_by_score()).unwrap();
                found.sort_by_key(|(_, at)| *at);
                found
            };
            let ours = found(&ShareQuery::new(clauses(), demanded));
            let theirs = found(&BooleanQuery::union_with_minimum_required_clauses(clauses(), demanded));
            prop_assert_eq!(ours.len(), theirs.len());
            for ((a, at), (b, there)) in ours.iter().zip(&theirs) {
                prop_assert_eq!(at, there);
                prop_assert!((a - b).abs() < 1e-4);
            }
        }
    }
}
