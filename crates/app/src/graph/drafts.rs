//! What an article proposes for the platform: an organization as a party, what it offers or needs as a
//! draft.

use keqiao_catalog::{Catalog, Named};
use keqiao_domain::{
    EntityId, EntityKind, Fact, FactId, FactKind, Listing, ListingContent, OrgRole, PartyId, Side, Viewer,
};
use keqiao_matching::read_text;
use keqiao_store::{Conn, articles, facts};

use super::{operator, view_entity};
use crate::agreements::claimed_by;
use crate::listings::{SaveListing, save_listing};
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

/// The party that offers or needs what a fact says, as an operator confirmed it.
pub(super) async fn told_of(db: &mut Conn, fact: &Fact) -> Result<Option<PartyId>, AppError> {
    if side_of(fact.kind).is_some() {
        for entity in fact.args.iter().filter(|a| a.role == "who").filter_map(|a| a.entity) {
            if let Some(party) = claimed_by(db, entity).await? {
                return Ok(Some(party));
            }
        }
    }
    Ok(None)
}

/// Makes a draft of what a fact says somebody offers or needs, for a party that the viewer writes for or, as an operator, for
/// the party that the entity is.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed`; `NotFound`; `Invalid` when the fact says nothing of the sort.
pub async fn draft_from_fact(
    app: &App,
    viewer: &Viewer,
    id: FactId,
    party: Option<PartyId>,
) -> Result<Listing, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let fact = facts::find(&mut db, id).await?.filter(|f| viewer.sees(f.audience)).ok_or(AppError::NotFound)?;
    let side = side_of(fact.kind).ok_or_else(|| AppError::invalid("fact", "no-offer"))?;
    let (role, verb) = match side {
        Side::Offer => ("services", "提供"),
        Side::Need => ("needs", "寻求"),
    };
    let mut writer = viewer.clone();
    let party = match party {
        Some(party) => party,
        None => {
            operator(viewer)?;
            let party = told_of(&mut db, &fact).await?.ok_or_else(|| AppError::invalid("party", "unknown-party"))?;
            // What an operator proposes is a draft of the party's own: it sees, changes and submits it.
            if !viewer.may_edit_for(party) {
                writer.roles.push((party, OrgRole::Editor));
            }
            party
        }
    };
    let article = articles::heads(&mut db, &[fact.article]).await?.pop().ok_or(AppError::NotFound)?;
    drop(db);
    let named: Vec<String> = fact.args.iter().filter(|a| a.role == role).map(|a| a.text.clone()).collect();
    let title: String = named.join("、").chars().take(TITLE).collect();
    let read = read_text(&format!("{verb}{title}"), &app.lexicon);
    let fits = |kind: &&keqiao_catalog::Kind| kind.sides.contains(&side);
    let kinds = app.catalog.kinds_in_order();
    let suggested = kinds.iter().copied().find(|k| read.kind.as_deref() == Some(k.id.as_str())).filter(fits);
    let kind = suggested.or_else(|| kinds.iter().copied().find(fits)).ok_or(AppError::NotFound)?;
    let day = article.published.unwrap_or_default();
    let content = ListingContent {
        kind: kind.id.clone(),
        title,
        body: format!("{}\n\n（{} {day}）", fact.sentence, article.title),
        keywords: named.into_iter().filter(|s| s.chars().count() <= 60).take(30).collect(),
        ..ListingContent::default()
    };
    save_listing(app, &writer, SaveListing { edits: None, side, party, content }).await
}
