//! The people of a team: added, changed, removed, and tried whether an alert reaches them.

use super::forms::{Given, Typed, read_days_off, read_week, text};
use super::{again, done, steps, team};
use crate::base::ids::PersonId;
use crate::base::text::clean_line;
use crate::lead::contact::{Email, Phone};
use crate::lead::shop::{Person, store as shops};
use crate::lead::team::store::change::{self, Details};
use crate::lead::team::{Member, Team, store};
use crate::outbox::store::enqueue::enqueue;
use crate::reply::handoff;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use axum::routing::post;

/// The most characters of a name.
const NAME_MAX: usize = 80;
/// The most people of a team.
const PEOPLE_MAX: usize = 50;

/// The routes of these buttons.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/b/{slug}/team/people", post(add))
        .route("/b/{slug}/team/people/{id}", post(save))
        .route("/b/{slug}/team/people/{id}/remove", post(remove))
        .route("/b/{slug}/team/people/{id}/test", post(test))
}

async fn add(State(house): State<App>, who: InBusiness, Form(given): Form<Given>) -> Result<Response, PageError> {
    let team = team(&house, &who).await?;
    if team.members.len() >= PEOPLE_MAX {
        return Err(PageError::Bad("There are as many people as a team can have. Remove one first."));
    }
    let details = match read(&team, &given, &who.business.country, None) {
        Ok(details) => details,
        Err(wrong) => return again(&house, &who, &Typed::new("newperson", &given, wrong)).await,
    };
    let (business, now) = (who.business.id.clone(), house.clock.now_ms());
    let person = Person {
        id: PersonId::new(&house.random, now),
        business_id: business.clone(),
        name: details.name.clone(),
        phone: details.phone.clone(),
        email: details.email.clone(),
        position: 0,
        created_at: now,
    };
    let added = house
        .db
        .write(move |c| {
            Box::pin(async move {
                shops::add_person(c, &person).await?;
                change::set_person(c, &business, &person.id, &details).await
            })
        })
        .await;
    added.map_err(|error| back(error, &who))?;
    Ok(done(&house, &who, "saved", ""))
}

async fn save(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(given): Form<Given>,
) -> Result<Response, PageError> {
    let team = team(&house, &who).await?;
    let member = find(&team, &id)?.clone();
    let form = format!("person-{}", member.id);
    let details = match read(&team, &given, &who.business.country, Some(&member)) {
        Ok(details) => details,
        Err(wrong) => return again(&house, &who, &Typed::new(form, &given, wrong)).await,
    };
    let (business, id) = (who.business.id.clone(), member.id);
    let saved =
        house.db.write(move |c| Box::pin(async move { change::set_person(c, &business, &id, &details).await })).await;
    saved.map_err(|error| back(error, &who))?;
    Ok(done(&house, &who, "saved", &format!("#{form}")))
}

async fn remove(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let team = team(&house, &who).await?;
    let member = find(&team, &id)?.id.clone();
    if team.members.len() == 1 {
        return Err(PageError::Bad("Somebody must be told about leads. Add another person first."));
    }
    let (shop, now) = (who.business.clone(), house.clock.now_ms());
    let removed = house
        .db
        .write(move |c| {
            Box::pin(async move {
                change::remove_person(c, &shop.id, &member, now).await?;
                let left = store::of(c, &shop, None).await?;
                if left.is_set {
                    change::set_steps(c, &shop.id, &steps::from_the_start(left.steps)).await?;
                }
                Ok(())
            })
        })
        .await;
    removed.map_err(|error| back(error, &who))?;
    Ok(done(&house, &who, "removed", ""))
}

/// A test alert, by everything that this person has.
async fn test(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let team = team(&house, &who).await?;
    let member = find(&team, &id)?;
    let drafts = handoff::test_alerts(
        &who.business,
        member,
        house.engine.pipeline.can_call(),
        house.clock.now_ms(),
        &house.random,
    );
    let at = format!("#person-{}", member.id);
    let planned = house.db.write(move |c| Box::pin(async move { enqueue(c, &drafts).await })).await;
    planned.map_err(|error| back(error, &who))?;
    house.engine.outbox.nudge();
    Ok(done(&house, &who, "test", &at))
}

fn find<'a>(team: &'a Team, id: &str) -> Result<&'a Member, PageError> {
    team.members.iter().find(|member| *member.id == *id).ok_or(PageError::NotFound)
}

fn back(error: crate::db::WriteError, who: &InBusiness) -> PageError {
    PageError::from(error).back_to(format!("/b/{}/team", who.business.slug))
}

/// All that was typed of a person, or every mistake. `member` is who it is about, if it is no new one.
fn read(
    team: &Team,
    given: &Given,
    country: &str,
    member: Option<&Member>,
) -> Result<Details, Vec<(&'static str, String)>> {
    let mut wrong: Vec<(&'static str, String)> = Vec::new();
    let name = clean_line(&text(given, "name"), NAME_MAX);
    let (phone, email) = (text(given, "phone"), text(given, "email"));
    let number = Phone::parse(&phone, country).map(|phone| phone.as_str().to_owned());
    let address = Email::parse(&email).map(|email| email.as_str().to_owned());
    if name.is_empty() {
        wrong.push(("name", "Type a name.".to_owned()));
    }
    let others = || team.members.iter().filter(|other| member.is_none_or(|member| member.id != other.id));
    if !phone.is_empty() && number.is_none() {
        wrong.push(("phone", "That number cannot be called. Type it with its area code.".to_owned()));
    } else if let Some(other) = others().find(|other| number.is_some() && other.phone == number) {
        wrong.push(("phone", format!("That is the number of {}. Replies tell people apart by it.", other.name)));
    } else if phone.is_empty() && email.is_empty() {
        wrong.push(("phone", "Give a number or an email, or nobody can tell them.".to_owned()));
    }
    if !email.is_empty() && address.is_none() {
        wrong.push(("email", "That is not an email address. Look for a slip of the finger.".to_owned()));
    }
    let hours = read_week(given, &mut wrong);
    let days_off = read_days_off(&text(given, "days_off"));
    if days_off.is_none() {
        wrong.push(("days_off", "Write days such as 2026-12-24 to 2026-12-26, 2027-01-01.".to_owned()));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Details { name, phone: number, email: address, hours, days_off: days_off.unwrap_or_default() })
}
