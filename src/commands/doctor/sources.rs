//! Each source: does its address open, is it signed, when did something last come, how is it doing.

use super::Finding;
use crate::base::instant::rfc3339;
use crate::config::Config;
use crate::db::{Db, keyfile};
use crate::intake::providers;
use crate::lead::fetch::{Asking, store as fetch};
use crate::lead::health::{Health, State, store as health};
use crate::lead::shop::{Business, Source, store};
use std::collections::HashMap;

pub async fn all(config: &Config, now: i64) -> anyhow::Result<Vec<Finding>> {
    if !Db::pending_migrations(&config.database).await?.is_empty() {
        return Ok(Vec::new());
    }
    let keys = keyfile::open(&config.data_dir).ok();
    let db = Db::open(&config.database).await?;
    let found = known(&db).await;
    db.close().await;
    let Known { sources, healths, waiting } = found?;
    if sources.is_empty() {
        let next = "Run: leadbell source add generic";
        return Ok(vec![Finding::warning("sources", "none: no lead can come in", next)]);
    }
    let sealed = |source: &Source| keys.as_ref().is_some_and(|keys| source.address("", keys).is_ok());
    let judge = |(business, source): &(Business, Source)| {
        let health = healths.get(source.id.as_str());
        let found = judge(business, source, sealed(source), health, now);
        let waits = waiting.get(source.id.as_str()).filter(|_| found.ok);
        waits.map_or(found, |waits| lacks_token(business, source, *waits))
    };
    Ok(sources.iter().map(judge).collect())
}

struct Known {
    sources: Vec<(Business, Source)>,
    healths: HashMap<String, Health>,
    /// How many events wait for their details, where there is no token to ask for them with.
    waiting: HashMap<String, i64>,
}

async fn known(db: &Db) -> Result<Known, sqlx::Error> {
    let sources = store::list_sources(db.read()).await?;
    let mut healths = HashMap::new();
    for business in store::businesses(db.read()).await? {
        healths.extend(health::of_business(db.read(), &business.id).await?);
    }
    let mut waiting = HashMap::new();
    for (_, source) in
        sources.iter().filter(|(_, source)| asking(source).is_some() && source.api_token_sealed.is_none())
    {
        let open = fetch::token(db.read(), &source.id).await?.open;
        waiting.extend((open > 0).then(|| (source.id.to_string(), open)));
    }
    Ok(Known { sources, healths, waiting })
}

fn asking(source: &Source) -> Option<&'static Asking> {
    providers::find(&source.provider)?.asking()
}

fn lacks_token(business: &Business, source: &Source, waiting: i64) -> Finding {
    let detail = format!("{waiting} of its events only named a number, and wait for their details");
    let next = asking(source).map_or_else(String::new, |asking| {
        format!("Add {} under Sources, {}, Keys. {}", asking.token, source.name, asking.found)
    });
    Finding::warning(&name_of(business, source), detail, next)
}

fn name_of(business: &Business, source: &Source) -> String {
    format!("source {} ({})", source.name, business.slug)
}

fn judge(business: &Business, source: &Source, opens: bool, health: Option<&Health>, now: i64) -> Finding {
    let check = name_of(business, source);
    if !opens {
        let next = "Put back the key file that belongs to this database.";
        return Finding::problem(&check, "its address does not open with this key file", next);
    }
    let trust = if source.secret_sealed.is_some() { "signed" } else { "unsigned: its address is its only key" };
    let state = health.map_or(State::Healthy, |health| health.state(source.last_at, now));
    let signs = providers::find(&source.provider).filter(|provider| provider.signed());
    let unsigned = signs.filter(|_| source.secret_sealed.is_none());
    let last =
        source.last_at.map_or_else(|| "nothing came yet".to_owned(), |at| format!("last submission {}", rfc3339(at)));
    if let Some(next) = next_step(state) {
        let usual = health.and_then(|health| health.usual.as_deref()).map(|usual| format!(", usually {usual}"));
        let detail = format!("{}: {last}{}; {trust}", state.words(), usual.unwrap_or_default());
        return Finding::warning(&check, detail, next);
    }
    match (source.last_at, unsigned) {
        (Some(_), Some(provider)) => {
            let next = format!(
                "{} can sign what it sends: set its secret under Sources, {}, Keys.",
                provider.name(),
                source.name
            );
            Finding::warning(&check, format!("{}: {last}; {trust}", state.words()), next)
        }
        (Some(_), None) => Finding::fine(&check, format!("{}: {last}; {trust}", state.words())),
        (None, _) => {
            let sign = unsigned.map(|p| format!(". {} can sign: set its secret under Sources, Keys.", p.name()));
            let next = format!("Try it: leadbell send-test {}{}", source.id, sign.unwrap_or_default());
            Finding::warning(&check, format!("Waiting: {last}; {trust}"), next)
        }
    }
}

/// What to do about a source that is not as it should be.
fn next_step(state: State) -> Option<&'static str> {
    match state {
        State::Waiting | State::Healthy => None,
        State::Quiet => Some("Send the form once yourself to see whether it still arrives."),
        State::Changed => Some("Open the source's page, look at what changed, and press Looks right."),
        State::Refused => Some("The secret there and here differ. Paste it again."),
        State::Unreadable => Some("Open its newest submission on the source's page. Nothing is lost."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lead::store::sample;

    #[tokio::test]
    async fn a_source_whose_events_wait_for_an_api_token_says_which_and_where() {
        let folder = tempfile::tempdir().unwrap();
        let db = sample::open(folder.path()).await;
        let plant =
            |sql: &'static str| db.write(move |c| Box::pin(async move { sqlx::query(sql).execute(c).await.map(drop) }));
        plant("UPDATE source SET provider = 'meta' WHERE id IN ('web', 'ads')").await.unwrap();
        plant(
            "INSERT INTO question (id, business_id, source_id, receipt_id, what, ref, state, created_at, due_at, expires_at) \
             SELECT 'q' || id, business_id, id, 'r', 'leadgen', '42', 'queued', 0, 0, 1 FROM source WHERE provider = 'meta'",
        )
        .await
        .unwrap();
        plant("UPDATE source SET api_token_sealed = 'sealed' WHERE id = 'ads'").await.unwrap();

        let Known { sources, waiting, .. } = known(&db).await.unwrap();
        let (business, source) = sources.iter().find(|(_, source)| source.id.as_str() == "web").unwrap();
        let finding = lacks_token(business, source, waiting["web"]);

        assert_eq!(waiting.len(), 1, "the other one has a token");
        assert_eq!(finding.detail, "1 of its events only named a number, and wait for their details");
        let next = finding.next.unwrap();
        assert!(next.contains("leads_retrieval under Sources, Website form, Keys."), "{next}");
    }
}
