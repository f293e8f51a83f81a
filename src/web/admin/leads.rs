//! `/b/{slug}/leads`: the list, searched, filtered, leafed through; and the same leads as CSV.

use super::frame::{Frame, frame};
use super::show;
use crate::base::instant::rfc3339;
use crate::base::table::Table;
use crate::db::Pool;
use crate::lead::record::Lead;
use crate::lead::shop::{Business, Source, store};
use crate::lead::state::State as Stand;
use crate::lead::store::payments;
use crate::lead::store::search::{self, Counts, Cursor, Filter};
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::leads::{self as view, Leads};
use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use serde::Deserialize;
use std::collections::HashMap;
use url::form_urlencoded::Serializer;

const A_PAGE: usize = 50;
/// How many leads are read for one piece of a CSV.
const A_PIECE: usize = 500;
/// The headings of the CSV; those of `leadbell export leads`.
const COLUMNS: [&str; 24] = [
    "id",
    "business",
    "source",
    "kind",
    "test",
    "spam",
    "name",
    "email",
    "phone",
    "message",
    "fields",
    "state",
    "outcome",
    "received_at",
    "first_text_at",
    "delivered_at",
    "alerted_at",
    "taken_at",
    "taken_by",
    "person_at",
    "reached_at",
    "replied_at",
    "closed_at",
    "paid",
];

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/leads", get(list)).route("/b/{slug}/leads.csv", get(csv))
}

