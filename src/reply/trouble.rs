//! The notices about our own messages: what did not go out, and alerts that do not get through, told by the other way.

use super::plan::{AlertTo, bare};
use super::words;
use crate::base::ids::PersonId;
use crate::base::random::Random;
use crate::base::sms;
use crate::lead::contact::Phone;
use crate::lead::shop::{Business, Person};
use crate::outbox::block::Block;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose};

/// The notice that tells of messages that did not go: how many, why, and where to look.
///
/// By mail, or by text when `mails_fail` or when there is no address.
pub fn trouble_notice(
    business: &Business,
    to: &AlertTo,
    reasons: &[(String, i64)],
    mails_fail: bool,
    link: &str,
    now: i64,
    random: &Random,
) -> Option<Draft> {
    let count: i64 = reasons.iter().map(|(_, n)| n).sum();
    let list: String = reasons.iter().map(|(reason, n)| format!("- {n} x {reason}\n")).collect();
    let body = format!(
        "{count} messages of {} did not go out. No lead is lost; they are all on the page.\n\n{list}\nLook at them, then send or call: {link}\n",
        business.name
    );
    let (medium, address) = match (&to.email, &to.phone) {
        (_, Some(phone)) if mails_fail => (Medium::Sms, phone),
        (Some(email), _) => (Medium::Mail, email),
        (None, Some(phone)) => (Medium::Sms, phone),
        (None, None) => return None,
    };
    let body = if medium == Medium::Sms {
        let first = reasons.first().map_or("", |(reason, _)| reason.as_str());
        sms::fit_one_part(&format!("{count} messages did not go out: "), &sms::to_gsm(first), &format!("\n{link}"))
    } else {
        body
    };
    let mut draft = bare(&business.id, Purpose::Notice, "trouble", medium, address, body, now, random);
    draft.subject = format!("{count} messages did not go out");
    draft.person_id = Some(to.id.clone());
    Some(draft)
}

/// "Texts to customers are failing": the carriers block the number. Told once, by mail to the first of us who has an
/// address; where nobody has one, by text, which may reach those whom no carrier of that kind serves.
pub fn blocked_notice(
    business: &Business,
    people: &[Person],
    block: Block,
    kit: &str,
    now: i64,
    random: &Random,
) -> Option<Draft> {
    let said = match block {
        Block::NotRegistered => "not registered",
        Block::NotVerified => "not verified",
        Block::Trial => "trial account",
    };
    let told = format!("Texts to customers are failing (carrier said: {said}). New leads get email until fixed.");
    let by_mail = people.iter().find_map(|p| Some((p, Medium::Mail, p.email.clone()?)));
    let by_text = || people.iter().find_map(|p| Some((p, Medium::Sms, p.phone.clone()?)));
    let (person, medium, to) = by_mail.or_else(by_text)?;
    let body = match medium {
        Medium::Sms => sms::fit_one_part("", &told, &format!("\n{kit}")),
        _ => format!(
            "{told}\n\nLeads without an address cannot be answered by mail: call them.\n\nOpen the registration kit: {kit}\n"
        ),
    };
    let mut draft = bare(&business.id, Purpose::Notice, "blocked", medium, &to, body, now, random);
    draft.subject = "Texts to customers are failing".to_owned();
    draft.person_id = Some(person.id.clone());
    Some(draft)
}

/// Messages of one channel that do not get through at the moment.
#[derive(Clone, Copy, Debug)]
pub struct Failing<'a> {
    /// The channel.
    pub medium: Medium,
    /// How many messages.
    pub messages: i64,
    /// Why, in the newest one's words.
    pub reason: &'a str,
    /// Who they are about: name and number or address.
    pub leads: &'a [(Option<String>, Option<String>)],
    /// Whose alerts are among them.
    pub people: &'a [String],
}

/// "Texts are not getting through", by mail; "mails are not getting through", by text. To whoever misses the alerts if
/// they can be reached that way, else to the first of us who can; none if nobody can.
pub fn failing_notice(
    business: &Business,
    people: &[Person],
    failing: &Failing<'_>,
    link: &str,
    now: i64,
    random: &Random,
) -> Option<Draft> {
    let address = |person: &Person| match failing.medium {
        // The same account carries texts and calls.
        Medium::Sms | Medium::Call => person.email.clone(),
        Medium::Mail | Medium::Hook => person.phone.clone(),
    };
    let misses = |person: &&Person| failing.people.iter().any(|id| *id == *person.id);
    let mut in_order = people.iter().filter(misses).chain(people.iter());
    let (person, to): (PersonId, String) = in_order.find_map(|p| Some((p.id.clone(), address(p)?)))?;
    let (medium, subject, body) = match failing.medium {
        Medium::Sms | Medium::Call => {
            let (what, _) = counted(failing);
            let subject = format!("{what} are not getting through");
            (Medium::Mail, subject, by_mail(business, failing, link))
        }
        Medium::Mail | Medium::Hook => (Medium::Sms, String::new(), by_text(failing, link)),
    };
    let step = format!("failing:{}", failing.medium.as_str());
    let mut draft = bare(&business.id, Purpose::Notice, &step, medium, &to, body, now, random);
    draft.subject = subject;
    draft.person_id = Some(person);
    Some(draft)
}

