//! Notices about a source: its form changed, it went quiet, its signatures fail, nobody can read it. Each is said once,
//! with the next step; by mail, and by text to whoever has no mail.

use super::plan::{AlertTo, bare};
use super::words::cut;
use crate::base::ids::{BusinessId, MessageId, SourceId};
use crate::base::random::Random;
use crate::base::sms;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose};

/// What happened to a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble<'a> {
    /// It sends other fields: what differs, in sentences, the gravest first, and whether somebody can still be reached
    /// through what it sends.
    Changed {
        /// The sentences, without stops.
        changes: &'a [String],
        /// Name, number or address are still read.
        still_read: bool,
    },
    /// It is silent.
    Quiet {
        /// `3 days`.
        silent: &'a str,
        /// `1 a day`.
        usual: &'a str,
    },
    /// Its signatures do not fit: the name of what signs.
    Refused {
        /// `Stripe`.
        vendor: &'a str,
    },
    /// Most of what it sends lately cannot be read.
    Unreadable,
}

impl Trouble<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Trouble::Changed { .. } => "changed",
            Trouble::Quiet { .. } => "quiet",
            Trouble::Refused { .. } => "refused",
            Trouble::Unreadable => "unreadable",
        }
    }

    /// What is said before the link.
    fn words(&self, source: &str) -> (String, String) {
        match self {
            Trouble::Changed { changes, still_read } => {
                let first = changes.first().map_or("it sends other fields", String::as_str);
                let more = match changes.len() {
                    0 | 1 => String::new(),
                    2 => " One more thing differs.".to_owned(),
                    n => format!(" {} more things differ.", n - 1),
                };
                let read = if *still_read { "We still read it." } else { "Nothing is lost: all of it is kept." };
                (format!("The form at {source} changed: {first}.{more} {read}"), "Look at it once: ".to_owned())
            }
            Trouble::Quiet { silent, usual } => (
                format!("Check your website form: no leads from {source} for {silent} (usually {usual})."),
                String::new(),
            ),
            Trouble::Refused { vendor } => (
                format!(
                    "{source} sends with signatures that do not fit, so it becomes no lead. The secret in {vendor} and here differ."
                ),
                "Paste it again: ".to_owned(),
            ),
            Trouble::Unreadable => (
                format!("Most of what {source} sent lately could not be read. Nothing is lost: all of it is kept."),
                "Look at it here: ".to_owned(),
            ),
        }
    }
}

/// The notice to one of us; none for somebody without mail and number. `since` tells one trouble from the next of its
/// kind: the same one is stored once. `link` is the source's page.
#[expect(clippy::too_many_arguments, reason = "the facts of one notice")]
pub fn source_notice(
    business: &BusinessId,
    source: (&SourceId, &str),
    to: &AlertTo,
    trouble: &Trouble<'_>,
    since: i64,
    link: &str,
    now: i64,
    random: &Random,
) -> Option<Draft> {
    let (medium, address) = match (&to.email, &to.phone) {
        (Some(email), _) => (Medium::Mail, email),
        (None, Some(phone)) => (Medium::Sms, phone),
        (None, None) => return None,
    };
    let (id, name) = source;
    let (told, step) = trouble.words(&cut(name, 40));
    let body = if medium == Medium::Sms {
        sms::fit_one_part("", &sms::to_gsm(&told), &format!("\n{link}"))
    } else {
        let all = match trouble {
            Trouble::Changed { changes, .. } if changes.len() > 1 => {
                format!("\n\nAll that differs:\n- {}", changes.join("\n- "))
            }
            _ => String::new(),
        };
        format!("{told}{all}\n\n{step}{link}\n")
    };
    let kind = trouble.kind();
    let mut draft = bare(business, Purpose::Notice, &format!("source:{kind}"), medium, address, body, now, random);
    draft.id = MessageId::from(format!("{kind}-{id}-{since}"));
    draft.source_id = Some(id.clone());
    draft.person_id = Some(to.id.clone());
    draft.subject = match trouble {
        Trouble::Changed { .. } => format!("The form at {} changed", cut(name, 40)),
        Trouble::Quiet { silent, .. } => format!("No leads from {} for {silent}", cut(name, 40)),
        Trouble::Refused { .. } => format!("The signatures of {} do not fit", cut(name, 40)),
        Trouble::Unreadable => format!("{} sends what we cannot read", cut(name, 40)),
    };
    Some(draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::PersonId;

    fn said(trouble: &Trouble<'_>, email: Option<&str>) -> (String, String) {
        let to = AlertTo {
            id: PersonId::from("p"),
            phone: Some("+15125550100".to_owned()),
            email: email.map(str::to_owned),
            ring: None,
            code: String::new(),
            digit: None,
        };
        let (business, source) = (BusinessId::from("b"), SourceId::from("s"));
        let link = "https://leads.example.com/b/harbor/sources/s";
        let source = (&source, "Website form");
        let draft = source_notice(&business, source, &to, trouble, 7, link, 9, &Random::seeded(1)).unwrap();
        assert_eq!(draft.medium == Medium::Sms, email.is_none());
        assert!(draft.medium == Medium::Mail || draft.parts == 1, "{}", draft.body);
        (draft.subject, draft.body)
    }

    #[test]
    fn each_notice_says_what_happened_and_the_next_step() {
        let changes = ["\"phone\" is now called \"tel\"".to_owned()];
        let quiet = Trouble::Quiet { silent: "3 days", usual: "1 a day" };
        let mail = |trouble: &Trouble<'_>| said(trouble, Some("dave@harbor.example")).1;

        assert_eq!(
            mail(&Trouble::Changed { changes: &changes, still_read: true }),
            "The form at Website form changed: \"phone\" is now called \"tel\". We still read it.\n\nLook at it once: \
             https://leads.example.com/b/harbor/sources/s\n"
        );
        assert_eq!(
            said(&quiet, None).1,
            "Check your website form: no leads from Website form for 3 days (usually 1 a day).\n\
             https://leads.example.com/b/harbor/sources/s"
        );
        assert!(
            mail(&Trouble::Refused { vendor: "Stripe" })
                .contains("The secret in Stripe and here differ.\n\nPaste it again: ")
        );
        assert!(mail(&Trouble::Unreadable).contains("Nothing is lost"));
    }

    #[test]
    fn several_changes_are_one_mail_that_lists_them_all() {
        let changes = ["one".to_owned(), "two".to_owned(), "three".to_owned()];

        let (subject, body) =
            said(&Trouble::Changed { changes: &changes, still_read: false }, Some("d@harbor.example"));

        assert_eq!(subject, "The form at Website form changed");
        assert!(
            body.contains("changed: one. 2 more things differ.") && body.contains("- one\n- two\n- three\n"),
            "{body}"
        );
        assert!(body.contains("all of it is kept"));
    }
}
