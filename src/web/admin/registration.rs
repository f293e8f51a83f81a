//! `/b/{slug}/registration`: what the US carriers want to know of the shop's number, and how the number fares so far.

use super::frame::{Frame, frame, way};
use crate::base::clock::DAY_MS;
use crate::base::ids::BusinessId;
use crate::lead::contact::Phone;
use crate::lead::hours::{Hours, clock_words};
use crate::lead::own_form::store as forms;
use crate::lead::shop::{Business, store};
use crate::lead::wording;
use crate::outbox::channel::Medium;
use crate::outbox::store::fates::{self, Fate};
use crate::reply::registration::{self, Standing};
use crate::stats::period::zone;
use crate::web::error::{PageError, page};
use crate::web::form::address;
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::format::Way;
use crate::web::views::pieces::Notice;
use crate::web::views::registration::{Registration, blocked};
use crate::web::{App, House};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use std::collections::HashMap;

/// How far back texts say something about the number.
const LATELY_MS: i64 = 30 * DAY_MS;

/// The route of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/registration", get(open))
}

async fn open(State(house): State<App>, who: InBusiness) -> Result<Response, PageError> {
    let (db, business) = (house.db.read(), &who.business);
    let Frame { chrome, wall, now_ms } = frame(&house, &who, Here::More).await?;
    let standing = standing(&house, business, now_ms).await?;
    let people = store::people(db, &business.id).await?;
    let owner = people.first().and_then(|person| person.name.split_whitespace().next());
    let phone = business.phone.clone().map(|phone| Phone::from_stored(phone).national(&business.country));
    let form = address(&house.public_url, &business.slug);
    let consent = forms::of(db, &business.id).await?.words(&business.name);
    let wording = wording::store::read(db, &business.id).await?;
    let shop = business.name.as_str();
    page(&Registration {
        standing,
        since: standing.at().map(|at| wall.short(at, now_ms)),
        use_case: registration::use_case(shop),
        opt_in: registration::opt_in(shop, &form, &consent),
        samples: registration::samples(shop, owner, phone.as_deref(), &opens(business, now_ms), &wording),
        help: registration::help(shop, phone.as_deref()),
        stop: registration::stop(shop),
        consent,
        form,
        chrome,
    })
}

/// When the shop opens next, for the sample of a text while it is closed.
fn opens(business: &Business, now_ms: i64) -> String {
    let hours = business.hours.as_deref().and_then(Hours::parse);
    let opening = hours.and_then(|hours| hours.next_opening(now_ms, &zone(&business.timezone)));
    opening.map_or_else(|| "8:00 am".to_owned(), |at| clock_words(&at, &business.country))
}

async fn standing(house: &House, business: &Business, now_ms: i64) -> Result<Standing, sqlx::Error> {
    if way(house, Medium::Sms) == Way::Off {
        return Ok(Standing::Off);
    }
    Ok(Standing::of(&fates::of_business(house.db.read(), &business.id, now_ms - LATELY_MS).await?))
}

/// How the numbers of every business that `within` allows fare (`None` allows all), where anything is known.
pub(super) async fn standings(
    house: &House,
    within: Option<&BusinessId>,
    now_ms: i64,
) -> Result<HashMap<BusinessId, Standing>, sqlx::Error> {
    let mut of_each: HashMap<BusinessId, Vec<Fate>> = HashMap::new();
    for (business, fate) in fates::within(house.db.read(), within, now_ms - LATELY_MS).await? {
        of_each.entry(business).or_default().push(fate);
    }
    Ok(of_each.into_iter().map(|(business, fates)| (business, Standing::of(&fates))).collect())
}

/// What Today says while the carriers block the number.
pub(super) async fn of_business(
    house: &House,
    business: &Business,
    now_ms: i64,
) -> Result<Option<Notice>, sqlx::Error> {
    Ok(blocked(standing(house, business, now_ms).await?, &business.slug))
}

/// What the page of a lead says when texts about it were blocked.
pub(super) fn of_fates(fates: &[Fate], slug: &str) -> Option<Notice> {
    blocked(Standing::of(fates), slug)
}

#[cfg(test)]
mod tests {
    use crate::web::admin::tests::{open, set, sign_in};

    #[tokio::test]
    async fn the_kit_is_filled_with_the_shops_own_words_and_needs_no_script() {
        let standing = open().await;
        let (cookie, _) = sign_in(&standing, "harbor").await;
        set(
            &standing.house.db,
            "UPDATE business SET phone = '+15125550100', hours = '{\"mon\":[\"07:30-18:00\"]}' WHERE id = 'harbor'",
        )
        .await;
        set(
            &standing.house.db,
            "INSERT INTO own_form (business_id, consent) VALUES ('harbor', 'Harbor Plumbing may text me. Rates apply. STOP ends it.')",
        )
        .await;

        let kit = standing.get("/b/harbor/registration", &cookie).await.text;

        let shown = [
            "Hi Maria, Harbor Plumbing here. Got your message - Dave will call you shortly from (512) 555-0100.",
            "We&#39;re closed and will call you after 7:30 am.",
            "Your $150.00 payment arrived, thank you. Dave will call you to fix a time.",
            "Sorry, we missed your call. Dave will call you back shortly.",
            "Harbor Plumbing may text me. Rates apply. STOP ends it.</pre>",
            "http://localhost:8080/f/harbor",
            "Texting is not connected yet.",
            "Harbor Plumbing: you are opted out",
        ];
        for words in shown {
            assert!(kit.contains(words), "{words} is missing in {kit}");
        }
        assert_eq!(kit.matches("data-copy=").count(), 9);
        let buttons = kit.matches("js-only\"><button").count();
        assert_eq!(buttons, 9, "buttons only where script runs");
        assert!(standing.get("/b/harbor/more", &cookie).await.text.contains("href=\"/b/harbor/registration\""));
    }
}
