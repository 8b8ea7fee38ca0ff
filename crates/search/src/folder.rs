//! The folder of an index on the disk.
//!
//! Tantivy maps its files, and a page of a mapped file counts as the program's memory from when it is
//! touched. Stored records are touched all over, each seldom: they are read instead, and stay in the system's
//! cache alone. So are fast fields, each column once when its segment opens. Lists of documents are mapped:
//! reading them made a search take half as long again.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
};

/// How the files end that are read, and the bytes up to which a piece of one is. A merge takes stored records
/// whole, and maps them.
const READ: [(&str, usize); 2] = [("store", 1 << 18), ("fast", usize::MAX)];

#[derive(Debug, Clone)]
pub(crate) struct IndexFolder {
    path: PathBuf,
    mapped: MmapDirectory,
}

impl IndexFolder {
    pub(crate) fn open(path: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self { path: path.to_owned(), mapped: MmapDirectory::open(path)? })
    }
}

#[derive(Debug)]
struct ReadFile {
    file: File,
    mapped: Arc<dyn FileHandle>,
    piece: usize,
}

impl HasLen for ReadFile {
    fn len(&self) -> usize {
        self.mapped.len()
    }
}

impl FileHandle for ReadFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.len() > self.piece {
            return self.mapped.read_bytes(range);
        }
        let mut piece = vec![0; range.len()];
        self.file.read_exact_at(&mut piece, range.start as u64)?;
        Ok(OwnedBytes::new(piece))
    }
}

impl Directory for IndexFolder {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let mapped = self.mapped.get_file_handle(path)?;
        let Some((_, piece)) = READ.into_iter().find(|(end, _)| path.extension().is_some_and(|e| e == *end)) else {
            return Ok(mapped);
        };
        let file = File::open(self.path.join(path));
        let file = file.map_err(|e| OpenReadError::wrap_io_error(e, path.to_owned()))?;
        Ok(Arc::new(ReadFile { file, mapped, piece }))
    }
    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }
    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }
    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.mapped.open_write(path)
    }
    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.mapped.atomic_write(path, data)
    }
    fn sync_directory(&self) -> io::Result<()> {
        self.mapped.sync_directory()
    }
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.mapped.acquire_lock(lock)
    }
    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(callback)
    }
}
