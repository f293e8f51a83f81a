//! A made-up shop for the tests of the pages: Harbor Plumbing on Thursday 20 November 2025, 2:16:14 pm in Chicago.

use super::account::{Account, Link, Login};
use super::chrome::{Chrome, Here};
use super::format::{Wall, Way, what_works};
use super::health::{Check, Health, worst_first};
use super::keys::{self, Keys};
use super::lead::{Delivery, Lead, Paid, Raw, Step, after, clocks};
use super::leads::{Filter, Leads, by_day};
use super::owner::{Owner, OwnerState};
use super::phones::{Letter, Phone, Phones, Text, TryIt};
use super::pieces::{Bubble, LeadRow, Notice, Pill, Reach};
use super::receipts::{self, Receipt, Row, Submissions};
use super::registration::Registration;
use super::report::Report;
use super::setup::{Setup, Typed};
use super::source_health::SourceHealth;
use super::sources::{Doing, Source, Sources, state};
use super::status::Status;
use super::today::{Period, Start, Texting, Today, Waiting};
pub use businesses::businesses;
pub use team::team;

mod businesses;
mod team;

use crate::stats::chart::{BySource, Ruler, RulerInput, SourceInput, WeekInput, Weeks, When, WhenInput};

/// Thursday 20 November 2025, 2:16:14 pm in Chicago, in UTC milliseconds.
pub const NOW: i64 = 1_763_669_774_000;

pub fn wall() -> Wall {
    Wall::new("America/Chicago", "US")
}

pub fn chrome(here: Here) -> Chrome {
    Chrome {
        shop: "Harbor Plumbing & Heating".into(),
        slug: "harbor".into(),
        here,
        waiting: 2,
        last_lead: Some("2:14 pm".into()),
        works: what_works(Way::Works, Way::Works),
        has_phones: false,
        has_others: false,
        zone: wall().name().into(),
        now_ms: NOW,
        seen: 7,
        csrf: "c5rf".into(),
    }
}

pub fn reach(first: &str, digits: &str) -> Reach {
    Reach {
        first: first.into(),
        phone: Some(format!("+1512555{digits}")),
        phone_shown: Some(format!("(512) 555-{digits}")),
        email: None,
    }
}

fn row(id: &str, name: &str, say: &str, pill: Pill, ago_ms: i64) -> LeadRow {
    LeadRow {
        id: id.into(),
        name: name.into(),
        say: say.into(),
        pill,
        when: wall().short(NOW - ago_ms, NOW),
        machine: wall().machine(NOW - ago_ms),
        test: false,
    }
}

pub fn rows() -> Vec<LeadRow> {
    vec![
        row(
            "l1",
            "Maria Lopez",
            "Kitchen tap leaking under the sink, can someone come today?",
            Pill::waiting(),
            134_000,
        ),
        row("l2", "Priya Nair", "Deposit paid, $150. Water heater swap", Pill::answered(41_000), 5_040_000),
        row("l3", "Tom Becker", "Quote for a bathroom refit", Pill::waiting(), 10_560_000),
        row("l4", "Janet Cole", "Boiler service before winter", Pill::answered(58_000), 13_500_000),
        row("l5", "Sam Ortiz", "Blocked drain, back garden", Pill::answered(174_000), 16_140_000),
        row("l6", "Lena Fischer", "Radiator cold on the top floor", Pill::answered(1_300_000), 65_880_000),
        row("l7", "Aaron Webb", "New build, 3 bathrooms, who do I talk to?", Pill::answered(126_000), 79_860_000),
    ]
}

fn waiting() -> Vec<Waiting> {
    let one = |id: &str, name: &str, first: &str, digits: &str, say: &str, source: &str, waited_ms: i64| Waiting {
        id: id.into(),
        name: name.into(),
        say: say.into(),
        source: source.into(),
        received_ms: NOW - waited_ms,
        waited_ms,
        reach: reach(first, digits),
        taken_by: None,
    };
    vec![
        one(
            "l1",
            "Maria Lopez",
            "Maria",
            "0142",
            "Kitchen tap leaking under the sink, can someone come today?",
            "Website form",
            134_000,
        ),
        one("l3", "Tom Becker", "Tom", "0177", "Quote for a bathroom refit", "Google Ads page", 10_560_000),
    ]
}

