//! A listing as the API writes and reads it.

use keqiao_app::listings::ListingView;
use keqiao_app::{AppError, Fault};
use keqiao_domain::{
    Attachment, AttachmentId, Attributes, ListingContent, ListingId, ListingState, PartyId, Side, Tier, Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::Versioned;

/// Whose something is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartyRef {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub(crate) id: PartyId,
    /// Its name.
    pub(crate) name: String,
    /// Whether an operator verified it.
    pub(crate) verified: bool,
}

/// A file attached to a listing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttachmentBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: AttachmentId,
    /// File name.
    name: String,
    /// Media type.
    media_type: String,
    /// Bytes.
    size: i64,
    /// SHA-256 of the bytes, hex.
    sha256: String,
    /// Who may read it: `public`, `member` or `confidential`.
    #[schema(value_type = String)]
    tier: Tier,
    /// Where its bytes are.
    url: String,
}

impl From<Attachment> for AttachmentBody {
    fn from(file: Attachment) -> Self {
        Self {
            url: format!("/attachments/{}", file.id),
            id: file.id,
            name: file.name,
            media_type: file.media_type,
            size: file.size,
            sha256: file.sha256,
            tier: file.tier,
        }
    }
}

/// A listing with what the caller may read of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListingBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: ListingId,
    /// `need` or `offer`.
    #[schema(value_type = String)]
    side: Side,
    /// Whose.
    party: PartyRef,
    /// Kind id of the catalog.
    kind: String,
    /// One line.
    title: String,
    /// Two or three sentences.
    summary: String,
    /// The whole text; empty when it is for members and the caller is none.
    body: String,
    /// Who reads the body: `public` or `member`.
    #[schema(value_type = String)]
    details_tier: Tier,
    /// The confidential annex; empty until its terms were accepted.
    annex: String,
    /// Words the author chose.
    keywords: Vec<String>,
    /// Specs or requirements by property id: a boolean, a number, a text, a list of texts, or `{min, max, unit}`.
    #[schema(value_type = Object)]
    attributes: Attributes,
    /// Properties among the attributes that are wishes of a need.
    wishes: Vec<String>,
    /// Region code.
    region: Option<String>,
    /// Industry code.
    industry: Option<String>,
    /// Nodes of industry chains, `chain-ic:design`.
    chain: Vec<String>,
    /// `draft`, `in-review`, `published`, `expired` or `closed`.
    #[schema(value_type = String)]
    state: ListingState,
    /// Counts writes, from 1; `If-Match: "v<version>"` on a write.
    version: i64,
    /// Whether it is demo data.
    demo: bool,
    /// When it was first published.
    #[schema(value_type = Option<String>, format = DateTime)]
    published_at: Option<Timestamp>,
    /// When its time runs out.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last written.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Files the caller may read.
    attachments: Vec<AttachmentBody>,
    /// How many more there are.
    hidden_attachments: usize,
    /// Whether there is a body that members read.
    body_for_members: bool,
    /// Whether there is an annex or a confidential file.
    has_annex: bool,
    /// Whether the caller may read it.
    annex_open: bool,
    /// Whether the caller may write it.
    may_edit: bool,
    /// Its page.
    url: String,
}

impl From<ListingView> for ListingBody {
    fn from(view: ListingView) -> Self {
        let listing = view.listing;
        let content = listing.content;
        Self {
            id: listing.id,
            side: listing.side,
            party: PartyRef { id: view.party.id, name: view.party.name, verified: view.party.verified_at.is_some() },
            kind: content.kind,
            title: content.title,
            summary: content.summary,
            body: content.body,
            details_tier: content.details_tier,
            annex: content.annex,
            keywords: content.keywords,
            attributes: content.attributes,
            wishes: content.wishes,
            region: content.region,
            industry: content.industry,
            chain: content.chain,
            state: listing.state,
            version: listing.version,
            demo: listing.demo,
            published_at: listing.published_at,
            expires_at: listing.expires_at,
            created_at: listing.created_at,
            updated_at: listing.updated_at,
            attachments: view.attachments.into_iter().map(AttachmentBody::from).collect(),
            hidden_attachments: view.hidden_attachments,
            body_for_members: view.body_for_members,
            has_annex: view.has_annex,
            annex_open: view.annex_open,
            may_edit: view.may_edit,
            url: format!("/listings/{}", listing.id),
        }
    }
}

impl Versioned for ListingBody {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A listing as it is written. What is left out is empty.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ListingInput {
    /// `need` or `offer`; required to create, and stays.
    #[schema(value_type = Option<String>)]
    pub(crate) side: Option<Side>,
    /// For whom; required to create, and stays.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(crate) party: Option<PartyId>,
    /// Kind id of the catalog.
    kind: String,
    /// One line, at most 120 characters.
    title: String,
    /// At most 500 characters.
    summary: String,
    /// At most 20,000 characters.
    body: String,
    /// Who reads the body: `public` or `member`.
    #[schema(value_type = String)]
    details_tier: Tier,
    /// Confidential annex, at most 20,000 characters.
    annex: String,
    /// At most 30 words.
    keywords: Vec<String>,
    /// Specs or requirements by property id: a boolean, a number, a text (`-40~125℃`), a list of texts, or `{min, max, unit}`.
    #[schema(value_type = Object)]
    attributes: Attributes,
    /// Properties among the attributes that are wishes of a need.
    wishes: Vec<String>,
    /// Region code.
    region: Option<String>,
    /// Industry code.
    industry: Option<String>,
    /// Nodes of industry chains, `chain-ic:design`.
    chain: Vec<String>,
}

impl Default for ListingInput {
    fn default() -> Self {
        let content = ListingContent::default();
        Self {
            side: None,
            party: None,
            kind: content.kind,
            title: content.title,
            summary: content.summary,
            body: content.body,
            details_tier: content.details_tier,
            annex: content.annex,
            keywords: content.keywords,
            attributes: content.attributes,
            wishes: content.wishes,
            region: content.region,
            industry: content.industry,
            chain: content.chain,
        }
    }
}

impl ListingInput {
    /// Side and party of a new listing.
    pub(crate) fn whose(&self) -> Result<(Side, PartyId), AppError> {
        match (self.side, self.party) {
            (Some(side), Some(party)) => Ok((side, party)),
            (side, party) => {
                let mut faults = Vec::new();
                if side.is_none() {
                    faults.push(Fault::new("side", "required"));
                }
                if party.is_none() {
                    faults.push(Fault::new("party", "required"));
                }
                Err(AppError::Invalid(faults))
            }
        }
    }

    /// Refuses another side or party than the listing has.
    pub(crate) fn check_fixed(&self, side: Side, party: PartyId) -> Result<(), AppError> {
        let mut faults = Vec::new();
        if self.side.is_some_and(|s| s != side) {
            faults.push(Fault::new("side", "cannot-change"));
        }
        if self.party.is_some_and(|p| p != party) {
            faults.push(Fault::new("party", "cannot-change"));
        }
        if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
    }

    /// What it says.
    pub(crate) fn into_content(self) -> ListingContent {
        ListingContent {
            kind: self.kind,
            title: self.title,
            summary: self.summary,
            body: self.body,
            details_tier: self.details_tier,
            annex: self.annex,
            keywords: self.keywords,
            attributes: self.attributes,
            wishes: self.wishes,
            region: self.region,
            industry: self.industry,
            chain: self.chain,
        }
    }
}
