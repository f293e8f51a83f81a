//! Whether the customer hears of a payment that failed: one switch on the page of a source that tells of money.

use crate::intake::providers;
use crate::lead::shop::{Source, store};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use axum::routing::post;
use serde::Deserialize;

/// The route of the switch.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/sources/{id}/nudges", post(switch))
}

/// How the switch of a source stands; none where no money is told of.
pub(super) fn of(source: &Source) -> Option<bool> {
    let provider = providers::find(&source.provider)?;
    (provider.kind() == "payment").then_some(source.nudges)
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    on: String,
}

/// `POST …/nudges` with `on=yes`, or without for off. May be pressed again.
async fn switch(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(wanted): Form<Wanted>,
) -> Result<Redirect, PageError> {
    let sources = store::sources(house.db.read(), &who.business.id).await?;
    let source = sources.into_iter().find(|source| *source.id == *id).ok_or(PageError::NotFound)?;
    let here = format!("/b/{}/sources/{}#failed-h", who.business.slug, source.id);
    let on = wanted.on == "yes";
    let done = house.db.write(move |c| Box::pin(async move { store::nudge(c, &source.id, on).await })).await;
    done.map_err(|error| PageError::from(error).back_to(here.clone()))?;
    house.engine.pipeline.keys_changed();
    Ok(Redirect::to(&here))
}

#[cfg(test)]
mod tests {
    use crate::web::admin::tests::{open, set, sign_in};
    use axum::http::StatusCode;

    #[tokio::test]
    async fn the_switch_stands_where_money_is_told_of_and_its_own_shop_alone_moves_it() {
        let standing = open().await;
        set(&standing.house.db, "UPDATE source SET provider = 'stripe' WHERE id = 'web'").await;
        let (cookie, csrf) = sign_in(&standing, "harbor").await;
        let (rival, rival_csrf) = sign_in(&standing, "rival").await;
        let path = "/b/harbor/sources/web/nudges";
        let page = async || standing.get("/b/harbor/sources/web", &cookie).await.text;

        assert!(page().await.contains("Switch it on"));
        assert!(!standing.get("/b/harbor/sources/ads", &cookie).await.text.contains("Failed payments"));
        let foreign = standing.post(path, &rival, &format!("csrf={rival_csrf}&on=yes")).await;
        let forged = standing.post(path, &cookie, "on=yes").await;
        assert_eq!((foreign.status, forged.status), (StatusCode::NOT_FOUND, StatusCode::FORBIDDEN));
        assert!(page().await.contains("Switch it on"));

        let on = standing.post(path, &cookie, &format!("csrf={csrf}&on=yes")).await;
        assert_eq!(on.status, StatusCode::SEE_OTHER);
        assert!(page().await.contains("Switch it off"));
        standing.post(path, &cookie, &format!("csrf={csrf}")).await;
        assert!(page().await.contains("Switch it on"));
    }
}