/// The 38 leads of the week: 4 within a minute, 20 within five, 12 later, 2 not yet.
fn week() -> RulerInput {
    let answered = [
        34, 41, 52, 58, 66, 74, 88, 95, 102, 118, 126, 141, 150, 163, 171, 188, 205, 214, 220, 220, 248, 262, 281, 296,
        340, 402, 455, 622, 791, 1_300, 1_850, 2_700, 4_100, 7_400, 16_500, 39_000,
    ];
    let texts = [
        37, 44, 42, 27, 28, 33, 32, 44, 52, 34, 25, 28, 46, 42, 31, 48, 33, 40, 66, 31, 45, 48, 35, 30, 55, 53, 52, 44,
        40, 51, 35, 27, 34, 32, 27, 28, 50, 34,
    ];
    RulerInput {
        period: Period::Week.within().into(),
        first_text_ms: texts.map(|tenths| tenths * 100).into(),
        person_ms: answered.map(|s| Some(s * 1_000)).into_iter().chain([None, None]).collect(),
        typical_first_text_ms: Some(4_100),
        typical_person_ms: Some(220_000),
    }
}

fn weeks() -> Option<Weeks> {
    let minutes = [39, 32, 34, 20, 18, 12, 10, 10, 8, 7, 6];
    let hours = [11, 8, 9, 7, 6, 5, 4, 5, 4, 3, 3];
    let labels =
        ["Sep 4", "Sep 11", "Sep 18", "Sep 25", "Oct 2", "Oct 9", "Oct 16", "Oct 23", "Oct 30", "Nov 6", "Nov 13"];
    let mut weeks: Vec<WeekInput> = minutes
        .iter()
        .zip(hours)
        .zip(labels)
        .map(|((minutes, hours), label)| WeekInput {
            label: label.into(),
            leads: 31,
            typical_ms: Some(minutes * 60_000),
            slowest_tenth_ms: Some(hours * 3_600_000),
        })
        .collect();
    weeks.push(WeekInput {
        label: "Nov 20".into(),
        leads: 38,
        typical_ms: Some(220_000),
        slowest_tenth_ms: Some(6_900_000),
    });
    Weeks::draw(&weeks)
}

fn by_source() -> Option<BySource> {
    let one = |id: &str, name: &str, leads, fastest: i64, typical: i64, slowest: i64| SourceInput {
        id: id.into(),
        name: name.into(),
        leads,
        fastest_tenth_ms: Some(fastest * 1_000),
        typical_ms: Some(typical * 1_000),
        slowest_tenth_ms: Some(slowest * 1_000),
    };
    BySource::draw(&[
        one("s1", "Website form", 17, 51, 126, 900),
        one("s2", "Stripe deposits", 6, 41, 102, 460),
        one("s3", "Google Ads page", 9, 88, 262, 4_100),
        one("s4", "Quote form", 6, 120, 1_300, 16_500),
    ])
}

fn when() -> Option<When> {
    let mut leads = [[0u32; 24]; 7];
    let mut waited = [[0u32; 24]; 7];
    for (day, hours) in leads.iter_mut().enumerate() {
        let weekend = day > 4;
        for (hour, n) in hours.iter_mut().enumerate() {
            *n = match hour {
                7..=11 => {
                    if weekend {
                        2
                    } else {
                        6 + u32::from(hour == 9 || day == 2) * 3
                    }
                }
                12..=16 => u32::from(!weekend) + 1,
                18..=20 => 4,
                21 => 1,
                _ => 0,
            };
            waited[day][hour] =
                if (18..21).contains(&hour) { 1 + u32::from(day < 4) } else { u32::from(day == 6 && *n > 0) };
        }
    }
    When::draw(&WhenInput { leads, waited, twelve_hour: true })
}

