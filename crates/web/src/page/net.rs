//! An entity and those around it as a picture, with everything in it once more as a table.

mod layout;

use std::collections::HashMap;

use keqiao_app::graph::{Around, Edge, Tie};
use keqiao_domain::{Entity, EntityId, EntityKind};

use super::Frame;
use layout::{Node, Spot, cut, places, width_of};

pub use layout::Side;

/// Lines that are drawn; of more the strongest, and one that leads inwards from each entity.
const LINES: usize = 84;
/// How far from the middle's height a line bends that passes it.
const CLEAR: i64 = 90;
/// Around the drawing, in its units.
const MARGIN: f64 = 14.0;

/// An entity in the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// The entity.
    pub entity: Entity,
    /// Steps from the middle.
    pub step: usize,
    /// Where it stands.
    pub x: i64,
    /// Where it stands.
    pub y: i64,
    /// The name as far as there is room.
    pub name: String,
    /// Where the name begins or ends.
    pub name_x: i64,
    /// The base line of the name.
    pub name_y: i64,
    /// On which side of the entity the name stands.
    pub side: Side,
}

impl Dot {
    /// SVG's word for where the name is held.
    #[must_use]
    pub const fn anchor(&self) -> &'static str {
        match self.side {
            Side::Right => "start",
            Side::Left => "end",
            Side::Below => "middle",
        }
    }
    /// Whether the name was cut.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.name != self.entity.name
    }
    /// The outline by kind: people are round, bodies square, all else stands on a corner.
    #[must_use]
    pub fn outline(&self) -> String {
        let (x, y, r) = (self.x, self.y, if self.step == 0 { 8 } else { 5 });
        match self.entity.kind {
            EntityKind::Person => format!("M{} {y}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0-{} 0z", x - r, 2 * r, 2 * r),
            EntityKind::Organization | EntityKind::Platform => {
                format!("M{} {}h{}v{}h-{}z", x - r, y - r, 2 * r, 2 * r, 2 * r)
            }
            _ => format!("M{} {y}l{r}-{r} {r} {r}-{r} {r}z", x - r),
        }
    }
}

/// A line of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The row of the table that says the same.
    pub row: usize,
    /// Its way.
    pub path: String,
    /// What ties the two.
    pub words: String,
    /// Where the words stand.
    pub x: i64,
    /// Where the words stand.
    pub y: i64,
}

/// Ties of one entity in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The entity.
    pub entity: Entity,
    /// Its ties to those further in.
    pub ties: Vec<Row>,
}

/// A tie in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub number: usize,
    /// The other end.
    pub other: Entity,
    /// What ties the two, with the number of facts.
    pub words: String,
    /// The first and the last day; empty: none.
    pub days: String,
}

/// The picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Net {
    /// Left, top, width and height of the drawing.
    pub frame: [i64; 4],
    /// The entities, the middle first.
    pub dots: Vec<Dot>,
    /// The lines between them.
    pub lines: Vec<Line>,
    /// The same as a table.
    pub table: Vec<Rows>,
    /// Neighbours for which there was no room, at least.
    pub left_out: usize,
    /// Ties among those drawn for which there was no room.
    pub lines_left_out: usize,
    /// So many of the latest facts of each entity are counted; `None`: all are.
    pub latest_only: Option<i64>,
}

impl Net {
    /// Whether it has an outer ring.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.dots.iter().any(|dot| dot.step > 1)
    }

    /// The picture of what stands around an entity.
    #[must_use]
    pub fn new(f: &Frame, around: &Around) -> Self {
        let numbers: HashMap<EntityId, usize> = around.nodes.iter().enumerate().map(|(n, (e, _))| (e.id, n)).collect();
        let ends = |e: &Edge| {
            let (a, b) = (*numbers.get(&e.one)?, *numbers.get(&e.other)?);
            // The end further in comes first.
            Some((a.min(b), a.max(b)))
        };
        let all: Vec<((usize, usize), &Edge)> =
            around.edges.iter().filter_map(|e| Some((ends(e)?, e))).filter(|((a, b), _)| a != b).collect();
        let drawn = strongest(&all);
        let nodes: Vec<Node> =
            around.nodes.iter().map(|(e, step)| Node { step: *step, group: e.kind as usize }).collect();
        let ties: Vec<(usize, usize)> = drawn.iter().map(|(ends, _)| *ends).collect();
        let spots = places(&nodes, &ties);
        let dots: Vec<Dot> = around.nodes.iter().zip(&spots).map(|(node, spot)| dot(node, spot)).collect();
        let mut table: Vec<Rows> = Vec::new();
        let mut lines = Vec::new();
        for (number, ((inner, outer), edge)) in drawn.iter().enumerate() {
            let (from, to) = (&dots[*inner], &dots[*outer]);
            let row = Row { number, other: from.entity.clone(), words: words(f, edge, true), days: days(&edge.days) };
            match table.last_mut().filter(|rows| rows.entity.id == to.entity.id) {
                Some(rows) => rows.ties.push(row),
                None => table.push(Rows { entity: to.entity.clone(), ties: vec![row] }),
            }
            lines.push(line(number, from, to, words(f, edge, false)));
        }
        let boxes = spots.iter().zip(&dots).map(|(spot, dot)| spot.name_box(width_of(&dot.name)));
        Self {
            frame: frame_of(boxes.chain(spots.iter().map(|s| [s.x - 8.0, s.y - 8.0, s.x + 8.0, s.y + 8.0]))),
            lines,
            table,
            left_out: around.left_out,
            latest_only: around.latest_only,
            lines_left_out: all.len() - drawn.len(),
            dots,
        }
    }
}

