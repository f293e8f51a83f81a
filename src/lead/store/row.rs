//! A row of the table `lead`, and how it becomes a [`Lead`]. What the program cannot have written is refused as a
//! decoding error, not guessed at.

use crate::base::ids::{BusinessId, LeadId, PersonId, SourceId};
use crate::base::money::Money;
use crate::lead::contact::{Email, Phone};
use crate::lead::reading::PaymentState;
use crate::lead::record::{Clocks, Holder, Lead};
use crate::lead::sale::Sold;
use crate::lead::state::State;

/// The columns of [`LeadRow`], from `lead`; the name and the instant of the newest take come from the timeline.
macro_rules! lead_columns {
    () => {
        "lead.id, lead.business_id, lead.source_id, lead.kind, lead.is_test, lead.is_spam, lead.name, lead.first_name, \
         lead.phone, lead.phone_given, lead.email, lead.message, lead.page, lead.consent, lead.fields, lead.was_closed, \
         lead.state, lead.outcome, lead.writes, lead.last_write_at, lead.received_at, lead.first_text_at, \
         lead.delivered_at, lead.alerted_at, lead.taken_at, lead.taken_by, lead.person_at, lead.person_how, \
         lead.reached_at, lead.replied_at, lead.closed_at, \
         CASE WHEN lead.taken_at IS NULL THEN NULL ELSE coalesce((SELECT e.by FROM event e WHERE e.lead_id = lead.id \
           AND e.kind = 'taken' ORDER BY e.at DESC, e.seq DESC LIMIT 1), \
           (SELECT p.name FROM person p WHERE p.id = lead.taken_by)) END AS held_by, \
         CASE WHEN lead.taken_at IS NULL THEN NULL ELSE (SELECT e.at FROM event e WHERE e.lead_id = lead.id \
           AND e.kind = 'taken' ORDER BY e.at DESC, e.seq DESC LIMIT 1) END AS held_since, \
         (SELECT p.state || '|' || p.currency || '|' || coalesce(p.minor, '') || '|' || p.refunded_minor || '|' || \
           coalesce(p.what, '') FROM payment p WHERE p.lead_id = lead.id ORDER BY p.created_at DESC, p.id DESC LIMIT 1) \
           AS sold"
    };
}
pub(super) use lead_columns;

/// A row as it is stored.
#[derive(sqlx::FromRow)]
pub(super) struct LeadRow {
    id: LeadId,
    business_id: BusinessId,
    source_id: SourceId,
    kind: String,
    is_test: i64,
    is_spam: i64,
    name: Option<String>,
    first_name: Option<String>,
    phone: Option<String>,
    phone_given: Option<String>,
    email: Option<String>,
    message: Option<String>,
    page: Option<String>,
    consent: Option<String>,
    fields: String,
    was_closed: i64,
    state: String,
    outcome: Option<String>,
    writes: i64,
    last_write_at: i64,
    received_at: i64,
    first_text_at: Option<i64>,
    delivered_at: Option<i64>,
    alerted_at: Option<i64>,
    taken_at: Option<i64>,
    taken_by: Option<PersonId>,
    person_at: Option<i64>,
    person_how: Option<String>,
    reached_at: Option<i64>,
    replied_at: Option<i64>,
    closed_at: Option<i64>,
    held_by: Option<String>,
    held_since: Option<i64>,
    sold: Option<String>,
}

impl LeadRow {
    /// The lead itself.
    pub fn into_lead(self) -> Result<Lead, sqlx::Error> {
        let state = State::parse(&self.state).ok_or_else(|| unreadable("state", &self.state))?;
        let fields = serde_json::from_str(&self.fields).map_err(|e| unreadable("fields", &e.to_string()))?;
        let permission = self.consent.as_deref().map(serde_json::from_str).transpose();
        let held_by = self.taken_at.map(|taken_at| Holder {
            person: self.taken_by,
            name: self.held_by.unwrap_or_else(|| "Someone".to_owned()),
            since: self.held_since.unwrap_or(taken_at),
        });
        Ok(Lead {
            held_by,
            state,
            fields,
            permission: permission.map_err(|e| unreadable("consent", &e.to_string()))?,
            clocks: Clocks {
                received_at: self.received_at,
                first_text_at: self.first_text_at,
                delivered_at: self.delivered_at,
                alerted_at: self.alerted_at,
                taken_at: self.taken_at,
                person_at: self.person_at,
                reached_at: self.reached_at,
                replied_at: self.replied_at,
                closed_at: self.closed_at,
            },
            id: self.id,
            business: self.business_id,
            source: self.source_id,
            kind: self.kind,
            is_test: self.is_test != 0,
            is_spam: self.is_spam != 0,
            name: self.name,
            first_name: self.first_name,
            phone: self.phone.map(Phone::from_stored),
            phone_given: self.phone_given,
            email: self.email.map(Email::from_stored),
            message: self.message,
            page: self.page,
            was_closed: self.was_closed != 0,
            outcome: self.outcome,
            writes: self.writes,
            last_write_at: self.last_write_at,
            person_how: self.person_how,
            payment: self.sold.map(|packed| sold(&packed).ok_or_else(|| unreadable("sold", &packed))).transpose()?,
        })
    }
}

/// The newest payment, as [`lead_columns`] packs it: state, currency, amount, refund, and what was bought.
fn sold(packed: &str) -> Option<Sold> {
    let mut parts = packed.splitn(5, '|');
    let state = PaymentState::parse(parts.next()?)?;
    let currency = parts.next()?.to_owned();
    let amount = parts.next()?;
    let money = |minor| Money { minor, currency: currency.clone() };
    let refunded = money(parts.next()?.parse().ok()?);
    let what = parts.next().filter(|what| !what.is_empty()).map(str::to_owned);
    let amount = if amount.is_empty() { None } else { Some(money(amount.parse().ok()?)) };
    Some(Sold { state, money: amount, refunded, what })
}

/// What a column holds that we never write.
pub(super) fn unreadable(column: &str, what: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: format!("not as we write it: {what}").into() }
}
