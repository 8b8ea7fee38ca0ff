//! The coach.

use keqiao_app::matching::coach;
use keqiao_domain::{Criterion, ListingContent, Side, Value};

use crate::house::House;

fn content(kind: &str, attributes: &[(&str, &str)]) -> ListingContent {
    ListingContent {
        kind: kind.into(),
        title: "车规碳化硅二极管".into(),
        body: "用于车载充电机。".into(),
        attributes: attributes.iter().map(|(id, v)| ((*id).to_owned(), Value::Text((*v).to_owned()))).collect(),
        ..ListingContent::default()
    }
}

#[tokio::test]
async fn a_price_is_a_price_under_whatever_name() {
    let house = House::new().await;
    let advice = async |content: &ListingContent| {
        let report = coach(&house.app, Side::Offer, content).await.unwrap();
        let found = report.criteria.into_iter().find(|c| c.criterion == Criterion::Feasibility).unwrap();
        (found.score, found.advice.contains(&"coach-give-price"))
    };
    let (bare, wanted) = advice(&content("chip", &[])).await;
    assert!(wanted);
    for (id, value) in [("price", "5 万元"), ("unit-price", "3 元")] {
        assert_eq!(advice(&content("chip", &[(id, value)])).await, (bare + 1, false), "{id}");
    }
    let both = [("unit-price", "3 元"), ("price", "5 万元"), ("turnaround", "5 天")];
    assert_eq!(advice(&content("chip", &both)).await, (bare + 2, false));
    // Neither a time in seconds nor one of which more is better says when it comes.
    let other = [("cycle-time", "5 s"), ("warranty", "24 月")];
    assert_eq!(advice(&content("chip", &other)).await, (bare, true));
    // Volunteers are asked for no price.
    assert!(!advice(&content("volunteer-service", &[])).await.1);
}