/// What the address asks for. Words that mean nothing are taken as not said.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let mut filter = Filter {
            source: (!self.source.is_empty()).then(|| self.source.as_str().into()),
            text: self.q.trim().chars().take(200).collect(),
            ..Filter::default()
        };
        match self.state.as_str() {
            "waiting" => filter.waiting = true,
            "answered" => filter.state = Some(Stand::Answered),
            "booked" | "lost" => filter.outcome = Some(self.state.clone()),
            "spam" => filter.spam = true,
            _ => {}
        }
        filter
    }

    /// An address of this page, or of its CSV, with the same search and the given state.
    fn address(&self, slug: &str, file: &str, state: &str, after: &str) -> String {
        let mut query = Serializer::new(String::new());
        let pairs = [("state", state), ("source", &self.source), ("q", self.q.trim()), ("after", after)];
        query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
        let query = query.finish();
        let path = format!("/b/{slug}/{file}");
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

async fn list(State(house): State<App>, who: InBusiness, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let Frame { chrome, wall, now_ms } = frame(&house, &who, Here::Leads).await?;
    let (db, business) = (house.db.read(), &who.business);
    let sources = store::sources(db, &business.id).await?;
    let counts = search::counts(db, &business.id).await?;
    let from = Cursor::parse(&asked.after);
    let found = search::waiting_first(db, &business.id, &asked.filter(), from.as_ref(), A_PAGE).await?;
    let row = |lead: &Lead| show::row(lead, &business.country, &wall, now_ms);
    let (waiting, others): (Vec<&Lead>, Vec<&Lead>) = found.leads.iter().partition(|lead| waits(lead));
    let listening = sources.first().map(|source| wall.short(source.created_at, now_ms));
    let searched = counts.all + counts.spam > 0;
    page(&Leads {
        q: asked.q.trim().to_owned(),
        state: asked.state.clone(),
        source: asked.source.clone(),
        filters: filters(&asked, &business.slug, counts),
        narrowed: narrowed(&asked, &sources),
        csv: asked.address(&business.slug, "leads.csv", &asked.state, ""),
        waiting: waiting.into_iter().map(row).collect(),
        days: view::by_day(others.into_iter().map(|lead| (wall.heading(lead.clocks.received_at, now_ms), row(lead)))),
        empty: if found.leads.is_empty() { view::nothing(searched, listening.as_deref()) } else { String::new() },
        next: found.next.map(|next| asked.address(&business.slug, "leads", &asked.state, &next.text())),
        chrome,
    })
}

/// Whether the lead stands among those that wait for a person.
fn waits(lead: &Lead) -> bool {
    lead.state.waits_for_a_person() && !lead.is_test && !lead.is_spam
}

fn filters(asked: &Asked, slug: &str, counts: Counts) -> Vec<view::Filter> {
    let chips = [
        ("All", "", counts.all),
        ("Waiting", "waiting", counts.waiting),
        ("Answered", "answered", counts.answered),
        ("Booked", "booked", counts.booked),
        ("Lost", "lost", counts.lost),
        ("Spam", "spam", counts.spam),
    ];
    let known = chips.iter().any(|(_, word, _)| *word == asked.state);
    let current = |word: &str| if known { asked.state == word } else { word.is_empty() };
    chips
        .into_iter()
        .filter(|(_, word, count)| *word != "spam" || *count > 0 || current(word))
        .map(|(words, word, count)| view::Filter {
            words,
            count: u64::try_from(count).unwrap_or(0),
            href: asked.address(slug, "leads", word, ""),
            current: current(word),
        })
        .collect()
}

fn narrowed(asked: &Asked, sources: &[Source]) -> Option<String> {
    let q = asked.q.trim();
    let source = sources.iter().find(|source| *source.id == *asked.source).map(|source| source.name.as_str());
    match (source, asked.source.is_empty(), q.is_empty()) {
        (_, true, true) => None,
        (Some(name), _, true) => Some(format!("From {name}.")),
        (Some(name), _, false) => Some(format!("From {name}, matching “{q}”.")),
        (None, false, _) => Some("From a source that does not exist.".to_owned()),
        (None, true, false) => Some(format!("Matching “{q}”.")),
    }
}

/// The leads as CSV, the newest first, written page by page while it is sent: no long read, no large buffer.
async fn csv(State(house): State<App>, who: InBusiness, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let sources = store::sources(house.db.read(), &who.business.id).await?;
    let names = sources.into_iter().map(|source| (source.id.to_string(), source.name)).collect();
    let sheet = Sheet { filter: asked.filter(), business: who.business, names, next: Next::Headings };
    let name = format!("attachment; filename=\"leads-{}.csv\"", sheet.business.slug);
    let pieces = stream::try_unfold((house, sheet), |(house, mut sheet)| async move {
        match sheet.piece(house.db.read()).await {
            Ok(piece) => Ok(piece.map(|piece| (piece, (house, sheet)))),
            Err(error) => {
                tracing::error!(%error, "a CSV was cut off");
                Err(error)
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, name.as_str()),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// A CSV on its way.
struct Sheet {
    filter: Filter,
    business: Business,
    names: HashMap<String, String>,
    next: Next,
}

/// What a CSV goes on with.
enum Next {
    Headings,
    From(Cursor),
    Nothing,
}

impl Sheet {
    async fn piece(&mut self, db: &Pool) -> Result<Option<Vec<u8>>, anyhow::Error> {
        let mut piece = Vec::new();
        let from = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Headings => {
                Table::new(&mut piece, &COLUMNS)?.finish()?;
                None
            }
            Next::From(cursor) => Some(cursor),
            Next::Nothing => return Ok(None),
        };
        let found = search::newest(db, Some(&self.business.id), &self.filter, from.as_ref(), A_PIECE).await?;
        let ids: Vec<&str> = found.leads.iter().map(|lead| lead.id.as_str()).collect();
        let sums = payments::sums(db, &ids).await?;
        let mut table = Table::plain(&mut piece);
        for lead in &found.leads {
            let paid = payments::cell(sums.get(lead.id.as_str()));
            table.row(self.cells(lead, paid).iter().map(String::as_str))?;
        }
        table.finish()?;
        self.next = found.next.map_or(Next::Nothing, Next::From);
        Ok(Some(piece))
    }

    fn cells(&self, lead: &Lead, paid: String) -> [String; 24] {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let instant = |at: Option<i64>| at.map(rfc3339).unwrap_or_default();
        let fields: Vec<String> = lead.fields.iter().map(|f| format!("{}: {}", f.label, f.value)).collect();
        let clocks = &lead.clocks;
        [
            lead.id.to_string(),
            self.business.slug.clone(),
            self.names.get(lead.source.as_str()).cloned().unwrap_or_else(|| lead.source.to_string()),
            lead.kind.clone(),
            lead.is_test.to_string(),
            lead.is_spam.to_string(),
            text(lead.name.as_deref()),
            text(lead.email.as_ref().map(|email| email.as_str())),
            text(lead.phone.as_ref().map(|phone| phone.as_str())),
            text(lead.message.as_deref()),
            fields.join("\n"),
            lead.state.to_string(),
            text(lead.outcome.as_deref()),
            rfc3339(clocks.received_at),
            instant(clocks.first_text_at),
            instant(clocks.delivered_at),
            instant(clocks.alerted_at),
            instant(clocks.taken_at),
            text(lead.held_by.as_ref().map(|holder| holder.name.as_str())),
            instant(clocks.person_at),
            instant(clocks.reached_at),
            instant(clocks.replied_at),
            instant(clocks.closed_at),
            paid,
        ]
    }
}
