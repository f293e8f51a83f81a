//! `leadbell demo`: the made-up shop in a folder that is thrown away at the end.

use super::{Exit, serve};
use crate::base::ids::new_token;
use crate::base::random::Random;
use crate::config::Config;

/// Serves the made-up shop until told to stop. Settings that reach out are left aside.
pub async fn run(config: &Config) -> anyhow::Result<Exit> {
    let config = config.clone().for_demo(&format!("leadbell-demo-{}", new_token(&Random::system())));
    let folder = config.data_dir.clone();
    let ended = serve::until_told_to_stop(config, true).await;
    match std::fs::remove_dir_all(&folder) {
        Err(error) if folder.exists() => {
            tracing::warn!(%error, folder = %folder.display(), "the demo's folder is left behind")
        }
        _ => {}
    }
    ended
}
