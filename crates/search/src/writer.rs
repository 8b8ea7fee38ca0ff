//! Writing: changes as they come, and a whole index at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};

use tantivy::{IndexWriter, TantivyDocument};

use crate::document::{IndexOp, Prepared, prepare_listing, prepare_party};
use crate::index::SearchIndex;
use crate::names::{NameKeyMemo, sound_terms};
use crate::passages::digest;
use crate::query::SearchError;
use crate::rows;

/// Threads of a whole build, and memory of each.
const BULK_THREADS: usize = 2;
const BULK_BYTES: usize = 150_000_000;
/// Records that wait to be prepared in a whole build.
const BULK_QUEUE: usize = 256;

impl SearchIndex {
    /// Sets how much memory the writer of single changes may use, in bytes; at least 15 MB.
    pub fn set_writer_memory(&self, bytes: usize) {
        self.writer_bytes.store(bytes.max(15_000_000), Ordering::Relaxed);
    }

    /// Does what is to be done and commits it together with the cursor.
    /// Searches see it when this returns.
    ///
    /// # Errors
    /// When a record or the disk refuses; then nothing of it is kept.
    pub fn apply(&self, ops: Vec<IndexOp>, cursor: i64) -> Result<(), SearchError> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = match &mut *slot {
            Some(writer) => writer,
            empty => empty.insert(self.index.writer_with_num_threads(1, self.writer_bytes.load(Ordering::Relaxed))?),
        };
        let done =
            self.write(writer, &ops).and_then(|()| Ok(self.passages.flush()?)).and_then(|()| commit(writer, cursor));
        if done.is_err() {
            // A writer that failed may be dead; the next one begins from the last commit.
            *slot = None;
            return done;
        }
        drop(slot);
        self.reload()
    }

    /// Ends the writer of single changes and frees its memory, after its merges are done.
    ///
    /// # Errors
    /// When a merge failed.
    pub fn release_writer(&self) -> Result<(), SearchError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        match writer {
            Some(writer) => {
                writer.wait_merging_threads()?;
                self.reload()
            }
            None => Ok(()),
        }
    }

    fn write(&self, writer: &IndexWriter, ops: &[IndexOp]) -> Result<(), SearchError> {
        let mut memo = NameKeyMemo::default();
        for op in ops {
            writer.delete_term(self.key_term(op.id()));
            if let Some(document) = self.document(op, &mut memo)? {
                writer.add_document(document)?;
            }
        }
        Ok(())
    }

    /// Adds many records that the index does not have yet, on two threads, in
    /// one commit. Returns how many.
    ///
    /// # Errors
    /// When a record or the disk refuses; then nothing of it is kept.
    pub fn add_bulk(&self, records: impl Iterator<Item = IndexOp>, cursor: i64) -> Result<u64, SearchError> {
        self.release_writer()?;
        let mut writer: IndexWriter = self.index.writer_with_num_threads(BULK_THREADS, BULK_THREADS * BULK_BYTES)?;
        let (send, receive) = sync_channel::<IndexOp>(BULK_QUEUE);
        let (receive, failed) = (Mutex::new(receive), AtomicBool::new(false));
        let added = std::thread::scope(|scope| {
            let workers: Vec<_> =
                (0..BULK_THREADS).map(|_| scope.spawn(|| self.add_all(&writer, &receive, &failed))).collect();
            for record in records {
                if failed.load(Ordering::Relaxed) || send.send(record).is_err() {
                    break;
                }
            }
            drop(send);
            workers.into_iter().try_fold(0, |sum, worker| match worker.join() {
                Ok(added) => added.map(|added| sum + added),
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })?;
        self.passages.flush()?;
        commit(&mut writer, cursor)?;
        writer.wait_merging_threads()?;
        self.reload()?;
        Ok(added)
    }

    /// One worker of [`Self::add_bulk`]. After a failure it empties the queue, so
    /// that whoever fills it is not left waiting.
    fn add_all(
        &self,
        writer: &IndexWriter,
        queue: &Mutex<Receiver<IndexOp>>,
        failed: &AtomicBool,
    ) -> Result<u64, SearchError> {
        let (mut added, mut memo) = (Ok(0), NameKeyMemo::default());
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(op) = next else { return added };
            added = added.and_then(|n| Ok(n + self.add(writer, &op, &mut memo)?));
            failed.fetch_or(added.is_err(), Ordering::Relaxed);
        }
    }

    /// Adds a record; returns how many were added.
    fn add(&self, writer: &IndexWriter, op: &IndexOp, memo: &mut NameKeyMemo) -> Result<u64, SearchError> {
        match self.document(op, memo)? {
            Some(document) => writer.add_document(document).map(|_| 1).map_err(SearchError::from),
            None => Ok(0),
        }
    }

    /// The document of a record; `None`: it is to be taken out.
    fn document(&self, op: &IndexOp, memo: &mut NameKeyMemo) -> Result<Option<TantivyDocument>, SearchError> {
        let prepared = match op {
            IndexOp::Listing(doc) => prepare_listing(doc, &self.catalog, &self.text)?,
            IndexOp::Party(doc) => prepare_party(doc, &self.catalog)?,
            IndexOp::Delete(_) => return Ok(None),
        };
        Ok(Some(self.fill(&prepared, memo)?))
    }

    fn fill(&self, record: &Prepared, memo: &mut NameKeyMemo) -> Result<TantivyDocument, SearchError> {
        let fields = &self.fields;
        let mut doc = TantivyDocument::new();
        let title = self.text.fold_str(&record.title);
        let sounds = sound_terms(&self.text, &title);
        doc.add_text(fields.key, record.card.id.as_hyphenated().to_string());
        doc.add_text(fields.title, title);
        doc.add_text(fields.text, self.text.fold_str(&record.text));
        if !record.member.is_empty() {
            doc.add_text(fields.member, self.text.fold_str(&record.member));
        }
        for key in memo.keys(&self.text, &record.names).iter() {
            doc.add_text(fields.pinyin, key);
        }
        for sound in sounds {
            doc.add_text(fields.sound, sound);
        }
        doc.add_text(fields.card, serde_json::to_string(&record.card)?);
        doc.add_text(fields.view, &record.view);
        let passage = record.passage.as_ref();
        let passage = passage.map(|text| Ok::<_, SearchError>((self.passages.add(text)?, digest(text))));
        rows::write(&mut doc, fields, record, passage.transpose()?);
        Ok(doc)
    }
}

/// Commits with the cursor in the payload.
fn commit(writer: &mut IndexWriter, cursor: i64) -> Result<(), SearchError> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&cursor.to_string());
    prepared.commit()?;
    Ok(())
}
