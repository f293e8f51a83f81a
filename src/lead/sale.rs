//! A sale: what the events of one payment add up to, whatever their order and however often they come.
//!
//! Pure. A state only ever moves forward (pending, failed, paid, refunded); each step of it is news once, and what an
//! event knows that others did not is kept.

use crate::base::money::Money;
use crate::lead::reading::{Payment, PaymentState};

/// A payment as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// Its id.
    pub id: String,
    /// How far it has come.
    pub state: PaymentState,
    /// How much, in the smallest unit; `None` while only a refund was heard of, which does not say.
    pub minor: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    /// What was given back so far, in the smallest unit.
    pub refunded_minor: i64,
    /// What was bought, in the vendor's words.
    pub what: Option<String>,
    /// Why it failed, in the vendor's words.
    pub reason: Option<String>,
    /// When its first event came (UTC milliseconds).
    pub created_at: i64,
    /// When the first event came that said that it is money (UTC milliseconds).
    pub paid_at: Option<i64>,
    /// When the customer's thank-you was planned, or ruled out for good (UTC milliseconds).
    pub thanked_at: Option<i64>,
    /// When it last changed (UTC milliseconds).
    pub changed_at: i64,
}

/// What an event says that was not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing to tell.
    Nothing,
    /// It was promised.
    Started,
    /// It did not go through.
    Failed,
    /// It is money.
    Paid,
    /// More of it than before was given back.
    Refunded,
}

impl Sale {
    /// A sale of which no event was heard yet.
    pub fn new(id: String, currency: &str, now: i64) -> Self {
        Sale {
            id,
            state: PaymentState::Pending,
            minor: None,
            currency: currency.to_owned(),
            refunded_minor: 0,
            what: None,
            reason: None,
            created_at: now,
            paid_at: None,
            thanked_at: None,
            changed_at: now,
        }
    }

    /// Takes an event in. A refund whose own id came before must not be brought again; see [`Payment::refund`].
    pub fn hear(&mut self, event: &Payment, now: i64) -> Heard {
        if self.what.is_none() && event.what.is_some() {
            self.what.clone_from(&event.what);
            self.changed_at = now;
        }
        let heard = match event.state {
            PaymentState::Pending => self.started(&event.money),
            PaymentState::Failed => self.failed(event),
            PaymentState::Paid => self.paid(&event.money, now),
            PaymentState::Refunded => self.given_back(event),
        };
        if heard != Heard::Nothing {
            self.changed_at = now;
        }
        heard
    }

    fn started(&mut self, money: &Money) -> Heard {
        if self.minor.is_some() {
            return Heard::Nothing;
        }
        self.is_of(money);
        if self.state == PaymentState::Pending { Heard::Started } else { Heard::Nothing }
    }

    fn failed(&mut self, event: &Payment) -> Heard {
        if rank(self.state) >= rank(PaymentState::Failed) {
            return Heard::Nothing;
        }
        self.state = PaymentState::Failed;
        self.reason.clone_from(&event.reason);
        self.is_of(&event.money);
        Heard::Failed
    }

    /// The amount of what was paid is the truth, whatever was announced before.
    fn paid(&mut self, money: &Money, now: i64) -> Heard {
        if self.paid_at.is_some() {
            return Heard::Nothing;
        }
        self.paid_at = Some(now);
        self.minor = None;
        self.is_of(money);
        if rank(self.state) < rank(PaymentState::Paid) {
            self.state = PaymentState::Paid;
        }
        Heard::Paid
    }

    fn given_back(&mut self, event: &Payment) -> Heard {
        if let Some(money) = &event.of {
            self.is_of(money);
        }
        if self.currency != event.money.currency {
            return Heard::Nothing;
        }
        let so_far = match event.refund {
            Some(_) => self.refunded_minor.saturating_add(event.money.minor),
            None => event.money.minor,
        };
        if so_far <= self.refunded_minor {
            return Heard::Nothing;
        }
        self.refunded_minor = so_far;
        self.state = PaymentState::Refunded;
        Heard::Refunded
    }

