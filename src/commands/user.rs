//! `leadbell user add` and `leadbell user link`

use super::{Desk, Exit, desk};
use crate::account::{self, link, password::Hasher};
use crate::base::ids::UserId;
use crate::db::Db;
use anyhow::{Context, bail};
use secrecy::SecretString;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What to do with sign-ins.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Verb {
    /// Make a sign-in; without a password it comes with a one-time link
    Add {
        /// The address to sign in with
        email: String,
        /// File with the password
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// The one business that it sees [default: all]
        #[arg(long, value_name = "SLUG")]
        business: Option<String>,
    },
    /// Print a link that signs in once, within 30 minutes
    Link {
        /// The address of the sign-in
        email: String,
    },
}

#[derive(Serialize)]
struct User {
    id: UserId,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// Carries it out.
pub async fn run(verb: &Verb, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let (db, _keys) = desk.open().await?;
    let made = match verb {
        Verb::Add { email, password_file, business } => {
            add(email, password_file.as_deref(), business.as_deref(), &db, desk).await
        }
        Verb::Link { email } => existing(email, &db, desk).await,
    };
    db.close().await;
    let user = made?;
    desk.print(&user, || match &user.link {
        Some(link) => format!("{} signs in here, once, within 30 minutes:\n\n  {link}", user.email),
        None => format!("{} can sign in with that password.", user.email),
    })?;
    Ok(Exit::Fine)
}

async fn add(
    email: &str,
    password_file: Option<&Path>,
    business: Option<&str>,
    db: &Db,
    desk: &Desk<'_>,
) -> anyhow::Result<User> {
    let password = match password_file {
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            Some(SecretString::from(text.trim_end_matches(['\r', '\n']).to_owned()))
        }
        None => None,
    };
    let business_id = match business {
        Some(slug) => Some(desk::business(db.read(), Some(slug)).await?.id),
        None => None,
    };
    let by_link = password.is_none();
    let new = account::New { email: email.to_owned(), name: String::new(), password, business_id };
    let id = account::add(db, &Hasher::default(), &desk.random, desk.clock.now_ms(), new).await?;
    let email = email.trim().to_lowercase();
    let link = if by_link { Some(new_link(&email, db, desk).await?) } else { None };
    Ok(User { id, email, link })
}

async fn existing(email: &str, db: &Db, desk: &Desk<'_>) -> anyhow::Result<User> {
    match account::store::by_email(db, email.trim()).await? {
        Some((account, _)) => {
            let link = new_link(&account.email, db, desk).await?;
            Ok(User { id: account.id, email: account.email, link: Some(link) })
        }
        None => bail!("nobody signs in as {email}. Add them: leadbell user add {email}"),
    }
}

async fn new_link(email: &str, db: &Db, desk: &Desk<'_>) -> anyhow::Result<String> {
    let token = link::make(db, &desk.random, email, desk.clock.now_ms()).await?;
    let token = token.with_context(|| format!("the sign-in of {email} is gone"))?;
    Ok(link::address(&desk.public_url()?, &token))
}
