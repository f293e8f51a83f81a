//! `leadbell serve`: runs in the foreground until SIGINT or SIGTERM, then drains.

use super::Exit;
use crate::app::{self, Options};
use crate::base::clock::Clock;
use crate::config::Config;
use crate::delivery::Timeouts;
use crate::delivery::guard::Policy;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Serves until told to stop.
pub async fn run(config: &Config) -> anyhow::Result<Exit> {
    until_told_to_stop(config.clone(), false).await
}

/// Runs the house, as the made-up shop or for real.
pub async fn until_told_to_stop(config: Config, is_demo: bool) -> anyhow::Result<Exit> {
    let stop = CancellationToken::new();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping: what is under way is finished first");
        told.cancel();
    });
    let options = Options {
        config,
        clock: Clock::system(),
        is_demo,
        out: || Box::new(std::io::stdout()),
        vendors_at: None,
        texts_within: Timeouts::TEXTS,
        certificates: Arc::default(),
        hooks: Policy::STRICT,
    };
    app::run(options, stop).await?;
    Ok(Exit::Fine)
}
