//! The index on the disk and what of it is held open.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use keqiao_catalog::Catalog;
use keqiao_domain::RecordId;
use keqiao_text::Text;
use serde::{Deserialize, Serialize};
use tantivy::index::IndexSettings;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, Term};

use crate::analyze::Analyzer;
use crate::codes::Codes;
use crate::counterparts::{ReadNeeds, ReadOffers};
use crate::embeddings::Embeddings;
use crate::folder::IndexFolder;
use crate::frequencies::Frequencies;
use crate::meanings::{Meanings, Placed, files_in};
use crate::passages::{Passages, Place, digest};
use crate::query::SearchError;
use crate::rows::{SegmentRows, versions};
use crate::schema::{ANALYZER, Fields, SCHEMA_VERSION, schema};
use crate::swap::recover;
use crate::words::{Form, Synonyms, idf};

/// Names the schema; written last, so a folder without it was not finished.
const VERSION_FILE: &str = "keqiao-index.json";
/// Bytes of a block of stored records before compression.
const STORE_BLOCK_BYTES: usize = 8_192;
/// Decompressed blocks kept per segment.
const STORE_CACHE_BLOCKS: usize = 64;
/// Memory of the writer of single changes.
const WRITER_BYTES: usize = 16_000_000;

#[derive(Serialize, Deserialize)]
struct VersionFile {
    schema: u32,
}

/// The search index. Shared by reference; one process writes.
pub struct SearchIndex {
    pub(crate) index: Index,
    pub(crate) fields: Fields,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) text: Arc<Text>,
    pub(crate) synonyms: Synonyms,
    pub(crate) codes: RwLock<Codes>,
    pub(crate) read_needs: ReadNeeds,
    pub(crate) read_offers: ReadOffers,
    pub(crate) dir: PathBuf,
    pub(crate) passages: Passages,
    /// Vectors that are made outside; `None`: by the model that the texts teach.
    pub(crate) embeddings: Option<Arc<Embeddings>>,
    /// Held by who puts another snapshot in place.
    renewing: Mutex<()>,
    /// Held by who teaches.
    pub(crate) teaching: Mutex<()>,
    /// The cursor at which it was last looked whether there is something to teach.
    pub(crate) taught: AtomicI64,
    pub(crate) writer: Mutex<Option<IndexWriter>>,
    pub(crate) writer_bytes: AtomicUsize,
    reader: IndexReader,
    snapshot: RwLock<Arc<Snapshot>>,
    cursor: AtomicI64,
}

/// One commit as searches see it: the segments and their rows.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) rows: Vec<Arc<SegmentRows>>,
    /// Of the words of all texts.
    pub(crate) frequencies: Frequencies,
    /// Bytes of a listing's passage, on average.
    pub(crate) average: f32,
    /// What the texts taught; `None`: nothing yet.
    pub(crate) meanings: Option<Arc<Meanings>>,
    /// Where the vectors of each segment are; of no segment where nothing was taught.
    pub(crate) placed: Vec<Arc<Placed>>,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchIndex").field("cursor", &self.cursor()).finish_non_exhaustive()
    }
}

impl SearchIndex {
    /// Opens the index in a folder; a folder that is missing or empty becomes
    /// an empty index with cursor 0.
    ///
    /// # Errors
    /// [`SearchError::NeedsRebuild`] when the index is of another schema or damaged.
    pub fn open(dir: &Path, catalog: Arc<Catalog>, text: Arc<Text>) -> Result<Self, SearchError> {
        Self::open_with(dir, catalog, text, None)
    }

