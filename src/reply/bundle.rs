//! The words for many leads in one message, once an owner has had ten alerts in ten minutes.

use super::plan::clock_time;
use super::{spoken, words};
use crate::lead::contact::Phone;
use crate::outbox::bundle::{Bundle, Named, Wording, Words};
use crate::outbox::channel::Medium;
use std::sync::Arc;

/// Words for bundles whose links start with `public_url`.
pub fn bundle_wording(public_url: String) -> Wording {
    Arc::new(move |bundle| bundled(bundle, &public_url))
}

fn bundled(b: &Bundle, public_url: &str) -> Words {
    let link = format!("{public_url}/b/{}/leads", b.slug);
    let leads = if b.leads == 1 { "1 more lead".to_owned() } else { format!("{} more leads", b.leads) };
    let wrote = if b.all_new { "" } else { " wrote" };
    let subject = format!("{leads}{wrote} since {}", clock_time(b.since, &b.timezone, &b.country));
    let body = match b.medium {
        Medium::Sms => {
            let names: Vec<String> = b.named.iter().map(|lead| name(lead, &b.country)).collect();
            words::listed(&format!("{subject}: "), &names, &format!("\n{link}"))
        }
        Medium::Call => {
            let names: Vec<String> = b.named.iter().map(|lead| spoken::called(lead.name.as_deref())).collect();
            spoken::many(&names, b.leads)
        }
        Medium::Mail | Medium::Hook => {
            let list: String = b.named.iter().map(|lead| line(lead, &b.country)).collect();
            let rest = b.leads - i64::try_from(b.named.len()).unwrap_or(0);
            let rest = if rest > 0 { format!("and {rest} more\n") } else { String::new() };
            format!("{subject}, in one mail because so many came.\n\n{list}{rest}\nThey are all here: {link}\n")
        }
    };
    Words { subject, body }
}

fn name(lead: &Named, country: &str) -> String {
    let test = if lead.is_test { "TEST " } else { "" };
    format!("{test}{}", words::title(lead.name.as_deref(), contact(lead, country).as_deref()))
}

fn line(lead: &Named, country: &str) -> String {
    let name = name(lead, country);
    match contact(lead, country).filter(|contact| *contact != name) {
        Some(contact) => format!("{name}, {contact}\n"),
        None => format!("{name}\n"),
    }
}

fn contact(lead: &Named, country: &str) -> Option<String> {
    let contact = lead.contact.clone()?;
    Some(if contact.starts_with('+') { Phone::from_stored(contact).national(country) } else { contact })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21T20:14:00Z, 2:14 pm in Chicago.
    const SINCE: i64 = 1_795_292_040_000;

    fn bundle(medium: Medium, names: &[&str]) -> Bundle {
        let named = |name: &&str| Named {
            name: Some((*name).to_owned()),
            contact: Some("+15125550142".to_owned()),
            is_test: false,
        };
        Bundle {
            business_id: "harbor".into(),
            slug: "harbor".into(),
            timezone: "America/Chicago".into(),
            country: "US".into(),
            medium,
            leads: i64::try_from(names.len()).unwrap(),
            all_new: true,
            since: SINCE,
            named: names.iter().map(named).collect(),
        }
    }

    #[test]
    fn a_bundle_by_text_is_one_part_and_names_who_fits() {
        let two = bundled(&bundle(Medium::Sms, &["Maria Lopez", "Tom Becker"]), "https://x.test");
        let many = bundled(&bundle(Medium::Sms, &["Maria Lopez"; 60]), "https://x.test");

        assert_eq!(two.body, "2 more leads since 2:14 pm: Maria Lopez, Tom Becker\nhttps://x.test/b/harbor/leads");
        assert!(many.body.starts_with("60 more leads since 2:14 pm: Maria Lopez, Maria"), "{}", many.body);
        assert!(many.body.ends_with("...\nhttps://x.test/b/harbor/leads"), "{}", many.body);
        assert_eq!(crate::base::sms::parts(&many.body).segments, 1);
    }

    #[test]
    fn a_bundle_by_mail_lists_numbers_and_counts_the_rest() {
        let mut some = bundle(Medium::Mail, &["Maria Lopez", "Tom Becker"]);
        some.leads = 14;
        some.named[1] = Named { name: None, contact: Some("tom@example.com".into()), is_test: true };

        let words = bundled(&some, "https://x.test");

        assert_eq!(words.subject, "14 more leads since 2:14 pm");
        assert_eq!(
            words.body,
            "14 more leads since 2:14 pm, in one mail because so many came.\n\nMaria Lopez, (512) 555-0142\n\
             TEST tom@example.com, tom@example.com\nand 12 more\n\nThey are all here: https://x.test/b/harbor/leads\n"
        );
    }

    #[test]
    fn someone_who_wrote_again_is_not_called_a_new_lead() {
        let mut again = bundle(Medium::Sms, &["Maria Lopez"]);
        again.all_new = false;

        assert!(bundled(&again, "").body.starts_with("1 more lead wrote since 2:14 pm: Maria Lopez\n"));
    }
}
