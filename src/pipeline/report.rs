//! The weekly report: put together for the page, and mailed on Monday at 7:00 by the shop's clock.
//!
//! It is planned in one transaction with the note that the week is reported, so a crash sends nothing twice. A house that
//! was down at 7:00 sends it when it is up again, until the end of Wednesday. A shop that had no lead in the week nor in
//! the week before gets none.

use super::Pipeline;
use crate::base::lengths::words;
use crate::db::{Pool, WriteError};
use crate::intake::drift::{Baseline, Change as Drift};
use crate::lead::health::{Health, State, store as health};
use crate::lead::hours::{clock_words, tells_am_and_pm};
use crate::lead::shop::weekly::{Reported, store as weekly};
use crate::lead::shop::{Business, Source, store as shops};
use crate::lead::store::read;
use crate::outbox::store::enqueue::enqueue;
use crate::reply::report::{Fact, Headline, Look, Waited, Week, report_mail};
use crate::stats::period::{Period, zone};
use crate::stats::report::{Named, WeekReport, week_report};
use crate::stats::rhythm::silence_words;
use crate::stats::summary::Summary;
use jiff::Timestamp;
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// What the addresses of a shop's pages start with. `public_url` has no slash at the end.
pub fn pages_of(public_url: &str, slug: &str) -> String {
    format!("{public_url}/b/{slug}")
}

/// A week of a shop in words, as things stand at `now`. `base`: what the addresses of its pages start with.
///
/// # Errors
/// When the database cannot be read.
pub async fn week(db: &Pool, shop: &Business, base: &str, week: &Period, now: i64) -> Result<Week, sqlx::Error> {
    let report = week_report(db, &shop.id, &shop.timezone, week, now).await?;
    in_words(db, shop, base, &report, now).await
}

async fn in_words(db: &Pool, shop: &Business, base: &str, report: &WeekReport, now: i64) -> Result<Week, sqlx::Error> {
    let zone = zone(&shop.timezone);
    let mut named = Vec::new();
    for one in &report.named {
        named.extend(waited(db, shop, &zone, one).await?);
    }
    // How sources are doing is known of now, not of some week long ago.
    let is_lately = report.week.from >= Period::last_whole_week(&zone, now).from;
    let sources = if is_lately { look_at(db, shop, now).await? } else { Vec::new() };
    let headline = Headline { typical_ms: report.now.person.typical_ms, change: report.change() };
    Ok(Week {
        shop: shop.name.clone(),
        base: base.to_owned(),
        name: report.week.week_name(),
        days: days(report.week.first, report.week.last),
        is_over: report.week.until <= now,
        leads: report.now.leads,
        headline: report.is_enough().then_some(headline),
        facts: facts(&report.now, report.is_enough()),
        named_as: if report.is_enough() { "Waited longest" } else { "The leads" },
        named,
        notes: report.now.paid.words(report.now.leads).into_iter().chain(report.now.excluded.words()).collect(),
        sources,
        tip: report.tip.map(|tip| tip.words(tells_am_and_pm(&shop.country))),
    })
}

/// `Mon 16 Nov to Sun 22 Nov 2026`.
fn days(first: Date, last: Date) -> String {
    format!("{} to {}", first.strftime("%a %-d %b"), last.strftime("%a %-d %b %Y"))
}

fn facts(now: &Summary, is_enough: bool) -> Vec<Fact> {
    const WITHIN: [&str; 4] =
        ["answered within 1 min", "answered within 5 min", "answered within 15 min", "answered within 60 min"];
    let fact = |what, value: String, of: String, page| Fact { what, value, of, page };
    let mut facts = Vec::new();
    if is_enough {
        let slowest = now.person.slowest_tenth_ms.map_or_else(|| "not yet".to_owned(), words);
        facts.push(fact("slowest tenth", slowest, String::new(), "leads"));
        for (what, within) in WITHIN.into_iter().zip(&now.within) {
            let share = within.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent}%"));
            let of = if within.of > 0 { format!("{} of {}", within.in_time, within.of) } else { String::new() };
            facts.push(fact(what, share, of, "leads?state=answered"));
        }
        let text = now.first_text.typical_ms.map_or_else(|| "–".to_owned(), words);
        facts.push(fact("first text, automatic", text, String::new(), "leads"));
    }
    facts.push(fact("leads", now.leads.to_string(), String::new(), "leads"));
    let of = format!("of {}", now.leads);
    facts.push(fact("still waiting", now.waiting.now.to_string(), of.clone(), "leads?state=waiting"));
    facts.push(fact("no answer after 24 hours", now.waiting.never_answered.to_string(), of, "leads"));
    facts
}