    /// Keeps the amount, unless another one is known or a refund in another currency was counted.
    fn is_of(&mut self, money: &Money) {
        if self.refunded_minor == 0 {
            self.currency.clone_from(&money.currency);
        }
        if self.minor.is_none() && self.currency == money.currency {
            self.minor = Some(money.minor);
        }
    }

    /// Two that turn out to be one sale become one; `self` keeps its id.
    pub fn absorb(&mut self, other: &Sale) {
        if rank(other.state) > rank(self.state) {
            self.state = other.state;
        }
        if other.minor.is_some() && (self.minor.is_none() || (self.paid_at.is_none() && other.paid_at.is_some())) {
            self.currency.clone_from(&other.currency);
            self.minor = other.minor;
        }
        self.refunded_minor = self.refunded_minor.max(other.refunded_minor);
        self.what = self.what.take().or_else(|| other.what.clone());
        self.reason = self.reason.take().or_else(|| other.reason.clone());
        self.created_at = self.created_at.min(other.created_at);
        self.paid_at = earlier(self.paid_at, other.paid_at);
        self.thanked_at = earlier(self.thanked_at, other.thanked_at);
        self.changed_at = self.changed_at.max(other.changed_at);
    }

    /// The amount of the sale, as far as it is known.
    pub fn money(&self) -> Option<Money> {
        self.minor.map(|minor| Money { minor, currency: self.currency.clone() })
    }

    /// What was given back so far.
    pub fn refunded(&self) -> Money {
        Money { minor: self.refunded_minor, currency: self.currency.clone() }
    }

    /// How it stands in a few words: `paid $149.99`, `$50 of $149.99 given back`.
    pub fn words(&self) -> String {
        words(self.state, self.money().as_ref(), &self.refunded())
    }
}

/// A payment in one line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sold {
    /// How far it has come.
    pub state: PaymentState,
    /// How much, as far as it is known.
    pub money: Option<Money>,
    /// What was given back so far.
    pub refunded: Money,
    /// What was bought, in the vendor's words.
    pub what: Option<String>,
}

impl Sold {
    /// `Deposit paid $150`, `Paid $150`.
    pub fn line(&self) -> String {
        let words = words(self.state, self.money.as_ref(), &self.refunded);
        match (&self.what, self.state) {
            (Some(what), PaymentState::Refunded) => format!("{what}, {words}"),
            (Some(what), _) => format!("{what} {words}"),
            (None, _) => {
                let mut letters = words.chars();
                letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
            }
        }
    }
}

fn words(state: PaymentState, money: Option<&Money>, refunded: &Money) -> String {
    let amount = money.map_or_else(|| "amount unknown".to_owned(), Money::brief);
    match (state, money) {
        (PaymentState::Pending, _) => format!("not paid yet, {amount}"),
        (PaymentState::Failed, _) => format!("payment failed, {amount}"),
        (PaymentState::Paid, _) => format!("paid {amount}"),
        (PaymentState::Refunded, Some(money)) if money == refunded => format!("{amount} given back"),
        (PaymentState::Refunded, Some(_)) => format!("{} of {amount} given back", refunded.brief()),
        (PaymentState::Refunded, None) => format!("{} given back", refunded.brief()),
    }
}

fn rank(state: PaymentState) -> u8 {
    match state {
        PaymentState::Pending => 0,
        PaymentState::Failed => 1,
        PaymentState::Paid => 2,
        PaymentState::Refunded => 3,
    }
}

