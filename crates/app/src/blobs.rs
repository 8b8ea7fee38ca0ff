//! Attachments and uploads, through `object_store`: a local folder by default,
//! S3-compatible storage when configured.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use keqiao_domain::Timestamp;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use sha2::{Digest, Sha256};

/// Why a blob could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// More bytes than allowed; nothing was kept.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// No such blob.
    #[error("no such blob")]
    Missing,
    /// The sender stopped (`true`) or sent something that is no upload.
    #[error("the upload broke off")]
    Broken(bool),
    /// The blob store failed (full disk, no permission, no network).
    #[error("blob store: {0}")]
    Store(String),
}

/// What was kept of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Bytes.
    pub size: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// The blob store.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// Where it lies, if on this machine.
    folder: Option<PathBuf>,
}

impl Blobs {
    /// A folder of this machine, made if it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made or written.
    pub fn folder(path: &Path) -> Result<Self, BlobError> {
        std::fs::create_dir_all(path).map_err(|e| BlobError::Store(format!("{}: {e}", path.display())))?;
        let store = LocalFileSystem::new_with_prefix(path).map_err(store_fault)?;
        Ok(Self { store: Arc::new(store.with_fsync(true)), folder: Some(path.to_owned()) })
    }

    /// S3-compatible storage; credentials come from the environment (`AWS_…`).
    ///
    /// # Errors
    /// When the bucket's name or the credentials are not well formed.
    pub fn s3(bucket: &str, endpoint: Option<&str>) -> Result<Self, BlobError> {
        // One provider of cryptography for the process. Where another was set before, that one serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = object_store::aws::AmazonS3Builder::from_env().with_bucket_name(bucket);
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        Ok(Self { store: Arc::new(builder.build().map_err(store_fault)?), folder: None })
    }

    /// Keeps a stream under a key, piece by piece, and stops at the limit.
    ///
    /// # Errors
    /// When there are more bytes than allowed, the stream breaks or the store fails; nothing is kept then.
    pub async fn keep<E>(
        &self,
        key: &str,
        mut stream: impl Stream<Item = Result<Bytes, E>> + Unpin,
        limit: u64,
    ) -> Result<Kept, BlobError> {
        let upload = self.store.put_multipart(&Key::from(key)).await.map_err(store_fault)?;
        let mut writer = WriteMultipart::new(upload);
        let mut hash = Sha256::new();
        let mut size = 0u64;
        let fault = loop {
            match stream.next().await {
                None => break None,
                Some(Err(_)) => break Some(BlobError::Broken(true)),
                Some(Ok(piece)) => {
                    size += piece.len() as u64;
                    if size > limit {
                        break Some(BlobError::TooLarge { limit });
                    }
                    hash.update(&piece);
                    writer.put(piece);
                    if let Err(e) = writer.wait_for_capacity(4).await {
                        break Some(store_fault(e));
                    }
                }
            }
        };
        if let Some(fault) = fault {
            if let Err(e) = writer.abort().await {
                tracing::warn!(error = %e, "an upload that was given up could not be removed");
            }
            return Err(fault);
        }
        writer.finish().await.map_err(store_fault)?;
        Ok(Kept { size, sha256: hex::encode(hash.finalize()) })
    }

    /// Keeps bytes under a key.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_bytes(&self, key: &str, bytes: Bytes) -> Result<(), BlobError> {
        self.store.put(&Key::from(key), PutPayload::from(bytes)).await.map_err(store_fault)?;
        Ok(())
    }

    /// The bytes as a stream.
    ///
    /// # Errors
    /// When there is no such blob or the store fails.
    pub async fn stream(
        &self,
        key: &str,
    ) -> Result<impl Stream<Item = Result<Bytes, BlobError>> + Send + use<>, BlobError> {
        let found = self.store.get(&Key::from(key)).await.map_err(store_fault)?;
        Ok(found.into_stream().map_err(store_fault))
    }

    /// The SHA-256 of the bytes, piece by piece.
    ///
    /// # Errors
    /// When there is no such blob or the store fails.
    pub async fn digest(&self, key: &str) -> Result<String, BlobError> {
        let mut stream = std::pin::pin!(self.stream(key).await?);
        let mut hash = Sha256::new();
        while let Some(piece) = stream.try_next().await? {
            hash.update(&piece);
        }
        Ok(hex::encode(hash.finalize()))
    }

    /// All the bytes.
    ///
    /// # Errors
    /// When there is no such blob or the store fails.
    pub async fn read(&self, key: &str) -> Result<Bytes, BlobError> {
        let found = self.store.get(&Key::from(key)).await.map_err(store_fault)?;
        found.bytes().await.map_err(store_fault)
    }

    /// Removes a blob; one that is not there is no fault.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove(&self, key: &str) -> Result<(), BlobError> {
        match self.store.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(store_fault(e)),
        }
    }

    /// All keys with their sizes in bytes, in the order of keys.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self) -> Result<Vec<(String, u64)>, BlobError> {
        let mut all: Vec<(String, u64)> = self
            .store
            .list(None)
            .map_ok(|meta| (meta.location.to_string(), meta.size))
            .try_collect()
            .await
            .map_err(store_fault)?;
        all.sort();
        Ok(all)
    }

    /// The keys below a folder of blobs that were written before a moment.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn older_than(&self, folder: &str, moment: Timestamp) -> Result<Vec<String>, BlobError> {
        let below = Key::from(folder);
        let all = self.store.list(Some(&below)).try_filter_map(|meta| {
            let old = meta.last_modified.timestamp_micros() < moment.micros();
            std::future::ready(Ok(old.then(|| meta.location.to_string())))
        });
        all.try_collect().await.map_err(store_fault)
    }

    /// Removes what uploads left that a crash cut short before a moment; tells how many. An upload that is given up
    /// while the server runs leaves nothing.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn remove_staged(&self, moment: Timestamp) -> Result<usize, BlobError> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let removed = tokio::task::spawn_blocking(move || remove_staged_in(&folder, moment));
        removed.await.map_err(|e| BlobError::Store(e.to_string()))?.map_err(|e| BlobError::Store(e.to_string()))
    }
}

