//! `/b/{slug}/hooks`: addresses of the business that are told what happens to its leads: add, test, switch off, remove,
//! a new secret, what arrived lately, and sending again what did not.

use super::frame::{Frame, frame};
use crate::base::text::clean_line;
use crate::db::Conn;
use crate::delivery::guard::{checked, host};
use crate::lead::hook::{self, Event, Hook, Kind, Means, OVERLAP_MS, store as hooks};
use crate::outbox::channel::Medium;
use crate::outbox::store::hooks::{self as messages, Delivery, deliveries};
use crate::reply;
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::format::Wall;
use crate::web::views::hooks::{DeliveryLine, HookCard, HooksPage, Typed, about, told};
use crate::web::views::pieces::Pill;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

/// How many messages of each hook are shown.
const SHOWN: i64 = 10;
/// The longest address.
const URL_MAX: usize = 2_000;

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/b/{slug}/hooks", get(open).post(add))
        .route("/b/{slug}/hooks/{id}/test", post(test))
        .route("/b/{slug}/hooks/{id}/secret", post(new_secret))
        .route("/b/{slug}/hooks/{id}/off", post(off))
        .route("/b/{slug}/hooks/{id}/on", post(on))
        .route("/b/{slug}/hooks/{id}/remove", post(remove))
        .route("/b/{slug}/hooks/{id}/again", post(again))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn open(State(house): State<App>, who: InBusiness, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let usual = Typed {
        kind: Kind::Webhook.as_str().to_owned(),
        events: vec![Event::Received.as_str().to_owned()],
        ..Typed::default()
    };
    show(&house, &who, usual, told(&asked.done), None).await
}

/// `fresh`: a secret that was just made, and the host it is for.
async fn show(
    house: &App,
    who: &InBusiness,
    typed: Typed,
    told: Option<&'static str>,
    fresh: Option<(String, String)>,
) -> Result<Response, PageError> {
    let Frame { chrome, wall, now_ms } = frame(house, who, Here::More).await?;
    let mut cards = Vec::new();
    for hook in hooks::of_business(house.db.read(), &who.business.id).await? {
        let lately = deliveries(house.db.read(), &who.business.id, &hook.id, SHOWN).await?;
        cards.push(card(house, hook, &lately, &wall, now_ms));
    }
    page(&HooksPage { chrome, typed, told, fresh, hooks: cards })
}

fn card(house: &App, hook: Hook, lately: &[Delivery], wall: &Wall, now_ms: i64) -> HookCard {
    let kind = hook.kind();
    let words: Vec<&str> = Event::ALL.into_iter().filter(|event| hook.wants(*event)).map(Event::as_str).collect();
    let (pill, why) = if !hook.is_on {
        (Pill::new("slow", "off"), hook.off_why.clone())
    } else if hook.failures > 0 {
        (Pill::new("slow", "failing"), None)
    } else {
        (Pill::new("fast", "on"), None)
    };
    HookCard {
        // The address of a chat or a topic is itself the key to it.
        address: match house.keys.open(&hook.url_sealed) {
            Ok(url) if kind == Kind::Webhook => url.split('?').next().unwrap_or_default().to_owned(),
            _ => hook.host.clone(),
        },
        kind: kind.words(),
        events: words.join(", "),
        pill,
        why,
        is_on: hook.is_on,
        has_secret: hook.secret_sealed.is_some(),
        old_until: hook.old_until_at.filter(|until| *until > now_ms).map(|until| wall.short(until, now_ms)),
        deliveries: lately.iter().map(|delivery| line(delivery, wall, now_ms)).collect(),
        id: hook.id,
    }
}

fn line(d: &Delivery, wall: &Wall, now_ms: i64) -> DeliveryLine {
    let again = (d.state == "queued" && d.attempts > 0).then(|| wall.short(d.due_at, now_ms));
    DeliveryLine {
        id: d.id.clone(),
        event: d.event().to_owned(),
        at: wall.short(d.queued_at, now_ms),
        lead: d.lead_id.clone(),
        pill: Pill::message(&d.state),
        about: about(d.reason.as_deref(), d.attempts, again),
        can_again: d.has_words && ["failed", "expired", "cancelled"].contains(&d.state.as_str()),
    }
}

