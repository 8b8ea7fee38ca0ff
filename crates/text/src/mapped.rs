//! A text made from another, with the way back.

use std::ops::Range;

/// A text made from another one, and where each of its characters came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapped {
    /// The text.
    pub text: String,
    /// `origin[i]`: the place in the original of the text's `i`-th character; one more
    /// entry at the end holds the original's length. Never decreases.
    pub origin: Vec<u32>,
}

/// A folded text, see [`crate::Text::fold`].
pub type Folded = Mapped;

/// A cleaned text, see [`crate::clean`].
pub type Cleaned = Mapped;

impl Mapped {
    /// The characters of the original that `start..end` of this text was made from.
    /// Places past the end count as the end.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Range<usize> {
        let last = self.origin.len().saturating_sub(1);
        let at = |i: usize| self.origin.get(i.min(last)).map_or(0, |&o| o as usize);
        let (start, end) = (start.min(last), end.min(last));
        if end <= start {
            return at(start)..at(start);
        }
        // One original character can have become several here, so the next
        // character's origin may still be the same.
        let stop = if end == last { at(last) } else { at(end).max(at(end - 1) + 1) };
        at(start)..stop
    }

    /// This text as made from `first`'s original, where this was made from `first`'s text.
    #[must_use]
    pub fn after(mut self, first: &Mapped) -> Self {
        for o in &mut self.origin {
            if let Some(&through) = first.origin.get(*o as usize) {
                *o = through;
            }
        }
        self
    }
}

/// Builds a [`Mapped`] character by character.
#[derive(Default)]
pub(crate) struct Mapper {
    out: Mapped,
}

impl Mapper {
    pub(crate) fn push(&mut self, c: char, from: usize) {
        self.out.text.push(c);
        self.out.origin.push(place(from));
    }
    pub(crate) fn finish(mut self, original_chars: usize) -> Mapped {
        self.out.origin.push(place(original_chars));
        self.out
    }
}

/// A place as it is kept; texts of more than four thousand million characters do not occur.
pub(crate) fn place(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_leads_back_to_whole_characters() {
        // "a㎡b" became "am2b".
        let m = Mapped { text: "am2b".into(), origin: vec![0, 1, 1, 2, 3] };
        assert_eq!(m.span(1, 2), 1..2);
        assert_eq!(m.span(0, 3), 0..2);
        assert_eq!(m.span(3, 4), 2..3);
        assert_eq!(m.span(2, 2), 1..1);
        assert_eq!(m.span(7, 9), 3..3);
        assert_eq!(Mapped::default().span(0, 4), 0..0);
    }
}