/// While it is written, a blob bears a number after its name.
fn is_staged(name: &str) -> bool {
    name.rsplit_once('#').is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

fn remove_staged_in(folder: &Path, moment: Timestamp) -> std::io::Result<usize> {
    let (mut removed, mut folders) = (0, vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if entry.file_name().to_str().is_some_and(is_staged) {
                let written = entry.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                if i128::try_from(written.as_micros()).is_ok_and(|at| at < i128::from(moment.micros())) {
                    std::fs::remove_file(entry.path())?;
                    removed += 1;
                }
            }
        }
    }
    Ok(removed)
}

fn store_fault(error: object_store::Error) -> BlobError {
    match error {
        object_store::Error::NotFound { .. } => BlobError::Missing,
        other => BlobError::Store(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;

    fn pieces(parts: &[&'static str]) -> impl Stream<Item = Result<Bytes, ()>> + Unpin {
        stream::iter(parts.iter().map(|p| Ok(Bytes::from_static(p.as_bytes()))).collect::<Vec<_>>())
    }

    #[tokio::test]
    async fn what_is_kept_reads_back_and_what_is_too_large_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::folder(dir.path()).unwrap();
        let kept = blobs.keep("a/b", pieces(&["中文", "text"]), 100).await.unwrap();
        assert_eq!(kept.size, 10);
        assert_eq!(blobs.read("a/b").await.unwrap(), Bytes::from("中文text"));
        assert!(matches!(
            blobs.keep("a/c", pieces(&["0123456789", "x"]), 10).await,
            Err(BlobError::TooLarge { limit: 10 })
        ));
        assert_eq!(blobs.list().await.unwrap(), vec![("a/b".to_owned(), 10)]);
        blobs.remove("a/b").await.unwrap();
        blobs.remove("a/b").await.unwrap();
        assert!(matches!(blobs.read("a/b").await, Err(BlobError::Missing)));
    }

    #[tokio::test]
    async fn what_a_crash_left_of_uploads_is_removed_once_it_is_old() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::folder(dir.path()).unwrap();
        blobs.keep_bytes("imports/a", Bytes::from_static(b"whole")).await.unwrap();
        std::fs::write(dir.path().join("imports/b#1"), b"half").unwrap();
        std::fs::write(dir.path().join("imports/c#x"), b"a name like another").unwrap();
        let (long_ago, later) = (Timestamp::from_micros(1), Timestamp::from_micros(i64::MAX));
        assert_eq!(blobs.remove_staged(long_ago).await.unwrap(), 0);
        assert_eq!(blobs.remove_staged(later).await.unwrap(), 1);
        assert!(!dir.path().join("imports/b#1").exists() && dir.path().join("imports/c#x").exists());
        assert!(blobs.older_than("imports", long_ago).await.unwrap().is_empty());
        assert!(blobs.older_than("imports", later).await.unwrap().contains(&"imports/a".to_owned()));
    }

    #[tokio::test]
    async fn storage_elsewhere_is_reached_over_tls() {
        // A client that lacks a provider of cryptography panics when it is made.
        assert!(Blobs::s3("bucket", Some("https://s3.example.com")).is_ok());
    }

    #[tokio::test]
    async fn a_key_cannot_leave_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::folder(&dir.path().join("in")).unwrap();
        blobs.keep_bytes("../out", Bytes::from_static(b"x")).await.unwrap();
        assert!(!dir.path().join("out").exists());
    }
}