async fn waited(db: &Pool, shop: &Business, zone: &TimeZone, named: &Named) -> Result<Option<Waited>, sqlx::Error> {
    let lead = read::one(db, &shop.id, &named.lead.as_str().into()).await?;
    Ok(lead.map(|lead| {
        let at = Timestamp::from_millisecond(lead.clocks.received_at).unwrap_or(Timestamp::UNIX_EPOCH);
        let at = at.to_zoned(zone.clone());
        Waited {
            lead: named.lead.clone(),
            name: lead.called(&shop.country),
            at: format!("{} {}", at.strftime("%a"), clock_words(&at, &shop.country)),
            waited_ms: named.waited_ms,
        }
    }))
}

/// The sources that need eyes, each with what is the matter.
async fn look_at(db: &Pool, shop: &Business, now: i64) -> Result<Vec<Look>, sqlx::Error> {
    let sources = shops::sources(db, &shop.id).await?;
    let known = health::of_business(db, &shop.id).await?;
    let one = |source: &Source| {
        let words = matter(source, known.get(source.id.as_str())?, now)?;
        Some(Look { source: source.id.to_string(), words })
    };
    Ok(sources.iter().filter_map(one).collect())
}

fn matter(source: &Source, health: &Health, now: i64) -> Option<String> {
    let name = &source.name;
    match health.state(source.last_at, now) {
        State::Quiet => {
            let silent = silence_words(now - source.last_at?);
            let usual = health.usual.as_ref().map(|usual| format!(", usually {usual}"));
            Some(format!("{name} is quiet: {silent} without a lead{}.", usual.unwrap_or_default()))
        }
        State::Changed => {
            let baseline: Baseline = serde_json::from_str(&health.baseline).unwrap_or_default();
            let gravest = baseline.open().iter().min_by_key(|change| (!change.is_grave(), change.sort));
            let what = gravest.map(Drift::words).map(|words| format!(": {words}"));
            Some(format!("The form at {name} changed{}.", what.unwrap_or_default()))
        }
        State::Refused => Some(format!("{name} sends with signatures that do not fit; it becomes no lead.")),
        State::Unreadable => Some(format!("Most of what {name} sent lately could not be read.")),
        State::Waiting | State::Healthy => None,
    }
}

/// The week to be reported at `now`, and until when that is worth sending; nothing from Thursday to Monday, 7:00.
fn due(shop: &Reported, now: i64) -> Option<(Period, i64)> {
    let zone = zone(&shop.timezone);
    let this = Period::this_week(&zone, now);
    let seven = this.first.to_datetime(time(7, 0, 0, 0)).to_zoned(zone.clone()).ok()?.timestamp().as_millisecond();
    let wednesday = this.first.saturating_add(jiff::Span::new().days(2));
    let until = Period::days(&zone, this.first, wednesday).until;
    let week = this.before(&zone);
    let is_new = shop.reported_week.as_deref().is_none_or(|reported| *reported < *week.week_name());
    (is_new && shop.created_at < seven && (seven..until).contains(&now)).then_some((week, until))
}

impl Pipeline {
    /// Plans the reports of last week that are due. Returns how many mails were planned.
    ///
    /// # Errors
    /// When the database cannot be read or cannot commit.
    pub async fn send_reports(&self) -> Result<usize, WriteError> {
        let now = self.clock.now_ms();
        let mut planned = 0;
        for shop in weekly::readers(self.db.read()).await.map_err(unreadable)? {
            if let Some((week, until)) = due(&shop, now) {
                match self.report(&shop, &week, until, now).await {
                    Ok(mails) => planned += mails,
                    Err(error) => {
                        tracing::error!(%error, business = %shop.id, "the report of a shop could not be made; trying again")
                    }
                }
            }
        }
        if planned > 0 {
            self.outbox.nudge();
        }
        Ok(planned)
    }

