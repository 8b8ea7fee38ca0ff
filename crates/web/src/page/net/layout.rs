//! Where the entities around one stand in the drawing, and their names beside them.
//!
//! Each ring is an ellipse. Its entities stand on it at even heights, half of them on the right and half on the left,
//! with their names outwards and level, so that names stay readable and no two can touch. Who belongs together stands
//! at the same height, which keeps the lines from crossing.

/// Width of a wide character and of a narrow one, in the drawing's units.
const WIDE: f64 = 13.0;
const NARROW: f64 = 7.4;
/// Half the height of a line of text, above and below its middle.
const HALF_LINE: f64 = 9.0;
/// From an entity to its name.
const GAP: f64 = 10.0;
/// Least and greatest distance between two entities of one side of a ring.
const CLOSE: f64 = 25.0;
const APART: f64 = 60.0;
/// The inner ring's reach to the sides, alone and with another around it, and that of the outer ring beyond it.
const ALONE: f64 = 190.0;
const INNER: f64 = 150.0;
const BEYOND: f64 = 236.0;
/// So many of the outer ring may all stand on one side.
const FEW: usize = 8;
/// Room for a name outside of the last ring, and below the middle.
const OUTSIDE: f64 = 190.0;
const MIDDLE: f64 = 160.0;

/// What is placed: the middle first, then those one step away, then those two steps away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    /// Steps from the middle.
    pub(super) step: usize,
    /// Those of one group stay together.
    pub(super) group: usize,
}

/// Where a name begins, seen from its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// To the right of it.
    Right,
    /// To the left of it.
    Left,
    /// Below it.
    Below,
}

/// A place in the drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) side: Side,
    /// Room for the name.
    pub(super) room: f64,
}

impl Spot {
    /// The middle of the near end of the name.
    pub(super) fn name_at(&self) -> (f64, f64) {
        match self.side {
            Side::Right => (self.x + GAP, self.y),
            Side::Left => (self.x - GAP, self.y),
            Side::Below => (self.x, self.y + 22.0),
        }
    }
    /// The rectangle of a name of this width: left, top, right, bottom.
    pub(super) fn name_box(&self, width: f64) -> [f64; 4] {
        let (x, y) = self.name_at();
        let left = match self.side {
            Side::Right => x,
            Side::Left => x - width,
            Side::Below => x - width / 2.0,
        };
        [left, y - HALF_LINE, left + width, y + HALF_LINE]
    }
}

/// The width of a name in the drawing.
pub(super) fn width_of(text: &str) -> f64 {
    text.chars().map(|c| if (c as u32) < 0x2E80 { NARROW } else { WIDE }).sum()
}

