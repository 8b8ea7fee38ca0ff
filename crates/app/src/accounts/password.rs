//! Changing and resetting a password.

use futures::FutureExt;
use keqiao_domain::{Account, Action, RecordKind, Session, Viewer, fold_key};
use keqiao_store::{accounts, password_resets, sessions};

use super::update_account;

use super::check_new_password;
use super::session::open_session;
use crate::mail::{Mail, enqueue};
use crate::{App, AppError, log_change, secrets};

/// Seconds a reset link holds.
const RESET_SECONDS: i64 = 3600;

/// Changes the password of who is signed in, ends all sessions and opens a new one.
///
/// # Errors
/// `WrongPassword` when the old one is wrong; `Invalid` when the new one is too short or long.
pub async fn change_password(
    app: &App,
    viewer: &Viewer,
    old: String,
    new: String,
) -> Result<(String, Session), AppError> {
    let id = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let account = accounts::find(&mut db, id).await?.ok_or(AppError::SignInNeeded)?;
    drop(db);
    let memory = app.settings.password_memory_kib;
    if !secrets::check_password(old, Some(account.password_hash.clone()), memory).await? {
        return Err(AppError::WrongPassword);
    }
    let account = store_password(app, account, new).await?;
    open_session(app, &account).await
}

/// Sends a reset link, if there is such an account. Whether there is one, the caller is not told.
///
/// # Errors
/// When the store fails.
pub async fn request_reset(app: &App, email: &str) -> Result<(), AppError> {
    let mut db = app.store.reader().await?;
    let Some(account) = accounts::find_by_email_key(&mut db, &fold_key(email)).await? else {
        return Ok(());
    };
    drop(db);
    let secret = secrets::fresh_secret(&*app.entropy);
    let (hash, now) = (secrets::hash_secret(&secret), app.now());
    let link = format!("{}/reset/{secret}", app.settings.public_url);
    let mail = if account.locale == "en" {
        Mail {
            to: account.email.clone(),
            subject: "Set a new password for Keqiao".into(),
            text: format!(
                "Open this link within an hour to set a new password:\n\n{link}\n\nIf you did not ask for it, ignore this mail; nothing was changed."
            ),
        }
    } else {
        Mail {
            to: account.email.clone(),
            subject: "科桥：重设密码".into(),
            text: format!(
                "请在一小时内打开以下链接重设密码：\n\n{link}\n\n如果不是您本人申请，请忽略本邮件，您的密码没有变化。"
            ),
        }
    };
    app.store
        .write(move |tx| {
            async move {
                password_resets::insert(tx, &hash, account.id, now.plus_seconds(RESET_SECONDS)).await?;
                enqueue(tx, &format!("reset-{}", &hash[..24]), &mail, now).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Sets a new password by a reset link, which holds once.
///
/// # Errors
/// `DeadLink`; `Invalid` when the password is too short or long (the link then still holds).
pub async fn reset_password(app: &App, secret: &str, new: String) -> Result<(), AppError> {
    let mut faults = Vec::new();
    check_new_password(&new, &mut faults);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (hash, now) = (secrets::hash_secret(secret), app.now());
    let taken = app
        .store
        .write::<_, AppError, _>(move |tx| async move { Ok(password_resets::take(tx, &hash, now).await?) }.boxed())
        .await?;
    let id = taken.ok_or(AppError::DeadLink)?;
    let mut db = app.store.reader().await?;
    let account = accounts::find(&mut db, id).await?.ok_or(AppError::DeadLink)?;
    drop(db);
    store_password(app, account, new).await?;
    Ok(())
}

async fn store_password(app: &App, mut account: Account, new: String) -> Result<Account, AppError> {
    let mut faults = Vec::new();
    check_new_password(&new, &mut faults);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    account.password_hash = secrets::hash_password(new, app.settings.password_memory_kib, &*app.entropy).await?;
    account.version += 1;
    let now = app.now();
    app.store
        .write(move |tx| {
            async move {
                update_account(tx, &account).await?;
                sessions::delete_all_of(tx, account.id).await?;
                log_change(tx, now, RecordKind::Account, account.id, Action::Updated, Some(account.id)).await?;
                Ok(account)
            }
            .boxed()
        })
        .await
}
