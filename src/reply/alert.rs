//! The alert to one of us about one submission: the text, the call, and the mail with every answer in it.

use super::mails::{OwnerHtml, OwnerText};
use super::plan::{AlertTo, Occasion, clock_time, draft};
use super::spoken;
use super::words::{self, Alert};
use crate::base::random::Random;
use crate::lead::contact::Email;
use crate::lead::reading::Field;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Fallback, Purpose};
use askama::Template;

/// Adds what goes to them, by everything that they have.
pub(super) fn alert(o: &Occasion<'_>, to: &AlertTo, random: &Random, drafts: &mut Vec<Draft>) {
    let r = o.reading;
    let link = format!("{}/l/{}", o.public_url, to.code);
    let email = r.email.as_ref().map(Email::as_str);
    let contact = r.contact(&o.business.country);
    let contact = contact.as_deref();
    let occasion = match (o.topic, o.again) {
        (Some(topic), _) => topic.step.clone(),
        (None, Some(receipt)) => format!("again:{receipt}"),
        (None, None) => "new".to_owned(),
    };
    let alert = Alert {
        is_test: o.is_test,
        again: o.again.is_some(),
        name: r.name.as_deref(),
        contact,
        message: o.topic.map(|topic| topic.says.as_str()).or(r.message.as_deref()),
        digit: to.digit,
        link: &link,
    };
    let body = || o.topic.map_or_else(|| words::alert(&alert), |topic| words::alert_about(&topic.line, &alert));
    if let Some(phone) = &to.phone {
        let step = format!("{occasion}:{}:sms", to.id);
        let mut text = draft(o, Purpose::OwnerAlert, &step, Medium::Sms, phone, body(), random);
        text.person_id = Some(to.id.clone());
        drafts.push(text);
    }
    // Whoever writes again need not be rung for, where a text says so.
    if let Some(phone) = to.ring.as_ref().filter(|_| o.again.is_none() || to.phone.is_none()) {
        let said = match o.topic {
            Some(topic) => spoken::about(&unnumbered(&topic.line, alert.name, contact), alert.message),
            None => spoken::new_lead(alert.name, alert.message, o.is_test, alert.again),
        };
        // One call for each of us and lead, whatever it is about.
        let first = match o.again {
            Some(receipt) => format!("again:{receipt}"),
            // It is called off with the rest, and leaves room for the call that has a name.
            None if occasion.starts_with("new:nameless:") => occasion.to_string(),
            None => "new".to_owned(),
        };
        let (business, step) = (&o.business.id, format!("{first}:{}:call", to.id));
        let mut call =
            spoken::call(business, o.lead_id, &to.id, phone, Purpose::OwnerAlert, &step, said, o.now, random);
        call.source_id = Some(o.source.id.clone());
        // Whoever does not pick up reads it, if no text goes anyway.
        let instead = || Fallback { to: phone.clone(), subject: String::new(), body: body() };
        call.fallback = to.phone.is_none().then(instead);
        drafts.push(call);
    }
    if let Some(address) = &to.email {
        let mut mail = alert_mail(o, address, contact, email, &link, random);
        mail.step = format!("{occasion}:{}:mail", to.id);
        mail.person_id = Some(to.id.clone());
        drafts.push(mail);
    }
}

/// A line without the number that stands in it for a name.
fn unnumbered(line: &str, name: Option<&str>, contact: Option<&str>) -> String {
    match (name, contact) {
        (None, Some(contact)) => line.replace(contact, &spoken::called(None)),
        _ => line.to_owned(),
    }
}

fn alert_mail(
    o: &Occasion<'_>,
    address: &str,
    contact: Option<&str>,
    email: Option<&str>,
    link: &str,
    random: &Random,
) -> Draft {
    let name = words::title(o.reading.name.as_deref(), contact);
    let says = o.topic.map(|topic| topic.says.as_str());
    let message = says.or(o.reading.message.as_deref()).unwrap_or("(no message)");
    let at = clock_time(o.now, &o.business.timezone, &o.business.country);
    let also = email.filter(|e| Some(*e) != contact).unwrap_or("");
    let contact = contact.unwrap_or("No number and no address given");
    let (fields, source, is_test): (&[Field], _, _) = (&o.reading.fields, o.source.name.as_str(), o.is_test);
    let text = OwnerText { contact, contact_also: also, message, fields, link, source, at: &at, is_test };
    let html = OwnerHtml { name: &name, contact, contact_also: also, message, fields, link, source, at: &at, is_test };
    // Rendering into a String cannot fail; were it to, the shorter text still reaches the owner.
    let body = text.render().unwrap_or_else(|_| format!("{contact}\n\n{message}\n\n{link}\n"));
    let mut draft = draft(o, Purpose::OwnerAlert, "", Medium::Mail, address, body, random);
    let one_line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let test = if o.is_test { "TEST: " } else { "" };
    let again = if o.again.is_some() { " wrote again" } else { "" };
    draft.subject = match o.topic {
        Some(topic) => topic.subject(),
        None => format!("{test}{name}{again}, {}", words::cut(&one_line, 60)),
    };
    draft.html = html.render().ok();
    draft
}
