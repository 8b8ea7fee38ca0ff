//! Vectors that something outside this program makes of texts, each asked for once and kept.
//!
//! They lie in one file beside the index, by the digest of their text, so that a rebuilt index finds them again.
//! The file only grows. What cannot be had now is asked for later; nothing waits for it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use keqiao_matching::retrieval::{Encoder, Quantised, unit};
use quick_cache::sync::Cache;

use crate::passages::{Passages, Place, digest, parts};
use crate::query::SearchError;

/// The first bytes of a file; the number counts changes of form.
const MARK: &[u8; 8] = b"kqembed1";
/// Mark, source and length of a vector.
const HEAD: usize = 8 + 8 + 4;
/// Digest and worth of a step, before a vector's steps.
const BEFORE_STEPS: usize = 8 + 4;
/// Texts in one question.
const BATCH: usize = 64;
/// Characters of a text that are sent: models read little more.
const MOST_CHARS: usize = 2_000;
/// Vectors of questions that are remembered.
const REMEMBERED: usize = 1_024;
/// A text that an endpoint takes if it takes any.
const PROBE: &str = "a";
/// The longest vector.
const MOST_DIMENSIONS: usize = 8_192;

/// Why there is no vector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// These texts are not taken; asking again changes nothing.
    #[error("refused: {0}")]
    Refused(String),
    /// No answer, or none that can be used; perhaps later.
    #[error("no answer: {0}")]
    Unreachable(String),
}

/// Makes vectors of texts outside this program.
pub trait Embedder: Send + Sync + std::fmt::Debug {
    /// Names what makes them: another name, other vectors.
    fn name(&self) -> &str;
    /// A vector for each text, all of one length.
    ///
    /// # Errors
    /// When there are none.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError>;
}

/// The vectors that an [`Embedder`] made.
#[derive(Debug)]
pub struct Embeddings {
    embedder: Box<dyn Embedder>,
    source: u64,
    file: File,
    held: RwLock<Held>,
    /// Held by who asks for texts.
    asking: Mutex<()>,
    remembered: Cache<u64, Arc<Vec<f32>>>,
}

/// What the file holds.
#[derive(Debug, Default)]
struct Held {
    /// Numbers of a vector; 0: there is none yet.
    dimensions: usize,
    /// Numbers of records by digest.
    records: HashMap<u64, u32>,
}

