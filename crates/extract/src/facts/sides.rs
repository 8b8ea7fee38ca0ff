//! Persons who deal for themselves: a professor signs, works together or passes a right on as a body does.

use std::ops::Range;

use crate::facts::{Dealer, Named, View};
use crate::model::EntityKind;

impl View<'_, '_> {
    /// Whether a person deals for himself: by his rank, unless he holds a post in which he acts for others, or with his
    /// own team.
    pub(crate) fn is_own_side(&self, named: &Named) -> bool {
        if named.kind != EntityKind::Person {
            return false;
        }
        let words = &self.passage.lexicon.deals;
        let behind = words.ranks.iter().filter(|r| self.passage.starts(named.chars.end, r));
        let rank = behind.map(|r| r.chars().count()).max().unwrap_or_default();
        let before = words.ranks.iter().any(|r| self.passage.ends(named.chars.start, r));
        let team = words.teams.iter().any(|t| self.passage.starts(named.chars.end + rank, t));
        team || (rank > 0 || before) && !self.posted.contains(&named.entity)
    }

    /// The sides of a deal: bodies, and persons who deal for themselves. A body before such a person only says where he
    /// works (某大学某某教授).
    pub(crate) fn sides(&self, names: &[Range<usize>]) -> Vec<Dealer> {
        let mut out: Vec<Dealer> = Vec::new();
        for (entity, range) in self.dealers(names) {
            let named = range.as_ref().and_then(|r| self.within(r.clone()).first());
            let dealer = match named {
                Some(body) if body.is_body() => match self.working_at(body) {
                    Some(person) => (person.entity, Some(person.chars.clone())),
                    None => (entity, range),
                },
                Some(person) if person.kind == EntityKind::Person && !self.is_own_side(person) => continue,
                _ => (entity, range),
            };
            if !out.iter().any(|(known, _)| *known == dealer.0) {
                out.push(dealer);
            }
        }
        out
    }

    /// The person who deals for himself right behind the body where he works.
    fn working_at(&self, body: &Named) -> Option<&Named> {
        let next = self.named.partition_point(|n| n.chars.start < body.chars.end);
        let person = self.named.get(next).filter(|n| self.is_own_side(n))?;
        let between = self.passage.text(body.chars.end..person.chars.start);
        let ranks = &self.passage.lexicon.deals.ranks;
        (between.is_empty() || ranks.iter().any(|r| between.ends_with(r.as_str())) && between.chars().count() <= 8)
            .then_some(person)
    }

    /// Whether one of these names a body.
    pub(crate) fn has_body(&self, dealers: &[Dealer]) -> bool {
        dealers.iter().any(|(entity, _)| self.named.iter().any(|n| n.entity == *entity && n.is_body()))
    }
}
