//! `leadbell erase`: forgets a person. Works beside a running server.

use super::{Desk, Exit, Refusal, desk};
use crate::db::copies::Copies;
use crate::lead::contact::{Email, Phone};
use crate::lead::shop::{Business, store};
use crate::lead::store::forget::Person;
use crate::pipeline::forget::{self, Forgotten, KEPT_MS};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// Whom, and where.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Their number, as they would write it
    #[arg(long, value_name = "P", required_unless_present = "email")]
    pub phone: Option<String>,
    /// Their address
    #[arg(long, value_name = "E")]
    pub email: Option<String>,
    /// Only in this business [default: in all]
    #[arg(long, value_name = "SLUG")]
    pub business: Option<String>,
}

#[derive(Serialize)]
struct Printed {
    leads: u64,
    messages: u64,
    receipts: u64,
}

/// Carries it out.
pub async fn run(args: &Args, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let (db, keys) = desk.open().await?;
    let now = desk.clock.now_ms();
    let businesses = match &args.business {
        Some(slug) => vec![desk::business(db.read(), Some(slug)).await?],
        None => store::businesses(db.read()).await?,
    };
    if businesses.is_empty() {
        desk::business(db.read(), None).await?;
    }
    let mut all = Forgotten { is_wiped: true, ..Forgotten::default() };
    for (who, places) in persons(args, &businesses)? {
        all.add(&forget::person(&db, &keys, &places, &who, now).await?);
    }
    db.close().await;
    let copies = Copies::of(&desk.config.data_dir, &desk.config.database).all()?;
    let young: Vec<i64> = copies.into_iter().map(|(at, _)| at).filter(|at| *at > now - KEPT_MS).collect();
    let printed = Printed { leads: all.leads, messages: all.messages, receipts: all.receipts };
    desk.print(&printed, || all.words(&young, day).join("\n"))?;
    Ok(Exit::Fine)
}

type Places = Vec<(crate::base::ids::BusinessId, String)>;

/// The person as each country reads their number.
fn persons(args: &Args, businesses: &[Business]) -> Result<Vec<(Person, Places)>, Refusal> {
    let email = match &args.email {
        Some(text) => Some(Email::parse(text).ok_or_else(|| Refusal(format!("--email {text} is no address")))?),
        None => None,
    };
    let email = email.map(|email| email.as_str().to_owned());
    let mut found: Vec<(Person, Places)> = Vec::new();
    for business in businesses {
        let phone = match &args.phone {
            Some(text) => {
                let phone = Phone::parse(text, &business.country);
                let none =
                    || Refusal(format!("--phone {text} is no number; write it with its country, as +15125550142"));
                Some(phone.ok_or_else(none)?.as_str().to_owned())
            }
            None => None,
        };
        let who = Person { phone, email: email.clone(), lead: None };
        let place = (business.id.clone(), business.country.clone());
        match found.iter_mut().find(|(other, _)| *other == who) {
            Some((_, places)) => places.push(place),
            None => found.push((who, vec![place])),
        }
    }
    Ok(found)
}

/// `24 Dec`, in the server's zone.
fn day(at: i64) -> String {
    let then = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    then.to_zoned(TimeZone::system()).strftime("%-d %b").to_string()
}
