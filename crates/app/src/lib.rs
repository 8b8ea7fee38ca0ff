//! The use cases of Keqiao, one file each.
//!
//! Permission is checked here and nowhere above; state is changed here through
//! the store, in one transaction with its changes. Nothing here knows HTTP.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod accounts;
pub mod agreements;
pub mod alliances;
pub mod articles;
mod blobs;
pub mod calendar;
pub mod chain_map;
mod day;
mod due;
mod embedding;
pub mod engagements;
mod error;
pub mod feedback;
pub mod graph;
pub mod idempotency;
pub mod jobs;
pub mod listings;
mod mail;
pub mod matching;
mod named;
pub mod notices;
pub mod paper;
pub mod parties;
pub mod programs;
pub mod ranking;
mod records;
mod secrets;
pub mod status;
pub mod transfer;
mod uploads;
pub mod visits;
pub mod volunteers;
mod work;
pub mod workstations;

use std::sync::Arc;

use keqiao_catalog::Catalog;
use keqiao_domain::{AccountId, Action, Clock, Entropy, RecordId, RecordKind, Timestamp, Zone};
use keqiao_matching::{CurrentWeights, Lexicon};
use keqiao_search::SearchIndex;
use keqiao_store::{Conn, Store, StoreError};
use keqiao_text::Text;

pub use blobs::{BlobError, Blobs};
pub use due::tell_due;
pub use embedding::{EmbeddingSettings, Endpoint};
pub use error::{AppError, Fault};
pub use mail::{Mailer, MailerSettings};
pub use named::code_named;
pub use uploads::attachment_types;
pub use work::Work;

/// What an operator sets that use cases need.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// Address under which people reach this installation, without a slash at the end; stands in mails.
    pub public_url: String,
    /// Largest attachment, bytes.
    pub attachment_limit_bytes: u64,
    /// Largest import file, bytes.
    pub import_limit_bytes: u64,
    /// Whether anyone may sign up; else by invitation only.
    pub open_sign_up: bool,
    /// Argon2id memory in KiB (19,456 is OWASP's floor); tests take less.
    pub password_memory_kib: u32,
    /// The installation's time zone: of all times on pages, and by whose days engagements rest.
    pub zone: Zone,
    /// How many requests may wait for one party's answer at a time.
    pub open_requests_per_party: i64,
    /// How many requests of one party may wait for others' answers.
    pub open_requests_by_party: i64,
    /// How many listings of one party stand among the first ten matches.
    pub matches_per_party: usize,
    /// From how many requests that wait for its answer on a party stands behind others.
    pub busy_from_requests: i64,
    /// Days until a party may be asked again by one that withdrew before it had answered.
    pub withdrawal_pause_days: i64,
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".into(),
            attachment_limit_bytes: 20 << 20,
            import_limit_bytes: 64 << 20,
            open_sign_up: true,
            password_memory_kib: 19_456,
            zone: Zone::default(),
            open_requests_per_party: 20,
            open_requests_by_party: 100,
            matches_per_party: 3,
            busy_from_requests: 10,
            withdrawal_pause_days: 7,
        }
    }
}

/// Everything a use case works with.
pub struct App {
    /// The store.
    pub store: Store,
    /// This node's search index.
    pub index: Arc<SearchIndex>,
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// The reader of Chinese text.
    pub text: Arc<Text>,
    /// The catalog's words, for reading and matching.
    pub lexicon: Arc<Lexicon>,
    /// Attachments and uploads.
    pub blobs: Blobs,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// What counts how much in a match.
    pub weights: CurrentWeights,
    /// Which weights are used, and what people did with matches.
    pub ranking: ranking::Ranking,
    /// Settings.
    pub settings: AppSettings,
    /// The reader of articles, made when it is first needed.
    pub reader: Arc<articles::ArticleReader>,
    /// Where work waits that takes milliseconds.
    pub work: Work,
}

impl App {
    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Appends one change; the last statement of every write.
async fn log_change(
    tx: &mut Conn,
    now: Timestamp,
    record: RecordKind,
    id: impl Into<RecordId>,
    action: Action,
    actor: Option<AccountId>,
) -> Result<(), StoreError> {
    keqiao_store::changes::append(tx, now, record, id.into(), action, actor).await?;
    Ok(())
}
