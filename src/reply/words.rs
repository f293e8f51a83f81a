//! The texts, word for word. Plain GSM characters and one part wherever the names allow it; the customer's own message
//! is cut first. Nothing a visitor typed goes back to a visitor but a cleaned first name.

use crate::base::sms;

/// How much of a name an alert shows, in characters.
pub(super) const NAME: usize = 60;

/// What an alert says of a lead.
#[derive(Clone, Copy, Debug)]
pub struct Alert<'a> {
    /// A test is called one.
    pub is_test: bool,
    /// The person has written before and is still being looked after.
    pub again: bool,
    /// Full name.
    pub name: Option<&'a str>,
    /// Number to call, as the owner would write it; else an address.
    pub contact: Option<&'a str>,
    /// What they want.
    pub message: Option<&'a str>,
    /// What to reply to take it; none when all nine digits are in use.
    pub digit: Option<u8>,
    /// The lead's page for this person.
    pub link: &'a str,
}

/// The text to one of us about a new lead.
pub fn alert(a: &Alert<'_>) -> String {
    let name = title(a.name, a.contact);
    let heading = match (a.is_test, a.again) {
        (true, _) => format!("TEST lead: {name}\n"),
        (false, true) => format!("{name} wrote again\n"),
        (false, false) => format!("New lead: {name}\n"),
    };
    headed(&heading, &name, a)
}

/// How much of the wish survives when a lead is handed on, in characters, even if that costs a second part.
const WISH: usize = 60;

/// The text to one of us about a lead that another one of us hands on: who, what they want, what happened so far.
pub fn passed_on(from: &str, a: &Alert<'_>, so_far: &str) -> String {
    let name = title(a.name, a.contact);
    let contact = a.contact.filter(|c| *c != name).map(|c| format!("{c}\n")).unwrap_or_default();
    let before = format!("{} passes on: {name}\n{contact}", cut(from, NAME));
    let take = a.digit.map(|digit| format!("Reply {digit} = I've got it\n")).unwrap_or_default();
    let (message, after) = (a.message.unwrap_or("(no message)"), format!("\n{so_far}\n{take}{}", a.link));
    let least = cut(&plain(&message.split_whitespace().collect::<Vec<_>>().join(" ")), WISH);
    let (fitted, with_wish) = (join(&before, message, &after), plain(&format!("{before}{least}{after}")));
    if fitted.len() < with_wish.len() { with_wish } else { fitted }
}

/// The text to one of us about news that begin with a line of their own. An empty message leaves no empty line.
pub fn alert_about(line: &str, a: &Alert<'_>) -> String {
    headed(&format!("{line}\n"), &title(a.name, a.contact), a)
}

fn headed(heading: &str, name: &str, a: &Alert<'_>) -> String {
    let contact = a.contact.filter(|c| *c != name).map(|c| format!("{c}\n")).unwrap_or_default();
    let before = heading.to_owned() + &contact;
    let message = a.message.unwrap_or("(no message)");
    let gap = if message.is_empty() { "" } else { "\n" };
    let after = match a.digit {
        Some(digit) => format!("{gap}Reply {digit} = I've got it\n{}", a.link),
        None => format!("{gap}{}", a.link),
    };
    join(&before, message, &after)
}

/// The text to one of us about news that ask for nothing.
pub fn notice(line: &str, says: &str, link: &str) -> String {
    let gap = if says.is_empty() { "" } else { "\n" };
    join(&format!("{line}\n"), says, &format!("{gap}{link}"))
}

/// The text to one of us when a lead has written back. `how` says how to answer.
pub fn replied(name: Option<&str>, contact: Option<&str>, message: &str, how: Option<&str>, link: &str) -> String {
    let how = how.map(|how| format!("\n{how}")).unwrap_or_default();
    join(&format!("{} replied:\n", title(name, contact)), message, &format!("{how}\n{link}"))
}

/// The text to one of us when something came that nobody could read.
pub fn kept(source: &str, link: &str) -> String {
    sms::to_gsm(&format!("Someone wrote through {}, but we could not read it. Open it here:\n{link}", cut(source, 40)))
}

/// To whoever took a lead by replying its digit.
pub fn yours(name: Option<&str>, contact: Option<&str>, digit: u8) -> String {
    let who = title(name, None);
    let reach = contact.map(|c| format!(", {c}")).unwrap_or_default();
    sms::to_gsm(&format!("Yours: {who}{reach}. They expect your call. Reply {digit}X to hand it back."))
}

/// To whoever was second.
pub fn someone_was_first(other: &str, name: Option<&str>, at: &str, digit: u8) -> String {
    let who = title(name, None);
    sms::to_gsm(&format!("{other} already has {who} (took it {at}). Want it anyway? Reply {digit} again."))
}

