//! Looks how the sources are doing, minutes after their submissions: whether a form changed, went quiet, or sends what is
//! refused or unreadable. Each trouble is one notice with the next step.
//!
//! Bounded: once a minute, so many sources and so many submissions of each. What is learned, how far it was looked and
//! the notice are one transaction, so a crash tells nothing twice and forgets nothing.

use super::Pipeline;
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use crate::db::WriteError;
use crate::intake::drift::{Baseline, Change, Shape};
use crate::intake::providers;
use crate::intake::reading::{About, Reading, Request};
use crate::intake::sniff::sniff;
use crate::lead::health::store::{self, Stored};
use crate::lead::health::{Health, Watched};
use crate::lead::shop::store as shops;
use crate::outbox::store::enqueue::enqueue;
use crate::reply::{self, AlertTo, Trouble};
use crate::stats::period::zone;
use crate::stats::rhythm::{LEARNED_MS, Rhythm, silence_words};
use std::sync::{Arc, Mutex, PoisonError};

const EVERY_MS: i64 = MINUTE_MS;
/// Submissions younger than this may have elder ones that are not stored yet.
const SETTLED_MS: i64 = 15 * SECOND_MS;
const SOURCES_MAX: i64 = 50;
const SUBMISSIONS_MAX: i64 = 25;
/// Nothing new is remembered so often, so that the next look need not go further back.
const REMEMBER_MS: i64 = HOUR_MS;
/// A house that did not look for so long was down, and the silence was its own.
const DOWN_MS: i64 = 3 * HOUR_MS;
/// Changes of one source within this are one notice.
const ONE_NOTICE_MS: i64 = DAY_MS;

/// When was looked, and at which source last.
#[derive(Default)]
pub(super) struct Watch(Mutex<(i64, String)>);

/// What one look at one source brought.
struct Look {
    health: Health,
    troubles: Vec<Told>,
    is_news: bool,
}

/// A trouble that the owner is told of, and since when it lasts.
struct Told {
    kind: Kind,
    since: i64,
}

enum Kind {
    Changed { changes: Vec<String>, still_read: bool },
    Quiet { silent: String, usual: String },
    Refused,
    Unreadable,
}

impl Pipeline {
    /// Looks at the sources whose turn it is, at most once a minute. Returns how many notices were planned.
    ///
    /// # Errors
    /// When the database cannot be read or cannot commit.
    pub async fn look_after_sources(&self) -> Result<usize, WriteError> {
        let now = self.clock.now_ms();
        let after = {
            let watch = self.watch.0.lock().unwrap_or_else(PoisonError::into_inner);
            if (0..EVERY_MS).contains(&(now - watch.0)) {
                return Ok(0);
            }
            watch.1.clone()
        };
        let sources = store::watched(self.db.read(), &after, SOURCES_MAX).await.map_err(unreadable)?;
        let is_last_page = (sources.len() as i64) < SOURCES_MAX;
        let mut planned = 0;
        for source in &sources {
            let look = self.look(source, now).await.map_err(unreadable)?;
            if look.is_news {
                planned += self.remember(source, look, now).await?;
            }
        }
        let next = sources.last().filter(|_| !is_last_page).map(|source| source.source_id.to_string());
        *self.watch.0.lock().unwrap_or_else(PoisonError::into_inner) = (now, next.unwrap_or_default());
        if planned > 0 {
            self.outbox.nudge();
        }
        Ok(planned)
    }

    async fn look(&self, source: &Watched, now: i64) -> Result<Look, sqlx::Error> {
        let db = self.db.read();
        let known = store::of_source(db, &source.source_id).await?;
        let is_new = known.is_none();
        // What came before there was a memory is learned from, as far as it goes back.
        let mut health = known.unwrap_or_else(|| Health { read_at: now - LEARNED_MS, ..Health::default() });
        let before = health.clone();
        let (business, id) = (&source.business_id, &source.source_id);
        let news = store::news(db, business, id, health.read_at, now - SETTLED_MS, SUBMISSIONS_MAX).await?;
        let mut troubles = Vec::new();
        if let Some(last) = news.last() {
            health.read_at = last.received_at;
            news.iter().for_each(|stored| health.note(&stored.state));
            troubles.extend(learn(&mut health, &news, now));
            if news.iter().any(|stored| stored.state == "accepted") {
                let leads = store::arrivals(db, business, id, now - 2 * LEARNED_MS).await?;
                let rhythm = Rhythm::learn(&leads, &zone(&source.timezone));
                health.usual = rhythm.as_ref().map(Rhythm::words);
                health.quiet_at = rhythm.and_then(|rhythm| rhythm.quiet_at());
                health.quiet_told_at = None;
            }
            // Old news is learned from and told to nobody.
            troubles.extend(jumps(&mut health, now).into_iter().filter(|_| now - last.received_at < DAY_MS));
        } else if now - health.read_at > REMEMBER_MS {
            if !is_new && now - health.read_at > DOWN_MS {
                health.quiet_at = health.quiet_at.map(|at| at.max(now + DAY_MS));
            }
            health.read_at = now - SETTLED_MS;
        }
        let caught_up = (news.len() as i64) < SUBMISSIONS_MAX;
        troubles.extend(quiet(&mut health, source, now).filter(|_| caught_up));
        Ok(Look { is_news: is_new || health != before, health, troubles })
    }

