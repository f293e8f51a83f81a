//! The texts of the ladder, word for word; plain GSM characters and one part, like all texts.

use crate::base::sms;
use crate::reply::words::{Alert, NAME, cut, join, title};

/// To one of us about a lead that waits for the next one: why, how it stands (cut first), what to reply.
pub fn waits(heading: &str, stands: &str, a: &Alert<'_>) -> String {
    let name = title(a.name, a.contact);
    let contact = a.contact.filter(|c| *c != name).map(|c| format!("{c}\n")).unwrap_or_default();
    let after = match a.digit {
        Some(digit) => format!("{}Reply {digit} = I've got it\n{}", if stands.is_empty() { "" } else { " " }, a.link),
        None => format!("{}{}", if stands.is_empty() { "" } else { "\n" }, a.link),
    };
    join(&format!("{heading}\n{contact}"), stands, &after)
}

/// To whoever took a lead, a quarter of an hour later.
pub fn did_you_reach(name: &str) -> String {
    sms::to_gsm(&format!("Did you reach {}? Reply Y (talked), V (voicemail) or N (no answer).", cut(name, NAME)))
}

/// A test of how alerts reach one of us.
pub fn test_alert(shop: &str) -> String {
    sms::to_gsm(&format!("Test from {}: alerts about new leads reach you here. Nothing to do.", cut(shop, 60)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_ladder_texts_is_one_part_whatever_the_names() {
        let long = "Maximiliana Bartholomew-Fitzgerald von und zu Hohenstaufen the Third";
        let link = "https://leads.harbor-plumbing.com/l/Q2hhcm1pbmdTbmVha2VyUw";
        let mut alert = Alert {
            is_test: false,
            again: false,
            name: Some("Maria Lopez"),
            contact: Some("(512) 555-0142"),
            message: None,
            digit: Some(1),
            link,
        };

        let text = waits("Still waiting, 3 min: Maria Lopez", "Nobody has taken it.", &alert);
        assert_eq!(
            text,
            format!(
                "Still waiting, 3 min: Maria Lopez\n(512) 555-0142\nNobody has taken it. Reply 1 = I've got it\n{link}"
            )
        );
        alert.digit = None;
        assert!(waits("Still waiting", "Nobody has taken it.", &alert).ends_with(&format!("taken it.\n{link}")));
        for text in [text, did_you_reach(long), test_alert(long)] {
            assert_eq!(sms::parts(&text).segments, 1, "{text}");
        }
    }
}
