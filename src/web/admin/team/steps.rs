//! The steps of the ladder: added, changed, moved, removed. The first change of a ladder that nobody set makes it one
//! that somebody did.

use super::forms::{Given, Typed, read_minutes, text};
use super::{again, done, team};
use crate::base::clock::MINUTE_MS;
use crate::lead::team::store::change;
use crate::lead::team::{AFTER_MAX_MS, STEPS_MAX, Step, Team, Whom};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use axum::routing::post;

/// The routes of these buttons.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/b/{slug}/team/steps", post(add))
        .route("/b/{slug}/team/steps/usual", post(usual))
        .route("/b/{slug}/team/steps/{n}", post(save))
        .route("/b/{slug}/team/steps/{n}/up", post(up))
        .route("/b/{slug}/team/steps/{n}/remove", post(remove))
}

/// The ladder as the page shows it: one person alone is a ladder of one step.
pub fn current(team: &Team) -> Vec<Step> {
    if !team.steps.is_empty() {
        return team.steps.clone();
    }
    let first = team.members.iter().find(|member| member.is_reachable()).or(team.members.first());
    let step = |id| Step { after_ms: 0, whom: Whom::One(id), by_text: true, by_mail: true, by_call: false };
    first.map(|member| step(member.id.clone())).into_iter().collect()
}

/// Milliseconds as whole minutes.
pub fn minutes(ms: i64) -> i64 {
    ms / MINUTE_MS
}

async fn add(State(house): State<App>, who: InBusiness, Form(given): Form<Given>) -> Result<Response, PageError> {
    let team = team(&house, &who).await?;
    let mut steps = current(&team);
    if steps.len() >= STEPS_MAX {
        return Err(PageError::Bad("There are as many steps as a ladder can have. Remove one first."));
    }
    match read(&team, &given) {
        Ok(step) => steps.push(step),
        Err(wrong) => return again(&house, &who, &Typed::new("newstep", &given, wrong)).await,
    }
    keep(&house, &who, steps, "newstep", &given).await
}

async fn save(
    State(house): State<App>,
    who: InBusiness,
    Path((_, n)): Path<(String, String)>,
    Form(given): Form<Given>,
) -> Result<Response, PageError> {
    let team = team(&house, &who).await?;
    let mut steps = current(&team);
    let n = place(&n, &steps)?;
    let form = format!("step{n}");
    match read(&team, &given) {
        Ok(step) => steps[n] = step,
        Err(wrong) => return again(&house, &who, &Typed::new(form, &given, wrong)).await,
    }
    keep(&house, &who, steps, &form, &given).await
}

/// Whom this step tells changes places with whom the step before tells; the times stay.
async fn up(
    State(house): State<App>,
    who: InBusiness,
    Path((_, n)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let mut steps = current(&team(&house, &who).await?);
    let n = place(&n, &steps)?;
    if n > 0 {
        steps.swap(n - 1, n);
        let (before, after) = (steps[n].after_ms, steps[n - 1].after_ms);
        (steps[n - 1].after_ms, steps[n].after_ms) = (before, after);
    }
    keep(&house, &who, steps, "", &Given::new()).await
}

async fn remove(
    State(house): State<App>,
    who: InBusiness,
    Path((_, n)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let mut steps = current(&team(&house, &who).await?);
    let n = place(&n, &steps)?;
    if steps.len() == 1 {
        return Err(PageError::Bad("Somebody must be told. Add another step first."));
    }
    steps.remove(n);
    keep(&house, &who, from_the_start(steps), "", &Given::new()).await
}

async fn usual(State(house): State<App>, who: InBusiness) -> Result<Response, PageError> {
    keep(&house, &who, Vec::new(), "", &Given::new()).await
}

fn place(n: &str, steps: &[Step]) -> Result<usize, PageError> {
    n.parse().ok().filter(|n| *n < steps.len()).ok_or(PageError::NotFound)
}

/// The first step is at the start, and the others as far behind it as they were.
pub fn from_the_start(mut steps: Vec<Step>) -> Vec<Step> {
    let first = steps.first().map_or(0, |step| step.after_ms);
    steps.iter_mut().for_each(|step| step.after_ms -= first);
    steps
}

/// Stores the steps by time, unless nobody would be told at once.
async fn keep(
    house: &App,
    who: &InBusiness,
    mut steps: Vec<Step>,
    form: &str,
    given: &Given,
) -> Result<Response, PageError> {
    steps.sort_by_key(|step| step.after_ms);
    if steps.first().is_some_and(|step| step.after_ms > 0) {
        let words = "The first step is at 0 minutes: somebody is told at once.".to_owned();
        return again(house, who, &Typed::new(form, given, vec![("after", words)])).await;
    }
    let id = who.business.id.clone();
    let kept = house.db.write(move |c| Box::pin(async move { change::set_steps(c, &id, &steps).await })).await;
    kept.map_err(|error| PageError::from(error).back_to(format!("/b/{}/team", who.business.slug)))?;
    Ok(done(house, who, "saved", ""))
}

fn read(team: &Team, given: &Given) -> Result<Step, Vec<(&'static str, String)>> {
    let mut wrong = Vec::new();
    let after = read_minutes(&text(given, "after"), 0, minutes(AFTER_MAX_MS));
    let whom = match text(given, "who") {
        all if all.is_empty() => Some(Whom::Everyone),
        id => team.members.iter().find(|member| *member.id == *id).map(|member| Whom::One(member.id.clone())),
    };
    let ticked = |name: &str| given.contains_key(name);
    let (by_text, by_mail, by_call) = (ticked("text"), ticked("mail"), ticked("call"));
    if let Err(words) = &after {
        wrong.push(("after", words.clone()));
    }
    if whom.is_none() {
        wrong.push(("who", "Choose somebody of the team.".to_owned()));
    }
    if !by_text && !by_mail && !by_call {
        wrong.push(("ways", "Tick text, phone call, email or all of them.".to_owned()));
    }
    match (after, whom) {
        (Ok(minutes), Some(whom)) if wrong.is_empty() => {
            Ok(Step { after_ms: minutes * MINUTE_MS, whom, by_text, by_mail, by_call })
        }
        _ => Err(wrong),
    }
}
