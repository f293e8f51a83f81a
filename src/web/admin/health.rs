//! `/health`: what this process can see of itself, failing first, each with its next step. `leadbell doctor` looks at
//! more, from outside.

use super::frame::{Frame, frame, way};
use crate::lead::shop::{Source, store};
use crate::outbox::channel::Medium;
use crate::web::error::{PageError, page};
use crate::web::health::WORKER_SILENT_MS;
use crate::web::session::{InBusiness, SignedIn};
use crate::web::views::chrome::Here;
use crate::web::views::format::{Wall, Way};
use crate::web::views::health::{Check, Health, worst_first};
use crate::web::{App, House};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

/// The route of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/health", get(health))
}

/// In the frame of the first shop that this person sees.
async fn health(State(house): State<App>, signed_in: SignedIn) -> Result<Response, PageError> {
    let shops = store::businesses_within(house.db.read(), signed_in.account.business_id.as_ref()).await?;
    let business = shops.into_iter().next().ok_or(PageError::NotFound)?;
    let who = InBusiness { signed_in, business };
    let Frame { chrome, wall, now_ms } = frame(&house, &who, Here::Health).await?;
    let sources = store::sources(house.db.read(), &who.business.id).await?;
    let mut checks = vec![database(&house), worker(&house)];
    checks.push(way_out(
        &house,
        Medium::Sms,
        "Texts",
        "Set LEADBELL_TWILIO_ACCOUNT_SID and its kin, then start again.",
    ));
    checks.push(way_out(
        &house,
        Medium::Mail,
        "Email",
        "Set LEADBELL_SMTP_URL and LEADBELL_EMAIL_FROM, then start again.",
    ));
    checks.extend(sources.iter().map(|source| form(source, &wall, now_ms)));
    page(&Health { chrome, checks: worst_first(checks) })
}

fn database(house: &House) -> Check {
    let ok = house.db.takes_writes();
    let (detail, next) = if ok {
        ("It takes writes.", "")
    } else {
        ("The last write could not be stored.", "Look at the disk: leadbell doctor")
    };
    check("Database", ok, detail, next)
}

fn worker(house: &House) -> Check {
    let ok = house.engine.outbox.idle_ms() <= WORKER_SILENT_MS;
    let (detail, next) =
        if ok { ("It looks for messages every second.", "") } else { ("It has stopped.", "Start leadbell again.") };
    check("Messages on their way", ok, detail, next)
}

fn way_out(house: &House, medium: Medium, name: &str, connect: &str) -> Check {
    match way(house, medium) {
        Way::Works => {
            let vendor = house.engine.outbox.vendor(medium).unwrap_or("the vendor");
            check(name, true, &format!("Connected, through {vendor}."), "")
        }
        Way::Off => check(name, true, "Not connected: they go to the preview phones.", connect),
        Way::Failing => {
            let trouble = house.engine.outbox.trouble(medium).unwrap_or_default();
            check(name, false, &trouble, "Nothing is lost: they wait and go out by themselves. See leadbell doctor")
        }
    }
}

fn form(source: &Source, wall: &Wall, now_ms: i64) -> Check {
    match source.last_at {
        Some(at) => check(&source.name, true, &format!("Last submission {}.", wall.short(at, now_ms)), ""),
        None => check(&source.name, true, "Nothing came yet.", "Send the form once yourself."),
    }
}

fn check(name: &str, ok: bool, detail: &str, next: &str) -> Check {
    Check { name: name.to_owned(), ok, detail: detail.to_owned(), next: next.to_owned() }
}
