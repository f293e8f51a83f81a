//! What an event of a payment leads to: the person's lead, the alert, the thank-you, each once for a sale.

use super::books::Books;
use super::thin::vendor;
use super::{Batch, Speech, Submission, title};
use crate::base::ids::LeadId;
use crate::base::random::Random;
use crate::db::Conn;
use crate::lead::reading::{About, Kind, Payment, PaymentState};
use crate::lead::sale::{Heard, Sale};
use crate::lead::store::intake::{ANSWERED_FOR_MS, Known, insert_events};
use crate::lead::store::payments::Buyer;
use crate::reply::{self, Answering, Notice, Topic};

/// The lead that a sale belongs to after an event.
struct Bought {
    is_new: bool,
    /// The event brought a way to reach the person that the lead did not have.
    is_reachable_now: bool,
    /// An alert of it is out that could not say who it was.
    is_told: bool,
    buyer: Buyer,
}

impl<'a> Batch<'a> {
    /// An event of a sale. No lead comes of a refund by somebody who waits for nothing.
    pub(super) fn payment(&mut self, s: &'a Submission, known: &Known, event: &'a Payment) -> Option<String> {
        let (place, other) = self.books.find(s, event, self.random);
        if let Some(other) = other {
            self.two_leads_of_one_sale(place, &other);
        }
        let heard = self.books.hear(place, s, event);
        let Some(bought) = self.bought(s, known, place, heard) else {
            self.refund(s, place, None, &title(s, &s.reading), heard);
            return None;
        };
        let lead_id = bought.buyer.lead_id.clone();
        if let Some((kind, detail)) = line(heard, self.books.sale(place)) {
            self.note(s, &lead_id, kind, Some(detail));
        }
        if heard == Heard::Refunded {
            let name = title(s, &bought.buyer.named(&s.reading));
            self.refund(s, place, Some(&lead_id), &name, heard);
        } else {
            self.speak_of_money(s, known, place, heard, &bought);
        }
        if bought.is_new || heard != Heard::Nothing {
            self.is_news(&s.card.business.id, s, bought.is_new);
        }
        Some(lead_id)
    }

    /// Whose the sale is: the lead that it has, else the person's open one, else a new one.
    fn bought(&mut self, s: &'a Submission, known: &Known, place: usize, heard: Heard) -> Option<Bought> {
        let open = self.open_lead(s, known);
        let of_open = |(lead_id, wants_no_texts)| Buyer { lead_id, wants_no_texts, ..Buyer::default() };
        let (named, is_told) = self.thin.named(s).map(|named| (named.buyer.lead_id, named.is_told)).unwrap_or_default();
        let held = self.held(s, place);
        let (mut buyer, is_new) = match (held, open) {
            (Some(held), Some(open)) if held.is_nobody() && held.waits && held.lead_id != open.0 => {
                self.fold(&held.lead_id, &open.0);
                (of_open(open), false)
            }
            (Some(held), _) => (held, false),
            (None, Some(open)) => (of_open(open), false),
            (None, None) if matches!(heard, Heard::Refunded | Heard::Nothing) => return None,
            (None, None) => {
                let lead_id = s.lead_id.to_string();
                (Buyer { waits: true, ..of_open((lead_id, false)) }, true)
            }
        };
        if is_new {
            self.makes_lead(s, &buyer.lead_id);
        } else {
            self.joins.push((buyer.lead_id.clone(), s, false));
        }
        self.stays_open(s, &buyer.lead_id);
        let is_reachable_now = buyer.learn(&s.reading);
        self.books.belongs_to(place, buyer.clone());
        if named == buyer.lead_id {
            self.thin.found(s, &buyer.lead_id);
        }
        if s.brought.is_some() {
            self.note(s, &buyer.lead_id, "fetched", Some(vendor(s).to_owned()));
        }
        if !buyer.is_nobody() {
            self.thin.is_known(s);
        }
        Some(Bought { is_new, is_reachable_now, is_told, buyer })
    }

    /// The lead that the sale has, else the one that was made when the vendor named the payment without saying more.
    fn held(&mut self, s: &'a Submission, place: usize) -> Option<Buyer> {
        let held = self.books.buyer(place).cloned();
        let named = self.thin.named(s).map(|named| named.buyer);
        match (held, named) {
            (Some(held), Some(named)) => {
                if named.lead_id != held.lead_id && named.is_nobody() && named.waits {
                    self.fold(&named.lead_id, &held.lead_id);
                }
                Some(held)
            }
            (held, named) => held.or(named),
        }
    }

