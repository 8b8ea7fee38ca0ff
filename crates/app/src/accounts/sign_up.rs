//! Signing up.

use futures::FutureExt;
use keqiao_domain::{Account, AccountId, Action, OrgRole, PlatformRole, RecordKind, RoleGrant, fold_key};
use keqiao_store::{accounts, parties};

use super::{check_email, check_name, check_new_password, show_invitation};
use crate::{App, AppError, log_change, secrets};

/// What somebody types to sign up.
#[derive(Debug, Clone, Default)]
pub struct SignUp {
    /// Mail address.
    pub email: String,
    /// Name shown to colleagues.
    pub name: String,
    /// Password.
    pub password: String,
    /// `zh` or `en`.
    pub locale: String,
}

/// Whether anyone may sign up: sign-up is open, or there is no account yet.
///
/// # Errors
/// When the store fails.
pub async fn may_sign_up(app: &App) -> Result<bool, AppError> {
    Ok(app.settings.open_sign_up || is_empty(app).await?)
}

async fn is_empty(app: &App) -> Result<bool, AppError> {
    let mut db = app.store.reader().await?;
    Ok(accounts::count(&mut db).await? == 0)
}

/// Makes an account. The very first account of an installation becomes its admin.
/// Where sign-up is closed, the secret of an invitation that holds opens it.
///
/// # Errors
/// `Invalid` with a fault per field (`email` `taken` among them); `NotAllowed` when sign-up is
/// closed; `DeadLink` when it is and the invitation no longer holds.
pub async fn sign_up(app: &App, input: SignUp, invitation: Option<&str>) -> Result<Account, AppError> {
    let mut faults = Vec::new();
    check_email(input.email.trim(), &mut faults);
    check_name(&input.name, &mut faults);
    check_new_password(&input.password, &mut faults);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let first = is_empty(app).await?;
    if !first && !app.settings.open_sign_up {
        show_invitation(app, invitation.ok_or(AppError::NotAllowed)?).await?;
    }
    let mut db = app.store.reader().await?;
    if accounts::find_by_email_key(&mut db, &fold_key(&input.email)).await?.is_some() {
        return Err(AppError::invalid("email", "taken"));
    }
    drop(db);
    let role = first.then_some(PlatformRole::Admin);
    create_account(app, input, role, false).await
}

/// Makes an account with a role; for sign-up, the command line and demo data.
///
/// # Errors
/// `Invalid` when the mail address is taken.
pub(crate) async fn create_account(
    app: &App,
    input: SignUp,
    role: Option<PlatformRole>,
    demo: bool,
) -> Result<Account, AppError> {
    let now = app.now();
    let account = Account {
        id: AccountId::fresh(&*app.clock, &*app.entropy),
        email: input.email.trim().to_owned(),
        name: input.name.trim().to_owned(),
        password_hash: secrets::hash_password(input.password, app.settings.password_memory_kib, &*app.entropy).await?,
        locale: if input.locale == "en" { "en".into() } else { "zh".into() },
        platform_role: role,
        person: None,
        daily_mail: false,
        disabled_at: None,
        demo,
        version: 1,
        created_at: now,
    };
    app.store
        .write(move |tx| {
            async move {
                accounts::insert(tx, &account).await?;
                log_change(tx, now, RecordKind::Account, account.id, Action::Created, Some(account.id)).await?;
                Ok(account)
            }
            .boxed()
        })
        .await
}

/// An account of the demo data.
#[derive(Debug, Clone, Copy)]
pub struct DemoAccount<'a> {
    /// Mail address.
    pub email: &'a str,
    /// Name.
    pub name: &'a str,
    /// Role on the platform.
    pub platform: Option<PlatformRole>,
    /// External id of an organization, and the role in it.
    pub organization: Option<(&'a str, OrgRole)>,
}

/// Makes an account of the demo data, marked as such.
///
/// # Errors
/// `Invalid` when it is there already; `NotFound` when its organization is not.
pub async fn create_demo_account(app: &App, demo: &DemoAccount<'_>, password: &str) -> Result<Account, AppError> {
    let input = SignUp {
        email: demo.email.to_owned(),
        name: demo.name.to_owned(),
        password: password.to_owned(),
        locale: "zh".into(),
    };
    let account = create_account(app, input, demo.platform, true).await?;
    if let Some((external, role)) = demo.organization {
        let mut db = app.store.reader().await?;
        let party = parties::find_by_external_id(&mut db, external).await?.ok_or(AppError::NotFound)?;
        drop(db);
        let grant = RoleGrant { account: account.id, organization: party.id, role, at: app.now() };
        app.store
            .write::<_, AppError, _>(move |tx| async move { Ok(accounts::grant_role(tx, &grant).await?) }.boxed())
            .await?;
    }
    Ok(account)
}
