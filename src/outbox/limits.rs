//! The caps against pumped texts and bombed mailboxes: who is counted, in which window, how far.
//!
//! An answer that was asked for by text stands outside the two caps per number and has its own: three a day.
//! A cap never touches the lead, only its message, which is held with the reason. Windows are fixed, not sliding:
//! at the edge of two a little over one cap's worth can pass, which keeps each counter one row.
//! Figures: 1 text per number in 10 min and 2 a day; 5 an hour per block of 10,000 numbers and per network of a
//! browser; 30 an hour and 150 a day per form, 20 a day for a form in its first week; 300 parts and 10 USD a day per
//! business; one automatic mail per address a day and 20 an hour per form; 100 calls a day to a business's own people.

use super::channel::Medium;
use super::message::Purpose;
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};

/// One counter that a message must fit under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// Who is counted.
    pub key: String,
    /// Length of the window, in milliseconds.
    pub window_ms: i64,
    /// The most that fits.
    pub most: i64,
    /// What this message takes.
    pub takes: i64,
    /// What to say when it does not fit.
    pub reason: &'static str,
}

impl Cap {
    /// The start of the window that holds `now`.
    pub fn starts_at(&self, now: i64) -> i64 {
        now - now.rem_euclid(self.window_ms)
    }
}

/// What the caps must know of a message.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Whose it is.
    pub business_id: &'a str,
    /// The form it came through.
    pub source_id: Option<&'a str>,
    /// When that form was connected.
    pub source_since: Option<i64>,
    /// What it is for.
    pub purpose: Purpose,
    /// How it travels.
    pub medium: Medium,
    /// To whom.
    pub recipient: &'a str,
    /// The browser's network, where a browser sent the form.
    pub remote: Option<&'a str>,
    /// Its parts.
    pub parts: i64,
    /// The person asked for it by text a moment ago (`STATUS`): counted apart from what is sent unasked.
    pub is_asked_for: bool,
}

/// A part's price that the daily limit of 10 USD reckons with, in cents. Dearer than the usual US price of 0.8.
const CENTS_A_PART: i64 = 1;

/// The caps that hold for a message, narrowest first. Texts and mails to our own people have none here: they are
/// bundled.
pub fn caps(s: &Subject<'_>, now: i64) -> Vec<Cap> {
    let b = s.business_id;
    let cap = |key: String, window_ms, most, takes, reason| Cap { key, window_ms, most, takes, reason };
    let mut caps = Vec::with_capacity(10);
    match s.purpose {
        Purpose::LeadReply => {}
        Purpose::FollowUp => return follow_up_caps(s),
        Purpose::OwnerAlert | Purpose::Escalation if s.medium == Medium::Call => return vec![calls_cap(s)],
        _ => return caps,
    }
    match s.medium {
        Medium::Sms => {
            let to = s.recipient;
            let block = to.get(..to.len().saturating_sub(4)).unwrap_or(to);
            if s.is_asked_for {
                let reason = "This number asked three times today.";
                caps.push(cap(format!("sms:asked:{b}:{to}"), DAY_MS, 3, 1, reason));
            } else {
                let reason = "This number was texted less than 10 minutes ago.";
                caps.push(cap(format!("sms:10m:{b}:{to}"), 10 * MINUTE_MS, 1, 1, reason));
                caps.push(cap(format!("sms:day:{b}:{to}"), DAY_MS, 2, 1, "This number had two automatic texts today."));
            }
            caps.push(cap(
                format!("sms:block:{b}:{block}"),
                HOUR_MS,
                5,
                1,
                "Too many numbers of one block wrote within an hour, as in a fraud.",
            ));
            if let Some(network) = s.remote {
                caps.push(cap(
                    format!("sms:net:{b}:{network}"),
                    HOUR_MS,
                    5,
                    1,
                    "Too many forms came from one network within an hour.",
                ));
            }
            if let Some(source) = s.source_id {
                caps.push(cap(
                    format!("sms:form:h:{source}"),
                    HOUR_MS,
                    30,
                    1,
                    "This form sent more than 30 leads within an hour.",
                ));
                caps.push(cap(
                    format!("sms:form:d:{source}"),
                    DAY_MS,
                    150,
                    1,
                    "This form sent more than 150 leads today.",
                ));
                if s.source_since.is_some_and(|since| now - since < 7 * DAY_MS) {
                    caps.push(cap(
                        format!("sms:form:new:{source}"),
                        DAY_MS,
                        20,
                        1,
                        "A form in its first week may cause 20 texts a day.",
                    ));
                }
            }
            caps.extend(spend_caps(s));
        }
        Medium::Hook | Medium::Call => {}
        Medium::Mail => {
            caps.push(cap(
                format!("mail:day:{b}:{}", s.recipient),
                DAY_MS,
                1,
                1,
                "This address had an automatic mail today.",
            ));
            if let Some(source) = s.source_id {
                caps.push(cap(
                    format!("mail:form:h:{source}"),
                    HOUR_MS,
                    20,
                    1,
                    "This form caused more than 20 mails within an hour.",
                ));
            }
        }
    }
    caps
}

