//! `/u/{mark}`: no more mails, from the link in each mail that follows. Opening it changes nothing, since mail scanners open
//! links too; the button posts, and so do mail programs by themselves (RFC 8058), without a cookie, a page or an origin of
//! ours. The mark is the proof. A mark that is not ours is a page that does not exist, whatever it looks like.

use super::App;
use super::error::{PageError, page};
use super::views::public::{self, Unsubscribe};
use crate::outbox::gate::UNSUBSCRIBED;
use crate::outbox::store::unsubscribe as store;
use crate::outbox::unsubscribe::mail_of;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;

/// The route.
pub fn routes() -> Router<App> {
    Router::new().route("/u/{mark}", get(open).post(press))
}

async fn open(State(house): State<App>, Path(mark): Path<String>) -> Result<Response, PageError> {
    let id = mail_of(&house.keys, &mark).ok_or(PageError::NotFound)?;
    let mail = store::mail(house.db.read(), &id).await?.ok_or(PageError::NotFound)?;
    if mail.is_open { page(&Unsubscribe { shop: mail.shop }) } else { page(&public::unsubscribed(&mail.shop)) }
}

async fn press(State(house): State<App>, Path(mark): Path<String>) -> Result<Response, PageError> {
    let id = mail_of(&house.keys, &mark).ok_or(PageError::NotFound)?;
    let mail = store::mail(house.db.read(), &id).await?.ok_or(PageError::NotFound)?;
    let now = house.clock.now_ms();
    let done = house
        .db
        .write(move |c| Box::pin(async move { store::unsubscribe(c, &id, UNSUBSCRIBED, now).await }))
        .await
        .map_err(|error| PageError::from(error).back_to(format!("/u/{mark}")))?;
    if done {
        house.moved(&mail.business_id);
    }
    page(&public::unsubscribed(&mail.shop))
}
