//! Offers that do together what none does alone, as tables.

use keqiao_app::matching::{Found, Together, together};
use keqiao_domain::RecordId;

use crate::page::Frame;

/// One of those who do it together.
pub(crate) struct Partner {
    pub(crate) id: RecordId,
    pub(crate) title: String,
    pub(crate) party: String,
}

/// One must: what it is, who of the set meets it.
pub(crate) struct MustRow {
    pub(crate) what: String,
    pub(crate) met: Vec<bool>,
}

/// One set of partners.
pub(crate) struct Alliance {
    pub(crate) partners: Vec<Partner>,
    pub(crate) rows: Vec<MustRow>,
}

/// What is shown where no offer meets all musts; drawn by `alliances` of `together.html`.
pub(crate) struct Alliances {
    pub(crate) sets: Vec<Alliance>,
    /// Musts that nobody meets.
    pub(crate) missing: Vec<String>,
    /// How far the first may be from the smallest; empty: it is the smallest.
    pub(crate) within: String,
}

impl Alliances {
    /// The smallest sets among a need's matches, at most `most` of them.
    pub(crate) fn of(f: &Frame, found: &[Found], most: usize) -> Option<Self> {
        let Together { musts, sets, missing, within } = together(found)?;
        let what = |i: &usize| {
            let must = &musts[*i];
            format!("{} {}", f.property(&must.property), f.value(&must.property, &must.required))
        };
        let alliance = |set: &keqiao_matching::consortium::Consortium| {
            let partner = |i: usize| {
                let card = &found[i].card;
                Partner { id: card.id, title: card.title.clone(), party: card.party_name.clone() }
            };
            let open = (0..musts.len()).filter(|must| !missing.contains(must));
            Alliance {
                partners: set.members.iter().map(|m| partner(m.candidate)).collect(),
                rows: open
                    .map(|must| MustRow {
                        what: what(&must),
                        met: set.members.iter().map(|m| m.meets.contains(&must)).collect(),
                    })
                    .collect(),
            }
        };
        Some(Self {
            sets: sets.iter().take(most).map(alliance).collect(),
            missing: missing.iter().map(what).collect(),
            within: if within > 1.0 { f.t1("together-within", "n", format!("{within:.1}")) } else { String::new() },
        })
    }
}
