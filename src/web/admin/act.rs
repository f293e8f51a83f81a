//! What the buttons of a lead's page do. Each is a POST, may be repeated, and ends on the lead's page with a word on
//! what was done.

use super::show;
use crate::base::ids::LeadId;
use crate::base::keys::sha256_hex;
use crate::base::text::clean_text;
use crate::lead::record::Lead;
use crate::lead::shop::{Person, store};
use crate::lead::store::act::{self as deed, How, Taken, Who};
use crate::pipeline::{Relayed, Rung, TEXT_MAX, Words, can_be_called};
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use crate::web::views::format::Wall;
use crate::web::{App, House};
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use serde::Deserialize;

/// The same words to the same lead within this many milliseconds are one text: a double click sends one.
const SAME_WORDS_MS: i64 = 10 * crate::base::clock::MINUTE_MS;

type Answer = Result<Redirect, PageError>;
type Lead2 = Path<(String, String)>;

/// Form fields of the buttons; each button uses its own.
#[derive(Debug, Default, Deserialize)]
pub struct Pressed {
    #[serde(default)]
    anyway: String,
    #[serde(default)]
    how: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    body: String,
}

/// `POST …/take`: "I've got it"; with `anyway` also from someone else.
pub async fn take(
    State(house): State<App>,
    by: InBusiness,
    Path((_, id)): Lead2,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let doing = Doing::new(&house, by, id).await?;
    let (business, lead, who, now) = doing.parts();
    let anyway = !pressed.anyway.is_empty();
    let taken = house
        .db
        .write(move |c| Box::pin(async move { deed::take(c, &business, &lead, &who, anyway, now).await }))
        .await
        .map_err(|error| doing.failed(error))?;
    match taken.ok_or(PageError::NotFound)? {
        Taken::You => Ok(doing.done("taken")),
        Taken::AlreadyBy { .. } => Ok(doing.nothing("theirs")),
        Taken::Closed => Ok(doing.nothing("closed")),
    }
}

/// `POST …/hand-back`: "Not me after all."
pub async fn hand_back(State(house): State<App>, by: InBusiness, Path((_, id)): Lead2) -> Answer {
    let doing = Doing::new(&house, by, id).await?;
    let (business, lead, who, now) = doing.parts();
    let done = house
        .db
        .write(move |c| Box::pin(async move { deed::hand_back(c, &business, &lead, &who, now).await }))
        .await
        .map_err(|error| doing.failed(error))?;
    Ok(if done.ok_or(PageError::NotFound)? { doing.done("handed_back") } else { doing.nothing("nothing") })
}

/// `POST …/person`: a call was started, or is said to have been made (`how`: `call`, `text`, `mail`, `said`).
pub async fn person(
    State(house): State<App>,
    by: InBusiness,
    Path((_, id)): Lead2,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let how = How::parse(&pressed.how).ok_or(PageError::Bad("Say how: call, text, mail or said."))?;
    let doing = Doing::new(&house, by, id).await?;
    let (business, lead, who, now) = doing.parts();
    house
        .db
        .write(move |c| Box::pin(async move { deed::person(c, &business, &lead, &who, how, now, now).await }))
        .await
        .map_err(|error| doing.failed(error))?
        .ok_or(PageError::NotFound)?;
    Ok(doing.done("person"))
}

/// `POST …/ring`: "Ring me and connect".
pub async fn ring(State(house): State<App>, by: InBusiness, Path((_, id)): Lead2) -> Answer {
    let doing = Doing::new(&house, by, id).await?;
    let rung = house.engine.pipeline.ring_me(&doing.by.business, &doing.lead, &doing.who).await;
    Ok(match rung.map_err(|error| doing.failed(error))?.ok_or(PageError::NotFound)? {
        Rung::Rings => doing.done("rings"),
        Rung::Cannot => doing.nothing("no_ring"),
    })
}

/// Whether the telephone of whoever is signed in can be rung and put through to a lead.
pub fn rings(house: &House, by: &InBusiness, lead: &Lead, people: &[Person]) -> bool {
    let phone = one_of_us(by, people).and_then(|person| person.phone.as_ref());
    house.engine.pipeline.can_call() && can_be_called(lead) && phone.is_some()
}

/// `POST …/outcome`: how it ended.
pub async fn outcome(
    State(house): State<App>,
    by: InBusiness,
    Path((_, id)): Lead2,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let doing = Doing::new(&house, by, id).await?;
    let (business, lead, who, now) = doing.parts();
    let done = house
        .db
        .write(move |c| Box::pin(async move { deed::outcome(c, &business, &lead, &pressed.outcome, &who, now).await }))
        .await
        .map_err(|error| doing.failed(error))?;
    match done.ok_or(PageError::NotFound)? {
        true => Ok(doing.done("outcome")),
        false => Err(PageError::Bad("Choose what came of it from the list.")),
    }
}

/// `POST …/reopen`: takes the outcome back.
pub async fn reopen(State(house): State<App>, by: InBusiness, Path((_, id)): Lead2) -> Answer {
    let doing = Doing::new(&house, by, id).await?;
    let (business, lead, who, now) = doing.parts();
    house
        .db
        .write(move |c| Box::pin(async move { deed::reopen(c, &business, &lead, &who, now).await }))
        .await
        .map_err(|error| doing.failed(error))?
        .ok_or(PageError::NotFound)?;
    Ok(doing.done("reopened"))
}

