//! A refusal as `application/problem+json` (RFC 9457). Its page stands in `fault.rs`.

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use keqiao_app::{AppError, Fault};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::fault::{fault_words, status_of};
use crate::locale::{Locale, Preferences};
use crate::visit::request_id;

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldFault {
    /// The field's name, `attributes.purity`; of a query or header its name.
    field: String,
    /// Stable code, `too-long`.
    #[schema(value_type = String)]
    code: &'static str,
    /// The same in words.
    detail: String,
}

/// Why a request was refused. Nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// `urn:keqiao:problem:<code>`.
    #[serde(rename = "type")]
    about: String,
    /// The refusal in a few words.
    title: &'static str,
    /// HTTP status.
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// Stable code, `not-found`.
    code: &'static str,
    /// What is wrong with each field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FieldFault>,
    /// The record as it is now, when somebody else wrote in between.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    current: Option<Value>,
    /// What was sent and not saved, when somebody else wrote in between.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    yours: Option<Value>,
    /// The request's id, to be told to the operator.
    request_id: String,
}

/// A problem as a handler gives it up.
#[derive(Debug)]
pub(crate) struct Refusal(Box<Problem>);

/// In which words a problem is told, and of which request.
#[derive(Debug, Clone)]
pub(crate) struct Teller {
    locale: Locale,
    request_id: String,
}

impl Teller {
    /// From a request's head. Without `Accept-Language` problems are told in Chinese.
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let preferences = Preferences::read(uri.query().unwrap_or_default(), headers);
        Self { locale: preferences.locale, request_id: request_id(headers) }
    }

    fn words(&self, code: &str, part: &str) -> &'static str {
        self.locale.find(&format!("error-{code}-{part}")).unwrap_or_default()
    }

    /// A refusal that is no use case's.
    pub(crate) fn plain(&self, status: StatusCode, code: &'static str) -> Refusal {
        self.with(status, code, String::new(), &[])
    }

    /// A refusal with what exactly is wrong.
    pub(crate) fn with(&self, status: StatusCode, code: &'static str, more: String, faults: &[Fault]) -> Refusal {
        let parts = [self.words(code, "what"), &more, self.words(code, "next")];
        let said: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        let faults = faults.iter().map(|f| FieldFault {
            field: f.field.clone(),
            code: f.code,
            detail: fault_words(self.locale, f.code, &f.detail),
        });
        Refusal(Box::new(Problem {
            about: format!("urn:keqiao:problem:{code}"),
            title: self.locale.find(&format!("error-{code}-title")).unwrap_or(code),
            status: status.as_u16(),
            detail: said.join(" "),
            code,
            faults: faults.collect(),
            current: None,
            yours: None,
            request_id: self.request_id.clone(),
        }))
    }

    /// A use case's refusal.
    pub(crate) fn refuse(&self, error: &AppError) -> Refusal {
        let (status, code) = (status_of(error), error.code());
        match error {
            AppError::Internal(why) | AppError::Unavailable(why) => {
                tracing::error!(%why, request_id = self.request_id, "a request failed");
                self.plain(status, code)
            }
            AppError::Invalid(faults) => self.with(status, code, String::new(), faults),
            AppError::TooLarge { limit } => self.with(status, code, format!("{limit} B"), &[]),
            AppError::Refused(why) => self.with(status, code, crate::fault::refusal_words(self.locale, why), &[]),
            AppError::Barred(why) => self.with(status, code, crate::fault::barred_words(self.locale, why), &[]),
            AppError::Transition(why) => self.with(status, code, why.to_string(), &[]),
            _ => self.plain(status, code),
        }
    }
}

impl Refusal {
    /// Both versions, of a lost update that was refused.
    pub(crate) fn between(mut self, current: Value, yours: Value) -> Self {
        (self.0.current, self.0.yours) = (Some(current), Some(yours));
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let Ok(body) = serde_json::to_vec(&self.0) else { return status.into_response() };
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
