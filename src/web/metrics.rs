//! `GET /metrics`: Prometheus text. Counts and lengths only; no names, numbers or addresses of people.

use super::App;
use crate::db::upkeep::log_bytes;
use crate::outbox::store;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::atomic::Ordering;

type Labels = Vec<(String, String)>;

/// What the edge counts as it goes.
#[derive(Debug)]
pub struct Metrics {
    /// Submissions by answer.
    pub submissions: Family<Labels, Counter>,
    /// Posts to addresses that do not exist.
    pub wrong_addresses: Counter,
    /// Texts to a number that none of the shops has.
    pub texts_to_nobody: Counter,
    /// From the first byte to the answer, in seconds.
    pub ack_seconds: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
        Self {
            submissions: Family::default(),
            wrong_addresses: Counter::default(),
            texts_to_nobody: Counter::default(),
            ack_seconds: Histogram::new(bounds),
        }
    }
}

impl Metrics {
    /// Counts an answer.
    pub fn answered(&self, status: &str) {
        self.submissions.get_or_create(&vec![("status".to_owned(), status.to_owned())]).inc();
    }
}

/// The page.
pub async fn page(State(house): State<App>) -> Response {
    let mut registry = Registry::with_prefix("leadbell");
    let m = &house.engine.metrics;
    registry.register("submissions", "Submissions by answer", m.submissions.clone());
    registry.register("wrong_addresses", "Posts to addresses that do not exist", m.wrong_addresses.clone());
    registry.register("texts_to_nobody", "Texts to a number that none of the shops has", m.texts_to_nobody.clone());
    registry.register("ack_seconds", "From the first byte to the answer, in seconds", m.ack_seconds.clone());
    let sends = Family::<Labels, Gauge>::default();
    let tally = &house.engine.outbox.tally;
    for (outcome, counter) in [
        ("accepted", &tally.accepted),
        ("not_sent", &tally.not_sent),
        ("rejected", &tally.rejected),
        ("unknown", &tally.unknown),
    ] {
        let n = i64::try_from(counter.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        sends.get_or_create(&vec![("outcome".to_owned(), outcome.to_owned())]).set(n);
    }
    registry.register("sends", "Attempts to send since start, by outcome", sends);
    let waiting = Family::<Labels, Gauge>::default();
    for (state, n) in store::read::under_way(house.db.read()).await.unwrap_or_default() {
        waiting.get_or_create(&vec![("state".to_owned(), state)]).set(n);
    }
    registry.register("outbox_messages", "Messages not done yet, by state", waiting);
    let writable = Gauge::<i64>::default();
    writable.set(i64::from(house.db.takes_writes()));
    registry.register("database_takes_writes", "1 while the last commit went through", writable);
    let log = Gauge::<i64>::default();
    log.set(i64::try_from(log_bytes(house.db.path())).unwrap_or(i64::MAX));
    registry.register("database_log_bytes", "Length of the write-ahead log", log);
    let takes_leads = Gauge::<i64>::default();
    takes_leads.set(i64::from(house.db.disk().takes_leads()));
    registry.register("disk_takes_leads", "1 while there is room on the disk for new leads", takes_leads);
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
