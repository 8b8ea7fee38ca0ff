//! Opening an engagement: from a match, or by hand.

use futures::FutureExt;
use keqiao_domain::{
    Act, Attributes, Engagement, EngagementId, Entry, Listing, ListingId, ListingState, PartyId, PlatformRole,
    ProgramId, Role, Side, Step, Subject, Timestamp, Viewer, Workflow, Zone,
};
use keqiao_store::{Conn, engagements, listings, parties};

use super::record::Recorder;
use super::{DEFAULT_WORKFLOW, workflow_of};
use crate::idempotency::{self, OnceKey};
use crate::{App, AppError, Fault};

/// Most characters of a title and of what is said with a step.
const TITLE: usize = 200;
pub(super) const NOTE: usize = 2_000;

/// What is to be taken up. Of each side either the listing or the party is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenInput {
    /// The need.
    pub need: Option<ListingId>,
    /// The offer.
    pub offer: Option<ListingId>,
    /// Who needs, where there is no listing.
    pub need_party: Option<PartyId>,
    /// Who offers, where there is no listing.
    pub offer_party: Option<PartyId>,
    /// The program in which the two met.
    pub program: Option<ProgramId>,
    /// One line; empty: the title of the need or the offer.
    pub title: String,
    /// What is said to the other side.
    pub note: String,
}

/// Opens an engagement; one that a need and an offer are in already is given as it is.
///
/// # Errors
/// `SignInNeeded`; `NotFound` when a listing is not published; `NotAllowed` but for people of one of the parties,
/// brokers and operators; `Invalid`, also when too many requests wait for the other side, or of the own one, and for
/// some days after one was withdrawn before the other side had answered.
pub async fn open_engagement(
    app: &App,
    viewer: &Viewer,
    input: OpenInput,
    key: Option<OnceKey>,
) -> Result<Engagement, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if let Some(kept) = idempotency::kept(app, account, key.as_ref()).await? {
        return Ok(kept);
    }
    let mut db = app.store.reader().await?;
    let subject = subject(app, &mut db, &input).await?;
    let role = role_of(viewer, &subject).ok_or(AppError::NotAllowed)?;
    drop(db);
    let (recorder, bounds) = (Recorder::of(app), Bounds::of(app));
    let (id, now) = (recorder.fresh(EngagementId::fresh), app.now());
    let (viewer, note) = (viewer.clone(), input.note.trim().replace("\r\n", "\n"));
    idempotency::once(app, account, key, move |tx| {
        async move {
            let workflow = workflow_of(&recorder.catalog, &subject.workflow)?;
            if let (Some(need), Some(offer)) = (subject.need, subject.offer) {
                let before = engagements::of_pair(tx, need, offer).await?;
                if let Some(open) = before.into_iter().find(|e| !workflow.is_final(&e.state.stage)) {
                    return if viewer.sees_engagement(&open) { Ok(open) } else { Err(taken()) };
                }
            }
            bounds.check(tx, workflow, &subject, role, now).await?;
            let (act, content, files) = (Act::Confirm, Attributes::new(), Vec::new());
            let entry = Entry { act, actor: Some(account), role, at: now, content, note, files };
            let step = Step::opening(workflow, id, subject.clone(), entry);
            recorder.open(tx, &step, subject).await
        }
        .boxed()
    })
    .await
}

/// How much one may ask of others.
struct Bounds {
    for_party: i64,
    by_party: i64,
    pause_days: i64,
    zone: Zone,
}

impl Bounds {
    fn of(app: &App) -> Self {
        let settings = &app.settings;
        Self {
            for_party: settings.open_requests_per_party,
            by_party: settings.open_requests_by_party,
            pause_days: settings.withdrawal_pause_days,
            zone: settings.zone.clone(),
        }
    }

    /// Refuses what asks too much. Who opens for neither side is bound by what the sides can answer alone.
    async fn check(
        &self,
        tx: &mut Conn,
        workflow: &Workflow,
        subject: &Subject,
        role: Role,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let own = role.side();
        for side in [Side::Need, Side::Offer].into_iter().filter(|s| own != Some(*s)) {
            if engagements::waiting_for(tx, subject.party(side), &workflow.start).await? >= self.for_party {
                return Err(AppError::invalid("party", "party-busy"));
            }
        }
        let Some(own) = own else { return Ok(()) };
        if engagements::waiting_from(tx, subject.party(own), &workflow.start).await? >= self.by_party {
            return Err(AppError::invalid("party", "too-many-open"));
        }
        // To ask, take it back and ask again would put one notice after the other on the same desks.
        let last = engagements::latest_between(tx, subject.need_party, subject.offer_party, role).await?;
        let withdrawn = last.map(|e| e.state).filter(|s| {
            let answered = if own == Side::Need { s.answered.offer } else { s.answered.need };
            workflow.is_final(&s.stage) && answered.is_none()
        });
        if withdrawn.is_some_and(|s| now < self.zone.days_after(s.since, self.pause_days)) {
            return Err(AppError::invalid("party", "party-paused"));
        }
        Ok(())
    }
}

