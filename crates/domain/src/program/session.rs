//! What a program holds at a place and an hour: pitches, meetings, the signing; and who asked to meet whom.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, PartyId, ProgramEntryId, ProgramId, ProgramSessionId};

/// What sort of session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionSort {
    /// Entries are pitched, one after the other. 路演
    Pitch,
    /// Who asked to meet is given a table and a slot. 对接洽谈
    Meetings,
    /// Contracts are signed. 集中签约
    Signing,
}

impl SessionSort {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pitch, Self::Meetings, Self::Signing];

    /// The word used in API, forms and pages' message keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pitch => "pitch",
            Self::Meetings => "meetings",
            Self::Signing => "signing",
        }
    }
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramSession {
    /// Its id.
    pub id: ProgramSessionId,
    /// Of which program.
    pub program: ProgramId,
    /// What sort.
    pub sort: SessionSort,
    /// Its title.
    pub title: String,
    /// Where.
    pub place: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Minutes of a pitch or a meeting.
    pub minutes: i64,
    /// Tables of meetings.
    pub tables: i64,
}

impl ProgramSession {
    /// How many slots fit in.
    #[must_use]
    pub fn slots(&self) -> i64 {
        let seconds = (self.ends_at.micros() - self.starts_at.micros()) / 1_000_000;
        if self.minutes > 0 { (seconds / (self.minutes * 60)).max(0) } else { 0 }
    }
    /// When a slot begins.
    #[must_use]
    pub fn slot_at(&self, slot: i64) -> Timestamp {
        self.starts_at.plus_seconds(slot * self.minutes * 60)
    }
}

/// Somebody asked to meet the people of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interest {
    /// The entry.
    pub entry: ProgramEntryId,
    /// Who asks.
    pub party: PartyId,
    /// Who asked for it.
    pub account: AccountId,
    /// The program.
    pub program: ProgramId,
    /// Why.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// A meeting of a timetable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramMeeting {
    /// In which session.
    pub session: ProgramSessionId,
    /// In which slot, from 0.
    pub slot: i64,
    /// At which table, from 0.
    pub table: i64,
    /// The entry that is talked about.
    pub entry: ProgramEntryId,
    /// Who asked for it.
    pub party: PartyId,
}
