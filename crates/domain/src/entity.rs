//! Entities and facts: what the articles name, and what they say of it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::access::Audience;
use crate::clock::Timestamp;
use crate::id::{AccountId, ArticleId, CorrectionId, EntityId, FactId, PartyId};

/// Characters `start..end` of a source file as it was decoded, before any cleaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "[u32; 2]", into = "[u32; 2]")]
pub struct Span {
    /// The first character.
    pub start: u32,
    /// The place behind the last one.
    pub end: u32,
}

impl From<[u32; 2]> for Span {
    fn from([start, end]: [u32; 2]) -> Self {
        Self { start, end }
    }
}

impl From<Span> for [u32; 2] {
    fn from(span: Span) -> Self {
        [span.start, span.end]
    }
}

impl Span {
    /// How many characters two spans have in common.
    #[must_use]
    pub fn overlap(self, other: Self) -> u32 {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }
    /// How many characters it holds.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }
    /// Whether it holds none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$own:meta])* $variant:ident $word:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$own])* #[serde(rename = $word)] $variant,)*
        }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The word used in database and API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                match s {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(UnknownWord(s.chars().take(64).collect())),
                }
            }
        }
    };
}

/// A word that names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a kind")]
pub struct UnknownWord(pub String);

words! {
    /// What an entity is.
    EntityKind {
        /// A person.
        Person "person";
        /// An organization or a part of one.
        Organization "organization";
        /// A region or a site.
        Place "place";
        /// A platform or system that serves others.
        Platform "platform";
        /// A campaign with a name of its own.
        Program "program";
        /// A signed text.
        Agreement "agreement";
        /// A meeting, visit, ceremony.
        Activity "activity";
        /// A published standard.
        Standard "standard";
        /// A document or work with a title.
        Document "document";
        /// A thing made.
        Product "product";
    }
}

words! {
    /// What a fact says.
    FactKind {
        /// A person holds a post at an organization.
        HoldsPosition "holds-position";
        /// An organization is a part of another.
        PartOf "part-of";
        /// Visitors came to hosts.
        Visited "visited";
        /// People met.
        Met "met";
        /// Parties signed an agreement.
        Signed "signed";
        /// Something was founded.
        Founded "founded";
        /// Something began its work.
        Launched "launched";
        /// A document or standard was issued.
        Issued "issued";
        /// Members joined.
        Joined "joined";
        /// An activity was held.
        Held "held";
        /// Somebody attended an activity.
        Attended "attended";
        /// Parties work together on something.
        CooperatesOn "cooperates-on";
        /// Somebody offers services.
        Offers "offers";
        /// Somebody seeks what it needs.
        Seeks "seeks";
        /// Something lies at a place.
        LocatedIn "located-in";
        /// Somebody invests.
        Invests "invests";
        /// A right passes from one to another.
        Transferred "transferred";
    }
}

words! {
    /// How far a fact can be relied on.
    FactStatus {
        /// Read by the machine.
        Read "read";
        /// Confirmed by a person as it was read.
        Confirmed "confirmed";
        /// Written by a person in the place of what was read.
        Corrected "corrected";
    }
}

/// What articles name 实体.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Entity {
    /// Its id, made of what tells it from all others, so that reading everything anew gives it again.
    pub id: EntityId,
    /// What it is.
    pub kind: EntityKind,
    /// Its fullest name.
    pub name: String,
    /// What tells it from others of its name, for a reader; empty where the name does.
    pub qualifier: String,
}

impl Entity {
    /// Takes in what another article has for it: the fuller name and qualifier. In whatever order articles are taken
    /// in, the same comes of it.
    pub fn take_in(&mut self, other: &Self) {
        let fuller = |own: &mut String, theirs: &String| {
            let rank = |text: &str| (text.chars().count(), std::cmp::Reverse(text.to_owned()));
            if rank(theirs) > rank(own) {
                own.clone_from(theirs);
            }
        };
        self.kind = self.kind.min(other.kind);
        fuller(&mut self.name, &other.name);
        fuller(&mut self.qualifier, &other.qualifier);
    }
}

/// An argument of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// Its role.
    pub role: String,
    /// The entity, where it names one.
    pub entity: Option<EntityId>,
    /// The words.
    pub text: String,
}

/// A typed relation between entities 事实.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its id, made of article, kind and place.
    pub id: FactId,
    /// The article that says it.
    pub article: ArticleId,
    /// What it says.
    pub kind: FactKind,
    /// Its arguments.
    pub args: Vec<Argument>,
    /// The day, `YYYY-MM-DD`.
    pub day: Option<String>,
    /// How sure it is, from 0 to 1.
    pub confidence: f64,
    /// Where the words stand that say it.
    pub span: Span,
    /// The sentence it stands in, cleaned.
    pub sentence: String,
    /// Machine-read, confirmed or corrected.
    pub status: FactStatus,
    /// Who may see it: those who may see its article.
    pub audience: Audience,
}

words! {
    /// What a person said of a fact.
    Judgement {
        /// It is as it was read.
        Confirmed "confirmed";
        /// The article says no such thing.
        Rejected "rejected";
        /// It should read otherwise.
        Amended "amended";
    }
}

/// What a person said of a fact; it holds whenever the article is read again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// Its id.
    pub id: CorrectionId,
    /// The article.
    pub article: ArticleId,
    /// The fact as it was when it was judged.
    pub fact: FactId,
    /// Its kind then.
    pub kind: FactKind,
    /// Its place then.
    pub span: Span,
    /// What was said of it.
    pub judgement: Judgement,
    /// How it reads: as it was confirmed, or as it was amended.
    pub content: CorrectedFact,
    /// Who said so.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// A fact as a person wrote or confirmed it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CorrectedFact {
    /// Role and words of each argument; words that name an entity of the article stand for it.
    pub args: Vec<(String, String)>,
    /// The day.
    pub day: Option<String>,
    /// The sentence.
    pub sentence: String,
    /// Role and words of each argument as they were read when it was judged, by which it is known again.
    pub was: Vec<(String, String)>,
}

/// A person's answer to whether two entities are one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinDecision {
    /// The entity that stays; of two that differ, the one with the lower id.
    pub kept: EntityId,
    /// The entity that is taken into it.
    pub joined: EntityId,
    /// Whether they are the same.
    pub same: bool,
    /// The names they had, for whoever reads the decision later.
    pub names: [String; 2],
    /// Who decided.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// Two entities that may be one: too likely to be silent of, too doubtful to join.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinCandidate {
    /// The one with the lower id.
    pub first: EntityId,
    /// The other.
    pub second: EntityId,
    /// How likely, from 0 to 1.
    pub score: f64,
    /// Why, in the resolver's words: `same-name`, `alias`, `short-name`.
    pub reason: String,
}

/// How far a claim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimStatus {
    /// The party's owner says so.
    Claimed,
    /// An operator agreed.
    Confirmed,
}

/// A party says that an entity is itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityClaim {
    /// The entity.
    pub entity: EntityId,
    /// The party.
    pub party: PartyId,
    /// How far it is.
    pub status: ClaimStatus,
    /// Who claimed.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}
