//! Mail: written into delivery rows with the state, sent by a job at least once.

use std::path::PathBuf;

use keqiao_domain::Timestamp;
use keqiao_store::{Conn, StoreError, deliveries};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

use crate::AppError;

/// One mail, as it lies in a delivery row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// Puts a mail into the same transaction as the state it reports. The key
/// makes a mail unique: the same key is not sent twice.
pub(crate) async fn enqueue(tx: &mut Conn, key: &str, mail: &Mail, now: Timestamp) -> Result<(), StoreError> {
    let payload = serde_json::to_value(mail).map_err(|e| StoreError::Internal(e.to_string()))?;
    deliveries::enqueue(tx, key, "mail", &payload, now).await?;
    Ok(())
}

/// Where mail goes.
#[derive(Debug, Clone)]
pub enum MailerSettings {
    /// Into a file, one mail after the other (default).
    LogFile(PathBuf),
    /// To an SMTP server: `smtps://user:password@host:465`, `smtp://host:25`, and the sender's address.
    Smtp {
        /// The server's URL.
        url: String,
        /// The `From` address.
        from: String,
    },
}

/// Sends mail.
#[derive(Debug, Clone)]
pub enum Mailer {
    /// See [`MailerSettings::LogFile`].
    LogFile(PathBuf),
    /// See [`MailerSettings::Smtp`].
    Smtp {
        /// The connection pool.
        transport: Box<AsyncSmtpTransport<Tokio1Executor>>,
        /// The sender.
        from: Mailbox,
    },
}

impl Mailer {
    /// A mailer from settings.
    ///
    /// # Errors
    /// When the URL or the sender's address is not well formed.
    pub fn new(settings: &MailerSettings) -> Result<Self, String> {
        match settings {
            MailerSettings::LogFile(path) => Ok(Self::LogFile(path.clone())),
            MailerSettings::Smtp { url, from } => Ok(Self::Smtp {
                transport: Box::new(
                    AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                        .map_err(|e| format!("mail.smtp_url: {e}"))?
                        .build(),
                ),
                from: from.parse().map_err(|e| format!("mail.from: {e}"))?,
            }),
        }
    }

    /// Sends one mail; `key` becomes its Message-ID, so a second sending can be told.
    pub(crate) async fn send(&self, key: &str, mail: &Mail) -> Result<(), AppError> {
        match self {
            Self::LogFile(path) => append_to_log(path, key, mail).await,
            Self::Smtp { transport, from } => {
                let to = mail.to.parse().map_err(|e| AppError::Internal(format!("{}: {e}", mail.to)))?;
                let message = Message::builder()
                    .from(from.clone())
                    .to(to)
                    .message_id(Some(format!("<{key}@{}>", from.email.domain())))
                    .subject(&mail.subject)
                    .header(ContentType::TEXT_PLAIN)
                    .body(mail.text.clone())
                    .map_err(|e| AppError::Internal(e.to_string()))?;
                transport.send(message).await.map_err(|e| AppError::Unavailable(e.to_string()))?;
                Ok(())
            }
        }
    }
}

async fn append_to_log(path: &std::path::Path, key: &str, mail: &Mail) -> Result<(), AppError> {
    let entry = format!("Message-ID: {key}\nTo: {}\nSubject: {}\n\n{}\n\n----\n", mail.to, mail.subject, mail.text);
    let fault = |e: std::io::Error| AppError::Unavailable(format!("{}: {e}", path.display()));
    let mut file = tokio::fs::OpenOptions::new().create(true).append(true).open(path).await.map_err(fault)?;
    file.write_all(entry.as_bytes()).await.map_err(fault)?;
    file.flush().await.map_err(fault)
}
