//! What Stripe sends of one sale: four events in any order, each of which knows something else.

use super::shop::{MARIA, MARIA_MAIL};
use serde_json::{Value, json};

/// One sale of Maria's.
#[derive(Clone, Copy)]
pub struct Sale {
    /// Its own part of every id.
    pub n: u32,
    pub minor: i64,
    pub currency: &'static str,
    pub live: bool,
    pub email: &'static str,
    pub phone: &'static str,
}

impl Sale {
    pub fn of(minor: i64, currency: &'static str) -> Self {
        Sale { n: 1, minor, currency, live: true, email: MARIA_MAIL, phone: MARIA }
    }

    fn event(&self, kind: &str, id: &str, object: Value) -> Value {
        json!({"id": format!("evt_{id}_{}", self.n), "object": "event", "livemode": self.live, "type": kind,
               "data": {"object": object}})
    }

    fn id(&self, prefix: &str) -> String {
        format!("{prefix}_{}", self.n)
    }

    /// Of a checkout: everything about the person. `paid` or `unpaid`.
    pub fn session(&self, status: &str) -> Value {
        let object = json!({"id": self.id("cs"), "payment_intent": self.id("pi"), "payment_status": status,
            "amount_total": self.minor, "currency": self.currency,
            "customer_details": {"name": "Maria Lopez", "email": self.email, "phone": self.phone}});
        self.event("checkout.session.completed", &format!("cs_{status}"), object)
    }

    /// Of the payment itself: nothing about the person.
    pub fn intent(&self) -> Value {
        let object = json!({"id": self.id("pi"), "latest_charge": self.id("ch"), "amount": self.minor,
            "amount_received": self.minor, "currency": self.currency, "description": "Deposit"});
        self.event("payment_intent.succeeded", "pi", object)
    }

    /// Of the card.
    pub fn charge(&self) -> Value {
        let object = json!({"id": self.id("ch"), "payment_intent": self.id("pi"), "amount": self.minor,
            "currency": self.currency, "billing_details": {"name": "Maria Lopez", "email": self.email, "phone": null}});
        self.event("charge.succeeded", "ch", object)
    }

    /// Of the bill.
    pub fn invoice(&self) -> Value {
        let object = json!({"id": self.id("in"), "payment_intent": self.id("pi"), "amount_paid": self.minor,
            "currency": self.currency, "customer_name": "Maria Lopez", "customer_email": self.email});
        self.event("invoice.paid", "in", object)
    }

    /// All of what one sale sends.
    pub fn four(&self) -> [Value; 4] {
        [self.session("paid"), self.intent(), self.charge(), self.invoice()]
    }

    /// A card that was declined.
    pub fn declined(&self, attempt: u32) -> Value {
        let object = json!({"id": self.id("pi"), "amount": self.minor, "currency": self.currency,
            "last_payment_error": {"message": "Your card was declined.", "payment_method":
                {"billing_details": {"name": "Maria Lopez", "email": self.email, "phone": self.phone}}}});
        self.event("payment_intent.payment_failed", &format!("failed{attempt}"), object)
    }

    /// So much was given back so far.
    pub fn refunded(&self, so_far: i64) -> Value {
        let object = json!({"id": self.id("ch"), "payment_intent": self.id("pi"), "amount": self.minor,
            "amount_refunded": so_far, "currency": self.currency,
            "billing_details": {"name": "Maria Lopez", "email": self.email, "phone": self.phone}});
        self.event("charge.refunded", &format!("re{so_far}"), object)
    }
}