fn earlier(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(state: PaymentState, minor: i64) -> Payment {
        let money = Money { minor, currency: "USD".to_owned() };
        Payment { state, money, references: vec!["pi".to_owned()], reason: None, what: None, refund: None, of: None }
    }

    fn told(events: &[Payment]) -> (Sale, Vec<Heard>) {
        let mut sale = Sale::new("p".to_owned(), &events[0].money.currency, 0);
        let heard = (1..).zip(events).map(|(at, event)| sale.hear(event, at)).collect();
        (sale, heard)
    }

    #[test]
    fn each_step_is_news_once_and_old_news_never_moves_it_back() {
        use PaymentState::{Failed, Paid, Pending};
        let events = [Pending, Failed, Pending, Failed, Paid, Failed, Paid, Pending].map(|state| event(state, 14_999));

        let (sale, heard) = told(&events);

        assert_eq!(heard.iter().filter(|h| **h != Heard::Nothing).count(), 3);
        assert_eq!((heard[0], heard[1], heard[4]), (Heard::Started, Heard::Failed, Heard::Paid));
        assert_eq!((sale.state, sale.minor, sale.paid_at), (Paid, Some(14_999), Some(5)));
    }

    #[test]
    fn refunds_are_a_running_total_whether_the_vendor_adds_up_or_not() {
        let refund = |minor| event(PaymentState::Refunded, minor);
        let single = |minor| Payment { refund: Some("re".to_owned()), ..refund(minor) };

        let (by_vendor, heard) = told(&[event(PaymentState::Paid, 9_000), refund(2_000), refund(5_000), refund(2_000)]);
        let (by_us, _) = told(&[event(PaymentState::Paid, 9_000), single(2_000), single(3_000)]);

        assert_eq!((by_vendor.refunded_minor, heard[3]), (5_000, Heard::Nothing));
        assert_eq!((by_us.refunded_minor, by_us.words()), (5_000, "$50 of $90 given back".to_owned()));
    }

    #[test]
    fn a_refund_that_came_first_is_not_undone_by_the_sale() {
        let (sale, heard) = told(&[event(PaymentState::Refunded, 5_000), event(PaymentState::Paid, 9_000)]);

        assert_eq!(heard, [Heard::Refunded, Heard::Paid]);
        assert_eq!((sale.state, sale.minor, sale.refunded_minor), (PaymentState::Refunded, Some(9_000), 5_000));
    }

    #[test]
    fn a_refund_in_another_currency_is_never_added_to_this_one() {
        let mut yen = event(PaymentState::Refunded, 5_000);
        yen.money.currency = "JPY".to_owned();

        let (sale, heard) = told(&[event(PaymentState::Paid, 9_000), yen]);

        assert_eq!((heard[1], sale.refunded_minor, sale.state), (Heard::Nothing, 0, PaymentState::Paid));
    }

    #[test]
    fn in_a_list_it_says_what_was_paid_and_how_much() {
        let usd = |minor| Money { minor, currency: "USD".to_owned() };
        let sold = |state, what: Option<&str>| {
            let what = what.map(str::to_owned);
            Sold { state, money: Some(usd(15_000)), refunded: usd(15_000), what }.line()
        };

        assert_eq!(sold(PaymentState::Paid, Some("Deposit")), "Deposit paid $150");
        assert_eq!(sold(PaymentState::Pending, None), "Not paid yet, $150");
        assert_eq!(sold(PaymentState::Refunded, Some("Deposit")), "Deposit, $150 given back");
    }

    fn events() -> impl Strategy<Value = Vec<Payment>> {
        let state = prop::sample::select(vec![
            PaymentState::Pending,
            PaymentState::Failed,
            PaymentState::Paid,
            PaymentState::Refunded,
        ]);
        prop::collection::vec((state, 1i64..20).prop_map(|(state, units)| event(state, units * 100)), 1..12)
    }

    proptest! {
        #[test]
        fn whatever_comes_in_whatever_order_nothing_moves_back_and_nothing_is_told_twice(events in events()) {
            let mut sale = Sale::new("p".to_owned(), "USD", 0);
            let mut news = Vec::new();
            for (at, event) in (1..).zip(&events) {
                let before = sale.clone();
                let heard = sale.hear(event, at);
                prop_assert!(rank(sale.state) >= rank(before.state));
                prop_assert!(sale.refunded_minor >= before.refunded_minor);
                prop_assert!(before.paid_at.is_none() || sale.paid_at == before.paid_at);
                news.push(heard);
                prop_assert_eq!(sale.hear(event, at), Heard::Nothing, "the same again");
            }
            for once in [Heard::Started, Heard::Failed, Heard::Paid] {
                prop_assert!(news.iter().filter(|h| **h == once).count() <= 1);
            }
            let most = |state| events.iter().filter(|e| e.state == state).map(|e| e.money.minor).max();
            prop_assert_eq!(sale.refunded_minor, most(PaymentState::Refunded).unwrap_or(0));
            prop_assert_eq!(sale.paid_at.is_some(), events.iter().any(|e| e.state == PaymentState::Paid));
        }
    }
}
