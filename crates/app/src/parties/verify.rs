//! Verification of organizations by operators.

use futures::FutureExt;
use keqiao_domain::{
    Account, Action, Notice, NoticeBody, NoticeId, OrgRole, Party, PartyId, PartyKind, RecordKind, Viewer,
};
use keqiao_store::{accounts, notices, parties};

use super::check_length;
use crate::mail::{Mail, enqueue};
use crate::{App, AppError, Fault, log_change};

/// Marks an organization as verified, or takes the mark away.
///
/// # Errors
/// `NotAllowed` but for operators; `NotFound`; `Invalid` for a person, or without a credit code.
pub async fn set_verified(app: &App, viewer: &Viewer, id: PartyId, verified: bool) -> Result<Party, AppError> {
    if !viewer.is_operator() {
        return Err(AppError::NotAllowed);
    }
    let mut db = app.store.reader().await?;
    let mut party = parties::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let people = accounts::accounts_of(&mut db, id).await?;
    drop(db);
    if party.kind != PartyKind::Organization {
        return Err(AppError::invalid("kind", "organizations-only"));
    }
    if verified && party.uscc.is_none() {
        return Err(AppError::invalid("uscc", "required"));
    }
    let (now, actor, expected) = (app.now(), viewer.account, party.version);
    party.verified_at = verified.then_some(now);
    party.version += 1;
    party.updated_at = now;
    let told: Vec<Notice> = people
        .into_iter()
        .filter(|(_, role)| verified && *role == OrgRole::Owner)
        .map(|(account, _)| Notice {
            id: NoticeId::fresh(&*app.clock, &*app.entropy),
            account: account.id,
            body: NoticeBody::Verified { organization: id },
            key: format!("verified-{id}-{}", party.version),
            created_at: now,
            read_at: None,
            mailed_at: None,
        })
        .collect();
    app.store
        .write(move |tx| {
            async move {
                if !parties::update(tx, &party, expected).await? {
                    return Err(AppError::Stale { current: expected + 1 });
                }
                for notice in &told {
                    notices::insert_unless_key_exists(tx, notice).await?;
                }
                log_change(tx, now, RecordKind::Party, id, Action::Moved, actor).await?;
                Ok(party)
            }
            .boxed()
        })
        .await
}

/// Longest text to the owners of a refused organization, characters.
const COMMENT_MAX_CHARS: usize = 2_000;

/// Refuses to verify an organization: its credit code and any mark are taken off, so that a code
/// that nobody could confirm is neither shown nor kept from whom it belongs to, and its owners are
/// told by mail what to check before they enter it again.
///
/// # Errors
/// `NotAllowed` but for operators; `NotFound`; `Invalid` without a comment or a credit code; `Stale`.
pub async fn refuse_verification(app: &App, viewer: &Viewer, id: PartyId, comment: &str) -> Result<Party, AppError> {
    if !viewer.is_operator() {
        return Err(AppError::NotAllowed);
    }
    let mut faults = Vec::new();
    let comment = comment.trim();
    if comment.is_empty() {
        faults.push(Fault::new("comment", "required"));
    }
    check_length("comment", comment, COMMENT_MAX_CHARS, &mut faults);
    let mut db = app.store.reader().await?;
    let mut party = parties::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let people = accounts::accounts_of(&mut db, id).await?;
    drop(db);
    let Some(code) = party.uscc.take() else { return Err(AppError::invalid("uscc", "required")) };
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (now, actor, expected) = (app.now(), viewer.account, party.version);
    party.verified_at = None;
    party.version += 1;
    party.updated_at = now;
    let link = format!("{}/organizations/{id}/edit", app.settings.public_url);
    let owners = people.into_iter().filter(|(_, role)| *role == OrgRole::Owner);
    let mails: Vec<(String, Mail)> = owners
        .map(|(owner, _)| {
            let key = format!("refused-{id}-{}-{}", party.version, owner.id);
            (key, refusal_mail(&owner, &party.name, code.as_str(), comment, &link))
        })
        .collect();
    app.store
        .write(move |tx| {
            async move {
                if !parties::update(tx, &party, expected).await? {
                    return Err(AppError::Stale { current: expected + 1 });
                }
                for (key, mail) in &mails {
                    enqueue(tx, key, mail, now).await?;
                }
                log_change(tx, now, RecordKind::Party, id, Action::Moved, actor).await?;
                Ok(party)
            }
            .boxed()
        })
        .await
}

fn refusal_mail(owner: &Account, name: &str, code: &str, comment: &str, link: &str) -> Mail {
    let to = owner.email.clone();
    if owner.locale == "en" {
        return Mail {
            to,
            subject: format!("Keqiao: {name} could not be verified"),
            text: format!(
                "The credit code {code} of {name} could not be confirmed and was taken off its page. What to check:\n\n{comment}\n\nEnter it again here:\n{link}"
            ),
        };
    }
    Mail {
        to,
        subject: format!("科桥：{name} 未通过核验"),
        text: format!(
            "{name} 填写的统一社会信用代码 {code} 未能核实，已从主页撤下。请核对：\n\n{comment}\n\n核对后请在此重新填写：\n{link}"
        ),
    }
}

/// Organizations that wait for verification, the oldest first: those that have
/// a credit code, somebody who acts for them, and no mark.
///
/// # Errors
/// `NotAllowed` but for operators.
pub async fn unverified_organizations(
    app: &App,
    viewer: &Viewer,
    after: Option<PartyId>,
    limit: i64,
) -> Result<Vec<Party>, AppError> {
    if !viewer.is_operator() {
        return Err(AppError::NotAllowed);
    }
    let mut db = app.store.reader().await?;
    Ok(parties::unverified(&mut db, after, limit.clamp(1, 100)).await?)
}
