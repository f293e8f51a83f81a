//! The first run: who you are, what the shop is called, where alerts go. The link in the terminal is the key to it; it
//! works once, and only while nobody can sign in. What was typed survives a mistake, except the password.

use super::{come_in, page, told};
use crate::account::link::{self, Opens};
use crate::account::session::Fresh;
use crate::account::setup::{self, Answers, Done};
use crate::account::{Account, password};
use crate::base::ids::{BusinessId, PersonId, UserId};
use crate::base::text::clean_line;
use crate::lead::contact::{Email, Phone};
use crate::lead::shop::slug;
use crate::web::error::PageError;
use crate::web::views::countries::COUNTRIES;
use crate::web::views::public;
use crate::web::views::setup::{Setup, Typed};
use crate::web::{App, House};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Form, Router};
use jiff::tz::TimeZone;
use secrecy::SecretString;
use serde::Deserialize;

/// The most characters of a name.
const NAME_MAX: usize = 80;

/// `/setup/{token}`.
pub fn routes() -> Router<App> {
    Router::new().route("/setup/{token}", get(form).post(finish))
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    business: String,
    #[serde(default)]
    country: String,
    #[serde(default)]
    timezone: String,
    #[serde(default)]
    mobile: String,
}

/// What was given, once all of it makes sense.
struct Sound {
    name: String,
    email: String,
    business: String,
    country: String,
    timezone: String,
    mobile: Option<Phone>,
}

async fn form(State(house): State<App>, Path(token): Path<String>) -> Result<Response, PageError> {
    if !opens(&house, &token).await? {
        return told(StatusCode::GONE, &public::link_used_up());
    }
    page(StatusCode::OK, &Setup::new(token, &Typed::default()))
}

async fn finish(
    State(house): State<App>,
    Path(token): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response, PageError> {
    if !opens(&house, &token).await? {
        return told(StatusCode::GONE, &public::link_used_up());
    }
    let sound = match judge(&given) {
        Ok(sound) => sound,
        Err(typed) => return page(StatusCode::UNPROCESSABLE_ENTITY, &Setup::new(token, &typed)),
    };
    let Ok(hash) = house.doors.hasher.hash(&house.random, &given.password).await else {
        return Err(PageError::Bad("Choose another password."));
    };
    let (fresh, now) = (Fresh::draw(&house.random), house.clock.now_ms());
    let answers = answers(&house, sound, hash, now);
    let email = answers.account.email.clone();
    match setup::finish(&house.db, token, answers, fresh.clone(), now).await? {
        Done::In { slug } => Ok(come_in(&house, &email, &fresh, &format!("/b/{slug}/today"))),
        Done::TooLate => told(StatusCode::GONE, &public::link_used_up()),
    }
}

async fn opens(house: &House, token: &str) -> Result<bool, sqlx::Error> {
    Ok(link::peek(&house.db, token, house.clock.now_ms()).await? == Some(Opens::Setup))
}

/// All of it, or every mistake beside its field.
fn judge(given: &Given) -> Result<Sound, Typed> {
    let (name, business) = (clean_line(&given.name, NAME_MAX), clean_line(&given.business, NAME_MAX));
    let email = Email::parse(&given.email);
    let country = COUNTRIES.iter().find(|known| known.0 == given.country).map(|known| known.0);
    let mobile = given.mobile.trim();
    let phone = Phone::parse(mobile, country.unwrap_or("US"));
    let wrong = |is_wrong: bool, words: &str| is_wrong.then(|| words.to_owned());
    let mistakes = [
        ("name", &given.name, wrong(name.is_empty(), "Type your name.")),
        ("email", &given.email, wrong(email.is_none(), "That is not an e-mail address.")),
        ("password", &String::new(), password::check(&given.password).err().map(|unfit| unfit.to_string())),
        ("business", &given.business, wrong(business.is_empty(), "Type the name of the business.")),
        ("country", &given.country, wrong(country.is_none(), "Choose a country.")),
        ("timezone", &given.timezone, wrong(TimeZone::get(&given.timezone).is_err(), "Choose a time zone.")),
        (
            "mobile",
            &given.mobile,
            wrong(!mobile.is_empty() && phone.is_none(), "That number cannot be called. Type it with its area code."),
        ),
    ];
    match (email, country) {
        (Some(email), Some(country)) if mistakes.iter().all(|mistake| mistake.2.is_none()) => Ok(Sound {
            name,
            email: email.as_str().to_lowercase(),
            business,
            country: country.to_owned(),
            timezone: given.timezone.clone(),
            mobile: phone,
        }),
        _ => Err(Typed { fields: mistakes.into_iter().map(|(id, value, wrong)| (id, value.clone(), wrong)).collect() }),
    }
}

fn answers(house: &House, sound: Sound, password_hash: String, now: i64) -> Answers {
    Answers {
        account: Account {
            id: UserId::new(&house.random, now),
            email: sound.email,
            name: sound.name,
            business_id: None,
        },
        password_hash,
        slug: Some(slug(&sound.business)),
        business: sound.business,
        country: sound.country,
        timezone: sound.timezone,
        phone: sound.mobile.map(|phone| phone.as_str().to_owned()),
        spare_ids: (BusinessId::new(&house.random, now), PersonId::new(&house.random, now)),
    }
}
