//! The lane of submissions: for a whole batch, ask what is known, decide one after the other, write with few statements.
//!
//! Decisions are taken inside the one writer's transaction, so nothing can change between asking and writing; what an
//! earlier submission of the same batch decided is known to the later ones.

mod bookings;
mod books;
mod kept;
mod money;
mod persons;
mod rows;
mod submission;
mod telling;
mod texts;
mod thin;

use crate::base::ids::BusinessId;
use crate::base::news::{Change, News};
use crate::base::random::Random;
use crate::base::{Boxed, keys::Keys};
use crate::db::{Conn, Lane};
use crate::lead::reading::{About, Kind};
use crate::lead::store::intake::{Ground, Known, NewLead};
use crate::outbox::Dispatch;
use crate::outbox::dispatch::Departure;
use crate::outbox::message::Draft;
use crate::reply::{self, AlertTo};
use books::Books;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use submission::title;
use telling::Speech;
use thin::Thin;
use tokio::sync::Notify;

pub(super) use money::book;
pub use submission::{Brought, Received, Status, Submission};
pub(super) use thin::question as to_be_asked;

/// The lane.
pub struct RoadLane {
    random: Arc<Random>,
    public_url: String,
    news: News,
    dispatch: Option<Arc<Dispatch>>,
    bell: Option<Arc<Notify>>,
    keys: Option<Keys>,
    own_number: Option<String>,
    /// Something was refused: leads are stored without leasing anything, so that no message can refuse them.
    is_careful: bool,
    changed: Vec<Change>,
    leaving: Vec<Departure>,
}

impl RoadLane {
    /// A lane whose links start with `public_url`. With a `dispatch`, messages that may leave at once are leased by the
    /// commit that plans them.
    pub fn new(random: Arc<Random>, public_url: String, news: News, dispatch: Option<Arc<Dispatch>>) -> Self {
        Self {
            random,
            public_url,
            news,
            dispatch,
            bell: None,
            keys: None,
            own_number: None,
            is_careful: false,
            changed: Vec::new(),
            leaving: Vec::new(),
        }
    }

    /// The number that our texts come from: what comes from it is no enquiry.
    pub fn texting_from(mut self, number: Option<String>) -> Self {
        self.own_number = number;
        self
    }

    /// Rings after each commit: there may be something to be asked for.
    pub fn ringing(mut self, bell: Arc<Notify>) -> Self {
        self.bell = Some(bell);
        self
    }
}

impl Lane for RoadLane {
    type Item = Submission;
    type Answer = Received;

    fn apply<'a>(
        &'a mut self,
        conn: &'a mut Conn,
        items: &'a [Submission],
    ) -> Boxed<'a, Result<Vec<Received>, sqlx::Error>> {
        Box::pin(async move {
            let Ground { known, digits, .. } = submission::ground(conn, items, self.keys.as_ref()).await?;
            let heard =
                texts::hear(conn, items, &known, &self.random, &self.public_url, self.own_number.as_deref()).await?;
            let mut batch = Batch::new(&self.random, &self.public_url);
            batch.mails_end_by = self.keys.as_ref();
            // A text of this batch may have given a digit away.
            batch.digits = if heard.is_empty() { digits } else { submission::digits(conn, items).await? };
            batch.heard = heard;
            batch.books = Books::open(conn, items).await?;
            batch.thin = Thin::open(conn, items).await?;
            for (item, known) in items.iter().zip(known) {
                batch.decide(item, known);
            }
            let answers = std::mem::take(&mut batch.answers);
            let plans = !batch.drafts.is_empty();
            let mut changed = std::mem::take(&mut batch.changed);
            batch.write(conn).await?;
            texts::belong(conn, items, &answers).await?;
            self.changed.append(&mut changed);
            if plans && let Some(dispatch) = &self.dispatch {
                dispatch.came(items.len());
                if self.is_careful {
                    dispatch.fell_behind();
                } else {
                    self.leaving.append(&mut dispatch.along(conn).await?);
                }
            }
            Ok(answers)
        })
    }

    fn undone(&mut self) {
        self.is_careful = true;
        self.changed.clear();
        self.leaving.clear();
    }

    fn committed(&mut self) {
        self.is_careful = false;
        if let Some(dispatch) = &self.dispatch {
            dispatch.leave(std::mem::take(&mut self.leaving));
        }
        if let Some(bell) = &self.bell {
            bell.notify_one();
        }
        for change in self.changed.drain(..) {
            self.news.tell(change);
        }
    }
}

