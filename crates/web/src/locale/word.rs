//! Values of the shared vocabulary, each with the key of its name.

use keqiao_domain::{
    Criterion, Decision, ListingState, MembershipStatus, OrgRole, PartyKind, PlatformRole, Scope, Side, Strength, Tier,
    Verdict,
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
}

impl<T: Word> Word for &T {
    fn key(&self) -> &'static str {
        T::key(self)
    }
}
