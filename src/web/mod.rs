//! The edge: what the outside sees. Knows HTTP, status codes and pages; decides nothing about leads.

pub mod admin;
pub mod api;
pub mod assets;
pub mod body;
pub mod callbacks;
pub mod client;
pub mod cookie;
pub mod engine;
pub mod entrance;
pub mod error;
pub mod flood;
pub mod form;
pub mod guides;
pub mod health;
pub mod hooks;
mod known;
pub mod live;
pub mod metrics;
mod origin;
pub mod qr;
#[cfg(test)]
pub mod sample;
pub mod serve;
pub mod session;
pub mod status;
pub mod unsubscribe;
pub mod views;
pub mod voice;
pub mod voice_out;

pub use engine::Engine;

use crate::account::Doors;
use crate::base::clock::Clock;
use crate::base::ids::BusinessId;
use crate::base::keys::Keys;
use crate::base::news::Change;
use crate::base::random::Random;
use crate::db::{Db, copies::Copies};
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// What every handler may use.
#[derive(Debug)]
pub struct House {
    /// Copies of the database that we made.
    pub copies: Copies,
    /// The database.
    pub db: Db,
    /// The installation's key.
    pub keys: Keys,
    /// The time.
    pub clock: Clock,
    /// Chance, fit for secrets.
    pub random: Random,
    /// What addresses and links start with, without a slash at the end.
    pub public_url: String,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Who must wait at the sign-in; starts as `Doors::default()`.
    pub doors: Doors,
    /// What runs behind the pages.
    pub engine: Engine,
}

impl House {
    /// Whether pages are reached over HTTPS, so that cookies can insist on it.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Tells open pages of a business that something moved.
    pub fn moved(&self, business: &BusinessId) {
        self.engine.news.tell(Change { business_id: business.clone(), new_lead: None });
    }
}

/// The house, as handlers share it.
pub type App = Arc<House>;

/// Every page and address, guarded.
pub fn router(house: &App) -> Router {
    Router::new()
        .merge(form::routes())
        .merge(unsubscribe::routes())
        .merge(entrance::routes())
        .merge(admin::routes())
        .merge(api::routes())
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/status", get(status::page))
        .route("/metrics", get(metrics::page))
        .route("/static/{file}", get(assets::serve))
        .route("/b/{slug}/events", get(live::events))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(house), session::guard))
        .layer(CompressionLayer::new().gzip(true))
        // Programs come here, with proofs of their own and nothing worth compressing.
        .merge(hooks::routes())
        .merge(callbacks::routes())
        .merge(voice::routes())
        .merge(voice_out::routes())
        .layer(headers(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(headers(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(headers(header::REFERRER_POLICY, "no-referrer"))
        .layer(SetResponseHeaderLayer::if_not_present(header::X_FRAME_OPTIONS, frames))
        .layer(CatchPanicLayer::new())
        .with_state(Arc::clone(house))
}

/// Nothing inline, nothing from elsewhere.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Put on an answer that may stand in a frame of another page. Everything else may not.
#[derive(Clone, Copy, Debug)]
pub struct Embeddable;

fn frames(response: &Response) -> Option<HeaderValue> {
    response.extensions().get::<Embeddable>().is_none().then(|| HeaderValue::from_static("DENY"))
}

fn headers(name: header::HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
