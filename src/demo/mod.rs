//! A made-up shop with twelve weeks of leads, for trying everything without an account.
//!
//! In: an open, empty database, the keys, the moment. Out: the shop, its people and its sources, and some hundred
//! leads whose clocks, messages and timelines agree with each other. The story is the same at every start, only
//! moved to the present; ids and tokens are fresh. Names, wishes and texts are invented; numbers are of the range
//! 555-0100 to 555-0199, which belongs to nobody.
//!
//! The words of the messages come from the same plan as real ones, so the demo cannot promise what the road does
//! not do.

mod dice;
mod people;
mod rows;
mod store;
mod story;

use crate::base::clock::DAY_MS;
use crate::base::ids::{BusinessId, PersonId};
use crate::base::keys::Keys;
use crate::base::random::Random;
use crate::db::{Db, WriteError};
use crate::lead::shop::weekly::store as weekly;
use crate::lead::shop::{self, Business, Person, Source, slug};
use crate::stats::period::{Period, zone};

/// The shop's zone, in which its days are told.
const ZONE: &str = "America/Chicago";
const HOURS: &str = r#"{"mon":["08:00-18:00"],"tue":["08:00-18:00"],"wed":["08:00-18:00"],"thu":["08:00-18:00"],"fri":["08:00-18:00"],"sat":["08:00-13:00"]}"#;
/// Names of the sources, in the order that [`story`] counts them.
const SOURCES: [&str; 4] = ["Website form", "Quote form", "Ads page", "Emergency page"];

/// What was made.
#[derive(Clone, Debug)]
pub struct Demo {
    /// The shop, as it was stored.
    pub business: Business,
    /// Dave, who owns it, and Ana, who is told as well.
    pub people: Vec<Person>,
    /// Its sources, each with the token of its address.
    pub sources: Vec<(Source, String)>,
    /// How many leads there are, those left out of the numbers included.
    pub leads: usize,
}

/// Fills an empty database. `public_url` is what links in messages start with, without a slash at the end.
///
/// # Errors
/// [`WriteError`]; nothing is stored then.
pub async fn fill(db: &Db, keys: &Keys, random: &Random, public_url: &str, now_ms: i64) -> Result<Demo, WriteError> {
    let (business, people) = harbor(random, now_ms);
    let mut sources: Vec<(Source, String)> = (business.created_at..)
        .zip(SOURCES)
        .map(|(made_at, name)| Source::new(&business.id, "generic", name, None, keys, random, made_at))
        .collect();
    let stories = story::stories(now_ms);
    for (n, (source, _)) in sources.iter_mut().enumerate() {
        source.last_at = stories.iter().filter(|story| story.source == n).map(|story| story.at).max();
    }
    let scene = rows::Scene { business: &business, people: &people, sources: &sources, public_url, random, now_ms };
    let rows = rows::of(&scene, &stories);
    let mut demo = Demo { business, people, sources, leads: stories.len() };
    let stored = demo.clone();
    let last_week = Period::last_whole_week(&zone(ZONE), now_ms).week_name();
    demo.business.slug = db
        .write(move |conn| {
            Box::pin(async move {
                let slug = shop::store::add_business(conn, &stored.business).await?;
                for person in &stored.people {
                    shop::store::add_person(conn, person).await?;
                }
                for (source, _) in &stored.sources {
                    shop::store::add_source(conn, source).await?;
                }
                store::insert(conn, &stored, &rows).await?;
                // No mail of last week's report: whether there is one would hang on the day of the week.
                weekly::mark(conn, &stored.business.id, &last_week).await?;
                Ok(slug)
            })
        })
        .await?;
    Ok(demo)
}

fn harbor(random: &Random, now_ms: i64) -> (Business, Vec<Person>) {
    let created_at = now_ms - 90 * DAY_MS;
    let name = "Harbor Plumbing & Heating";
    let business = Business {
        id: BusinessId::new(random, created_at),
        slug: slug("Harbor Plumbing"),
        name: name.to_owned(),
        timezone: ZONE.to_owned(),
        country: "US".to_owned(),
        phone: Some("+15125550100".to_owned()),
        hours: Some(HOURS.to_owned()),
        answer_at_night: true,
        created_at,
    };
    let person = |name: &str, phone: &str, email: Option<&str>, position| Person {
        id: PersonId::new(random, created_at + position),
        business_id: business.id.clone(),
        name: name.to_owned(),
        phone: Some(phone.to_owned()),
        email: email.map(str::to_owned),
        position,
        created_at,
    };
    let people =
        vec![person("Dave", "+15125550100", Some("dave@harbor.example"), 0), person("Ana", "+15125550101", None, 1)];
    (business, people)
}

#[cfg(test)]
mod tests;
