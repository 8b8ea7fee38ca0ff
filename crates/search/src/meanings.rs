//! What the texts of the store taught, and the vector of each text, as searches see them.
//!
//! Vectors of the texts that were there when the model was taught lie in a file of the index's folder, mapped; those
//! of texts that came later are made when their segment is opened and stay in memory. A vector hangs on its text
//! alone, by whose digest it is known.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use keqiao_matching::retrieval::{Encoder, Model, Quantised, dot, restored};
use tantivy::DocId;
use tantivy::directory::{Directory as _, MmapDirectory, OwnedBytes};

use crate::embeddings::Embeddings;
use crate::passages::{Passages, Place, parts};
use crate::query::SearchError;
use crate::rows::SegmentRows;

/// How the names of its files begin and end; between them stands the fingerprint.
const FILE_BEGINS: &str = "keqiao-meaning-";
const FILE_ENDS: &str = ".bin";
/// The first bytes of a file; the number counts changes of form.
const MARK: &[u8; 8] = b"kqmeans2";
/// Cells whose vectors are compared with a question; with no more there are, all are.
const PROBED: usize = 4;
/// No vector.
const NONE: u32 = u32::MAX;

fn product(a: &[u8], b: &[u8]) -> i32 {
    // Products of two steps fit into 16 bits, which processors multiply many at once.
    a.iter().zip(b).map(|(x, y)| i32::from(i16::from(*x as i8) * i16::from(*y as i8))).sum()
}

/// Cells of vectors that lie near each other, by their middles.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells(pub(crate) Vec<Vec<f32>>);

impl Cells {
    /// The cell of a vector: of equally near ones the first.
    pub(crate) fn of(&self, vector: &[f32]) -> u16 {
        let mut best = (f32::NEG_INFINITY, 0);
        for (middle, number) in self.0.iter().zip(0..) {
            let near = dot(middle, vector);
            if near > best.0 {
                best = (near, number);
            }
        }
        best.1
    }

    /// A text with its vector and the cell where that lies.
    pub(crate) fn take(&self, digest: u64, vector: Quantised) -> Taken {
        let cell = self.of(&restored(&vector.steps, vector.worth));
        Taken { digest, cell, vector }
    }

    fn nearest(&self, vector: &[f32]) -> Vec<u16> {
        let mut all: Vec<(f32, u16)> = self.0.iter().zip(0..).map(|(m, n)| (dot(m, vector), n)).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        all.truncate(PROBED);
        all.into_iter().map(|(_, number)| number).collect()
    }
}

/// What is written down of one text.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) digest: u64,
    pub(crate) cell: u16,
    pub(crate) vector: Quantised,
}

/// Vectors that came after the file was written.
#[derive(Debug, Default)]
struct Later {
    /// Slots by digest.
    known: HashMap<u64, u32>,
    taken: Vec<Taken>,
}

/// Who makes the vectors of texts.
#[derive(Debug, Clone)]
pub(crate) enum Maker {
    /// The model that the texts taught.
    Model(Arc<Model>),
    /// Somebody outside this program.
    Outside(Arc<Embeddings>),
}

impl Maker {
    /// A number for who makes them: 0 for a model.
    pub(crate) fn source(&self) -> u64 {
        match self {
            Self::Model(_) => 0,
            Self::Outside(embeddings) => embeddings.source(),
        }
    }

    pub(crate) fn encoder(&self) -> Arc<dyn Encoder> {
        match self {
            Self::Model(model) => Arc::clone(model) as Arc<dyn Encoder>,
            Self::Outside(embeddings) => Arc::clone(embeddings) as Arc<dyn Encoder>,
        }
    }

    /// The vector of a text, which is known by its digest and read into the buffer; `None`: it has none yet.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn make(
        &self,
        (digest, place): (u64, Place),
        passages: &Passages,
        buffer: &mut Vec<u8>,
    ) -> Result<Option<Quantised>, SearchError> {
        match self {
            Self::Model(model) => Ok(Some(Quantised::of(&model.vector(&parts(passages.read(place, buffer)?))))),
            Self::Outside(embeddings) => Ok(embeddings.get(digest)?),
        }
    }
}

/// A model with the vectors of all texts.
#[derive(Debug)]
pub(crate) struct Meanings {
    pub(crate) model: Arc<Model>,
    /// Who made the vectors, and makes those of texts that come later.
    pub(crate) maker: Maker,
    /// By what texts it was taught, and by whom the vectors are.
    pub(crate) fingerprint: u64,
    /// Numbers of a vector.
    dimensions: usize,
    cells: Cells,
    /// Digests of the texts in the file with their slots, in order.
    known: Vec<(u64, u32)>,
    worths: Vec<f32>,
    of_cell: Vec<u16>,
    steps: OwnedBytes,
    later: RwLock<Later>,
}

