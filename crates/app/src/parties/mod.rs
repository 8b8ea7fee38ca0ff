//! Parties: organizations, persons, and who belongs to whom.

mod input;
mod memberships;
mod save;
mod verify;
mod view;

pub use input::PartyInput;
pub(crate) use input::{check_code, check_length};
pub use memberships::{MembershipInput, confirm_membership, declare_membership, remove_membership};
pub(crate) use save::{blank as blank_party, insert_party};
pub use save::{
    create_organization, create_organization_once, create_own_person, create_own_person_once, update_party,
};
pub use verify::{refuse_verification, set_verified, unverified_organizations};
pub(crate) use view::redact;
pub use view::{MemberRow, PartyView, my_parties, parties_named, view_party};
