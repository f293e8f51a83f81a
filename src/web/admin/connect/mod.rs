//! `/b/{slug}/sources/new` and `…/{id}/connect`: choose who sends, get an address, watch the first submission come.
//!
//! What to click at each vendor is read from its guide. A sample goes over the public address, DNS and proxy included,
//! as a website's would; it is marked as a test.

use crate::base::clock::DAY_MS;
use crate::base::ids::{SourceId, new_token};
use crate::base::text::clean_line;
use crate::delivery::http::Http;
use crate::delivery::{Timeouts, probe};
use crate::intake::providers::{self, Provider};
use crate::intake::reading::{Kind, Request};
use crate::lead::receipts::{self, Filter, Receipt};
use crate::lead::shop::{Source, store};
use crate::lead::store::read;
use crate::web::App;
use crate::web::admin::frame::{Frame, frame};
use crate::web::error::{PageError, page};
use crate::web::guides::{self, Guide};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::connect::{Connect, First, Group, New, Pick, Signing, Tile};
use crate::web::views::pieces::Notice;
use crate::web::views::receipts as words;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

const NAME_MAX: usize = 60;
/// The most characters of a secret; the longest are descriptions of somebody's own signature.
const SECRET_MAX: usize = 1_000;

/// The kinds of senders, in the order of the page: the id of its part, the heading, and what providers call it.
const KINDS: &[(&str, &str, &[&str])] = &[
    ("forms", "Forms and site builders", &["form"]),
    ("payments", "Payments and shops", &["payment"]),
    ("booking", "Booking", &["booking"]),
    ("ads", "Ads, customers and chats", &["ads", "crm", "text"]),
    ("tools", "Tools and programs", &["automation"]),
];

/// The routes of these pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/b/{slug}/sources/new", get(pick))
        .route("/b/{slug}/sources/new/{provider}", get(name_it).post(make))
        .route("/b/{slug}/sources/{id}/connect", get(connect).post(give_secret))
        .route("/b/{slug}/sources/{id}/sample", post(sample))
}

async fn pick(State(house): State<App>, who: InBusiness) -> Result<Response, PageError> {
    let Frame { chrome, .. } = frame(&house, &who, Here::Sources).await?;
    let slug = &who.business.slug;
    let groups = KINDS.iter().map(|(id, title, kinds)| Group { id, title, tiles: tiles(slug, kinds) }).collect();
    page(&Pick { groups, chrome })
}

/// Everything in the list by its name; our own form first, whatever fits nothing else last.
fn tiles(slug: &str, kinds: &[&str]) -> Vec<Tile> {
    let mut found: Vec<&dyn Provider> = providers::all().iter().copied().filter(|p| fits(*p, kinds)).collect();
    found.sort_by_key(|provider| {
        let place = match provider.id() {
            "leadbell-form" => 0,
            "generic" => 2,
            _ => 1,
        };
        (place, provider.name().to_lowercase())
    });
    let tile = |provider: &dyn Provider| {
        let href = format!("/b/{slug}/sources/new/{}", provider.id());
        let (href, note) = match (provider.id(), provider.signed()) {
            ("leadbell-form", _) => (format!("/b/{slug}/form"), "link, copy or QR code"),
            ("generic", _) => (href, "HTML, JSON, curl"),
            (_, true) => (href, "can be signed"),
            (_, false) => (href, "unsigned"),
        };
        let (name, note) = match provider.name().strip_suffix(" (WordPress)") {
            Some(name) => (name, format!("WordPress, {note}")),
            None => (provider.name(), note.to_owned()),
        };
        Tile { href, name: name.to_owned(), note }
    };
    found.into_iter().map(tile).collect()
}

/// A provider of a kind that nobody has sorted in stands with the programs rather than nowhere.
fn fits(provider: &dyn Provider, kinds: &[&str]) -> bool {
    let known = KINDS.iter().any(|(_, _, kinds)| kinds.contains(&provider.kind()));
    kinds.contains(&provider.kind()) || (!known && kinds.contains(&"automation"))
}