pub fn today() -> Today {
    Today {
        chrome: chrome(Here::Today),
        period: Period::Week,
        start: Start::Running,
        waiting: waiting(),
        last_answered: Some(("Priya".into(), 41_000)),
        leads: 38,
        typical_ms: Some(220_000),
        typical_before_ms: Some(Some(365_000)),
        first_text_ms: Some(4_100),
        inside_5_min_percent: Some(63),
        still_waiting: 2,
        ruler: Some(Ruler::draw(&week())),
        few: Vec::new(),
        latest: rows(),
        weeks: weeks(),
        by_source: by_source(),
        when: when(),
        notices: vec![Notice {
            bad: false,
            title: "Quote form is quiet.".into(),
            text: "Nothing for 3 days; it usually sends one a day.".into(),
            next: Some(("/b/harbor/sources".into(), "Check it".into())),
        }],
        texting: Texting::Connected,
        tests: 2,
        spam: 1,
        joined: 0,
        paid: Some("6 of 38 paid, $1,350 together.".into()),
    }
}

/// Three leads so far, texting not connected.
pub fn first_day() -> Today {
    let mut page = today();
    page.chrome.has_phones = true;
    page.chrome.works = what_works(Way::Off, Way::Off);
    page.chrome.waiting = 0;
    page.waiting.clear();
    page.leads = 3;
    page.paid = None;
    page.typical_before_ms = None;
    page.still_waiting = 0;
    page.inside_5_min_percent = None;
    page.ruler = None;
    page.few = rows()[..3].to_vec();
    page.latest.truncate(3);
    page.weeks = None;
    page.by_source = None;
    page.when = None;
    page.notices.clear();
    page.texting = Texting::Preview;
    (page.tests, page.spam) = (1, 0);
    page
}

/// Nothing yet.
pub fn empty_day(start: Start) -> Today {
    let mut page = first_day();
    page.start = start;
    page.leads = 0;
    page.few.clear();
    page.latest.clear();
    page.last_answered = None;
    page.chrome.last_lead = None;
    page
}

pub fn leads() -> Leads {
    let filter = |words, count, word: &str| Filter {
        words,
        count,
        href: format!("/b/harbor/leads?state={word}"),
        current: word.is_empty(),
    };
    let mut all = rows();
    let waiting = vec![all.remove(0), all.remove(1)];
    let headings = ["Today", "Today", "Today", "Yesterday", "Yesterday"];
    all[3].test = true;
    Leads {
        chrome: chrome(Here::Leads),
        q: String::new(),
        state: String::new(),
        source: String::new(),
        filters: vec![
            filter("All", 412, ""),
            filter("Waiting", 2, "waiting"),
            filter("Answered", 310, "answered"),
            filter("Booked", 71, "booked"),
            filter("Lost", 29, "lost"),
        ],
        narrowed: None,
        csv: "/b/harbor/leads.csv".into(),
        waiting,
        days: by_day(headings.into_iter().map(str::to_owned).zip(all)),
        empty: String::new(),
        next: Some("/b/harbor/leads?after=abc".into()),
    }
}

fn step(at: &str, icon: &'static str, tone: &'static str, title: &str, detail: &str) -> Step {
    Step { at: at.into(), icon, tone, title: title.into(), detail: detail.into(), pill: None, bubble: None }
}

