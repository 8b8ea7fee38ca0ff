//! `/api/v1/articles`: list, read, and bring a file in.

use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use keqiao_app::articles::{
    ArticleFilter, IncomingFile, IngestOptions, Ingested, PortionWanted, article_text, articles_of_file, ingest_files,
    list_articles, view_article,
};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{ArticleId, Audience, EntityId, SourceId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, json, record, sent};
use super::article::{ArticleBody, TextBody};
use super::caller::{Caller, Id};
use super::input::Asked;
use super::news::{ArticleHeadBody, ByDay, checked, place};
use super::problem::{Problem, Refusal};

/// Which articles.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ArticleFilters {
    /// Words of the headline.
    q: Option<String>,
    /// That name this entity.
    #[param(value_type = Option<uuid::Uuid>)]
    entity: Option<EntityId>,
    /// Published on this day or later, `YYYY-MM-DD`.
    from: Option<String>,
    /// Published on this day or earlier, `YYYY-MM-DD`.
    to: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
}

/// One page of articles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArticlePage {
    /// The articles.
    items: Vec<ArticleHeadBody>,
    /// `after` of the next page; none: this is the last.
    next: Option<String>,
}

/// Articles that the caller may see, the last published first.
#[utoipa::path(get, path = "/api/v1/articles", tag = "articles", params(ArticleFilters), responses(
    (status = 200, body = ArticlePage),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(caller: Caller, Asked(filters): Asked<ArticleFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let mut faults = Vec::new();
    let ByDay { from, to, after } = ByDay::read(filters.from, filters.to, filters.after.as_deref(), &mut faults);
    let filter = ArticleFilter { from, to, words: filters.q.filter(|q| !q.trim().is_empty()), entity: filters.entity };
    checked(faults).map_err(refuse)?;
    let found = list_articles(caller.app(), &caller.viewer, &filter, after).await.map_err(refuse)?;
    let next = found.next.map(|(day, id)| place(day, id));
    json(&caller, &ArticlePage { items: found.rows.into_iter().map(ArticleHeadBody::from).collect(), next })
}

/// Which portion of an article, or which range of its text.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PortionFilters {
    /// Of an article: the portion that holds this character of its file. Of a text: from this of its characters on.
    from: Option<u32>,
    /// About so many characters, from 1000 to 50000; else 10000.
    limit: Option<u32>,
}

impl PortionFilters {
    fn read(&self) -> Result<PortionWanted, AppError> {
        let usual = PortionWanted::default();
        let wanted =
            PortionWanted { holding: self.from.unwrap_or(usual.holding), chars: self.limit.unwrap_or(usual.chars) };
        let sizes = PortionWanted::SIZES;
        if sizes.contains(&wanted.chars) {
            return Ok(wanted);
        }
        let known = format!("{}–{}", sizes.start(), sizes.end());
        Err(AppError::Invalid(vec![Fault::with("limit", "out-of-range", known)]))
    }
}

/// One article: what it names and says, and for those who may read it its text. Of a long article one portion; `next`
/// is where the next one begins.
#[utoipa::path(get, path = "/api/v1/articles/{id}", tag = "articles",
    params(("id" = uuid::Uuid, Path), PortionFilters), responses(
    (status = 200, body = ArticleBody, headers(("etag" = String))),
    (status = 304, description = "As the caller has it"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(
    caller: Caller,
    Id(id): Id<ArticleId>,
    Asked(filters): Asked<PortionFilters>,
    headers: HeaderMap,
) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let wanted = filters.read().map_err(refuse)?;
    let view = view_article(caller.app(), &caller.viewer, id, wanted).await.map_err(refuse)?;
    let body = ArticleBody::from(view);
    record(&caller, &headers, StatusCode::OK, body.version(), &body)
}

/// The text of an article, cleaned: a range of its characters, for those who may read it.
#[utoipa::path(get, path = "/api/v1/articles/{id}/text", tag = "articles",
    params(("id" = uuid::Uuid, Path), PortionFilters), responses(
    (status = 200, body = TextBody),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn text(caller: Caller, Id(id): Id<ArticleId>, Asked(filters): Asked<PortionFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let PortionWanted { holding, chars } = filters.read().map_err(refuse)?;
    let range = article_text(caller.app(), &caller.viewer, id, holding as usize, chars as usize);
    json(&caller, &TextBody::from(range.await.map_err(refuse)?))
}

/// How a file comes in.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileOptions {
    /// The file's name, where its bytes are the body; its end tells HTML and Markdown from plain text.
    name: Option<String>,
    /// Who may know of its articles and facts: `public` (else), `member` or `operator`.
    readers: Option<String>,
    /// Who may read its text: `public`, `member` (else) or `operator`.
    text_readers: Option<String>,
}

impl FileOptions {
    fn readers(&self) -> Result<IngestOptions, AppError> {
        let mut faults = Vec::new();
        let mut audience = |field: &str, text: &Option<String>, usual: Audience| match text.as_deref() {
            None => usual,
            Some("public") => Audience::Public,
            Some("member") => Audience::Member,
            Some("operator") => Audience::Operator,
            Some(other) => {
                faults.push(Fault::with(field, "unknown-choice", other.chars().take(40).collect::<String>()));
                usual
            }
        };
        let usual = IngestOptions::default();
        let options = IngestOptions {
            readers: audience("readers", &self.readers, usual.readers),
            text_readers: audience("text_readers", &self.text_readers, usual.text_readers),
            demo: false,
        };
        checked(faults).map(|()| options)
    }
}

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IngestedBody {
    /// The file.
    #[schema(value_type = uuid::Uuid)]
    source: SourceId,
    /// Its articles in their order; none: it holds no story.
    #[schema(value_type = Vec<uuid::Uuid>)]
    articles: Vec<ArticleId>,
    /// Facts read from them, of a file that is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<usize>,
}

/// Brings a file in: text, HTML or Markdown, as the body or as the one file of a form. The same bytes are kept once:
/// sent again, they give what was kept then.
#[utoipa::path(post, path = "/api/v1/articles", tag = "articles", params(FileOptions),
    request_body(content((Vec<u8> = "application/octet-stream"), (Vec<u8> = "text/plain"), (Vec<u8> = "text/html"),
        (Vec<u8> = "multipart/form-data"))),
    responses(
    (status = 200, description = "The same bytes came before", body = IngestedBody),
    (status = 201, body = IngestedBody, headers(("location" = String))),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "For operators only", body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
), security(("token" = [])))]
pub(crate) async fn create(caller: Caller, Asked(asked): Asked<FileOptions>, request: Request) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    caller.viewer.account.ok_or(AppError::SignInNeeded).map_err(refuse)?;
    // Before the file is read: it can be large.
    if !caller.viewer.is_operator() {
        return Err(refuse(AppError::NotAllowed));
    }
    let options = asked.readers().map_err(refuse)?;
    let file = incoming(&caller, asked.name, request).await?;
    let kept = ingest_files(caller.app(), &caller.viewer, vec![file], options).await.map_err(refuse)?;
    let nothing = || AppError::Internal("a file came in and nothing became of it".into());
    match kept.into_iter().next().unwrap_or_else(|| Err(nothing())).map_err(refuse)? {
        Ingested::New { source, articles, facts } => {
            let place = articles.first().map(|id| format!("/api/v1/articles/{id}"));
            let body = IngestedBody { source, articles, facts: Some(facts) };
            sent(&caller, StatusCode::CREATED, place.as_deref(), &body)
        }
        Ingested::Known { source } => {
            let articles = articles_of_file(caller.app(), &caller.viewer, source).await.map_err(refuse)?;
            json(&caller, &IngestedBody { source, articles, facts: None })
        }
    }
}