    /// Stores what was learned and plans the notices, in one transaction.
    async fn remember(&self, source: &Watched, look: Look, now: i64) -> Result<usize, WriteError> {
        let random = Arc::clone(&self.random);
        let link = format!("{}/b/{}/sources/{}", self.public_url, source.slug, source.source_id);
        let source = source.clone();
        self.db
            .write(move |c| {
                Box::pin(async move {
                    let (business, id) = (&source.business_id, &source.source_id);
                    store::remember(c, business, id, &look.health).await?;
                    let people = shops::people_in(c, business).await?;
                    let Some(person) = people.first().filter(|_| !look.troubles.is_empty()) else { return Ok(0) };
                    let to = AlertTo {
                        id: person.id.clone(),
                        phone: person.phone.clone(),
                        email: person.email.clone(),
                        ring: None,
                        code: String::new(),
                        digit: None,
                    };
                    let vendor = shops::provider_in(c, id).await?;
                    let vendor = vendor.as_deref().and_then(providers::find).map_or("your form", |p| p.name());
                    let vendor = if vendor == "Any form" { "your form" } else { vendor };
                    let notice = |told: &Told| {
                        let trouble = told.kind.trouble(vendor);
                        let named = (id, source.name.as_str());
                        reply::source_notice(business, named, &to, &trouble, told.since, &link, now, &random)
                    };
                    let drafts: Vec<_> = look.troubles.iter().filter_map(notice).collect();
                    enqueue(c, &drafts).await?;
                    Ok(drafts.len())
                })
            })
            .await
    }
}

impl Kind {
    fn trouble<'a>(&'a self, vendor: &'a str) -> Trouble<'a> {
        match self {
            Kind::Changed { changes, still_read } => Trouble::Changed { changes, still_read: *still_read },
            Kind::Quiet { silent, usual } => Trouble::Quiet { silent, usual },
            Kind::Refused => Trouble::Refused { vendor },
            Kind::Unreadable => Trouble::Unreadable,
        }
    }
}

/// Learns from submissions; what changed with them is one trouble.
fn learn(health: &mut Health, news: &[Stored], now: i64) -> Option<Told> {
    let mut baseline: Baseline = serde_json::from_str(&health.baseline).unwrap_or_default();
    let mut found: Vec<Change> = Vec::new();
    let mut still_read = true;
    for (stored, (shape, reading)) in news.iter().filter_map(|stored| Some((stored, shape(stored)?))) {
        found.extend(baseline.observe(&shape, stored.received_at));
        still_read = reading.email.is_some() || reading.phone.is_some();
    }
    health.changed_at = baseline.open().iter().map(|change| change.since).min();
    health.baseline = serde_json::to_string(&baseline).unwrap_or_default();
    found.retain(|change| baseline.open().iter().any(|open| open.id() == change.id()));
    found.sort_by_key(|change| (!change.is_grave(), change.sort));
    let first = found.first()?;
    let is_told_already = health.changed_told_at.is_some_and(|at| now - at < ONE_NOTICE_MS);
    let is_old = now - news.last()?.received_at > DAY_MS;
    if is_told_already || is_old {
        return None;
    }
    health.changed_told_at = Some(now);
    let changes = found.iter().map(Change::words).collect();
    Some(Told { since: first.since, kind: Kind::Changed { changes, still_read } })
}

/// The shape of a stored submission, if it was somebody's.
fn shape(stored: &Stored) -> Option<(Shape, Reading)> {
    if !matches!(stored.state.as_str(), "accepted" | "kept") {
        return None;
    }
    let reading: Reading = serde_json::from_str(stored.reading.as_deref()?).ok()?;
    if reading.fetch.is_some() && !matches!(reading.about, About::Payment(_)) {
        // It names a number and no more; what was found under it is looked at.
        return None;
    }
    let headers: Vec<(String, String)> = serde_json::from_str(&stored.headers).unwrap_or_default();
    let request = Request {
        method: "POST",
        url: "",
        content_type: stored.content_type.as_deref(),
        headers: &headers,
        query: &stored.query,
        body: stored.body.as_deref()?,
        country: "US",
        received_at: stored.received_at,
    };
    Some((Shape::of(&sniff(&request).tree, &reading), reading))
}

/// Signatures that began to fail and submissions that began to be unreadable, each told once until it is over.
fn jumps(health: &mut Health, now: i64) -> Vec<Told> {
    let mut told = Vec::new();
    for (letter, kind) in [('r', Kind::Refused), ('k', Kind::Unreadable)] {
        let (is_jump, is_over) = (health.has_jump(letter), health.is_clear_of(letter));
        let at = if letter == 'r' { &mut health.refused_told_at } else { &mut health.unreadable_told_at };
        if is_jump && at.is_none() {
            *at = Some(now);
            told.push(Told { kind, since: now });
        } else if is_over {
            *at = None;
        }
    }
    told
}

/// A silence that its rhythm does not explain, once.
fn quiet(health: &mut Health, source: &Watched, now: i64) -> Option<Told> {
    let last_at = source.last_at?;
    let usual = health.usual.clone()?;
    if health.quiet_told_at.is_some() || health.quiet_at.is_none_or(|at| at > now) || now - last_at < DAY_MS {
        return None;
    }
    health.quiet_told_at = Some(now);
    let silent = silence_words(now - last_at);
    Some(Told { kind: Kind::Quiet { silent, usual }, since: last_at })
}

fn unreadable(error: sqlx::Error) -> WriteError {
    WriteError::Unavailable(error.to_string().into())
}