/// Calls cost money each, and ring a pocket.
fn calls_cap(s: &Subject<'_>) -> Cap {
    Cap {
        key: format!("call:day:{}", s.business_id),
        window_ms: DAY_MS,
        most: 100,
        takes: 1,
        reason: "The daily limit of 100 calls is used up.",
    }
}

/// A follow-up is one more automatic text to a number on a day, and is paid for like any.
fn follow_up_caps(s: &Subject<'_>) -> Vec<Cap> {
    if s.medium != Medium::Sms {
        return Vec::new();
    }
    let day = Cap {
        key: format!("sms:day:{}:{}", s.business_id, s.recipient),
        window_ms: DAY_MS,
        most: 2,
        takes: 1,
        reason: "This number had two automatic texts today.",
    };
    let [parts, cents] = spend_caps(s);
    vec![day, parts, cents]
}

/// What a business may spend on automatic texts in a day.
fn spend_caps(s: &Subject<'_>) -> [Cap; 2] {
    let b = s.business_id;
    let cap = |key: String, most, takes, reason| Cap { key, window_ms: DAY_MS, most, takes, reason };
    [
        cap(format!("sms:parts:{b}"), 300, s.parts, "The daily limit of 300 text parts is used up."),
        cap(format!("sms:cents:{b}"), 1_000, s.parts * CENTS_A_PART, "The daily limit of 10 dollars is used up."),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(purpose: Purpose, medium: Medium) -> Subject<'static> {
        Subject {
            business_id: "b",
            source_id: Some("s"),
            source_since: Some(0),
            purpose,
            medium,
            recipient: "+15125550142",
            remote: Some("10.1.2.0/24"),
            parts: 2,
            is_asked_for: false,
        }
    }

    #[test]
    fn a_block_is_the_number_without_its_last_four_digits() {
        let caps = caps(&subject(Purpose::LeadReply, Medium::Sms), 0);

        assert!(caps.iter().any(|c| c.key == "sms:block:b:+1512555" && c.most == 5));
        assert!(caps.iter().any(|c| c.key == "sms:parts:b" && c.takes == 2));
        assert!(caps.iter().any(|c| c.key == "sms:form:new:s"));
    }

    #[test]
    fn what_was_asked_for_is_counted_apart() {
        let asked = Subject { is_asked_for: true, ..subject(Purpose::LeadReply, Medium::Sms) };

        let caps = caps(&asked, 0);

        assert!(caps.iter().any(|c| c.key == "sms:asked:b:+15125550142" && c.most == 3));
        assert!(caps.iter().all(|c| !c.key.starts_with("sms:10m:") && !c.key.starts_with("sms:day:")));
        assert!(caps.iter().any(|c| c.key == "sms:parts:b"), "what it costs counts all the same");
    }

    #[test]
    fn a_form_is_new_for_a_week() {
        let caps = caps(&subject(Purpose::LeadReply, Medium::Sms), 8 * DAY_MS);

        assert!(caps.iter().all(|c| c.key != "sms:form:new:s"));
    }

    #[test]
    fn a_follow_up_counts_as_an_automatic_text_of_the_day_and_is_paid_for() {
        let caps = caps(&subject(Purpose::FollowUp, Medium::Sms), 0);

        let keys: Vec<&str> = caps.iter().map(|cap| cap.key.as_str()).collect();
        assert_eq!(keys, ["sms:day:b:+15125550142", "sms:parts:b", "sms:cents:b"]);
    }

    #[test]
    fn our_own_people_are_never_capped() {
        assert!(caps(&subject(Purpose::OwnerAlert, Medium::Sms), 0).is_empty());
        assert!(caps(&subject(Purpose::OwnerAlert, Medium::Mail), 0).is_empty());
    }

    #[test]
    fn windows_begin_where_the_clock_says() {
        let cap = Cap { key: String::new(), window_ms: HOUR_MS, most: 1, takes: 1, reason: "" };

        assert_eq!(cap.starts_at(2 * HOUR_MS + 5), 2 * HOUR_MS);
        assert_eq!(cap.starts_at(-5), -HOUR_MS);
    }
}
