//! The mails: to the owner with one button, to the lead in plain text from the shop.

use super::answers::Answer;
use crate::base::text::safe_first_name;
use crate::lead::reading::Field;
use askama::Template;

/// The mail to one of us about a new lead.
#[derive(Template)]
#[template(path = "messages/owner_alert.html")]
pub struct OwnerHtml<'a> {
    pub name: &'a str,
    pub contact: &'a str,
    pub contact_also: &'a str,
    pub message: &'a str,
    pub fields: &'a [Field],
    pub link: &'a str,
    pub source: &'a str,
    pub at: &'a str,
    pub is_test: bool,
}

/// The same, plain.
#[derive(Template)]
#[template(path = "messages/owner_alert.txt", escape = "none")]
pub struct OwnerText<'a> {
    pub contact: &'a str,
    pub contact_also: &'a str,
    pub message: &'a str,
    pub fields: &'a [Field],
    pub link: &'a str,
    pub source: &'a str,
    pub at: &'a str,
    pub is_test: bool,
}

/// Subject, words and nothing else: what goes to a lead by mail.
pub struct LeadMail {
    pub subject: String,
    pub body: String,
}

/// The first answer by mail. Nothing of what the visitor wrote goes back, so that nobody can make us mail their words
/// to a stranger.
pub fn lead_mail(a: &Answer<'_>, by_phone: bool) -> LeadMail {
    let first = a.first_name.and_then(safe_first_name).unwrap_or_else(|| "there".to_owned());
    let who = a.owner.unwrap_or("We");
    let next = match (a.opens, by_phone) {
        (Some(opens), true) => format!("We're closed now and will call you after {opens}."),
        (Some(opens), false) => format!("We're closed now and will write to you after {opens}."),
        (None, true) => match a.phone {
            Some(phone) => format!("{who} will call you shortly from {phone}."),
            None => format!("{who} will call you shortly."),
        },
        (None, false) => format!("{who} will write to you shortly."),
    };
    LeadMail {
        subject: format!("{} got your message", a.shop),
        body: format!(
            "Hi {first},\n\n{} here. Thank you, we got your message. {next}\n\nAnything to add? Just answer this mail.\n\n{}\n",
            a.shop, a.shop
        ),
    }
}

/// The word on a missed call by mail, to somebody whose address is known from before.
pub fn missed_mail(a: &Answer<'_>) -> LeadMail {
    let first = a.first_name.and_then(safe_first_name).unwrap_or_else(|| "there".to_owned());
    let who = a.owner.unwrap_or("We");
    let when = match a.opens {
        Some(opens) => format!("We're closed now and will call you back after {opens}."),
        None => format!("{who} will call you back shortly."),
    };
    LeadMail {
        subject: format!("{} missed your call", a.shop),
        body: format!(
            "Hi {first},\n\n{} here. Sorry, we missed your call. {when}\n\nAnything to add? Just answer this mail.\n\n{}\n",
            a.shop, a.shop
        ),
    }
}

/// The word on a failed payment by mail. `amount` as people read it.
pub fn nudge_mail(a: &Answer<'_>, amount: &str) -> LeadMail {
    let first = a.first_name.and_then(safe_first_name).unwrap_or_else(|| "there".to_owned());
    let who = a.owner.unwrap_or("we");
    LeadMail {
        subject: format!("Your payment to {} did not go through", a.shop),
        body: format!(
            "Hi {first},\n\n{} here. Your {amount} payment did not go through. Please try again, or answer this mail and {who} will help.\n\n{}\n",
            a.shop, a.shop
        ),
    }
}

/// The thank-you for a payment by mail. `amount` as people read it.
pub fn thanks_mail(a: &Answer<'_>, amount: &str, by_phone: bool) -> LeadMail {
    let first = a.first_name.and_then(safe_first_name).unwrap_or_else(|| "there".to_owned());
    let who = a.owner.unwrap_or("We");
    let next = if by_phone { "call you to fix a time" } else { "write to you to fix a time" };
    LeadMail {
        subject: format!("{} got your payment", a.shop),
        body: format!(
            "Hi {first},\n\n{} here. Your {amount} payment arrived, thank you. {who} will {next}.\n\nAnything to add? Just answer this mail.\n\n{}\n",
            a.shop, a.shop
        ),
    }
}

/// A follow-up by mail: the words, and below them who writes from where, and how it ends. `link` is the address to
/// unsubscribe at.
pub fn follow_mail(a: &Answer<'_>, words: &str, postal: &str, link: &str) -> LeadMail {
    LeadMail {
        subject: format!("Your message to {}", a.shop),
        body: format!(
            "{words}\n\n-- \n{}, {postal}\nYou get this because you wrote to us. No more mails from us: {link}\n",
            a.shop
        ),
    }
}
