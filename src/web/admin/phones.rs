//! `/b/{slug}/phones`: the preview phones and the preview inbox, while something is not connected.

use super::frame::{Frame, frame};
use crate::delivery::preview::Shown;
use crate::lead::contact::Phone as Number;
use crate::lead::record::Lead;
use crate::lead::shop::{Person, Source, store};
use crate::lead::store::read;
use crate::outbox::channel::Medium;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::format::Wall;
use crate::web::views::phones::{Letter, Phone, Phones, Text, TryIt};
use crate::web::{App, House};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use std::sync::Arc;

/// How many phones are laid out.
const PHONES: usize = 4;
/// How many mails are listed.
const MAILS: usize = 30;
/// Among how many of the newest leads the owner of a number is looked for.
const LEADS: i64 = 100;

/// The route of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/phones", get(phones))
}

async fn phones(State(house): State<App>, who: InBusiness) -> Result<Response, PageError> {
    let preview = house.engine.preview.as_ref().ok_or(PageError::NotFound)?;
    let Frame { chrome, wall, .. } = frame(&house, &who, Here::Phones).await?;
    let (db, business) = (house.db.read(), &who.business);
    let people = store::people(db, &business.id).await?;
    let sources = store::sources(db, &business.id).await?;
    let leads = read::latest(db, &business.id, LEADS).await?;
    let shown: Vec<Arc<Shown>> = preview.shown().into_iter().filter(|s| s.business_id == business.id).collect();
    let name = |number: &str| owner(number, &people, &leads);
    let mails = shown.iter().rev().filter(|s| s.medium == Medium::Mail).take(MAILS);
    page(&Phones {
        chrome,
        try_it: sources.first().and_then(|source| try_it(source, &business.slug, &house)),
        phones: handsets(&shown, &wall, &business.country, name),
        mails: mails.map(|mail| letter(mail, &wall)).collect(),
    })
}

/// One phone for each number that was texted, the newest text's first.
fn handsets(shown: &[Arc<Shown>], wall: &Wall, country: &str, name: impl Fn(&str) -> String) -> Vec<Phone> {
    let mut numbers: Vec<&str> = Vec::new();
    for text in shown.iter().rev().filter(|s| s.medium == Medium::Sms) {
        if !numbers.contains(&text.to.as_str()) && numbers.len() < PHONES {
            numbers.push(&text.to);
        }
    }
    let on = |number: &str| {
        let theirs = shown.iter().filter(|s| s.medium == Medium::Sms && s.to == number);
        theirs
            .map(|text| Text {
                words: text.body.clone(),
                ours: true,
                at: wall.second(text.at),
                machine: wall.machine(text.at),
            })
            .collect()
    };
    numbers
        .into_iter()
        .map(|number| Phone {
            name: name(number),
            number: Number::from_stored(number.to_owned()).national(country),
            texts: on(number),
        })
        .collect()
}

/// Whose phone it is, as far as we know.
fn owner(number: &str, people: &[Person], leads: &[Lead]) -> String {
    let ours = people.iter().find(|p| p.phone.as_deref() == Some(number)).map(|p| p.name.as_str());
    let theirs = || leads.iter().find(|l| l.phone.as_ref().is_some_and(|p| p.as_str() == number)).map(Lead::title);
    match ours.filter(|name| !name.is_empty()).or_else(theirs) {
        Some(name) => format!("{}’s phone", name.split_whitespace().next().unwrap_or(name)),
        None => "The owner’s phone".to_owned(),
    }
}

fn letter(mail: &Shown, wall: &Wall) -> Letter {
    Letter { to: mail.to.clone(), subject: mail.subject.clone(), text: mail.body.clone(), at: wall.second(mail.at) }
}

/// A form to send as a customer would.
fn try_it(source: &Source, slug: &str, house: &House) -> Option<TryIt> {
    let address = source.address("", &house.keys).ok()?;
    Some(TryIt {
        source: source.name.clone(),
        address,
        back: format!("/b/{slug}/phones"),
        name: "Maria Lopez".to_owned(),
        phone: "+1 512 555 0142".to_owned(),
        email: "maria.lopez@example.com".to_owned(),
        message: "Kitchen tap leaking, can someone come today?".to_owned(),
    })
}
