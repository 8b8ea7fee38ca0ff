//! `/admin/ranking`: how the ranking does, which weights are used, and trials of two of them.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::ranking::{
    LearnedKind, RankingView, TrialView, VersionView, begin_trial, end_trial, learn, use_weights, view_ranking,
};
use keqiao_domain::WeightVersionId;
use keqiao_matching::WeightFault;

use super::draw;
use super::form::with_status;
use crate::fault::status_of;
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

const PATH: &str = "/admin/ranking";

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/admin/ranking", show)
        .post("/admin/ranking/use", choose)
        .post("/admin/ranking/learn", learn_now)
        .post("/admin/ranking/trial", start)
        .post("/admin/ranking/trial/end", stop)
}

/// What a form has for the built-in weights.
const BUILT_IN: &str = "built-in";

#[derive(Template)]
#[template(path = "ranking.html")]
struct Page {
    f: Frame,
    view: RankingView,
    /// Versions that can be chosen: value, name.
    choices: Vec<(String, String)>,
    /// Of each rank what was opened there, for each version: share, and how many of how many.
    ranks: Vec<(usize, Vec<(String, String)>)>,
    problem: String,
}

impl Page {
    fn name_of(&self, version: &Option<WeightVersionId>) -> String {
        name_of(&self.f, &self.view, *version)
    }
    fn name_of_version(&self, version: &WeightVersionId) -> String {
        name_of(&self.f, &self.view, Some(*version))
    }
    fn value_of(&self, version: &Option<WeightVersionId>) -> String {
        value_of(*version)
    }
    fn is_used(&self, version: &VersionView) -> bool {
        self.view.version == Some(version.version.id)
    }
    fn kind_name<'a>(&'a self, kind: &'a str) -> &'a str {
        if kind.is_empty() { self.f.t("ranking-all-kinds") } else { self.f.kind(kind) }
    }
    fn part_name(&self, part: &str) -> &'static str {
        self.f.t(part_key(part))
    }
    fn fault_text(&self, fault: &WeightFault) -> String {
        fault_text(&self.f, fault)
    }
    fn losses(&self, kind: &LearnedKind) -> String {
        let [before, after] = kind.loss.map(|loss| format!("{loss:.4}"));
        self.f.t2("ranking-losses", "before", before, "after", after)
    }
    fn interval(&self, trial: &TrialView) -> String {
        let (share, (low, high)) = trial.share;
        let parts = [percent(share), percent(low), percent(high)];
        self.f.locale.format("ranking-interval", &[("share", &parts[0]), ("low", &parts[1]), ("high", &parts[2])])
    }
    /// What a trial says so far.
    fn verdict(&self, trial: &TrialView) -> &'static str {
        let (_, (low, high)) = trial.share;
        self.f.t(match () {
            () if low > 0.5 => "ranking-other-better",
            () if high < 0.5 => "ranking-one-better",
            () => "ranking-undecided",
        })
    }
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

fn value_of(version: Option<WeightVersionId>) -> String {
    version.map_or_else(|| BUILT_IN.to_owned(), |id| id.to_string())
}

/// A version by the day it was made and the end of its id.
fn name_of(f: &Frame, view: &RankingView, version: Option<WeightVersionId>) -> String {
    let Some(id) = version else { return f.t("ranking-built-in").to_owned() };
    let text = id.to_string();
    let end = &text[text.len() - 4..];
    match view.versions.iter().find(|v| v.version.id == id) {
        Some(known) => format!("{} · {end}", f.date(&known.version.made_at)),
        None => end.to_owned(),
    }
}

/// The message that names a part of the score.
fn part_key(part: &str) -> &'static str {
    match part {
        "terms" => "reason-terms",
        "requirements" => "ranking-requirements",
        "kind" => "ranking-kind",
        "region" => "ranking-region",
        "industry" => "ranking-industry",
        "verified" => "ranking-verified",
        "attachments" => "ranking-attachments",
        "words" => "channel-words",
        "pairs" => "channel-pairs",
        "characters" => "channel-characters",
        "meaning" => "channel-meaning",
        "feedback" => "channel-feedback",
        "votes" => "ranking-votes",
        _ => "ranking-asked",
    }
}