/// Where each document of a segment has its vector.
#[derive(Debug)]
pub(crate) struct Placed {
    /// By which model.
    pub(crate) fingerprint: u64,
    /// Whether a text of the segment has no vector yet.
    pub(crate) waits: bool,
    slots: Vec<u32>,
    /// The documents with their slots, side by side and cell by cell, and where each cell of a side begins.
    docs: Vec<(DocId, u32)>,
    begins: Vec<u32>,
}

impl Placed {
    /// The slot of a document.
    pub(crate) fn slot(&self, doc: DocId) -> Option<u32> {
        self.slots.get(doc as usize).copied().filter(|slot| *slot != NONE)
    }

    fn cell(&self, side: u8, number: u16) -> &[(DocId, u32)] {
        let at = place_of(side, number);
        &self.docs[self.begins[at] as usize..self.begins[at + 1] as usize]
    }
}

/// Which of the cells of both sides, needs and offers, is meant.
fn place_of(side: u8, cell: u16) -> usize {
    2 * usize::from(cell) + usize::from(side.min(1))
}

/// The file of a fingerprint.
pub(crate) fn file_of(dir: &Path, fingerprint: u64) -> PathBuf {
    dir.join(format!("{FILE_BEGINS}{fingerprint:016x}{FILE_ENDS}"))
}

/// The files of a folder.
pub(crate) fn files_in(dir: &Path) -> std::io::Result<Vec<(u64, PathBuf)>> {
    let mut files = Vec::new();
    for entry in dir.read_dir()? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let middle = name.strip_prefix(FILE_BEGINS).and_then(|n| n.strip_suffix(FILE_ENDS));
        files.extend(middle.and_then(|m| u64::from_str_radix(m, 16).ok()).map(|fingerprint| (fingerprint, path)));
    }
    files.sort();
    Ok(files)
}

/// The bytes of a file, the texts cell by cell; `source` made their vectors.
pub(crate) fn to_bytes(model: &Model, source: u64, cells: &Cells, texts: &[Taken]) -> Vec<u8> {
    let model = model.to_bytes();
    let mut bytes = MARK.to_vec();
    let dimensions = cells.0.first().map_or(0, Vec::len);
    for number in [source, dimensions as u64, model.len() as u64, cells.0.len() as u64, texts.len() as u64] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(model);
    cells.0.iter().flatten().for_each(|number| bytes.extend(number.to_le_bytes()));
    texts.iter().for_each(|t| bytes.extend(t.digest.to_le_bytes()));
    texts.iter().for_each(|t| bytes.extend(t.vector.worth.to_le_bytes()));
    texts.iter().for_each(|t| bytes.extend(t.cell.to_le_bytes()));
    texts.iter().for_each(|t| bytes.extend(&t.vector.steps));
    bytes
}

/// Takes so many bytes from the front.
fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (front, back) = rest.split_at_checked(count)?;
    *rest = back;
    Some(front)
}

fn numbers<const N: usize, T>(bytes: &[u8], of: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.chunks_exact(N).filter_map(|part| part.try_into().ok()).map(of).collect()
}

impl Meanings {
    /// Opens the file of a fingerprint. `None`: it is damaged, or none of these, or somebody else made its vectors;
    /// then the texts teach anew.
    pub(crate) fn open(dir: &Path, fingerprint: u64, outside: Option<&Arc<Embeddings>>) -> Option<Self> {
        let path = file_of(dir, fingerprint);
        let name = Path::new(path.file_name()?);
        let bytes = MmapDirectory::open(dir).ok()?.open_read(name).ok()?.read_bytes().ok()?;
        let mut rest = bytes.as_slice().strip_prefix(MARK)?;
        let head = numbers(take(&mut rest, 40)?, u64::from_le_bytes);
        let [source, dimensions, model, cells, texts] = head[..] else { return None };
        let whole = |number| usize::try_from(number).ok();
        let (dimensions, cells, texts) = (whole(dimensions)?, whole(cells)?, whole(texts)?);
        let model = Arc::new(Model::from_bytes(take(&mut rest, whole(model)?)?)?);
        let maker = match outside {
            _ if source == 0 => Maker::Model(Arc::clone(&model)),
            Some(embeddings) if embeddings.source() == source => Maker::Outside(Arc::clone(embeddings)),
            _ => return None,
        };
        let middles = numbers(take(&mut rest, cells.checked_mul(4 * dimensions)?)?, f32::from_le_bytes);
        let mut known: Vec<(u64, u32)> =
            numbers(take(&mut rest, texts.checked_mul(8)?)?, u64::from_le_bytes).into_iter().zip(0..).collect();
        known.sort_unstable();
        let worths = numbers(take(&mut rest, texts * 4)?, f32::from_le_bytes);
        let of_cell = numbers(take(&mut rest, texts * 2)?, u16::from_le_bytes);
        let sound = rest.len() == texts.checked_mul(dimensions)?
            && cells > 0
            && dimensions > 0
            && (source != 0 || dimensions == model.dimensions())
            && of_cell.iter().all(|cell| usize::from(*cell) < cells)
            && worths.iter().chain(&middles).all(|n: &f32| n.is_finite());
        let steps = bytes.slice(bytes.len() - rest.len()..bytes.len());
        sound.then(|| Self {
            model,
            maker,
            fingerprint,
            dimensions,
            cells: Cells(middles.chunks(dimensions).map(<[f32]>::to_vec).collect()),
            known,
            worths,
            of_cell,
            steps,
            later: RwLock::default(),
        })
    }