async fn name_it(
    State(house): State<App>,
    who: InBusiness,
    Path((_, provider)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (provider, guide) = offered(&provider)?;
    show_new(&house, &who, provider, guide, usual_name(provider), None).await
}

/// What may be made here. Our own form has a page of its own.
fn offered(id: &str) -> Result<(&'static dyn Provider, &'static Guide), PageError> {
    let provider = providers::find(id).filter(|provider| provider.id() != "leadbell-form");
    provider.zip(guides::find(id)).ok_or(PageError::NotFound)
}

fn usual_name(provider: &dyn Provider) -> &str {
    if provider.id() == "generic" { "Website form" } else { provider.name() }
}

async fn show_new(
    house: &App,
    who: &InBusiness,
    provider: &'static dyn Provider,
    guide: &Guide,
    name: &str,
    wrong: Option<String>,
) -> Result<Response, PageError> {
    let Frame { chrome, .. } = frame(house, who, Here::Sources).await?;
    page(&New {
        provider: provider.id(),
        vendor: provider.name().to_owned(),
        name: name.to_owned(),
        name_wrong: wrong,
        secret: Some(guide.sentence("Secret")).filter(|_| provider.signed()),
        told: guide.told("Told in advance"),
        chrome,
    })
}

#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    name: String,
    #[serde(default)]
    secret: String,
}

/// One more address.
async fn make(
    State(house): State<App>,
    who: InBusiness,
    Path((_, provider)): Path<(String, String)>,
    Form(made): Form<Made>,
) -> Result<Response, PageError> {
    let (provider, guide) = offered(&provider)?;
    let name = clean_line(&made.name, NAME_MAX);
    if name.is_empty() {
        return show_new(&house, &who, provider, guide, &made.name, Some("Give it a name.".to_owned())).await;
    }
    // A secret that makes no sense is asked for again on the next page, where there is room to say why.
    let secret = usable(provider, &made.secret).ok().flatten().filter(|_| provider.signed());
    let now = house.clock.now_ms();
    let (source, _shown_on_the_next_page) =
        Source::new(&who.business.id, provider.id(), &name, secret.as_deref(), &house.keys, &house.random, now);
    let there = format!("/b/{}/sources/{}/connect?done=made", who.business.slug, source.id);
    let stored = house.db.write(move |c| Box::pin(async move { store::add_source(c, &source).await })).await;
    stored.map_err(|error| PageError::from(error).back_to(format!("/b/{}/sources", who.business.slug)))?;
    house.moved(&who.business.id);
    Ok(Redirect::to(&there).into_response())
}

