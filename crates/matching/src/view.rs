//! What matching needs to know of a listing, and no more.

use keqiao_domain::{Attributes, ListingId, PartyId, Side};
use serde::{Deserialize, Serialize};

/// A listing as matching sees it. The index keeps one beside each listing.
///
/// Confidential parts never come here. Member parts stand apart, so that a
/// visitor's match cannot be built on what a visitor may not read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchView {
    /// Its id; `None`: a text that was not published.
    pub id: Option<ListingId>,
    /// Need or offer.
    pub side: Side,
    /// Kind id; empty: not known.
    #[serde(default)]
    pub kind: String,
    /// One line.
    pub title: String,
    /// Summary, and body where it is public.
    #[serde(default)]
    pub text: String,
    /// Body where it is for members.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub member_text: String,
    /// Words the author chose.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Specs or requirements of tier public.
    #[serde(default)]
    pub attributes: Attributes,
    /// Specs or requirements of tier member.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub member_attributes: Attributes,
    /// Properties among the attributes that are wishes.
    #[serde(default)]
    pub wishes: Vec<String>,
    /// Region code.
    #[serde(default)]
    pub region: Option<String>,
    /// Industry code.
    #[serde(default)]
    pub industry: Option<String>,
    /// Whose; `None`: not known.
    #[serde(default)]
    pub party: Option<PartyId>,
    /// The party's name.
    #[serde(default)]
    pub party_name: String,
    /// Whether an operator verified the party.
    #[serde(default)]
    pub verified: bool,
    /// Number of attachments anyone can see.
    #[serde(default)]
    pub attachments: i64,
}

impl MatchView {
    /// Whether members read more of it than visitors.
    #[must_use]
    pub fn has_member_parts(&self) -> bool {
        !self.member_text.is_empty() || !self.member_attributes.is_empty()
    }

    /// The view for a reader: with the member parts merged in, or without them.
    #[must_use]
    pub fn for_reader(mut self, member: bool) -> Self {
        let text = std::mem::take(&mut self.member_text);
        let attributes = std::mem::take(&mut self.member_attributes);
        if member {
            if !text.is_empty() {
                self.text.push('\n');
                self.text.push_str(&text);
            }
            self.attributes.extend(attributes);
        }
        self
    }
}