/// What a batch decides, collected until it is written.
struct Batch<'a> {
    random: &'a Random,
    public_url: &'a str,
    answers: Vec<Received>,
    changed: Vec<Change>,
    digits: HashMap<String, Vec<u8>>,
    receipts: Vec<(&'a Submission, &'static str, Option<String>, String)>,
    leads: Vec<NewLead<'a>>,
    joins: Vec<(String, &'a Submission, bool)>,
    repeats: Vec<String>,
    retired: Vec<String>,
    events: Vec<(&'a str, String, i64, &'static str, Option<String>)>,
    links: Vec<(&'a Submission, String, AlertTo)>,
    drafts: Vec<Draft>,
    answered: Vec<(&'a str, String, String, i64)>,
    sources: HashMap<&'a str, i64>,
    keys: HashMap<(&'a str, &'a str), Received>,
    open: HashMap<(&'a str, &'a str), String>,
    /// Leads of this batch that want no texts.
    unticked: HashSet<String>,
    books: Books,
    /// Texts that were taken in already.
    heard: texts::Heard,
    /// Leads that turned out to be a part of another.
    folds: Vec<(String, String)>,
    thin: Thin,
    /// Businesses whose number the carriers block, and one of whose texts finds out whether they still do.
    probes: HashMap<&'a str, i64>,
    /// What links that end mails are made with.
    mails_end_by: Option<&'a Keys>,
}

impl<'a> Batch<'a> {
    fn new(random: &'a Random, public_url: &'a str) -> Self {
        Self {
            random,
            public_url,
            answers: Vec::new(),
            changed: Vec::new(),
            digits: HashMap::new(),
            receipts: Vec::new(),
            leads: Vec::new(),
            joins: Vec::new(),
            repeats: Vec::new(),
            retired: Vec::new(),
            events: Vec::new(),
            links: Vec::new(),
            drafts: Vec::new(),
            answered: Vec::new(),
            sources: HashMap::new(),
            keys: HashMap::new(),
            open: HashMap::new(),
            unticked: HashSet::new(),
            books: Books::default(),
            heard: texts::Heard::default(),
            folds: Vec::new(),
            thin: Thin::default(),
            probes: HashMap::new(),
            mails_end_by: None,
        }
    }

    fn decide(&mut self, s: &'a Submission, known: Known) {
        let answer = self.repeat(s, &known).unwrap_or_else(|| self.first(s, &known));
        self.thin.heard(s, &answer, self.random);
        let key = (s.card.source.id.as_str(), s.dedupe_key.as_str());
        self.keys.entry(key).or_insert_with(|| answer.clone());
        self.answers.push(answer);
    }

    /// The same delivery again: the first answer again, and nothing else happens.
    fn repeat(&mut self, s: &'a Submission, known: &Known) -> Option<Received> {
        let key = (s.card.source.id.as_str(), s.dedupe_key.as_str());
        let (receipt, lead) = match (self.keys.get(&key), &known.earlier) {
            (Some(first), _) => (first.receipt.clone(), first.lead.clone()),
            (None, Some(earlier)) => {
                if s.window_ms.is_some_and(|window| s.received_at - earlier.received_at > window) {
                    self.retired.push(earlier.receipt_id.clone());
                    return None;
                }
                (earlier.receipt_id.clone(), earlier.lead_id.clone())
            }
            (None, None) => return None,
        };
        self.repeats.push(receipt.clone());
        Some(Received { status: Status::Duplicate, receipt, lead, problem: None })
    }

    fn first(&mut self, s: &'a Submission, known: &Known) -> Received {
        let (status, state) = match (&s.refused, s.reading.kind) {
            (Some(_), _) => (Status::Refused, "refused"),
            (None, Kind::Lead) => (Status::Accepted, "accepted"),
            (None, Kind::Test) => (Status::Test, "test"),
            (None, Kind::Ignored) => (Status::Ignored, "ignored"),
            (None, Kind::Spam) => (Status::Accepted, "spam"),
            (None, Kind::Unreadable) => (Status::Kept, "kept"),
        };
        let heard = self.heard.get(s.receipt_id.as_str()).cloned();
        let lead = match (status, s.reading.kind) {
            _ if heard.is_some() => {
                self.changed.push(Change { business_id: s.card.business.id.clone(), new_lead: None });
                heard.flatten()
            }
            (Status::Accepted | Status::Test, _) => self.lead(s, known),
            (Status::Kept, _) => {
                self.unreadable(s);
                None
            }
            _ => None,
        };
        self.receipt(s, state, lead.as_deref());
        if lead.is_none() {
            // A page that waits for the first submission hears of those, too, that made no lead.
            self.changed.push(Change { business_id: s.card.business.id.clone(), new_lead: None });
        }
        if status != Status::Refused && s.brought.is_none() {
            self.sources.insert(&s.card.source.id, s.received_at);
        }
        Received { status, receipt: s.receipt_id.to_string(), lead, problem: s.refused.clone() }
    }

    fn receipt(&mut self, s: &'a Submission, state: &'static str, lead: Option<&str>) {
        let reading = serde_json::to_string(&s.reading).unwrap_or_else(|_| "null".to_owned());
        self.receipts.push((s, state, lead.map(str::to_owned), reading));
    }

    /// A new lead, the same person's open one, or none where nobody waits for anything; and what is to be said.
    fn lead(&mut self, s: &'a Submission, known: &Known) -> Option<String> {
        match (&s.reading.about, s.reading.kind) {
            (About::Payment(event), Kind::Lead | Kind::Test) => self.payment(s, known, event),
            (About::Booking(booking), Kind::Lead) if booking.is_cancelled => self.called_off(s, known, booking),
            _ => Some(self.enquiry(s, known)),
        }
    }

    /// Somebody wants something.
    fn enquiry(&mut self, s: &'a Submission, known: &Known) -> String {
        let business = s.card.business.id.as_str();
        let open = self.open_lead(s, known);
        if let Some(named) = self.thin.named(s)
            && !self.goes_into(s, &named, open.as_ref())
        {
            return self.named_before(s, known, &named);
        }
        let joined = open.is_some();
        let (lead_id, wants_no_texts) = open.unwrap_or_else(|| (s.lead_id.to_string(), false));
        self.stays_open(s, &lead_id);
        if joined {
            self.joins.push((lead_id.clone(), s, true));
            if !matches!(s.reading.about, About::Booking(_) | About::Call) {
                self.note(s, &lead_id, "wrote_again", s.reading.message.clone());
            }
        } else {
            self.makes_lead(s, &lead_id);
        }
        if s.reading.kind == Kind::Spam {
            return lead_id;
        }
        let again = joined.then_some(s.receipt_id.as_str());
        let topic = self.topic(s, again, &lead_id);
        let speech = Speech {
            lead_id: &lead_id,
            reading: &s.reading,
            topic: topic.as_ref(),
            again,
            wants_no_texts,
            opted_out: known.opted_out || texts::asks_for_silence(s),
            answered: known.answered,
            is_alert: true,
        };
        self.tell(s, known, &speech);
        self.is_news(business, s, !joined);
        lead_id
    }

    /// Writes a line of a lead's timeline.
    fn note(&mut self, s: &'a Submission, lead_id: &str, kind: &'static str, detail: Option<String>) {
        self.events.push((s.card.business.id.as_str(), lead_id.to_owned(), s.received_at, kind, detail));
    }

    /// The page of the shop is told.
    fn is_news(&mut self, business: &'a str, s: &'a Submission, is_new: bool) {
        let wish = s.reading.message.as_deref().map(|m| format!(", {}", reply::words::cut(m, 80))).unwrap_or_default();
        let new_lead = is_new.then(|| format!("{}{wish}", title(s, &s.reading)));
        self.changed.push(Change { business_id: BusinessId::from(business), new_lead });
    }
}
