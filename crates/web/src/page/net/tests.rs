use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use keqiao_domain::FactKind;
use proptest::prelude::*;

use super::*;
use crate::locale::{Locale, Preferences};

static CATALOG: LazyLock<Arc<keqiao_catalog::Catalog>> = LazyLock::new(|| Arc::new(keqiao_catalog::builtin().unwrap()));

fn frame() -> Frame {
    Frame::new(Preferences { locale: Locale::Zh, theme: None }, "/graph", "", CATALOG.clone())
}

fn id(n: usize) -> EntityId {
    format!("019a2f60-0000-7000-8000-{n:012}").parse().unwrap()
}

fn entity(n: usize) -> Entity {
    let kind = EntityKind::ALL[n % EntityKind::ALL.len()];
    Entity { id: id(n), kind, name: format!("第{n}研究所有限公司"), qualifier: String::new() }
}

/// Any entities with any ties among them.
fn arounds() -> impl Strategy<Value = Around> {
    (1usize..25, 0usize..37).prop_flat_map(|(first, second)| {
        let count = 1 + first + second;
        let tie = (0..count, 0..count, 0usize..15, 1i64..9);
        prop::collection::vec(tie, 0..220).prop_map(move |ties| {
            let nodes = (0..count).map(|n| (entity(n), usize::from(n > 0) + usize::from(n > first))).collect();
            let mut seen = BTreeSet::new();
            let ties = ties.into_iter().filter(|(a, b, ..)| a != b && seen.insert((*a.min(b), *a.max(b))));
            let edges = ties.map(|(a, b, kind, n)| Edge {
                one: id(a.min(b)),
                other: id(a.max(b)),
                kinds: vec![(FactKind::ALL[kind], n)],
                days: ["2024-01-02".into(), "2024-03-04".into()],
            });
            Around { nodes, edges: edges.collect(), left_out: 0, latest_only: None }
        })
    })
}

proptest! {
    #[test]
    fn every_line_stands_in_the_table(around in arounds()) {
        let net = Net::new(&frame(), &around);
        let rows: Vec<&Row> = net.table.iter().flat_map(|rows| &rows.ties).collect();
        prop_assert_eq!(rows.len(), net.lines.len());
        prop_assert_eq!(net.lines.len() + net.lines_left_out, around.edges.len());
        for (line, row) in net.lines.iter().zip(&rows) {
            prop_assert_eq!(line.row, row.number);
            prop_assert!(row.words.starts_with(&line.words));
        }
        // Each entity has its rows in one place.
        let heads: BTreeSet<EntityId> = net.table.iter().map(|rows| rows.entity.id).collect();
        prop_assert_eq!(heads.len(), net.table.len());
        prop_assert_eq!(&Net::new(&frame(), &around), &net);
    }
}

#[test]
fn a_line_names_both_ends() {
    let edge = Edge { one: id(0), other: id(1), kinds: vec![(FactKind::Signed, 2)], days: Default::default() };
    let around =
        Around { nodes: vec![(entity(0), 0), (entity(1), 1)], edges: vec![edge], left_out: 3, latest_only: None };
    let net = Net::new(&frame(), &around);
    assert_eq!(net.table[0].entity, entity(1));
    assert_eq!(net.table[0].ties[0].other, entity(0));
    assert!(net.table[0].ties[0].words.ends_with(" 2") && net.left_out == 3);
    let [x, y, width, height] = net.frame;
    for dot in &net.dots {
        assert!(dot.x > x && dot.x < x + width && dot.y > y && dot.y < y + height);
    }
}
