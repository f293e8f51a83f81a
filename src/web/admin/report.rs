//! `/b/{slug}/report/{week}`: the weekly mail as a page, for any week that has begun. Without a week: the last one that
//! is over.

use super::frame::{Frame, frame};
use crate::pipeline::report::{pages_of, week};
use crate::stats::period::{Period, zone};
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::report::Report;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/report", get(last)).route("/b/{slug}/report/{week}", get(open))
}

async fn last(State(house): State<App>, who: InBusiness) -> Response {
    let business = &who.business;
    let week = Period::last_whole_week(&zone(&business.timezone), house.clock.now_ms());
    Redirect::to(&format!("/b/{}/report/{}", business.slug, week.week_name())).into_response()
}

async fn open(
    State(house): State<App>,
    who: InBusiness,
    Path((_, name)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let business = &who.business;
    let zone = zone(&business.timezone);
    let days = Period::week_named(&zone, &name).ok_or(PageError::NotFound)?;
    let Frame { chrome, now_ms, .. } = frame(&house, &who, Here::Today).await?;
    if days.from > now_ms {
        return Err(PageError::NotFound);
    }
    let base = pages_of(&house.public_url, &business.slug);
    let words = week(house.db.read(), business, &base, &days, now_ms).await?;
    let after = Period::this_week(&zone, days.until);
    page(&Report {
        week: words,
        before: days.before(&zone).week_name(),
        after: (after.from <= now_ms).then(|| after.week_name()),
        chrome,
    })
}

#[cfg(test)]
mod tests {
    use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
    use crate::base::random::Random;
    use crate::lead::contact::Phone;
    use crate::lead::record::{Clocks, Lead};
    use crate::lead::state::State;
    use crate::lead::store::sample::{self as leads, lead};
    use crate::web::admin::{routes, tests::sign_in};
    use crate::web::sample::{self, NOW, Standing};
    use axum::http::StatusCode;

    /// Sunday of 2026-W47, 11 pm in Chicago: seven days up to today are this week.
    const SUNDAY: i64 = NOW + DAY_MS + 17 * HOUR_MS;

    /// Two weeks of leads that came, were texted and answered as chance wants it.
    fn at_random(seed: u64) -> Vec<Lead> {
        let random = Random::seeded(seed);
        let one = |n: i64| {
            let received_at = SUNDAY - random.up_to(14 * DAY_MS - 2 * HOUR_MS);
            let some = |at_most: i64| (random.up_to(3) > 0).then(|| (received_at + random.up_to(at_most)).min(SUNDAY));
            let mut one = lead(&format!("l{n}"), received_at);
            one.phone = (random.up_to(9) > 0).then(|| Phone::from_stored(format!("+1512555{:04}", n)));
            (one.is_test, one.is_spam) = (random.up_to(9) == 0, random.up_to(9) == 0);
            one.clocks =
                Clocks { received_at, first_text_at: some(9_000), person_at: some(3 * HOUR_MS), ..Clocks::default() };
            if one.clocks.person_at.is_some() {
                one.state = State::Answered;
            }
            one
        };
        (0..random.up_to(60)).map(one).collect()
    }

    async fn house(leads: Vec<Lead>) -> (Standing, String) {
        let standing = sample::open(routes()).await;
        leads::store(&standing.house.db, leads).await;
        standing.house.clock.advance(std::time::Duration::from_millis(u64::try_from(SUNDAY - NOW).unwrap()));
        let (cookie, _) = sign_in(&standing, "harbor").await;
        (standing, cookie)
    }

    /// The first text after `before`, up to the next tag.
    fn after<'a>(html: &'a str, before: &str) -> &'a str {
        let rest = html.split_once(before).unwrap_or_else(|| panic!("{before} is missing in {html}")).1;
        let text = rest.trim_start_matches(|c| c != '>');
        text[1..].split('<').next().unwrap().trim()
    }

    /// A figure of the report.
    fn figure(html: &str, what: &str) -> String {
        let rest = html.split_once(&format!("<dt>{what}</dt>")).unwrap_or_else(|| panic!("no {what} in {html}")).1;
        after(rest, "<a class=\"plain\"").to_owned()
    }

    #[tokio::test]
    async fn the_numbers_are_those_of_today_for_the_same_days() {
        let mut with_headline = 0;
        for seed in 0..12 {
            let (standing, cookie) = house(at_random(seed)).await;

            let today = standing.get("/b/harbor/today?period=7d", &cookie).await.text;
            let report = standing.get("/b/harbor/report/2026-W47", &cookie).await.text;

            let facts = today.split_once("<dl class=\"facts\">").unwrap().1;
            let waiting = facts.split_once("still waiting").unwrap().1;
            assert_eq!(figure(&report, "still waiting"), after(waiting, "<a class=\"plain\""), "seed {seed}");
            assert_eq!(format!("of {}", figure(&report, "leads")), after(waiting, "<a class=\"of\""), "seed {seed}");
            let left_out = |html: &str| html.split("left out.").next().unwrap().rsplit('>').next().unwrap().to_owned();
            assert_eq!(today.contains("left out."), report.contains("left out."));
            if today.contains("left out.") {
                assert_eq!(left_out(&report), left_out(&today), "seed {seed}");
            }
            if !today.contains("class=\"big") {
                assert!(!report.contains("class=\"big") && report.contains("too few for a typical time."));
                continue;
            }
            with_headline += 1;
            let said = |html: &str| html.split_once("class=\"big").unwrap().1.split("</p>").next().unwrap().to_owned();
            assert_eq!(said(&report), said(&today), "seed {seed}");
            assert_eq!(figure(&report, "first text, automatic"), after(facts, "<dt>first text, automatic</dt><dd"));
            let inside = facts.split_once("inside 5 minutes").unwrap().1;
            assert_eq!(figure(&report, "answered within 5 min"), after(inside, "<a class=\"plain\""), "seed {seed}");
            let change = |html: &str| {
                html.split("class=\"delta").nth(1).map(|rest| rest.split("</p>").next().unwrap().to_owned())
            };
            assert_eq!(
                change(&report).map(|c| c.replace("the week before", "last week")),
                change(&today),
                "seed {seed}"
            );
        }
        assert!(with_headline > 5, "{with_headline}");
    }

    #[tokio::test]
    async fn without_a_week_it_is_the_last_one_that_is_over_and_today_and_more_lead_there() {
        let (standing, cookie) = house(vec![lead("a", SUNDAY - 8 * DAY_MS)]).await;

        let sent_on = standing.get("/b/harbor/report", &cookie).await;
        let last = standing.get("/b/harbor/report/2026-W46", &cookie).await.text;
        let this = standing.get("/b/harbor/report/2026-W47", &cookie).await.text;

        assert_eq!((sent_on.status, sent_on.header("location")), (StatusCode::SEE_OTHER, "/b/harbor/report/2026-W46"));
        assert!(last.contains("Week 46<span>Harbor Plumbing, Mon 9 Nov to Sun 15 Nov 2026</span>"), "{last}");
        assert!(last.contains("/b/harbor/report/2026-W47\">The week after") && last.contains("/leads/a\""));
        assert!(this.contains("Sun 22 Nov 2026, so far</span>") && !this.contains("The week after"), "{this}");
        for page in ["today", "more"] {
            let page = standing.get(&format!("/b/harbor/{page}"), &cookie).await.text;
            assert!(page.contains("href=\"/b/harbor/report\""), "{page}");
        }
    }

    #[tokio::test]
    async fn a_week_that_is_none_one_that_has_not_begun_and_another_shops_do_not_exist() {
        let (standing, cookie) = house(vec![lead("a", SUNDAY - MINUTE_MS)]).await;
        let (rival, _) = sign_in(&standing, "rival").await;

        for week in ["2026-W54", "2026-W48", "9999-W01", "last", "2026-W4", "2026-W47x", "%00"] {
            let answer = standing.get(&format!("/b/harbor/report/{week}"), &cookie).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{week}");
        }
        for path in ["/b/harbor/report", "/b/harbor/report/2026-W47"] {
            let answer = standing.get(path, &rival).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!answer.text.contains("Maria"));
        }
    }
}
