//! Creating once, however often the request comes: by a key of the sender's choice.
//!
//! The answer is kept in the transaction that creates, and the store lets one
//! transaction in after the other, so two requests under one key cannot both create.

use futures::FutureExt;
use futures::future::BoxFuture;
use keqiao_domain::AccountId;
use keqiao_store::idempotency::{KeptAnswer, find, insert};
use keqiao_store::{Conn, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::{App, AppError, Fault};

/// Most characters of a key.
const MOST_CHARS: usize = 200;
/// The status that is kept: only what was created is kept, refusals are not.
const CREATED: i64 = 201;

/// A key with the request it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceKey {
    key: String,
    request_hash: String,
}

impl OnceKey {
    /// A key as the sender wrote it, for a request: what is asked (`POST /…`) and its body.
    ///
    /// # Errors
    /// `Invalid` for a key that is empty, longer than 200 characters or not of visible ASCII.
    pub fn new(key: &str, asked: &str, body: &[u8]) -> Result<Self, AppError> {
        let field = "idempotency-key";
        if key.len() > MOST_CHARS {
            return Err(AppError::Invalid(vec![Fault::with(field, "too-long", MOST_CHARS)]));
        }
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(AppError::invalid(field, "wrong-character"));
        }
        let mut hash = Sha256::new();
        hash.update(asked.as_bytes());
        hash.update([0]);
        hash.update(body);
        Ok(Self { key: key.to_owned(), request_hash: hex::encode(hash.finalize()) })
    }
}

/// What an account was answered under a key before.
///
/// # Errors
/// `KeyReused` when the key stands for another request.
pub(crate) async fn kept<T: DeserializeOwned>(
    app: &App,
    account: AccountId,
    once: Option<&OnceKey>,
) -> Result<Option<T>, AppError> {
    let Some(once) = once else { return Ok(None) };
    let mut db = app.store.reader().await?;
    kept_in(&mut db, account, once).await
}

async fn kept_in<T: DeserializeOwned>(
    db: &mut Conn,
    account: AccountId,
    once: &OnceKey,
) -> Result<Option<T>, AppError> {
    let Some(answer) = find(db, account, &once.key).await? else { return Ok(None) };
    if answer.request_hash != once.request_hash {
        return Err(AppError::KeyReused);
    }
    let fault = |e: serde_json::Error| AppError::Internal(format!("kept answer {}: {e}", once.key));
    serde_json::from_str(&answer.body).map(Some).map_err(fault)
}

/// One transaction that creates, or the answer it gave before. Without a key it just creates.
///
/// # Errors
/// What the work answered; `KeyReused`.
pub(crate) async fn once<T, F>(app: &App, account: AccountId, once: Option<OnceKey>, work: F) -> Result<T, AppError>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: for<'t> FnOnce(&'t mut Conn) -> BoxFuture<'t, Result<T, AppError>> + Send + 'static,
{
    let now = app.now();
    app.store
        .write(move |tx| {
            async move {
                let Some(once) = once else { return work(tx).await };
                if let Some(kept) = kept_in(tx, account, &once).await? {
                    return Ok(kept);
                }
                let made = work(tx).await?;
                let body = serde_json::to_string(&made).map_err(|e| StoreError::Internal(e.to_string()))?;
                let answer = KeptAnswer { request_hash: once.request_hash, status: CREATED, body };
                insert(tx, account, &once.key, &answer, now).await?;
                Ok(made)
            }
            .boxed()
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_visible() {
        for bad in ["", "a b", "键", "a\u{7f}", &"k".repeat(201)] {
            assert!(matches!(OnceKey::new(bad, "POST /x", b""), Err(AppError::Invalid(_))), "{bad:?}");
        }
        assert!(OnceKey::new(&"k".repeat(200), "POST /x", b"").is_ok());
    }

    #[test]
    fn another_path_or_body_is_another_request() {
        let of = |asked, body: &[u8]| OnceKey::new("k", asked, body).unwrap();
        assert_eq!(of("POST /a", b"1"), of("POST /a", b"1"));
        assert_ne!(of("POST /a", b"1"), of("POST /b", b"1"));
        assert_ne!(of("POST /a", b"1"), of("POST /a", b"2"));
    }
}
