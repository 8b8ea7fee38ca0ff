//! Work that time brings: expiry, mail, tidying up. Each is safe to run on
//! several nodes and to run again after a crash.

use futures::FutureExt;
use keqiao_domain::{Account, AccountId, ListingState, Notice, NoticeBody, NoticeId, Timestamp};
use keqiao_store::{Conn, accounts, deliveries, idempotency, leases, listings, meta, notices, sessions};

use crate::listings::update_listing;
use crate::mail::{Mail, enqueue};
use crate::{App, AppError, Mailer};

/// Listings expired, mails sent and so on in one turn at the most.
const BATCH: i64 = 200;
/// The lease of the daily digest.
const DIGEST: &str = "daily-digest";
/// Seconds for which a worker holds a delivery, and a node the digest.
const LEASE_SECONDS: i64 = 120;
/// Days for which an idempotency key holds.
const IDEMPOTENCY_DAYS: i64 = 7;

/// Expires published listings whose time ran out, and tells their people.
/// Gives how many.
///
/// # Errors
/// When the store fails; what was done stays done.
pub async fn expire_due(app: &App) -> Result<usize, AppError> {
    let mut db = app.store.reader().await?;
    let due = listings::due_to_expire(&mut db, app.now(), BATCH).await?;
    drop(db);
    let count = due.len();
    for listing in due {
        let (id, now) = (listing.id, app.now());
        let fresh: Vec<NoticeId> = (0..64).map(|_| NoticeId::fresh(&*app.clock, &*app.entropy)).collect();
        app.store
            .write::<_, AppError, _>(move |tx| {
                async move {
                    let Some(mut listing) = listings::find(tx, id).await? else { return Ok(()) };
                    // Renewed or closed since it was listed as due.
                    if listing.state != ListingState::Published || listing.expires_at > Some(now) {
                        return Ok(());
                    }
                    listing.become_state(ListingState::Expired)?;
                    let expired_at = listing.expires_at.map_or(0, |t| t.micros());
                    update_listing(tx, &mut listing, now, None, false).await?;
                    let people = accounts::accounts_of(tx, listing.party).await?;
                    for ((account, _), notice_id) in people.into_iter().zip(fresh) {
                        let notice = Notice {
                            id: notice_id,
                            account: account.id,
                            body: NoticeBody::Expired { listing: id },
                            key: format!("expired-{id}-{expired_at}"),
                            created_at: now,
                            read_at: None,
                            mailed_at: None,
                        };
                        notices::insert_unless_key_exists(tx, &notice).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await?;
    }
    Ok(count)
}

/// Sends the mails that are due; gives how many went out. A mail that fails is
/// tried again later, each time after a longer pause.
///
/// # Errors
/// When the store fails.
pub async fn deliver_mail(app: &App, mailer: &Mailer, worker: &str) -> Result<usize, AppError> {
    let (now, worker) = (app.now(), worker.to_owned());
    let claimed = app
        .store
        .write::<_, AppError, _>(move |tx| {
            async move { Ok(deliveries::claim(tx, &worker, now.plus_seconds(LEASE_SECONDS), now, 50).await?) }.boxed()
        })
        .await?;
    let mut sent = 0;
    for row in claimed {
        let outcome = match serde_json::from_value::<Mail>(row.payload) {
            Ok(mail) => mailer.send(&row.key, &mail).await,
            Err(e) => Err(AppError::Internal(format!("delivery {}: {e}", row.id))),
        };
        let now = app.now();
        let (id, attempts) = (row.id, row.attempts);
        let failed = outcome.as_ref().err().map(ToString::to_string);
        if let Some(why) = &failed {
            tracing::warn!(delivery = %row.key, error = %why, "mail was not sent");
        } else {
            sent += 1;
        }
        app.store
            .write::<_, AppError, _>(move |tx| {
                async move {
                    match failed {
                        None => deliveries::succeed(tx, id, now).await.map(drop)?,
                        Some(why) => {
                            let pause = 60_i64 << attempts.clamp(0, 10);
                            deliveries::fail(tx, id, &why, now.plus_seconds(pause)).await.map(drop)?;
                        }
                    }
                    Ok(())
                }
                .boxed()
            })
            .await?;
    }
    Ok(sent)
}

/// Puts unread notices that have not been mailed into one mail per account that wants them, once a
/// day whatever node asks and however often it was started. Gives how many mails.
///
/// The first day begins when it is first asked. One that was cut off is ended by the next call:
/// what it has mailed is marked as mailed.
///
/// # Errors
/// When the store fails.
pub async fn daily_digest(app: &App, node: &str) -> Result<usize, AppError> {
    let (now, holder) = (app.now(), node.to_owned());
    let begun =
        app.store.write::<_, AppError, _>(move |tx| async move { begin_digest(tx, &holder, now).await }.boxed());
    if !begun.await? {
        return Ok(0);
    }
    let mut db = app.store.reader().await?;
    let mut mails = 0;
    loop {
        let waiting = notices::unmailed(&mut db, now, 1_000).await?;
        if waiting.is_empty() {
            break;
        }
        for (id, list) in waiting {
            mails += usize::from(mail_digest(app, &mut db, node, id, list).await?);
        }
    }
    drop(db);
    let holder = node.to_owned();
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                meta::set(tx, meta::DAILY_DIGEST, &now.micros().to_string()).await?;
                leases::release(tx, DIGEST, &holder).await?;
                Ok(())
            }
            .boxed()
        })
        .await?;
    Ok(mails)
}

/// Whether a day is over since the last digest and this node is the one to make the next.
async fn begin_digest(tx: &mut Conn, node: &str, now: Timestamp) -> Result<bool, AppError> {
    let last = meta::get(tx, meta::DAILY_DIGEST).await?.and_then(|text| text.parse().ok());
    let Some(last) = last.map(Timestamp::from_micros) else {
        meta::set(tx, meta::DAILY_DIGEST, &now.micros().to_string()).await?;
        return Ok(false);
    };
    Ok(last.plus_days(1) <= now && hold_digest(tx, node, now).await?)
}

async fn hold_digest(tx: &mut Conn, node: &str, now: Timestamp) -> Result<bool, AppError> {
    Ok(leases::acquire(tx, DIGEST, node, now, now.plus_seconds(LEASE_SECONDS)).await?)
}

/// Mails an account its notices; whether there were any that were not mailed yet.
async fn mail_digest(app: &App, db: &mut Conn, node: &str, id: AccountId, list: Vec<Notice>) -> Result<bool, AppError> {
    let Some(account) = accounts::find(db, id).await? else { return Ok(false) };
    let mail = digest(app, &account, &list);
    let ids: Vec<NoticeId> = list.iter().map(|n| n.id).collect();
    let key = format!("digest-{id}-{}", ids.iter().max().map(ToString::to_string).unwrap_or_default());
    let (now, node) = (app.now(), node.to_owned());
    let write = app.store.write::<_, AppError, _>(move |tx| {
        async move {
            if !hold_digest(tx, &node, now).await? {
                return Err(AppError::Unavailable("another node makes the daily digest".into()));
            }
            let fresh = notices::mark_mailed(tx, &ids, now).await? > 0;
            if fresh {
                enqueue(tx, &key, &mail, now).await?;
            }
            Ok(fresh)
        }
        .boxed()
    });
    write.await
}

fn digest(app: &App, account: &Account, list: &[Notice]) -> Mail {
    let count = |wanted: fn(&NoticeBody) -> bool| list.iter().filter(|n| wanted(&n.body)).count();
    let matches = count(|b| matches!(b, NoticeBody::MatchFound { .. }));
    let reviewed = count(|b| matches!(b, NoticeBody::Reviewed { .. }));
    let expired = count(|b| matches!(b, NoticeBody::Expired { .. }));
    let other = list.len() - matches - reviewed - expired;
    let desk = format!("{}/desk/notices", app.settings.public_url);
    let (subject, text) = if account.locale == "en" {
        (
            format!("Keqiao: {} new notices", list.len()),
            format!("Matches: {matches}\nReviews: {reviewed}\nExpired listings: {expired}\nOther: {other}\n\n{desk}"),
        )
    } else {
        (
            format!("科桥：{} 条新通知", list.len()),
            format!("新匹配：{matches}\n审核结果：{reviewed}\n到期信息：{expired}\n其他：{other}\n\n{desk}"),
        )
    };
    Mail { to: account.email.clone(), subject, text }
}

/// Removes sessions that are over and idempotency keys that no longer hold.
///
/// # Errors
/// When the store fails.
pub async fn tidy(app: &App) -> Result<(), AppError> {
    let now = app.now();
    app.store
        .write(move |tx| {
            async move {
                sessions::delete_expired(tx, now, 1_000).await?;
                idempotency::delete_before(tx, now.plus_days(-IDEMPOTENCY_DAYS)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}
