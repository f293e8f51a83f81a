//! Each source: does its address open, is it signed, when did something last come.

use super::Finding;
use crate::base::instant::rfc3339;
use crate::config::Config;
use crate::db::{Db, keyfile};
use crate::intake::providers;
use crate::lead::shop::{Business, Source, store};

pub async fn all(config: &Config) -> anyhow::Result<Vec<Finding>> {
    if !Db::pending_migrations(&config.database).await?.is_empty() {
        return Ok(Vec::new());
    }
    let keys = keyfile::open(&config.data_dir).ok();
    let db = Db::open(&config.database).await?;
    let sources = store::list_sources(db.read()).await;
    db.close().await;
    let sources = sources?;
    if sources.is_empty() {
        let next = "Run: leadbell source add generic";
        return Ok(vec![Finding::warning("sources", "none: no lead can come in", next)]);
    }
    let sealed = |source: &Source| keys.as_ref().is_some_and(|keys| source.address("", keys).is_ok());
    Ok(sources.iter().map(|(business, source)| judge(business, source, sealed(source))).collect())
}

fn judge(business: &Business, source: &Source, opens: bool) -> Finding {
    let check = format!("source {} ({})", source.name, business.slug);
    if !opens {
        let next = "Put back the key file that belongs to this database.";
        return Finding::problem(&check, "its address does not open with this key file", next);
    }
    let trust = if source.secret_sealed.is_some() { "signed" } else { "unsigned: its address is its only key" };
    let could_sign = providers::find(&source.provider).filter(|p| p.signed() && source.secret_sealed.is_none());
    if let Some((at, vendor)) = source.last_at.zip(could_sign) {
        let found = format!("last submission {}; unsigned, though {} can sign", rfc3339(at), vendor.name());
        return Finding::warning(&check, found, "Paste its secret: Sources, this source, How to connect it.");
    }
    match source.last_at {
        Some(at) => Finding::fine(&check, format!("last submission {}; {trust}", rfc3339(at))),
        None => {
            let next = format!("Try it: leadbell send-test {}", source.id);
            Finding::warning(&check, format!("nothing came yet; {trust}"), next)
        }
    }
}
