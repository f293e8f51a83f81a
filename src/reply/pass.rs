//! "Pass on to Ana": the text, or else the mail, to the next person about a lead that someone hands on.

use super::plan::AlertTo;
use super::words::{self, Alert};
use crate::base::ids::MessageId;
use crate::base::random::Random;
use crate::base::sms;
use crate::lead::record::Lead;
use crate::lead::shop::Business;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Fallback, Purpose, State};

/// The message to `to`; none when they can be reached by neither.
pub fn passed_on(
    business: &Business,
    lead: &Lead,
    from: &str,
    to: &AlertTo,
    public_url: &str,
    now: i64,
    random: &Random,
) -> Option<Draft> {
    let link = format!("{public_url}/l/{}", to.code);
    let national = lead.phone.as_ref().map(|phone| phone.national(&business.country));
    let contact = national.as_deref().or(lead.email.as_ref().map(|email| email.as_str()));
    let body = words::passed_on(
        from,
        &Alert {
            is_test: lead.is_test,
            again: false,
            name: lead.name.as_deref(),
            contact,
            message: lead.message.as_deref(),
            digit: to.digit,
            link: &link,
        },
    );
    let subject = format!("{from} passes on {}", words::title(lead.name.as_deref(), contact));
    let (medium, recipient, fallback) = match (&to.phone, &to.email) {
        (Some(phone), email) => {
            let mail = |to: &String| Fallback { to: to.clone(), subject: subject.clone(), body: body.clone() };
            (Medium::Sms, phone.clone(), email.as_ref().map(mail))
        }
        (None, Some(email)) => (Medium::Mail, email.clone(), None),
        (None, None) => return None,
    };
    Some(Draft {
        id: MessageId::new(random, now),
        business_id: business.id.clone(),
        lead_id: Some(lead.id.clone()),
        person_id: Some(to.id.clone()),
        source_id: None,
        purpose: Purpose::Escalation,
        step: format!("passed:{}:{now}", to.id),
        parts: if medium == Medium::Sms { i64::from(sms::parts(&body).segments) } else { 1 },
        medium,
        recipient,
        subject,
        body,
        html: None,
        remote: None,
        queued_at: now,
        due_at: now,
        expires_at: now + Purpose::Escalation.worth_ms(),
        state: State::Queued,
        reason: None,
        fallback,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lead::store::sample;
    use crate::reply::sample::harbor as business;

    fn to(phone: Option<&str>, email: Option<&str>) -> AlertTo {
        AlertTo {
            id: "ana".into(),
            phone: phone.map(str::to_owned),
            email: email.map(str::to_owned),
            code: "c0de".into(),
            digit: Some(2),
        }
    }

    #[test]
    fn the_next_person_reads_who_passes_what_on_in_one_part() {
        let lead = sample::lead("a", 5);
        let random = Random::seeded(1);

        let draft = passed_on(
            &business(),
            &lead,
            "Dave",
            &to(Some("+15125550101"), Some("ana@shop.com")),
            "https://x.test",
            9,
            &random,
        )
        .unwrap();

        assert_eq!(
            draft.body,
            "Dave passes on: Maria Lopez\n(512) 555-0142\nKitchen tap leaking\nReply 2 = I've got it\nhttps://x.test/l/c0de"
        );
        assert_eq!((draft.medium, draft.recipient.as_str(), draft.parts), (Medium::Sms, "+15125550101", 1));
        assert_eq!(draft.fallback.map(|mail| mail.to).as_deref(), Some("ana@shop.com"));
    }

    #[test]
    fn who_has_no_number_gets_a_mail_and_who_has_nothing_gets_nothing() {
        let lead = sample::lead("a", 5);
        let random = Random::seeded(1);
        let tell = |to: &AlertTo| passed_on(&business(), &lead, "Dave", to, "https://x.test", 9, &random);

        assert_eq!(tell(&to(None, Some("ana@shop.com"))).map(|d| d.medium), Some(Medium::Mail));
        assert!(tell(&to(None, None)).is_none());
    }
}
