//! The desk: one's own listings, the matches that stand for them, notices.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::engagements::engagements_of_listing;
use keqiao_app::listings::{my_listings, renew, view_listing};
use keqiao_app::matching::standing_matches;
use keqiao_app::notices::{mark_all_read, my_notices};
use keqiao_app::parties::{my_parties, view_party};
use keqiao_app::{App, AppError};
use keqiao_domain::{
    Decision, Engagement, Listing, ListingId, ListingState, Notice, NoticeBody, NoticeId, Reason, Timestamp, Verdict,
    Viewer,
};

use super::draw;
use super::found::take_up;
use super::publish::id_of;
use super::trail::{after_of, cursor};
use crate::fields::{Fields, Sent};
use crate::page::{Card, Frame, ReasonRow, Tone, tally};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

/// Listings or notices on one page.
const PER_PAGE: usize = 20;
/// Standing matches on the page.
const MOST_MATCHES: usize = 50;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/desk", mine)
        .post("/desk/renew", renew_one)
        .get("/desk/matches", matches)
        .get("/desk/notices", notices)
        .post("/desk/notices", read_all)
}

/// A listing of one's own with what can be done about it.
struct Own {
    card: Card,
    id: ListingId,
    state: ListingState,
    version: i64,
    expires_at: Option<Timestamp>,
    /// Whether the viewer may write for its party.
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Desk {
    f: Frame,
    /// Address, state, whether it is the one that is shown.
    tabs: Vec<(String, Option<ListingState>, bool)>,
    drafts: Vec<Own>,
    others: Vec<Own>,
    next: String,
    /// Whether there is a party to publish for.
    has_party: bool,
}

fn own(viewer: &Viewer, listing: Listing) -> Own {
    let title = &listing.content.title;
    let href = match listing.state {
        ListingState::Draft => format!("/publish?listing={}", listing.id),
        _ => format!("/listings/{}", listing.id),
    };
    Own {
        card: Card {
            state: Some(listing.state),
            date: Some(listing.updated_at),
            demo: listing.demo,
            region: listing.content.region.clone(),
            ..Card::new(&href, listing.side, &listing.content.kind, title)
        },
        id: listing.id,
        state: listing.state,
        version: listing.version,
        expires_at: listing.expires_at,
        may_edit: viewer.may_edit_for(listing.party),
    }
}

async fn mine(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match mine_page(&visit, &query.unwrap_or_default()).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn mine_page(visit: &Visit, query: &str) -> Result<Response, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let fields = Fields::parse(query.as_bytes()).unwrap_or_default();
    let word = fields.get("state");
    let state = ListingState::ALL.into_iter().find(|s| s.as_str() == word);
    let after = after_of(query)?;
    let first = after.is_none();
    let page = my_listings(app, &viewer, None, state, after, PER_PAGE as i64).await?;
    let next = match page.last() {
        Some(last) if page.len() == PER_PAGE => {
            format!("/desk?state={}&after={}", state.map_or("", ListingState::as_str), cursor(last.updated_at, last.id))
        }
        _ => String::new(),
    };
    // Without a filter drafts stand first, above everything else.
    let apart = state.is_none();
    let drafts = if apart && first {
        my_listings(app, &viewer, None, Some(ListingState::Draft), None, PER_PAGE as i64).await?
    } else {
        Vec::new()
    };
    let shown: Vec<ListingId> = drafts.iter().map(|l| l.id).collect();
    let others = page.into_iter().filter(|l| !shown.contains(&l.id));
    let has_party = !my_parties(app, &viewer).await?.is_empty();
    let tab = |s: Option<ListingState>| {
        let address = s.map_or_else(|| "/desk".to_owned(), |s| format!("/desk?state={}", s.as_str()));
        (address, s, s == state)
    };
    Ok(draw(&Desk {
        f: visit.frame_of("nav-desk"),
        tabs: std::iter::once(None).chain(ListingState::ALL.map(Some)).map(tab).collect(),
        drafts: drafts.into_iter().map(|l| own(&viewer, l)).collect(),
        others: others.map(|l| own(&viewer, l)).collect(),
        next,
        has_party,
    }))
}

async fn renew_one(Sent(visit, fields): Sent) -> Response {
    let renewed = match id_of(fields.get("listing")) {
        Ok(id) => renew(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    match renewed {
        Ok(_) => with_flash(&visit.web, Redirect::to("/desk").into_response(), Tone::Done, "desk-renewed"),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// One of the viewer's listings with the matches that stand for it.
struct Standing {
    id: ListingId,
    title: String,
    found: Vec<Row>,
}

struct Row {
    card: Card,
    tally: Vec<(Verdict, usize)>,
    reasons: Vec<ReasonRow>,
    /// The way into an engagement: address and words.
    take_up: (String, String),
}

#[derive(Template)]
#[template(path = "desk_matches.html")]
struct Matches {
    f: Frame,
    standing: Vec<Standing>,
}

async fn matches(visit: Visit) -> Response {
    match matches_page(&visit).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn matches_page(visit: &Visit) -> Result<Response, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let rows = standing_matches(app, &viewer, MOST_MATCHES).await?;
    let f = visit.frame_of("desk-matches");
    let mut standing: Vec<Standing> = Vec::new();
    let mut known: Vec<Engagement> = Vec::new();
    for row in rows {
        let place = match standing.iter().position(|s| s.id == row.listing) {
            Some(place) => place,
            None => {
                let title = title_of(app, &viewer, &f, row.listing).await?;
                let side = row.counterpart.side.other();
                known.extend(engagements_of_listing(app, &viewer, side, row.listing).await?);
                standing.push(Standing { id: row.listing, title, found: Vec::new() });
                standing.len() - 1
            }
        };
        let other = row.counterpart;
        let party = view_party(app, &viewer, other.party).await?.party;
        let reasons: &[Reason] = &row.matched.reasons;
        standing[place].found.push(Row {
            card: Card {
                score: Some(row.matched.score),
                blocked: row.matched.blocked,
                snippet: other.content.summary.as_str().into(),
                party: party.name,
                verified: party.verified_at.is_some(),
                region: other.content.region.clone(),
                date: other.published_at,
                demo: other.demo,
                ..Card::new(&format!("/listings/{}", other.id), other.side, &other.content.kind, &other.content.title)
            },
            tally: tally(reasons),
            reasons: reasons.iter().map(|reason| ReasonRow::new(&f, reason)).collect(),
            take_up: take_up(&f, row.matched.need, row.matched.offer, &known),
        });
    }
    Ok(draw(&Matches { f, standing }))
}

/// A listing's title, or that it can no longer be seen.
async fn title_of(app: &App, viewer: &Viewer, f: &Frame, id: ListingId) -> Result<String, AppError> {
    match view_listing(app, viewer, id).await {
        Ok(view) => Ok(view.listing.content.title),
        Err(AppError::NotFound) => Ok(f.t("desk-gone").to_owned()),
        Err(error) => Err(error),
    }
}

/// A notice in words.
struct Told {
    text: String,
    href: String,
    at: Timestamp,
    unread: bool,
}

#[derive(Template)]
#[template(path = "desk_notices.html")]
struct Notices {
    f: Frame,
    told: Vec<Told>,
    next: String,
}

async fn notices(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match notices_page(&visit, &query.unwrap_or_default()).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn notices_page(visit: &Visit, query: &str) -> Result<Response, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let after = after_of::<NoticeId>(query)?;
    let page = my_notices(app, &viewer, after, PER_PAGE as i64).await?;
    let next = match page.last() {
        Some(last) if page.len() == PER_PAGE => format!("/desk/notices?after={}", cursor(last.created_at, last.id)),
        _ => String::new(),
    };
    let f = visit.frame_of("desk-notices");
    let mut told = Vec::new();
    for notice in page {
        told.push(tell(app, &viewer, &f, notice).await?);
    }
    Ok(draw(&Notices { f, told, next }))
}

async fn tell(app: &App, viewer: &Viewer, f: &Frame, notice: Notice) -> Result<Told, AppError> {
    let (text, href) = match notice.body {
        NoticeBody::MatchFound { listing, counterpart, score } => {
            let title = title_of(app, viewer, f, listing).await?;
            let other = title_of(app, viewer, f, counterpart).await?;
            let points = f.points(&score);
            let values: [(&'static str, &dyn std::fmt::Display); 3] =
                [("title", &title), ("other", &other), ("score", &points)];
            (f.locale.format("notice-match", &values), format!("/listings/{counterpart}"))
        }
        NoticeBody::Reviewed { listing, decision } => {
            let title = title_of(app, viewer, f, listing).await?;
            match decision {
                Decision::Publish => (f.t1("notice-published", "title", title), format!("/listings/{listing}")),
                Decision::Hold => (f.t1("notice-held", "title", title), format!("/publish/{listing}")),
                Decision::Reject => (f.t1("notice-rejected", "title", title), format!("/listings/{listing}")),
            }
        }
        NoticeBody::Expired { listing } => (
            f.t1("notice-expired", "title", title_of(app, viewer, f, listing).await?),
            "/desk?state=expired".to_owned(),
        ),
        NoticeBody::Verified { organization } => {
            let name = view_party(app, viewer, organization).await?.party.name;
            (f.t1("notice-verified", "name", name), format!("/parties/{organization}"))
        }
        NoticeBody::Joined { organization, name } => {
            let into = view_party(app, viewer, organization).await?.party.name;
            (f.t2("notice-joined", "name", name, "organization", into), format!("/organizations/{organization}/people"))
        }
        NoticeBody::Program { program, entry, title, news } => super::programs::notice(f, program, entry, &title, news),
        NoticeBody::Engagement { engagement, title, news } => {
            (f.t2("notice-engagement", "title", title, "news", f.word(news)), format!("/engagements/{engagement}"))
        }
        NoticeBody::Service { record, id, title, news } => {
            (f.t2("notice-engagement", "title", title, "news", f.word(news)), super::services::address(record, id))
        }
    };
    Ok(Told { text, href, at: notice.created_at, unread: notice.read_at.is_none() })
}

async fn read_all(Sent(visit, _): Sent) -> Response {
    match mark_all_read(&visit.web.app, &visit.viewer()).await {
        Ok(()) => with_flash(&visit.web, Redirect::to("/desk/notices").into_response(), Tone::Done, "desk-read"),
        Err(error) => visit.fault(error).into_response(),
    }
}
