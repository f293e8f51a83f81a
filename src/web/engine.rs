//! The moving parts behind the pages: the road, the outbox, the bell, the counters.

use super::flood::Floods;
use super::metrics::Metrics;
use super::status::Board;
use crate::base::clock::Clock;
use crate::base::keys::Keys;
use crate::base::news::News;
use crate::base::random::Random;
use crate::db::{Db, Handle};
use crate::delivery::guard::Policy;
use crate::delivery::preview::Preview;
use crate::outbox::{Dispatch, Lanes, Limits, Outbox};
use crate::pipeline::Pipeline;
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio_util::sync::CancellationToken;

/// What runs while the pages are served.
#[derive(Debug)]
pub struct Engine {
    /// The way through the house.
    pub pipeline: Pipeline,
    /// The outbox at work.
    pub outbox: Arc<Outbox>,
    /// The bell for open pages.
    pub news: News,
    /// The preview phones, while texting or mail is not connected.
    pub preview: Option<Preview>,
    /// Counters of the edge.
    pub metrics: Metrics,
    /// What was told last of the server's state.
    pub board: Board,
    /// What unsigned forms may send.
    pub floods: Floods,
    /// What Twilio signs its callbacks with; empty = all are refused.
    pub twilio_tokens: Vec<SecretString>,
    /// Not ready any more.
    pub stopping: AtomicBool,
    /// Long-lived answers end when this is cancelled.
    pub closing: CancellationToken,
    /// The made-up shop.
    pub is_demo: bool,
    /// Which addresses hooks may have.
    pub hooks: Policy,
}

impl Engine {
    /// Parts in working order.
    pub fn new(pipeline: Pipeline, outbox: Arc<Outbox>, news: News) -> Self {
        Self {
            pipeline,
            outbox,
            news,
            preview: None,
            metrics: Metrics::default(),
            board: Board::default(),
            floods: Floods::default(),
            twilio_tokens: Vec::new(),
            stopping: AtomicBool::new(false),
            closing: CancellationToken::new(),
            is_demo: false,
            hooks: Policy::STRICT,
        }
    }

    /// Parts that stand still: nothing is sent, nothing comes in. For tests of pages.
    pub fn idle(db: &Db, clock: &Clock, public_url: &str) -> Self {
        let random = Arc::new(Random::system());
        let news = News::default();
        let limits = Limits {
            on: true,
            wording: crate::reply::bundle_wording(public_url.to_owned()),
            keys: Keys::new([7; 32]),
            public_url: public_url.into(),
        };
        let dispatch = Dispatch::new(Vec::new(), clock.clone(), Arc::clone(&random), "idle".to_owned(), limits);
        let outbox = Arc::new(Outbox::new(db.clone(), Lanes::unconnected(), dispatch));
        let pipeline = Pipeline::new(
            db.clone(),
            Handle::unconnected(),
            Keys::new([0; 32]),
            clock.clone(),
            random,
            Arc::clone(&outbox),
            news.clone(),
            public_url.to_owned(),
            None,
            Arc::default(),
        );
        Self::new(pipeline, outbox, news)
    }
}
