//! Tokens for the API.

use futures::FutureExt;
use keqiao_domain::{Action, ApiToken, ApiTokenId, RecordKind, Scope, Viewer};
use keqiao_store::{accounts, api_tokens as tokens};

use super::viewer_of;
use crate::{App, AppError, log_change, secrets};

/// Marks a token as one of Keqiao's, for secret scanners.
const PREFIX: &str = "kq_";
/// Microseconds after which the last use is written again.
const TOUCH_MICROS: i64 = 3_600_000_000;

/// Makes a token; the secret is given once and never again.
///
/// # Errors
/// `SignInNeeded`; `Invalid` without a name or scope.
pub async fn create_api_token(
    app: &App,
    viewer: &Viewer,
    name: &str,
    scopes: Vec<Scope>,
) -> Result<(String, ApiToken), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        return Err(AppError::invalid("name", if name.is_empty() { "required" } else { "too-long" }));
    }
    if scopes.is_empty() {
        return Err(AppError::invalid("scopes", "required"));
    }
    let secret = format!("{PREFIX}{}", secrets::fresh_secret(&*app.entropy));
    let now = app.now();
    let token = ApiToken {
        id: ApiTokenId::fresh(&*app.clock, &*app.entropy),
        account,
        name: name.to_owned(),
        hash: secrets::hash_secret(&secret),
        scopes,
        created_at: now,
        used_at: None,
        revoked_at: None,
    };
    app.store
        .write(move |tx| {
            async move {
                tokens::insert(tx, &token).await?;
                log_change(tx, now, RecordKind::Account, account, Action::Updated, Some(account)).await?;
                Ok((secret, token))
            }
            .boxed()
        })
        .await
}

/// The tokens of who is signed in.
///
/// # Errors
/// `SignInNeeded`.
pub async fn api_tokens(app: &App, viewer: &Viewer) -> Result<Vec<ApiToken>, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    Ok(tokens::of_account(&mut db, account).await?)
}

/// Revokes one of the own tokens.
///
/// # Errors
/// `NotFound` when it is not one of the own.
pub async fn revoke_api_token(app: &App, viewer: &Viewer, id: ApiTokenId) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if !api_tokens(app, viewer).await?.iter().any(|t| t.id == id) {
        return Err(AppError::NotFound);
    }
    let now = app.now();
    app.store
        .write(move |tx| {
            async move {
                tokens::revoke(tx, id, now).await?;
                log_change(tx, now, RecordKind::Account, account, Action::Updated, Some(account)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Who holds an API token, and what the token may do. A token without `Write`
/// keeps its account's eyes and loses its hands: the web checks the scope.
///
/// # Errors
/// When the store fails; an unknown or revoked token is `None`.
pub async fn token_viewer(app: &App, secret: &str) -> Result<Option<(Viewer, Vec<Scope>)>, AppError> {
    let mut db = app.store.reader().await?;
    let Some(token) = tokens::find_by_hash(&mut db, &secrets::hash_secret(secret)).await? else {
        return Ok(None);
    };
    let Some(account) = accounts::find(&mut db, token.account).await? else { return Ok(None) };
    if token.revoked_at.is_some() || account.disabled_at.is_some() {
        return Ok(None);
    }
    let viewer = viewer_of(&mut db, &account).await?;
    drop(db);
    let now = app.now();
    if token.used_at.is_none_or(|at| now.micros() - at.micros() > TOUCH_MICROS) {
        let id = token.id;
        app.store
            .write::<_, AppError, _>(move |tx| async move { Ok(tokens::touch(tx, id, now).await.map(drop)?) }.boxed())
            .await?;
    }
    Ok(Some((viewer, token.scopes)))
}
