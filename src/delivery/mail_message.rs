//! A message becomes a mail: headers and parts, built so that hostile names neither inject nor panic.
//!
//! Two findings shape this file: a display name with CR or LF panics inside lettre, and its own Message-ID is
//! random. So every header text is cleaned first, building happens inside `catch_unwind`, and the Message-ID is
//! `<our id@domain of the sender>`, the same on every try, so that receivers can drop doubles.

use crate::outbox::channel::Outgoing;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::{Address, Message};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, UNIX_EPOCH};

const LONGEST_NAME: usize = 80;
const LONGEST_SUBJECT: usize = 200;
const UNSUBSCRIBE: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe");
const UNSUBSCRIBE_POST: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe-Post");
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

/// A mail ready for the wire.
pub(super) struct Mail {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) message_id: String,
    pub(super) source: Vec<u8>,
}

/// Why no mail could be built, in words for the owner.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unwritable(pub(super) &'static str);

/// Builds the mail. `now_ms` (UTC) becomes its `Date`.
pub(super) fn build(message: &Outgoing, sender: &Mailbox, now_ms: i64) -> Result<Mail, Unwritable> {
    const BROKEN: Unwritable = Unwritable("The mail could not be written; tell us, and call instead.");
    let Ok(to) = message.to.parse::<Address>() else {
        return Err(Unwritable("This is not an e-mail address; check it, or call."));
    };
    let message_id = message_id(message, sender);
    let built = catch_unwind(AssertUnwindSafe(|| {
        let head = head(message, sender, &to, &message_id, now_ms);
        let mail = match &message.html {
            Some(html) => head.multipart(MultiPart::alternative_plain_html(message.body.clone(), html.clone())),
            None => head.singlepart(SinglePart::plain(message.body.clone())),
        };
        mail.map(|mail| mail.formatted())
    }));
    match built {
        Ok(Ok(source)) => Ok(Mail { from: sender.email.clone(), to, message_id, source }),
        Ok(Err(_)) | Err(_) => Err(BROKEN),
    }
}

/// The same id on every try of one message.
pub(super) fn message_id(message: &Outgoing, sender: &Mailbox) -> String {
    format!("<{}@{}>", message.id, sender.email.domain())
}

/// Text for one header line: no control characters, no invisible marks of direction, one line, cut to `most`
/// characters.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most * 4));
    for word in text.split(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c)) {
        if !word.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    if let Some((end, _)) = out.char_indices().nth(most) {
        out.truncate(end);
        out.truncate(out.trim_end().len());
    }
    out
}

fn head(message: &Outgoing, sender: &Mailbox, to: &Address, message_id: &str, now_ms: i64) -> MessageBuilder {
    let name = Some(one_line(&message.from_name, LONGEST_NAME)).filter(|name| !name.is_empty());
    let from = Mailbox::new(name.or_else(|| sender.name.clone()), sender.email.clone());
    let kind = if message.auto_reply { "auto-replied" } else { "auto-generated" };
    let date = UNIX_EPOCH + Duration::from_millis(u64::try_from(now_ms).unwrap_or(0));
    let mut head = Message::builder()
        .date(date)
        .from(from)
        .to(Mailbox::new(None, to.clone()))
        .subject(one_line(&message.subject, LONGEST_SUBJECT))
        .message_id(Some(message_id.to_owned()))
        .raw_header(HeaderValue::new(AUTO_SUBMITTED, kind.to_owned()));
    if let Some(reply_to) = message.reply_to.as_deref().and_then(|address| address.parse().ok()) {
        head = head.reply_to(Mailbox::new(None, reply_to));
    }
    // By one press (RFC 8058) only over HTTPS, as it demands.
    if let Some(link) = &message.unsubscribe {
        head = head.raw_header(HeaderValue::new(UNSUBSCRIBE, format!("<{link}>")));
        if link.starts_with("https://") {
            head = head.raw_header(HeaderValue::new(UNSUBSCRIBE_POST, "List-Unsubscribe=One-Click".to_owned()));
        }
    }
    head
}

