//! `/api/v1/catalog`: kinds and properties, so that a client can build its forms.

use keqiao_catalog::{Catalog, Field, Kind, LocalName, MeetRule, Property, PropertyType};
use keqiao_domain::{Side, Tier};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, json};
use super::caller::Caller;

/// A name in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NameBody {
    /// Chinese.
    zh: String,
    /// English.
    en: String,
}

impl From<&LocalName> for NameBody {
    fn from(name: &LocalName) -> Self {
        Self { zh: name.zh.clone(), en: name.en.clone() }
    }
}

/// A property as a field of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldBody {
    /// Property id.
    property: String,
    /// Sides on which it must be filled before review.
    #[schema(value_type = Vec<String>)]
    required_on: Vec<Side>,
    /// Who reads it.
    #[schema(value_type = String)]
    tier: Tier,
}

/// A kind of listing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KindBody {
    /// Its id.
    id: String,
    /// Its names.
    name: NameBody,
    /// One sentence for whoever chooses a kind.
    hint: NameBody,
    /// Sides on which it can stand.
    #[schema(value_type = Vec<String>)]
    sides: Vec<Side>,
    /// The fields in their order.
    fields: Vec<FieldBody>,
}

/// One choice of a property.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChoiceBody {
    /// Its id.
    id: String,
    /// Its names.
    name: NameBody,
}

/// A property of the vocabulary.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PropertyBody {
    /// Its id.
    id: String,
    /// Its names.
    name: NameBody,
    /// `quantity`, `number`, `choice`, `standard`, `bool`, `date` or `text`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    ty: &'static str,
    /// The unit values are shown in.
    unit: Option<String>,
    /// How an offer's value meets a need's: `covers`, `at-least`, `at-most`, `equals`, `any-of`, `meets-standard`, or `shown`.
    #[schema(value_type = String)]
    meet: &'static str,
    /// The choices, of a choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<ChoiceBody>,
}

/// Kinds and properties.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogBody {
    /// Kinds in the order in which they are listed.
    kinds: Vec<KindBody>,
    /// Properties by id.
    properties: Vec<PropertyBody>,
}

fn field(field: &Field) -> FieldBody {
    FieldBody { property: field.property.clone(), required_on: field.required_on.clone(), tier: field.tier }
}

fn kind(kind: &Kind) -> KindBody {
    KindBody {
        id: kind.id.clone(),
        name: (&kind.name).into(),
        hint: (&kind.hint).into(),
        sides: kind.sides.clone(),
        fields: kind.fields.iter().map(field).collect(),
    }
}

fn property(property: &Property) -> PropertyBody {
    PropertyBody {
        id: property.id.clone(),
        name: (&property.name).into(),
        ty: match property.ty {
            PropertyType::Quantity => "quantity",
            PropertyType::Number => "number",
            PropertyType::Choice => "choice",
            PropertyType::Standard => "standard",
            PropertyType::Bool => "bool",
            PropertyType::Date => "date",
            PropertyType::Text => "text",
        },
        unit: property.unit.clone(),
        meet: match property.meet {
            MeetRule::Covers => "covers",
            MeetRule::AtLeast => "at-least",
            MeetRule::AtMost => "at-most",
            MeetRule::Equals => "equals",
            MeetRule::AnyOf => "any-of",
            MeetRule::MeetsStandard => "meets-standard",
            MeetRule::Shown => "shown",
        },
        choices: property.choices.iter().map(|c| ChoiceBody { id: c.id.clone(), name: (&c.name).into() }).collect(),
    }
}

/// Kinds with their fields, and properties with units and choices.
#[utoipa::path(get, path = "/api/v1/catalog", tag = "catalog", responses((status = 200, body = CatalogBody)))]
pub(crate) async fn show(caller: Caller) -> Answer {
    let catalog: &Catalog = &caller.app().catalog;
    let body = CatalogBody {
        kinds: catalog.kinds_in_order().into_iter().map(kind).collect(),
        properties: catalog.properties.values().map(property).collect(),
    };
    json(&caller, &body)
}
