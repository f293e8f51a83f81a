//! `leadbell source add`, `list` and `providers`

use super::{Desk, Exit, Refusal, desk};
use crate::base::ids::SourceId;
use crate::base::instant::rfc3339;
use crate::base::text::clean_line;
use crate::intake::providers::{self, Provider};
use crate::lead::shop::{self, Source, store};
use serde::Serialize;

/// What to do with sources.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Verb {
    /// Make an address to paste into a form or a service
    Add(Add),
    /// All addresses and when the last submission came
    List {
        /// Only this business's
        #[arg(long, value_name = "SLUG")]
        business: Option<String>,
    },
    /// What can be connected
    Providers,
}

/// A source as it is typed.
#[derive(Clone, Debug, clap::Args)]
pub struct Add {
    /// What it connects: an id that `leadbell source providers` lists; generic for anything
    pub provider: String,
    /// Whose leads come in there, if there are several businesses
    #[arg(long, value_name = "SLUG")]
    pub business: Option<String>,
    /// Its name on the page
    #[arg(long)]
    pub name: Option<String>,
    /// What the sender signs with; without it unsigned submissions are accepted
    #[arg(long)]
    pub secret: Option<String>,
}

#[derive(Serialize)]
struct Added {
    id: SourceId,
    provider: String,
    business: String,
    url: String,
    token: String,
}

#[derive(Serialize)]
struct Listed {
    id: SourceId,
    provider: String,
    business: String,
    name: String,
    url: String,
    signed: bool,
    created_at: String,
    last_at: Option<String>,
}

#[derive(Serialize)]
struct Offered {
    id: &'static str,
    name: &'static str,
    kind: &'static str,
    signed: bool,
}

/// Carries it out.
pub async fn run(verb: &Verb, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    match verb {
        Verb::Add(typed) => add(typed, desk).await,
        Verb::List { business } => list(business.as_deref(), desk).await,
        Verb::Providers => offer(desk),
    }
}

async fn add(typed: &Add, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let Some(provider) = providers::find(&typed.provider) else {
        let known = providers::all().iter().map(|p| p.id()).collect::<Vec<_>>().join(", ");
        let why = format!("no provider is called {}. There is: {known}; generic takes anything.", typed.provider);
        return Err(Refusal(why).into());
    };
    let secret = typed.secret.as_deref().map(str::trim);
    if let Some(secret) = secret {
        provider.usable(secret).map_err(|refusal| Refusal(refusal.problem))?;
    }
    let (db, keys) = desk.open().await?;
    let business = desk::business(db.read(), typed.business.as_deref()).await?;
    let name = typed.name.as_deref().map(|name| clean_line(name, 80)).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| usual_name(provider).to_owned());
    let now = desk.clock.now_ms();
    let (source, token) = Source::new(&business.id, provider.id(), &name, secret, &keys, &desk.random, now);
    let added = Added {
        id: source.id.clone(),
        provider: source.provider.clone(),
        business: business.slug,
        url: shop::address(&desk.public_url()?, &token),
        token,
    };
    let stored = db.write(move |conn| Box::pin(async move { store::add_source(conn, &source).await })).await;
    db.close().await;
    stored?;
    desk.print(&added, || {
        let trust = match secret {
            Some(_) => "Submissions must carry the secret; others are refused.".to_owned(),
            None if provider.signed() => format!(
                "Unsigned, although {} can sign: whoever knows the address can send leads. Set its secret under Sources, Keys.",
                provider.name()
            ),
            None => "Unsigned: whoever knows the address can send leads. Keep it to the form.".to_owned(),
        };
        format!(
            "Added {name}. Paste this address:\n\n  {}\n\n{trust}\nTry it: leadbell send-test {}",
            added.url, added.id
        )
    })?;
    Ok(Exit::Fine)
}

/// What a source is called when nobody says: the one for anything is a form on a website, nearly always.
fn usual_name(provider: &dyn Provider) -> &'static str {
    if provider.id() == "generic" { "Website form" } else { provider.name() }
}

async fn list(business: Option<&str>, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let (db, keys) = desk.open().await?;
    let public_url = desk.public_url()?;
    let mut all = store::list_sources(db.read()).await?;
    if business.is_some() {
        let chosen = desk::business(db.read(), business).await?;
        all.retain(|(business, _)| business.id == chosen.id);
    }
    db.close().await;
    let mut listed = Vec::new();
    for (business, source) in all {
        listed.push(Listed {
            url: source.address(&public_url, &keys)?,
            id: source.id,
            provider: source.provider,
            business: business.slug,
            name: source.name,
            signed: source.secret_sealed.is_some(),
            created_at: rfc3339(source.created_at),
            last_at: source.last_at.map(rfc3339),
        });
    }
    desk.print(&listed, || {
        if listed.is_empty() {
            return "No source yet. Add one: leadbell source add generic".to_owned();
        }
        let line = |s: &Listed| {
            let last = s.last_at.as_deref().unwrap_or("nothing yet");
            let trust = if s.signed { "signed" } else { "unsigned" };
            format!("{} ({}, {}, {trust}; last: {last})\n  {}\n  id {}\n", s.name, s.business, s.provider, s.url, s.id)
        };
        listed.iter().map(line).collect()
    })?;
    Ok(Exit::Fine)
}

fn offer(desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let offered: Vec<Offered> = providers::all()
        .iter()
        .map(|p| Offered { id: p.id(), name: p.name(), kind: p.kind(), signed: p.signed() })
        .collect();
    desk.print(&offered, || {
        let line = |p: &Offered| {
            let signed = if p.signed { "can be signed" } else { "cannot be signed" };
            format!("{:20} {} ({}, {signed})\n", p.id, p.name, p.kind)
        };
        offered.iter().map(line).collect()
    })?;
    Ok(Exit::Fine)
}
