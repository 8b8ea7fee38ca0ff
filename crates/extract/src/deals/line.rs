//! A sentence cut into pieces, and how its lists, clauses and topics are found.

use std::collections::HashSet;
use std::ops::Range;

use super::units::{Piece, Unit};
use super::{Deal, names};
use crate::passage::Passage;

/// The pieces of a sentence and how to walk them.
pub(super) struct Line<'a, 'b> {
    pub(super) passage: &'a Passage<'b>,
    pub(super) pieces: &'a [Piece],
}

impl Line<'_, '_> {
    /// The piece in which a place stands.
    pub(super) fn index(&self, at: usize) -> usize {
        self.pieces.partition_point(|p| p.chars.end <= at)
    }

    pub(super) fn text(&self, i: usize) -> String {
        self.passage.text(self.pieces[i].chars.clone())
    }

    pub(super) fn is(&self, i: usize, words: &HashSet<String>) -> bool {
        words.contains(self.text(i).as_str())
    }

    /// The name that a piece is or ends with.
    pub(super) fn name(&self, i: usize) -> Option<Range<usize>> {
        let piece = self.pieces.get(i)?;
        match piece.unit {
            Unit::Name | Unit::Person => Some(piece.chars.clone()),
            Unit::Run => names::name_in(self.passage, &piece.chars),
            _ => None,
        }
    }

    /// Where the clause of a piece begins.
    pub(super) fn clause_start(&self, i: usize) -> usize {
        (0..i).rev().find(|&k| self.pieces[k].unit == Unit::Close).map_or(0, |k| k + 1)
    }

    /// Where the clause of a piece ends.
    pub(super) fn clause_end(&self, i: usize) -> usize {
        (i..self.pieces.len()).find(|&k| self.pieces[k].unit == Unit::Close).unwrap_or(self.pieces.len())
    }

    /// The names of a list that begins at a piece, and the piece behind it: A、B和C(…)
    pub(super) fn list_from(&self, from: usize, end: usize) -> (Vec<Range<usize>>, usize) {
        let mut out = Vec::new();
        let mut i = from;
        while let Some(name) = (i < end).then(|| self.name(i)).flatten() {
            out.push(name);
            i += 1;
            while i < end && self.pieces[i].unit == Unit::Bracket {
                i += 1;
            }
            if i >= end || self.pieces[i].unit != Unit::And {
                break;
            }
            i += 1;
        }
        (out, i)
    }

    /// The names of the list that ends before a piece.
    pub(super) fn list_to(&self, before: usize, floor: usize) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let mut i = before;
        loop {
            while i > floor && self.pieces[i - 1].unit == Unit::Bracket {
                i -= 1;
            }
            let Some(name) = (i > floor).then(|| self.name(i - 1)).flatten() else { break };
            let whole = name.start == self.pieces[i - 1].chars.start;
            out.push(name);
            i -= 1;
            if !whole || i <= floor || self.pieces[i - 1].unit != Unit::And {
                break;
            }
            i -= 1;
        }
        if i > floor && self.text(i - 1) == "在" {
            out.clear();
        }
        out.reverse();
        out
    }

    /// Who a clause is about: its first name that stands behind no word of direction, with the rest of its list.
    pub(super) fn topic(&self, from: usize, end: usize) -> Vec<Range<usize>> {
        let mut i = from;
        while i < end {
            let oblique = self.pieces[i].unit == Unit::With || self.is(i, &self.passage.lexicon.deals.oblique);
            if oblique {
                let (_, behind) = self.list_from(i + 1, end);
                i = behind.max(i + 1);
                continue;
            }
            let (names, behind) = self.list_from(i, end);
            let owned = behind < end && self.text(behind) == "的";
            if !names.is_empty() && !owned {
                return names;
            }
            i = behind.max(i + 1);
        }
        Vec::new()
    }

    /// Who the nearest clause before a piece is about.
    pub(super) fn topic_before(&self, i: usize) -> Vec<Range<usize>> {
        let mut end = i;
        loop {
            let start = self.clause_start(end);
            let found = self.topic(start, end);
            if !found.is_empty() || start == 0 {
                return found;
            }
            end = start - 1;
        }
    }

    /// Who 公司 is where nobody announced anything: whom the sentence spoke of before.
    pub(super) fn owner(&self, deal: &Deal) -> Option<Range<usize>> {
        let stands_in =
            |r: &&Range<usize>| self.passage.lexicon.anaphors.contains(self.passage.text((*r).clone()).as_str());
        let word = deal.subjects.iter().find(stands_in)?;
        let before = self.topic_before(self.clause_start(self.index(word.start)).checked_sub(1)?);
        before.into_iter().find(|r| !stands_in(&r))
    }

    /// The name before 公告, or before the number of its share.
    pub(super) fn teller(&self) -> Option<Range<usize>> {
        let words = &self.passage.lexicon.deals.tells;
        (1..self.pieces.len()).find_map(|i| {
            let number = self.pieces[i].unit == Unit::Bracket && self.is_share_number(&self.pieces[i].chars);
            if !number && !self.is(i, words) {
                return None;
            }
            let mut k = i;
            while k > 0 && matches!(self.pieces[k - 1].unit, Unit::Bracket | Unit::Moment) {
                k -= 1;
            }
            if k > 0 && matches!(self.text(k - 1).as_str(), "在" | "于" | "发布") {
                k -= 1;
            }
            k.checked_sub(1).filter(|k| self.pieces[*k].unit != Unit::Person).and_then(|k| self.name(k))
        })
    }

    /// `(600491)`, `(002482.SZ)`, `(行情603369,诊股)`.
    fn is_share_number(&self, bracket: &Range<usize>) -> bool {
        let chars = &self.passage.chars[bracket.clone()];
        let run = chars.iter().skip_while(|c| !c.is_ascii_digit()).take_while(|c| c.is_ascii_digit()).count();
        matches!(run, 5 | 6) && chars.len() <= 24
    }
}