async fn add(
    State(house): State<App>,
    who: InBusiness,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let business = &who.business.id;
    let mut typed = read(&fields);
    let kind = Kind::parse(&typed.kind);
    let events: Vec<Event> = typed.events.iter().filter_map(|word| Event::parse(word)).collect();
    let url = checked(&typed.url, house.engine.hooks);
    typed.url_wrong = url.as_ref().err().map(ToString::to_string);
    if events.is_empty() {
        typed.events_wrong = Some("Tick at least one.".to_owned());
    }
    if typed.url_wrong.is_none() && hooks::of_business(house.db.read(), business).await?.len() >= hook::MOST {
        typed.url_wrong = Some(format!("{} hooks are the most. Remove one first.", hook::MOST));
    }
    let (Ok(url), Some(kind), None, None) = (url, kind, &typed.url_wrong, &typed.events_wrong) else {
        return show(&house, &who, typed, None, None).await;
    };
    let means = Means { keys: &house.keys, random: &house.random, now: house.clock.now_ms() };
    let host = host(&url);
    let (hook, secret) = Hook::new(business, kind, (url.as_str(), &host), &events, means);
    change(&house, &who, move |c| Box::pin(async move { hooks::add(c, &hook).await })).await?;
    match secret {
        Some(secret) => show(&house, &who, Typed::default(), told("added"), Some((host, secret))).await,
        None => Ok(back(&who, "added")),
    }
}

fn read(fields: &[(String, String)]) -> Typed {
    let one = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    let events = fields.iter().filter(|(name, _)| name == "event").map(|(_, value)| value.clone());
    Typed {
        url: clean_line(one("url"), URL_MAX),
        kind: one("kind").to_owned(),
        events: events.collect(),
        ..Typed::default()
    }
}

async fn test(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let hook = of(&house, &who, &id).await?;
    let ping = reply::ping(&hook, &who.business, &house.public_url, house.clock.now_ms(), &house.random);
    change(&house, &who, move |c| Box::pin(async move { messages::plan(c, &[ping]).await })).await?;
    house.engine.outbox.nudge_one(Medium::Hook);
    Ok(back(&who, "test"))
}

async fn new_secret(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let hook = of(&house, &who, &id).await?;
    if hook.secret_sealed.is_none() {
        return Err(PageError::Bad("This kind of hook has no secret."));
    }
    let secret = hook::new_secret(&house.random);
    let sealed = house.keys.seal(&house.random, &secret);
    let (business, until) = (who.business.id.clone(), house.clock.now_ms() + OVERLAP_MS);
    change(&house, &who, move |c| Box::pin(async move { hooks::rotate(c, &business, &id, &sealed, until).await }))
        .await?;
    show(&house, &who, Typed::default(), None, Some((hook.host, secret))).await
}

async fn off(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    switch(&house, &who, &id, false).await
}

async fn on(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    switch(&house, &who, &id, true).await
}

async fn switch(house: &App, who: &InBusiness, id: &str, on: bool) -> Result<Response, PageError> {
    let hook = of(house, who, id).await?;
    let business = who.business.id.clone();
    change(house, who, move |c| Box::pin(async move { hooks::switch(c, &business, &hook.id, on).await })).await?;
    Ok(back(who, if on { "on" } else { "off" }))
}

async fn remove(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let hook = of(&house, &who, &id).await?;
    let business = who.business.id.clone();
    change(&house, &who, move |c| Box::pin(async move { hooks::remove(c, &business, &hook.id).await })).await?;
    Ok(back(&who, "removed"))
}

#[derive(Deserialize)]
struct Again {
    #[serde(default)]
    message: String,
}

async fn again(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(asked): Form<Again>,
) -> Result<Response, PageError> {
    let hook = of(&house, &who, &id).await?;
    let (business, now) = (who.business.id.clone(), house.clock.now_ms());
    let message = asked.message;
    let sent = change(&house, &who, move |c| {
        Box::pin(async move { messages::again(c, &business, &hook.id, &message, now).await })
    })
    .await?;
    house.engine.outbox.nudge_one(Medium::Hook);
    Ok(back(&who, if sent { "again" } else { "" }))
}

async fn of(house: &App, who: &InBusiness, id: &str) -> Result<Hook, PageError> {
    hooks::one(house.db.read(), &who.business.id, id).await?.ok_or(PageError::NotFound)
}

