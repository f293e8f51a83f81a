//! `leadbell token add`

use super::{Desk, Exit, Refusal, desk};
use crate::account::key;
use crate::base::text::clean_line;
use serde::Serialize;

/// What to do with keys of the JSON API.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Verb {
    /// Make a key for the JSON API; it is shown once
    Add {
        /// What it is for
        name: String,
        /// The one business that it opens [default: all]
        #[arg(long, value_name = "SLUG")]
        business: Option<String>,
    },
}

#[derive(Serialize)]
struct Added {
    id: String,
    name: String,
    token: String,
}

/// Carries it out.
pub async fn run(verb: &Verb, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let Verb::Add { name, business } = verb;
    let name = clean_line(name, 80);
    if name.is_empty() {
        return Err(Refusal("give the key a name".to_owned()).into());
    }
    let (db, _keys) = desk.open().await?;
    let business_id = match business {
        Some(slug) => Some(desk::business(db.read(), Some(slug)).await?.id),
        None => None,
    };
    let fresh = key::add(&db, &desk.random, &name, business_id, desk.clock.now_ms()).await;
    db.close().await;
    let fresh = fresh?;
    let added = Added { id: fresh.id, name, token: fresh.token };
    desk.print(&added, || {
        format!(
            "The key {:?}, shown this once:\n\n  {}\n\nSend it as: Authorization: Bearer {}",
            added.name, added.token, added.token
        )
    })?;
    Ok(Exit::Fine)
}
