//! What an article proposes for the platform: an organization as a party, what it offers or needs as a
//! draft.

use keqiao_catalog::{Catalog, Named};
use keqiao_domain::{EntityId, EntityKind, Fact, FactId, FactKind, Listing, ListingContent, PartyId, Side, Viewer};
use keqiao_matching::read_text;
use keqiao_store::articles::ArticleHead;
use keqiao_store::{Conn, articles, facts};

use super::view_entity;
use crate::agreements::claimed_by;
use crate::listings::draft_once;
use crate::{App, AppError};

/// Posts, platforms and services that a proposed summary names.
const NAMED: usize = 8;
/// Characters of a title.
const TITLE: usize = 120;

/// An organization as the articles describe it, for the form of a new party.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartyProposal {
    /// The fullest name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Region code, where its name or articles say one.
    pub region: String,
    /// What the articles say of it: posts, platforms, services.
    pub summary: String,
    /// Services that it offers.
    pub keywords: Vec<String>,
}

/// Proposes an organization as a party.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `Invalid` when it is no organization.
pub async fn propose_party(app: &App, viewer: &Viewer, id: EntityId) -> Result<PartyProposal, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let view = view_entity(app, viewer, id).await?;
    if !matches!(view.entity.kind, EntityKind::Organization | EntityKind::Platform) {
        return Err(AppError::invalid("party", "other-kind"));
    }
    let own = |f: &&Fact, role: &str| f.args.iter().any(|a| a.role == role && a.entity == Some(view.entity.id));
    let texts = |kind: FactKind, role: &str, wanted: &[&str]| -> Vec<String> {
        let mut list: Vec<String> = Vec::new();
        for fact in view.facts.iter().filter(|f| f.kind == kind && own(f, role)) {
            let parts = wanted.iter().flat_map(|w| fact.args.iter().filter(|a| a.role == **w).map(|a| a.text.as_str()));
            let text = parts.collect::<Vec<_>>().join(" ");
            if !text.is_empty() && !list.contains(&text) {
                list.push(text);
            }
        }
        list.truncate(NAMED);
        list
    };
    let posts = texts(FactKind::HoldsPosition, "organization", &["person", "title"]);
    let platforms = texts(FactKind::Launched, "launchers", &["thing"]);
    let keywords = texts(FactKind::Offers, "who", &["services"]);
    let parts = [posts.join("；"), platforms.join("；"), keywords.join("；")];
    let summary = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n");
    let name = view.entity.name.clone();
    let aliases = view.names.iter().map(|n| n.name.clone()).filter(|n| *n != name).take(NAMED).collect();
    let place = view.articles.iter().find_map(|a| a.place.clone());
    let region = region_in(&app.catalog, &name).or_else(|| region_in(&app.catalog, &place?)).unwrap_or_default();
    Ok(PartyProposal { name, aliases, region, summary, keywords })
}

/// The region with whose name a text begins, the longest.
fn region_in(catalog: &Catalog, text: &str) -> Option<String> {
    let regions = catalog.taxonomy("region")?;
    let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(12).collect();
    ends.into_iter().rev().filter(|end| *end >= 6).find_map(|end| match regions.named(&text[..end]) {
        Named::One(node) => Some(node.code.clone()),
        Named::Nothing | Named::Several(_) => None,
    })
}

/// The side of the draft that a fact can become; `None`: it names neither an offer nor a need.
pub(super) const fn side_of(kind: FactKind) -> Option<Side> {
    match kind {
        FactKind::Offers => Some(Side::Offer),
        FactKind::Seeks => Some(Side::Need),
        _ => None,
    }
}

/// The parties that offer or need what a fact says: those that its entities are, as operators confirmed it.
pub(super) async fn told_of(db: &mut Conn, fact: &Fact) -> Result<Vec<PartyId>, AppError> {
    let mut parties = Vec::new();
    if side_of(fact.kind).is_some() {
        for entity in fact.args.iter().filter(|a| a.role == "who").filter_map(|a| a.entity) {
            parties.extend(claimed_by(db, entity).await?.filter(|party| !parties.contains(party)));
        }
    }
    Ok(parties)
}

/// Whether the viewer may draft what a party offers or needs: its own people may, and the staff for it.
pub(super) fn may_draft(viewer: &Viewer, party: PartyId) -> bool {
    viewer.sees_all() || viewer.may_edit_for(party)
}

/// What the draft of a fact is known by among its party's listings: the words of the article that say it.
pub(super) fn draft_key(fact: &Fact, side: Side) -> String {
    format!("article:{}:{}:{}-{}", fact.article, side.as_str(), fact.span.start, fact.span.end)
}

/// A draft made of a fact.
#[derive(Debug, Clone, PartialEq)]
pub struct FactDraft {
    /// The draft, or what became of it since.
    pub listing: Listing,
    /// Whether it was made now; else somebody made it before.
    pub is_new: bool,
}

/// Makes a draft of what a fact says somebody offers or needs, for the party that this is: `party`, or the first for
/// which the viewer may. From the same words a party has one draft; who asks again is given that one.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for people of that party and the staff; `NotFound`; `Invalid` when the fact says
/// nothing of the sort, or nobody is confirmed to be whom it speaks of.
pub async fn draft_from_fact(
    app: &App,
    viewer: &Viewer,
    id: FactId,
    party: Option<PartyId>,
) -> Result<FactDraft, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let fact = facts::find(&mut db, id).await?.filter(|f| viewer.sees(f.audience)).ok_or(AppError::NotFound)?;
    let side = side_of(fact.kind).ok_or_else(|| AppError::invalid("fact", "no-offer"))?;
    let told = told_of(&mut db, &fact).await?;
    if told.is_empty() {
        return Err(AppError::invalid("party", "unclaimed-entity"));
    }
    let mut meant = told.into_iter().filter(|told| party.is_none_or(|party| *told == party));
    let party = meant.find(|party| may_draft(viewer, *party)).ok_or(AppError::NotAllowed)?;
    let article = articles::heads(&mut db, &[fact.article]).await?.pop().ok_or(AppError::NotFound)?;
    drop(db);
    let content = content_of(app, &fact, &article, side)?;
    let (listing, is_new) = draft_once(app, viewer, side, party, content, draft_key(&fact, side)).await?;
    Ok(FactDraft { listing, is_new })
}

/// What the draft says.
fn content_of(app: &App, fact: &Fact, article: &ArticleHead, side: Side) -> Result<ListingContent, AppError> {
    let (role, verb) = match side {
        Side::Offer => ("services", "提供"),
        Side::Need => ("needs", "寻求"),
    };
    let named: Vec<String> = fact.args.iter().filter(|a| a.role == role).map(|a| a.text.clone()).collect();
    let title: String = named.join("、").chars().take(TITLE).collect();
    let read = read_text(&format!("{verb}{title}"), &app.lexicon);
    let fits = |kind: &&keqiao_catalog::Kind| kind.sides.contains(&side);
    let kinds = app.catalog.kinds_in_order();
    let suggested = kinds.iter().copied().find(|k| read.kind.as_deref() == Some(k.id.as_str())).filter(fits);
    let kind = suggested.or_else(|| kinds.iter().copied().find(fits)).ok_or(AppError::NotFound)?;
    let day = article.published.as_deref().unwrap_or_default();
    Ok(ListingContent {
        kind: kind.id.clone(),
        title,
        body: format!("{}\n\n（{} {day}）", fact.sentence, article.title),
        keywords: named.into_iter().filter(|s| s.chars().count() <= 60).take(30).collect(),
        ..ListingContent::default()
    })
}
