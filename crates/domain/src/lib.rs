//! The words of Keqiao and their rules.
//!
//! Nothing here does I/O, and nothing here is async. Every other crate speaks
//! in these types; a concept that is not here does not exist in the product.

mod access;
mod account;
mod agreement;
mod alliance;
mod article;
mod change;
mod clock;
mod contract;
mod engagement;
mod entity;
mod feedback;
mod id;
mod identifiers;
mod listing;
mod matching;
mod notice;
mod party;
mod program;
mod review;
mod showing;
mod value;
mod visit;
mod volunteer;
mod workflow;
mod workstation;

pub use access::{Audience, PlatformRole, Tier, UnknownAudience, Viewer};
pub use account::{Account, ApiToken, Invitation, OrgRole, RoleGrant, Scope, Session};
pub use agreement::{Agreement, AgreementParty, Commitment, CommitmentState};
pub use alliance::{Alliance, AllianceThing, ThingSort};
pub use article::{
    Article, ArticleState, Leftover, Mention, NamedEntity, Part, ReadArgument, ReadFact, Reading, SourceFile,
};
pub use change::{Action, Change, RecordKind};
pub use clock::{Clock, Entropy, FixedClock, SystemClock, SystemEntropy, Timestamp};
pub use contract::{
    CheckedItem, ContractItem, ContractPack, ContractRules, ContractType, ItemProof, Signed, SigningFields, Statement,
    in_effect, is_complete,
};
pub use engagement::{
    Acceptance, Act, AnnexFile, AnnexLook, Answered, Appointment, ChainFault, Deed, Due, Engagement, EngagementAnnex,
    EngagementFile, Entry, FileProof, KeptStep, Measure, Message, Pending, Proposal, Refusal, Role, Sealed, State,
    Step, Subject, Tally, Tenure, UnknownZone, Zone, mentioned, next_due, tallies, tenures, verify_chain, verify_whole,
};
pub use entity::{
    Argument, ClaimStatus, CorrectedFact, Correction, Entity, EntityClaim, EntityKind, Fact, FactKind, FactStatus,
    JoinCandidate, JoinDecision, Judgement, Span, UnknownWord,
};
pub use feedback::{FeedbackAct, FeedbackEvent, FeedbackFault, FeedbackItem, FeedbackState, ProofFile};
pub use id::{
    AccountId, AgreementId, AllianceThingId, AnnexId, AnnexViewId, ApiTokenId, AppointmentId, ArticleId, AttachmentId,
    CommitmentId, CorrectionId, DutyId, EngagementId, EntityId, FactId, FeedbackId, ImportId, InvitationId, ListingId,
    MembershipId, MessageId, NoticeId, ParseIdError, PartyId, ProgramEntryId, ProgramId, ProgramSessionId,
    RankingTrialId, RecordId, ReviewId, ShowingId, SourceId, VisitId, VolunteerId, VolunteerRequestId, VolunteerTeamId,
    WeightVersionId, WorkstationId,
};
pub use identifiers::{IdentifierError, Orcid, Uscc};
pub use listing::{Attachment, Listing, ListingContent, ListingState, ListingVersion, Side, TransitionError};
pub use matching::{ChannelValue, Match, Reason, Requirement, RequirementSource, Strength, TermHit, Verdict};
pub use notice::{EngagementNews, Notice, NoticeBody, ProgramNews, ServiceNews};
pub use party::{Contact, Membership, MembershipStatus, Party, PartyKind, fold_key};
pub use program::{
    Appeal, Conflict, Entrant, EntryAct, EntryContent, EntryDeed, EntryField, EntryFile, EntryMove, EntryReview,
    EntryStage, EntryState, EntryTies, Ground, Interest, Milestone, Phase, Program, ProgramAct, ProgramDeed,
    ProgramEntry, ProgramMeeting, ProgramMove, ProgramRecord, ProgramRefusal, ProgramRole, ProgramSession,
    ProgramSettings, ProgramType, QuotaSort, Rank, Ranked, ReviewState, ReviewerTies, ScoreCriterion, SessionSort,
    Sheet, Signing, Standing, rank, table_digest, total_of, verify_records,
};
pub use review::{CRITERIA, Criterion, Decision, Review, ScoreError, Scores};
pub use showing::{RankingTrial, Showing, ShownMatch, Team, WeightUse, WeightVersion};
pub use value::{Attributes, Interval, Value};
pub use visit::{MinedNeed, Visit};
pub use volunteer::{
    Anomaly, Duty, DutyAct, DutyActor, DutyFault, DutyState, Fit, HoursSum, PAIR_DAYS, PAIR_MOST, RequestState,
    Volunteer, VolunteerRequest, VolunteerState, VolunteerTeam, anomalies, sum_hours,
};
pub use workflow::{
    DeclineReason, Evidence, FieldFault, FieldSort, LocalName, Move, Mover, Stage, StageSort, StepField, Target,
    Workflow,
};
pub use workstation::{
    ExpertRule, LimitFault, StationExpert, StationResult, StationState, Workstation, WorkstationRules,
};
