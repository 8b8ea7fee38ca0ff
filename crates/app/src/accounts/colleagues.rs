//! Colleagues: who acts for an organization, and inviting more.

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, Invitation, InvitationId, Notice, NoticeBody, NoticeId, OrgRole, Party, PartyId, RecordKind,
    RoleGrant, Viewer, fold_key,
};
use keqiao_store::{accounts, invitations, notices, parties};

use super::check_email;
use crate::mail::{Mail, enqueue};
use crate::{App, AppError, log_change, secrets};

/// Days an invitation holds.
const INVITATION_DAYS: i64 = 14;

/// Somebody who acts for an organization.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// The account.
    pub account: AccountId,
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// The role.
    pub role: OrgRole,
}

/// An invitation as its receiver sees it.
#[derive(Debug, Clone)]
pub struct OpenInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// The organization.
    pub organization: Party,
}

async fn owned(app: &App, viewer: &Viewer, organization: PartyId) -> Result<Party, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let party = parties::find(&mut db, organization).await?.ok_or(AppError::NotFound)?;
    if viewer.owns(organization) || viewer.is_admin() {
        return Ok(party);
    }
    Err(AppError::NotAllowed)
}

/// Who acts for an organization, and who is invited; for its own people.
///
/// # Errors
/// `NotAllowed` for others.
pub async fn colleagues(
    app: &App,
    viewer: &Viewer,
    organization: PartyId,
) -> Result<(Vec<Colleague>, Vec<Invitation>), AppError> {
    if viewer.role_in(organization).is_none() && !viewer.is_admin() {
        return Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded });
    }
    let mut db = app.store.reader().await?;
    let people = accounts::accounts_of(&mut db, organization).await?;
    let open = invitations::of_organization(&mut db, organization).await?;
    let people =
        people.into_iter().map(|(a, role)| Colleague { account: a.id, name: a.name, email: a.email, role }).collect();
    Ok((people, open.into_iter().filter(|i| i.accepted_at.is_none()).collect()))
}

/// Invites somebody by mail; gives the link too, for whoever would rather hand it over.
///
/// # Errors
/// `NotAllowed` but for owners; `Invalid` for a bad address or one that is in already.
pub async fn invite_colleague(
    app: &App,
    viewer: &Viewer,
    organization: PartyId,
    email: &str,
    role: OrgRole,
) -> Result<(String, Invitation), AppError> {
    let party = owned(app, viewer, organization).await?;
    let inviter = viewer.account.ok_or(AppError::SignInNeeded)?;
    let email = email.trim().to_owned();
    let mut faults = Vec::new();
    check_email(&email, &mut faults);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (people, _) = colleagues(app, viewer, organization).await?;
    if people.iter().any(|c| fold_key(&c.email) == fold_key(&email)) {
        return Err(AppError::invalid("email", "already-in"));
    }
    let secret = secrets::fresh_secret(&*app.entropy);
    let now = app.now();
    let invitation = Invitation {
        id: InvitationId::fresh(&*app.clock, &*app.entropy),
        hash: secrets::hash_secret(&secret),
        organization,
        email: email.clone(),
        role,
        invited_by: inviter,
        created_at: now,
        expires_at: now.plus_days(INVITATION_DAYS),
        accepted_at: None,
    };
    let link = format!("{}/invitation/{secret}", app.settings.public_url);
    let mail = Mail {
        to: email,
        subject: format!("科桥：邀请您加入 {0} / Invitation to {0}", party.name),
        text: format!(
            "{0} 邀请您在科桥上与同事一起发布所能所需。请在 14 天内打开链接：\n\n{link}\n\n{0} invites you to act for it on Keqiao. The link holds for 14 days.",
            party.name
        ),
    };
    app.store
        .write(move |tx| {
            async move {
                invitations::insert(tx, &invitation).await?;
                enqueue(tx, &format!("invitation-{}", invitation.id), &mail, now).await?;
                log_change(tx, now, RecordKind::Invitation, invitation.id, Action::Created, Some(inviter)).await?;
                Ok((link, invitation))
            }
            .boxed()
        })
        .await
}

/// The invitation behind a link.
///
/// # Errors
/// `DeadLink` when it was used, withdrawn or has run out.
pub async fn show_invitation(app: &App, secret: &str) -> Result<OpenInvitation, AppError> {
    let mut db = app.store.reader().await?;
    let invitation = invitations::find_by_hash(&mut db, &secrets::hash_secret(secret))
        .await?
        .filter(|i| i.accepted_at.is_none() && i.expires_at > app.now())
        .ok_or(AppError::DeadLink)?;
    let organization = parties::find(&mut db, invitation.organization).await?.ok_or(AppError::DeadLink)?;
    Ok(OpenInvitation { invitation, organization })
}

