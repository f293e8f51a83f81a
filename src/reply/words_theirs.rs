//! What is said because a lead texted: to us when they call for help or ask for silence, and to them when they ask for the
//! state of a payment. Nothing that a visitor or a vendor wrote goes to a lead here, only the shop's name and amounts.

use super::words::{cut, join, title};
use crate::base::sms;
use crate::lead::reading::PaymentState;
use crate::lead::sale::Sale;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The text to one of us when a lead asks in its own words not to be written to.
pub fn asks_for_silence(name: Option<&str>, contact: Option<&str>, message: &str, link: &str) -> String {
    let before = format!("{} asks us to stop:\n", title(name, contact));
    join(&before, message, &format!("\nAutomatic messages are off for them. Please decide.\n{link}"))
}

/// The first line of an alert about a lead that cannot wait.
pub fn urgent(name: Option<&str>, contact: Option<&str>) -> String {
    format!("URGENT: {}", title(name, contact))
}

/// How to answer a lead that wrote back: whoever has it writes, whoever could have it takes it.
pub fn how_to_answer(is_theirs: bool, digit: Option<u8>) -> Option<String> {
    match (is_theirs, digit) {
        (true, _) => Some("Reply here to answer.".to_owned()),
        (false, Some(digit)) => Some(format!("Reply {digit} = I've got it")),
        (false, None) => None,
    }
}

/// The state of payments, to the person who made them: one part, the newest first; what does not fit is left out.
pub fn payments(shop: &str, sales: &[Sale], zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let states: Vec<String> = sales.iter().map(|sale| state(sale, &zone)).collect();
    let text = |shop: &str, states: &[String]| {
        sms::to_gsm(&format!("{shop} here. {}. Reply here with any question. STOP to opt out.", states.join("; ")))
    };
    let fits = |text: &String| sms::parts(text).segments <= 1;
    let wordings = (1..=states.len()).rev().map(|n| text(shop, &states[..n]));
    wordings.into_iter().find(fits).unwrap_or_else(|| text(&cut(shop, 30), &states[..states.len().min(1)]))
}

fn state(sale: &Sale, zone: &TimeZone) -> String {
    let amount = sale.money().map_or_else(|| "Your payment".to_owned(), |money| money.display());
    let day = |at: i64| {
        let at = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(zone.clone());
        at.strftime("%b %-d").to_string()
    };
    match sale.state {
        PaymentState::Pending => format!("{amount}: not paid yet"),
        PaymentState::Failed => format!("{amount}: did not go through"),
        PaymentState::Paid => format!("{amount}: paid {}", day(sale.paid_at.unwrap_or(sale.created_at))),
        PaymentState::Refunded if sale.minor.is_none_or(|minor| minor == sale.refunded_minor) => {
            format!("{}: given back", sale.refunded().display())
        }
        PaymentState::Refunded => format!("{amount}: paid, {} given back", sale.refunded().display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(state: PaymentState, minor: i64, refunded_minor: i64) -> Sale {
        const AT: i64 = 1_770_829_212_000; // Wednesday 11 February 2026 in Chicago
        let sale = Sale::new("s".to_owned(), "USD", AT);
        Sale { state, minor: Some(minor), refunded_minor, paid_at: Some(AT), ..sale }
    }

    #[test]
    fn each_state_of_a_payment_has_its_words() {
        let says = |sale: Sale| payments("Harbor Plumbing", &[sale], "America/Chicago");
        let wrapped =
            |state: &str| format!("Harbor Plumbing here. {state}. Reply here with any question. STOP to opt out.");

        assert_eq!(says(sale(PaymentState::Paid, 14_999, 0)), wrapped("$149.99: paid Feb 11"));
        assert_eq!(says(sale(PaymentState::Pending, 14_999, 0)), wrapped("$149.99: not paid yet"));
        assert_eq!(says(sale(PaymentState::Failed, 14_999, 0)), wrapped("$149.99: did not go through"));
        assert_eq!(says(sale(PaymentState::Refunded, 14_999, 14_999)), wrapped("$149.99: given back"));
        assert_eq!(says(sale(PaymentState::Refunded, 14_999, 5_000)), wrapped("$149.99: paid, $50.00 given back"));
    }

    #[test]
    fn three_payments_are_one_part_and_what_does_not_fit_is_left_out() {
        let three = [
            sale(PaymentState::Paid, 14_999, 0),
            sale(PaymentState::Failed, 2_000, 0),
            sale(PaymentState::Refunded, 9_900_000, 5_000),
        ];

        let text = payments("Harbor Plumbing", &three, "America/Chicago");
        assert!(text.contains("$149.99: paid Feb 11; $20.00: did not go through"), "{text}");
        assert_eq!(sms::parts(&text).segments, 1);
        let long = payments(&"Harbor Plumbing ".repeat(10), &three, "America/Chicago");
        assert!(sms::parts(&long).segments == 1 && long.contains("$149.99: paid Feb 11."), "{long}");
        assert!(long.ends_with("STOP to opt out."), "{long}");
    }

    #[test]
    fn who_asks_for_silence_is_told_in_their_own_words_and_one_part() {
        let words = "Please stop texting me, I have found somebody else and I do not want any more of this. ".repeat(3);

        let text =
            asks_for_silence(Some("Maria Lopez"), None, &words, "https://leads.example.com/l/Q2hhcm1pbmdTbmVha2VyUw");

        assert!(text.starts_with("Maria Lopez asks us to stop:\nPlease stop texting"), "{text}");
        assert!(text.contains("Automatic messages are off for them."), "{text}");
        assert_eq!(sms::parts(&text).segments, 1);
    }
}
