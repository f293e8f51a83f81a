//! A shop's people as a team: who is on duty, the steps of its ladder, what happens after hours.
//!
//! Plain values; nothing here knows SQL or what is said to whom. All instants are UTC milliseconds.

pub mod store;

use super::hours::Hours;
use crate::base::clock::{HOUR_MS, MINUTE_MS};
use crate::base::ids::PersonId;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Between two steps of a ladder that nobody set, in milliseconds.
pub const STEP_MS: i64 = 3 * MINUTE_MS;
/// When everyone is told on a ladder that nobody set, in milliseconds; later only when its steps take longer.
pub const EVERYONE_MS: i64 = 10 * MINUTE_MS;
/// So long a taken lead may go unanswered where nobody chose, in milliseconds.
pub const UNANSWERED_MS: i64 = 30 * MINUTE_MS;
/// The shortest that may be chosen.
pub const UNANSWERED_MIN_MS: i64 = 10 * MINUTE_MS;
/// The longest that may be chosen.
pub const UNANSWERED_MAX_MS: i64 = 24 * HOUR_MS;
/// The most steps of a ladder.
pub const STEPS_MAX: usize = 12;
/// The latest a step may be, in milliseconds.
pub const AFTER_MAX_MS: i64 = 24 * HOUR_MS;
/// How many days ahead it is looked for the next one on duty.
const LOOK_DAYS: i64 = 60;

/// Whom a step tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// One of us.
    One(PersonId),
    /// All who are on duty.
    Everyone,
}

/// One step of a ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How long after the lead came, or waits again, in milliseconds.
    pub after_ms: i64,
    /// Whom it tells.
    pub whom: Whom,
    /// By text, where there is a number.
    pub by_text: bool,
    /// By mail, where there is an address.
    pub by_mail: bool,
    /// By a phone call, where there is a number.
    pub by_call: bool,
}

/// One of us, with the hours of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: PersonId,
    /// As colleagues call them.
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// Who is told first: 0.
    pub position: i64,
    /// Working hours; `None` = always.
    pub hours: Option<Hours>,
    /// First and last day of each time off.
    pub days_off: Vec<(Date, Date)>,
}

impl Member {
    /// Whether a text or a mail could reach them.
    pub fn is_reachable(&self) -> bool {
        self.phone.is_some() || self.email.is_some()
    }

    /// Whether they work at an instant.
    pub fn is_on_duty(&self, at: i64, zone: &TimeZone) -> bool {
        if self.is_always_on() {
            return true;
        }
        let Ok(instant) = Timestamp::from_millisecond(at) else { return true };
        let date = instant.to_zoned(zone.clone()).date();
        !self.is_off(date) && self.hours.as_ref().is_none_or(|hours| hours.is_open(at, zone))
    }

    fn is_always_on(&self) -> bool {
        self.hours.is_none() && self.days_off.is_empty()
    }

    fn is_off(&self, date: Date) -> bool {
        self.days_off.iter().any(|(first, last)| (*first..=*last).contains(&date))
    }

    /// The next instant after `at` at which they begin to work, within two months.
    fn next_duty(&self, at: i64, zone: &TimeZone) -> Option<i64> {
        let today = Timestamp::from_millisecond(at).ok()?.to_zoned(zone.clone()).date();
        for ahead in 0..=LOOK_DAYS {
            let date = today.checked_add(ahead.days()).ok()?;
            if self.is_off(date) {
                continue;
            }
            let midnight = date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond();
            let from = midnight.max(at);
            if from > at && self.is_on_duty(from, zone) {
                return Some(from);
            }
            let opening = self.hours.as_ref().and_then(|hours| hours.next_opening(from, zone));
            if let Some(opening) = opening.filter(|opening| opening.date() == date) {
                return Some(opening.timestamp().as_millisecond());
            }
        }
        None
    }
}

/// What happens to a lead that comes while the shop is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterHours {
    /// Who is on call is told at once; `None` = whoever is told first. The others at the opening.
    Wake(Option<PersonId>),
    /// Mail at once, texts at the opening.
    Wait,
}

/// A shop's people, and how a lead is handed on between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// The shop's zone.
    pub zone: TimeZone,
    /// The shop's opening hours; `None` = always open.
    pub hours: Option<Hours>,
    /// Everyone, first told first.
    pub members: Vec<Member>,
    /// The ladder, by time; empty = nobody is told a second time.
    pub steps: Vec<Step>,
    /// Whether the steps were set by somebody, rather than made of the people.
    pub is_set: bool,
    /// What happens after hours.
    pub after_hours: AfterHours,
    /// So long a taken lead may go unanswered, in milliseconds.
    pub unanswered_ms: i64,
}

impl Team {
    /// The ladder that a team has when nobody set one: position after position, and everyone at the end. One person
    /// alone needs none, unless something makes them wait.
    pub fn usual_steps(members: &[Member], after_hours: &AfterHours) -> Vec<Step> {
        let reachable: Vec<&Member> = members.iter().filter(|member| member.is_reachable()).collect();
        let is_plain = *after_hours != AfterHours::Wait && reachable.iter().all(|member| member.is_always_on());
        if reachable.is_empty() || (reachable.len() == 1 && is_plain) {
            return Vec::new();
        }
        let mut positions: Vec<i64> = reachable.iter().map(|member| member.position).collect();
        positions.dedup();
        let place = |member: &Member| positions.iter().position(|at| *at == member.position).unwrap_or(0);
        let mut steps: Vec<Step> = reachable
            .iter()
            .map(|member| Step {
                after_ms: STEP_MS.saturating_mul(i64::try_from(place(member)).unwrap_or(0)),
                whom: Whom::One(member.id.clone()),
                by_text: true,
                by_mail: true,
                by_call: false,
            })
            .collect();
        if reachable.len() > 1 {
            let last = steps.last().map_or(0, |step| step.after_ms);
            let after_ms = EVERYONE_MS.max(last + STEP_MS);
            steps.push(Step { after_ms, whom: Whom::Everyone, by_text: true, by_mail: true, by_call: false });
        }
        steps
    }

    /// The member of that id.
    pub fn member(&self, id: &PersonId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == *id)
    }

    /// When the shop opens, if it is closed at `at`. Hours that never open count as none.
    pub fn closed_until(&self, at: i64) -> Option<i64> {
        let hours = self.hours.as_ref().filter(|hours| !hours.is_open(at, &self.zone))?;
        Some(hours.next_opening(at, &self.zone)?.timestamp().as_millisecond())
    }

    /// Whether a member works at an instant.
    pub fn is_on_duty(&self, member: &Member, at: i64) -> bool {
        member.is_on_duty(at, &self.zone)
    }

    /// Those whom the ladder names, as far as they can be reached.
    pub fn crew(&self) -> impl Iterator<Item = &Member> {
        let everyone = self.steps.iter().any(|step| step.whom == Whom::Everyone);
        let named = move |id: &PersonId| self.steps.iter().any(|step| step.whom == Whom::One(id.clone()));
        self.members.iter().filter(move |member| member.is_reachable() && (everyone || named(&member.id)))
    }

    /// The next instant at which one of the crew begins to work.
    pub fn next_duty(&self, at: i64) -> Option<i64> {
        self.crew().filter_map(|member| member.next_duty(at, &self.zone)).min()
    }
}

#[cfg(test)]
mod tests;
