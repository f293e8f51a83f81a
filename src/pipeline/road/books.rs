//! The sales that a batch touches: read before it decides, changed as it decides, written after.
//!
//! Two events are of one sale if they share any id. An event that names two sales that were kept apart so far makes them
//! one, the older of them.

use super::Submission;
use crate::base::ids::new_id;
use crate::base::keys::sha256_hex;
use crate::base::random::Random;
use crate::db::Conn;
use crate::lead::reading::{About, Kind, Payment};
use crate::lead::sale::{Heard, Sale};
use crate::lead::store::payments::{self, Buyer, Entry, Known};
use std::collections::{BTreeSet, HashMap};

/// Ids are kept short: a hostile one must not fill the index.
const LONGEST: usize = 160;

/// The sales of a batch.
#[derive(Default)]
pub struct Books {
    pages: Vec<Page>,
    /// By source and reference.
    index: HashMap<(String, String), usize>,
    fresh: Vec<(String, String, usize)>,
    gone: Vec<(String, usize)>,
}

struct Page {
    known: Known,
    business_id: String,
    source_id: String,
    is_changed: bool,
}

/// By which ids an event names its sale. Those of tests are kept apart: a test never touches real money.
fn references(s: &Submission, event: &Payment) -> Vec<String> {
    event.references.iter().map(|id| reference(s, "", id)).collect()
}

fn reference(s: &Submission, kind: &str, id: &str) -> String {
    let test = if s.reading.kind == Kind::Test { "test:" } else { "" };
    let id = if id.len() <= LONGEST { id.to_owned() } else { sha256_hex(id.as_bytes()) };
    format!("{test}{kind}{id}")
}

fn refund(s: &Submission, event: &Payment) -> Option<String> {
    event.refund.as_deref().map(|id| reference(s, "refund:", id))
}

impl Books {
    /// Looks everything up that the submissions name.
    pub async fn open(conn: &mut Conn, items: &[Submission]) -> Result<Self, sqlx::Error> {
        let mut asked: BTreeSet<(&str, String)> = BTreeSet::new();
        let mut shops: HashMap<&str, &str> = HashMap::new();
        for s in items.iter().filter(|s| s.refused.is_none()) {
            if let About::Payment(event) = &s.reading.about {
                shops.insert(&s.card.source.id, &s.card.business.id);
                let ids = references(s, event).into_iter().chain(refund(s, event));
                asked.extend(ids.map(|id| (s.card.source.id.as_str(), id)));
            }
        }
        let asked: Vec<(&str, &str)> = asked.iter().map(|(source, id)| (*source, id.as_str())).collect();
        let mut books = Self::default();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (source_id, reference, known) in payments::known(conn, &asked).await? {
            let place = *places.entry(known.sale.id.clone()).or_insert_with(|| {
                let business_id = shops.get(source_id.as_str()).copied().unwrap_or_default().to_owned();
                books.pages.push(Page { known, business_id, source_id: source_id.clone(), is_changed: false });
                books.pages.len() - 1
            });
            books.index.insert((source_id, reference), place);
        }
        Ok(books)
    }

    /// The sale that an event is of, a new one if none is known. Sales that the event puts together become one; the second
    /// value is the lead of the one that went, if it is another than that of the one that stays.
    pub fn find(&mut self, s: &Submission, event: &Payment, random: &Random) -> (usize, Option<Buyer>) {
        let source = s.card.source.id.as_str();
        let references = references(s, event);
        let key = |reference: &String| (source.to_owned(), reference.clone());
        let mut places: Vec<usize> = references.iter().filter_map(|r| self.index.get(&key(r)).copied()).collect();
        places.sort_by_key(|place| (self.pages[*place].known.sale.created_at, *place));
        places.dedup();
        let place = places.first().copied().unwrap_or_else(|| {
            self.pages.push(Page {
                known: Known {
                    sale: Sale::new(new_id(random, s.received_at), &event.money.currency, s.received_at),
                    lead: None,
                },
                business_id: s.card.business.id.to_string(),
                source_id: source.to_owned(),
                is_changed: true,
            });
            self.pages.len() - 1
        });
        let mut other = None;
        for gone in places.into_iter().skip(1).collect::<BTreeSet<_>>() {
            other = self.absorb(gone, place).or(other);
        }
        for reference in references {
            if self.index.insert((source.to_owned(), reference.clone()), place) != Some(place) {
                self.fresh.push((source.to_owned(), reference, place));
            }
        }
        (place, other)
    }