fn happened() -> Vec<Step> {
    let mut steps = vec![
        step("2:14 pm", "in", "", "Form received", "Website form, page /contact"),
        step(&after(1_300), "msg", "fast", "Text handed over for Maria", ""),
        step(&after(1_400), "bolt", "", "Alert handed over for Dave", "Text and email."),
        step(&after(3_900), "check", "fast", "Delivered to Maria’s phone", ""),
        step(&after(4_600), "check", "", "Delivered to Dave’s phone", ""),
        step(&after(108_000), "check", "me", "Dave took it", "From the alert"),
        step(&after(151_000), "phone", "me", "Dave called Maria", "By his own word."),
        step(&after(550_000), "msg", "", "Maria replied", ""),
        step(&after(580_000), "star", "fast", "Marked booked", "By Dave"),
    ];
    let ours = "Hi Maria, Harbor Plumbing here. Got your message - Dave will call you shortly from (512) 555-0100. Reply here any time. STOP to opt out.";
    steps[1].bubble = Some(Bubble { words: ours.into(), theirs: false });
    steps[6].pill = Some(Pill::new("ok", "answered in 2m 31s"));
    steps[7].bubble = Some(Bubble { words: "Perfect, thank you! See you at 4.".into(), theirs: true });
    steps
}

pub fn lead() -> Lead {
    let field = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let delivery = |what: &str, state: &str| Delivery {
        what: what.into(),
        detail: "1 part, 2:14 pm".into(),
        reason: None,
        pill: Pill::message(state),
    };
    Lead {
        chrome: chrome(Here::Leads),
        id: "l1".into(),
        name: "Maria Lopez".into(),
        reach: reach("Maria", "0142"),
        status: Pill::new("fast", "Booked"),
        about: "maria.lopez@example.com · first time here".into(),
        test: false,
        say: "Kitchen tap leaking under the sink, can someone come today? I’m home after 3.".into(),
        waiting_since_ms: None,
        clocks: clocks(Some(1_300), false, Some(("Dave", 108_000)), Some(151_000)),
        day: "Thu 20 Nov".into(),
        happened: happened(),
        notices: Vec::new(),
        told: None,
        can_take: false,
        taken_by: Some("Dave has had it since 2:16 pm.".into()),
        undo: vec![("hand-back", "Hand it back")],
        can_write: true,
        rings: true,
        outcome: "booked".into(),
        payments: Vec::new(),
        fields: vec![
            field("Name", "Maria Lopez"),
            field("Phone", "(512) 555-0142"),
            field("Email", "maria.lopez@example.com"),
            field("Postcode", "78704"),
            field("When", "Today"),
        ],
        consent: "“Text me about this request” ticked".into(),
        raw: vec![Raw {
            title: "Raw submission, 612 bytes".into(),
            text: "{\"triggerType\":\"form_submission\",\n \"payload\":{\"name\":\"Contact\"}}".into(),
            href: "/b/harbor/receipts/r1".into(),
        }],
        can_forget: true,
        deliveries: vec![
            delivery("Text to Maria", "delivered"),
            delivery("Text to Dave", "delivered"),
            delivery("Email to Dave", "accepted"),
        ],
    }
}

/// A lead that nobody has answered and that may not be texted.
pub fn waiting_lead() -> Lead {
    let mut page = lead();
    page.status = Pill::waiting();
    page.waiting_since_ms = Some(NOW - 134_000);
    page.clocks = clocks(None, true, None, None);
    page.happened.truncate(1);
    page.can_take = true;
    page.can_write = false;
    page.taken_by = None;
    page.outcome = String::new();
    page.notices = vec![Notice {
        bad: false,
        title: "Maria asked us not to text.".into(),
        text: "You can still call.".into(),
        next: None,
    }];
    page.deliveries = vec![Delivery {
        what: "Text to Maria".into(),
        detail: String::new(),
        reason: Some("This number does not take texts. We sent email. Call instead.".into()),
        pill: Pill::message("failed"),
    }];
    page.payments = vec![Paid {
        amount: "$150.00".into(),
        detail: "Deposit, 2:14 pm".into(),
        reason: Some("Your card was declined.".into()),
        pill: Pill::new("slow", "failed"),
    }];
    page.told = Some("Noted.".into());
    page
}

