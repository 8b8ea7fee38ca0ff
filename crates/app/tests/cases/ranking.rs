//! What people do with matches, the weights learned from it, and trials.

use keqiao_app::AppError;
use keqiao_app::listings::{ReviewInput, SaveListing, review, save_listing, submit};
use keqiao_app::matching::match_listing;
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_app::ranking::{
    Look, begin_trial, end_trial, learn, learn_when_due, note_opened, refresh, use_weights, view_ranking, weights_from,
    write_feedback,
};
use keqiao_domain::{
    AccountId, Listing, ListingContent, ListingId, PlatformRole, RecordId, Showing, ShowingId, ShownMatch, Side, Team,
    Viewer, WeightUse, WeightVersion, WeightVersionId,
};
use keqiao_matching::learning::{FEATURES, NAMES};
use keqiao_matching::{WeightFault, WeightSet, Weights};
use keqiao_store::{StoreError, showings, weight_versions};

use crate::house::{House, chip};

struct Cast {
    house: House,
    operator: Viewer,
    seeker: Viewer,
    need: Listing,
}

async fn published(house: &House, operator: &Viewer, name: &str, side: Side, title: &str) -> (Viewer, Listing) {
    let account = house.account(name, None).await;
    let input = PartyInput { name: format!("{name}机构"), region: "320200".into(), ..PartyInput::default() };
    let party = create_organization(&house.app, &house.viewer(&account).await, input).await.unwrap().id;
    let viewer = house.viewer(&account).await;
    let content = ListingContent { title: title.into(), ..chip(title) };
    let draft = save_listing(&house.app, &viewer, SaveListing { edits: None, side, party, content }).await.unwrap();
    let sent = submit(&house.app, &viewer, draft.id).await.unwrap();
    let good = ReviewInput { version: sent.version, scores: [4; 4], comment: String::new() };
    (viewer, review(&house.app, operator, draft.id, good).await.unwrap().0)
}

async fn cast() -> Cast {
    let house = House::new().await;
    let operator = house.account("operator", Some(PlatformRole::Operator)).await;
    let operator = house.viewer(&operator).await;
    let (seeker, need) = published(&house, &operator, "seeker", Side::Need, "求购车规稳压器").await;
    for (name, title) in [("one", "车规稳压器"), ("two", "车规级稳压器芯片"), ("three", "低噪声稳压器")]
    {
        published(&house, &operator, name, Side::Offer, title).await;
    }
    house.settle().await;
    Cast { house, operator, seeker, need }
}

impl Cast {
    async fn look(&self) -> keqiao_app::matching::ListingMatches {
        let look = Look::by_person(10, 10);
        match_listing(&self.house.app, &self.seeker, self.need.id, look).await.unwrap()
    }

    /// Lists of which what meets the requirements was opened, and what only lies near was not.
    async fn told(&self, lists: usize) {
        let app = &self.house.app;
        let row = |listing: u128, strong: &str| {
            let mut features = vec![0.3; FEATURES];
            features[NAMES.iter().position(|n| *n == strong).unwrap()] = 1.0;
            ShownMatch { listing: ListingId(RecordId::from_u128(listing)), features, team: None }
        };
        let shown: Vec<Showing> = (0..lists)
            .map(|_| Showing {
                id: ShowingId::fresh(&*app.clock, &*app.entropy),
                asking: None,
                side: Side::Need,
                kind: "chip".into(),
                weights: None,
                trial: None,
                at: app.now(),
                rows: vec![row(1, "region"), row(2, "requirements")],
            })
            .collect();
        let work = app.store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                for one in &shown {
                    showings::insert(tx, one).await?;
                    showings::open(tx, one.id, ListingId(RecordId::from_u128(2)), one.at).await?;
                }
                Ok(())
            })
        });
        work.await.unwrap();
    }

    /// A version as it stands in the database, whatever it holds, in use.
    async fn force(&self, weights: &str) -> WeightVersionId {
        let app = &self.house.app;
        let id = WeightVersionId::fresh(&*app.clock, &*app.entropy);
        let (now, weights) = (app.now(), weights.to_owned());
        let work = app.store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let made_by = None::<AccountId>;
                let version = WeightVersion { id, made_at: now, made_by, weights, report: String::new() };
                weight_versions::insert(tx, &version).await?;
                weight_versions::begin_use(tx, &WeightUse { since: now, version: Some(id), by: None }).await
            })
        });
        work.await.unwrap();
        id
    }
}

