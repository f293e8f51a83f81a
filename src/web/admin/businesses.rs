//! `/businesses`: every business of a person in one list, worst first. Each fact is asked for once for all of them.

use super::frame::way;
use super::registration::standings;
use super::source_health::doing_since;
use crate::base::clock::DAY_MS;
use crate::base::ids::BusinessId;
use crate::lead::health::{Health, store as health};
use crate::lead::receipts;
use crate::lead::shop::{Business, Source, store};
use crate::lead::store::read;
use crate::outbox::channel::Medium;
use crate::reply::registration::Standing;
use crate::stats::answered::answered;
use crate::stats::period::{Period as Days, zone};
use crate::stats::rows::{Row as Lead, fetch_all};
use crate::web::error::{PageError, page};
use crate::web::session::SignedIn;
use crate::web::views::businesses::{Businesses, Row, State, Typical, Waiting, worst_first};
use crate::web::views::format::{Wall, Way};
use crate::web::views::sources::Doing;
use crate::web::views::today::Period;
use crate::web::{App, House};
use axum::Router;
use axum::extract::{Query, State as Of};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use std::collections::HashMap;

/// For how long the newest submission of a source says more than what the rounds remember of it.
const NEWS_MS: i64 = 7 * DAY_MS;

/// The route of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/businesses", get(list))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    period: String,
}

async fn list(Of(house): Of<App>, who: SignedIn, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let within = who.account.business_id.as_ref();
    let now_ms = house.clock.now_ms();
    let period = if Period::parse(&asked.period) == Period::Month { Period::Month } else { Period::Week };
    let shops = store::businesses_within(house.db.read(), within).await?;
    let facts = Facts::fetch(&house, within, &shops, period, now_ms).await?;
    let texting = way(&house, Medium::Sms);
    let rows = shops.iter().map(|shop| facts.row(shop, texting, now_ms)).collect();
    page(&Businesses { period, rows: worst_first(rows) })
}

/// What is known of all of them.
struct Facts {
    days: HashMap<BusinessId, Days>,
    waiting: HashMap<BusinessId, (i64, i64)>,
    leads: HashMap<BusinessId, Vec<Lead>>,
    sources: HashMap<BusinessId, Vec<Source>>,
    health: HashMap<String, Health>,
    newest: HashMap<String, String>,
    standings: HashMap<BusinessId, Standing>,
}

impl Facts {
    async fn fetch(
        house: &House,
        within: Option<&BusinessId>,
        shops: &[Business],
        period: Period,
        now_ms: i64,
    ) -> Result<Self, sqlx::Error> {
        let db = house.db.read();
        let length = u16::try_from(period.days()).unwrap_or(7);
        let days: HashMap<BusinessId, Days> = shops
            .iter()
            .map(|shop| (shop.id.clone(), Days::last_days(&zone(&shop.timezone), length, now_ms)))
            .collect();
        let from = days.values().map(|days| days.from).min().unwrap_or(now_ms);
        let until = days.values().map(|days| days.until).max().unwrap_or(now_ms);
        let mut leads: HashMap<BusinessId, Vec<Lead>> = HashMap::new();
        for lead in fetch_all(db, within, from, until).await? {
            leads.entry(lead.business_id).or_default().push(lead.row);
        }
        let mut sources: HashMap<BusinessId, Vec<Source>> = HashMap::new();
        for source in store::sources_within(db, within).await? {
            sources.entry(source.business_id.clone()).or_default().push(source);
        }
        let waiting = read::waiting_everywhere(db, within).await?;
        Ok(Facts {
            waiting: waiting.into_iter().map(|(shop, people, since)| (shop, (people, since))).collect(),
            health: health::within(db, within).await?,
            newest: receipts::newest_states(db, within, now_ms - NEWS_MS).await?,
            standings: standings(house, within, now_ms).await?,
            days,
            leads,
            sources,
        })
    }

    fn row(&self, shop: &Business, texting: Way, now_ms: i64) -> Row {
        let wall = Wall::new(&shop.timezone, &shop.country);
        let waiting = self.waiting.get(&shop.id).map(|(people, since)| Waiting {
            people: u64::try_from(*people).unwrap_or(0),
            longest_ms: (now_ms - since).max(0),
            since: wall.short(*since, now_ms),
        });
        let sources: Vec<(&str, Doing)> = self
            .sources
            .get(&shop.id)
            .into_iter()
            .flatten()
            .map(|source| {
                let last = self.newest.get(source.id.as_str()).map(String::as_str);
                (source.name.as_str(), doing_since(source, self.health.get(source.id.as_str()), last, now_ms))
            })
            .collect();
        Row {
            slug: shop.slug.clone(),
            name: shop.name.clone(),
            typical: self.typical(shop),
            sources: State::of_sources(&sources),
            texting: texting_state(texting, self.standings.get(&shop.id).copied()),
            waiting,
        }
    }

    fn typical(&self, shop: &Business) -> Typical {
        let Some(days) = self.days.get(&shop.id) else { return Typical::TooFew(0) };
        let leads = self.leads.get(&shop.id).into_iter().flatten();
        Typical::of(&answered(leads.filter(|lead| lead.is_real() && days.holds(lead.received_at))))
    }
}

