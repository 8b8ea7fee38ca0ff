//! Listings: writing, reviewing, renewing, closing, reading, searching.

mod annex;
mod attachments;
mod check;
mod publish;
mod redact;
mod review;
mod save;
mod search;
mod versions;
mod view;

pub use annex::{accept_annex, annex_readers};
pub use attachments::{AttachmentFile, add_attachment, read_attachment, remove_attachment};
pub use check::{check_content, missing_for_review};
pub use publish::{close, renew, submit};
pub(crate) use redact::{redact, redact_for};
pub use review::{ReviewInput, review, review_queue};
pub use save::{SaveListing, save_listing, save_listing_once};
pub(crate) use save::{blank, draft_once, insert_listing, update_listing};
pub use search::{search, suggest_names};
pub use versions::{compare_versions, versions};
pub use view::{ListingView, my_listings, view_listing, view_listing_for_edit};
