//! Names of fields, parameters and properties in the words of a page.

use crate::page::Frame;

/// The label of a field: `标题`, or a property's name; of what is no field, itself.
pub(crate) fn label_of(f: &Frame, field: &str) -> String {
    known_label(f, field).unwrap_or_else(|| field.strip_prefix("attributes.").unwrap_or(field).to_owned())
}

/// The label of a field, a property or a parameter; `None` for what has no name for readers.
pub(crate) fn known_label(f: &Frame, field: &str) -> Option<String> {
    match field.strip_prefix("attributes.") {
        Some(property) => match f.property(property) {
            name if name == property => None,
            name => Some(format!("{name} ({property})")),
        },
        None => own_label(f, field).map(str::to_owned),
    }
}

fn own_label(f: &Frame, field: &str) -> Option<&'static str> {
    Some(match field {
        "id" | "external_id" => f.t("import-field-id"),
        "side" => f.t("work-side"),
        "kind" => f.t("work-kind"),
        "title" => f.t("work-title"),
        "summary" => f.t("work-summary"),
        "body" => f.t("work-body"),
        "keywords" => f.t("work-keywords"),
        "party.external_id" => f.t("import-field-party-id"),
        "party.name" | "party" => f.t("import-field-party"),
        "region" => f.t("work-region"),
        "industry" => f.t("work-industry"),
        "chain" => f.t("work-chain"),
        "wishes" => f.t("import-field-wishes"),
        "details_tier" => f.t("work-readers"),
        "annex" => f.t("work-annex"),
        "demo" => f.t("demo-badge"),
        "state" => f.t("import-state"),
        "name" => f.t("import-field-name"),
        "aliases" => f.t("import-field-aliases"),
        "uscc" => f.t("import-field-uscc"),
        "orcid" => f.t("import-field-orcid"),
        "website" => f.t("import-field-website"),
        "contact.name" => f.t("import-field-contact"),
        "contact.phone" => f.t("import-field-phone"),
        "contact.email" | "email" => f.t("import-field-email"),
        "contact.address" => f.t("import-field-address"),
        "verified" => f.t("verified"),
        "memberships" => f.t("import-field-memberships"),
        "q" => f.t("search-label"),
        "maturity_min" | "maturity_max" => f.t("facet-maturity"),
        "price_max" => f.t("facet-price"),
        "sort" => f.t("hall-sort"),
        "articles" => f.t("news-articles"),
        "facts" => f.t("news-facts"),
        "file" => f.t("work-file"),
        "args" => f.t("fact-args"),
        "day" => f.t("fact-day"),
        "after" | "back" => f.t("pager-label"),
        "filters" => f.t("facets-title"),
        "role" => f.t("admin-role"),
        _ => return None,
    })
}
