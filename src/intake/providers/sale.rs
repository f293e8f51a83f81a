//! What a payment vendor's event says, by fixed places instead of by recognition: an event holds dozens of names, and
//! only the vendor's own document says which of them is the customer.

use crate::base::money::Money;
use crate::base::text::{clean_line, clean_text};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading};
use crate::lead::contact::{Email, Phone};
use crate::lead::reading::{About, Field, Payment, PaymentState};

/// How a vendor writes amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Whole minor units of ISO 4217.
    Minor,
    /// Decimal text.
    Decimal,
    /// Minor units as Stripe counts them: <https://docs.stripe.com/currencies>.
    Stripe,
}

/// Where the facts of a sale stand: paths of [`Node::at`], the best first. `a+b` joins two texts with a space.
#[derive(Clone, Copy, Debug)]
pub struct Sale {
    /// The customer.
    pub names: &'static [&'static str],
    /// Their address.
    pub emails: &'static [&'static str],
    /// Their number.
    pub phones: &'static [&'static str],
    /// What they wrote.
    pub messages: &'static [&'static str],
    /// What they bought.
    pub what: &'static [&'static str],
    /// The sale's own ids, all of them.
    pub references: &'static [&'static str],
    /// How much.
    pub amounts: &'static [&'static str],
    /// In which currency.
    pub currencies: &'static [&'static str],
    /// How the amount is written.
    pub unit: Unit,
    /// Why it failed.
    pub reasons: &'static [&'static str],
    /// The refund's own id, where the amount is what this one refund gave back and not the sum so far.
    pub refunds: &'static [&'static str],
}

/// Longest id of a sale, in characters.
const ID_MAX: usize = 500;

impl Sale {
    /// A sale of which nothing is known.
    pub const NONE: Sale = Sale {
        names: &[],
        emails: &[],
        phones: &[],
        messages: &[],
        what: &[],
        references: &[],
        amounts: &[],
        currencies: &[],
        unit: Unit::Minor,
        reasons: &[],
        refunds: &[],
    };

    /// Writes the event into the reading. `country` is where national numbers are dialled. An amount that cannot be read
    /// leaves the event kept and told of, never guessed.
    pub fn tell(&self, reading: &mut Reading, tree: &Node, state: PaymentState, country: &str) {
        self.person(reading, tree, country);
        let line = |id: String| Some(clean_line(&id, ID_MAX)).filter(|id| !id.is_empty());
        let references: Vec<String> =
            self.references.iter().filter_map(|path| text(tree, path).and_then(line)).collect();
        let money = self.money(tree);
        let (Some(money), false) = (money, references.is_empty()) else {
            reading.kind = Kind::Unreadable;
            reading.problem = Some("A payment whose amount or number could not be read.".to_owned());
            return;
        };
        let what = first(tree, self.what).map(|what| clean_line(&what, 200));
        reading.fields.extend(what.clone().map(|value| Field { label: "What".to_owned(), value }));
        reading.fields.push(Field { label: "Payment".to_owned(), value: clean_line(&references[0], 120) });
        let refund = first(tree, self.refunds).and_then(line).filter(|_| state == PaymentState::Refunded);
        let reason = first(tree, self.reasons).map(|reason| clean_line(&reason, 300));
        reading.about = About::Payment(Payment { state, money, references, reason, what, refund, of: None });
    }

    /// The customer alone: for events that tell of a person and no money.
    pub fn person(&self, reading: &mut Reading, tree: &Node, country: &str) {
        reading.kind = Kind::Lead;
        reading.problem = None;
        reading.fields.clear();
        reading.consent = None;
        reading.name = first(tree, self.names).map(|name| clean_line(&name, 200)).filter(|name| !name.is_empty());
        reading.first_name = reading.name.as_deref().and_then(|name| name.split(' ').next()).map(str::to_owned);
        reading.email = first(tree, self.emails).and_then(|email| Email::parse(&email));
        let given = first(tree, self.phones).map(|phone| clean_line(&phone, 60));
        reading.phone = given.as_deref().and_then(|given| Phone::parse(given, country));
        reading.phone_as_given = given;
        reading.message =
            first(tree, self.messages).map(|message| clean_text(&message, 4_000)).filter(|m| !m.is_empty());
    }

    /// How much, where it can be read.
    pub fn money(&self, tree: &Node) -> Option<Money> {
        let (amount, currency) = (first(tree, self.amounts)?, first(tree, self.currencies)?);
        match self.unit {
            Unit::Decimal => Money::from_decimal(&amount, &currency),
            Unit::Minor => Money::from_minor(amount.parse().ok()?, &currency),
            Unit::Stripe => Money::from_stripe(amount.parse().ok()?, &currency),
        }
    }
}

/// The first text that is there and not empty.
pub fn first(tree: &Node, paths: &[&str]) -> Option<String> {
    paths.iter().find_map(|path| text(tree, path))
}

fn text(tree: &Node, path: &str) -> Option<String> {
    let parts: Vec<String> = path
        .split('+')
        .filter_map(|path| tree.text_at(path))
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
