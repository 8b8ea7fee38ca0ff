//! An invitation as its receiver sees it.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::accounts::{self, OpenInvitation};

use super::draw;
use super::entry::carry;
use crate::fields::Sent;
use crate::page::{Frame, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default().get("/invitation/{secret}", show).post("/invitation/{secret}", accept)
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct Page {
    f: Frame,
    open: OpenInvitation,
    action: String,
    sign_in: String,
    sign_up: String,
    /// Whether the reader has a role in the organization already.
    inside: bool,
}

async fn show(visit: Visit, Path(secret): Path<String>) -> Response {
    let open = match accounts::show_invitation(&visit.web.app, &secret).await {
        Ok(open) => open,
        Err(error) => return visit.fault(error).into_response(),
    };
    // The secret was found, so it is one of ours and needs no escaping.
    let here = format!("/invitation/{secret}");
    let mut f = visit.frame_of("invitation-title");
    f.noindex = true;
    let inside = f.viewer.role_in(open.organization.id).is_some();
    let (sign_in, sign_up) = (carry("/sign-in", &here), carry("/sign-up", &here));
    draw(&Page { f, open, action: here, sign_in, sign_up, inside })
}

async fn accept(Path(secret): Path<String>, Sent(visit, _): Sent) -> Response {
    match accounts::accept_invitation(&visit.web.app, &visit.viewer(), &secret).await {
        Ok(id) => {
            let response = Redirect::to(&format!("/parties/{id}")).into_response();
            with_flash(&visit.web, response, Tone::Done, "joined")
        }
        Err(error) => visit.fault(error).into_response(),
    }
}
