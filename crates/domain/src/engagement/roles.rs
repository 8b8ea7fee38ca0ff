//! Who sees an engagement, and in which capacities.

use super::{Engagement, Role};
use crate::access::{PlatformRole, Viewer};

impl Viewer {
    /// Whether the viewer sees an engagement: the two parties' people, its broker, and operators; and brokers as long
    /// as it has none. Who has lost the role on the platform looks after nothing.
    #[must_use]
    pub fn sees_engagement(&self, engagement: &Engagement) -> bool {
        let subject = &engagement.subject;
        self.is_operator()
            || self.role_in(subject.need_party).is_some()
            || self.role_in(subject.offer_party).is_some()
            || self.looks_after(engagement)
    }

    /// The capacities in which the viewer may act in an engagement.
    #[must_use]
    pub fn roles_in_engagement(&self, engagement: &Engagement) -> Vec<Role> {
        let subject = &engagement.subject;
        let mut roles = Vec::new();
        if self.may_edit_for(subject.need_party) {
            roles.push(Role::Need);
        }
        if self.may_edit_for(subject.offer_party) {
            roles.push(Role::Offer);
        }
        if self.looks_after(engagement) {
            roles.push(Role::Broker);
        }
        if self.is_operator() {
            roles.push(Role::Operator);
        }
        roles
    }

    fn looks_after(&self, engagement: &Engagement) -> bool {
        let broker = engagement.state.broker;
        let own = self.account.is_some() && broker == self.account;
        (own && self.platform >= Some(PlatformRole::Broker))
            || (broker.is_none() && self.platform == Some(PlatformRole::Broker))
    }
}
