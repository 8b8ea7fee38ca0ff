//! Which sum of a sentence is the one of a deal.

use crate::amounts::Amount;
use crate::facts::{Trigger, View};
use crate::model::MentionKind;

impl View<'_, '_> {
    /// The sum of what a trigger says: one called so (金额, 作价), else the nearest of its clause, else of its
    /// sentence. Sums by the share, profits and the like are others.
    pub(crate) fn sum(&self, trigger: &Trigger) -> Option<&Amount> {
        let words = &self.passage.lexicon.deals;
        let first = self.amounts.partition_point(|a| a.chars.start < trigger.sentence.start);
        let all = self.amounts[first..].iter().take_while(|a| a.chars.start < trigger.sentence.end);
        let clause = self.clause(trigger.chars.start, &trigger.sentence);
        all.filter(|a| a.kind == MentionKind::Money)
            .filter(|a| self.passage.at(a.chars.end) != '/')
            .filter_map(|a| {
                let own = self.clause(a.chars.start, &trigger.sentence);
                let before = self.passage.text(own.start..a.chars.start);
                if words.not_sums.iter().any(|w| before.contains(w.as_str())) {
                    return None;
                }
                let called = words.sums.iter().any(|w| before.contains(w.as_str()));
                let rank = if clause.contains(&a.chars.start) { 0 } else { 2 - u8::from(called) };
                Some((rank, a.chars.start.abs_diff(trigger.chars.start), a))
            })
            .min_by_key(|(rank, distance, _)| (*rank, *distance))
            .map(|(_, _, a)| a)
    }
}
