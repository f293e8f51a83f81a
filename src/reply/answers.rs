//! The texts to a lead that answer by themselves, word for word: plain GSM characters and one part wherever the names allow
//! it. Nothing a visitor typed goes back to a visitor but a cleaned first name.

use super::template::Values;
use super::words::cut;
use crate::base::sms;
use crate::base::text::safe_first_name;
use std::borrow::Cow;

/// What the first answer to a lead is made of.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// As the visitor gave it; cleaned here.
    pub first_name: Option<&'a str>,
    /// The shop.
    pub shop: &'a str,
    /// Who will call.
    pub owner: Option<&'a str>,
    /// From which number, as people write it.
    pub phone: Option<&'a str>,
    /// When the shop opens, if it is closed now: "8:00 am" or "Mon 8:00 am".
    pub opens: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// What a shop's own words are filled with.
    pub fn values(&self, amount: &'a str, time: &'a str) -> Values<'a> {
        Values {
            first: self.first_name.and_then(safe_first_name).map_or(Cow::Borrowed("there"), Cow::Owned),
            shop: Cow::Borrowed(self.shop),
            owner: self.owner.map_or(Cow::Borrowed("we"), |owner| Cow::Owned(cut(owner, 20))),
            phone: Cow::Borrowed(self.phone.unwrap_or("our number")),
            open: Cow::Borrowed(self.opens.unwrap_or("we open")),
            amount: Cow::Borrowed(amount),
            time: Cow::Borrowed(time),
        }
    }
}

/// The first text to a lead.
pub fn answer(a: &Answer<'_>) -> String {
    let first = a.first_name.and_then(safe_first_name).unwrap_or_else(|| "there".to_owned());
    let hello = format!("Hi {first}, {} here. Got your message", a.shop);
    if let Some(opens) = a.opens {
        let text = |extra: &str| {
            sms::to_gsm(&format!("{hello}. We're closed and will call you after {opens}.{extra} STOP to opt out."))
        };
        return shortest([text(" Urgent? Reply URGENT."), text("")]);
    }
    let who = a.owner.map_or_else(|| "we".to_owned(), |o| cut(o, 20));
    let from = a.phone.map(|p| format!(" from {p}")).unwrap_or_default();
    let text = |from: &str, extra: &str| {
        sms::to_gsm(&format!("{hello} - {who} will call you shortly{from}.{extra} STOP to opt out."))
    };
    shortest([text(&from, " Reply here any time."), text(&from, ""), text("", "")])
}

/// The text to somebody who called and was not answered.
pub fn missed(a: &Answer<'_>) -> String {
    let first = a.first_name.and_then(safe_first_name).unwrap_or_else(|| "there".to_owned());
    let who = a.owner.map_or_else(|| "We".to_owned(), |o| cut(o, 20));
    let when = match a.opens {
        Some(opens) => format!("We're closed and will call you back after {opens}."),
        None => format!("{who} will call you back shortly."),
    };
    let text = |next: &str| {
        sms::to_gsm(&format!("Hi {first}, {} here. Sorry, we missed your call. {when}{next} STOP to opt out.", a.shop))
    };
    shortest([text(" Or just reply here."), text("")])
}

/// The text to a lead whose payment arrived. `amount` as people read it: `$149.99`.
pub fn thanks(a: &Answer<'_>, amount: &str) -> String {
    let first = a.first_name.and_then(safe_first_name).unwrap_or_else(|| "there".to_owned());
    let who = a.owner.map_or_else(|| "We".to_owned(), |o| cut(o, 20));
    let text = |next: &str| {
        let words =
            format!("Hi {first}, {} here. Your {amount} payment arrived, thank you.{next} STOP to opt out.", a.shop);
        sms::to_gsm(&words)
    };
    shortest([text(&format!(" {who} will call you to fix a time.")), text("")])
}

/// The text to a lead whose payment failed. `amount` as people read it.
pub fn nudge(a: &Answer<'_>, amount: &str) -> String {
    let first = a.first_name.and_then(safe_first_name).unwrap_or_else(|| "there".to_owned());
    let who = a.owner.map_or_else(|| "we".to_owned(), |o| cut(o, 20));
    let text = |next: &str| {
        sms::to_gsm(&format!(
            "Hi {first}, {} here. Your {amount} payment did not go through.{next} STOP to opt out.",
            a.shop
        ))
    };
    shortest([text(&format!(" Try again, or reply here and {who} will help.")), text("")])
}

