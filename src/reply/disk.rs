//! What the owner is told when the disk under the house fills up: by text and by mail, since either may be what
//! still works.

use super::AlertTo;
use super::plan::bare;
use crate::base::random::Random;
use crate::base::sms;
use crate::lead::shop::Business;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose};

/// The notices to one person. `left_mb` is how much room there is, none when leads are turned away already.
pub fn disk_notices(business: &Business, to: &AlertTo, left_mb: Option<u64>, now: i64, random: &Random) -> Vec<Draft> {
    let (step, subject, body) = match left_mb {
        Some(mb) => (
            DISK_LOW,
            "The disk of your lead server is nearly full",
            format!(
                "The disk of the server that answers your leads is nearly full: {mb} MB left. Leads still come in. Make room on it soon."
            ),
        ),
        None => (
            DISK_FULL,
            "The disk of your lead server is full",
            "The disk of the server that answers your leads is full: new leads are turned away and asked to try again. Make room on it now."
                .to_owned(),
        ),
    };
    let ways = [(Medium::Sms, to.phone.as_ref()), (Medium::Mail, to.email.as_ref())];
    let draft = |(medium, address): (Medium, Option<&String>)| {
        let words = if medium == Medium::Sms { sms::to_gsm(&body) } else { format!("{body}\n") };
        let mut draft = bare(&business.id, Purpose::Notice, step, medium, address?, words, now, random);
        draft.subject = if medium == Medium::Mail { subject.to_owned() } else { String::new() };
        draft.person_id = Some(to.id.clone());
        Some(draft)
    };
    ways.into_iter().filter_map(draft).collect()
}

/// The step of a notice that little room is left.
pub const DISK_LOW: &str = "disk low";
/// The step of a notice that no room is left.
pub const DISK_FULL: &str = "disk full";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::BusinessId;

    #[test]
    fn each_way_to_a_person_is_tried_and_a_text_is_short_enough_to_be_read() {
        let business = Business {
            id: BusinessId::from("b"),
            slug: "harbor".to_owned(),
            name: "Harbor".to_owned(),
            timezone: "UTC".to_owned(),
            country: "US".to_owned(),
            phone: None,
            hours: None,
            answer_at_night: true,
            created_at: 0,
        };
        let mut to = AlertTo {
            id: "p".into(),
            phone: Some("+15125550100".to_owned()),
            email: Some("dave@harbor.example".to_owned()),
            ring: None,
            code: String::new(),
            digit: None,
        };
        let random = Random::seeded(1);

        for left in [Some(200), None] {
            let both = disk_notices(&business, &to, left, 5, &random);
            let ways: Vec<Medium> = both.iter().map(|draft| draft.medium).collect();
            assert_eq!(ways, [Medium::Sms, Medium::Mail]);
            assert_eq!(both[0].parts, 1, "{}", both[0].body);
            assert_eq!(both[0].body.contains("200 MB"), left.is_some());
        }
        to.phone = None;
        assert_eq!(disk_notices(&business, &to, None, 5, &random).len(), 1);
    }
}
