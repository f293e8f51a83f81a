//! `/b/{slug}/leads/{id}/forget`: a person is forgotten. Opening it shows what goes; only its ticked form does it.

use super::frame::{Frame, frame};
use super::show;
use crate::base::ids::LeadId;
use crate::lead::record::Lead;
use crate::lead::store::forget::{self as traces, Person};
use crate::lead::store::read;
use crate::pipeline::forget::{self, KEPT_MS};
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::format::count;
use crate::web::views::keep::ForgetPage;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/leads/{id}/forget", get(open).post(press))
}

#[derive(Deserialize)]
struct Pressed {
    #[serde(default)]
    sure: String,
}

async fn of(house: &App, who: &InBusiness, id: &str) -> Result<(Lead, Person), PageError> {
    let lead = read::one(house.db.read(), &who.business.id, &LeadId::from(id)).await?.ok_or(PageError::NotFound)?;
    let person = Person {
        phone: lead.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        email: lead.email.as_ref().map(|email| email.as_str().to_owned()),
        lead: Some(lead.id.clone()),
    };
    Ok((lead, person))
}

async fn open(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    ask(&house, &who, &id, None).await
}

async fn ask(house: &App, who: &InBusiness, id: &str, wrong: Option<&str>) -> Result<Response, PageError> {
    let (lead, person) = of(house, who, id).await?;
    let business = &who.business;
    let Frame { chrome, .. } = frame(house, who, Here::Leads).await?;
    let found = traces::find(house.db.read(), &business.id, &business.country, &person).await?;
    let n = |list: &[String]| u64::try_from(list.len()).unwrap_or(0);
    page(&ForgetPage {
        id: id.to_owned(),
        name: show::name(&lead, &business.country),
        about: format!(
            "Found: {} and {} with this number or address",
            count(n(&found.leads), "lead", "leads"),
            count(n(&found.receipts), "submission", "submissions")
        ),
        wrong: wrong.map(str::to_owned),
        done: Vec::new(),
        chrome,
    })
}

async fn press(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, PageError> {
    if pressed.sure.is_empty() {
        return ask(&house, &who, &id, Some("Tick the box first: it cannot be undone.")).await;
    }
    let (_, person) = of(&house, &who, &id).await?;
    let business = &who.business;
    let now = house.clock.now_ms();
    let places = [(business.id.clone(), business.country.clone())];
    let done = forget::person(&house.db, &house.keys, &places, &person, now).await;
    let done = done.map_err(|error| PageError::from(error).back_to(format!("/b/{}/leads/{id}", business.slug)))?;
    house.moved(&business.id);
    let Frame { chrome, wall, now_ms } = frame(&house, &who, Here::Leads).await?;
    let copies = house.copies.all().unwrap_or_default();
    let young: Vec<i64> = copies.into_iter().map(|(at, _)| at).filter(|at| *at > now - KEPT_MS).collect();
    page(&ForgetPage {
        id,
        name: String::new(),
        about: String::new(),
        wrong: None,
        done: done.words(&young, |at| wall.day(at, now_ms)),
        chrome,
    })
}

#[cfg(test)]
mod tests {
    use crate::base::clock::DAY_MS;
    use crate::base::instant::stamp;
    use crate::web::admin::tests::{open_with_receipt, sign_in};
    use crate::web::sample::{NOW, Standing};
    use axum::http::StatusCode;

    const PAGE: &str = "/b/harbor/leads/a/forget";

    async fn name(standing: &Standing) -> Option<String> {
        sqlx::query_scalar("SELECT name FROM lead WHERE id = 'a'").fetch_one(standing.house.db.read()).await.unwrap()
    }

    #[tokio::test]
    async fn the_owner_forgets_a_person_in_two_steps_that_need_no_script() {
        let standing = open_with_receipt().await;
        let (cookie, csrf) = sign_in(&standing, "harbor").await;
        std::fs::create_dir(&standing.house.copies.backups).unwrap();
        let copy = standing.house.copies.backups.join(format!("leadbell-{}.db", stamp(NOW - DAY_MS)));
        std::fs::write(copy, "x").unwrap();

        assert!(standing.get("/b/harbor/leads/a", &cookie).await.text.contains(&format!("href=\"{PAGE}\"")));
        let asked = standing.get(PAGE, &cookie).await.text;
        assert!(asked.contains("Forget Maria Lopez?") && asked.contains("Found: 1 lead and 1 submission"), "{asked}");
        let unsure = standing.post(PAGE, &cookie, &format!("csrf={csrf}")).await.text;
        assert!(unsure.contains("id=\"sure-e\">Tick the box first"), "{unsure}");
        assert_eq!(name(&standing).await.as_deref(), Some("Maria Lopez"));

        let done = standing.post(PAGE, &cookie, &format!("csrf={csrf}&sure=yes")).await.text;

        assert!(done.contains("Forgotten: 1 lead, 0 messages, 1 submission."), "{done}");
        assert!(done.contains("1 backup still holds them until Sun 20 Dec."), "{done}");
        assert_eq!(name(&standing).await, None);
        let lead = standing.get("/b/harbor/leads/a", &cookie).await.text;
        assert!(lead.contains("forgotten on Sat 21 Nov") && !lead.contains("Maria"), "{lead}");
        assert!(!lead.contains(PAGE), "there is nobody left to forget");
        let receipt = standing.get("/b/harbor/receipts/r", &cookie).await.text;
        assert!(receipt.contains("Not kept any more") && !receipt.contains("Maria"), "{receipt}");
        let again = standing.post("/b/harbor/receipts/r/again", &cookie, &format!("csrf={csrf}&send=on")).await.text;
        assert!(again.contains("not kept any more, so it cannot be read again"), "{again}");
    }

    #[tokio::test]
    async fn another_shop_and_a_forged_form_forget_nobody() {
        let standing = open_with_receipt().await;
        let (cookie, csrf) = sign_in(&standing, "rival").await;

        let seen = standing.get(PAGE, &cookie).await;
        let pressed = standing.post(PAGE, &cookie, &format!("csrf={csrf}&sure=yes")).await;
        let strayed = standing.post("/b/rival/leads/a/forget", &cookie, &format!("csrf={csrf}&sure=yes")).await;
        let forged = standing.post(PAGE, &cookie, "sure=yes").await;

        assert_eq!([seen.status, pressed.status, strayed.status], [StatusCode::NOT_FOUND; 3]);
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        assert_eq!(name(&standing).await.as_deref(), Some("Maria Lopez"));
    }
}