/// Marks that turn or hide text: zero width, direction (Unicode Bidi), line and paragraph separators.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(from_name: &str, subject: &str) -> Outgoing {
        Outgoing {
            id: "m1".into(),
            business_id: "b1".into(),
            attempt: 1,
            to: "maria@example.com".to_owned(),
            from_name: from_name.to_owned(),
            reply_to: Some("owner@shop.example".to_owned()),
            subject: subject.to_owned(),
            body: "Hi Maria,\n.\nZoë\n".to_owned(),
            html: Some("<p>Hi Maria</p>".to_owned()),
            valid_for_secs: 60,
            auto_reply: true,
            unsubscribe: None,
            hook: None,
        }
    }

    fn sender() -> Mailbox {
        "Leads <leads@shop.example>".parse().unwrap()
    }

    fn header(source: &[u8], name: &str) -> Option<String> {
        use mailparse::MailHeaderMap;
        mailparse::parse_mail(source).unwrap().headers.get_first_value(name)
    }

    #[test]
    fn a_mail_says_who_writes_and_that_a_machine_does() {
        let mail = build(&message("Harbor Plumbing", "Your message"), &sender(), 1_770_802_212_000).unwrap();

        let get = |name| header(&mail.source, name).unwrap();
        assert_eq!(get("From"), "\"Harbor Plumbing\" <leads@shop.example>");
        assert_eq!(get("Reply-To"), "owner@shop.example");
        assert_eq!(get("Message-ID"), "<m1@shop.example>");
        assert_eq!(get("Auto-Submitted"), "auto-replied");
        assert_eq!(get("Date"), "Wed, 11 Feb 2026 09:30:12 +0000");
        assert!(mail.source.is_ascii());
    }

    #[test]
    fn a_mail_that_follows_names_the_way_to_end_it() {
        let table = [
            (None, None, None),
            (Some("http://localhost:8080/u/m1.t"), Some("<http://localhost:8080/u/m1.t>"), None),
            (Some("https://x.test/u/m1.t"), Some("<https://x.test/u/m1.t>"), Some("List-Unsubscribe=One-Click")),
        ];
        for (link, list, post) in table {
            let told = Outgoing { unsubscribe: link.map(str::to_owned), ..message("Shop", "s") };

            let mail = build(&told, &sender(), 0).unwrap();

            assert_eq!(header(&mail.source, "List-Unsubscribe").as_deref(), list);
            assert_eq!(header(&mail.source, "List-Unsubscribe-Post").as_deref(), post);
        }
    }

    #[test]
    fn both_parts_arrive_whole() {
        let mail = build(&message("Shop", "s"), &sender(), 0).unwrap();

        let parsed = mailparse::parse_mail(&mail.source).unwrap();
        let bodies: Vec<String> =
            parsed.subparts.iter().map(|part| part.get_body().unwrap().replace("\r\n", "\n")).collect();
        assert_eq!(parsed.ctype.mimetype, "multipart/alternative");
        assert_eq!(bodies[0].trim_end(), "Hi Maria,\n.\nZoë");
        assert_eq!(bodies[1].trim_end(), "<p>Hi Maria</p>");
    }

    #[test]
    fn every_try_has_the_same_message_id() {
        let (first, second) = (message("Shop", "s"), Outgoing { attempt: 2, ..message("Shop", "s") });

        assert_eq!(
            build(&first, &sender(), 0).unwrap().message_id,
            build(&second, &sender(), 9_000_000).unwrap().message_id
        );
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        for to in ["maria", "maria@example.com\r\nBcc: x@y.example", "", "a@b.example, c@d.example"] {
            let broken = Outgoing { to: to.to_owned(), ..message("Shop", "s") };

            assert!(build(&broken, &sender(), 0).is_err(), "{to:?}");
        }
    }

    #[test]
    fn an_empty_name_falls_back_on_the_address_book_name() {
        let mail = build(&message("\r\n\u{202e}", "s"), &sender(), 0).unwrap();

        assert_eq!(header(&mail.source, "From").unwrap(), "Leads <leads@shop.example>");
    }

    proptest! {
        #[test]
        fn no_name_and_no_subject_adds_a_header_or_panics(
            name in "[\\x00-\\x1f\\x7f-\\x9fa-z\"\\\\<>@:;,()\u{2028}\u{202e}éя👍 ]{0,120}",
            subject in "[\\x00-\\x1f\\x7f-\\x9fa-z\"=?:\u{2029}éя👍 ]{0,300}",
        ) {
            let hostile = format!("{name}\r\nBcc: victim@example.com\r\n\r\n{name}");

            let mail = build(&message(&hostile, &format!("{subject}\r\nX-Injected: 1")), &sender(), 0).unwrap();

            prop_assert_eq!(header(&mail.source, "Bcc"), None);
            prop_assert_eq!(header(&mail.source, "X-Injected"), None);
            prop_assert!(header(&mail.source, "From").unwrap().ends_with("<leads@shop.example>"));
        }
    }
}
