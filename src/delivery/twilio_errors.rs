//! Twilio's error codes in the owner's words.
//!
//! A code goes in; out come its class, which the channel acts on, and one sentence: what happened, what it means
//! for leads, what to do next. The list is what a shop's account can meet (Twilio's error dictionary,
//! <https://www.twilio.com/docs/api/errors>); a code that is not in it gets a sentence that says so instead of a
//! guess, and its class is left to the HTTP status.

/// What a code means for the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Too much at once: the same message may go later.
    Later,
    /// This person cannot be reached by text, or not from this number.
    Recipient,
    /// This person has opted out.
    OptedOut,
    /// These words were refused.
    Words,
    /// The account or its sender cannot text at all until somebody changes something.
    Account,
    /// The vendor failed and does not say whether the message went out.
    Vendor,
}

/// The class of a code, if it is known.
pub fn class(code: i64) -> Option<Class> {
    find(code).map(|(_, class, _)| *class)
}

/// One plain sentence about a code for the owner.
pub fn sentence(code: i64) -> String {
    match find(code) {
        Some((_, _, words)) => (*words).to_owned(),
        None => format!(
            "Twilio refused this text with code {code}, which we have no plain words for; \
             twilio.com/docs/api/errors/{code} explains it."
        ),
    }
}

/// One plain sentence about a code that calls meet; none for a code that says the same of a text.
pub fn call_sentence(code: i64) -> Option<&'static str> {
    Some(match code {
        10004 => "Too many calls at once for the Twilio account; this one is made by itself in a moment.",
        20003 => {
            "Twilio does not accept the account number and key, so no calls are made; enter them again under Settings, Texting."
        }
        20404 => {
            "Twilio knows no such account, so no calls are made; check the account number under Settings, Texting."
        }
        21205 => "Twilio cannot reach the address of this server, so no calls are made; check the public address.",
        21210 => {
            "The number we call from is not confirmed in the Twilio account; confirm it at twilio.com or choose another."
        }
        21211 | 21217 => "This is not a valid phone number, so it cannot ring; check the number under Team.",
        21212 => {
            "The number we call from is not valid at Twilio, so no calls are made; choose another under Settings, Texting."
        }
        21214 => "This phone cannot be reached by a call from your number; check the number under Team.",
        21215 | 13227 => {
            "Calls to this country are switched off in the Twilio account; switch it on at twilio.com under Geo permissions."
        }
        21216 => "Twilio does not call this number; use another one under Team.",
        21219 => {
            "A Twilio trial account calls confirmed numbers only; confirm this one at twilio.com, or upgrade the account."
        }
        _ => return None,
    })
}

/// Every code that has its own sentence, in rising order.
pub fn known() -> impl Iterator<Item = i64> {
    CODES.iter().map(|(code, _, _)| *code)
}

fn find(code: i64) -> Option<&'static (i64, Class, &'static str)> {
    CODES.binary_search_by_key(&code, |(code, _, _)| *code).ok().map(|at| &CODES[at])
}

use Class::{Account, Later, OptedOut, Recipient, Vendor, Words};