/// The parameter `charset` of a media type.
fn charset(media_type: &str) -> Option<String> {
    let parameters = media_type.split(';').skip(1).filter_map(|p| p.split_once('='));
    let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    charsets.next().map(|(_, value)| value.trim().trim_matches('"').to_owned()).filter(|c| !c.is_empty())
}

/// The name of a file that came without one.
fn usual_name(media_type: &str) -> String {
    if media_type.trim_start().to_ascii_lowercase().starts_with("text/html") { "article.html" } else { "article.txt" }
        .to_owned()
}

async fn incoming(caller: &Caller, name: Option<String>, request: Request) -> Result<IncomingFile, Refusal> {
    let limit = caller.app().settings.import_limit_bytes;
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let media_type = media_type.to_owned();
    if media_type.to_ascii_lowercase().starts_with("multipart/form-data") {
        return from_form(caller, request, limit).await;
    }
    let largest = usize::try_from(limit).unwrap_or(usize::MAX);
    let body = Limited::new(request.into_body(), largest).collect().await;
    let bytes = body.map_err(|error| {
        let too_large = error.is::<http_body_util::LengthLimitError>();
        caller.refuse(if too_large { AppError::TooLarge { limit } } else { AppError::invalid("file", "upload-cut") })
    })?;
    let name = name.filter(|n| !n.trim().is_empty()).unwrap_or_else(|| usual_name(&media_type));
    let bytes = bytes.to_bytes().to_vec();
    Ok(IncomingFile { name: last_part(&name), bytes, declared: charset(&media_type) })
}

/// A path's last part.
fn last_part(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

/// The first file of a form.
async fn from_form(caller: &Caller, request: Request, limit: u64) -> Result<IncomingFile, Refusal> {
    let cut = || caller.refuse(AppError::invalid("file", "upload-cut"));
    let mut form = Multipart::from_request(request, &caller.web).await.map_err(|_| cut())?;
    while let Some(mut field) = form.next_field().await.map_err(|_| cut())? {
        let Some(name) = field.file_name().map(last_part) else { continue };
        let media_type = field.content_type().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(|_| cut())? {
            bytes.extend_from_slice(&piece);
            if bytes.len() as u64 > limit {
                return Err(caller.refuse(AppError::TooLarge { limit }));
            }
        }
        let name = if name.is_empty() { usual_name(&media_type) } else { name };
        return Ok(IncomingFile { name, bytes, declared: charset(&media_type) });
    }
    Err(caller.refuse(AppError::invalid("file", "required")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_tells_charset_and_name() {
        assert_eq!(charset("text/html; Charset=\"GB18030\"").as_deref(), Some("GB18030"));
        assert_eq!(charset("text/html; boundary=x;charset="), None);
        assert_eq!(usual_name("Text/HTML;charset=utf-8"), "article.html");
        assert_eq!(usual_name(""), "article.txt");
        assert_eq!(last_part("../../a\\b.txt"), "b.txt");
    }
}
