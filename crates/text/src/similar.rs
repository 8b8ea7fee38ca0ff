//! How alike two words are, for "did you mean".

/// The longest word, in characters, that [`edit_distance`] looks at in full.
const LONGEST: usize = 64;

/// The number of inserted, removed, changed or swapped neighbouring characters
/// that lead from one word to the other. Only the first 64 characters are compared.
#[must_use]
pub fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(LONGEST).collect();
    let b: Vec<char> = b.chars().take(LONGEST).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// How alike two words are: 1 for the same word, 0 where nothing is shared;
/// one minus [`edit_distance`] over the longer word's length.
#[must_use]
pub fn similar(a: &str, b: &str) -> f64 {
    let longer = a.chars().take(LONGEST).count().max(b.chars().take(LONGEST).count());
    if longer == 0 {
        return 1.0;
    }
    #[allow(clippy::cast_precision_loss)]
    let share = edit_distance(a, b) as f64 / longer as f64;
    1.0 - share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_near() {
        assert_eq!(edit_distance("集成电路", "集成电器"), 1);
        assert_eq!(edit_distance("igbt", "igtb"), 1);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert!((similar("集成电路", "集成电器") - 0.75).abs() < 1e-9);
        assert!((similar("", "") - 1.0).abs() < 1e-9);
        assert!(similar("碳化硅", "水稻") < 1e-9);
    }
}
