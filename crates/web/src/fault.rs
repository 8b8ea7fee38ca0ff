//! A use case's refusal as a page. The API's form of the same stands in `api/problem.rs`.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_domain::ProgramRefusal;

use crate::label::known_label;
use crate::locale::Locale;
use crate::page::{ErrorPage, Frame};

/// The HTTP status of a refusal: the one table for pages and API.
pub(crate) const fn status_of(error: &AppError) -> StatusCode {
    match error {
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::SignInNeeded | AppError::WrongPassword => StatusCode::UNAUTHORIZED,
        AppError::NotAllowed => StatusCode::FORBIDDEN,
        AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::Stale { .. } => StatusCode::PRECONDITION_FAILED,
        AppError::Transition(_) | AppError::Refused(_) | AppError::Barred(_) | AppError::KeyReused => {
            StatusCode::CONFLICT
        }
        AppError::DeadLink => StatusCode::GONE,
        AppError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        AppError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A refusal with the frame of the page that tells it.
pub(crate) struct PageFault {
    status: StatusCode,
    code: &'static str,
    /// What exactly, in the reader's words; may be empty.
    detail: String,
    frame: Box<Frame>,
    request_id: String,
    sign_in: bool,
}

impl PageFault {
    pub(crate) fn new(error: AppError, frame: Frame, request_id: String) -> Self {
        if let AppError::Internal(why) | AppError::Unavailable(why) = &error {
            tracing::error!(%why, request_id, "a request failed");
        }
        let detail = match &error {
            AppError::Invalid(faults) => {
                let between = if frame.locale == Locale::Zh { "；" } else { "; " };
                faults.iter().map(|f| named_fault(&frame, f)).collect::<Vec<_>>().join(between)
            }
            AppError::TooLarge { limit } => format!("{} MiB", limit >> 20),
            AppError::Refused(refusal) => refusal_words(frame.locale, refusal),
            AppError::Barred(refusal) => barred_words(frame.locale, refusal),
            _ => String::new(),
        };
        Self {
            status: status_of(&error),
            code: error.code(),
            detail,
            sign_in: matches!(error, AppError::SignInNeeded),
            frame: Box::new(frame),
            request_id,
        }
    }

    /// A form whose token is old or missing.
    pub(crate) fn stale_form(frame: Frame, request_id: String) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: "stale-form",
            detail: String::new(),
            frame: Box::new(frame),
            request_id,
            sign_in: false,
        }
    }

    /// A fault that is no use case's: an unknown address, too many requests, a panic.
    pub(crate) fn plain(status: StatusCode, code: &'static str, frame: Frame, request_id: String) -> Self {
        Self { status, code, detail: String::new(), frame: Box::new(frame), request_id, sign_in: false }
    }
}

/// A fault with the name of its field, where a page has no place beside the field.
pub(crate) fn named_fault(frame: &Frame, fault: &keqiao_app::Fault) -> String {
    let text = fault_text(frame, fault);
    match (known_label(frame, &fault.field), frame.locale) {
        (None, _) => text,
        (Some(name), Locale::Zh) => format!("{name}：{text}"),
        (Some(name), Locale::En) => format!("{name}: {text}"),
    }
}

/// Why a step was refused, in the words of a language.
pub(crate) fn refusal_words(locale: Locale, refusal: &keqiao_domain::Refusal) -> String {
    locale.find(&format!("refusal-{}", refusal.code())).unwrap_or_default().to_owned()
}

/// Why a program does not allow something, in the words of a language.
pub(crate) fn barred_words(locale: Locale, refusal: &ProgramRefusal) -> String {
    let text = locale.find(&format!("program-refusal-{}", refusal.code())).unwrap_or_default();
    let detail = match refusal {
        ProgramRefusal::Window(from, to) => format!("{from} ~ {to}"),
        ProgramRefusal::Quorum(has, needs) => format!("{has}/{needs}"),
        ProgramRefusal::QuotaFull(n) | ProgramRefusal::Unfinished(n) => n.to_string(),
        ProgramRefusal::AppealsRun(day) => day.clone(),
        _ => return text.to_owned(),
    };
    if locale == Locale::Zh { format!("{text}（{detail}）") } else { format!("{text} ({detail})") }
}

/// A fault of a field in the reader's words.
pub(crate) fn fault_text(frame: &Frame, fault: &keqiao_app::Fault) -> String {
    fault_words(frame.locale, fault.code, &fault.detail)
}

/// A fault by its code, and what is wrong or the limit (empty: nothing to tell), in the words of a language.
#[must_use]
pub fn fault_words(locale: Locale, code: &str, detail: &str) -> String {
    let key = format!("fault-{code}");
    let text = locale.find(&key).unwrap_or(code);
    match locale {
        _ if detail.is_empty() => text.to_owned(),
        Locale::Zh => format!("{text}（{detail}）"),
        Locale::En => format!("{text} ({detail})"),
    }
}

impl IntoResponse for PageFault {
    fn into_response(self) -> Response {
        if self.sign_in {
            let next = percent_encoding::utf8_percent_encode(&self.frame.path, percent_encoding::NON_ALPHANUMERIC);
            return Redirect::to(&format!("/sign-in?next={next}")).into_response();
        }
        let mut frame = *self.frame;
        let say = |part: &str| {
            let key = format!("error-{}-{part}", self.code);
            frame.locale.find(&key).unwrap_or_default().to_owned()
        };
        let (title, what, kept, next) = (say("title"), say("what"), say("kept"), say("next"));
        let what = if self.detail.is_empty() { what } else { format!("{what} {}", self.detail) };
        let back = if frame.path == "/" { String::new() } else { frame.path.clone() };
        frame.title = title;
        frame.noindex = true;
        let page =
            ErrorPage { status: self.status.as_u16(), what, kept, next, back, request_id: self.request_id, f: frame };
        match page.render() {
            Ok(html) => (self.status, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(%error, "an error page could not be drawn");
                (self.status, self.code).into_response()
            }
        }
    }
}
