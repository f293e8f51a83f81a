//! "Pass on to Ana": the text, or else the mail, to the next person about a lead that someone hands on.

use super::plan::{AlertTo, clock_time};
use super::words::{self, Alert};
use crate::base::ids::MessageId;
use crate::base::random::Random;
use crate::base::sms;
use crate::lead::record::{Event, Lead};
use crate::lead::shop::Business;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Fallback, Purpose, State};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What happened so far, in one short line, from the newest deed: "Dave texted 2:16 pm."
pub fn so_far(deed: Option<&Event>, business: &Business, now: i64) -> String {
    let Some(deed) = deed else { return "So far: nobody has called or written.".to_owned() };
    let who = words::cut(deed.by.as_deref().unwrap_or("Someone"), 20);
    let did = match (deed.kind.as_str(), deed.detail.as_deref().unwrap_or_default()) {
        ("reached", "talked") => format!("{who} talked to them"),
        ("reached", "voicemail") => format!("{who} left a voicemail"),
        ("reached", _) => format!("{who} did not reach them"),
        ("replied", _) => "they texted".to_owned(),
        (_, "text") => format!("{who} texted"),
        (_, "mail") => format!("{who} wrote a mail"),
        _ => format!("{who} called"),
    };
    let zone = TimeZone::get(&business.timezone).unwrap_or(TimeZone::UTC);
    let local = |at: i64| Timestamp::from_millisecond(at).map(|t| t.to_zoned(zone.clone())).ok();
    let day = match (local(deed.at), local(now)) {
        (Some(then), Some(today)) if then.date() != today.date() => format!("{} ", then.strftime("%a")),
        _ => String::new(),
    };
    format!("So far: {did} {day}{}.", clock_time(deed.at, &business.timezone, &business.country))
}

/// The message to `to`; none when they can be reached by neither. `so_far` as the function of that name says it.
#[expect(clippy::too_many_arguments, reason = "the facts of one message")]
pub fn passed_on(
    business: &Business,
    lead: &Lead,
    so_far: &str,
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
        so_far,
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
            ring: None,
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
            "So far: nobody has called or written.",
            "Dave",
            &to(Some("+15125550101"), Some("ana@shop.com")),
            "https://x.test",
            9,
            &random,
        )
        .unwrap();

        assert_eq!(
            draft.body,
            "Dave passes on: Maria Lopez\n(512) 555-0142\nKitchen tap leaking\nSo far: nobody has called or written.\nReply 2 = I've got it\nhttps://x.test/l/c0de"
        );
        assert_eq!((draft.medium, draft.recipient.as_str(), draft.parts), (Medium::Sms, "+15125550101", 1));
        assert_eq!(draft.fallback.map(|mail| mail.to).as_deref(), Some("ana@shop.com"));
    }

    #[test]
    fn who_has_no_number_gets_a_mail_and_who_has_nothing_gets_nothing() {
        let lead = sample::lead("a", 5);
        let random = Random::seeded(1);
        let tell = |to: &AlertTo| passed_on(&business(), &lead, "", "Dave", to, "https://x.test", 9, &random);

        assert_eq!(tell(&to(None, Some("ana@shop.com"))).map(|d| d.medium), Some(Medium::Mail));
        assert!(tell(&to(None, None)).is_none());
    }

    #[test]
    fn what_happened_so_far_is_the_newest_deed_with_its_time_and_its_day_if_it_was_another_one() {
        const AT: i64 = 1_770_829_212_000; // Wednesday 11 February 2026, 11:00 am in Chicago
        let deed = |kind: &str, detail: &str| Event {
            at: AT,
            kind: kind.to_owned(),
            by: Some("Dave".to_owned()),
            detail: Some(detail.to_owned()),
        };
        let says = |kind, detail, now| so_far(Some(&deed(kind, detail)), &business(), now);

        assert_eq!(says("person", "text", AT), "So far: Dave texted 11:00 am.");
        assert_eq!(says("reached", "no_answer", AT), "So far: Dave did not reach them 11:00 am.");
        assert_eq!(says("replied", "Yes please", AT + 86_400_000), "So far: they texted Wed 11:00 am.");
        assert_eq!(so_far(None, &business(), AT), "So far: nobody has called or written.");
    }
}
