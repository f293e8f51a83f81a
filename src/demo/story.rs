//! What happened in twelve weeks: who wrote when, and how fast they were answered.
//!
//! Pure: the moment goes in, stories come out, oldest first. Leads come mostly on weekday mornings and early
//! evenings; the shop gets faster week by week; some leads are never answered; spam and tests are among them.

use super::dice::Dice;
use super::people::{FIRST, LAST, REPLIES, SPAM, WHEN, WISHES, ZIPS};
use super::{HOURS, ZONE};
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use crate::lead::hours::Hours;
use crate::lead::store::act::How;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

const SEED: u64 = 20;
const DAYS: i64 = 84;
/// Leads a day, from Monday; and weights of the hours from midnight.
const A_DAY: [i64; 7] = [6, 5, 5, 5, 4, 3, 2];
const BY_HOUR: [u32; 24] = [1, 0, 0, 0, 0, 1, 3, 8, 13, 14, 12, 10, 9, 8, 8, 8, 9, 11, 11, 9, 7, 5, 3, 1];
/// How often each source is used.
const BY_SOURCE: [u32; 4] = [50, 18, 24, 8];

/// What a submission turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A person who wants something.
    Real,
    /// A test by the owner.
    Test,
    /// A machine.
    Spam,
}

/// One lead from its form to its end. Instants are UTC milliseconds.
#[derive(Clone, Debug)]
pub struct Story {
    /// When the form came.
    pub at: i64,
    /// Which source, as counted by [`super::SOURCES`].
    pub source: usize,
    /// What it was.
    pub sort: Sort,
    /// Given and family name.
    pub name: (&'static str, &'static str),
    /// E.164.
    pub phone: Option<String>,
    /// An address that belongs to nobody.
    pub email: Option<String>,
    /// What they want.
    pub message: &'static str,
    /// Further answers.
    pub fields: Vec<(&'static str, &'static str)>,
    /// Whether the shop was closed.
    pub was_closed: bool,
    /// Whether the number turned out to take no texts.
    pub landline: bool,
    /// When the alert was accepted.
    pub alerted_at: Option<i64>,
    /// When the first message was accepted, and when it arrived.
    pub first_text: Option<(i64, i64)>,
    /// Who said it is theirs (0 Dave, 1 Ana), and when.
    pub taken: Option<(i64, usize)>,
    /// When a person answered, and how.
    pub person: Option<(i64, How)>,
    /// When they talked.
    pub reached_at: Option<i64>,
    /// What the lead texted back, and when.
    pub replied: Option<(i64, &'static str)>,
    /// How it ended, and when.
    pub outcome: Option<(i64, &'static str)>,
}

/// All stories, oldest first.
pub fn stories(now_ms: i64) -> Vec<Story> {
    let teller = Teller {
        dice: Dice::new(SEED),
        zone: TimeZone::get(ZONE).unwrap_or(TimeZone::UTC),
        hours: Hours::parse(HOURS).unwrap_or_default(),
        now_ms,
    };
    let mut all: Vec<Story> = (1..=DAYS).rev().flat_map(|ago| teller.day(ago)).collect();
    all.extend(teller.lately());
    all.sort_by_key(|story| story.at);
    for (n, story) in all.iter_mut().enumerate() {
        if story.phone.is_some() && story.sort != Sort::Test {
            story.phone = Some(number(n));
        }
    }
    all
}

/// The n-th number that belongs to nobody: 555-0143 to 555-0199 in the area codes of Texas. Lower ones are left to
/// the shop's own people and to whoever tries the form.
fn number(n: usize) -> String {
    const AREAS: [&str; 9] = ["512", "737", "830", "254", "210", "979", "361", "325", "956"];
    format!("+1{}555{:04}", AREAS[n / 57 % AREAS.len()], 143 + n % 57)
}

struct Teller {
    dice: Dice,
    zone: TimeZone,
    hours: Hours,
    now_ms: i64,
}

impl Teller {
    /// One day of leads, `ago` days before today. Today itself is told by [`Teller::lately`].
    fn day(&self, ago: i64) -> Vec<Story> {
        let Some(noon) = self.local(self.now_ms - ago * DAY_MS) else { return Vec::new() };
        let Ok(midnight) = noon.start_of_day() else { return Vec::new() };
        let weekday = usize::try_from(noon.weekday().to_monday_zero_offset()).unwrap_or(0);
        let how_many = (A_DAY[weekday] + self.dice.between(-1, 1)).max(1);
        let weeks_told = (DAYS - ago) / 7;
        (0..how_many)
            .map(|_| {
                let hour = i64::try_from(self.dice.weighted(&BY_HOUR)).unwrap_or(9);
                let within = self.dice.between(0, HOUR_MS - 1);
                self.lead(midnight.timestamp().as_millisecond() + hour * HOUR_MS + within, weeks_told)
            })
            .filter(|story| story.at < self.now_ms - 12 * HOUR_MS)
            .collect()
    }

    fn lead(&self, at: i64, weeks_told: i64) -> Story {
        let dice = &self.dice;
        let old_quote_form = at < self.now_ms - 3 * DAY_MS;
        let source = dice.weighted(&BY_SOURCE);
        let source = if source == 1 && !old_quote_form { 0 } else { source };
        let mut story = self.plain(at, source, (dice.one_of(&FIRST), dice.one_of(&LAST)), dice.one_of(WISHES[source]));
        match dice.weighted(&[965, 20, 15]) {
            1 => return Story { sort: Sort::Spam, message: dice.one_of(&SPAM), fields: Vec::new(), ..story },
            2 => return self.test(story),
            _ => {}
        }
        match dice.weighted(&[62, 28, 10]) {
            0 => {}
            1 => story.email = None,
            _ => story.phone = None,
        }
        story.landline = story.phone.is_some() && story.email.is_some() && dice.happens(0.03);
        self.answer_by_machine(&mut story);
        let never = 0.15 - 0.009 * weeks_told as f64;
        if dice.happens(never) {
            if at < self.now_ms - 3 * DAY_MS {
                story.outcome = Some((at + 2 * DAY_MS + dice.between(0, DAY_MS), "lost"));
            }
            return story;
        }
        let typical = (26 * MINUTE_MS).saturating_mul(100) / (100 + 48 * weeks_told);
        self.answer_by_person(&mut story, typical);
        story
    }

    /// A form as it comes in, with nothing done about it yet.
    fn plain(&self, at: i64, source: usize, name: (&'static str, &'static str), message: &'static str) -> Story {
        let dice = &self.dice;
        let mut fields = vec![("ZIP", dice.one_of(&ZIPS))];
        if source != 3 {
            fields.push(("When", dice.one_of(&WHEN)));
        }
        Story {
            at,
            source,
            sort: Sort::Real,
            name,
            phone: Some(String::new()),
            email: Some(format!("{}.{}@example.net", name.0.to_lowercase(), name.1.to_lowercase())),
            message,
            fields,
            was_closed: !self.hours.is_open(at, &self.zone),
            landline: false,
            alerted_at: None,
            first_text: None,
            taken: None,
            person: None,
            reached_at: None,
            replied: None,
            outcome: None,
        }
    }

    fn test(&self, story: Story) -> Story {
        Story {
            sort: Sort::Test,
            name: ("Test", "Lead"),
            phone: Some("+15125550100".to_owned()),
            email: Some("test.lead@example.net".to_owned()),
            message: "A test of the form.",
            alerted_at: Some(story.at + self.dice.delay_ms(900, 0.3)),
            ..story
        }
    }

    /// Within a second or two, and on the phone a few seconds later.
    fn answer_by_machine(&self, story: &mut Story) {
        let accepted = story.at + self.dice.delay_ms(1_400, 0.45).clamp(350, 20_000);
        story.first_text = Some((accepted, accepted + self.dice.delay_ms(2_600, 0.5).clamp(600, 60_000)));
        story.alerted_at = Some(story.at + self.dice.delay_ms(1_100, 0.4).clamp(300, 15_000));
    }

    /// Somebody takes it and answers; what lies in the future has not happened.
    fn answer_by_person(&self, story: &mut Story, typical_ms: i64) {
        let dice = &self.dice;
        let mut wait = dice.delay_ms(typical_ms, 1.15).max(18 * SECOND_MS);
        if story.was_closed && dice.happens(0.7) {
            let opening = self.hours.next_opening(story.at, &self.zone);
            let until = opening.map_or(10 * HOUR_MS, |opens| opens.timestamp().as_millisecond() - story.at);
            wait = until + wait.min(40 * MINUTE_MS);
        }
        let person = story.at + wait.min(40 * HOUR_MS);
        let how = [How::Call, How::Text, How::Said, How::Mail][dice.weighted(&[70, 16, 12, 2])];
        let how = if story.phone.is_none() { How::Mail } else { how };
        if dice.happens(0.85) {
            let share = 0.3 + 0.6 * dice.share();
            let taken = story.at + ((person - story.at) as f64 * share) as i64;
            story.taken = Some((taken, dice.weighted(&[72, 28])));
        }
        story.person = Some((person, how));
        if how != How::Mail && dice.happens(0.74) {
            story.reached_at = Some(person + dice.between(40 * SECOND_MS, 8 * MINUTE_MS));
        }
        if story.phone.is_some() && !story.landline && dice.happens(0.38) {
            let after = story.first_text.map_or(person, |(_, delivered)| delivered);
            story.replied = Some((after + dice.delay_ms(6 * MINUTE_MS, 1.0), dice.one_of(&REPLIES)));
        }
        let end = [("booked", 52), ("talked", 18), ("lost", 16), ("no_answer", 14)];
        let (outcome, _) = end[dice.weighted(&end.map(|(_, weight)| weight))];
        let outcome = if story.reached_at.is_none() && outcome == "talked" { "no_answer" } else { outcome };
        story.outcome = Some((person + dice.between(10 * MINUTE_MS, 30 * HOUR_MS), outcome));
        self.forget_the_future(story);
    }

    fn forget_the_future(&self, story: &mut Story) {
        let past = |at: &i64| *at < self.now_ms;
        story.taken = story.taken.filter(|(at, _)| past(at));
        story.person = story.person.filter(|(at, _)| past(at));
        story.reached_at = story.reached_at.filter(past);
        story.replied = story.replied.filter(|(at, _)| past(at));
        story.outcome = story.outcome.filter(|(at, _)| past(at));
    }

    /// The last hours, told by hand: two wait, three were answered.
    fn lately(&self) -> Vec<Story> {
        let ago = |minutes: i64, seconds: i64| self.now_ms - minutes * MINUTE_MS - seconds * SECOND_MS;
        let make = |at, source, name, message| {
            let mut story = self.plain(at, source, name, message);
            self.answer_by_machine(&mut story);
            story
        };
        let answered = |mut story: Story, wait_secs: i64, who: usize| {
            story.taken = Some((story.at + wait_secs * SECOND_MS * 2 / 3, who));
            story.person = Some((story.at + wait_secs * SECOND_MS, How::Call));
            story.reached_at = Some(story.at + wait_secs * SECOND_MS + 90 * SECOND_MS);
            story
        };
        let maria = make(ago(2, 14), 0, ("Maria", "Lopez"), "Kitchen tap leaking, can someone come today?");
        let tom = make(ago(178, 0), 2, ("Tom", "Becker"), "How much to snake a kitchen drain?");
        let priya =
            make(ago(84, 20), 3, ("Priya", "Nair"), "No hot water at all since this morning and we have a baby.");
        let janet = make(ago(225, 5), 0, ("Janet", "Cole"), "Annual boiler service, please. Any day but Thursday.");
        let lena = make(ago(410, 40), 2, ("Lena", "Fischer"), "Do you work Saturdays?");
        let mut janet = answered(janet, 58, 1);
        janet.outcome = Some((janet.at + 30 * MINUTE_MS, "booked"));
        vec![maria, tom, answered(priya, 41, 0), janet, answered(lena, 1_300, 0)]
    }

    fn local(&self, at: i64) -> Option<Zoned> {
        Timestamp::from_millisecond(at).ok().map(|instant| instant.to_zoned(self.zone.clone()))
    }
}