    /// The alert for what is new, and the thank-you once there is both money and somebody to thank. Who paid is news too,
    /// where the vendor had to be asked for it.
    fn speak_of_money(&mut self, s: &'a Submission, known: &Known, place: usize, heard: Heard, bought: &Bought) {
        let is_test = s.reading.kind == Kind::Test;
        let sale = self.books.sale(place);
        // What waited for the name is called off by the answer, whatever that knows.
        let is_named_now =
            heard == Heard::Nothing && s.brought.is_some() && (bought.is_reachable_now || !bought.is_told);
        let is_alert = heard != Heard::Nothing || is_named_now;
        let is_due = sale.state == PaymentState::Paid && sale.thanked_at.is_none() && !is_test;
        let thanks = is_due && (heard == Heard::Paid || bought.is_reachable_now);
        if !is_alert && !thanks {
            return;
        }
        let reading = bought.buyer.named(&s.reading);
        let name = title(s, &reading);
        let mut topic = match is_named_now {
            true if bought.is_told => {
                Topic { answer: Answering::Nothing, ..Topic::details(&name, None, is_test, &s.receipt_id) }
            }
            true => Topic::payment(standing(sale.state), sale, &reading, &name, is_test),
            false => Topic::payment(heard, sale, &reading, &name, is_test),
        };
        if self.thin.patience(s) > 0 {
            // It is called off when the name comes in time.
            topic.step = Topic::nameless("", "", is_test, &s.receipt_id).step;
        }
        if thanks && let Some(money) = sale.money() {
            topic.answer = Answering::Thanks(money.display());
        }
        if heard == Heard::Failed
            && s.card.source.nudges
            && !is_test
            && let Some(money) = sale.money()
        {
            topic.answer = Answering::Nudge(money.display());
        }
        let speech = Speech {
            lead_id: &bought.buyer.lead_id,
            reading: &reading,
            topic: Some(&topic),
            again: None,
            wants_no_texts: bought.buyer.wants_no_texts,
            opted_out: bought.buyer.opted_out,
            answered: bought.buyer.answered_at.is_some_and(|at| at > s.received_at - ANSWERED_FOR_MS),
            is_alert,
        };
        let settled = self.tell(s, known, &speech);
        if thanks && settled {
            self.books.thanked(place, s.received_at);
        }
    }

    /// The owner is told of what was given back.
    fn refund(&mut self, s: &'a Submission, place: usize, lead_id: Option<&str>, name: &str, heard: Heard) {
        if heard != Heard::Refunded {
            return;
        }
        let is_test = s.reading.kind == Kind::Test;
        let topic = Topic::payment(heard, self.books.sale(place), &s.reading, name, is_test);
        self.notice(s, lead_id, &topic);
    }

    /// News that ask for nothing.
    pub(super) fn notice(&mut self, s: &'a Submission, lead_id: Option<&str>, topic: &Topic) {
        let lead = lead_id.map(LeadId::from);
        let receipt = self.receipt_link(s);
        let notice = Notice {
            business: &s.card.business,
            source: &s.card.source,
            lead: lead.as_ref(),
            told: &s.told,
            topic,
            receipt: &receipt,
            public_url: self.public_url,
            now: s.received_at,
        };
        self.drafts.extend(reply::notice(&notice, self.random));
        if let Some(lead_id) = lead_id {
            self.links.extend(s.told.iter().map(|to| (s, lead_id.to_owned(), to.clone())));
        }
    }

    /// Two sales were one. If nobody can be reached by one of their leads, and nobody took it, it goes into the other.
    fn two_leads_of_one_sale(&mut self, place: usize, other: &Buyer) {
        let Some(kept) = self.books.buyer(place).cloned() else { return };
        if other.is_nobody() && other.waits {
            self.fold(&other.lead_id, &kept.lead_id);
        } else if kept.is_nobody() && kept.waits {
            self.fold(&kept.lead_id, &other.lead_id);
            self.books.belongs_to(place, other.clone());
        }
    }

    /// A lead turned out to be a part of another one: what was said of it so far is said of that one.
    pub(super) fn fold(&mut self, gone: &str, into: &str) {
        self.books.fold(gone, into);
        self.thin.fold(gone, into);
        self.folds.push((gone.to_owned(), into.to_owned()));
        let keys = self.keys.values_mut().map(|received| &mut received.lead);
        let answers = self.answers.iter_mut().map(|received| &mut received.lead);
        for lead in keys.chain(answers).filter(|lead| lead.as_deref() == Some(gone)) {
            *lead = Some(into.to_owned());
        }
    }

    /// Where a lead went.
    pub(super) fn folded(&self, lead_id: String) -> String {
        let went = |id: &str| self.folds.iter().find(|(gone, _)| gone == id).map(|(_, into)| into.clone());
        let mut at = lead_id;
        while let Some(next) = went(&at).filter(|next| *next != at) {
            at = next;
        }
        at
    }
}

/// Writes an event of a sale into the books, and its line into the timeline, for a submission that has its lead already.
/// A sale that is somebody else's stays so.
pub async fn book(conn: &mut Conn, s: &Submission, lead_id: &str, random: &Random) -> Result<(), sqlx::Error> {
    let About::Payment(event) = &s.reading.about else { return Ok(()) };
    let mut books = Books::open(conn, std::slice::from_ref(s)).await?;
    let (place, _) = books.find(s, event, random);
    let heard = books.hear(place, s, event);
    if books.buyer(place).is_none() {
        books.belongs_to(place, Buyer { lead_id: lead_id.to_owned(), ..Buyer::default() });
    }
    if let Some((kind, detail)) = line(heard, books.sale(place)) {
        let business = s.card.business.id.as_str();
        insert_events(conn, &[(business, lead_id, s.received_at, kind, Some(detail))]).await?;
    }
    books.close(conn, &[]).await
}

/// As which news a sale is told that was not told yet.
fn standing(state: PaymentState) -> Heard {
    match state {
        PaymentState::Pending => Heard::Started,
        PaymentState::Failed => Heard::Failed,
        PaymentState::Paid => Heard::Paid,
        PaymentState::Refunded => Heard::Refunded,
    }
}

/// The line in the timeline.
fn line(heard: Heard, sale: &Sale) -> Option<(&'static str, String)> {
    let amount = sale.money().map(|money| money.display());
    let with = |more: Option<&String>| amount.iter().chain(more).cloned().collect::<Vec<_>>().join(", ");
    Some(match heard {
        Heard::Nothing => return None,
        Heard::Started => ("payment_started", with(sale.what.as_ref())),
        Heard::Failed => ("payment_failed", with(sale.reason.as_ref())),
        Heard::Paid => ("paid", with(sale.what.as_ref())),
        Heard::Refunded => ("refunded", sale.words()),
    })
}