/// Somebody else looks after the two already.
fn taken() -> AppError {
    AppError::invalid("need", "engaged")
}

async fn published(db: &mut Conn, id: Option<ListingId>, side: Side) -> Result<Option<Listing>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let found = listings::find(db, id).await?.filter(|l| l.state == ListingState::Published && l.side == side);
    found.map(Some).ok_or(AppError::NotFound)
}

async fn subject(app: &App, db: &mut Conn, input: &OpenInput) -> Result<Subject, AppError> {
    let need = published(db, input.need, Side::Need).await?;
    let offer = published(db, input.offer, Side::Offer).await?;
    let need_party = need.as_ref().map(|l| l.party).or(input.need_party);
    let offer_party = offer.as_ref().map(|l| l.party).or(input.offer_party);
    let mut faults = Vec::new();
    let mut demo = true;
    for (field, party) in [("need", need_party), ("offer", offer_party)] {
        let Some(id) = party else {
            faults.push(Fault::new(field, "required"));
            continue;
        };
        match parties::find(db, id).await? {
            None => faults.push(Fault::new(field, "unknown-party")),
            Some(party) => demo &= party.demo,
        }
    }
    if need_party.is_some() && need_party == offer_party {
        faults.push(Fault::new("offer", "same-party"));
    }
    let either = need.as_ref().or(offer.as_ref());
    let mut title = input.title.trim().to_owned();
    if title.is_empty() {
        title = either.map(|l| l.content.title.clone()).unwrap_or_default();
    }
    if title.is_empty() {
        faults.push(Fault::new("title", "required"));
    } else if title.chars().count() > TITLE {
        faults.push(Fault::with("title", "too-long", TITLE));
    }
    if input.note.chars().count() > NOTE {
        faults.push(Fault::with("note", "too-long", NOTE));
    }
    let (Some(need_party), Some(offer_party), true) = (need_party, offer_party, faults.is_empty()) else {
        return Err(AppError::Invalid(faults));
    };
    let own = |l: &Option<Listing>| l.as_ref().and_then(|l| l.content.region.clone());
    let region = match own(&need).or_else(|| own(&offer)) {
        Some(region) => Some(region),
        None => parties::find(db, need_party).await?.and_then(|p| p.region),
    };
    Ok(Subject {
        workflow: DEFAULT_WORKFLOW.to_owned(),
        title,
        need: need.as_ref().map(|l| l.id),
        offer: offer.as_ref().map(|l| l.id),
        need_party,
        offer_party,
        kind: either.map(|l| l.content.kind.clone()).unwrap_or_default(),
        region,
        program: input.program.map(|p| p.to_string()),
        month: app.settings.zone.month(app.now()),
        demo: demo || either.is_some_and(|l| l.demo),
    })
}

/// In which capacity a viewer opens an engagement.
fn role_of(viewer: &Viewer, subject: &Subject) -> Option<Role> {
    if viewer.may_edit_for(subject.need_party) {
        Some(Role::Need)
    } else if viewer.may_edit_for(subject.offer_party) {
        Some(Role::Offer)
    } else if viewer.platform == Some(PlatformRole::Broker) {
        Some(Role::Broker)
    } else {
        viewer.is_operator().then_some(Role::Operator)
    }
}

/// The engagements in which a listing stands that the viewer may see, the latest first.
///
/// # Errors
/// When the store fails.
pub async fn engagements_of_listing(
    app: &App,
    viewer: &Viewer,
    side: Side,
    listing: ListingId,
) -> Result<Vec<Engagement>, AppError> {
    if !viewer.is_member() {
        return Ok(Vec::new());
    }
    let mut db = app.store.reader().await?;
    let mut found = engagements::of_listing(&mut db, side, listing, 50).await?;
    found.retain(|e| viewer.sees_engagement(e));
    Ok(found)
}