/// The longest wording that still fits one part; the last one if none does.
fn shortest<const N: usize>(wordings: [String; N]) -> String {
    let fits = wordings.iter().find(|w| sms::parts(w).segments <= 1).cloned();
    fits.unwrap_or_else(|| wordings.into_iter().next_back().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_answer_names_the_shop_says_stop_and_fits_one_part() {
        let mut a = Answer {
            first_name: Some("Maria"),
            shop: "Harbor Plumbing",
            owner: Some("Dave"),
            phone: Some("(512) 555-0100"),
            opens: None,
        };

        assert_eq!(
            answer(&a),
            "Hi Maria, Harbor Plumbing here. Got your message - Dave will call you shortly from (512) 555-0100. \
             Reply here any time. STOP to opt out."
        );
        a.shop = "Harbor Plumbing, Heating, Drains & Emergency Call-out Service of Austin";
        let long = answer(&a);
        assert_eq!(sms::parts(&long).segments, 1, "{long}");
        assert!(long.ends_with("STOP to opt out."));
    }

    #[test]
    fn the_thank_you_names_the_amount_and_a_sign_of_two_septets_does_not_make_it_two_parts() {
        let mut a = Answer {
            first_name: Some("Maria"),
            shop: "Harbor Plumbing",
            owner: Some("Dave"),
            phone: Some("(512) 555-0100"),
            opens: None,
        };

        assert_eq!(
            thanks(&a, "$149.99"),
            "Hi Maria, Harbor Plumbing here. Your $149.99 payment arrived, thank you. Dave will call you to fix a time. \
             STOP to opt out."
        );
        let fill = |n: usize| "x".repeat(n);
        let used = thanks(&Answer { shop: "", ..a }, "€9.99").chars().count();
        let shop = fill(160 - used - 1);
        a.shop = &shop;
        assert_eq!(sms::parts(&thanks(&a, "€9.99")).segments, 1);
        assert!(thanks(&a, "€9.99").contains("will call you"), "160 septets, the euro counted as two");
        let shop = fill(160 - used);
        a.shop = &shop;
        let text = thanks(&a, "€9.99");
        assert!(!text.contains("will call you") && sms::parts(&text).segments == 1, "{text}");
    }

    #[test]
    fn a_missed_call_is_answered_in_one_part_with_when_to_expect_one() {
        let mut a = Answer { first_name: None, shop: "Harbor Plumbing", owner: Some("Dave"), phone: None, opens: None };

        assert_eq!(
            missed(&a),
            "Hi there, Harbor Plumbing here. Sorry, we missed your call. Dave will call you back shortly. Or just reply \
             here. STOP to opt out."
        );
        a.opens = Some("Mon 8:00 am");
        let closed = missed(&a);
        assert!(closed.contains("We're closed and will call you back after Mon 8:00 am."), "{closed}");
        assert_eq!(sms::parts(&closed).segments, 1);
    }

    #[test]
    fn a_failed_payment_is_told_to_the_customer_in_one_part_with_a_way_on() {
        let a = Answer {
            first_name: Some("Maria"),
            shop: "Harbor Plumbing",
            owner: Some("Dave"),
            phone: None,
            opens: None,
        };

        assert_eq!(
            nudge(&a, "$149.99"),
            "Hi Maria, Harbor Plumbing here. Your $149.99 payment did not go through. Try again, or reply here and Dave \
             will help. STOP to opt out."
        );
        let shop = "x".repeat(80);
        let long = nudge(&Answer { shop: &shop, ..a }, "$149.99");
        assert!(sms::parts(&long).segments == 1 && long.ends_with("through. STOP to opt out."), "{long}");
    }

    #[test]
    fn nothing_but_a_cleaned_first_name_goes_back_to_a_visitor() {
        for hostile in ["win at https://evil.example", "Call +1 900 555 0100", "Bob<script>", "x".repeat(400).as_str()]
        {
            let a =
                Answer { first_name: Some(hostile), shop: "Harbor", owner: None, phone: None, opens: Some("8:00 am") };

            let text = answer(&a);

            assert!(!text.contains("evil") && !text.contains("900") && !text.contains('<'), "{text}");
            assert!(text.len() < 200);
        }
    }
}
