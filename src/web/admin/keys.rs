//! The keys of a source: a new address, a new secret, the end of an old one. What is replaced works seven days more, so
//! that nothing is refused until it was changed at the sender too.

use super::receipts::{Asked, Wrong, show_source};
use crate::base::ids::new_token;
use crate::base::keys::token_hash;
use crate::intake::providers;
use crate::lead::shop::keyring::{self, What};
use crate::lead::shop::{Source, store};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use crate::web::views::format::Wall;
use crate::web::views::keys::{self as words, Keys, Old};
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use serde::Deserialize;

/// The routes of these buttons.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/b/{slug}/sources/{id}/address", post(new_address))
        .route("/b/{slug}/sources/{id}/secret", post(new_secret))
        .route("/b/{slug}/sources/{id}/end", post(end))
}

/// What the page shows of a source's keys.
pub(super) async fn view(
    house: &App,
    source: &Source,
    wall: &Wall,
    now_ms: i64,
    done: &str,
    wrong: Wrong,
) -> Result<Keys, PageError> {
    let db = house.db.read();
    let in_force = keyring::store::in_force(db, &source.id).await?;
    let old = keyring::store::old(db, &source.id, now_ms).await?;
    let at = |at: i64| wall.short(at, now_ms);
    let is_signed = source.secret_sealed.is_some();
    let signs = providers::find(&source.provider).filter(|provider| provider.signed());
    let secret_about = if is_signed {
        words::about(&at(in_force.secret_made_at.unwrap_or(source.created_at)), in_force.secret_used_at.map(at))
    } else {
        "None: anyone who has the address can send you leads.".to_owned()
    };
    Ok(Keys {
        address: source
            .address(&house.public_url, &house.keys)
            .unwrap_or_else(|_| "The key file is not the one that sealed this address. Make a new address.".to_owned()),
        address_about: words::about(
            &at(in_force.address_made_at.unwrap_or(source.created_at)),
            in_force.address_used_at.map(at),
        ),
        secret_about,
        is_signed,
        could_sign: signs.filter(|_| !is_signed).map(|provider| provider.name().to_owned()),
        old: old
            .into_iter()
            .map(|key| Old {
                what: if key.kind == What::Address.as_str() { "Old address" } else { "Old secret" },
                about: words::about_old(&wall.day(key.until_at, now_ms), key.used_at.map(at)),
                key: key.seq,
            })
            .collect(),
        told: words::told(done),
        wrong: wrong.secret,
        token: super::token::view(house, source, wall, now_ms, wrong.token).await?,
    })
}

pub(super) async fn of(house: &App, who: &InBusiness, id: &str) -> Result<Source, PageError> {
    let sources = store::sources(house.db.read(), &who.business.id).await?;
    sources.into_iter().find(|source| *source.id == *id).ok_or(PageError::NotFound)
}

pub(super) fn back(who: &InBusiness, source: &Source, done: &str) -> Response {
    let done = if done.is_empty() { String::new() } else { format!("?done={done}") };
    Redirect::to(&format!("/b/{}/sources/{}{done}#keys", who.business.slug, source.id)).into_response()
}

async fn new_address(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let source = of(&house, &who, &id).await?;
    let token = new_token(&house.random);
    let (hash, sealed) = (token_hash(&token), house.keys.seal(&house.random, &token));
    let (of, now) = (source.id.clone(), house.clock.now_ms());
    house
        .db
        .write(move |c| Box::pin(async move { keyring::store::new_address(c, &of, &hash, &sealed, now).await }))
        .await?;
    house.engine.pipeline.keys_changed();
    Ok(back(&who, &source, "address"))
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    secret: String,
}

async fn new_secret(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let source = of(&house, &who, &id).await?;
    let provider = providers::find(&source.provider).unwrap_or_else(providers::generic);
    let secret = typed.secret.trim();
    if let Err(refusal) = provider.usable(secret) {
        let wrong = Wrong { secret: Some(refusal.problem), ..Wrong::default() };
        return show_source(&house, &who, &id, &Asked::default(), wrong).await;
    }
    let sealed = house.keys.seal(&house.random, secret);
    let (of, now) = (source.id.clone(), house.clock.now_ms());
    house.db.write(move |c| Box::pin(async move { keyring::store::new_secret(c, &of, &sealed, now).await })).await?;
    house.engine.pipeline.keys_changed();
    Ok(back(&who, &source, "secret"))
}

#[derive(Deserialize)]
struct Ending {
    #[serde(default)]
    key: String,
}

async fn end(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(ending): Form<Ending>,
) -> Result<Response, PageError> {
    let source = of(&house, &who, &id).await?;
    let Ok(key) = ending.key.parse::<i64>() else { return Err(PageError::Bad("Say which key ends.")) };
    let of = source.id.clone();
    let ended = house.db.write(move |c| Box::pin(async move { keyring::store::end(c, &of, key).await })).await?;
    house.engine.pipeline.keys_changed();
    Ok(back(&who, &source, if ended { "end" } else { "" }))
}

#[cfg(test)]
mod tests {
    use crate::web::admin::tests::{open, sign_in};
    use crate::web::sample::Standing;
    use axum::http::StatusCode;

    /// Where the keys of the form `web` stand: hash of its address, whether it has a secret, how many old ones there are.
    async fn keys(standing: &Standing) -> (String, bool, i64) {
        let sql =
            "SELECT token_hash, secret_sealed IS NOT NULL, (SELECT count(*) FROM old_key) FROM source WHERE id = 'web'";
        sqlx::query_as(sql).fetch_one(standing.house.db.read()).await.unwrap()
    }

    #[tokio::test]
    async fn keys_are_changed_by_their_own_shop_and_by_its_own_pages_only() {
        let standing = open().await;
        let (cookie, csrf) = sign_in(&standing, "rival").await;
        let before = keys(&standing).await;

        for button in ["address", "secret", "end", "token", "token/remove"] {
            let path = format!("/b/harbor/sources/web/{button}");
            let foreign = standing.post(&path, &cookie, &format!("csrf={csrf}&secret=s&key=1&token=t")).await;
            let other = format!("/b/rival/sources/web/{button}");
            let strayed = standing.post(&other, &cookie, &format!("csrf={csrf}&secret=s&key=1&token=t")).await;
            let forged = standing.post(&path, &cookie, "secret=s&key=1").await;
            assert_eq!([foreign.status, strayed.status], [StatusCode::NOT_FOUND; 2], "{button}");
            assert_eq!(forged.status, StatusCode::FORBIDDEN, "{button}");
        }

        assert_eq!(keys(&standing).await, before);
    }

    #[tokio::test]
    async fn an_old_key_of_another_source_is_not_ended() {
        let standing = open().await;
        let (cookie, csrf) = sign_in(&standing, "harbor").await;
        standing.post("/b/harbor/sources/web/address", &cookie, &format!("csrf={csrf}")).await;

        let ended = standing.post("/b/harbor/sources/ads/end", &cookie, &format!("csrf={csrf}&key=1")).await;
        let nonsense = standing.post("/b/harbor/sources/web/end", &cookie, &format!("csrf={csrf}&key=x")).await;

        assert_eq!((ended.status, nonsense.status), (StatusCode::SEE_OTHER, StatusCode::BAD_REQUEST));
        assert_eq!(keys(&standing).await.2, 1);
    }
}
