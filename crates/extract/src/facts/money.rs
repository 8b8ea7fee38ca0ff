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
            .filter(|a| clause.contains(&a.chars.start) || !self.is_of_another(trigger, a.chars.start))
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

    /// Whether a semicolon or another deal stands between a trigger and a sum behind it.
    fn is_of_another(&self, trigger: &Trigger, sum: usize) -> bool {
        let between = trigger.chars.end.min(sum)..sum.max(trigger.chars.start);
        let next = self.dealings.deals.partition_point(|d| d.trigger.start < between.start);
        let deal = self.dealings.deals.get(next).is_some_and(|d| {
            let whole = !d.noun && !d.subjects.is_empty() && !d.objects.is_empty();
            whole && between.contains(&d.trigger.start)
        });
        sum > trigger.chars.end && deal || self.passage.chars[between].contains(&';')
    }
}