/// To whoever handed a lead back.
pub fn handed_back(name: Option<&str>) -> String {
    sms::to_gsm(&format!("{} is waiting again. Nobody has it now.", title(name, None)))
}

/// To one of us whose reply fits nothing.
pub fn not_understood(waiting: &[(u8, String)]) -> String {
    if waiting.is_empty() {
        return "I didn't catch that. Nobody is waiting now.".to_owned();
    }
    let list: Vec<String> = waiting.iter().map(|(digit, name)| format!("{digit} {}", cut(name, 20))).collect();
    join("I didn't catch that. Waiting now: ", &list.join(", "), ". Reply a number to take one.")
}

/// A list in one part: what does not fit is cut at its end.
pub fn listed(before: &str, items: &[String], after: &str) -> String {
    join(before, &items.join(", "), after)
}

/// Who it is, as far as is known.
pub fn title(name: Option<&str>, contact: Option<&str>) -> String {
    name.or(contact).map_or_else(|| "someone".to_owned(), |n| plain(&cut(n, NAME)).trim().to_owned())
}

/// At most `most` characters, the last three of them dots when something was cut.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}

/// A text in one part: `message`, on one line, is cut first.
pub(super) fn join(before: &str, message: &str, after: &str) -> String {
    let one_line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    sms::fit_one_part(&plain(before), &plain(&one_line), &plain(after))
}

/// GSM look-alikes for everything that has one. Pictures go, since one of them would more than halve the text;
/// letters of other scripts stay, since they are somebody's name.
fn plain(text: &str) -> String {
    let text = sms::to_gsm(text);
    if sms::encoding(&text) == sms::Encoding::Gsm7 {
        return text;
    }
    text.chars()
        .filter(|c| {
            c.is_ascii()
                || c.is_alphanumeric()
                || sms::encoding(c.encode_utf8(&mut [0; 4])) == sms::Encoding::Gsm7
                || is_mark(*c)
        })
        .collect()
}

/// Combining marks of scripts that are unreadable without them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{5b0}'..='\u{5c7}' | '\u{64b}'..='\u{65f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://leads.harbor-plumbing.com/l/Q2hhcm1pbmdTbmVha2VyUw";

    fn lead<'a>(message: &'a str) -> Alert<'a> {
        Alert {
            is_test: false,
            again: false,
            name: Some("Maria Lopez"),
            contact: Some("(512) 555-0142"),
            message: Some(message),
            digit: Some(1),
            link: LINK,
        }
    }

    #[test]
    fn an_alert_is_one_part_and_cuts_the_message_first() {
        let long = "Kitchen tap leaking under the sink, can someone come today? ".repeat(5);

        let text = alert(&lead(&long));

        assert_eq!(
            text,
            format!(
                "New lead: Maria Lopez\n(512) 555-0142\nKitchen tap leaking under the sink, can...\nReply 1 = I've got it\n{LINK}"
            )
        );
        assert_eq!(sms::parts(&text).segments, 1);
    }

    #[test]
    fn curly_quotes_and_pictures_do_not_triple_the_price() {
        let text = alert(&lead("It’s leaking 😱 – help…"));

        assert!(text.contains("It's leaking  - help..."), "{text}");
        assert_eq!(sms::parts(&text).encoding, sms::Encoding::Gsm7);
    }

    #[test]
    fn other_scripts_keep_their_names() {
        let mut other = lead("Тече кран");
        other.name = Some("Олена Коваль");

        assert!(alert(&other).starts_with("New lead: Олена Коваль\n"));
    }

    #[test]
    fn without_a_name_the_contact_stands_in_for_it_once() {
        let mut nameless = lead("Hello");
        nameless.name = None;
        nameless.is_test = true;

        assert!(alert(&nameless).starts_with("TEST lead: (512) 555-0142\nHello\n"));
    }

    #[test]
    fn a_picture_behind_a_name_leaves_no_gap() {
        assert_eq!(title(Some("Ana Bell 👍"), None), "Ana Bell");
    }

    #[test]
    fn an_alert_about_money_begins_with_who_and_how_much() {
        let mut paid = lead("Deposit for job 77");

        let line = "New payment: Maria Lopez €149.99";

        assert_eq!(
            alert_about(line, &paid),
            format!("{line}\n(512) 555-0142\nDeposit for job 77\nReply 1 = I've got it\n{LINK}")
        );
        paid.message = Some("");
        assert!(alert_about(line, &paid).contains("0142\nReply 1"));
        let long = "Water heater swap with a new valve and a pan under it. ".repeat(4);
        assert_eq!(sms::parts(&alert_about(line, &lead(&long))).segments, 1);
    }
}