/// What they are, and how many.
fn counted(failing: &Failing<'_>) -> (&'static str, String) {
    let (many, one) = if failing.medium == Medium::Call { ("Calls", "call") } else { ("Texts", "text") };
    let count = match failing.messages {
        1 => format!("One {one}"),
        n => format!("{n} {one}s"),
    };
    (many, count)
}

fn by_text(failing: &Failing<'_>, link: &str) -> String {
    let names: Vec<String> = failing.leads.iter().map(|(name, _)| words::title(name.as_deref(), None)).collect();
    let about = if names.is_empty() { String::new() } else { format!(" About: {}", names.join(", ")) };
    let reason = sms::to_gsm(failing.reason);
    sms::fit_one_part("Mails are not getting through: ", &format!("{reason}{about}"), &format!("\n{link}"))
}

fn by_mail(business: &Business, failing: &Failing<'_>, link: &str) -> String {
    let (_, count) = counted(failing);
    let lead = |(name, contact): &(Option<String>, Option<String>)| {
        let contact = contact.clone().map(|c| match c.starts_with('+') {
            true => Phone::from_stored(c).national(&business.country),
            false => c,
        });
        format!("- {}\n", [name.clone(), contact].into_iter().flatten().collect::<Vec<_>>().join(", "))
    };
    let leads: String = failing.leads.iter().map(lead).collect();
    let leads = if leads.is_empty() { leads } else { format!("They are about:\n{leads}\n") };
    format!(
        "{count} of {} could not be handed over yet: {}\n\nThey go out by themselves once that works again. No lead is lost, and mails still arrive.\n\n{leads}Look at them, then call: {link}\n",
        business.name, failing.reason
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::HOUR_MS;
    use crate::reply::sample::harbor;

    fn person(id: &str, phone: Option<&str>, email: Option<&str>) -> Person {
        Person {
            id: id.into(),
            business_id: "harbor".into(),
            name: id.to_owned(),
            phone: phone.map(str::to_owned),
            email: email.map(str::to_owned),
            position: 0,
            created_at: 0,
        }
    }

    fn tell(people: &[Person], medium: Medium) -> Option<Draft> {
        let leads = [(Some("Maria Lopez".to_owned()), Some("+15125550142".to_owned()))];
        let failing = Failing { medium, messages: 1, reason: "No credit.", leads: &leads, people: &["ana".to_owned()] };
        failing_notice(&harbor(), people, &failing, "https://x.test/b/harbor/leads", HOUR_MS, &Random::seeded(1))
    }

    #[test]
    fn failing_texts_are_told_by_mail_with_the_number_to_call() {
        let people = [person("dave", None, Some("dave@shop.test")), person("ana", None, Some("ana@shop.test"))];

        let told = tell(&people, Medium::Sms).unwrap();

        assert_eq!((told.medium, told.recipient.as_str()), (Medium::Mail, "ana@shop.test"));
        assert!(told.body.starts_with("One text of Harbor Plumbing could not be handed over yet: No credit.\n"));
        assert!(told.body.contains("- Maria Lopez, (512) 555-0142\n"), "{}", told.body);
    }

    #[test]
    fn failing_mails_are_told_by_text_in_one_part() {
        let people = [person("ana", None, Some("a@shop.test")), person("dave", Some("+15125550100"), None)];

        let told = tell(&people, Medium::Mail).unwrap();

        assert_eq!((told.recipient.as_str(), told.parts), ("+15125550100", 1));
        assert_eq!(
            told.body,
            "Mails are not getting through: No credit. About: Maria Lopez\nhttps://x.test/b/harbor/leads"
        );
    }

    #[test]
    fn who_cannot_be_reached_the_other_way_is_not_told_by_the_one_that_fails() {
        assert!(tell(&[person("ana", Some("+15125550101"), None)], Medium::Sms).is_none());
    }
}
