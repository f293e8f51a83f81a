//! Who paid, and how much: real leads with money that came within 30 days of their arrival and was not given back.

use super::rows::{Arrived, Row};
use crate::base::clock::DAY_MS;
use crate::base::counts::grouped;
use crate::base::money::Money;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How long after a lead's arrival a payment counts as its own, in milliseconds.
pub const COUNTS_FOR_MS: i64 = 30 * DAY_MS;

/// The payments of a span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paid {
    /// Real leads that paid. The share is of all real leads: one that may still pay counts against it.
    pub leads: usize,
    /// What they paid, less what was given back; one sum per currency, in the order of their codes.
    pub sums: Vec<Money>,
}

impl Paid {
    /// `6 of 38 paid, $1,350 together.`; nothing where nobody paid. `of` real leads.
    pub fn words(&self, of: usize) -> Option<String> {
        let sums: Vec<String> = self.sums.iter().map(Money::brief).collect();
        let together = if self.leads > 1 { " together" } else { "" };
        let grouped = |n: usize| grouped(u64::try_from(n).unwrap_or(u64::MAX));
        let words = || format!("{} of {} paid, {}{together}.", grouped(self.leads), grouped(of), sums.join(" and "));
        (self.leads > 0).then(words)
    }
}

/// Counts everything that arrived.
pub fn paid(arrived: &Arrived) -> Paid {
    let real: HashMap<&str, &Row> = arrived.real().map(|row| (row.id.as_str(), row)).collect();
    let mut leads = HashSet::new();
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for payment in arrived.payments.iter().filter(|payment| payment.minor > 0) {
        let Some(row) = real.get(payment.lead_id.as_str()) else { continue };
        if payment.paid_at - row.received_at <= COUNTS_FOR_MS {
            leads.insert(row.id.as_str());
            let sum = sums.entry(&payment.currency).or_default();
            *sum = sum.saturating_add(payment.minor);
        }
    }
    let sums = sums.into_iter().map(|(currency, minor)| Money { minor, currency: currency.to_owned() });
    Paid { leads: leads.len(), sums: sums.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rows::Payment;
    use crate::stats::sample::{ARRIVED, waiting};

    #[test]
    fn a_table_small_enough_to_count_by_hand() {
        let lead = |id: &str| Row { id: id.to_owned(), ..waiting() };
        let payment = |lead: &str, after_ms: i64, minor: i64, currency: &str| Payment {
            lead_id: lead.to_owned(),
            paid_at: ARRIVED + after_ms,
            minor,
            currency: currency.to_owned(),
        };
        let arrived = Arrived {
            leads: vec![
                lead("maria"),
                lead("tom"),
                lead("never"),
                Row { is_test: true, ..lead("test") },
                Row { reachable: false, ..lead("nobody") },
            ],
            repeats: Vec::new(),
            payments: vec![
                payment("maria", 0, 14_999, "USD"),
                payment("maria", COUNTS_FOR_MS, 5_001, "USD"),
                payment("maria", COUNTS_FOR_MS + 1, 70_000, "USD"),
                payment("tom", 5, 5_000, "JPY"),
                payment("never", 5, 0, "USD"),
                payment("test", 5, 100, "USD"),
                payment("nobody", 5, 100, "USD"),
            ],
        };

        let told = paid(&arrived);

        let money = |minor, currency: &str| Money { minor, currency: currency.to_owned() };
        assert_eq!(told, Paid { leads: 2, sums: vec![money(5_000, "JPY"), money(20_000, "USD")] });
    }
}
