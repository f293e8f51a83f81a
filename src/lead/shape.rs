//! A lead and a payment as programs get them: the API's answers and the bodies of outgoing hooks have one definition. The
//! names are a promise (`/api/v1/openapi.json`).

use super::record::{Answer, Lead};
use super::sale::Sale;
use crate::base::instant::rfc3339;
use serde::Serialize;

/// A lead.
#[derive(Clone, Debug, Serialize)]
pub struct LeadShape {
    id: String,
    business: String,
    source: String,
    kind: String,
    test: bool,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    message: Option<String>,
    fields: Vec<Answer>,
    state: &'static str,
    outcome: Option<String>,
    received_at: String,
    first_text_at: Option<String>,
    delivered_at: Option<String>,
    taken_at: Option<String>,
    taken_by: Option<String>,
    person_at: Option<String>,
    reached_at: Option<String>,
    replied_at: Option<String>,
}

impl LeadShape {
    /// Of a lead of the business that has this slug.
    pub fn of(lead: Lead, slug: &str) -> Self {
        let clocks = lead.clocks;
        Self {
            business: slug.to_owned(),
            id: lead.id.to_string(),
            source: lead.source.to_string(),
            kind: lead.kind,
            test: lead.is_test,
            name: lead.name,
            email: lead.email.map(|email| email.as_str().to_owned()),
            phone: lead.phone.map(|phone| phone.as_str().to_owned()),
            message: lead.message,
            fields: lead.fields,
            state: lead.state.as_str(),
            outcome: lead.outcome,
            received_at: rfc3339(clocks.received_at),
            first_text_at: clocks.first_text_at.map(rfc3339),
            delivered_at: clocks.delivered_at.map(rfc3339),
            taken_at: clocks.taken_at.map(rfc3339),
            taken_by: lead.held_by.map(|holder| holder.name),
            person_at: clocks.person_at.map(rfc3339),
            reached_at: clocks.reached_at.map(rfc3339),
            replied_at: clocks.replied_at.map(rfc3339),
        }
    }
}

/// A payment of a lead.
#[derive(Clone, Debug, Serialize)]
pub struct PaymentShape {
    id: String,
    state: &'static str,
    minor: Option<i64>,
    currency: String,
    refunded_minor: i64,
    what: Option<String>,
    reason: Option<String>,
    created_at: String,
    paid_at: Option<String>,
}

impl From<Sale> for PaymentShape {
    fn from(sale: Sale) -> Self {
        Self {
            id: sale.id,
            state: sale.state.as_str(),
            minor: sale.minor,
            currency: sale.currency,
            refunded_minor: sale.refunded_minor,
            what: sale.what,
            reason: sale.reason,
            created_at: rfc3339(sale.created_at),
            paid_at: sale.paid_at.map(rfc3339),
        }
    }
}