    async fn report(&self, shop: &Reported, week: &Period, until: i64, now: i64) -> Result<usize, WriteError> {
        let Some(shop) = shops::business(self.db.read(), &shop.id).await.map_err(unreadable)? else { return Ok(0) };
        let db = self.db.read();
        let report = week_report(db, &shop.id, &shop.timezone, week, now).await.map_err(unreadable)?;
        let base = pages_of(&self.public_url, &shop.slug);
        let words = in_words(db, &shop, &base, &report, now).await.map_err(unreadable)?;
        let random = Arc::clone(&self.random);
        let is_silent = report.is_silent();
        let job = self.db.write(move |c| {
            Box::pin(async move {
                if !weekly::mark(c, &shop.id, &words.name).await? || is_silent {
                    return Ok(0);
                }
                let people = shops::people_in(c, &shop.id).await?;
                let with_address = people.iter().filter_map(|person| Some((&person.id, person.email.as_deref()?)));
                let drafts: Vec<_> =
                    with_address.map(|to| report_mail(&shop.id, to, &words, now, until, &random)).collect();
                enqueue(c, &drafts).await?;
                Ok(drafts.len())
            })
        });
        job.await
    }
}

fn unreadable(error: sqlx::Error) -> WriteError {
    WriteError::Unavailable(error.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::HOUR_MS;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn due_in(timezone: &str, now: &str) -> Option<String> {
        let shop = Reported { id: "b".into(), timezone: timezone.into(), created_at: 0, reported_week: None };
        due(&shop, ms(now)).map(|(week, _)| week.week_name())
    }

    #[test]
    fn it_is_due_on_monday_at_seven_by_the_shops_clock_wherever_it_is_and_whatever_clocks_do() {
        let monday_at_seven = [
            ("America/Chicago", "2026-11-23T13:00:00Z", "2026-W47"),
            // Clocks went back on Sunday the first, and forward on Sunday the eighth of March.
            ("America/Chicago", "2026-11-02T13:00:00Z", "2026-W44"),
            ("America/Chicago", "2026-03-09T12:00:00Z", "2026-W10"),
            ("Europe/Berlin", "2026-03-30T05:00:00Z", "2026-W13"),
            ("Asia/Kolkata", "2026-11-23T01:30:00Z", "2026-W47"),
            ("Pacific/Auckland", "2026-11-22T18:00:00Z", "2026-W47"),
            ("Pacific/Kiritimati", "2026-11-22T17:00:00Z", "2026-W47"),
            ("America/Adak", "2027-01-04T17:00:00Z", "2026-W53"),
            ("Not/AZone", "2026-11-23T07:00:00Z", "2026-W47"),
        ];
        for (zone, at, week) in monday_at_seven {
            let before = Timestamp::from_millisecond(ms(at) - 1).unwrap().to_string();

            assert_eq!(due_in(zone, at).as_deref(), Some(week), "{zone} {at}");
            assert_eq!(due_in(zone, &before), None, "{zone}, a moment before {at}");
        }
    }

    #[test]
    fn a_house_that_was_down_sends_it_until_the_end_of_wednesday() {
        assert_eq!(due_in("America/Chicago", "2026-11-26T05:59:59.999Z").as_deref(), Some("2026-W47"));
        assert_eq!(due_in("America/Chicago", "2026-11-26T06:00:00Z"), None);
        assert_eq!(due_in("America/Chicago", "2026-11-29T18:00:00Z"), None);
    }

    #[test]
    fn a_week_that_was_reported_and_a_shop_that_was_not_there_yet_are_left_alone() {
        let now = ms("2026-11-23T15:00:00Z");
        let chicago = |created_at, reported: Option<&str>| Reported {
            id: "b".into(),
            timezone: "America/Chicago".into(),
            created_at,
            reported_week: reported.map(str::to_owned),
        };

        assert!(due(&chicago(now - 3 * HOUR_MS, Some("2026-W46")), now).is_some());
        assert!(due(&chicago(now - 3 * HOUR_MS, Some("2026-W47")), now).is_none());
        assert!(due(&chicago(now - 3 * HOUR_MS, Some("2027-W01")), now).is_none(), "the clock jumped back");
        assert!(due(&chicago(now - HOUR_MS, None), now).is_none());
    }

    #[test]
    fn days_are_named_with_the_year_once() {
        let week = Period::week_named(&TimeZone::UTC, "2026-W53").unwrap();

        assert_eq!(days(week.first, week.last), "Mon 28 Dec to Sun 3 Jan 2027");
    }
}