/// One write; if it fails, the way back leads here.
async fn change<T, F>(house: &App, who: &InBusiness, job: F) -> Result<T, PageError>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Conn) -> crate::base::Boxed<'c, Result<T, sqlx::Error>> + Send + 'static,
{
    let here = format!("/b/{}/hooks", who.business.slug);
    house.db.write(job).await.map_err(|error| PageError::from(error).back_to(here))
}

fn back(who: &InBusiness, done: &str) -> Response {
    let done = if done.is_empty() { String::new() } else { format!("?done={done}") };
    Redirect::to(&format!("/b/{}/hooks{done}", who.business.slug)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::admin::tests::{open, sign_in};
    use crate::web::sample::Standing;
    use axum::http::StatusCode;

    const HERE: &str = "/b/harbor/hooks";

    async fn all(standing: &Standing) -> Vec<Hook> {
        hooks::of_business(standing.house.db.read(), &"harbor".into()).await.unwrap()
    }

    #[tokio::test]
    async fn a_hook_is_added_with_its_secret_shown_once_and_its_address_kept_sealed() {
        let standing = open().await;
        let (cookie, csrf) = sign_in(&standing, "harbor").await;
        let form = format!(
            "csrf={csrf}&url=https%3A%2F%2Fcrm.example%2Fin%3Fkey%3Dcanary&kind=webhook&event=lead.received&event=lead.closed"
        );

        let added = standing.post(HERE, &cookie, &form).await;
        let later = standing.get(HERE, &cookie).await;

        assert_eq!(added.status, StatusCode::OK);
        assert!(added.text.contains("whsec_") && !later.text.contains("whsec_"), "{}", later.text);
        assert!(later.text.contains("https://crm.example/in<") && !later.text.contains("canary"), "{}", later.text);
        let kept = all(&standing).await;
        assert_eq!((kept.len(), kept[0].events.as_str()), (1, "lead.received lead.closed"));
        assert_eq!(standing.house.keys.open(&kept[0].url_sealed).unwrap(), "https://crm.example/in?key=canary");
    }

    #[tokio::test]
    async fn what_does_not_do_is_said_beside_its_field_and_nothing_is_stored() {
        let standing = open().await;
        let (cookie, csrf) = sign_in(&standing, "harbor").await;

        for (url, event, words) in [
            ("", "lead.taken", "That is no web address."),
            ("http%3A%2F%2Fcrm.example", "lead.taken", "must begin with https://"),
            ("https%3A%2F%2F10.0.0.1", "lead.taken", "private or reserved network"),
            ("https%3A%2F%2Fcrm.example", "lead.invented", "Tick at least one."),
        ] {
            let said = standing.post(HERE, &cookie, &format!("csrf={csrf}&url={url}&kind=ntfy&event={event}")).await;
            assert!(said.text.contains(words) && said.text.contains("value=\"ntfy\" selected"), "{url}: {}", said.text);
            assert_eq!(said.text.contains("value=\"lead.taken\" checked"), event == "lead.taken");
        }

        assert!(all(&standing).await.is_empty());
    }

    #[tokio::test]
    async fn hooks_belong_to_their_shop_and_are_changed_by_its_own_pages_only() {
        let standing = open().await;
        let (cookie, csrf) = sign_in(&standing, "harbor").await;
        let (rival, rival_csrf) = sign_in(&standing, "rival").await;
        let form = format!("csrf={csrf}&url=https%3A%2F%2Fcrm.example&kind=webhook&event=lead.received");
        standing.post(HERE, &cookie, &form).await;
        let before = all(&standing).await;
        let id = before[0].id.clone();

        for button in ["test", "secret", "off", "on", "remove", "again"] {
            let foreign = standing.post(&format!("{HERE}/{id}/{button}"), &rival, &format!("csrf={rival_csrf}")).await;
            let strayed =
                standing.post(&format!("/b/rival/hooks/{id}/{button}"), &rival, &format!("csrf={rival_csrf}")).await;
            let forged = standing.post(&format!("{HERE}/{id}/{button}"), &cookie, "").await;
            assert_eq!([foreign.status, strayed.status], [StatusCode::NOT_FOUND; 2], "{button}");
            assert_eq!(forged.status, StatusCode::FORBIDDEN, "{button}");
        }
        let looked = standing.get(HERE, &rival).await;

        assert_eq!(looked.status, StatusCode::NOT_FOUND);
        assert_eq!(all(&standing).await, before);
    }
}