pub fn owner(state: OwnerState) -> Owner {
    Owner {
        shop: "Harbor Plumbing & Heating".into(),
        code: "k7q2mz4xt9".into(),
        arrived: "New lead, 2:14 pm".into(),
        name: "Maria Lopez".into(),
        reach: reach("Maria", "0142"),
        say: "Kitchen tap leaking under the sink, can someone come today?".into(),
        received_ms: NOW - 134_000,
        now_ms: NOW,
        state,
        can_write: true,
        opted_out: false,
        rings: true,
        is_rung: false,
        pass_to: Some("Ana".into()),
        page: "/b/harbor/leads/l1".into(),
        csrf: "c5rf".into(),
    }
}

pub fn sources() -> Sources {
    let one = |id: &str, name: &str, kind: &str, last: &str, doing, days: [u32; 14]| {
        let (pill, explain) = state(doing);
        Source {
            id: id.into(),
            name: name.into(),
            kind: kind.into(),
            last: last.into(),
            state: pill,
            explain,
            days: days.into(),
            address: format!("https://leads.harborplumbing.com/in/{id}7kq2mz4xt9bcdefghjkmnpqr"),
            open: false,
        }
    };
    Sources {
        chrome: chrome(Here::Sources),
        sources: vec![
            one(
                "s1",
                "Website form",
                "Webflow",
                "last 2:14 pm",
                Doing::Healthy,
                [2, 3, 1, 4, 2, 3, 2, 5, 3, 2, 4, 3, 2, 3],
            ),
            one(
                "s2",
                "Stripe deposits",
                "Stripe",
                "last 12:52 pm",
                Doing::Healthy,
                [1, 0, 1, 2, 0, 1, 1, 0, 2, 1, 0, 1, 1, 1],
            ),
            one(
                "s3",
                "Google Ads page",
                "Typeform",
                "last 11:20 am",
                Doing::Unreadable,
                [1, 2, 1, 1, 2, 1, 0, 2, 1, 1, 2, 1, 1, 1],
            ),
            one(
                "s4",
                "Quote form",
                "HTML form",
                "last Mon 17 Nov",
                Doing::Quiet,
                [1, 1, 2, 0, 1, 1, 1, 2, 1, 1, 1, 0, 0, 0],
            ),
        ],
        notices: vec![Notice {
            bad: false,
            title: "Google Ads page sent something we could not read.".into(),
            text: "Nothing is lost: it is kept.".into(),
            next: Some(("/b/harbor/receipts/r3".into(), "Open it here".into())),
        }],
        waiting_for_first: None,
        form_link: "https://leads.harborplumbing.com/f/harbor".into(),
        wrong_hits: 3,
    }
}

/// A submission that nobody could read.
pub fn receipt() -> Receipt {
    let (pill, means) = receipts::state("kept", false);
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Receipt {
        chrome: chrome(Here::Sources),
        id: "r3".into(),
        again: None,
        source: ("s3".into(), "Google Ads page".into()),
        at: "11:20:31 am".into(),
        machine: "2025-11-20T11:20:31-06:00".into(),
        state: pill,
        notice: Notice {
            bad: false,
            title: means.into(),
            text: "Nobody to answer: no number, no address, no name with a message was found. Look at the fields and the raw body, and answer them yourself.".into(),
            next: None,
        },
        reading: vec![field("Budget", "500 to 1,000"), field("Which day?", "Friday")],
        told: Some(vec![Delivery {
            what: "Text to Dave".into(),
            detail: "1 part, 11:20 am".into(),
            reason: None,
            pill: Pill::message("delivered"),
        }]),
        repeats: 2,
        is_kept: true,
        size: 41,
        files: 1,
        network: Some("203.0.113.0/24".into()),
        headers: vec![field("content-type", "application/x-www-form-urlencoded")],
        query: vec![field("utm_source", "ads")],
        body: receipts::look(b"budget=500 to 1,000&which_day=Friday"),
    }
}

