//! Characters, pairs of characters and pieces of a folded text as numbers, quickly found again.

use super::terms::is_han;

/// The key of one Han character.
pub(crate) fn character(c: char) -> u64 {
    u64::from(u32::from(c))
}

/// The key of two neighbouring Han characters; none is a character's.
pub(crate) fn pair(first: char, second: char) -> u64 {
    character(first) << 32 | character(second)
}

/// The key of a piece that is not Chinese (FNV-1a, with the first bit set: neither a pair's nor a character's).
pub(crate) fn piece(text: &str) -> u64 {
    let mixed = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    mixed | 1 << 63
}

/// Whether a key is a piece's.
pub(crate) fn is_piece(key: u64) -> bool {
    key >> 63 == 1
}

/// Whether a key is a character's.
pub(crate) fn is_character(key: u64) -> bool {
    key >> 32 == 0
}

/// Tells the keys of a folded text in their order: of each Han character, of each pair, of each piece.
pub(crate) fn each_key(folded: &str, mut tell: impl FnMut(u64)) {
    let mut before: Option<char> = None;
    let mut begun: Option<usize> = None;
    for (at, c) in folded.char_indices() {
        let han = is_han(c);
        if han || !c.is_alphanumeric() {
            if let Some(start) = begun.take() {
                tell(piece(&folded[start..at]));
            }
            if han {
                tell(character(c));
                if let Some(first) = before {
                    tell(pair(first, c));
                }
            }
            before = han.then_some(c);
        } else {
            before = None;
            begun = begun.or(Some(at));
        }
    }
    if let Some(start) = begun {
        tell(piece(&folded[start..]));
    }
}

/// Numbers of keys: a table whose places are looked through from where a key's hash points to.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyTable {
    slots: Vec<(u64, u32)>,
    held: usize,
}

/// No text has this key: it would be a pair without its second character.
const EMPTY: u64 = 1 << 62;

impl KeyTable {
    pub(crate) fn with_capacity(keys: usize) -> Self {
        Self { slots: vec![(EMPTY, 0); (2 * keys).next_power_of_two().max(16)], held: 0 }
    }

    fn place(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        // The upper bits of a product depend on all bits of the key.
        let mut at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
        while self.slots[at].0 != key && self.slots[at].0 != EMPTY {
            at = (at + 1) & mask;
        }
        at
    }

    pub(crate) fn get(&self, key: u64) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let (held, number) = self.slots[self.place(key)];
        (held == key).then_some(number)
    }

    /// The number of a key; a new one gets `next`.
    pub(crate) fn get_or_insert(&mut self, key: u64, next: u32) -> u32 {
        if 2 * (self.held + 1) > self.slots.len() {
            let mut larger = Self::with_capacity(self.held + 16);
            for (key, number) in self.slots.iter().filter(|slot| slot.0 != EMPTY) {
                let at = larger.place(*key);
                larger.slots[at] = (*key, *number);
            }
            larger.held = self.held;
            *self = larger;
        }
        let at = self.place(key);
        if self.slots[at].0 == EMPTY {
            self.slots[at] = (key, next);
            self.held += 1;
        }
        self.slots[at].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_gives_characters_pairs_within_runs_and_whole_pieces() {
        let mut keys = Vec::new();
        each_key("碳化sic衬,底 8", |key| keys.push(key));
        let (c, p) = (character, pair);
        assert_eq!(keys, [c('碳'), c('化'), p('碳', '化'), piece("sic"), c('衬'), c('底'), piece("8")]);
        assert!(is_piece(keys[3]) && is_character(keys[0]) && !is_character(keys[2]) && !is_piece(keys[2]));
    }

    #[test]
    fn a_table_finds_what_was_put_in_also_after_it_grew() {
        let mut table = KeyTable::default();
        assert_eq!(table.get(7), None);
        for key in 0..1_000_u64 {
            assert_eq!(table.get_or_insert(key * 977, key as u32), key as u32);
        }
        assert!((0..1_000_u64).all(|key| table.get_or_insert(key * 977, 0) == key as u32));
        assert_eq!(table.get(978), None);
    }
}
