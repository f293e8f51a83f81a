//! `leadbell business add`

use super::{Desk, Exit, Refusal};
use crate::base::ids::{BusinessId, PersonId};
use crate::base::text::clean_line;
use crate::lead::contact::{Email, Phone, is_country};
use crate::lead::shop::{Business, Person, slug, store};
use serde::Serialize;

/// What to do with businesses.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Verb {
    /// Add a business and the first person who is told about its leads
    Add(Add),
}

/// A business as it is typed.
#[derive(Clone, Debug, clap::Args)]
pub struct Add {
    /// Its name, as customers know it
    #[arg(long)]
    pub name: String,
    /// Its time zone, such as America/Chicago [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// Its country, two letters; phone numbers without a country code are read with it
    #[arg(long, value_name = "CC", default_value = "US")]
    pub country: String,
    /// Who is told about leads
    #[arg(long, value_name = "NAME")]
    pub owner_name: Option<String>,
    /// Their mobile
    #[arg(long, value_name = "PHONE")]
    pub owner_phone: Option<String>,
    /// Their e-mail address
    #[arg(long, value_name = "EMAIL")]
    pub owner_email: Option<String>,
}

#[derive(Serialize)]
struct Added {
    id: BusinessId,
    slug: String,
    name: String,
}

/// Carries it out.
pub async fn run(verb: &Verb, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let Verb::Add(typed) = verb;
    let (business, person) = read(typed, desk)?;
    let (db, _keys) = desk.open().await?;
    let mut added = Added { id: business.id.clone(), slug: String::new(), name: business.name.clone() };
    let zone = business.timezone.clone();
    let told = person.is_some();
    let stored = db
        .write(move |conn| {
            Box::pin(async move {
                let slug = store::add_business(conn, &business).await?;
                if let Some(person) = &person {
                    store::add_person(conn, person).await?;
                }
                Ok(slug)
            })
        })
        .await;
    db.close().await;
    added.slug = stored?;
    desk.print(&added, || {
        let nobody = "\nNobody is told about its leads yet: give --owner-phone or --owner-email.";
        format!(
            "Added {} as {} ({zone}).{}\nNext: leadbell source add generic --business {}",
            added.name,
            added.slug,
            if told { "" } else { nobody },
            added.slug
        )
    })?;
    Ok(Exit::Fine)
}

/// Everything that was typed, as records; nothing is stored when a piece of it is wrong.
fn read(typed: &Add, desk: &Desk<'_>) -> Result<(Business, Option<Person>), Refusal> {
    let now = desk.clock.now_ms();
    let name = clean_line(&typed.name, 80);
    if name.is_empty() {
        return Err(Refusal("--name is empty".to_owned()));
    }
    let country = typed.country.trim().to_ascii_uppercase();
    if !is_country(&country) {
        return Err(Refusal(format!("--country {}: write two letters, such as US or GB", typed.country)));
    }
    let phone = read_one("--owner-phone", typed.owner_phone.as_deref(), |text| {
        Phone::parse(text, &country).map(|phone| phone.as_str().to_owned())
    })?;
    let email = read_one("--owner-email", typed.owner_email.as_deref(), |text| {
        Email::parse(text).map(|email| email.as_str().to_owned())
    })?;
    let business = Business {
        id: BusinessId::new(&desk.random, now),
        slug: slug(&name),
        timezone: timezone(typed.timezone.as_deref())?,
        country,
        phone: phone.clone(),
        hours: None,
        answer_at_night: true,
        created_at: now,
        name,
    };
    let told = phone.is_some() || email.is_some() || typed.owner_name.is_some();
    let person = told.then(|| Person {
        id: PersonId::new(&desk.random, now),
        business_id: business.id.clone(),
        name: typed.owner_name.as_deref().map_or_else(|| "Owner".to_owned(), |name| clean_line(name, 80)),
        phone,
        email,
        position: 0,
        created_at: now,
    });
    Ok((business, person))
}

fn read_one(flag: &str, text: Option<&str>, read: impl Fn(&str) -> Option<String>) -> Result<Option<String>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    match read(text) {
        Some(value) => Ok(Some(value)),
        None => Err(Refusal(format!("{flag} {text}: nobody can be reached there. Check it for a slip of the finger."))),
    }
}

/// A zone that exists; this machine's where none was typed.
fn timezone(typed: Option<&str>) -> Result<String, Refusal> {
    match typed {
        Some(name) => match jiff::tz::TimeZone::get(name) {
            Ok(zone) => Ok(zone.iana_name().unwrap_or(name).to_owned()),
            Err(_) => Err(Refusal(format!("--timezone {name}: no such zone. Write it like America/Chicago."))),
        },
        None => Ok(jiff::tz::TimeZone::system().iana_name().unwrap_or("UTC").to_owned()),
    }
}