    fn absorb(&mut self, gone: usize, into: usize) -> Option<Buyer> {
        let Known { sale, lead } = self.pages[gone].known.clone();
        let page = &mut self.pages[into];
        page.known.sale.absorb(&sale);
        page.is_changed = true;
        let other = match (&page.known.lead, lead) {
            (None, lead) => {
                page.known.lead = lead;
                None
            }
            (Some(kept), lead) => lead.filter(|lead| lead.lead_id != kept.lead_id),
        };
        self.pages[gone].is_changed = false;
        for place in self.index.values_mut().chain(self.fresh.iter_mut().map(|(_, _, place)| place)) {
            if *place == gone {
                *place = into;
            }
        }
        self.gone.push((sale.id, into));
        other
    }

    /// What an event says that was not known.
    pub fn hear(&mut self, place: usize, s: &Submission, event: &Payment) -> Heard {
        let source = s.card.source.id.as_str();
        if let Some(refund) = refund(s, event) {
            if self.index.insert((source.to_owned(), refund.clone()), place).is_some() {
                return Heard::Nothing;
            }
            self.fresh.push((source.to_owned(), refund, place));
        }
        let page = &mut self.pages[place];
        let before = page.known.sale.clone();
        let heard = page.known.sale.hear(event, s.received_at);
        page.is_changed |= page.known.sale != before;
        heard
    }

    /// The sale.
    pub fn sale(&self, place: usize) -> &Sale {
        &self.pages[place].known.sale
    }

    /// Its lead.
    pub fn buyer(&self, place: usize) -> Option<&Buyer> {
        self.pages[place].known.lead.as_ref()
    }

    /// The sale is this person's.
    pub fn belongs_to(&mut self, place: usize, buyer: Buyer) {
        let page = &mut self.pages[place];
        page.is_changed |= page.known.lead.as_ref().is_none_or(|lead| lead.lead_id != buyer.lead_id);
        page.known.lead = Some(buyer);
    }

    /// The customer was thanked, or need not be.
    pub fn thanked(&mut self, place: usize, at: i64) {
        let page = &mut self.pages[place];
        page.known.sale.thanked_at = Some(at);
        page.is_changed = true;
    }

    /// A lead turned out to be a part of another one.
    pub fn fold(&mut self, gone: &str, into: &str) {
        for page in &mut self.pages {
            if let Some(lead) = page.known.lead.as_mut().filter(|lead| lead.lead_id == gone) {
                into.clone_into(&mut lead.lead_id);
                page.is_changed = true;
            }
        }
    }

    /// Whether a lead that is known here left the box for texts unticked.
    pub fn wants_no_texts(&self, lead_id: &str) -> bool {
        let mut leads = self.pages.iter().filter_map(|page| page.known.lead.as_ref());
        leads.any(|lead| lead.lead_id == lead_id && lead.wants_no_texts)
    }

    /// Writes what has changed; `folds` are leads that went into others.
    pub async fn close(&self, conn: &mut Conn, folds: &[(String, String)]) -> Result<(), sqlx::Error> {
        let changed = self.pages.iter().filter(|page| page.is_changed);
        let entries: Vec<Entry<'_>> = changed
            .map(|page| Entry {
                sale: &page.known.sale,
                business_id: &page.business_id,
                source_id: &page.source_id,
                lead_id: page.known.lead.as_ref().map(|lead| lead.lead_id.as_str()),
            })
            .collect();
        payments::keep(conn, &entries).await?;
        for (gone, into) in &self.gone {
            payments::absorb(conn, gone, &self.pages[*into].known.sale.id).await?;
        }
        let fresh = self.fresh.iter().map(|(source, id, place)| (source.as_str(), id.as_str(), *place));
        let fresh: BTreeSet<(&str, &str, usize)> = fresh.collect();
        let fresh: Vec<(&str, &str, &str)> =
            fresh.iter().map(|(source, id, place)| (*source, *id, self.pages[*place].known.sale.id.as_str())).collect();
        payments::refer(conn, &fresh).await?;
        for (gone, into) in folds {
            payments::fold(conn, gone, into).await?;
        }
        Ok(())
    }
}