fn fault_text(f: &Frame, fault: &WeightFault) -> String {
    match fault {
        WeightFault::Missing => f.t("ranking-fault-missing").to_owned(),
        WeightFault::Unreadable(why) => f.t1("ranking-fault-unreadable", "why", why),
        WeightFault::OutOfBounds(what) => f.t1("ranking-fault-bounds", "what", what),
    }
}

async fn show(visit: Visit) -> Response {
    match page(&visit, String::new()).await {
        Ok(page) => draw(&page),
        Err(error) => refused(&visit, error),
    }
}

async fn page(visit: &Visit, problem: String) -> Result<Page, AppError> {
    let view = view_ranking(&visit.web.app, &visit.viewer()).await?;
    let f = Frame { noindex: true, ..visit.frame_of("ranking-title") };
    let usable = view.versions.iter().filter(|v| v.fault.is_none()).map(|v| Some(v.version.id));
    let choices = std::iter::once(None).chain(usable).map(|id| (value_of(id), name_of(&f, &view, id)));
    let ranks = (0..view.figures.first().map_or(0, |one| one.ranks.len())).map(|at| {
        let cell = |(all, hits): (usize, usize)| match all {
            0 => ("–".to_owned(), String::new()),
            all => (percent(hits as f64 / all as f64), format!("{hits}/{all}")),
        };
        (at + 1, view.figures.iter().map(|one| cell(one.ranks[at])).collect())
    });
    Ok(Page { choices: choices.collect(), ranks: ranks.collect(), f, view, problem })
}

fn refused(visit: &Visit, error: AppError) -> Response {
    let error = match error {
        AppError::NotAllowed if visit.signed_in.is_none() => AppError::SignInNeeded,
        other => other,
    };
    visit.fault(error).into_response()
}

/// The version that a field names.
fn chosen(fields: &Fields, name: &'static str) -> Result<Option<WeightVersionId>, AppError> {
    match fields.get(name) {
        BUILT_IN => Ok(None),
        text => text.parse().map(Some).map_err(|_| AppError::invalid(name, "unknown-choice")),
    }
}

/// Back to the page with a message, or the page with what was wrong.
async fn done(visit: &Visit, result: Result<(), AppError>, key: &str) -> Response {
    match result {
        Ok(()) => with_flash(&visit.web, Redirect::to(PATH).into_response(), Tone::Done, key),
        Err(AppError::Invalid(faults)) => {
            let status = status_of(&AppError::Invalid(Vec::new()));
            let f = visit.frame("");
            let said: Vec<String> = faults.iter().map(|fault| crate::fault::fault_text(&f, fault)).collect();
            match page(visit, said.join(" ")).await {
                Ok(page) => with_status(status, &page),
                Err(error) => refused(visit, error),
            }
        }
        Err(error) => refused(visit, error),
    }
}

async fn choose(Sent(visit, fields): Sent) -> Response {
    let result = async { use_weights(&visit.web.app, &visit.viewer(), chosen(&fields, "version")?).await };
    let result = result.await;
    done(&visit, result, "ranking-used").await
}

async fn learn_now(Sent(visit, _): Sent) -> Response {
    let viewer = visit.viewer();
    let result = async {
        // Whoever may not see the page may not begin it either.
        view_ranking(&visit.web.app, &viewer).await?;
        learn(&visit.web.app, viewer.account).await
    };
    let (result, key) = match result.await {
        Ok(learned) if learned.version.is_some() => (Ok(()), "ranking-learned"),
        Ok(_) => (Ok(()), "ranking-too-little"),
        Err(error) => (Err(error), ""),
    };
    done(&visit, result, key).await
}

async fn start(Sent(visit, fields): Sent) -> Response {
    let result = async {
        let (one, other) = (chosen(&fields, "one")?, chosen(&fields, "other")?);
        begin_trial(&visit.web.app, &visit.viewer(), one, other).await
    };
    let result = result.await;
    done(&visit, result, "ranking-trial-begun").await
}

async fn stop(Sent(visit, _): Sent) -> Response {
    let result = end_trial(&visit.web.app, &visit.viewer()).await;
    done(&visit, result, "ranking-trial-ended").await
}
