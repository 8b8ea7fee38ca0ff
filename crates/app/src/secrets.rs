//! Passwords, tokens and their hashes.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keqiao_domain::Entropy;
use sha2::{Digest, Sha256};

use crate::AppError;

/// A secret of 32 random bytes in base64url: session ids, links, API tokens.
pub(crate) fn fresh_secret(entropy: &dyn Entropy) -> String {
    let mut bytes = [0u8; 32];
    entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What the store keeps of a secret: SHA-256 in hex. The secrets have 256 bits, so no salt is needed.
pub(crate) fn hash_secret(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn hasher(memory_kib: u32) -> Result<Argon2<'static>, AppError> {
    let params = Params::new(memory_kib, 2, 1, None).map_err(|e| AppError::Internal(format!("argon2: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password with argon2id on a blocking thread.
pub(crate) async fn hash_password(
    password: String,
    memory_kib: u32,
    entropy: &dyn Entropy,
) -> Result<String, AppError> {
    let mut salt = [0u8; 16];
    entropy.fill(&mut salt);
    on_blocking_thread(move || {
        let hash = hasher(memory_kib)?.hash_password_with_salt(password.as_bytes(), &salt);
        Ok(hash.map_err(|e| AppError::Internal(format!("argon2: {e}")))?.to_string())
    })
    .await
}

/// Whether a password fits a hash, on a blocking thread. Without a hash the
/// same work is done in vain, so that time does not tell whether an account exists.
pub(crate) async fn check_password(password: String, hash: Option<String>, memory_kib: u32) -> Result<bool, AppError> {
    on_blocking_thread(move || {
        let Some(hash) = hash else {
            let _spent = hasher(memory_kib)?.hash_password_with_salt(password.as_bytes(), &[0u8; 16]);
            return Ok(false);
        };
        let parsed = PasswordHash::new(&hash).map_err(|e| AppError::Internal(format!("argon2: {e}")))?;
        Ok(hasher(memory_kib)?.verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| AppError::Internal(e.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use keqiao_domain::SystemEntropy;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let hash = hash_password("正确 horse".into(), 64, &SystemEntropy).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(check_password("正确 horse".into(), Some(hash.clone()), 64).await.unwrap());
        assert!(!check_password("正确 Horse".into(), Some(hash), 64).await.unwrap());
        assert!(!check_password("x".into(), None, 64).await.unwrap());
    }
}