#[rustfmt::skip]
const CODES: &[(i64, Class, &str)] = &[
    (20003, Account, "Twilio does not accept the account number and key, so no texts go out; enter them again under Settings, Texting."),
    (20005, Account, "The Twilio account is not active, so no texts go out; sign in at twilio.com to see what it asks for."),
    (20006, Account, "This Twilio key may not send texts; use a key with the right to send messages."),
    (20008, Account, "Twilio's test keys are in use, which deliver nothing; enter the live ones under Settings, Texting."),
    (20404, Account, "Twilio knows no such account, so no texts go out; check the account number under Settings, Texting."),
    (20429, Later, "Twilio asks us to slow down; the text goes out by itself in a moment."),
    (20500, Vendor, "Twilio had a fault of its own; we are finding out whether the text went out."),
    (20503, Vendor, "Twilio is out of service for the moment; we are finding out whether the text went out."),
    (21210, Account, "The number we text from is not confirmed in the Twilio account; confirm it at twilio.com or choose another."),
    (21211, Recipient, "This is not a valid phone number, so no text went out; check the number, or write an e-mail."),
    (21212, Account, "The number we text from is not valid at Twilio, so no texts go out; choose another under Settings, Texting."),
    (21219, Recipient, "A Twilio trial account calls and texts confirmed numbers only; upgrade the account to reach customers."),
    (21266, Recipient, "This number is the one we text from, so nothing was sent."),
    (21408, Recipient, "Texts to this country are switched off in the Twilio account; switch it on at twilio.com under Geo permissions, or write an e-mail."),
    (21601, Account, "The number we text from cannot send texts; choose one that can under Settings, Texting."),
    (21602, Words, "The text had no words, so nothing was sent."),
    (21603, Account, "No number to text from is set, so no texts go out; choose one under Settings, Texting."),
    (21604, Recipient, "There was no number to text to; write an e-mail instead."),
    (21605, Words, "The text is too long for this kind of number; make it shorter and send it again."),
    (21606, Recipient, "The number we text from cannot reach this phone, so no text went out; call, or write an e-mail."),
    (21607, Account, "The number we text from belongs to somebody else, so no texts go out; choose one of your own under Settings, Texting."),
    (21608, Recipient, "A Twilio trial account texts confirmed numbers only; upgrade the account to reach customers, until then call or write."),
    (21609, Vendor, "Twilio did not accept the address for delivery reports; check the public address of this server."),
    (21610, OptedOut, "This person has asked not to get texts from your number; nothing more is texted, so call or write an e-mail."),
    (21611, Later, "Too many texts wait at Twilio for this number; the text goes out by itself once there is room."),
    (21612, Recipient, "This phone cannot be reached from your number, so no text went out; call, or write an e-mail."),
    (21613, Account, "The number we text from is not set up for texts; choose another under Settings, Texting."),
    (21614, Recipient, "This number does not take texts, it is probably a landline; call instead."),
    (21617, Words, "The text is longer than Twilio's 1600 characters; make it shorter and send it again."),
    (21619, Words, "The text had no words, so nothing was sent."),
    (21635, Recipient, "This is a landline and takes no texts; call instead."),
    (21654, Account, "The message template at Twilio is missing, so no texts go out; check the Messaging Service at twilio.com."),
    (21659, Account, "The number we text from is not a number of this Twilio account, so no texts go out; choose one of its own under Settings, Texting."),
    (21660, Account, "The number we text from and the Twilio account do not belong together, so no texts go out; check both under Settings, Texting."),
    (21661, Account, "The number we text from cannot send texts; choose one that can under Settings, Texting."),
    (21701, Account, "Twilio knows no such Messaging Service, so no texts go out; check it under Settings, Texting."),
    (21703, Account, "The Messaging Service has no number to text from, so no texts go out; add one to it at twilio.com."),
    (21704, Account, "The Messaging Service has no number to text from, so no texts go out; add one to it at twilio.com."),
    (21705, Account, "The Messaging Service is not valid, so no texts go out; check it under Settings, Texting."),
    (21712, Account, "The number we text from is in another Messaging Service; choose the right one under Settings, Texting."),
    (30001, Later, "Too many texts waited for this number and this one was dropped; send it again in a few minutes."),
    (30002, Account, "The Twilio account is suspended, so no texts go out; sign in at twilio.com, it is often an unpaid balance."),
    (30003, Recipient, "The phone is switched off or out of reach, so the text did not arrive; call, or try again in a few hours."),
    (30004, Recipient, "The phone or its carrier blocks texts from your number; call, or write an e-mail."),
    (30005, Recipient, "This phone number is not in service, so the text did not arrive; check the number, or write an e-mail."),
    (30006, Recipient, "This number does not take texts, it is probably a landline; call instead."),
    (30007, Words, "The carrier took the text for unwanted mail and dropped it; call this person, and register the number with the carriers."),
    (30008, Vendor, "The text did not arrive and the carrier does not say why; try again once, or call."),
    (30010, Words, "The text would have cost more than the limit set for it, so nothing was sent; raise the limit at twilio.com."),
    (30017, Later, "The carrier's network is overloaded, so the text did not arrive; try again in a few minutes, or call."),
    (30018, Later, "The carrier is not taking texts at the moment; try again later, or call."),
    (30019, Words, "The picture or text was too large for the phone; send a shorter one."),
    (30022, Later, "More texts at once than the carrier allows for your registration; the text did not arrive, send it again more slowly."),
    (30023, Later, "Today's limit of the carrier for your registration is used up; texts go out again tomorrow, until then call or write."),
    (30024, Account, "The sender is not set up with the carrier, so texts do not arrive; finish the registration at twilio.com."),
    (30027, Later, "Today's limit of T-Mobile for your registration is used up; texts to T-Mobile go out again tomorrow."),
    (30032, Account, "Your toll-free number is not verified, so carriers drop all its texts; send in the verification at twilio.com, until then leads get e-mail."),
    (30033, Account, "The registration of your number is suspended, so carriers drop its texts; sign in at twilio.com to see why."),
    (30034, Account, "Your number is not registered with US carriers, so they drop all its texts; finish the registration (A2P 10DLC) at twilio.com, until then leads get e-mail."),
    (30035, Account, "The registration of your number is still being set up, so texts do not arrive; this ends by itself, until then leads get e-mail."),
    (30036, Words, "The text waited longer than it was worth and was dropped; call, or send a new one."),
    (30037, Account, "The number we text from has been switched off by the carrier; ask Twilio's support."),
    (30038, Words, "The text held a one-time code, which this number may not send; change the words."),
    (30039, Words, "This person was sent the same text again and again, so Twilio stopped it; call instead."),
    (30040, Account, "The carrier has not approved your number, so texts do not arrive; finish the registration at twilio.com."),
    (30410, Vendor, "The carrier did not answer in time, so the text probably did not arrive; call, or try again once."),
    (30450, Recipient, "Twilio suspects fraud on this number and did not send; call if you know the person."),
    (30453, Recipient, "Twilio suspects fraud on this number and did not send; call if you know the person."),
    (30454, Account, "The limit on spending in the Twilio account is reached, so no texts go out; raise it at twilio.com."),
    (30455, Recipient, "This phone has had many texts in a short time, so Twilio stopped this one; call instead."),
    (63018, Later, "Twilio asks us to slow down; the text goes out by itself in a moment."),
    (63038, Later, "The Twilio account has used up its texts for today; they go out again tomorrow, until then call or write."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_rising_order_so_that_every_code_is_found() {
        assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(known().all(|code| class(code).is_some()));
    }

    #[test]
    fn every_code_that_the_trade_meets_has_its_own_sentence() {
        let met = [
            20003, 20404, 20429, 20500, 20503, 21211, 21212, 21408, 21606, 21608, 21610, 21611, 21612, 21614, 21617,
            21659, 21703, 21704, 30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 30022, 30023, 30032, 30034,
            63038,
        ];

        assert!(met.iter().all(|code| class(*code).is_some()));
    }

    #[test]
    fn sentences_are_single_plain_and_say_what_to_do() {
        for (code, _, words) in CODES {
            assert!(words.ends_with('.') && !words[..words.len() - 1].contains(". "), "{code}: {words}");
            assert!(words.contains(';') || words.contains(','), "{code} names no next step: {words}");
            assert!(words.len() < 190 && !words.contains("SMS"), "{code}: {words}");
        }
    }

    #[test]
    fn an_unknown_code_says_that_it_is_unknown() {
        assert_eq!(class(12345), None);
        assert!(sentence(12345).contains("12345") && sentence(12345).contains("no plain words"));
    }
}
