//! What is done with a fact: it is confirmed, rejected, amended; it becomes a draft or an agreement.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::agreements::open_agreement;
use keqiao_app::graph::{CorrectionInput, FactDraft, correct_fact, draft_from_fact, view_fact};
use keqiao_domain::{FactId, Judgement, ListingState};

use super::fact::refused;
use super::parse_id;
use crate::fields::{Fields, Sent};
use crate::page::Tone;
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .post("/facts/{id}/confirm", confirm)
        .post("/facts/{id}/amend", amend)
        .post("/facts/{id}/reject", reject)
        .post("/facts/{id}/draft", draft)
        .post("/facts/{id}/agreement", agreement)
}

async fn confirm(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    judge(&visit, &id, &fields, Judgement::Confirmed).await
}

async fn amend(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    judge(&visit, &id, &fields, Judgement::Amended).await
}

async fn reject(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    judge(&visit, &id, &fields, Judgement::Rejected).await
}

async fn judge(visit: &Visit, id: &str, fields: &Fields, judgement: Judgement) -> Response {
    let result = async {
        let (app, viewer) = (&visit.web.app, visit.viewer());
        let fact: FactId = parse_id(id)?;
        // Read before, since what is rejected has no page any more.
        let article = view_fact(app, &viewer, fact).await?.article.id;
        let args = fields.all("role").into_iter().zip(fields.all("words"));
        let args = args.map(|(role, words)| (role.to_owned(), words.to_owned())).collect();
        correct_fact(app, &viewer, fact, CorrectionInput { judgement, args, day: fields.get("day").to_owned() })
            .await?;
        Ok(match judgement {
            Judgement::Rejected => format!("/articles/{article}"),
            Judgement::Confirmed | Judgement::Amended => format!("/facts/{id}"),
        })
    };
    match result.await {
        Ok(next) => {
            let said = match judgement {
                Judgement::Confirmed => "fact-confirmed",
                Judgement::Amended => "fact-amended",
                Judgement::Rejected => "fact-rejected",
            };
            with_flash(&visit.web, Redirect::to(&next).into_response(), Tone::Done, said)
        }
        Err(error) => refused(visit, id, fields, error).await,
    }
}

async fn draft(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let result = async {
        let party = match fields.filled("party") {
            Some(party) => Some(party.parse().map_err(|_| AppError::invalid("party", "unknown-party"))?),
            None => None,
        };
        draft_from_fact(&visit.web.app, &visit.viewer(), parse_id(&id)?, party).await
    };
    match result.await {
        Ok(FactDraft { listing, is_new }) => {
            let writes = visit.viewer().may_edit_for(listing.party) && listing.state == ListingState::Draft;
            let next = if writes { format!("/publish/{}", listing.id) } else { format!("/listings/{}", listing.id) };
            let said = if is_new { "fact-drafted" } else { "fact-drafted-before" };
            with_flash(&visit.web, Redirect::to(&next).into_response(), Tone::Done, said)
        }
        Err(error) => refused(&visit, &id, &fields, error).await,
    }
}

async fn agreement(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let result = match parse_id::<FactId>(&id) {
        Ok(fact) => open_agreement(&visit.web.app, &visit.viewer(), fact).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(agreement) => Redirect::to(&format!("/agreements/{}", agreement.id)).into_response(),
        Err(error) => refused(&visit, &id, &fields, error).await,
    }
}
