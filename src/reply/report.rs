//! The weekly report in words: the same sentences on the page and in the mail of Monday morning.
//!
//! Figures come in as they were counted. Under five leads there is no headline, and the leads stand for themselves.

use super::plan::bare;
use crate::base::change::Change;
use crate::base::ids::{BusinessId, MessageId, PersonId};
use crate::base::lengths::{Band, words};
use crate::base::random::Random;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose};
use askama::Template;

/// What the week before is called in a comparison.
pub const THAN: &str = "the week before";

/// A week, ready to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    /// The shop.
    pub shop: String,
    /// What the addresses of its pages start with, without a slash at the end.
    pub base: String,
    /// `2026-W47`.
    pub name: String,
    /// `Mon 16 Nov to Sun 22 Nov 2026`.
    pub days: String,
    /// Whether its last day has passed.
    pub is_over: bool,
    /// Real leads.
    pub leads: usize,
    /// The typical answer; `None` under five leads.
    pub headline: Option<Headline>,
    /// The figures, in order.
    pub facts: Vec<Fact>,
    /// What `named` is: `Waited longest`, or `The leads`.
    pub named_as: &'static str,
    /// Leads by name.
    pub named: Vec<Waited>,
    /// Who paid, and what was left out of the numbers.
    pub notes: Vec<String>,
    /// Sources that need eyes now.
    pub sources: Vec<Look>,
    /// At most one tip.
    pub tip: Option<String>,
}

/// How long the typical lead waited for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headline {
    /// Milliseconds; `None` is "not yet".
    pub typical_ms: Option<i64>,
    /// Against the week before, where that had a headline too.
    pub change: Option<Change>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub what: &'static str,
    /// The figure.
    pub value: String,
    /// What it is taken from: `24 of 38`; may be empty.
    pub of: String,
    /// Where its leads are, below the shop's own address.
    pub page: &'static str,
}

/// A lead that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waited {
    /// Its id.
    pub lead: String,
    /// Full name, else number or address.
    pub name: String,
    /// `Mon 2:14 pm`.
    pub at: String,
    /// How long it waited, milliseconds; `None` = nobody answered.
    pub waited_ms: Option<i64>,
}

/// A source that needs eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its id.
    pub source: String,
    /// What is the matter, as a sentence.
    pub words: String,
}

impl Week {
    /// The subject of the mail.
    pub fn subject(&self) -> String {
        let Some(headline) = self.headline else {
            return match self.leads {
                0 => "Last week: no leads".to_owned(),
                1 => "Last week: 1 lead".to_owned(),
                n => format!("Last week: {n} leads"),
            };
        };
        match headline.typical_ms {
            Some(ms) => {
                let change = headline.change.and_then(Change::brief).map(|brief| format!(", {brief}"));
                format!("Last week: answered in {}{}", words(ms), change.unwrap_or_default())
            }
            None => "Last week: the typical lead has no answer yet".to_owned(),
        }
    }

    /// The address of the page.
    pub fn link(&self) -> String {
        format!("{}/report/{}", self.base, self.name)
    }

    /// What stands where the headline would be under five leads.
    pub fn too_few(&self) -> String {
        match self.leads {
            0 => "No leads in this week.".to_owned(),
            1 => "1 lead in this week, too few for a typical time.".to_owned(),
            n => format!("{n} leads in this week, too few for a typical time."),
        }
    }
}

impl Headline {
    /// `3m 40s`, or `not yet`.
    pub fn typical(&self) -> String {
        self.typical_ms.map_or_else(|| "not yet".to_owned(), words)
    }

    /// The change in words; empty where there is nothing to compare.
    pub fn changed(&self) -> String {
        self.change.map(|change| change.words(THAN)).unwrap_or_default()
    }

    /// All of it as a sentence.
    pub fn sentence(&self) -> String {
        let answered = match self.typical_ms {
            Some(ms) => format!("A person answered in {}", words(ms)),
            None => "The typical lead has no answer yet".to_owned(),
        };
        match self.change {
            None => format!("{answered}."),
            Some(change @ Change::NotYet(_)) => format!("{answered}; it was {}.", change.words(THAN)),
            Some(change) => format!("{answered}, {}.", change.words(THAN)),
        }
    }
}

impl Fact {
    /// The figure with what it is taken from: `63% (24 of 38)`, `2 of 38`.
    pub fn said(&self) -> String {
        match (self.of.is_empty(), self.of.starts_with("of ")) {
            (true, _) => self.value.clone(),
            (_, true) => format!("{} {}", self.value, self.of),
            _ => format!("{} ({})", self.value, self.of),
        }
    }
}

impl Waited {
    /// `2h 58m`, or that nobody answered.
    pub fn wait(&self) -> String {
        self.waited_ms.map_or_else(|| "not answered".to_owned(), words)
    }

    /// `fast`, `ok` or `slow`; `open` where nobody answered.
    pub fn band(&self) -> &'static str {
        self.waited_ms.map_or("open", |ms| Band::of(ms).as_str())
    }
}

#[derive(Template)]
#[template(path = "messages/report.html")]
struct Html<'a> {
    week: &'a Week,
}

#[derive(Template)]
#[template(path = "messages/report.txt", escape = "none")]
struct Text<'a> {
    week: &'a Week,
}

/// The mail to one of us. Its id is the shop's, the week's and the person's own, so planning it twice stores it once.
pub fn report_mail(
    business: &BusinessId,
    to: (&PersonId, &str),
    week: &Week,
    now: i64,
    expires_at: i64,
    random: &Random,
) -> Draft {
    let (person, address) = to;
    let step = format!("week:{}", week.name);
    let body = Text { week }.render().unwrap_or_else(|_| week.link());
    let mut draft = bare(business, Purpose::Report, &step, Medium::Mail, address, body, now, random);
    draft.id = MessageId::from(format!("report-{business}-{}-{person}", week.name));
    draft.person_id = Some(person.clone());
    draft.subject = week.subject();
    draft.html = Html { week }.render().ok();
    draft.expires_at = expires_at;
    draft
}