    /// The same with vectors of meaning that are made outside.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(
        dir: &Path,
        catalog: Arc<Catalog>,
        text: Arc<Text>,
        embeddings: Option<Arc<Embeddings>>,
    ) -> Result<Self, SearchError> {
        recover(dir)?;
        if !dir.exists() || dir.read_dir()?.next().is_none() {
            let index = prepare(dir)?;
            return Self::over(dir, index, catalog, text, embeddings);
        }
        let damaged = |reason: String| SearchError::NeedsRebuild(reason);
        let file = std::fs::read(dir.join(VERSION_FILE)).map_err(|e| damaged(format!("{VERSION_FILE}: {e}")))?;
        let version: VersionFile =
            serde_json::from_slice(&file).map_err(|e| damaged(format!("{VERSION_FILE}: {e}")))?;
        if version.schema != SCHEMA_VERSION {
            return Err(damaged(format!("schema {} is not {SCHEMA_VERSION}", version.schema)));
        }
        let folder = IndexFolder::open(dir).map_err(|e| damaged(e.to_string()))?;
        let index = Index::open(folder).map_err(|e| damaged(e.to_string()))?;
        if index.schema() != schema().0 {
            return Err(damaged("the schema is another".to_owned()));
        }
        Self::over(dir, index, catalog, text, embeddings).map_err(|e| damaged(e.to_string()))
    }

    /// Makes an empty index in a folder, in place of whatever is there.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn create_in(dir: &Path, catalog: Arc<Catalog>, text: Arc<Text>) -> Result<Self, SearchError> {
        let index = prepare(dir)?;
        Self::over(dir, index, catalog, text, None)
    }

    fn over(
        dir: &Path,
        index: Index,
        catalog: Arc<Catalog>,
        text: Arc<Text>,
        embeddings: Option<Arc<Embeddings>>,
    ) -> Result<Self, SearchError> {
        index.tokenizers().register(ANALYZER, Analyzer::new(Arc::clone(&text)));
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(STORE_CACHE_BLOCKS)
            .try_into()?;
        let codes = RwLock::new(Codes::of(&catalog));
        let passages = Passages::open(dir)?;
        // Of two models the one before was about to go.
        let open = |(fingerprint, _)| Meanings::open(dir, fingerprint, embeddings.as_ref());
        let meanings = files_in(dir)?.into_iter().rev().find_map(open);
        let snapshot = Snapshot::of(reader.searcher(), None, &codes, meanings.map(Arc::new), &passages)?;
        if snapshot.rows.iter().any(|rows| rows.passages_end() > passages.length()) {
            return Err(SearchError::NeedsRebuild("passages are missing".to_owned()));
        }
        let cursor = read_cursor(&index)?;
        Ok(Self {
            fields: schema().1,
            synonyms: Synonyms::of(&catalog.thesaurus, &text),
            codes,
            read_needs: ReadNeeds::new(),
            read_offers: ReadOffers::new(),
            dir: dir.to_owned(),
            passages,
            embeddings,
            renewing: Mutex::new(()),
            teaching: Mutex::new(()),
            taught: AtomicI64::new(-1),
            writer: Mutex::new(None),
            writer_bytes: AtomicUsize::new(WRITER_BYTES),
            snapshot: RwLock::new(Arc::new(snapshot)),
            cursor: AtomicI64::new(cursor),
            reader,
            index,
            catalog,
            text,
        })
    }

    /// Up to which change the index has followed, as its last commit says.
    #[must_use]
    pub fn cursor(&self) -> i64 {
        self.cursor.load(Ordering::Acquire)
    }

    /// Number of records, listings and parties together.
    #[must_use]
    pub fn num_docs(&self) -> u64 {
        self.snapshot().searcher.num_docs()
    }

    /// Ids and versions of all records, to compare with the store.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn ids(&self) -> Result<Vec<(RecordId, i64)>, SearchError> {
        let snapshot = self.snapshot();
        let mut out = Vec::new();
        for segment in snapshot.searcher.segment_readers() {
            let own = versions(segment)?;
            out.extend(own.into_iter().map(|(id, v)| (RecordId::from_u128(id), v)));
        }
        Ok(out)
    }

    /// Whether every file of the index still has the checksum it was written with.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn damaged_files(&self) -> Result<Vec<PathBuf>, SearchError> {
        let mut damaged: Vec<PathBuf> = self.index.validate_checksum()?.into_iter().collect();
        damaged.extend((!self.has_all_passages()?).then(|| self.passages.file_name()));
        Ok(damaged)
    }

    /// Whether every passage is the one whose digest its document has.
    fn has_all_passages(&self) -> Result<bool, SearchError> {
        let (snapshot, mut buffer) = (self.snapshot(), Vec::new());
        for (rows, segment) in snapshot.rows.iter().zip(snapshot.searcher.segment_readers()) {
            for doc in segment.doc_ids_alive().filter(|doc| rows.place(*doc) != Place::NONE) {
                let read = self.passages.read(rows.place(doc), &mut buffer);
                if !read.is_ok_and(|text| digest(text) == rows.digest(doc)) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// The inverse document frequency of a folded word: high for rare, low for
    /// common; a word that no record has is the rarest.
    #[must_use]
    pub fn idf(&self, term: &str) -> f64 {
        let snapshot = self.snapshot();
        let docs = snapshot.frequencies.docs();
        let Some(form) = Form::of(term, 1.0) else {
            return idf(docs, docs);
        };
        // A dictionary that cannot be read counts as one without the word: the
        // search itself reports the fault.
        idf(docs, form.frequency(&snapshot.frequencies).unwrap_or_default())
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets searches see the last commit.
    pub(crate) fn reload(&self) -> Result<(), SearchError> {
        self.reader.reload()?;
        let cursor = read_cursor(&self.index)?;
        self.renew(|before| before.meanings.clone())?;
        self.cursor.store(cursor, Ordering::Release);
        Ok(())
    }

    /// Lets searches see what the texts taught.
    pub(crate) fn see_meanings(&self, meanings: Option<Arc<Meanings>>) -> Result<(), SearchError> {
        self.renew(|_| meanings)
    }

    fn renew(&self, meanings: impl FnOnce(&Snapshot) -> Option<Arc<Meanings>>) -> Result<(), SearchError> {
        // One at a time: a commit and a new model must not each forget the other.
        let _alone = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.snapshot();
        let meanings = meanings(&before);
        let next = Snapshot::of(self.reader.searcher(), Some(&before), &self.codes, meanings, &self.passages)?;
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        Ok(())
    }

    /// The term by which a record is replaced or taken out.
    pub(crate) fn key_term(&self, id: RecordId) -> Term {
        Term::from_field_text(self.fields.key, &id.as_hyphenated().to_string())
    }
}

impl Snapshot {
    /// Rows of segments that were open before are taken over.
    fn of(
        searcher: Searcher,
        before: Option<&Self>,
        codes: &RwLock<Codes>,
        meanings: Option<Arc<Meanings>>,
        passages: &Passages,
    ) -> Result<Self, SearchError> {
        let segments = searcher.segment_readers();
        let (mut rows, mut placed) = (Vec::with_capacity(segments.len()), Vec::new());
        for segment in segments {
            let known = before.and_then(|b| {
                let at = b.searcher.segment_readers().iter().position(|s| s.segment_id() == segment.segment_id())?;
                Some((Arc::clone(&b.rows[at]), b.placed.get(at)))
            });
            let (own, known) = match known {
                Some((rows, placed)) => (rows, placed),
                None => {
                    let mut codes = codes.write().unwrap_or_else(PoisonError::into_inner);
                    (SegmentRows::load(segment, &mut codes)?, None)
                }
            };
            if let Some(meanings) = &meanings {
                placed.push(match known.filter(|p| p.fingerprint == meanings.fingerprint && !p.waits) {
                    Some(placed) => Arc::clone(placed),
                    None => Arc::new(meanings.place(&own, passages)?),
                });
            }
            rows.push(own);
        }
        let (mut bytes, mut listings) = (0, 0);
        for (own, segment) in rows.iter().zip(segments) {
            for doc in segment.doc_ids_alive().filter(|doc| own.place(*doc) != Place::NONE) {
                (bytes, listings) = (bytes + own.place(doc).length(), listings + 1);
            }
        }
        let average = bytes as f32 / (listings as f32).max(1.0);
        let frequencies = Frequencies::new(searcher.clone(), schema().1.text);
        Ok(Self { searcher, rows, frequencies, average: average.max(1.0), meanings, placed })
    }
}

/// An empty index in a folder, in place of whatever is there.
fn prepare(dir: &Path) -> Result<Index, SearchError> {
    if dir.exists() {
        std::fs::remove_dir_all(dir)?;
    }
    std::fs::create_dir_all(dir)?;
    let settings = IndexSettings { docstore_blocksize: STORE_BLOCK_BYTES, ..IndexSettings::default() };
    let folder = IndexFolder::open(dir).map_err(tantivy::TantivyError::from)?;
    let index = Index::create(folder, schema().0, settings)?;
    let version = serde_json::to_vec(&VersionFile { schema: SCHEMA_VERSION })?;
    std::fs::write(dir.join(VERSION_FILE), version)?;
    Ok(index)
}

/// The cursor in the payload of the last commit; an index without a commit has 0.
fn read_cursor(index: &Index) -> Result<i64, SearchError> {
    match index.load_metas()?.payload {
        None => Ok(0),
        Some(text) => text.parse().map_err(|_| SearchError::NeedsRebuild(format!("cursor {text:?} is not a number"))),
    }
}