/// A name that fits into a room, cut where it is too long.
pub(super) fn cut(name: &str, room: f64) -> String {
    if width_of(name) <= room {
        return name.to_owned();
    }
    let mut out = String::new();
    let mut left = room - WIDE;
    for c in name.chars() {
        left -= if (c as u32) < 0x2E80 { NARROW } else { WIDE };
        if left < 0.0 {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// One place for each node; `ties` are pairs of their numbers.
pub(super) fn places(nodes: &[Node], ties: &[(usize, usize)]) -> Vec<Spot> {
    let of_step = |step| -> Vec<usize> { (0..nodes.len()).filter(|n| nodes[*n].step == step).collect() };
    let (inner, outer) = (of_step(1), of_step(2));
    let mut spots = vec![Spot { x: 0.0, y: 0.0, side: Side::Below, room: MIDDLE }; nodes.len()];
    let ordered = together(&inner, nodes, ties);
    let half = ordered.len().div_ceil(2);
    let (right, left) = ordered.split_at(half);
    let left: Vec<usize> = left.iter().rev().copied().collect();
    let reach = if outer.is_empty() { ALONE } else { INNER };
    let first = Ring::of(right.len().max(left.len()), reach, 0.0);
    first.put(right, Side::Right, &mut spots);
    first.put(&left, Side::Left, &mut spots);
    if outer.is_empty() {
        return spots;
    }
    let (right, left) = beside(&outer, ties, &spots);
    let second = Ring::of(right.len().max(left.len()), reach + BEYOND, first.height + 60.0);
    second.put(&right, Side::Right, &mut spots);
    second.put(&left, Side::Left, &mut spots);
    // A name of the inner ring ends before the outer one.
    for n in inner {
        let spot = &mut spots[n];
        spot.room = (second.x_at(spot.y) - spot.x.abs() - 2.0 * GAP - 6.0).min(OUTSIDE);
    }
    spots
}

/// An ellipse.
struct Ring {
    reach: f64,
    height: f64,
    apart: f64,
}

impl Ring {
    /// For as many entities on each side, at least as high as asked.
    fn of(count: usize, reach: f64, at_least: f64) -> Self {
        let gaps = count.saturating_sub(1).max(1) as f64;
        let apart = (1.7 * reach / gaps).clamp(CLOSE, APART);
        let needed = count.saturating_sub(1) as f64 * apart / 2.0 + 34.0;
        Self { reach, height: needed.max(at_least).max(reach * 0.62), apart }
    }
    fn x_at(&self, y: f64) -> f64 {
        let share = y / self.height;
        self.reach * (1.0 - share * share).max(0.0).sqrt()
    }
    fn put(&self, list: &[usize], side: Side, spots: &mut [Spot]) {
        let first = list.len().saturating_sub(1) as f64 / 2.0;
        for (place, node) in list.iter().enumerate() {
            let y = (place as f64 - first) * self.apart;
            let x = if side == Side::Left { -self.x_at(y) } else { self.x_at(y) };
            spots[*node] = Spot { x, y, side, room: OUTSIDE };
        }
    }
}

/// The others that a node is tied to, among those that have a number in `place`.
fn mean(node: usize, ties: &[(usize, usize)], value: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let ends = ties.iter().filter_map(|(a, b)| match node {
        n if n == *a => Some(*b),
        n if n == *b => Some(*a),
        _ => None,
    });
    let values: Vec<f64> = ends.filter_map(value).collect();
    if values.is_empty() { None } else { Some(values.iter().sum::<f64>() / values.len() as f64) }
}

/// The inner ring in its order: by group, within a group near to whom each is tied to.
fn together(inner: &[usize], nodes: &[Node], ties: &[(usize, usize)]) -> Vec<usize> {
    let place_of = |node: usize| inner.iter().position(|n| *n == node).map(|p| p as f64);
    let mut keyed: Vec<(usize, f64, usize)> = inner
        .iter()
        .map(|n| {
            let own = place_of(*n).unwrap_or_default();
            (nodes[*n].group, mean(*n, ties, place_of).map_or(own, |m| f64::midpoint(m, own)), *n)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    keyed.into_iter().map(|(_, _, n)| n).collect()
}

/// The outer ring, right and left, each from top to bottom: beside those of the inner ring that each is tied to.
fn beside(outer: &[usize], ties: &[(usize, usize)], spots: &[Spot]) -> (Vec<usize>, Vec<usize>) {
    let is_outer = |n: usize| outer.contains(&n);
    let near = |n: usize, axis: fn(&Spot) -> f64| {
        mean(n, ties, |other| (!is_outer(other)).then(|| axis(&spots[other]))).unwrap_or_default()
    };
    let mut keyed: Vec<(f64, f64, usize)> = outer.iter().map(|n| (near(*n, |s| s.x), near(*n, |s| s.y), *n)).collect();
    keyed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
    // A side may hold somewhat more than the other, so that few lines cross the middle.
    let most = (outer.len() / 2 + outer.len() / 6).max(FEW).min(outer.len());
    let wanted = keyed.iter().filter(|k| k.0 > 0.0).count();
    let right = wanted.clamp(outer.len() - most, most);
    let left = keyed.split_off(right);
    let down = |mut side: Vec<(f64, f64, usize)>| -> Vec<usize> {
        side.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.2.cmp(&b.2)));
        side.into_iter().map(|(_, _, n)| n).collect()
    };
    (down(keyed), down(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entities in both rings, each of the second tied to one or two of the first.
    fn net(first: usize, second: usize) -> (Vec<Node>, Vec<(usize, usize)>) {
        let mut nodes = vec![Node { step: 0, group: 0 }];
        nodes.extend((0..first).map(|n| Node { step: 1, group: n * 4 / first.max(1) }));
        nodes.extend((0..second).map(|n| Node { step: 2, group: n % 3 }));
        let mut ties: Vec<(usize, usize)> = (1..=first).map(|n| (0, n)).collect();
        ties.extend((0..second).map(|n| (1 + n * 7 % first.max(1), 1 + first + n)));
        ties.extend((0..second / 3).map(|n| (1 + n * 5 % first.max(1), 1 + first + n)));
        ties.extend((1..first).step_by(3).map(|n| (n, n + 1)));
        (nodes, ties)
    }

    fn apart(a: [f64; 4], b: [f64; 4]) -> bool {
        a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]
    }

    /// However many there are, and with names as long as there is room: no name touches another or an entity.
    #[test]
    fn no_two_names_overlap() {
        for (first, second) in [(24, 36), (24, 0), (1, 36), (2, 1), (1, 0), (3, 5), (7, 36), (24, 3), (12, 24), (0, 0)]
        {
            let (nodes, ties) = net(first, second);
            let spots = places(&nodes, &ties);
            let long = "长".repeat(60);
            let boxes: Vec<[f64; 4]> = spots.iter().map(|s| s.name_box(width_of(&cut(&long, s.room)))).collect();
            for (n, name) in boxes.iter().enumerate() {
                assert!(cut(&long, spots[n].room).chars().count() > 7, "{first}+{second}: {n} has no room");
                for (m, spot) in spots.iter().enumerate() {
                    let dot = [spot.x - 6.0, spot.y - 6.0, spot.x + 6.0, spot.y + 6.0];
                    assert!(n == m || apart(*name, boxes[m]), "{first}+{second}: {n} and {m}: {name:?} {:?}", boxes[m]);
                    assert!(apart(*name, dot), "{first}+{second}: {n} on {m}: {name:?} {dot:?}");
                }
            }
        }
    }

    #[test]
    fn the_same_is_drawn_alike_and_the_order_of_ties_does_not_matter() {
        let (nodes, mut ties) = net(24, 36);
        let drawn = places(&nodes, &ties);
        ties.reverse();
        assert_eq!(places(&nodes, &ties), drawn);
    }

    #[test]
    fn who_hangs_on_one_side_stands_on_that_side() {
        let (nodes, ties) = net(8, 6);
        let spots = places(&nodes, &ties);
        for (one, other) in ties.iter().filter(|(a, b)| nodes[*a].step == 1 && nodes[*b].step == 2) {
            let single = ties.iter().filter(|t| t.1 == *other).count() == 1;
            assert!(!single || spots[*one].x.signum() == spots[*other].x.signum(), "{one} {other}");
        }
    }

    #[test]
    fn a_name_is_cut_to_its_room() {
        assert_eq!(cut("短名", 100.0), "短名");
        let name = cut("中国电子科技集团公司第五十八研究所", 100.0);
        assert_eq!(name, "中国电子科技…");
        assert!(width_of(&name) <= 100.0);
    }
}
