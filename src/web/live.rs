//! `GET /b/{slug}/events`: tells open pages that something changed, so that they look again. Server-sent events; a
//! comment every 15 seconds keeps proxies from closing the line.
//!
//! A page says how often the bell had rung when it was drawn (`?seen=`); if it rang since, the page looks again at once.

use super::App;
use super::session::InBusiness;
use axum::extract::{Query, State};
use axum::http::HeaderValue;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

/// What a page knows already.
#[derive(Debug, Default, Deserialize)]
pub struct Known {
    seen: Option<u64>,
}

/// The line.
pub async fn events(State(house): State<App>, inside: InBusiness, Query(known): Query<Known>) -> Response {
    let mine = inside.business.id;
    let bell = house.engine.news.listen();
    // Asked after listening began, so that a ring in between is not lost.
    let missed = known.seen.is_some_and(|seen| seen != house.engine.news.rung());
    let at_once = tokio_stream::iter(missed.then(|| Ok(Event::default().event("refresh").data("1"))));
    let changes = BroadcastStream::new(bell).filter_map(move |change| match change {
        Ok(change) if change.business_id == mine => Some(Ok::<_, Infallible>(match change.new_lead {
            Some(words) => Event::default().event("lead").data(words),
            None => Event::default().event("refresh").data("1"),
        })),
        Ok(_) => None,
        // Missed some: look again, that is all a page ever does.
        Err(BroadcastStreamRecvError::Lagged(_)) => Some(Ok(Event::default().event("refresh").data("1"))),
    });
    let stop = house.engine.closing.clone();
    let until_stop = futures_util::StreamExt::take_until(at_once.chain(changes), async move { stop.cancelled().await });
    let beat = KeepAlive::new().interval(Duration::from_secs(15)).text("still here");
    let mut response = Sse::new(until_stop).keep_alive(beat).into_response();
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