pub fn submissions() -> Submissions {
    let row = |id: &str, at: &str, stored: &str, size: &str| {
        let (state, means) = receipts::state(stored, false);
        Row {
            id: id.into(),
            at: at.into(),
            machine: "2025-11-20T14:14:02-06:00".into(),
            state,
            explain: means.into(),
            size: size.into(),
        }
    };
    Submissions {
        chrome: chrome(Here::Sources),
        id: "s3".into(),
        name: "Google Ads page".into(),
        health: SourceHealth {
            state: state(Doing::Changed).0,
            explain: state(Doing::Changed).1,
            usual: "Usually 1 a day. You are told when it is silent for longer than that explains.".into(),
            changes: vec!["\"phone\" is now called \"tel\"".into(), "\"budget\" no longer comes".into()],
            since: Some("Tue 18 Nov".into()),
            days: vec![1, 2, 1, 1, 2, 1, 0, 2, 1, 1, 2, 1, 1, 1],
        },
        rows: vec![
            row("r3", "11:20:31 am", "kept", "41 bytes"),
            row("r2", "9:47:10 am", "accepted", "612 bytes"),
            row("r1", "Tue 18 Nov, 4:02:59 pm", "refused", "590 bytes"),
        ],
        since: "Mon 3 Nov".into(),
        nudges: None,
        unsigned: None,
        waits: None,
        next: Some("/b/harbor/sources/s3?after=MTIz".into()),
        keys: Keys {
            address: "https://leads.harborplumbing.com/in/s37kq2mz4xt9bcdefghjkmnpqr".into(),
            address_about: keys::about("Mon 3 Nov", Some("11:20 am".into())),
            secret_about: keys::about("Mon 3 Nov", None),
            is_signed: true,
            could_sign: None,
            old: vec![keys::Old {
                key: 4,
                what: "Old secret",
                about: keys::about_old("Thu 27 Nov", Some("9:47 am".into())),
            }],
            told: keys::told("secret"),
            wrong: None,
            token: Some(keys::Token {
                is_set: true,
                about: "Set Mon 3 Nov. Meta lead ads is asked with it for what its events leave out.".into(),
                needs: "a page access token",
                found: "Meta's Business settings make one.",
                waits: keys::waiting(2, 1, Some("Meta lead ads has trouble (503)."), Some("11:24 am".into())),
                wrong: None,
            }),
        },
    }
}

/// The same submission, run again.
pub fn receipt_again() -> Receipt {
    Receipt {
        again: Some(receipts::Again {
            done: false,
            words: "Nothing was changed.",
            note: None,
            fields: vec![("Name".into(), String::new(), "Maria Lopez".into())],
            messages: vec![("Text to +15125550142".into(), "Hi Maria, Harbor Plumbing here.".into())],
        }),
        ..receipt()
    }
}

pub fn first_source() -> Sources {
    let mut page = sources();
    page.sources.truncate(1);
    page.sources[0].days = vec![0; 14];
    page.sources[0].last = "nothing yet".into();
    (page.sources[0].state, page.sources[0].explain) = state(Doing::Waiting);
    page.sources[0].open = true;
    page.notices.clear();
    page.waiting_for_first = Some("2:02 pm".into());
    page
}

pub fn setup_with_mistakes() -> Setup {
    let typed = Typed {
        fields: vec![
            ("name", "Dave".into(), None),
            ("email", "dave@harbor".into(), Some("Enter an email address like dave@shop.com.".into())),
            ("password", "short".into(), Some("Make it ten characters or more.".into())),
            ("business", "Harbor Plumbing & Heating".into(), None),
            ("timezone", "America/Chicago".into(), None),
            ("mobile", "12".into(), Some("This is not a phone number in the United States.".into())),
        ],
    };
    Setup::new("t0k3n", &typed)
}

pub fn login() -> Login {
    Login { email: "dave@shop.com".into(), problem: Some(super::account::WRONG_PASSWORD.into()), ..Login::default() }
}

