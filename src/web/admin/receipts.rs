//! `/b/{slug}/receipts/{id}`: one submission as it came; `/b/{slug}/sources/{id}`: the newest ones of a source, those
//! that made no lead included.

use super::frame::{Frame, frame};
use super::lead::delivery;
use super::source_health::section;
use crate::base::ids::{LeadId, ReceiptId};
use crate::base::keyset::Place;
use crate::lead::reading::Reading;
use crate::lead::receipts::{self, Filter, Whole};
use crate::lead::record::Lead;
use crate::lead::shop::{Person, Source, store};
use crate::lead::store::read;
use crate::outbox::store::read::{Message, kept_alerts};
use crate::reply::KEPT_ALERT_EVERY_MS;
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::format::count;
use crate::web::views::pieces::Notice;
use crate::web::views::receipts::{self as view, Receipt, Row, Submissions};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

const A_PAGE: usize = 50;

/// The routes of these pages.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/receipts/{id}", get(one)).route("/b/{slug}/sources/{id}", get(of_source))
}

async fn one(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    show(&house, &who, id, None).await
}

/// One submission, with what running it again showed.
pub(super) async fn show(
    house: &App,
    who: &InBusiness,
    id: String,
    again: Option<view::Again>,
) -> Result<Response, PageError> {
    let (db, business) = (house.db.read(), &who.business);
    let Frame { chrome, wall, now_ms } = frame(house, who, Here::Sources).await?;
    let found = receipts::one(db, Some(&business.id), &ReceiptId::from(id)).await?.ok_or(PageError::NotFound)?;
    let people = store::people(db, &business.id).await?;
    let source = store::sources(db, &business.id).await?.into_iter().find(|s| s.id == found.receipt.source_id);
    let lead = match &found.receipt.lead_id {
        Some(lead) => read::one(db, &business.id, lead).await?,
        None => None,
    };
    let told = if found.receipt.state != "kept" {
        None
    } else {
        let window = found.receipt.received_at.div_euclid(KEPT_ALERT_EVERY_MS) * KEPT_ALERT_EVERY_MS;
        let within = window..window + KEPT_ALERT_EVERY_MS;
        let alerts = kept_alerts(db, &business.id, &found.receipt.source_id, within).await?;
        Some(alerts.iter().map(|m| delivery(m, &whom(m, &people), &wall, now_ms)).collect())
    };
    let receipt = &found.receipt;
    let joined = lead.as_ref().is_some_and(|lead| lead.clocks.received_at != receipt.received_at);
    let (state, means) = view::state(&receipt.state, joined);
    page(&Receipt {
        id: receipt.id.to_string(),
        again,
        source: (receipt.source_id.to_string(), source.map_or_else(|| "A source".to_owned(), |s| s.name)),
        at: wall.exact(receipt.received_at, now_ms),
        machine: wall.machine(receipt.received_at),
        state,
        notice: notice(&found, lead.as_ref(), means, &business.slug),
        reading: reading(&found, &business.country),
        told,
        repeats: u64::try_from(receipt.repeats).unwrap_or(0),
        is_kept: receipt.blanked_at.is_none(),
        size: u64::try_from(receipt.size).unwrap_or(0),
        files: u64::try_from(receipt.files).unwrap_or(0),
        network: receipt.remote.clone(),
        headers: serde_json::from_str(&found.headers).unwrap_or_default(),
        query: url::form_urlencoded::parse(receipt.query.as_bytes()).into_owned().collect(),
        body: view::look(&found.body),
        chrome,
    })
}

/// What became of it, what that means for the lead, and one next step.
fn notice(found: &Whole, lead: Option<&Lead>, means: &str, slug: &str) -> Notice {
    let receipt = &found.receipt;
    let open = |lead: &LeadId| (format!("/b/{slug}/leads/{lead}"), "Open the lead".to_owned());
    let why = receipt.problem.clone();
    let (text, next) = match (receipt.state.as_str(), lead) {
        ("kept", _) => (join(why, "Look at the fields and the raw body, and answer them yourself."), None),
        ("refused", _) => (
            join(why, "Kept for 7 days; nobody was told. The secret there and here differ: paste it again."),
            Some((format!("/b/{slug}/sources"), "Sources".to_owned())),
        ),
        ("ignored", _) => (join(why, "There is nothing to do."), None),
        (_, Some(lead)) => (why.unwrap_or_default(), Some(open(&lead.id))),
        (_, None) => (why.unwrap_or_default(), None),
    };
    Notice { bad: receipt.state == "refused", title: means.to_owned(), text, next }
}

