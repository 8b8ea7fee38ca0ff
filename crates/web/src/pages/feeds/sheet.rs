//! `/facts.csv`: the facts of a timeline as a spreadsheet.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use keqiao_app::transfer::facts_sheet;
use keqiao_domain::Fact;

use super::fact_filter;
use crate::locale::Word;
use crate::page::FactLine;
use crate::visit::Visit;

/// `/facts.csv`
pub(super) async fn facts(visit: Visit) -> Response {
    let filter = match fact_filter(&visit) {
        Ok(filter) => filter,
        Err(error) => return visit.fault(error).into_response(),
    };
    let (app, locale) = (&visit.web.app, visit.preferences.locale);
    let say = |key: &str| locale.find(key).unwrap_or(key).to_owned();
    let tell = |fact: &Fact| {
        [locale.t(fact.kind.key()).to_owned(), FactLine::plain(locale, fact), locale.t(fact.status.key()).to_owned()]
    };
    match facts_sheet(app, &visit.viewer(), &filter, &say, &tell).await {
        Ok(bytes) => {
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8"),
                (CONTENT_DISPOSITION, "attachment; filename=\"keqiao-facts.csv\""),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => visit.fault(error).into_response(),
    }
}