pub fn link() -> Link {
    Link { token: "t0k3n".into(), email: "dave@shop.com".into() }
}

pub fn account() -> Account {
    let mut chrome = chrome(Here::More);
    chrome.has_phones = true;
    Account {
        chrome,
        name: "Dave".into(),
        email: "dave@shop.com".into(),
        health: Pill::new("fast", "fine"),
        others: vec![("other".into(), "Other Shop".into())],
    }
}

pub fn phones() -> Phones {
    let mut chrome = chrome(Here::Phones);
    chrome.has_phones = true;
    let text = |words: &str, ours| Text {
        words: words.into(),
        ours,
        at: "2:14:02 pm".into(),
        machine: "2025-11-20T14:14:02-06:00".into(),
    };
    Phones {
        chrome,
        try_it: Some(TryIt {
            source: "Website form".into(),
            address: "/in/s17kq2mz4xt9".into(),
            back: "/b/harbor/phones".into(),
            name: "Maria Lopez".into(),
            phone: "(512) 555-0142".into(),
            email: "maria.lopez@example.com".into(),
            message: "Kitchen tap leaking under the sink".into(),
        }),
        phones: vec![
            Phone {
                name: "Maria’s phone".into(),
                number: "(512) 555-0142".into(),
                texts: vec![
                    text(
                        "Hi Maria, Harbor Plumbing here. Got your message - Dave will call you shortly from (512) 555-0100. Reply here any time. STOP to opt out.",
                        true,
                    ),
                    text("Thank you!", false),
                ],
            },
            Phone {
                name: "Dave’s phone".into(),
                number: "(512) 555-0100".into(),
                texts: vec![text(
                    "New lead: Maria Lopez\n(512) 555-0142\nKitchen tap leaking under the sink\nReply 1 = I've got it\nhttps://leads.harborplumbing.com/l/k7q2mz4xt9",
                    true,
                )],
            },
        ],
        mails: vec![Letter {
            to: "dave@shop.com".into(),
            subject: "Maria Lopez, Kitchen tap leaking under the sink".into(),
            text: "(512) 555-0142\n\nKitchen tap leaking under the sink".into(),
            at: "2:14:02 pm".into(),
        }],
    }
}

pub fn health() -> Health {
    let check = |name: &str, ok, detail: &str, next: &str| Check {
        name: name.into(),
        ok,
        detail: detail.into(),
        next: next.into(),
    };
    Health {
        chrome: chrome(Here::Health),
        checks: worst_first(vec![
            check("Database", true, "Takes writes, synced.", ""),
            check(
                "Texting",
                false,
                "Your number is not registered with the US carriers.",
                "Open the registration kit.",
            ),
            check("Caps", true, "Caps on texts are off.", "Set LEADBELL_SEND_CAPS=on."),
        ]),
    }
}

pub fn report() -> Report {
    Report {
        chrome: chrome(Here::Today),
        week: crate::reply::report::sample::week(),
        before: "2026-W46".into(),
        after: Some("2026-W48".into()),
    }
}

pub fn registration() -> Registration {
    use crate::reply::registration::{Standing, help, opt_in, samples, stop, use_case};
    let shop = "Harbor Plumbing & Heating";
    let consent = crate::lead::own_form::usual_words(shop);
    let form = "https://leads.example.com/f/harbor".to_owned();
    Registration {
        chrome: chrome(Here::More),
        standing: Standing::NotRegistered(NOW - 60_000),
        since: Some("2:15 pm".into()),
        use_case: use_case(shop),
        opt_in: opt_in(shop, &form, &consent),
        samples: samples(
            shop,
            Some("Dave"),
            Some("(512) 555-0100"),
            "8:00 am",
            &crate::lead::wording::Wording::default(),
        ),
        help: help(shop, Some("(512) 555-0100")),
        stop: stop(shop),
        consent,
        form,
    }
}

pub fn status() -> Status {
    Status { up: true, last_lead_at: Some(NOW - 134_000), at: NOW }
}