    /// Finds the vectors of a segment's texts, and makes those that are missing, as far as that can be done at once.
    pub(crate) fn place(&self, rows: &SegmentRows, passages: &Passages) -> Result<Placed, SearchError> {
        let mut slots = vec![NONE; rows.rows.len()];
        let mut wanted: Vec<(u64, DocId)> = (0..rows.rows.len() as DocId)
            .filter(|doc| rows.place(*doc) != Place::NONE)
            .map(|d| (rows.digest(d), d))
            .collect();
        wanted.sort_unstable();
        let mut later = self.later.write().unwrap_or_else(PoisonError::into_inner);
        let (mut buffer, mut at, mut waits) = (Vec::new(), 0, false);
        for (digest, doc) in wanted {
            while self.known.get(at).is_some_and(|(known, _)| *known < digest) {
                at += 1;
            }
            if let Some((_, slot)) = self.known.get(at).filter(|(known, _)| *known == digest) {
                slots[doc as usize] = *slot;
                continue;
            }
            if let Some(known) = later.known.get(&digest) {
                slots[doc as usize] = *known;
                continue;
            }
            let Some(vector) = self.maker.make((digest, rows.place(doc)), passages, &mut buffer)? else {
                waits = true;
                continue;
            };
            let slot = (self.worths.len() + later.taken.len()) as u32;
            later.taken.push(self.cells.take(digest, vector));
            later.known.insert(digest, slot);
            slots[doc as usize] = slot;
        }
        let cell_of = |slot: u32| match self.of_cell.get(slot as usize) {
            Some(cell) => *cell,
            None => later.taken[slot as usize - self.of_cell.len()].cell,
        };
        // By slots, in whose order the vectors lie.
        let mut placed: Vec<(u32, DocId)> = slots.iter().copied().zip(0..).filter(|(slot, _)| *slot != NONE).collect();
        placed.sort_unstable();
        let place = |(slot, doc): &(u32, DocId)| place_of(rows.rows[*doc as usize].side, cell_of(*slot));
        let mut begins = vec![0_u32; 2 * self.cells.0.len() + 1];
        placed.iter().for_each(|one| begins[place(one) + 1] += 1);
        (1..begins.len()).for_each(|i| begins[i] += begins[i - 1]);
        let (mut next, mut docs) = (begins.clone(), vec![(0, 0); placed.len()]);
        for one in &placed {
            let next = &mut next[place(one)];
            docs[*next as usize] = (one.1, one.0);
            *next += 1;
        }
        Ok(Placed { fingerprint: self.fingerprint, waits, slots, docs, begins })
    }

    /// Tells how near the documents of one side in a segment are to a question, of those that may be near at all.
    pub(crate) fn near(&self, asked: &[f32], side: u8, placed: &Placed, mut tell: impl FnMut(DocId, f32)) {
        let (question, dimensions) = (Quantised::of(asked), self.dimensions);
        let later = self.later.read().unwrap_or_else(PoisonError::into_inner);
        for cell in self.cells.nearest(asked) {
            for (doc, slot) in placed.cell(side, cell) {
                let slot = *slot as usize;
                let (steps, worth) = match self.worths.get(slot) {
                    Some(worth) => (&self.steps[slot * dimensions..][..dimensions], *worth),
                    None => {
                        let taken = &later.taken[slot - self.worths.len()].vector;
                        (taken.steps.as_slice(), taken.worth)
                    }
                };
                tell(*doc, product(&question.steps, steps) as f32 * question.worth * worth);
            }
        }
    }

    /// The vector in a slot.
    pub(crate) fn vector(&self, slot: u32) -> Vec<f32> {
        let (slot, dimensions) = (slot as usize, self.dimensions);
        match self.worths.get(slot) {
            Some(worth) => restored(&self.steps[slot * dimensions..][..dimensions], *worth),
            None => {
                let later = self.later.read().unwrap_or_else(PoisonError::into_inner);
                let taken = &later.taken[slot - self.worths.len()].vector;
                restored(&taken.steps, taken.worth)
            }
        }
    }
}