fn texting_state(texting: Way, standing: Option<Standing>) -> State {
    match (texting, standing) {
        (Way::Off, _) => State::new(0, "open", "not connected"),
        (Way::Failing, _) => State::new(2, "slow", "failing"),
        (Way::Works, Some(standing)) if standing.is_blocked() => {
            State { about: standing.title().to_owned(), ..State::new(2, "slow", "failing") }
        }
        (Way::Works, _) => State::new(0, "fast", "working"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::MINUTE_MS;
    use crate::lead::record::{Clocks, Lead as Record};
    use crate::lead::state::State as Step;
    use crate::lead::store::sample::{self as leads, lead};
    use crate::stats::summary::summary;
    use crate::web::admin::tests::{open, set, sign_in};
    use crate::web::sample::NOW;
    use axum::http::StatusCode;

    #[tokio::test]
    async fn an_agency_sees_every_business_and_comes_here_first() {
        let standing = open().await;
        let agency = standing.account("agency@example.com", None, None).await;
        let (cookie, _) = standing.signed_in(&agency).await;

        let home = standing.get("/", &cookie).await;
        let seen = standing.get("/businesses", &cookie).await.text;
        let today = standing.get("/b/rival/today", &cookie).await.text;

        assert_eq!((home.status, home.header("location")), (StatusCode::SEE_OTHER, "/businesses"));
        let (harbor, rival) = (seen.find("/b/harbor/today").unwrap(), seen.find("/b/rival/today").unwrap());
        assert!(harbor < rival, "somebody waits there");
        assert!(seen.contains("1 waiting") && seen.contains("longest 2m 00s, since 5:58 am"), "{seen}");
        assert!(seen.contains("too few") && seen.contains("1 lead") && seen.contains("not connected"));
        assert!(seen.contains("2 businesses. 1 person waiting."));
        assert!(today.contains("href=\"/businesses\""), "the rail leads here");
        assert!(standing.get("/b/rival/more", &cookie).await.text.contains("All businesses, worst first"));
    }

    #[tokio::test]
    async fn an_account_of_one_business_never_sees_another() {
        let standing = open().await;
        let (rival, _) = sign_in(&standing, "rival").await;

        let seen = standing.get("/businesses?period=30d", &rival).await;
        let today = standing.get("/b/rival/today", &rival).await.text;

        assert_eq!(seen.status, StatusCode::OK);
        assert!(seen.text.contains("Rival Pipes") && seen.text.contains("1 business. Nobody is waiting."));
        assert!(!seen.text.contains("arbor") && !seen.text.contains("Ads page"), "{}", seen.text);
        assert!(!today.contains("/businesses"), "nothing to choose from");
        assert_eq!(standing.get("/", &rival).await.header("location"), "/b/rival/today");
        assert_eq!(standing.get("/businesses", "").await.status, StatusCode::SEE_OTHER);
    }

    #[tokio::test]
    async fn the_list_says_of_sources_what_today_says() {
        let standing = open().await;
        let agency = standing.account("agency@example.com", None, None).await;
        let (cookie, _) = standing.signed_in(&agency).await;
        let db = &standing.house.db;
        set(db, "UPDATE source SET last_at = 1795262400000 - 86400000 WHERE id = 'web'").await;
        let list = async || standing.get("/businesses", &cookie).await.text;
        assert!(list().await.contains("healthy"));

        set(
            db,
            "INSERT INTO source_health (source_id, business_id, read_at, usual, quiet_at) \
             VALUES ('web', 'harbor', 5, '1 a day', 1795262400000 - 3600000)",
        )
        .await;
        let quiet = list().await;
        set(
            db,
            "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, received_at, headers, body) \
             VALUES ('odd', 'harbor', 'web', 'odd', 'refused', 1795262400000, '[]', X'')",
        )
        .await;
        let refused = list().await;

        assert!(quiet.contains("<span class=\"pill slow\">quiet</span> <span class=\"about\">Website form</span>"));
        assert!(refused.contains("<span class=\"pill slow\">failing</span> <span class=\"about\">Website form</span>"));
    }

    #[tokio::test]
    async fn the_typical_time_is_the_headline_of_that_business_counted_in_its_own_zone() {
        let standing = open().await;
        let db = &standing.house.db;
        set(db, "UPDATE business SET timezone = 'Pacific/Auckland' WHERE id = 'rival'").await;
        let mut all: Vec<Record> = Vec::new();
        for n in 0_i64..80 {
            let at = NOW - n * (DAY_MS / 8) - n * 7_919;
            let answer = (n % 5 != 0).then_some(at + n * n * 977);
            let mut one = Record {
                is_test: n % 11 == 0,
                is_spam: n % 13 == 0,
                state: if answer.is_some() { Step::Answered } else { Step::Waiting },
                clocks: Clocks { received_at: at, person_at: answer, ..Clocks::default() },
                ..lead(&format!("n{n}"), at)
            };
            if n % 2 == 0 {
                (one.business, one.source) = ("rival".into(), "other".into());
            }
            all.push(one);
        }
        leads::store(db, all).await;
        let shops = store::businesses(db.read()).await.unwrap();

        for period in [Period::Week, Period::Month] {
            let facts = Facts::fetch(&standing.house, None, &shops, period, NOW).await.unwrap();
            for shop in &shops {
                let days = facts.days[&shop.id];
                let told = summary(db.read(), &shop.id, &shop.timezone, &days, None, NOW).await.unwrap();
                assert!(told.leads > 20);
                assert_eq!(facts.typical(shop), Typical::of(&told.person), "{} {period:?}", shop.slug);
                let waiting = read::waiting_count(db.read(), &shop.id).await.unwrap();
                assert_eq!(facts.waiting[&shop.id].0, waiting);
            }
        }
    }

    #[test]
    fn a_number_that_the_carriers_block_is_failing_although_the_vendor_works() {
        let blocked = texting_state(Way::Works, Some(Standing::NotRegistered(NOW - MINUTE_MS)));

        assert_eq!((blocked.trouble, blocked.pill.words.as_str()), (2, "failing"));
        assert!(!blocked.about.is_empty());
        assert_eq!(texting_state(Way::Works, Some(Standing::GetsThrough(NOW))).pill.words, "working");
        assert_eq!(texting_state(Way::Off, None).trouble, 0);
    }
}