fn join(why: Option<String>, then: &str) -> String {
    why.map_or_else(|| then.to_owned(), |why| format!("{why} {then}"))
}

/// What we read, field by field, as it was understood when it came.
fn reading(found: &Whole, country: &str) -> Vec<(String, String)> {
    match found.reading.as_deref().and_then(|json| serde_json::from_str::<Reading>(json).ok()) {
        Some(read) => fields(read, country),
        None => Vec::new(),
    }
}

/// A reading, field by field: our word and its value.
pub(super) fn fields(read: Reading, country: &str) -> Vec<(String, String)> {
    let typed = read.phone_as_given.filter(|_| read.phone.is_none());
    let consent = read.consent.map(|c| format!("{} ({})", if c.given { "given" } else { "not given" }, c.field));
    let known = [
        ("Name", read.name),
        ("Phone", read.phone.map(|phone| phone.national(country))),
        ("Phone, cannot be dialled", typed),
        ("Email", read.email.map(|email| email.as_str().to_owned())),
        ("Message", read.message),
        ("Consent to texts", consent),
        ("Page", read.page),
        ("The sender’s own number of it", read.event_id),
    ];
    let known = known.into_iter().filter_map(|(label, value)| Some((label.to_owned(), value?)));
    known.chain(read.fields.into_iter().map(|field| (field.label, field.value))).collect()
}

fn whom(message: &Message, people: &[Person]) -> String {
    let person = message.person_id.as_ref().and_then(|id| people.iter().find(|p| p.id == *id));
    person.map(|p| p.name.clone()).filter(|name| !name.is_empty()).unwrap_or_else(|| "you".to_owned())
}

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    after: String,
    /// What was just done to its keys.
    #[serde(default)]
    done: String,
}

async fn of_source(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    show_source(&house, &who, &id, &asked, Wrong::default()).await
}

/// What was wrong with what was typed on the page of a source.
#[derive(Default)]
pub(super) struct Wrong {
    /// With the secret.
    pub secret: Option<String>,
    /// With the API token.
    pub token: Option<String>,
}

/// The page of a source.
pub(super) async fn show_source(
    house: &App,
    who: &InBusiness,
    id: &str,
    asked: &Asked,
    wrong: Wrong,
) -> Result<Response, PageError> {
    let (db, business) = (house.db.read(), &who.business);
    let Frame { chrome, wall, now_ms } = frame(house, who, Here::Sources).await?;
    let sources = store::sources(db, &business.id).await?;
    let source: Source = sources.into_iter().find(|source| *source.id == *id).ok_or(PageError::NotFound)?;
    let filter = Filter { source: source.id.to_string(), ..Filter::default() };
    let from = Place::parse(&asked.after);
    let (found, next) = receipts::list(db, Some(&business.id), &filter, from.as_ref(), A_PAGE).await?;
    let row = |receipt: receipts::Receipt| {
        let (state, means) = view::state(&receipt.state, false);
        Row {
            at: wall.exact(receipt.received_at, now_ms),
            machine: wall.machine(receipt.received_at),
            explain: receipt.problem.unwrap_or_else(|| means.to_owned()),
            size: count(u64::try_from(receipt.size).unwrap_or(0), "byte", "bytes"),
            id: receipt.id.to_string(),
            state,
        }
    };
    let keys = super::keys::view(house, &source, &wall, now_ms, &asked.done, wrong).await?;
    let health = section(house, who, &source, &found, &wall, now_ms).await?;
    page(&Submissions {
        health,
        rows: found.into_iter().map(row).collect(),
        since: wall.short(source.created_at, now_ms),
        unsigned: super::connect::unsigned(&source, &business.slug),
        waits: super::token::of_source(&source, keys.token.as_ref()),
        nudges: super::nudge::of(&source),
        next: next.map(|next| format!("/b/{}/sources/{}?after={}", business.slug, source.id, next.text())),
        keys,
        id: source.id.to_string(),
        name: source.name,
        chrome,
    })
}

