//! An account's own settings, and the admin's list of accounts.

use futures::FutureExt;
use keqiao_domain::{Account, AccountId, Action, PlatformRole, RecordKind, Viewer};
use keqiao_store::{accounts, sessions};

use super::update_account;

use super::check_name;
use crate::{App, AppError, log_change};

/// What an account can set for itself.
#[derive(Debug, Clone)]
pub struct ProfileInput {
    /// Name shown to colleagues.
    pub name: String,
    /// `zh` or `en`.
    pub locale: String,
    /// Whether notices also come by mail, once a day.
    pub daily_mail: bool,
}

/// The account of who is signed in.
///
/// # Errors
/// `SignInNeeded`.
pub async fn profile(app: &App, viewer: &Viewer) -> Result<Account, AppError> {
    let id = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    accounts::find(&mut db, id).await?.ok_or(AppError::SignInNeeded)
}

/// Stores an account's own settings.
///
/// # Errors
/// `SignInNeeded`; `Invalid`.
pub async fn update_profile(app: &App, viewer: &Viewer, input: ProfileInput) -> Result<Account, AppError> {
    let mut faults = Vec::new();
    check_name(&input.name, &mut faults);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let mut account = profile(app, viewer).await?;
    account.name = input.name.trim().to_owned();
    account.locale = if input.locale == "en" { "en".into() } else { "zh".into() };
    account.daily_mail = input.daily_mail;
    store_account(app, account, viewer.account).await
}

/// A page of all accounts by id, for admins.
///
/// # Errors
/// `NotAllowed`.
pub async fn account_page(
    app: &App,
    viewer: &Viewer,
    text: &str,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<Account>, AppError> {
    if !viewer.is_admin() {
        return Err(AppError::NotAllowed);
    }
    let mut db = app.store.reader().await?;
    let (text, limit) = (text.trim(), limit.clamp(1, 100));
    Ok(match text {
        "" => accounts::page(&mut db, after, limit).await?,
        text => accounts::page_with(&mut db, text, after, limit).await?,
    })
}

/// Gives or takes a role on the platform; an admin cannot take the own one.
///
/// # Errors
/// `NotAllowed`; `NotFound`.
pub async fn set_platform_role(
    app: &App,
    viewer: &Viewer,
    id: AccountId,
    role: Option<PlatformRole>,
) -> Result<Account, AppError> {
    let mut account = account_for_admin(app, viewer, id).await?;
    account.platform_role = role;
    store_account(app, account, viewer.account).await
}

/// Disables an account, which ends its sessions, or enables it again.
///
/// # Errors
/// `NotAllowed`, also for the own account; `NotFound`.
pub async fn set_disabled(app: &App, viewer: &Viewer, id: AccountId, disabled: bool) -> Result<Account, AppError> {
    let mut account = account_for_admin(app, viewer, id).await?;
    account.disabled_at = disabled.then(|| app.now());
    store_account(app, account, viewer.account).await
}

async fn account_for_admin(app: &App, viewer: &Viewer, id: AccountId) -> Result<Account, AppError> {
    if !viewer.is_admin() || viewer.account == Some(id) {
        return Err(AppError::NotAllowed);
    }
    let mut db = app.store.reader().await?;
    accounts::find(&mut db, id).await?.ok_or(AppError::NotFound)
}

async fn store_account(app: &App, mut account: Account, actor: Option<AccountId>) -> Result<Account, AppError> {
    account.version += 1;
    let now = app.now();
    app.store
        .write(move |tx| {
            async move {
                update_account(tx, &account).await?;
                if account.disabled_at.is_some() {
                    sessions::delete_all_of(tx, account.id).await?;
                }
                log_change(tx, now, RecordKind::Account, account.id, Action::Updated, actor).await?;
                Ok(account)
            }
            .boxed()
        })
        .await
}

/// Makes an account from the machine's command line, or gives an existing one a new role.
///
/// # Errors
/// `Invalid` when mail address or password are no good.
pub async fn ensure_account(app: &App, input: super::SignUp, role: Option<PlatformRole>) -> Result<Account, AppError> {
    let mut db = app.store.reader().await?;
    let existing = accounts::find_by_email_key(&mut db, &keqiao_domain::fold_key(&input.email)).await?;
    drop(db);
    match existing {
        Some(mut account) => {
            account.platform_role = role;
            store_account(app, account, None).await
        }
        None => {
            let mut faults = Vec::new();
            super::check_email(input.email.trim(), &mut faults);
            check_name(&input.name, &mut faults);
            super::check_new_password(&input.password, &mut faults);
            if !faults.is_empty() {
                return Err(AppError::Invalid(faults));
            }
            super::sign_up::create_account(app, input, role, false).await
        }
    }
}