/// A secret as it is stored; none for an empty one.
fn usable(provider: &dyn Provider, typed: &str) -> Result<Option<String>, String> {
    let secret = typed.trim();
    if secret.is_empty() {
        return Ok(None);
    }
    if secret.len() > SECRET_MAX || secret.chars().any(char::is_control) {
        return Err("That is no secret: copy it again, in one line.".to_owned());
    }
    provider.usable(secret).map_err(|refusal| refusal.problem)?;
    Ok(Some(secret.to_owned()))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn connect(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let source = mine(&house, &who, &id).await?;
    let done = match asked.done.as_str() {
        "made" => Some("Made. Now tell the other side its address."),
        "secret" => Some("Saved. From now on, what does not carry it is refused."),
        "sample" => Some("The sample went out and came back in."),
        _ => None,
    };
    show(&house, &who, &source, Said { done, ..Said::default() }).await
}

async fn mine(house: &App, who: &InBusiness, id: &str) -> Result<Source, PageError> {
    let found = store::source(house.db.read(), &SourceId::from(id)).await?;
    found.filter(|source| source.business_id == who.business.id).ok_or(PageError::NotFound)
}

/// What the page has to say of what was just done.
#[derive(Default)]
struct Said {
    done: Option<&'static str>,
    notice: Option<Notice>,
    secret_wrong: Option<String>,
}

async fn show(house: &App, who: &InBusiness, source: &Source, said: Said) -> Result<Response, PageError> {
    let Frame { chrome, wall, now_ms } = frame(house, who, Here::Sources).await?;
    let provider = providers::find(&source.provider).unwrap_or_else(providers::generic);
    let guide = guides::find(provider.id()).ok_or(PageError::NotFound)?;
    let address = source
        .address(&house.public_url, &house.keys)
        .unwrap_or_else(|_| "The key file is not the one that sealed this address. Make a new source.".to_owned());
    let filter = Filter { source: source.id.to_string(), ..Filter::default() };
    let newest = receipts::list(house.db.read(), Some(&who.business.id), &filter, None, 1).await?.0.pop();
    let first = match newest {
        None => First::Waiting { since: wall.short(source.created_at, now_ms) },
        Some(receipt) => {
            let at = wall.exact(receipt.received_at, now_ms);
            first(house, who, receipt, at).await?
        }
    };
    page(&Connect {
        id: source.id.to_string(),
        name: source.name.clone(),
        vendor: provider.name().to_owned(),
        steps: guide.steps.clone(),
        code: guide.code_for(&address),
        told: guide.told("Told in advance"),
        arrives: guide.sentence("Arrives"),
        token: guide.sentence("Token"),
        stuck: guide.told("Nothing arriving"),
        signing: signing(provider, source, guide),
        secret_wrong: said.secret_wrong,
        can_try: can_try(provider, source, &who.business.country),
        told_now: said.notice,
        done: said.done,
        wrong_hits: u64::try_from(receipts::wrong_hits(house.db.read(), now_ms / DAY_MS - 1).await?).unwrap_or(0),
        first,
        address,
        chrome,
    })
}

fn signing(provider: &dyn Provider, source: &Source, guide: &Guide) -> Signing {
    match (provider.signed(), source.secret_sealed.is_some()) {
        (_, true) => Signing::Set,
        (true, false) => Signing::Missing(guide.sentence("Secret")),
        (false, false) => Signing::Never,
    }
}

/// What to say of a source whose vendor could sign and that has no secret.
pub(super) fn unsigned(source: &Source, slug: &str) -> Option<Notice> {
    let provider = providers::find(&source.provider).filter(|p| p.signed() && source.secret_sealed.is_none())?;
    Some(Notice {
        bad: false,
        title: format!("{} can sign what it sends, but there is no secret here.", provider.name()),
        text: "Until there is, anyone who has the address can send you leads.".to_owned(),
        next: Some((format!("/b/{slug}/sources/{}/connect#secret-title", source.id), "Paste its secret".to_owned())),
    })
}

async fn first(house: &App, who: &InBusiness, receipt: Receipt, at: String) -> Result<First, PageError> {
    let href = format!("/b/{}/receipts/{}", who.business.slug, receipt.id);
    let lead = match &receipt.lead_id {
        Some(id) => read::one(house.db.read(), &who.business.id, id).await?,
        None => None,
    };
    Ok(match (receipt.state.as_str(), lead) {
        ("accepted" | "test", Some(lead)) => {
            let contact = lead.phone.as_ref().map(|phone| phone.national(&who.business.country));
            let who = lead.name.or(contact).or(lead.email.map(|email| email.as_str().to_owned()));
            let say = [who, lead.message].into_iter().flatten().collect::<Vec<_>>().join(". ");
            First::Got { at, say: clean_line(&say, 160), href, is_test: receipt.state == "test" }
        }
        (state, _) => {
            let why = receipt.problem.unwrap_or_else(|| words::state(state, false).1.to_owned());
            First::Odd { at, why, href }
        }
    })
}

async fn give_secret(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(made): Form<Made>,
) -> Result<Response, PageError> {
    let source = mine(&house, &who, &id).await?;
    let provider = providers::find(&source.provider).unwrap_or_else(providers::generic);
    let secret = match usable(provider, &made.secret) {
        Ok(Some(secret)) => secret,
        Ok(None) => return wrong_secret(&house, &who, &source, "Paste the secret first.".to_owned()).await,
        Err(why) => return wrong_secret(&house, &who, &source, why).await,
    };
    let sealed = house.keys.seal(&house.random, &secret);
    let there = format!("/b/{}/sources/{}/connect", who.business.slug, source.id);
    let stored =
        house.db.write(move |c| Box::pin(async move { store::give_secret(c, &source.id, &sealed).await })).await;
    stored.map_err(|error| PageError::from(error).back_to(there.clone()))?;
    house.moved(&who.business.id);
    Ok(Redirect::to(&format!("{there}?done=secret")).into_response())
}

async fn wrong_secret(house: &App, who: &InBusiness, source: &Source, why: String) -> Result<Response, PageError> {
    show(house, who, source, Said { secret_wrong: Some(why), ..Said::default() }).await
}

const SAMPLE: &[(&str, &str)] =
    &[("name", "Test Lead"), ("email", "test.lead@example.com"), ("phone", "+1 512 555 0142")];

/// Whether a form of ours is read as a test there. Where a vendor signs or has a shape of its own, it is not.
fn can_try(provider: &dyn Provider, source: &Source, country: &str) -> bool {
    if provider.signed() && source.secret_sealed.is_some() {
        return false;
    }
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(SAMPLE).finish();
    let headers = [("x-leadbell-test".to_owned(), "1".to_owned())];
    let reading = provider.read(&Request {
        method: "POST",
        url: "",
        content_type: Some("application/x-www-form-urlencoded"),
        headers: &headers,
        query: "",
        body: body.as_bytes(),
        country,
        received_at: 0,
    });
    reading.kind == Kind::Test
}

async fn sample(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let source = mine(&house, &who, &id).await?;
    match try_it(&house, &source).await {
        Ok(()) => {
            let there = format!("/b/{}/sources/{}/connect?done=sample", who.business.slug, source.id);
            Ok(Redirect::to(&there).into_response())
        }
        Err(why) => {
            let notice = Notice {
                bad: true,
                title: "The sample did not come back in.".to_owned(),
                text: format!("{why} Forms elsewhere would not get through either."),
                next: Some(("/health".to_owned(), "Health".to_owned())),
            };
            show(&house, &who, &source, Said { notice: Some(notice), ..Said::default() }).await
        }
    }
}

/// Posts a made-up lead to the source's public address; what is wrong, in a sentence.
async fn try_it(house: &App, source: &Source) -> Result<(), String> {
    let unsealable = |_| "The key file is not the one that sealed this address.".to_owned();
    let address = source.address(&house.public_url, &house.keys).map_err(unsealable)?;
    let secret = source.secret_sealed.as_deref().map(|sealed| house.keys.open(sealed)).transpose();
    let secret = secret.map_err(unsealable)?;
    let mark = new_token(&house.random);
    let message = format!("A sample for {}. Mark {}", source.name, &mark[..8]);
    let mut fields = SAMPLE.to_vec();
    fields.push(("message", &message));
    let mut headers = vec![("x-leadbell-test", "1")];
    headers.extend(secret.as_deref().map(|secret| ("x-leadbell-secret", secret)));
    let http = Http::new(Timeouts::TEXTS).map_err(|error| format!("{error}."))?;
    let answer = probe::post_form(&http, &address, &headers, &fields).await;
    let answer = answer.map_err(|why| format!("No answer from {}: {why}.", house.public_url))?;
    match answer.status {
        200 => Ok(()),
        status => Err(format!("{} answered {status}.", house.public_url)),
    }
}

#[cfg(test)]
mod tests;
