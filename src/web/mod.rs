//! The edge: what the outside sees. Knows HTTP, status codes and pages; decides nothing about leads.

pub mod api;
pub mod body;
pub mod callbacks;
pub mod engine;
pub mod flood;
pub mod health;
pub mod hooks;
pub mod live;
pub mod metrics;
pub mod serve;
pub mod assets;
pub mod client;
pub mod cookie;
mod known;
mod origin;
#[cfg(test)]
pub mod sample;
pub mod session;
pub mod views;

pub use engine::Engine;

use crate::account::Doors;
use crate::base::clock::Clock;
use crate::base::keys::Keys;
use crate::base::random::Random;
use crate::db::Db;
use std::sync::Arc;

/// What every handler may use.
#[derive(Debug)]
pub struct House {
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
}

/// The house, as handlers share it.
pub type App = Arc<House>;
