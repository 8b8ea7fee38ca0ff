//! Sessions: signing in and out, and who is looking.

use futures::FutureExt;
use keqiao_domain::{Account, Session, Viewer, fold_key};
use keqiao_store::{Conn, accounts, notices, sessions};

use crate::{App, AppError, secrets};

/// Seconds a session lasts.
const SESSION_SECONDS: i64 = 30 * 86_400;

/// A request of somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// What it may see and do.
    pub viewer: Viewer,
    /// The token its forms carry.
    pub csrf: String,
    /// Notices not read.
    pub unread: i64,
}

/// Opens a session; gives the secret for the cookie.
///
/// # Errors
/// `WrongPassword`, whichever of the two was wrong; `NotAllowed` when the account is disabled.
pub async fn sign_in(app: &App, email: &str, password: String) -> Result<(String, Session), AppError> {
    let mut db = app.store.reader().await?;
    let account = accounts::find_by_email_key(&mut db, &fold_key(email)).await?;
    drop(db);
    let hash = account.as_ref().map(|a| a.password_hash.clone());
    if !secrets::check_password(password, hash, app.settings.password_memory_kib).await? {
        return Err(AppError::WrongPassword);
    }
    let account = account.ok_or(AppError::WrongPassword)?;
    if account.disabled_at.is_some() {
        return Err(AppError::NotAllowed);
    }
    open_session(app, &account).await
}

/// Opens a session for an account that has proven itself.
pub(crate) async fn open_session(app: &App, account: &Account) -> Result<(String, Session), AppError> {
    let secret = secrets::fresh_secret(&*app.entropy);
    let now = app.now();
    let session = Session {
        id_hash: secrets::hash_secret(&secret),
        account: account.id,
        csrf: secrets::fresh_secret(&*app.entropy),
        created_at: now,
        expires_at: now.plus_seconds(SESSION_SECONDS),
    };
    app.store
        .write(move |tx| {
            async move {
                sessions::insert(tx, &session).await?;
                Ok((secret, session))
            }
            .boxed()
        })
        .await
}

/// Who holds a session secret; `None` when it is unknown, over, or the account is disabled.
///
/// # Errors
/// When the store fails.
pub async fn session_viewer(app: &App, secret: &str) -> Result<Option<SignedIn>, AppError> {
    let mut db = app.store.reader().await?;
    let Some(session) = sessions::find(&mut db, &secrets::hash_secret(secret)).await? else {
        return Ok(None);
    };
    if session.expires_at <= app.now() {
        return Ok(None);
    }
    let Some(account) = accounts::find(&mut db, session.account).await? else { return Ok(None) };
    if account.disabled_at.is_some() {
        return Ok(None);
    }
    let viewer = viewer_of(&mut db, &account).await?;
    let unread = notices::unread_count(&mut db, account.id).await?;
    Ok(Some(SignedIn { account, viewer, csrf: session.csrf, unread }))
}

/// What an account may see and do.
///
/// # Errors
/// When the store fails.
pub async fn viewer_of(db: &mut Conn, account: &Account) -> Result<Viewer, AppError> {
    let roles = accounts::roles_of(db, account.id).await?;
    Ok(Viewer {
        account: Some(account.id),
        platform: account.platform_role,
        roles: roles.into_iter().map(|g| (g.organization, g.role)).collect(),
        person: account.person,
    })
}

/// Ends a session. One that is not there is no fault.
///
/// # Errors
/// When the store fails.
pub async fn sign_out(app: &App, secret: &str) -> Result<(), AppError> {
    let hash = secrets::hash_secret(secret);
    app.store.write(move |tx| async move { Ok(sessions::delete(tx, &hash).await.map(drop)?) }.boxed()).await
}

/// Ends all sessions of an account.
///
/// # Errors
/// When the store fails.
pub async fn sign_out_everywhere(app: &App, viewer: &Viewer) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    app.store.write(move |tx| async move { Ok(sessions::delete_all_of(tx, account).await.map(drop)?) }.boxed()).await
}