/// `POST …/not-spam`: it is a lead after all.
pub async fn not_spam(State(house): State<App>, by: InBusiness, Path((_, id)): Lead2) -> Answer {
    let doing = Doing::new(&house, by, id).await?;
    let (business, lead, who, now) = doing.parts();
    house
        .db
        .write(move |c| Box::pin(async move { deed::not_spam(c, &business, &lead, &who, now).await }))
        .await
        .map_err(|error| doing.failed(error))?
        .ok_or(PageError::NotFound)?;
    Ok(doing.done("not_spam"))
}

/// `POST …/texts`: a person's own words to the lead, from the shop's number. Counts as an answer.
pub async fn text(
    State(house): State<App>,
    by: InBusiness,
    Path((_, id)): Lead2,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let doing = Doing::new(&house, by, id).await?;
    let (business, lead, who, now) = doing.parts();
    let words = clean_text(&pressed.body, TEXT_MAX);
    if words.is_empty() {
        return Ok(doing.nothing("no_text"));
    }
    let step = Some(once("page", &words, now));
    let done = house.engine.pipeline.text_lead(Words { business, lead, who, words, step }).await;
    match done.map_err(|error| doing.failed(error))?.ok_or(PageError::NotFound)? {
        Relayed::Queued => Ok(doing.done("text")),
        Relayed::NoNumber => Ok(doing.nothing("no_text")),
        Relayed::OptedOut => Ok(doing.nothing("opted_out")),
    }
}

/// The step of words typed on a page: the same words from the same place within a while are one text.
pub(super) fn once(place: &str, words: &str, now: i64) -> String {
    format!("{place} {} {}", sha256_hex(words.as_bytes()), now.div_euclid(SAME_WORDS_MS))
}

/// What to say on the page after one of these.
pub fn told(done: &str, lead: &Lead, wall: &Wall) -> Option<String> {
    let theirs = || match &lead.held_by {
        Some(holder) => format!("{} already has it (took it {}).", holder.name, wall.time(holder.since)),
        None => "Someone was first.".to_owned(),
    };
    Some(match done {
        "taken" => "It is yours. They expect your call.".to_owned(),
        "theirs" => theirs(),
        "closed" => "This lead is closed. Open it again first.".to_owned(),
        "handed_back" => "Handed back.".to_owned(),
        "person" => "Noted.".to_owned(),
        "outcome" => match &lead.outcome {
            Some(outcome) => format!("Saved: {}.", show::ended(outcome).words),
            None => "Saved.".to_owned(),
        },
        "reopened" => "Open again.".to_owned(),
        "not_spam" => "It counts as a lead now.".to_owned(),
        "text" => "Your text is queued. Its state is under Deliveries.".to_owned(),
        "rings" => "Your phone rings in a moment. Press 1 to be connected.".to_owned(),
        "no_ring" => "Nothing rings: a number is missing, yours or theirs, or the lead is closed.".to_owned(),
        "no_text" => "Nothing was queued: there are no words, or no number.".to_owned(),
        "opted_out" => "Nothing was queued: they asked us not to text. You can still call.".to_owned(),
        "nothing" => "Nothing was changed.".to_owned(),
        _ => return None,
    })
}

/// One press of a button: who, on what, when, and where it ends.
struct Doing<'a> {
    house: &'a House,
    by: InBusiness,
    lead: LeadId,
    who: Who,
    now: i64,
}

impl<'a> Doing<'a> {
    async fn new(house: &'a House, by: InBusiness, lead: String) -> Result<Self, PageError> {
        let who = who(house, &by).await?;
        Ok(Self { house, by, lead: lead.into(), who, now: house.clock.now_ms() })
    }

    fn parts(&self) -> (crate::base::ids::BusinessId, LeadId, Who, i64) {
        (self.by.business.id.clone(), self.lead.clone(), self.who.clone(), self.now)
    }

    fn page(&self) -> String {
        format!("/b/{}/leads/{}", self.by.business.slug, self.lead)
    }

    fn failed(&self, error: crate::db::WriteError) -> PageError {
        PageError::from(error).back_to(self.page())
    }

    /// Something moved: open pages hear of it.
    fn done(&self, word: &str) -> Redirect {
        self.house.moved(&self.by.business.id);
        self.nothing(word)
    }

    fn nothing(&self, word: &str) -> Redirect {
        Redirect::to(&format!("{}?done={word}", self.page()))
    }
}

/// The person of the shop with the same address as the sign-in.
fn one_of_us<'a>(by: &InBusiness, people: &'a [Person]) -> Option<&'a Person> {
    let account = &by.signed_in.account;
    people.iter().find(|p| p.email.as_deref().is_some_and(|e| e.eq_ignore_ascii_case(&account.email)))
}

/// Who is signed in, as the timeline names them: the person of the shop with the same address, else the sign-in.
async fn who(house: &House, by: &InBusiness) -> Result<Who, PageError> {
    let account = &by.signed_in.account;
    let people = store::people(house.db.read(), &by.business.id).await?;
    Ok(match one_of_us(by, &people) {
        Some(person) => Who { name: person.name.clone(), person: Some(person.id.clone()) },
        None if account.name.is_empty() => Who { name: account.email.clone(), person: None },
        None => Who { name: account.name.clone(), person: None },
    })
}