const fn whole(n: f64) -> i64 {
    n.round() as i64
}

fn dot((entity, step): &(Entity, usize), spot: &Spot) -> Dot {
    let (x, y) = spot.name_at();
    Dot {
        name: cut(&entity.name, spot.room),
        entity: entity.clone(),
        step: *step,
        x: whole(spot.x),
        y: whole(spot.y),
        name_x: whole(x),
        name_y: whole(y + 4.5),
        side: spot.side,
    }
}

/// The edges that are drawn, by their outer end: of each entity the strongest that leads inwards, then the strongest.
fn strongest<'a>(all: &[((usize, usize), &'a Edge)]) -> Vec<((usize, usize), &'a Edge)> {
    let weight = |e: &Edge| e.kinds.iter().map(|(_, n)| n).sum::<i64>();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| weight(all[*b].1).cmp(&weight(all[*a].1)).then(all[*a].0.cmp(&all[*b].0)));
    let mut led = std::collections::HashSet::new();
    let (inward, others): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|n| led.insert(all[*n].0.1));
    let mut kept: Vec<_> = inward.into_iter().chain(others).take(LINES).map(|n| all[n]).collect();
    kept.sort_by_key(|(ends, _)| (ends.1, ends.0));
    kept
}

/// `签约 2、到访`.
pub(crate) fn words(f: &Frame, edge: &Edge, counted: bool) -> String {
    let mut list: Vec<String> = edge
        .kinds
        .iter()
        .map(|(kind, n)| if counted { format!("{} {n}", f.word(kind)) } else { f.word(kind).to_owned() })
        .collect();
    list.sort();
    list.join(f.t("list-comma"))
}

/// The ties of one entity to another, taken together.
pub(crate) fn edge_of(from: EntityId, to: EntityId, ties: &[Tie]) -> Edge {
    let first = ties.iter().map(|t| &t.days[0]).filter(|day| !day.is_empty()).min();
    let last = ties.iter().map(|t| &t.days[1]).max();
    Edge {
        one: from.min(to),
        other: from.max(to),
        kinds: ties.iter().map(|t| (t.kind, t.facts)).collect(),
        days: [first, last].map(|day| day.cloned().unwrap_or_default()),
    }
}

/// `2023-05-09 ~ 2023-12-18`.
pub(crate) fn days(days: &[String; 2]) -> String {
    match days {
        [first, last] if first.is_empty() || first == last => last.clone(),
        [first, last] => format!("{first} ~ {last}"),
    }
}

/// Straight to another ring; within a ring bent inwards, so that it does not run over those between.
fn line(row: usize, from: &Dot, to: &Dot, words: String) -> Line {
    let (a, b, c, d) = (from.x, from.y, to.x, to.y);
    let middle = (i64::midpoint(a, c), i64::midpoint(b, d));
    if from.step != to.step {
        return Line { row, path: format!("M{a} {b}L{c} {d}"), words, x: middle.0, y: middle.1 };
    }
    let bend = (middle.0 * 6 / 10, middle.1 * 8 / 10);
    // From one side to the other it leads above or below the middle, to which it says nothing.
    let over = if a.signum() != c.signum() && bend.1.abs() < CLEAR { CLEAR } else { bend.1.abs() };
    let bend = (bend.0, if bend.1 > 0 { over } else { -over });
    let path = format!("M{a} {b}Q{} {} {c} {d}", bend.0, bend.1);
    Line { row, path, words, x: i64::midpoint(middle.0, bend.0), y: i64::midpoint(middle.1, bend.1) }
}

fn frame_of(boxes: impl Iterator<Item = [f64; 4]>) -> [i64; 4] {
    let mut out = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for [left, top, right, bottom] in boxes {
        out = [out[0].min(left), out[1].min(top), out[2].max(right), out[3].max(bottom)];
    }
    // The middle of the drawing stays in the middle, so that a narrow screen shows it first.
    let side = out[2].max(-out[0]) + MARGIN;
    [whole(-side), whole(out[1] - MARGIN), whole(2.0 * side), whole(out[3] - out[1] + 2.0 * MARGIN)]
}

#[cfg(test)]
mod tests;
