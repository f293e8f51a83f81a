//! `leadbell send-test`: a test lead over the real address, timed step by step.
//!
//! The form goes through the public address, DNS, proxy and all, as a website's would; then the database is watched
//! until every message about it has been handed over. The running server does the work, so it must be there.

use super::{Desk, Exit, Refusal, store};
use crate::base::ids::new_token;
use crate::base::keys::Keys;
use crate::db::{Db, Pool};
use crate::delivery::Timeouts;
use crate::delivery::http::Http;
use crate::delivery::probe;
use crate::lead::shop::{self, Source};
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long the messages may take to be handed over.
const PATIENCE_MS: i64 = 30_000;
/// How often the database is asked.
const LOOK_EVERY: Duration = Duration::from_millis(50);

#[derive(Serialize)]
struct Tested {
    receipt: String,
    lead: Option<String>,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    step: String,
    ms: i64,
}

#[derive(Deserialize)]
struct Answer {
    status: String,
    receipt: Option<String>,
    lead: Option<String>,
}

/// Sends the test and waits for its messages.
pub async fn run(wanted: Option<&str>, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let (db, keys) = desk.open().await?;
    let tested = test(wanted, &db, &keys, desk).await;
    db.close().await;
    let (tested, trouble) = tested?;
    desk.print(&tested, || {
        let line = |step: &Step| format!("{:>8} ms  {}\n", step.ms, step.step);
        let mut words: String = tested.steps.iter().map(line).collect();
        if tested.steps.len() == 1 {
            words += "Nobody is told about leads of this business yet: add a person with a phone or an address.";
        }
        words
    })?;
    match trouble {
        Some(trouble) => bail!(trouble),
        None => Ok(Exit::Fine),
    }
}

async fn test(wanted: Option<&str>, db: &Db, keys: &Keys, desk: &Desk<'_>) -> anyhow::Result<(Tested, Option<String>)> {
    let source = choose(db.read(), wanted).await?;
    let address = source.address(&desk.public_url()?, keys)?;
    let secret = source.secret_sealed.as_deref().map(|sealed| keys.open(sealed)).transpose()?;
    let mark = new_token(&desk.random);
    let message = format!("A test of {}. Mark {}", source.name, &mark[..8]);
    let fields = [
        ("name", "Test Lead"),
        ("email", "test.lead@example.com"),
        ("phone", "+1 512 555 0142"),
        ("message", message.as_str()),
    ];
    let mut headers = vec![("x-leadbell-test", "1")];
    headers.extend(secret.as_deref().map(|secret| ("x-leadbell-secret", secret)));

    let started = desk.clock.mono_ms();
    let answer = probe::post_form(&Http::new(Timeouts::TEXTS)?, &address, &headers, &fields).await;
    let answer = answer.map_err(|why| {
        anyhow::anyhow!("no answer from {}: {why}. Is the server running? leadbell doctor", desk_address(&address))
    })?;
    let stored = Step { step: "stored and answered".to_owned(), ms: desk.clock.mono_ms() - started };
    let said: Answer = serde_json::from_slice(&answer.body).with_context(|| {
        format!("the answer is not one of leadbell's (status {}). Next: leadbell doctor", answer.status)
    })?;
    let receipt = match (said.status.as_str(), said.receipt) {
        ("test", Some(receipt)) => receipt,
        (status, _) => bail!("the server answered {} {status}. Next: leadbell doctor", answer.status),
    };
    let mut tested = Tested { receipt, lead: said.lead, steps: vec![stored] };
    let trouble = watch(&mut tested, db.read(), desk).await?;
    Ok((tested, trouble))
}

/// The source that was asked for by id or name, else the first one.
async fn choose(pool: &Pool, wanted: Option<&str>) -> anyhow::Result<Source> {
    let sources: Vec<Source> = shop::store::list_sources(pool).await?.into_iter().map(|(_, source)| source).collect();
    let names = sources.iter().map(|source| format!("{} ({})", source.id, source.name)).collect::<Vec<_>>().join(", ");
    let fits = |source: &Source| wanted.is_none_or(|wanted| *source.id == *wanted || source.name == wanted);
    match sources.into_iter().find(fits) {
        Some(source) => Ok(source),
        None if names.is_empty() => {
            Err(Refusal("there is no source yet. Add one: leadbell source add generic".to_owned()).into())
        }
        None => Err(Refusal(format!("no such source. There is: {names}")).into()),
    }
}

/// The address without its token, which is a secret.
fn desk_address(address: &str) -> &str {
    address.rsplit_once('/').map_or(address, |(front, _)| front)
}

/// Waits until every message about the test is out of our hands. Says what went wrong, if something did.
async fn watch(tested: &mut Tested, pool: &Pool, desk: &Desk<'_>) -> anyhow::Result<Option<String>> {
    let Some(lead) = tested.lead.clone() else { return Ok(None) };
    let since = store::received_at(pool, &tested.receipt)
        .await?
        .context("the server keeps its leads in another database than this command. Give both the same --data-dir.")?;
    let deadline = desk.clock.mono_ms() + PATIENCE_MS;
    loop {
        let messages = store::watched(pool, &lead, since).await?;
        let under_way = messages.iter().any(|m| matches!(m.state.as_str(), "queued" | "sending"));
        if under_way && desk.clock.mono_ms() < deadline {
            tokio::time::sleep(LOOK_EVERY).await;
            continue;
        }
        let mut trouble = None;
        for message in messages {
            let name = format!("{} by {}", message.purpose, message.channel);
            if let Some(at) = message.accepted_at {
                tested.steps.push(Step { step: format!("{name} handed over"), ms: at - since });
            } else {
                let why = message.reason.unwrap_or_else(|| "still waiting after 30 seconds".to_owned());
                trouble = Some(format!("{name} is {}: {why}", message.state));
            }
            if let Some(at) = message.delivered_at {
                tested.steps.push(Step { step: format!("{name} delivered"), ms: at - since });
            }
        }
        return Ok(trouble);
    }
}
