//! Two rankings drawn into one list, so that readers tell which is better without knowing of it.

use std::collections::HashSet;
use std::hash::Hash;

use keqiao_domain::Team;

/// A row of the list and who put it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted<T> {
    /// The row.
    pub row: T,
    /// Whose pick it is.
    pub team: Team,
}

/// Team draft: in each round both pick their best row that is not there yet, and a coin says who picks first
/// (Radlinski, Kurup and Joachims, "How Does Clickthrough Data Reflect Retrieval Quality?", CIKM 2008). `coins` are the
/// bits of the coins, used from the lowest on and again from there.
pub fn draft<T, K: Eq + Hash>(
    one: Vec<T>,
    other: Vec<T>,
    key: impl Fn(&T) -> K,
    coins: u64,
    most: usize,
) -> Vec<Drafted<T>> {
    let mut queues = [one.into_iter(), other.into_iter()];
    let (mut out, mut taken) = (Vec::new(), HashSet::new());
    for round in 0_u32.. {
        let first = usize::from(coins >> (round % 64) & 1 == 1);
        let before = out.len();
        for side in [first, 1 - first] {
            let Some(row) = queues[side].find(|row| taken.insert(key(row))) else { continue };
            out.push(Drafted { row, team: if side == 0 { Team::One } else { Team::Other } });
        }
        if out.len() == before || out.len() >= most {
            break;
        }
    }
    out.truncate(most);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_picks_its_best_and_the_coin_says_who_begins() {
        let list = |coins| draft(vec!["a", "b", "c"], vec!["b", "a", "d"], |s| *s, coins, 4);
        let told = |coins| list(coins).iter().map(|d| (d.row, d.team)).collect::<Vec<_>>();
        use Team::{One, Other};
        assert_eq!(told(0b00), [("a", One), ("b", Other), ("c", One), ("d", Other)]);
        assert_eq!(told(0b11), [("b", Other), ("a", One), ("d", Other), ("c", One)]);
        assert_eq!(draft(vec![1], Vec::new(), |n| *n, 1, 9).len(), 1);
    }

    proptest! {
        #[test]
        fn every_row_stands_once_and_the_same_ranking_gives_itself(
            one in prop::collection::vec(0_u8..30, 0..12),
            other in prop::collection::vec(0_u8..30, 0..12),
            coins: u64,
            most in 1_usize..12,
        ) {
            let drafted = draft(one.clone(), other.clone(), |n| *n, coins, most);
            let rows: Vec<u8> = drafted.iter().map(|d| d.row).collect();
            let all: HashSet<u8> = one.iter().chain(&other).copied().collect();
            prop_assert_eq!(rows.len(), all.len().min(most));
            prop_assert_eq!(rows.iter().collect::<HashSet<_>>().len(), rows.len());
            // Between two of the same no reader can tell a difference.
            let mut seen = HashSet::new();
            let unique: Vec<u8> = one.iter().copied().filter(|n| seen.insert(*n)).take(most).collect();
            let same: Vec<u8> = draft(one.clone(), one, |n| *n, coins, most).into_iter().map(|d| d.row).collect();
            prop_assert_eq!(same, unique);
        }
    }
}
