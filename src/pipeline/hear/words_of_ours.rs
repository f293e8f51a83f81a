//! Words of one of us that are no command: to the lead that they took last, from the shop's number. Where several leads may
//! be meant nothing is guessed: they are asked, and the digit that they reply sends the words that we have kept.

use super::ours::{Said, Talk};
use crate::base::ids::LeadId;
use crate::db::Conn;
use crate::lead::store::held::{self, Held, Whom};
use crate::lead::store::inbound;
use crate::lead::store::intake::digits;
use crate::outbox::store::asked;
use crate::pipeline::relaying::{self, Relayed, Words};
use crate::reply::words_ours;

impl Talk<'_> {
    pub(super) async fn words(&self, c: &mut Conn) -> Result<Option<Said>, sqlx::Error> {
        let held = held::of_person(c, &self.shop.id, &self.person, self.desk.now).await?;
        match held::whom(&held) {
            Whom::Nobody => self.not_understood(c).await,
            Whom::Which(several) => self.which(c, &several).await,
            Whom::One(one) => {
                let (id, words) = (self.text.vendor_id.clone(), self.text.body.clone());
                let said = self.relay(c, one.lead.clone(), &id, words).await?;
                match said {
                    None if self.text.media > 0 => {
                        let (name, _) = self.called(c, &one.lead).await?;
                        Ok(Said::about(one.lead.clone(), words_ours::no_pictures(&name, true)))
                    }
                    said => Ok(said),
                }
            }
        }
    }

    /// A picture without words.
    pub(super) async fn picture(&self, c: &mut Conn) -> Result<Option<Said>, sqlx::Error> {
        let held = held::of_person(c, &self.shop.id, &self.person, self.desk.now).await?;
        match held::whom(&held) {
            Whom::Nobody => self.not_understood(c).await,
            Whom::One(Held { lead, name, .. }) => Ok(Said::about(lead.clone(), words_ours::no_pictures(name, false))),
            Whom::Which(_) => Ok(Some(Said { lead: None, words: words_ours::no_pictures("", false), step: None })),
        }
    }

    /// Asks which lead is meant. The numbers are the digits by which the leads were taken where they are still free, and none
    /// that takes a lead that waits.
    async fn which(&self, c: &mut Conn, several: &[&Held]) -> Result<Option<Said>, sqlx::Error> {
        let used = digits(c, &[self.person.as_str()], self.desk.now).await?;
        let used = used.get(self.person.as_str()).map_or(&[][..], Vec::as_slice);
        let free = (1..=9u8).filter(|digit| !used.contains(digit));
        let listed: Vec<(u8, &Held)> = free.zip(several.iter().copied()).collect();
        if listed.len() < several.len().min(2) {
            return self.not_understood(c).await;
        }
        let names: Vec<(u8, String)> = listed.iter().map(|(digit, held)| (*digit, held.name.clone())).collect();
        let means: Vec<String> = listed.iter().map(|(digit, held)| format!("{digit}={}", held.lead)).collect();
        let step = format!("which:{}:{}", self.text.vendor_id, means.join(","));
        Ok(Some(Said { lead: None, words: words_ours::which_one(&names), step: Some(step) }))
    }

    /// The answer to "Which one is it for?", if that was asked last: the kept words go there, once.
    pub(super) async fn chosen(&self, c: &mut Conn, digit: u8) -> Result<Option<Option<Said>>, sqlx::Error> {
        let asked_last = asked::which(c, &self.shop.id, &self.person, self.desk.now).await?;
        let Some(step) = asked_last else { return Ok(None) };
        let Some((text, lead)) = meant(&step, digit) else { return Ok(None) };
        let relayed = asked::was_relayed(c, &self.shop.id, &relay_step(text), self.an_hour_ago()).await?;
        let Some(words) = inbound::words(c, text).await?.filter(|_| !relayed) else { return Ok(None) };
        Ok(Some(self.relay(c, lead, text, words).await?))
    }

    /// Sends the words of a text on; says something only if they did not go.
    async fn relay(&self, c: &mut Conn, lead: LeadId, text: &str, words: String) -> Result<Option<Said>, sqlx::Error> {
        let step = Some(relay_step(text));
        let words = Words { business: self.shop.id.clone(), lead: lead.clone(), who: self.who.clone(), words, step };
        let relayed = relaying::relay(c, words, self.desk.now, self.desk.random).await?;
        let (name, email) = self.called(c, &lead).await?;
        match relayed {
            Some(Relayed::Queued) => Ok(None),
            Some(Relayed::OptedOut) => Ok(Said::about(lead, words_ours::they_opted_out(&name))),
            Some(Relayed::NoNumber) => Ok(Said::about(lead, words_ours::no_number(&name, email.as_deref()))),
            None => self.not_understood(c).await,
        }
    }
}

/// Each text of ours is passed on once.
fn relay_step(text: &str) -> String {
    format!("text:{text}")
}

/// The text that was asked about, and the lead behind a digit: `which:{text}:{digit}={lead},…`.
fn meant(step: &str, digit: u8) -> Option<(&str, LeadId)> {
    let (text, means) = step.strip_prefix("which:")?.rsplit_once(':')?;
    let digit = digit.to_string();
    let (_, lead) = means.split(',').filter_map(|one| one.split_once('=')).find(|(d, _)| *d == digit)?;
    Some((text, LeadId::from(lead)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_means_the_lead_that_it_stood_for_when_it_was_asked() {
        let step = "which:SM1:1=a,3=b";

        assert_eq!(meant(step, 3), Some(("SM1", LeadId::from("b"))));
        assert_eq!(meant(step, 2), None);
        assert_eq!(meant("answer:SM1", 1), None);
    }
}
