//! Teaching the model of meaning by the store's own texts.
//!
//! Who teaches is told by the texts alone: the published listings for everybody whose digests are the smallest. So
//! the same store teaches the same model, in whatever order it came to be, and of a large store hardly a change is
//! one of a teacher.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use keqiao_domain::{Audience, ListingState};
use keqiao_matching::retrieval::{Model, add, dot, restored, unit};

use crate::index::{SearchIndex, Snapshot};
use crate::meanings::{Cells, Maker, Meanings, Taken, file_of, files_in, to_bytes};
use crate::passages::{Passages, Place};
use crate::query::SearchError;
use crate::rows::state_number;

/// Texts that teach.
const TEACHERS: usize = 12_000;
/// With fewer texts there is nothing to learn.
const FEWEST: usize = 40;
/// Texts up to which all vectors are compared with a question.
const EXACT: usize = 16_384;
/// Texts in a cell, at most about twice as many.
const IN_CELL: usize = 2_048;
/// Texts that settle where the cells are, and rounds of it (k-means).
const SETTLERS: usize = 8_192;
const ROUNDS: usize = 6;
/// Counts changes of how is taught.
const FORM: u64 = 3;
/// Threads that make vectors.
const THREADS: usize = 2;

/// What the texts of a snapshot would teach.
struct Lesson {
    hash: u64,
    cells: usize,
    teachers: Vec<(u64, Place)>,
    /// All texts, each once, by digest.
    texts: Vec<(u64, Place)>,
}

impl Lesson {
    fn of(snapshot: &Snapshot, everybody: Option<u32>) -> Self {
        let published = state_number(ListingState::Published);
        let (mut texts, mut open) = (Vec::new(), Vec::new());
        for (rows, segment) in snapshot.rows.iter().zip(snapshot.searcher.segment_readers()) {
            for doc in segment.doc_ids_alive().filter(|doc| rows.place(*doc) != Place::NONE) {
                let (text, row) = ((rows.digest(doc), rows.place(doc)), &rows.rows[doc as usize]);
                texts.push(text);
                if row.state == published && Some(row.audience) == everybody {
                    open.push(text);
                }
            }
        }
        for list in [&mut texts, &mut open] {
            list.sort_unstable_by_key(|(digest, _)| *digest);
            list.dedup_by_key(|(digest, _)| *digest);
        }
        let cells = if open.len() <= EXACT { 1 } else { open.len().next_power_of_two() / IN_CELL };
        open.truncate(TEACHERS);
        let hash = open.iter().fold(mix(FORM, cells as u64), |hash, (digest, _)| mix(hash, *digest));
        Self { hash, cells, teachers: open, texts }
    }

    /// By what is taught, and who makes the vectors.
    fn fingerprint(&self, source: u64) -> u64 {
        if source == 0 { self.hash } else { mix(self.hash, source) }
    }
}

