//! `/account`: change the password, see and end sessions, make and take back keys of the API. A key is shown once, on
//! the very answer that made it. Somebody who sees one business sees, makes and ends that business's keys only.

use super::{come_in, go, page};
use crate::account::session::{self, Fresh};
use crate::account::throttle::Place;
use crate::account::{key, password, store};
use crate::base::ids::BusinessId;
use crate::base::text::clean_line;
use crate::lead::shop::{Business, store as shops};
use crate::web::error::PageError;
use crate::web::session::SignedIn;
use crate::web::views::access::{Access, KeyLine, SessionLine};
use crate::web::views::format::Wall;
use crate::web::{App, House};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use secrecy::SecretString;
use serde::Deserialize;

/// The most characters of a key's name.
const NAME_MAX: usize = 60;

/// `/account` and what its forms post to.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(show))
        .route("/account/password", post(change_password))
        .route("/account/sessions/end", post(end_session))
        .route("/account/sessions/end-others", post(end_others))
        .route("/account/keys", post(make_key))
        .route("/account/keys/revoke", post(revoke_key))
}

async fn show(State(house): State<App>, who: SignedIn) -> Result<Response, PageError> {
    page(StatusCode::OK, &view(&house, &who).await?)
}

#[derive(Deserialize)]
struct Passwords {
    #[serde(default)]
    old: SecretString,
    #[serde(default)]
    new: SecretString,
}

/// Whoever has an account without a password (it came in by a link) sets one without the old one.
async fn change_password(
    State(house): State<App>,
    who: SignedIn,
    Form(given): Form<Passwords>,
) -> Result<Response, PageError> {
    let refused = async |words: String| {
        let view = Access { password_wrong: Some(words), ..view(&house, &who).await? };
        page(StatusCode::UNPROCESSABLE_ENTITY, &view)
    };
    if let Err(unfit) = password::check(&given.new) {
        return refused(unfit.to_string()).await;
    }
    if let Some(stored) = store::password_hash(&house.db, &who.account.id).await? {
        let from = Place::Known(who.session.id.clone());
        if let Err(wait) = house.doors.sign_in.admit(&who.account.email, &from, house.clock.mono_ms()) {
            return refused(format!("Too many tries. Wait {} seconds.", wait.secs())).await;
        }
        if !house.doors.hasher.is_right(&given.old, Some(&stored)).await {
            return refused("That is not your password of now.".to_owned()).await;
        }
        house.doors.sign_in.succeeded(&who.account.email, &from, house.clock.mono_ms());
    }
    let Ok(hash) = house.doors.hasher.hash(&house.random, &given.new).await else {
        return Err(PageError::Bad("Choose another password."));
    };
    let fresh = Fresh::draw(&house.random);
    store::set_password(&house.db, who.account.id.clone(), hash, fresh.clone(), house.clock.now_ms()).await?;
    Ok(come_in(&house, &who.account.email, &fresh, "/account"))
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

async fn end_session(State(house): State<App>, who: SignedIn, Form(named): Form<Named>) -> Result<Response, PageError> {
    session::end(&house.db, who.account.id, named.id).await?;
    Ok(go("/account"))
}

async fn end_others(State(house): State<App>, who: SignedIn) -> Result<Response, PageError> {
    session::end_others(&house.db, who.account.id, who.session.id).await?;
    Ok(go("/account"))
}

#[derive(Deserialize)]
struct NewKey {
    #[serde(default)]
    name: String,
    #[serde(default)]
    business: String,
}

async fn make_key(State(house): State<App>, who: SignedIn, Form(given): Form<NewKey>) -> Result<Response, PageError> {
    let name = clean_line(&given.name, NAME_MAX);
    if name.is_empty() {
        let view = Access { key_wrong: Some("Say what the key is for.".to_owned()), ..view(&house, &who).await? };
        return page(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let scope = scope(&house, &who, &given.business).await?;
    let fresh = key::add(&house.db, &house.random, &name, scope, house.clock.now_ms()).await?;
    page(StatusCode::OK, &Access { new_key: Some(fresh.token), ..view(&house, &who).await? })
}

/// What a new key opens: what was chosen, and never more than its maker sees.
async fn scope(house: &House, who: &SignedIn, chosen: &str) -> Result<Option<BusinessId>, PageError> {
    if chosen.is_empty() {
        return Ok(who.account.business_id.clone());
    }
    let within = who.account.business_id.as_ref();
    let business = shops::business_within(house.db.read(), chosen, within).await?;
    business.map(|business| Some(business.id)).ok_or(PageError::NotFound)
}

async fn revoke_key(State(house): State<App>, who: SignedIn, Form(named): Form<Named>) -> Result<Response, PageError> {
    if key::revoke(&house.db, who.account.business_id, named.id).await? {
        Ok(go("/account"))
    } else {
        Err(PageError::NotFound)
    }
}

async fn view(house: &House, who: &SignedIn) -> Result<Access, PageError> {
    let now = house.clock.now_ms();
    let shops = shops::businesses_within(house.db.read(), who.account.business_id.as_ref()).await?;
    let wall = shops.first().map_or_else(|| Wall::new("UTC", "US"), |shop| Wall::new(&shop.timezone, &shop.country));
    let sessions = session::list(&house.db, &who.account.id, now).await?;
    let keys = key::list(&house.db, who.account.business_id.as_ref()).await?;
    Ok(Access {
        name: who.account.name.clone(),
        email: who.account.email.clone(),
        csrf: who.csrf.clone(),
        zone: wall.name().to_owned(),
        has_password: store::password_hash(&house.db, &who.account.id).await?.is_some(),
        password_wrong: None,
        sessions: sessions.into_iter().map(|line| session_line(line, who, &wall, now)).collect(),
        keys: keys.into_iter().map(|line| key_line(line, &shops, &wall, now)).collect(),
        shops: shops.iter().map(|shop| (shop.slug.clone(), shop.name.clone())).collect(),
        all_shops: who.account.business_id.is_none(),
        new_key: None,
        key_wrong: None,
    })
}

fn session_line(session: session::Session, who: &SignedIn, wall: &Wall, now: i64) -> SessionLine {
    SessionLine {
        is_this: session.id == who.session.id,
        since: wall.short(session.created_at, now),
        seen: wall.short(session.seen_at, now),
        id: session.id,
    }
}

fn key_line(key: key::Key, shops: &[Business], wall: &Wall, now: i64) -> KeyLine {
    let shop = key.business_id.as_ref().and_then(|id| shops.iter().find(|shop| shop.id == *id));
    KeyLine {
        id: key.id,
        name: key.name,
        shop: shop.map(|shop| shop.name.clone()),
        made: wall.short(key.created_at, now),
        used: key.last_used_at.map(|at| wall.short(at, now)),
    }
}