#[tokio::test]
async fn what_is_shown_and_opened_is_written_beside_the_request() {
    let cast = cast().await;
    let app = &cast.house.app;
    let matches = cast.look().await;
    let (showing, first) = (matches.showing.unwrap(), matches.found[0].id);
    note_opened(app, &cast.seeker, showing, first);
    note_opened(app, &Viewer::visitor(), showing, matches.found[1].id);
    let kept = async || showings::latest(&mut app.store.reader().await.unwrap(), 9).await.unwrap();
    assert_eq!(kept().await, [], "nothing is written while it is served");
    assert_eq!(write_feedback(app).await.unwrap(), 2);
    let (list, opened) = kept().await.pop().unwrap();
    assert_eq!((list.id, list.asking, list.kind.as_str()), (showing, Some(cast.need.id), "chip"));
    assert_eq!(
        list.rows.iter().map(|r| r.listing).collect::<Vec<_>>(),
        matches.found.iter().map(|f| f.id).collect::<Vec<_>>()
    );
    assert!(
        list.rows.iter().all(|r| r.features.len() == FEATURES && r.features.iter().all(|x| (0.0..=1.0).contains(x)))
    );
    assert_eq!(opened, [first]);
    // Neither a visitor's lists nor a program's are remembered.
    for (viewer, look) in [(Viewer::visitor(), Look::by_person(5, 5)), (cast.seeker.clone(), Look::quick(5))] {
        assert_eq!(match_listing(app, &viewer, cast.need.id, look).await.unwrap().showing, None);
    }
    assert_eq!(write_feedback(app).await.unwrap(), 0);
    // However much is done, what waits to be written is bounded.
    for _ in 0..5_000 {
        note_opened(app, &cast.seeker, showing, first);
    }
    assert_eq!(write_feedback(app).await.unwrap(), 4_096);
}

#[tokio::test]
async fn weights_are_learned_used_and_taken_back() {
    let cast = cast().await;
    let app = &cast.house.app;
    let nothing = learn(app, None).await.unwrap();
    assert!(nothing.version.is_none() && nothing.kinds.is_empty());
    cast.told(60).await;
    let learned = learn_when_due(app, "node").await.unwrap().unwrap();
    assert_eq!(learn_when_due(app, "node").await.unwrap(), None, "once a day");
    let kinds: Vec<(&str, usize)> = learned.kinds.iter().map(|k| (k.kind.as_str(), k.lists)).collect();
    assert_eq!(kinds, [("", 60), ("chip", 60)]);
    let [before, after] = learned.kinds[0].weights["requirements"];
    assert!(after > before && learned.kinds[0].loss[1] < learned.kinds[0].loss[0], "{learned:?}");
    // It changes nothing until an operator says so.
    assert_eq!(*app.weights.get(), WeightSet::default());
    let version = learned.version;
    assert!(matches!(use_weights(app, &cast.seeker, version).await, Err(AppError::NotAllowed)));
    assert!(matches!(use_weights(app, &Viewer::visitor(), version).await, Err(AppError::SignInNeeded)));
    use_weights(app, &cast.operator, version).await.unwrap();
    assert!(app.weights.get().of("chip").requirements > Weights::default().requirements);
    assert!(!cast.look().await.found.is_empty());
    let view = view_ranking(app, &cast.operator).await.unwrap();
    assert_eq!((view.version, view.before, view.kinds.len()), (version, Some(None), 1));
    // The way back, and forth again.
    use_weights(app, &cast.operator, None).await.unwrap();
    assert_eq!(*app.weights.get(), WeightSet::default());
    assert_eq!(view_ranking(app, &cast.operator).await.unwrap().before, Some(version));
}