fn mix(hash: u64, number: u64) -> u64 {
    (hash ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
}

impl SearchIndex {
    /// Teaches the model of meaning anew where others than those that taught it would teach it now; tells whether
    /// it did. Takes seconds; searches go on meanwhile, and afterwards see the new model. Vectors that are made
    /// outside are asked for first: they are used once all texts have theirs, and until then the model's.
    ///
    /// # Errors
    /// When the disk refuses; then the model that was there stays.
    pub fn teach(&self) -> Result<bool, SearchError> {
        let _alone = self.teaching.lock().unwrap_or_else(PoisonError::into_inner);
        // Read first: what is committed meanwhile is news.
        let (cursor, snapshot) = (self.cursor(), self.snapshot());
        let everybody = {
            let codes = self.codes.read().unwrap_or_else(PoisonError::into_inner);
            codes.audience.find(&Audience::Public.to_string())
        };
        let lesson = Lesson::of(&snapshot, everybody);
        let all_there = match &self.embeddings {
            Some(embeddings) => embeddings.ask_for(&lesson.texts, &self.passages)?,
            None => true,
        };
        if all_there {
            self.taught.store(cursor, Ordering::Release);
        }
        let known = snapshot.meanings.as_ref();
        // What somebody else made stays while some of it is missing: there is more of it than of nothing.
        let outside =
            self.embeddings.as_ref().filter(|e| all_there || known.is_some_and(|m| m.maker.source() == e.source()));
        let fingerprint = lesson.fingerprint(outside.map_or(0, |e| e.source()));
        if known.is_some_and(|m| m.fingerprint == fingerprint) && outside.is_some() {
            // Texts that came later may have their vectors now.
            self.see_meanings(known.map(Arc::clone))?;
            return Ok(false);
        }
        if lesson.teachers.len() < FEWEST || known.is_some_and(|m| m.fingerprint == fingerprint) {
            return Ok(false);
        }
        let passages = &self.passages;
        let mut taught_by = Vec::with_capacity(lesson.teachers.len());
        let mut buffer = Vec::new();
        for (_, place) in &lesson.teachers {
            taught_by.push(passages.read(*place, &mut buffer)?.to_owned());
        }
        let Some(model) = Model::teach(&taught_by).map(Arc::new) else { return Ok(false) };
        drop(taught_by);
        let maker = match outside {
            Some(embeddings) => Maker::Outside(Arc::clone(embeddings)),
            None => Maker::Model(Arc::clone(&model)),
        };
        let cells = settle(&maker, &lesson, passages)?;
        let mut taken = take_all(&maker, &cells, &lesson.texts, passages)?;
        taken.sort_by_key(|t| (t.cell, t.digest));
        let file = file_of(&self.dir, fingerprint);
        let fresh = file.with_extension("fresh");
        std::fs::write(&fresh, to_bytes(&model, maker.source(), &cells, &taken))?;
        std::fs::File::open(&fresh)?.sync_all()?;
        std::fs::rename(&fresh, &file)?;
        drop((taken, model, maker, cells));
        self.see_meanings(Meanings::open(&self.dir, fingerprint, self.embeddings.as_ref()).map(Arc::new))?;
        for (_, old) in files_in(&self.dir)?.into_iter().filter(|(f, _)| *f != fingerprint) {
            std::fs::remove_file(old)?;
        }
        Ok(true)
    }

    /// Whether the index has read changes since [`Self::teach`] last looked.
    #[must_use]
    pub fn has_news_to_learn(&self) -> bool {
        self.taught.load(Ordering::Acquire) != self.cursor()
    }
}

/// Where cells are: k-means on the sphere, begun from the first texts, which their digests mixed.
fn settle(maker: &Maker, lesson: &Lesson, passages: &Passages) -> Result<Cells, SearchError> {
    let (mut buffer, mut settlers) = (Vec::new(), Vec::with_capacity(SETTLERS.min(lesson.teachers.len())));
    for text in lesson.teachers.iter().take(SETTLERS) {
        settlers.extend(maker.make(*text, passages, &mut buffer)?.map(|v| restored(&v.steps, v.worth)));
    }
    let mut cells = Cells(settlers.iter().take(lesson.cells).cloned().collect());
    if lesson.cells == 1 {
        return Ok(cells);
    }
    for _ in 0..ROUNDS {
        let mut sums = vec![vec![0.0; settlers.first().map_or(0, Vec::len)]; cells.0.len()];
        for settler in &settlers {
            add(&mut sums[usize::from(cells.of(settler))], settler, 1.0);
        }
        for (middle, mut sum) in cells.0.iter_mut().zip(sums) {
            unit(&mut sum);
            // A cell that nobody came to stays where it was.
            if dot(&sum, &sum) > 0.0 {
                *middle = sum;
            }
        }
    }
    Ok(cells)
}

/// The vectors of all texts.
fn take_all(
    maker: &Maker,
    cells: &Cells,
    texts: &[(u64, Place)],
    passages: &Passages,
) -> Result<Vec<Taken>, SearchError> {
    let some = |texts: &[(u64, Place)]| -> Result<Vec<Taken>, SearchError> {
        let (mut buffer, mut taken) = (Vec::new(), Vec::with_capacity(texts.len()));
        for text in texts {
            taken.extend(maker.make(*text, passages, &mut buffer)?.map(|vector| cells.take(text.0, vector)));
        }
        Ok(taken)
    };
    std::thread::scope(|scope| {
        let chunks = texts.chunks(texts.len().div_ceil(THREADS).max(1));
        let workers: Vec<_> = chunks.map(|part| scope.spawn(move || some(part))).collect();
        let mut all = Vec::with_capacity(texts.len());
        for worker in workers {
            all.extend(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(all)
    })
}
