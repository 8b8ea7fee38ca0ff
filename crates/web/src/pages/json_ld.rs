//! What is public, for machines: schema.org's Offer, Demand and NewsArticle as JSON-LD.

use keqiao_app::articles::ArticleView;
use keqiao_app::graph::EntityView;
use keqiao_app::listings::ListingView;
use keqiao_domain::{Audience, ClaimStatus, EntityKind, FactKind, ListingState, PartyKind, Side};
use serde_json::json;

use crate::page::Frame;

/// JSON that is safe inside a script element; empty for what is not published.
/// It says what every visitor may read, and no more.
pub(crate) fn describe(f: &Frame, view: &ListingView, public_url: &str) -> String {
    let listing = &view.listing;
    if listing.state != ListingState::Published {
        return String::new();
    }
    let (ty, who) = match listing.side {
        Side::Need => ("Demand", "seeker"),
        Side::Offer => ("Offer", "offeredBy"),
    };
    let party = match view.party.kind {
        PartyKind::Organization => "Organization",
        PartyKind::Person => "Person",
    };
    let mut said = json!({
        "@context": "https://schema.org",
        "@type": ty,
        "name": listing.content.title,
        "description": listing.content.summary,
        "category": f.kind(&listing.content.kind),
        "url": format!("{public_url}/listings/{}", listing.id),
    });
    said[who] = json!({
        "@type": party,
        "name": view.party.name,
        "url": format!("{public_url}/parties/{}", view.party.id),
    });
    if let Some(region) = &listing.content.region {
        said["areaServed"] = json!(f.region(region));
    }
    for (name, at) in [("validFrom", listing.published_at), ("validThrough", listing.expires_at)] {
        if let Some(at) = at {
            said[name] = json!(f.date(&at));
        }
    }
    escaped(&said.to_string())
}

/// Most entities that are said to be an article's.
const MENTIONS: usize = 30;

/// An article that is public, without its text; empty for others.
pub(crate) fn describe_article(view: &ArticleView, public_url: &str) -> String {
    let article = &view.article;
    if article.audience() != Audience::Public {
        return String::new();
    }
    let thing = |kind| match kind {
        EntityKind::Person => "Person",
        EntityKind::Organization | EntityKind::Platform => "Organization",
        EntityKind::Place => "Place",
        EntityKind::Activity => "Event",
        _ => "Thing",
    };
    let named = view.entities.iter().take(MENTIONS).map(|(_, entity)| {
        let url = format!("{public_url}/entities/{}", entity.id);
        json!({ "@type": thing(entity.kind), "name": entity.name, "url": url })
    });
    let mut said = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "inLanguage": "zh-CN",
        "isAccessibleForFree": article.text_readers == Audience::Public,
        "url": format!("{public_url}/articles/{}", article.id),
        "mentions": named.collect::<Vec<_>>(),
    });
    if let Some(day) = &article.published {
        said["datePublished"] = json!(day);
    }
    if let Some(place) = &article.place {
        said["contentLocation"] = json!({ "@type": "Place", "name": place });
    }
    if let Some(origin) = &article.origin {
        said["sourceOrganization"] = json!({ "@type": "Organization", "name": origin });
    }
    escaped(&said.to_string())
}

/// An entity as schema.org's Person or Organization; empty for all others.
pub(crate) fn describe_entity(view: &EntityView, public_url: &str) -> String {
    let ty = match view.entity.kind {
        EntityKind::Person => "Person",
        EntityKind::Organization | EntityKind::Platform => "Organization",
        _ => return String::new(),
    };
    let address = |id| format!("{public_url}/entities/{id}");
    let mut said = json!({
        "@context": "https://schema.org",
        "@type": ty,
        "@id": address(view.entity.id),
        "name": view.entity.name,
        "url": address(view.entity.id),
    });
    let others: Vec<&str> = view.names.iter().map(|n| n.name.as_str()).filter(|n| *n != view.entity.name).collect();
    if !others.is_empty() {
        said["alternateName"] = json!(others);
    }
    let confirmed = view.parties.iter().find(|p| p.claim == Some(ClaimStatus::Confirmed));
    if let Some(linked) = confirmed {
        said["sameAs"] = json!(format!("{public_url}/parties/{}", linked.party.id));
    }
    let post = view.facts.iter().find(|f| f.kind == FactKind::HoldsPosition);
    if let Some(post) = post.filter(|_| ty == "Person") {
        let argument = |role: &str| post.args.iter().find(|a| a.role == role);
        if let Some(title) = argument("title") {
            said["jobTitle"] = json!(title.text);
        }
        if let Some(body) = argument("organization") {
            said["worksFor"] = json!({ "@type": "Organization", "name": body.text });
            if let Some(id) = body.entity {
                said["worksFor"]["@id"] = json!(address(id));
            }
        }
    }
    escaped(&said.to_string())
}

/// JSON without the characters that could end a script element.
fn escaped(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn no_text_ends_the_script_element() {
        let title = "</script><!--<script>&amp;";
        let json = escaped(&serde_json::json!({ "name": title }).to_string());
        assert!(!json.contains(['<', '>', '&']), "{json}");
        let back: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(back["name"], title);
    }
}
