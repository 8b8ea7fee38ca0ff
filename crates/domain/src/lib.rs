//! The words of Keqiao and their rules.
//!
//! Nothing here does I/O, and nothing here is async. Every other crate speaks
//! in these types; a concept that is not here does not exist in the product.

mod access;
mod account;
mod agreement;
mod article;
mod change;
mod clock;
mod engagement;
mod entity;
mod id;
mod identifiers;
mod listing;
mod matching;
mod notice;
mod party;
mod program;
mod review;
mod value;
mod workflow;

pub use access::{Audience, PlatformRole, Tier, UnknownAudience, Viewer};
pub use account::{Account, ApiToken, Invitation, OrgRole, RoleGrant, Scope, Session};
pub use agreement::{Agreement, AgreementParty, Commitment, CommitmentState};
pub use article::{
    Article, ArticleState, Leftover, Mention, NamedEntity, Part, ReadArgument, ReadFact, Reading, SourceFile,
};
pub use change::{Action, Change, RecordKind};
pub use clock::{Clock, Entropy, FixedClock, SystemClock, SystemEntropy, Timestamp};
pub use engagement::{
    Act, Answered, Appointment, ChainFault, Deed, Due, Engagement, EngagementFile, Entry, FileProof, KeptStep, Measure,
    Message, Pending, Proposal, Refusal, Role, Sealed, State, Step, Subject, Tally, UnknownZone, Zone, next_due,
    tallies, verify_chain, verify_whole,
};
pub use entity::{
    Argument, ClaimStatus, CorrectedFact, Correction, Entity, EntityClaim, EntityKind, Fact, FactKind, FactStatus,
    JoinCandidate, JoinDecision, Judgement, Span, UnknownWord,
};
pub use id::{
    AccountId, AgreementId, ApiTokenId, AppointmentId, ArticleId, AttachmentId, CommitmentId, CorrectionId,
    EngagementId, EntityId, FactId, ImportId, InvitationId, ListingId, MembershipId, MessageId, NoticeId, ParseIdError,
    PartyId, ProgramEntryId, ProgramId, ProgramSessionId, RecordId, ReviewId, SourceId,
};
pub use identifiers::{IdentifierError, Orcid, Uscc};
pub use listing::{Attachment, Listing, ListingContent, ListingState, ListingVersion, Side, TransitionError};
pub use matching::{Match, Reason, Requirement, RequirementSource, Strength, TermHit, Verdict};
pub use notice::{EngagementNews, Notice, NoticeBody, ProgramNews};
pub use party::{Contact, Membership, MembershipStatus, Party, PartyKind, fold_key};
pub use program::{
    Appeal, Conflict, Entrant, EntryAct, EntryContent, EntryDeed, EntryField, EntryMove, EntryReview, EntryStage,
    EntryState, EntryTies, Ground, Interest, Milestone, Phase, Program, ProgramAct, ProgramDeed, ProgramEntry,
    ProgramMeeting, ProgramMove, ProgramRecord, ProgramRefusal, ProgramRole, ProgramSession, ProgramSettings,
    ProgramType, QuotaSort, Rank, Ranked, ReviewState, ReviewerTies, ScoreCriterion, SessionSort, Sheet, Signing,
    Standing, rank, table_digest, total_of, verify_records,
};
pub use review::{CRITERIA, Criterion, Decision, Review, ScoreError, Scores};
pub use value::{Attributes, Interval, Value};
pub use workflow::{
    DeclineReason, Evidence, FieldFault, FieldSort, LocalName, Move, Mover, Stage, StageSort, StepField, Target,
    Workflow,
};