impl Embeddings {
    /// Opens the file, or begins one. One of another embedder, or that is none of these, is begun anew; a record
    /// that was cut off is dropped.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn open(path: &Path, embedder: Box<dyn Embedder>) -> io::Result<Self> {
        let file = File::options().read(true).append(true).create(true).open(path)?;
        // 0 is the source of vectors that the store's own texts teach.
        let source = digest(embedder.name()).max(1);
        let held = Held::read(&file, source)?;
        if held.records.is_empty() {
            file.set_len(0)?;
        } else {
            file.set_len((HEAD + held.records.len() * (BEFORE_STEPS + held.dimensions)) as u64)?;
        }
        let (held, remembered) = (RwLock::new(held), Cache::new(REMEMBERED));
        Ok(Self { embedder, source, file, held, asking: Mutex::new(()), remembered })
    }

    /// A number for who makes the vectors.
    pub(crate) fn source(&self) -> u64 {
        self.source
    }

    /// Whether a text has its vector.
    pub(crate) fn has(&self, digest: u64) -> bool {
        self.held.read().unwrap_or_else(PoisonError::into_inner).records.contains_key(&digest)
    }

    /// The vector of a text, by its digest.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn get(&self, digest: u64) -> io::Result<Option<Quantised>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let Some(number) = held.records.get(&digest) else { return Ok(None) };
        let mut record = vec![0; BEFORE_STEPS + held.dimensions];
        let at = HEAD + *number as usize * record.len();
        self.file.read_exact_at(&mut record, at as u64)?;
        let steps = record.split_off(BEFORE_STEPS);
        let worth = f32::from_le_bytes([record[8], record[9], record[10], record[11]]);
        Ok(Some(Quantised { steps, worth: if worth.is_finite() { worth } else { 0.0 } }))
    }

    /// Asks for the vectors of those texts that have none; tells whether all have one now.
    ///
    /// # Errors
    /// When a passage cannot be read or a vector not kept. No answer is no error.
    pub(crate) fn ask_for(&self, texts: &[(u64, Place)], passages: &Passages) -> Result<bool, SearchError> {
        let _alone = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        let missing: Vec<&(u64, Place)> = texts.iter().filter(|(digest, _)| !self.has(*digest)).collect();
        for batch in missing.chunks(BATCH) {
            let (mut buffer, mut said) = (Vec::new(), Vec::with_capacity(batch.len()));
            for (_, place) in batch {
                said.push(sent(&parts(passages.read(*place, &mut buffer)?)));
            }
            let said: Vec<(u64, &str)> = batch.iter().map(|(d, _)| *d).zip(said.iter().map(String::as_str)).collect();
            if let Err(error) = self.keep_all(&said)? {
                tracing::warn!(%error, missing = missing.len(), "no vectors from the endpoint; it is asked again later");
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Asks for texts and keeps what comes. A text that is refused alone, where another is taken, means nothing from
    /// now on.
    fn keep_all(&self, texts: &[(u64, &str)]) -> io::Result<Result<(), EmbedError>> {
        let said: Vec<&str> = texts.iter().map(|(_, text)| *text).collect();
        match self.embed(&said) {
            Ok(vectors) => self.keep(texts.iter().map(|(digest, _)| *digest).zip(&vectors)).map(Ok),
            Err(EmbedError::Refused(why)) => match texts {
                [] => Ok(Ok(())),
                [(digest, _)] => {
                    let dimensions = self.dimensions();
                    // Who refuses the first text of all, or one that nobody minds, refuses everything.
                    if dimensions == 0 || self.embed(&[PROBE]).is_err() {
                        return Ok(Err(EmbedError::Refused(why)));
                    }
                    self.keep(std::iter::once((*digest, &vec![0.0; dimensions]))).map(Ok)
                }
                _ => {
                    let (left, right) = texts.split_at(texts.len() / 2);
                    match self.keep_all(left)? {
                        Ok(()) => self.keep_all(right),
                        fault => Ok(fault),
                    }
                }
            },
            Err(other) => Ok(Err(other)),
        }
    }

    /// Vectors of length 1, as many as texts, as long as those before.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut vectors = self.embedder.embed(texts)?;
        let known = self.dimensions();
        let length = if known > 0 { known } else { vectors.first().map_or(0, Vec::len) };
        let sound = |v: &Vec<f32>| v.len() == length && v.iter().all(|n| n.is_finite());
        if vectors.len() != texts.len() || length > MOST_DIMENSIONS || !vectors.iter().all(sound) {
            return Err(EmbedError::Unreachable(format!("{} vectors, not {} of {length}", vectors.len(), texts.len())));
        }
        vectors.iter_mut().for_each(|v| unit(v));
        Ok(vectors)
    }

    fn dimensions(&self) -> usize {
        self.held.read().unwrap_or_else(PoisonError::into_inner).dimensions
    }

    fn keep<'a>(&self, vectors: impl Iterator<Item = (u64, &'a Vec<f32>)>) -> io::Result<()> {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let (mut bytes, mut fresh) = (Vec::new(), Vec::new());
        for (digest, vector) in vectors {
            if held.dimensions == 0 {
                held.dimensions = vector.len();
                bytes.extend(MARK);
                bytes.extend(self.source.to_le_bytes());
                bytes.extend((vector.len() as u32).to_le_bytes());
            }
            let kept = Quantised::of(vector);
            bytes.extend(digest.to_le_bytes());
            bytes.extend(kept.worth.to_le_bytes());
            bytes.extend(kept.steps);
            fresh.push(digest);
        }
        let before = held.records.len();
        if let Err(error) = (&self.file).write_all(&bytes).and_then(|()| self.file.sync_data()) {
            // What was half written must not stand before what comes next.
            let whole = if before == 0 { 0 } else { HEAD + before * (BEFORE_STEPS + held.dimensions) };
            held.dimensions = if before == 0 { 0 } else { held.dimensions };
            self.file.set_len(whole as u64)?;
            return Err(error);
        }
        held.records.extend(fresh.into_iter().zip(before as u32..));
        Ok(())
    }
}

impl Held {
    fn read(file: &File, source: u64) -> io::Result<Self> {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut &*file, &mut bytes)?;
        let head = bytes.split_at_checked(HEAD).filter(|(head, _)| head.starts_with(MARK));
        let Some((head, records)) = head.filter(|(head, _)| head[8..16] == source.to_le_bytes()) else {
            return Ok(Self::default());
        };
        let dimensions = u32::from_le_bytes([head[16], head[17], head[18], head[19]]) as usize;
        if dimensions == 0 || dimensions > MOST_DIMENSIONS {
            return Ok(Self::default());
        }
        let digests = records.chunks_exact(BEFORE_STEPS + dimensions).filter_map(|r| r[..8].try_into().ok());
        let records: HashMap<u64, u32> = digests.map(u64::from_le_bytes).zip(0..).collect();
        Ok(if records.is_empty() { Self::default() } else { Self { dimensions, records } })
    }
}

impl Encoder for Embeddings {
    fn encode(&self, parts: &[&str]) -> Option<Vec<f32>> {
        let text = sent(parts);
        let key = digest(&text);
        if let Some(known) = self.remembered.get(&key) {
            return Some(known.to_vec());
        }
        // Without an answer the other channels share the weight of meaning.
        let vector = self.embed(&[&text]).ok()?.pop()?;
        self.remembered.insert(key, Arc::new(vector.clone()));
        Some(vector)
    }
}

/// A text as it is sent.
fn sent(parts: &[&str]) -> String {
    let text = parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join("\n");
    text.chars().take(MOST_CHARS).collect()
}

#[cfg(test)]
mod tests;
