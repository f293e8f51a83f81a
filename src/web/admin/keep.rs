//! `/b/{slug}/keep`: for how long a shop keeps what people sent.

use super::frame::{Frame, frame};
use crate::lead::store::forget::{Keep, keep_of, set_keep};
use crate::pipeline::forget::KEPT_MS;
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::keep::KeepPage;
use crate::web::views::setup::Field;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

const DAYS: std::ops::RangeInclusive<i64> = 1..=3_650;
const MONTHS: std::ops::RangeInclusive<i64> = 1..=240;

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/keep", get(open).post(save))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

#[derive(Default, Deserialize)]
struct Typed {
    #[serde(default)]
    raw_days: String,
    #[serde(default)]
    lead_months: String,
}

async fn open(State(house): State<App>, who: InBusiness, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let keep = keep_of(house.db.read(), &who.business.id).await?;
    let typed = Typed { raw_days: keep.raw_days.to_string(), lead_months: keep.lead_months.to_string() };
    show(&house, &who, typed, [None, None], asked.done == "saved").await
}

async fn save(State(house): State<App>, who: InBusiness, Form(typed): Form<Typed>) -> Result<Response, PageError> {
    let within = |text: &str, range: &std::ops::RangeInclusive<i64>| {
        text.trim().parse::<i64>().ok().filter(|number| range.contains(number))
    };
    let (days, months) = (within(&typed.raw_days, &DAYS), within(&typed.lead_months, &MONTHS));
    let (Some(raw_days), Some(lead_months)) = (days, months) else {
        let wrong = [
            days.is_none().then_some("A whole number of days, from 1 to 3650."),
            months.is_none().then_some("A whole number of months, from 1 to 240."),
        ];
        return show(&house, &who, typed, wrong, false).await;
    };
    let here = format!("/b/{}/keep", who.business.slug);
    let business = who.business.id.clone();
    let keep = Keep { raw_days, lead_months };
    let stored = house.db.write(move |c| Box::pin(async move { set_keep(c, &business, keep).await })).await;
    stored.map_err(|error| PageError::from(error).back_to(here.clone()))?;
    Ok(Redirect::to(&format!("{here}?done=saved")).into_response())
}

async fn show(
    house: &App,
    who: &InBusiness,
    typed: Typed,
    wrong: [Option<&'static str>; 2],
    saved: bool,
) -> Result<Response, PageError> {
    let Frame { chrome, wall, now_ms } = frame(house, who, Here::More).await?;
    let [days_wrong, months_wrong] = wrong;
    let field = |id, label, hint, value, wrong: Option<&str>| Field {
        id,
        label,
        hint,
        kind: "number",
        value,
        autocomplete: "off",
        required: true,
        wrong: wrong.map(str::to_owned),
    };
    let copies = house.copies.all().unwrap_or_default();
    page(&KeepPage {
        fields: vec![
            field(
                "raw_days",
                "Raw submissions, in days",
                "The body of a form exactly as it came. What we read in it stays with the lead.",
                typed.raw_days,
                days_wrong,
            ),
            field(
                "lead_months",
                "Leads, in months",
                "After that the person is forgotten: name, number, words. It cannot be undone.",
                typed.lead_months,
                months_wrong,
            ),
        ],
        saved,
        copies: copies.into_iter().map(|(at, _)| (wall.day(at, now_ms), wall.day(at + KEPT_MS, now_ms))).collect(),
        chrome,
    })
}

#[cfg(test)]
mod tests {
    use crate::web::admin::tests::{open, sign_in};
    use crate::web::sample::Standing;
    use axum::http::StatusCode;

    async fn kept(standing: &Standing) -> Vec<(String, i64, i64)> {
        let sql = "SELECT id, keep_raw_days, keep_lead_months FROM business ORDER BY id";
        sqlx::query_as(sql).fetch_all(standing.house.db.read()).await.unwrap()
    }

    fn both(harbor: (i64, i64)) -> Vec<(String, i64, i64)> {
        vec![("harbor".to_owned(), harbor.0, harbor.1), ("rival".to_owned(), 90, 24)]
    }

    #[tokio::test]
    async fn bodies_stay_90_days_and_leads_24_months_until_the_shop_says_otherwise() {
        let standing = open().await;
        let (cookie, csrf) = sign_in(&standing, "harbor").await;

        let first = standing.get("/b/harbor/keep", &cookie).await.text;
        assert!(first.contains("value=\"90\"") && first.contains("value=\"24\""), "{first}");
        assert!(standing.get("/b/harbor/more", &cookie).await.text.contains("href=\"/b/harbor/keep\""));
        let saved = standing.post("/b/harbor/keep", &cookie, &format!("csrf={csrf}&raw_days=+7+&lead_months=12")).await;

        assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/b/harbor/keep?done=saved"));
        assert_eq!(kept(&standing).await, both((7, 12)));
        assert!(standing.get("/b/harbor/keep?done=saved", &cookie).await.text.contains("Saved."));
    }

    #[tokio::test]
    async fn what_is_no_number_stands_beside_its_field_and_changes_nothing() {
        let standing = open().await;
        let (cookie, csrf) = sign_in(&standing, "harbor").await;

        for (typed, wrong) in [
            ("raw_days=0&lead_months=12", "raw_days-e"),
            ("raw_days=7&lead_months=a+year", "lead_months-e"),
            ("raw_days=7&lead_months=999", "lead_months-e"),
            ("", "raw_days-e"),
        ] {
            let answer = standing.post("/b/harbor/keep", &cookie, &format!("csrf={csrf}&{typed}")).await;
            assert!(answer.text.contains(&format!("id=\"{wrong}\"")), "{typed}: {}", answer.text);
        }
        let typed = standing.post("/b/harbor/keep", &cookie, &format!("csrf={csrf}&raw_days=7&lead_months=x")).await;
        assert!(typed.text.contains("value=\"7\"") && typed.text.contains("value=\"x\""), "typed values survive");

        assert_eq!(kept(&standing).await, both((90, 24)));
    }

    #[tokio::test]
    async fn another_shop_neither_sees_nor_changes_it() {
        let standing = open().await;
        let (cookie, csrf) = sign_in(&standing, "rival").await;

        let seen = standing.get("/b/harbor/keep", &cookie).await;
        let changed = standing.post("/b/harbor/keep", &cookie, &format!("csrf={csrf}&raw_days=1&lead_months=1")).await;
        let forged = standing.post("/b/rival/keep", &cookie, "raw_days=1&lead_months=1").await;

        assert_eq!([seen.status, changed.status], [StatusCode::NOT_FOUND; 2]);
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        assert_eq!(kept(&standing).await, both((90, 24)));
    }
}
