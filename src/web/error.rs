//! What a visitor sees when a page fails: a reference and a way on, never the cause. The cause is logged here, once.

use super::views::public;
use crate::base::ids::new_token;
use crate::base::random::Random;
use crate::db::WriteError;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::fmt;

/// How many characters of a token make a reference that one can read out.
const REFERENCE: usize = 8;

/// A page that cannot be shown.
#[derive(Debug)]
pub enum PageError {
    /// There is no such thing, or it is somebody else's: the same answer.
    NotFound,
    /// What was sent makes no sense; the words say what would.
    Bad(&'static str),
    /// It failed, and `again` is the page from which to try again; empty for the page that was asked for.
    Failed {
        /// What went wrong, for the log.
        cause: anyhow::Error,
        /// Whether trying again soon may help.
        soon: bool,
        /// An address of ours.
        again: String,
    },
}

impl PageError {
    /// The same, with the page from which to try again.
    pub fn back_to(mut self, page: impl Into<String>) -> Self {
        if let PageError::Failed { again, .. } = &mut self {
            *again = page.into();
        }
        self
    }

    fn of(cause: anyhow::Error, soon: bool) -> Self {
        PageError::Failed { cause, soon, again: String::new() }
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PageError::NotFound => f.write_str("not found"),
            PageError::Bad(words) => f.write_str(words),
            PageError::Failed { cause, .. } => write!(f, "{cause:#}"),
        }
    }
}

impl From<sqlx::Error> for PageError {
    fn from(cause: sqlx::Error) -> Self {
        PageError::of(cause.into(), false)
    }
}

impl From<WriteError> for PageError {
    fn from(cause: WriteError) -> Self {
        let soon = matches!(cause, WriteError::Unavailable(_));
        PageError::of(cause.into(), soon)
    }
}

impl From<askama::Error> for PageError {
    fn from(cause: askama::Error) -> Self {
        PageError::of(cause.into(), false)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::NotFound => message(StatusCode::NOT_FOUND, &public::not_found()),
            PageError::Bad(words) => {
                let page = public::Message {
                    shop: String::new(),
                    title: "That did not work.".to_owned(),
                    texts: vec![words.to_owned()],
                    links: vec![("/".to_owned(), "Today".to_owned())],
                };
                message(StatusCode::BAD_REQUEST, &page)
            }
            PageError::Failed { cause, soon, again } => {
                let reference: String = new_token(&Random::system()).chars().take(REFERENCE).collect();
                tracing::error!(reference, cause = %format!("{cause:#}"), "a page failed");
                let status = if soon { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
                let mut answer = message(status, &public::failed(&reference, &again));
                if soon {
                    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
                }
                answer
            }
        }
    }
}

/// A page that nobody may keep: it shows people's data, or what is true only now.
pub fn page(view: &impl Template) -> Result<Response, PageError> {
    Ok(fresh(StatusCode::OK, view.render()?))
}

fn message(status: StatusCode, view: &public::Message) -> Response {
    match view.render() {
        Ok(html) => fresh(status, html),
        Err(error) => {
            tracing::error!(%error, "a message could not be drawn");
            (status, view.title.clone()).into_response()
        }
    }
}

fn fresh(status: StatusCode, html: String) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn told(error: PageError) -> (StatusCode, String) {
        let response = error.into_response();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_cause_stays_in_the_log_and_the_visitor_gets_a_reference_and_a_way_on() {
        let error = PageError::from(sqlx::Error::Protocol("secret /var/lib/leadbell.db".into()));

        let (status, html) = told(error.back_to("/b/harbor/leads")).await;

        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!html.contains("secret") && !html.contains("leadbell.db"));
        assert!(html.contains("Nothing was lost. Reference "));
        assert!(html.contains("href=\"/b/harbor/leads\"") && html.contains("Today"));
    }

    #[tokio::test]
    async fn a_database_that_cannot_commit_is_said_to_be_so_for_now() {
        let (status, _) = told(WriteError::Unavailable("disk full".into()).into()).await;

        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(told(PageError::NotFound).await.0, StatusCode::NOT_FOUND);
    }
}