#[cfg(test)]
pub mod sample {
    //! A week of Harbor Plumbing for tests of its words.

    use super::*;

    /// Thirty-eight leads and something of everything.
    pub fn week() -> Week {
        let fact = |what, value: &str, of: &str, page| Fact { what, value: value.into(), of: of.into(), page };
        let waited = |lead: &str, name: &str, at: &str, waited_ms| Waited {
            lead: lead.into(),
            name: name.into(),
            at: at.into(),
            waited_ms,
        };
        Week {
            shop: "Harbor Plumbing & Heating".into(),
            base: "https://leads.example.com/b/harbor".into(),
            name: "2026-W47".into(),
            days: "Mon 16 Nov to Sun 22 Nov 2026".into(),
            is_over: true,
            leads: 38,
            headline: Some(Headline { typical_ms: Some(220_000), change: Some(Change::Faster(145_000)) }),
            facts: vec![
                fact("slowest tenth", "1h 55m", "", "leads"),
                fact("answered within 5 min", "63%", "24 of 38", "leads?state=answered"),
                fact("still waiting", "2", "of 38", "leads?state=waiting"),
            ],
            named_as: "Waited longest",
            named: vec![
                waited("l3", "Tom Becker", "Wed 11:20 am", None),
                waited("l6", "Lena Fischer", "Thu 7:58 pm", Some(10_680_000)),
            ],
            notes: vec!["6 of 38 paid, $1,350 together.".into(), "2 tests and 1 spam left out.".into()],
            sources: vec![Look {
                source: "s4".into(),
                words: "Quote form is quiet: 3 days without a lead, usually 1 a day.".into(),
            }],
            tip: Some(
                "4 of the 6 leads that waited over 5 min came between 5 pm and 8 pm. Have someone on the phone then."
                    .into(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_keeps_its_shape() {
        let person = PersonId::from("dave");
        let to = (&person, "dave@harbor.example");

        let mail = report_mail(&BusinessId::from("harbor"), to, &sample::week(), 7, 99, &Random::seeded(1));

        assert_eq!((mail.id.as_str(), mail.expires_at), ("report-harbor-2026-W47-dave", 99));
        assert_eq!((mail.purpose.prio(), mail.recipient.as_str()), (3, "dave@harbor.example"));
        insta::assert_snapshot!("report_mail", format!("{}\n\n{}", mail.subject, mail.body));
        insta::assert_snapshot!("report_mail_html", mail.html.unwrap());
    }

    #[test]
    fn the_subject_says_the_one_thing_that_matters() {
        let with =
            |typical_ms, change| Week { headline: Some(Headline { typical_ms, change }), ..sample::week() }.subject();
        let few = |leads| Week { headline: None, leads, ..sample::week() }.subject();

        assert_eq!(with(Some(220_000), Some(Change::Faster(145_000))), "Last week: answered in 3m 40s, 2m 25s faster");
        assert_eq!(with(Some(220_000), Some(Change::Slower(5_000))), "Last week: answered in 3m 40s, 5.0 s slower");
        assert_eq!(with(Some(220_000), Some(Change::Answered)), "Last week: answered in 3m 40s");
        assert_eq!(with(Some(220_000), None), "Last week: answered in 3m 40s");
        assert_eq!(with(None, Some(Change::NotYet(9))), "Last week: the typical lead has no answer yet");
        assert_eq!(
            (few(0), few(1), few(4)),
            ("Last week: no leads".into(), "Last week: 1 lead".into(), "Last week: 4 leads".into())
        );
    }

    #[test]
    fn the_headline_is_a_sentence_also_where_the_typical_lead_has_no_answer() {
        let said = |typical_ms, change| Headline { typical_ms, change }.sentence();

        assert_eq!(said(Some(220_000), None), "A person answered in 3m 40s.");
        assert_eq!(
            said(Some(220_000), Some(Change::Faster(145_000))),
            "A person answered in 3m 40s, 2m 25s faster than the week before."
        );
        assert_eq!(
            said(Some(220_000), Some(Change::Answered)),
            "A person answered in 3m 40s, it was not yet the week before."
        );
        assert_eq!(
            said(None, Some(Change::NotYet(220_000))),
            "The typical lead has no answer yet; it was 3m 40s the week before."
        );
    }

    #[test]
    fn what_a_visitor_typed_is_text_in_the_mail() {
        let mut week = sample::week();
        week.named[0].name = "<img src=x onerror=alert(1)>".into();
        let person = PersonId::from("dave");

        let mail = report_mail(&BusinessId::from("harbor"), (&person, "d@x.test"), &week, 7, 99, &Random::seeded(1));

        let html = mail.html.unwrap();
        assert!(!html.contains("<img") && html.contains("&#60;img"), "{html}");
        assert_eq!(html.matches("background:#0a6e5a").count(), 1, "one button");
    }

    #[test]
    fn a_week_with_few_leads_lists_them_and_draws_no_figure() {
        let week = Week { headline: None, leads: 3, named_as: "The leads", ..sample::week() };
        let person = PersonId::from("dave");

        let mail = report_mail(&BusinessId::from("harbor"), (&person, "d@x.test"), &week, 7, 99, &Random::seeded(1));

        assert!(mail.body.contains("3 leads in this week, too few for a typical time.\n"), "{}", mail.body);
        assert!(mail.body.contains("The leads\n- Tom Becker") && !mail.body.contains("A person answered in"));
    }
}
