//! `/articles/files/{id}`: a file that articles came in, with what of it belongs to none.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::articles::{FileView, Passage, view_file};

use super::{draw, parse_id};
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/articles/files/{id}", show)
}

/// A piece of a file that belongs to no article.
pub(crate) struct Piece {
    /// The reader's word, a class of the page.
    pub(crate) kind: String,
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

impl Piece {
    pub(crate) fn new(f: &Frame, piece: Passage) -> Self {
        let text = piece.read.iter().map(|(_, c)| c).collect::<String>();
        Self { name: kind_of_piece(f, &piece.kind), text: text.trim().to_owned(), kind: piece.kind }
    }
}

#[derive(Template)]
#[template(path = "article_file.html")]
struct Page {
    f: Frame,
    view: FileView,
    apart: Vec<Piece>,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    let view = async { view_file(&visit.web.app, &visit.viewer(), parse_id(&id)?).await };
    match view.await {
        Ok(mut view) => {
            let f = visit.frame(&view.source.name);
            let pieces = std::mem::take(&mut view.apart.pieces);
            draw(&Page { apart: pieces.into_iter().map(|p| Piece::new(&f, p)).collect(), view, f })
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

/// What a piece that belongs to no article was taken for, in the reader's language.
fn kind_of_piece(f: &Frame, kind: &str) -> &'static str {
    match kind {
        "menu" => f.t("apart-menu"),
        "related" => f.t("apart-related"),
        "share" => f.t("apart-share"),
        "contact" => f.t("apart-contact"),
        "copyright" => f.t("apart-copyright"),
        "spam" => f.t("apart-spam"),
        "field" => f.t("apart-field"),
        _ => f.t("apart-note"),
    }
}