#[cfg(test)]
mod tests {
    use crate::base::clock::HOUR_MS;
    use crate::web::admin::tests::{open_with_receipt, set, sign_in};
    use crate::web::sample::NOW;
    use axum::http::StatusCode;

    #[tokio::test]
    async fn a_submission_shows_what_came_what_we_read_and_who_was_told() {
        let standing = open_with_receipt().await;
        let (cookie, _) = sign_in(&standing, "harbor").await;
        set(
            &standing.house.db,
            "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, problem, received_at, headers, query, body, reading) \
             VALUES ('odd', 'harbor', 'web', 'odd', 'kept', 'Nobody to answer.', 1795262400000, '[[\"user-agent\",\"curl/8\"]]', \
             'utm=ads&x=1', X'FF00', '{\"kind\":\"unreadable\",\"fields\":[{\"label\":\"Budget\",\"value\":\"500\"}],\"files\":0,\"answers_hash\":\"\"}')",
        )
        .await;
        for (id, at, source) in [("m1", NOW, "web"), ("m2", NOW - HOUR_MS, "web"), ("m3", NOW, "ads")] {
            const SQL: &str = "INSERT INTO outbox (id, business_id, person_id, source_id, purpose, step, channel, recipient, body, \
                 prio, queued_at, due_at, expires_at, state) VALUES ($1, 'harbor', 'dave', $2, 'owner_alert', 'kept', 'sms', \
                 '+15125550100', '', 1, $3, 5, 5, 'delivered')";
            let stored = standing.house.db.write(move |c| {
                Box::pin(async move { sqlx::query(SQL).bind(id).bind(source).bind(at).execute(c).await.map(drop) })
            });
            stored.await.unwrap();
        }

        let odd = standing.get("/b/harbor/receipts/odd", &cookie).await.text;
        let lead = standing.get("/b/harbor/receipts/r", &cookie).await.text;

        for words in
            ["unreadable", "Nobody to answer.", "answer them yourself", "Budget", "500", "ff 00", "curl/8", "utm"]
        {
            assert!(odd.contains(words), "{words}");
        }
        assert_eq!(odd.matches("Text to Dave").count(), 1, "only the alert of this quarter of an hour and this source");
        assert!(
            lead.contains("It became a lead.") && lead.contains("/b/harbor/leads/a\"") && lead.contains("name=Maria")
        );
        assert!(lead.contains("2 times; nothing was sent a second time"));
        assert!(standing.get("/b/harbor/leads/a", &cookie).await.text.contains("/b/harbor/receipts/r\""));
        let sources = standing.get("/b/harbor/sources", &cookie).await.text;
        assert!(sources.contains("/b/harbor/receipts/odd\"") && sources.contains("/b/harbor/sources/web\""));
    }

    #[tokio::test]
    async fn a_source_lists_everything_that_came_in_and_leafs_on() {
        let standing = open_with_receipt().await;
        let (cookie, _) = sign_in(&standing, "harbor").await;
        set(
            &standing.house.db,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) \
             INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, received_at, headers, body) \
             SELECT 'k' || i, 'harbor', 'web', 'k' || i, 'kept', i, '[]', X'' FROM n",
        )
        .await;

        let first = standing.get("/b/harbor/sources/web", &cookie).await.text;
        let next = first
            .split("href=\"")
            .find(|rest| rest.contains("rel=\"next\"") && rest.starts_with("/b/harbor/sources/web?"));
        let second = standing.get(next.unwrap().split('"').next().unwrap(), &cookie).await.text;

        assert_eq!(
            (first.matches("/b/harbor/receipts/").count(), second.matches("/b/harbor/receipts/").count()),
            (50, 11)
        );
        assert!(first.contains("/b/harbor/receipts/r\""), "the newest one, which is a lead, is on the first page");
        let empty = standing.get("/b/harbor/sources/ads", &cookie).await.text;
        assert!(empty.contains("Send the form once yourself"));
        for nothing in ["/b/harbor/sources/other", "/b/harbor/sources/none", "/b/harbor/receipts/none"] {
            assert_eq!(standing.get(nothing, &cookie).await.status, StatusCode::NOT_FOUND, "{nothing}");
        }
    }
}
