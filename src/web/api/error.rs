//! What a program is told when something does not go: a status, a word to decide by, a sentence to read.

use crate::account::throttle::Wait;
use crate::db::WriteError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a call was not answered. Each is one status and one word.
#[derive(Debug)]
pub enum ApiError {
    /// No key, or one that opens nothing.
    Unauthorized,
    /// Too many wrong keys from this network.
    TooMany(Wait),
    /// Not there, or not yours.
    NotFound,
    /// The path is right, the method is not.
    Method,
    /// The request cannot be understood; the sentence says what is wrong with it.
    Bad(String),
    /// Understood, and not possible as things stand: a word and a sentence.
    Conflict(&'static str, String),
    /// More bytes than a call may carry.
    TooLarge,
    /// The database cannot commit at the moment.
    Unavailable,
    /// Our fault; logged.
    Broken,
}

impl ApiError {
    fn parts(self) -> (StatusCode, &'static str, String) {
        let say = str::to_owned;
        match self {
            Self::Unauthorized => {
                (StatusCode::UNAUTHORIZED, "unauthorized", say("Send a key: Authorization: Bearer lb_…"))
            }
            Self::TooMany(wait) => {
                (StatusCode::TOO_MANY_REQUESTS, "too_many", format!("Too many wrong keys. Wait {} s.", wait.secs()))
            }
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found", say("There is no such thing here.")),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", say("Use another method here.")),
            Self::Bad(message) => (StatusCode::BAD_REQUEST, "bad_request", message),
            Self::Conflict(code, message) => (StatusCode::CONFLICT, code, message),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", say("At most 64 kB.")),
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", say("The database cannot store anything right now."))
            }
            Self::Broken => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", say("That did not work. Nothing was lost."))
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let retry_secs = match &self {
            Self::TooMany(wait) => Some(wait.secs()),
            Self::Unavailable => Some(5),
            _ => None,
        };
        let asks_for_key = matches!(self, Self::Unauthorized);
        let (status, code, message) = self.parts();
        let mut response = (status, Json(json!({"error": {"code": code, "message": message}}))).into_response();
        if let Some(secs) = retry_secs {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        if asks_for_key {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the database could not be read for the API");
        Self::Broken
    }
}

impl From<WriteError> for ApiError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Unavailable(_) => Self::Unavailable,
            WriteError::Refused(error) => {
                tracing::error!(%error, "the database refused a write of the API");
                Self::Broken
            }
        }
    }
}
