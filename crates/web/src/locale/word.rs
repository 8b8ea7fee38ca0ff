//! Values of the shared vocabulary, each with the key of its name.

use keqiao_domain::{
    Anomaly, Audience, ClaimStatus, CommitmentState, Conflict, Criterion, Decision, Deed, DutyState, EngagementNews,
    EntityKind, EntryStage, FactKind, FactStatus, FeedbackState, ListingState, MembershipStatus, OrgRole, PartyKind,
    Phase, PlatformRole, ProgramRole, RequestState, Role, Scope, ServiceNews, SessionSort, Side, StationState,
    Strength, ThingSort, Tier, Verdict, VolunteerState,
};

use super::Theme;

/// A value that has a name in both languages.
pub trait Word {
    /// The key of its message.
    fn key(&self) -> &'static str;
}

macro_rules! words {
    ($($name:ident { $($variant:ident => $key:literal,)* })*) => {$(
        impl Word for $name {
            fn key(&self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }
        }
    )*};
}

words! {
    Side { Need => "side-need", Offer => "side-offer", }
    ListingState {
        Draft => "state-draft", InReview => "state-in-review", Published => "state-published",
        Expired => "state-expired", Closed => "state-closed",
    }
    Verdict {
        Meets => "verdict-meets", Partly => "verdict-partly", Unknown => "verdict-unknown",
        Fails => "verdict-fails",
    }
    Strength { Must => "strength-must", Wish => "strength-wish", }
    Criterion {
        Clarity => "criterion-clarity", Specificity => "criterion-specificity",
        Benefit => "criterion-benefit", Feasibility => "criterion-feasibility",
    }
    Decision {
        Publish => "decision-publish", Hold => "decision-hold", Reject => "decision-reject",
    }
    PartyKind { Organization => "party-organization", Person => "party-person", }
    OrgRole { Viewer => "role-viewer", Editor => "role-editor", Owner => "role-owner", }
    PlatformRole {
        Broker => "platform-broker", Operator => "platform-operator", Admin => "platform-admin",
    }
    Tier {
        Public => "tier-public", Member => "tier-member", Confidential => "tier-confidential",
    }
    MembershipStatus { Declared => "membership-declared", Confirmed => "membership-confirmed", }
    Scope { Read => "scope-read", Write => "scope-write", }
    Theme { Light => "theme-light", Dark => "theme-dark", }
    EntityKind {
        Person => "entity-person", Organization => "entity-organization", Place => "entity-place",
        Platform => "entity-platform", Program => "entity-program", Agreement => "entity-agreement",
        Activity => "entity-activity", Standard => "entity-standard", Document => "entity-document",
        Product => "entity-product",
    }
    FactKind {
        HoldsPosition => "fact-holds-position", PartOf => "fact-part-of", Visited => "fact-visited",
        Met => "fact-met", Signed => "fact-signed", Founded => "fact-founded", Launched => "fact-launched",
        Issued => "fact-issued", Joined => "fact-joined", Held => "fact-held", Attended => "fact-attended",
        CooperatesOn => "fact-cooperates-on", Offers => "fact-offers", Seeks => "fact-seeks",
        LocatedIn => "fact-located-in",
        Invests => "fact-invests", Transferred => "fact-transferred",
    }
    FactStatus {
        Read => "fact-status-read", Confirmed => "fact-status-confirmed", Corrected => "fact-status-corrected",
    }
    CommitmentState {
        Open => "commitment-open", Kept => "commitment-kept", Dropped => "commitment-dropped",
    }
    Role {
        Need => "as-need", Offer => "as-offer", Broker => "as-broker", Operator => "as-operator", Clock => "as-clock",
    }
    Deed {
        Opened => "deed-opened", Moved => "deed-moved", Proposed => "deed-proposed", Confirmed => "deed-confirmed",
        Objected => "deed-objected", Amended => "deed-amended", Assigned => "deed-assigned", Rated => "deed-rated",
        Rested => "deed-rested", AnnexShared => "deed-annex-shared", AnnexAccepted => "deed-annex-accepted",
    }
    EngagementNews {
        Opened => "news-opened", Proposed => "news-proposed", Moved => "news-moved", Objected => "news-objected",
        Declined => "news-declined", Amended => "news-amended", Assigned => "news-assigned", Rated => "news-rated",
        Message => "news-message", Mentioned => "news-mentioned", Appointment => "news-appointment", Reminder => "news-reminder",
        Escalated => "news-escalated", Rested => "news-rested",
        AnnexShared => "news-annex-shared", AnnexAccepted => "news-annex-accepted",
    }
    ServiceNews {
        Drafted => "service-drafted", FollowUp => "service-follow-up", FeedbackGiven => "service-feedback-given",
        FeedbackAnswered => "service-feedback-answered", FeedbackOverdue => "service-feedback-overdue",
        VolunteerAsks => "service-volunteer-asks", VolunteerIn => "service-volunteer-in",
        DutyAsked => "service-duty-asked", DutyAnswered => "service-duty-answered",
        HoursReported => "service-hours-reported", HoursProven => "service-hours-proven",
        HoursObjected => "service-hours-objected", StationApplied => "service-station-applied",
        StationDecided => "service-station-decided", StationEnds => "service-station-ends",
        StationOver => "service-station-over",
        PromiseDue => "service-promise-due", PromiseOverdue => "service-promise-overdue",
    }
    FeedbackState {
        Open => "feedback-open", InHand => "feedback-in-hand", Settled => "feedback-settled",
        NotTaken => "feedback-not-taken",
    }
    RequestState { Open => "request-open", Done => "request-done", Off => "request-off", }
    DutyState {
        Asked => "duty-asked", Accepted => "duty-accepted", Declined => "duty-declined", Reported => "duty-reported",
        Objected => "duty-objected", Proven => "duty-proven",
    }
    VolunteerState { Asks => "volunteer-asks", In => "volunteer-in", Out => "volunteer-out", }
    Anomaly { Overlap => "anomaly-overlap", TooLong => "anomaly-too-long", SamePair => "anomaly-same-pair", }
    StationState {
        Applied => "station-applied", Standing => "station-standing", Refused => "station-refused",
        Closed => "station-closed",
    }
    ThingSort { Base => "thing-base", Resource => "thing-resource", }
    Phase {
        Draft => "phase-draft", Open => "phase-open", Review => "phase-review", Announced => "phase-announced",
        Published => "phase-published", Closed => "phase-closed",
    }
    EntryStage {
        Draft => "entry-stage-draft", Submitted => "entry-stage-submitted", Returned => "entry-stage-returned",
        Refused => "entry-stage-refused", Checked => "entry-stage-checked", Selected => "entry-stage-selected",
        PassedOver => "entry-stage-passed-over", Shown => "entry-stage-shown", Signed => "entry-stage-signed",
        Landed => "entry-stage-landed", Withdrawn => "entry-stage-withdrawn",
    }
    SessionSort { Pitch => "session-pitch", Meetings => "session-meetings", Signing => "session-signing", }
    ProgramRole {
        Entrant => "program-role-entrant", Organiser => "program-role-organiser",
        Reviewer => "program-role-reviewer", Program => "program-role-program",
    }
    Conflict {
        OwnEntry => "conflict-own-entry", SameOrganization => "conflict-same-organization",
        Declared => "conflict-declared",
    }
    ClaimStatus { Claimed => "claim-claimed", Confirmed => "claim-confirmed", }
}

impl Word for Audience {
    fn key(&self) -> &'static str {
        match self {
            Self::Public => "audience-public",
            Self::Member => "audience-member",
            Self::Organization(_) | Self::Account(_) => "audience-own",
            Self::Operator => "audience-operator",
        }
    }
}

/// The roles of the arguments of facts, each with its name at `role-<role>`, in the order of a choice.
pub const ARGUMENT_ROLES: [&str; 35] = [
    "person",
    "title",
    "organization",
    "part",
    "whole",
    "visitors",
    "hosts",
    "guests",
    "parties",
    "counterparties",
    "signatories",
    "agreement",
    "founders",
    "launchers",
    "issuers",
    "thing",
    "members",
    "organizers",
    "activity",
    "attendees",
    "partners",
    "topic",
    "who",
    "services",
    "needs",
    "givers",
    "takers",
    "investors",
    "targets",
    "stage",
    "amount",
    "place",
    "declared_parties",
    "declared_founders",
    "declared_members",
];

impl<T: Word> Word for &T {
    fn key(&self) -> &'static str {
        T::key(self)
    }
}