/// Takes up an invitation as who is signed in. An existing higher role is kept.
///
/// # Errors
/// `SignInNeeded`; `DeadLink`.
pub async fn accept_invitation(app: &App, viewer: &Viewer, secret: &str) -> Result<PartyId, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let OpenInvitation { invitation, .. } = show_invitation(app, secret).await?;
    let now = app.now();
    let organization = invitation.organization;
    let role = viewer.role_in(organization).map_or(invitation.role, |r| r.max(invitation.role));
    let mut db = app.store.reader().await?;
    let name = accounts::find(&mut db, account).await?.map(|a| a.name).unwrap_or_default();
    drop(db);
    let notice = Notice {
        id: NoticeId::fresh(&*app.clock, &*app.entropy),
        account: invitation.invited_by,
        body: NoticeBody::Joined { organization, name },
        key: format!("joined-{}", invitation.id),
        created_at: now,
        read_at: None,
        mailed_at: None,
    };
    app.store
        .write(move |tx| {
            async move {
                if !invitations::accept(tx, invitation.id, now).await? {
                    return Err(AppError::DeadLink);
                }
                accounts::grant_role(tx, &RoleGrant { account, organization, role, at: now }).await?;
                notices::insert_unless_key_exists(tx, &notice).await?;
                log_change(tx, now, RecordKind::Account, account, Action::Updated, Some(account)).await?;
                Ok(organization)
            }
            .boxed()
        })
        .await
}

/// Withdraws an invitation into an organization.
///
/// # Errors
/// `NotAllowed` but for owners; `NotFound` when it is not one into this organization.
pub async fn withdraw_invitation(
    app: &App,
    viewer: &Viewer,
    organization: PartyId,
    id: InvitationId,
) -> Result<(), AppError> {
    owned(app, viewer, organization).await?;
    let (now, actor) = (app.now(), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                let open = invitations::of_organization(tx, organization).await?;
                if !open.iter().any(|i| i.id == id) {
                    return Err(AppError::NotFound);
                }
                invitations::remove(tx, id).await?;
                log_change(tx, now, RecordKind::Invitation, id, Action::Removed, actor).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Changes a colleague's role. The last owner stays an owner.
///
/// # Errors
/// `NotAllowed` but for owners; `Invalid` for the last owner; `NotFound`.
pub async fn set_colleague_role(
    app: &App,
    viewer: &Viewer,
    organization: PartyId,
    account: AccountId,
    role: OrgRole,
) -> Result<(), AppError> {
    owned(app, viewer, organization).await?;
    let (now, actor) = (app.now(), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                keep_an_owner(tx, organization, account, Some(role)).await?;
                accounts::grant_role(tx, &RoleGrant { account, organization, role, at: now }).await?;
                log_change(tx, now, RecordKind::Account, account, Action::Updated, actor).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Takes a colleague's role away; anyone may leave. The last owner stays.
///
/// # Errors
/// `NotAllowed`; `Invalid` for the last owner; `NotFound`.
pub async fn remove_colleague(
    app: &App,
    viewer: &Viewer,
    organization: PartyId,
    account: AccountId,
) -> Result<(), AppError> {
    if viewer.account != Some(account) {
        owned(app, viewer, organization).await?;
    }
    let (now, actor) = (app.now(), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                keep_an_owner(tx, organization, account, None).await?;
                accounts::revoke_role(tx, account, organization).await?;
                log_change(tx, now, RecordKind::Account, account, Action::Updated, actor).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Inside the transaction, so that two owners cannot remove each other at once.
async fn keep_an_owner(
    tx: &mut keqiao_store::Conn,
    organization: PartyId,
    account: AccountId,
    becomes: Option<OrgRole>,
) -> Result<(), AppError> {
    let people = accounts::accounts_of(tx, organization).await?;
    if !people.iter().any(|(a, _)| a.id == account) {
        return Err(AppError::NotFound);
    }
    let other_owner = people.iter().any(|(a, r)| *r == OrgRole::Owner && a.id != account);
    if becomes != Some(OrgRole::Owner) && !other_owner {
        return Err(AppError::invalid("role", "last-owner"));
    }
    Ok(())
}
