//! What one of us hears back after texting our number: short, plain GSM characters, one part.

use super::words::{cut, join, title};
use crate::base::sms;

/// How much of a name these texts show, in characters.
const NAME: usize = 40;

/// A lead was handed on to `to`.
pub fn passed(to: &str, name: &str) -> String {
    sms::to_gsm(&format!("Passed on to {}. {} is not yours any more.", cut(to, NAME), cut(name, NAME)))
}

/// There is no next person, or none who can be reached.
pub fn nobody_to_pass_to() -> String {
    "There is nobody to pass it on to.".to_owned()
}

/// Their words may be meant for several leads.
pub fn which_one(leads: &[(u8, String)]) -> String {
    let list: Vec<String> = leads.iter().map(|(digit, name)| format!("{digit} {}", cut(name, 20))).collect();
    join("Which one is it for? ", &list.join(", "), ". Reply the number, and your words go there.")
}

/// The lead asked for silence; their words were not sent.
pub fn they_opted_out(name: &str) -> String {
    sms::to_gsm(&format!("{} asked us not to text. You can still call.", cut(name, NAME)))
}

/// The lead left no number; their words were not sent. `email`: another way.
pub fn no_number(name: &str, email: Option<&str>) -> String {
    let way = email.map(|email| format!(" Write to {}.", cut(email, 60))).unwrap_or_default();
    sms::to_gsm(&format!("{} left no number to text.{way}", cut(name, NAME)))
}

/// The lead is over.
pub fn closed(name: &str) -> String {
    sms::to_gsm(&format!("{} is closed. To take it, open it again on its page.", cut(name, NAME)))
}

/// Somebody wanted to hand back what they do not have.
pub fn not_yours(name: &str) -> String {
    sms::to_gsm(&format!("{} is not yours, so nothing was handed back.", cut(name, NAME)))
}

/// They talked.
pub fn talked(name: &str) -> String {
    sms::to_gsm(&format!("Noted: you talked to {}.", cut(name, NAME)))
}

/// They left a voicemail.
pub fn left_voicemail(name: &str) -> String {
    sms::to_gsm(&format!("Noted: you left {} a voicemail. It stays yours.", cut(name, NAME)))
}

/// Nobody picked up.
pub fn no_answer(name: &str) -> String {
    sms::to_gsm(&format!("Noted: no answer from {}. It stays yours, so please try again.", cut(name, NAME)))
}

/// They sent a picture; `went`: words that came with it were passed on.
pub fn no_pictures(name: &str, went: bool) -> String {
    let name = cut(name, NAME);
    let words =
        if went { format!("Your words go to {name}, the picture does not") } else { "Nothing went out".to_owned() };
    sms::to_gsm(&format!("{words}: pictures cannot be passed on by text."))
}

/// What to call a lead in these texts: the given name, else the name, the number or the address.
pub fn short_title(first_name: Option<&str>, name: Option<&str>, contact: Option<&str>) -> String {
    title(first_name.or(name), contact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reply_is_one_plain_part_whatever_the_names_are() {
        let long = "Maximiliana-Ottilie von und zu Hohenlohe-Langenburg the Elder of Austin";
        let email = format!("{}@example.com", "x".repeat(64));
        let nine: Vec<(u8, String)> = (1..=9).map(|n| (n, long.to_owned())).collect();
        for text in [
            passed(long, long),
            nobody_to_pass_to(),
            which_one(&nine),
            they_opted_out(long),
            no_number(long, Some(&email)),
            closed(long),
            not_yours(long),
            talked(long),
            left_voicemail(long),
            no_answer(long),
            no_pictures(long, true),
            no_pictures(long, false),
        ] {
            let parts = sms::parts(&text);

            assert_eq!((parts.segments, parts.encoding), (1, sms::Encoding::Gsm7), "{text}");
        }
    }

    #[test]
    fn which_one_names_each_with_its_number() {
        let two = [(1, "Maria Lopez".to_owned()), (2, "Tom Becker".to_owned())];

        assert_eq!(
            which_one(&two),
            "Which one is it for? 1 Maria Lopez, 2 Tom Becker. Reply the number, and your words go there."
        );
    }
}
