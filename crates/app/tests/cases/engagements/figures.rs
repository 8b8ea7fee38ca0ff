//! Figures and the lists behind them, also after the workflow was changed.

use std::sync::Arc;

use keqiao_app::engagements::{
    Doing, FigureFilter, OpenInput, Whose, behind_figure, board, figures, open_engagement, post_message,
};
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_domain::{EngagementNews, LocalName, Stage, Workflow};

use super::{Cast, cast};

/// Changes the workflow as an operator changes the catalog.
fn change(cast: &mut Cast, how: impl FnOnce(&mut Workflow)) {
    let app = Arc::get_mut(&mut cast.house.app).unwrap();
    how(Arc::make_mut(&mut app.catalog).workflows.get_mut("default").unwrap());
}

async fn behind(cast: &Cast, filter: FigureFilter) -> i64 {
    let (rows, more) = behind_figure(&cast.house.app, &cast.operator, &filter, None).await.unwrap();
    assert_eq!(more, None);
    rows.len() as i64
}

/// Each figure is what is behind it; how many stand in a stage, for each that is shown.
async fn compared(cast: &Cast, all: FigureFilter) -> Vec<(String, i64)> {
    let told = figures(&cast.house.app, &cast.operator, &all).await.unwrap();
    let mut standing = Vec::new();
    for funnel in &told.funnel {
        let reached = FigureFilter { reached: Some(funnel.stage.id.clone()), ..all.clone() };
        assert_eq!(behind(cast, reached).await, funnel.reached, "reached {}", funnel.stage.id);
        assert!(funnel.conversion.is_none_or(|c| c <= 1.0), "{funnel:?}");
        standing.push((funnel.stage.id.clone(), funnel.standing));
    }
    standing.extend(told.aside.iter().map(|(stage, n)| (stage.id.clone(), *n)));
    for (stage, figure) in &standing {
        let stands = FigureFilter { stage: Some(stage.clone()), ..all.clone() };
        assert_eq!(behind(cast, stands).await, *figure, "standing in {stage}");
    }
    assert_eq!(standing.iter().map(|(_, n)| n).sum::<i64>(), told.opened());
    standing.retain(|(_, n)| *n > 0);
    standing
}

#[tokio::test]
async fn a_figure_is_what_is_behind_it_also_when_the_workflow_has_changed_since() {
    let mut cast = cast().await;
    for title in ["一", "二", "三"] {
        let opened = cast.open(title).await.unwrap();
        if title != "三" {
            cast.step(&cast.offer.1, &opened, Doing::Confirm).await.unwrap();
        }
    }
    let expected = [("introduced", 1), ("talks", 2)].map(|(s, n)| (s.to_owned(), n));
    assert_eq!(compared(&cast, FigureFilter::default()).await, expected);
    // Who came to talk before there were samples to try has not reached the new stage, and has come no less far.
    change(&mut cast, |workflow| {
        let name = LocalName { zh: "送样".into(), en: "Samples".into() };
        let new = Stage { id: "samples".into(), name, ..workflow.stages[0].clone() };
        workflow.stages.insert(1, new);
    });
    assert_eq!(compared(&cast, FigureFilter::default()).await, expected);
    let later = cast.open("四").await.unwrap();
    cast.step(&cast.offer.1, &later, Doing::Confirm).await.unwrap();
    let told = figures(&cast.house.app, &cast.operator, &FigureFilter::default()).await.unwrap();
    let reached: Vec<_> = told.funnel.iter().take(3).map(|f| (f.stage.id.as_str(), f.reached)).collect();
    assert_eq!(reached, [("introduced", 4), ("samples", 1), ("talks", 3)]);
    let expected = [("introduced", 1), ("talks", 3)].map(|(s, n)| (s.to_owned(), n));
    assert_eq!(compared(&cast, FigureFilter::default()).await, expected);
    // A stage that is there no longer goes by its id: nobody who stands in it is lost to the eye.
    change(&mut cast, |workflow| workflow.stages.retain(|s| s.id != "talks"));
    assert_eq!(compared(&cast, FigureFilter::default()).await, expected);
    let shown = board(&cast.house.app, &cast.operator, Whose::All).await.unwrap();
    let last = shown.columns.last().unwrap();
    assert_eq!((last.stage.id.as_str(), last.count, last.rows.len()), ("talks", 3, 3));
}

#[tokio::test]
async fn figures_of_a_party_are_what_its_own_steps_come_to() {
    let cast = cast().await;
    let app = &cast.house.app;
    let account = cast.house.account("third", None).await;
    let input = PartyInput { name: "第三机构".into(), region: "510100".into(), ..PartyInput::default() };
    let third = create_organization(app, &cast.house.viewer(&account).await, input).await.unwrap().id;
    for (title, offer) in [("一", cast.offer.0), ("二", cast.offer.0), ("三", third)] {
        let (need_party, offer_party) = (Some(cast.need.0), Some(offer));
        let input = OpenInput { need_party, offer_party, title: title.into(), ..OpenInput::default() };
        let opened = open_engagement(app, &cast.need.1, input, None).await.unwrap();
        if title == "二" {
            cast.house.clock.advance_seconds(7_200);
            let price = Doing::Move { id: "decline".into(), reason: Some("price".into()) };
            cast.step(&cast.offer.1, &opened, price).await.unwrap();
        }
    }
    let of = |party| FigureFilter { party: Some(party), ..FigureFilter::default() };
    // Whoever stands in all of them has the figures of all of them, time in stage and reasons included.
    let all = figures(app, &cast.operator, &FigureFilter::default()).await.unwrap();
    assert_eq!(figures(app, &cast.operator, &of(cast.need.0)).await.unwrap(), all);
    assert_eq!(all.funnel[0].average_seconds, Some(7_200));
    let standing = compared(&cast, of(cast.offer.0)).await;
    assert_eq!(standing, [("introduced".to_owned(), 1), ("declined".to_owned(), 1)]);
    let elsewhere = FigureFilter { region: Some("510000".into()), ..of(third) };
    assert_eq!(figures(app, &cast.operator, &elsewhere).await.unwrap().opened(), 0, "it is where the need is");
    let there = FigureFilter { region: Some("320000".into()), ..of(third) };
    assert_eq!(compared(&cast, there).await, [("introduced".to_owned(), 1)]);
}

#[tokio::test]
async fn who_is_named_in_a_message_is_told_so_and_not_twice() {
    let cast = cast().await;
    let app = &cast.house.app;
    let opened = cast.open("一").await.unwrap();
    post_message(app, &cast.need.1, opened.id, "@offer 请看一下图纸").await.unwrap();
    let told = async |news| cast.told(&cast.offer.1, news).await;
    assert_eq!((told(EngagementNews::Mentioned).await, told(EngagementNews::Message).await), (1, 0));
    post_message(app, &cast.need.1, opened.id, "图纸在附件里").await.unwrap();
    assert_eq!((told(EngagementNews::Mentioned).await, told(EngagementNews::Message).await), (1, 1));
}