#[tokio::test]
async fn weights_that_cannot_be_used_are_refused_and_the_last_good_ones_kept() {
    let cast = cast().await;
    let app = &cast.house.app;
    let good = WeightSet { all: Weights { region: 30.0, ..Weights::default() }, ..WeightSet::default() };
    let kept = weights_from(app, None, &good.to_json().unwrap()).await.unwrap();
    use_weights(app, &cast.operator, Some(kept)).await.unwrap();
    for poison in ["", "NaN", "{\"all\":{\"terms\":1e999}}", "{\"all\":{\"terms\":-3}}", "{\"all\":{\"relevant\":0}}"] {
        assert!(matches!(weights_from(app, None, poison).await, Err(AppError::Invalid(_))), "{poison}");
        let bad = cast.force(poison).await;
        refresh(app).await.unwrap();
        assert_eq!(*app.weights.get(), good, "{poison}");
        let view = view_ranking(app, &cast.operator).await.unwrap();
        assert_eq!(view.refused.map(|(id, _)| id), Some(bad));
        assert_eq!(view.version, Some(kept));
        assert!(view.versions.iter().any(|v| v.version.id == bad && v.fault.is_some()));
        assert!(matches!(use_weights(app, &cast.operator, Some(bad)).await, Err(AppError::Invalid(_))));
    }
    let missing = WeightVersionId(RecordId::from_u128(7));
    assert!(matches!(use_weights(app, &cast.operator, Some(missing)).await, Err(AppError::NotFound)));
    assert_eq!(WeightSet::parse("null").unwrap_err().to_string().split(':').next(), Some("not a set of weights"));
    assert!(matches!(WeightSet::parse("[]"), Err(WeightFault::Unreadable(_))));
    // A node that starts anew finds the good ones too.
    app.weights.set(std::sync::Arc::default());
    refresh(app).await.unwrap();
    assert_eq!(*app.weights.get(), good);
}

#[tokio::test]
async fn a_trial_draws_two_rankings_into_one() {
    let cast = cast().await;
    let app = &cast.house.app;
    let other = WeightSet { all: Weights { terms: 1.0, text: 90.0, ..Weights::default() }, ..WeightSet::default() };
    let other = weights_from(app, None, &other.to_json().unwrap()).await.unwrap();
    assert!(matches!(begin_trial(app, &cast.operator, None, None).await, Err(AppError::Invalid(_))));
    begin_trial(app, &cast.operator, None, Some(other)).await.unwrap();
    for _ in 0..12 {
        let matches = cast.look().await;
        let first = matches.found[0].id;
        note_opened(app, &cast.seeker, matches.showing.unwrap(), first);
        let mut seen: Vec<ListingId> = matches.found.iter().map(|f| f.id).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), matches.found.len(), "each stands there once");
    }
    write_feedback(app).await.unwrap();
    let kept = showings::latest(&mut app.store.reader().await.unwrap(), 99).await.unwrap();
    let began = |team| kept.iter().filter(|(s, _)| s.rows[0].team == Some(team)).count() as u64;
    assert_eq!(began(Team::One) + began(Team::Other), 12);
    let view = view_ranking(app, &cast.operator).await.unwrap();
    let trial = &view.trials[0];
    assert_eq!((trial.lists, trial.wins), (12, [began(Team::One), began(Team::Other), 0]));
    let (share, (low, high)) = trial.share;
    assert!(low <= share && share <= high && low >= 0.0 && high <= 1.0);
    assert_eq!(view.figures, [], "what was drawn of two tells of neither");
    end_trial(app, &cast.operator).await.unwrap();
    let _ = cast.look().await;
    write_feedback(app).await.unwrap();
    let figures = view_ranking(app, &cast.operator).await.unwrap().figures;
    assert_eq!(figures.iter().map(|f| (f.version, f.lists)).collect::<Vec<_>>(), [(None, 1)]);
}
