//! Whether every record is what was written: chains, files' bytes, and all that follows from the steps.

use std::collections::HashMap;
use std::fmt;

use keqiao_domain::{Deed, EngagementAnnex, EngagementId, State, Step, tallies, verify_chain};
use keqiao_store::Conn;
use keqiao_store::engagements::{self, Raw, agrees, files, steps, talk};
use keqiao_store::kept::{self, Asked};

use crate::{App, AppError, BlobError};

/// Engagements looked at at once.
const PAGE: i64 = 200;

/// One thing that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngagementFault {
    /// The engagement; `None`: the counts of all.
    pub engagement: Option<EngagementId>,
    /// The step.
    pub step: Option<i64>,
    /// The file's name.
    pub file: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for EngagementFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.engagement {
            Some(id) => write!(f, "engagement {id}")?,
            None => f.write_str("engagements")?,
        }
        if let Some(step) = self.step {
            write!(f, ", step {step}")?;
        }
        if let Some(file) = &self.file {
            write!(f, ", file {file}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Checks all engagements; `progress` hears how many so far. Gives what is wrong, and how many steps were read.
///
/// # Errors
/// When the store cannot be asked.
pub async fn verify_engagements(
    app: &App,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<(Vec<EngagementFault>, i64), AppError> {
    let mut db = app.store.reader().await?;
    let mut checked = Checked::default();
    let mut after = None;
    let mut seen = 0;
    loop {
        let page = engagements::page_raw(&mut db, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen += page.len();
        for raw in &page {
            checked.engagement(app, &mut db, raw).await?;
        }
        progress(seen);
    }
    if steps::count(&mut db).await? != checked.steps {
        checked.fault(None, None, "there are steps that belong to no engagement");
    }
    for (key, n, seconds) in engagements::tallies::all(&mut db).await? {
        if checked.counted.remove(&key).unwrap_or_default() != (n, seconds) {
            checked.fault(None, None, &format!("the count {} is not what the steps say", key.replace('\t', "/")));
        }
    }
    let missing: Vec<String> = checked.counted.iter().filter(|(_, n)| **n != (0, 0)).map(|(k, _)| k.clone()).collect();
    for key in missing {
        checked.fault(None, None, &format!("the count {} is missing", key.replace('\t', "/")));
    }
    Ok((checked.faults, checked.steps))
}

/// What was found so far.
#[derive(Default)]
struct Checked {
    faults: Vec<EngagementFault>,
    steps: i64,
    counted: HashMap<String, (i64, i64)>,
}

impl Checked {
    fn fault(&mut self, engagement: Option<EngagementId>, step: Option<i64>, what: &str) {
        self.faults.push(EngagementFault { engagement, step, file: None, what: what.to_owned() });
    }

    async fn engagement(&mut self, app: &App, db: &mut Conn, raw: &Raw) -> Result<(), AppError> {
        let kept = steps::of_engagement(db, raw.id).await?;
        self.steps += i64::try_from(kept.len()).unwrap_or(i64::MAX);
        let (chain, state) = match verify_chain(raw.id, &kept) {
            Ok(read) => read,
            Err(fault) => {
                use keqiao_domain::ChainFault::{Altered, Broken, Misplaced, Missing, Unreadable};
                let (Altered(step) | Broken(step) | Misplaced(step) | Missing(step) | Unreadable(step, _)) = &fault;
                self.fault(Some(raw.id), Some(*step), &fault.to_string());
                return Ok(());
            }
        };
        let subject = chain.first().and_then(|s| s.subject.as_ref());
        if !agrees(raw, &state) || raw.engagement.as_ref().map(|e| &e.subject) != subject {
            self.fault(Some(raw.id), None, "how it stands is not what its steps come to");
        }
        self.files(app, db, raw.id, &chain).await?;
        self.ratings(db, raw.id, &chain).await?;
        self.annexes(app, db, raw.id, &chain).await?;
        let mut before: Option<State> = None;
        for step in &chain {
            let after = match before.take() {
                None => State::opened(step).unwrap_or_else(|| state.clone()),
                Some(earlier) => {
                    let after = earlier.clone().after(step);
                    before = Some(earlier);
                    after
                }
            };
            for tally in tallies(before.as_ref(), &after) {
                let Some(subject) = subject else { continue };
                for key in engagements::tallies::keys(subject, &tally)? {
                    let sum = self.counted.entry(key).or_default();
                    *sum = (sum.0 + tally.count, sum.1 + tally.seconds);
                }
            }
            before = Some(after);
        }
        Ok(())
    }

    async fn files(&mut self, app: &App, db: &mut Conn, id: EngagementId, chain: &[Step]) -> Result<(), AppError> {
        let mut kept = files::of_engagement(db, id).await?;
        for (step, proof) in chain.iter().flat_map(|s| s.files.iter().map(move |f| (s.ordinal, f))) {
            let mut fault = |what: &str| {
                self.faults.push(EngagementFault {
                    engagement: Some(id),
                    step: Some(step),
                    file: Some(proof.name.clone()),
                    what: what.to_owned(),
                });
            };
            let Some(place) = kept.iter().position(|f| f.id == proof.id) else {
                fault("it is missing");
                continue;
            };
            let file = kept.swap_remove(place);
            let said = (file.step, &file.name, file.size, &file.sha256);
            if said != (Some(step), &proof.name, proof.size, &proof.sha256) {
                fault("what is said of it is not what was recorded");
            }
            match app.blobs.digest(&file.blob).await {
                Ok(sha256) if sha256 == proof.sha256 => {}
                Ok(_) => fault("its bytes are not those that were attached"),
                Err(BlobError::Missing) => fault("its bytes are missing"),
                Err(other) => return Err(other.into()),
            }
        }
        if let Some(file) = kept.iter().find(|f| f.step.is_some()) {
            self.fault(Some(id), file.step, &format!("the step does not name the file {}", file.name));
        }
        Ok(())
    }

    async fn ratings(&mut self, db: &mut Conn, id: EngagementId, chain: &[Step]) -> Result<(), AppError> {
        let subject = chain.first().and_then(|s| s.subject.as_ref());
        let said = chain.iter().filter(|s| s.deed == Deed::Rated).filter_map(|s| {
            let side = s.role.side()?;
            Some((side, subject?.party(side.other()), s.score?, s.ordinal))
        });
        if talk::ratings_in(db, id).await? != said.collect::<Vec<_>>() {
            self.fault(Some(id), None, "its ratings are not those of its steps");
        }
        Ok(())
    }
}

impl Checked {
    /// What was shared, and on which terms, is what those steps bear the hashes of.
    async fn annexes(&mut self, app: &App, db: &mut Conn, id: EngagementId, chain: &[Step]) -> Result<(), AppError> {
        let of_annexes = |s: &&Step| matches!(s.deed, Deed::AnnexShared | Deed::AnnexAccepted);
        if !chain.iter().any(|s| of_annexes(&s)) {
            return Ok(());
        }
        let asked = Asked::first(i64::from(u16::MAX)).with("engagement_id", id.0);
        let kept: Vec<EngagementAnnex> = kept::list(db, asked).await?;
        for step in chain.iter().filter(of_annexes) {
            let Some(annex) = kept.iter().find(|a| a.proof() == step.content && a.title == step.note) else {
                self.fault(Some(id), Some(step.ordinal), "the annex is not the one that was shared");
                continue;
            };
            let Some(file) = annex.file.as_ref().filter(|_| step.deed == Deed::AnnexShared) else { continue };
            let what = match app.blobs.digest(&file.blob).await {
                Ok(sha256) if sha256 == file.sha256 => continue,
                Ok(_) => "its bytes are not those that were shared",
                Err(BlobError::Missing) => "its bytes are missing",
                Err(other) => return Err(other.into()),
            };
            self.faults.push(EngagementFault {
                engagement: Some(id),
                step: Some(step.ordinal),
                file: Some(file.name.clone()),
                what: what.to_owned(),
            });
        }
        Ok(())
    }
}
