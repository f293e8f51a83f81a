//! A text that came in, and whose it is.

use super::theirs::asks_for_state;
use crate::base::ids::BusinessId;
use crate::base::news::Change;
use crate::base::random::Random;
use crate::base::text::clean_text;
use crate::db::{Conn, WriteError};
use crate::lead::keyword::{Keyword, keyword, named};
use crate::lead::store::inbound::{self, NewInbound};
use crate::lead::store::intake::insert_events;
use crate::lead::store::silence;
use crate::pipeline::Pipeline;
use crate::pipeline::relaying::TEXT_MAX;

/// A text that came in, its signature already checked.
#[derive(Clone, Debug)]
pub struct InboundText {
    /// The vendor's id.
    pub vendor_id: String,
    /// Who wrote, E.164, or whatever the vendor gave.
    pub from: String,
    /// Our number.
    pub to: String,
    /// The words.
    pub body: String,
    /// How many pictures.
    pub media: i64,
    /// What the vendor took it for (`STOP`, `START`, `HELP`), if it says.
    pub opt_out_type: Option<String>,
}

impl Pipeline {
    /// Takes a text in: a keyword, one of us replying to an alert, a lead writing back, or somebody new.
    ///
    /// # Errors
    /// When the database cannot commit; the vendor should say it again.
    pub async fn hear_text(&self, text: InboundText) -> Result<Place, WriteError> {
        let now = self.clock.now_ms();
        let text = InboundText { body: clean_text(&text.body, TEXT_MAX), ..text };
        let random = std::sync::Arc::clone(&self.random);
        let (public_url, own_number) = (self.public_url.clone(), self.own_number.clone());
        let keys = self.keys.clone();
        let said = text.clone();
        let took = self
            .db
            .write(move |c| {
                Box::pin(async move {
                    silence::recall(c, &keys, std::iter::once(said.from.as_str())).await?;
                    let own_number = own_number.as_deref();
                    let desk = Desk { now, random: &random, public_url: &public_url, own_number, within: None };
                    desk.take_in(c, &said).await
                })
            })
            .await?;
        match took {
            Took::Heard { business: Some(business_id), .. } => {
                self.news.tell(Change { business_id: business_id.as_str().into(), new_lead: None });
            }
            Took::Stranger(business) => self.welcome(&business, &text, now).await?,
            Took::Heard { business: None, .. } => return Ok(Place::None),
            Took::Repeat => {}
        }
        self.outbox.nudge();
        Ok(Place::Known)
    }
}

/// Whether a text came to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// To a shop.
    Known,
    /// To a number that none of several shops has: it is stored, and nobody was told.
    None,
}

/// Takes texts in.
pub(in crate::pipeline) struct Desk<'a> {
    /// UTC milliseconds.
    pub now: i64,
    pub random: &'a Random,
    /// What links start with.
    pub public_url: &'a str,
    /// The number that our texts come from.
    pub own_number: Option<&'a str>,
    /// Whose number it came to, if that is known.
    pub within: Option<&'a str>,
}

/// What a text was to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pipeline) enum Took {
    /// It came before.
    Repeat,
    /// Its sender is nobody that this business knows, and it is no keyword: an enquiry. It is stored only if the desk knew
    /// the business from the start, and then it goes on down the road at once.
    Stranger(BusinessId),
    /// It was stored, and did what it asks.
    Heard { business: Option<String>, lead: Option<String> },
}

impl Desk<'_> {
    /// Stores the text and does what it asks.
    pub(in crate::pipeline) async fn take_in(&self, c: &mut Conn, text: &InboundText) -> Result<Took, sqlx::Error> {
        // The shop whose own number was written to comes before any other that knows the sender.
        let own = match self.within {
            Some(within) => Some(within.to_owned()),
            None => inbound::owner_of(c, &text.to).await?,
        };
        let opted_out = inbound::is_opted_out(c, &text.from, own.as_deref()).await?;
        let word = text.opt_out_type.as_deref().and_then(named).or_else(|| keyword(&text.body, opted_out));
        let mut person = inbound::person_by_phone(c, &text.from, own.as_deref()).await?;
        if person.is_none() && self.within.is_none() {
            person = inbound::person_by_phone(c, &text.from, None).await?;
        }
        // Silence and the state of a payment concern whoever it was, however long ago.
        let closed_since = match word {
            None if !asks_for_state(&text.body) => self.now - inbound::THANKS_FOR_MS,
            _ => i64::MIN,
        };
        let lead = match &person {
            Some(_) => None,
            None => match inbound::lead_by_phone(c, &text.from, own.as_deref(), closed_since).await? {
                None if self.within.is_none() => inbound::lead_by_phone(c, &text.from, None, closed_since).await?,
                found => found,
            },
        };
        // Nobody writes to us from our own numbers but ourselves: what comes from there is an answering machine of ours.
        let is_ours = person.is_none() && self.is_own(c, &text.from).await?;
        let business = person.as_ref().map(|p| p.1.clone()).or_else(|| lead.as_ref().map(|l| l.1.clone()));
        let business = match (business, self.within) {
            (Some(business), _) => Some(business),
            (None, Some(within)) => Some(within.to_owned()),
            (None, None) => inbound::home(c, &text.to).await?.map(|home| home.to_string()),
        };
        let is_stranger = word.is_none() && person.is_none() && lead.is_none() && !is_ours;
        if let (true, Some(home), None) = (is_stranger, &business, self.within) {
            let known = inbound::words(c, &text.vendor_id).await?.is_some();
            return Ok(if known { Took::Repeat } else { Took::Stranger(home.as_str().into()) });
        }
        let row = NewInbound {
            vendor_id: &text.vendor_id,
            business_id: business.as_deref(),
            lead_id: lead.as_ref().map(|l| l.0.as_str()),
            person_id: person.as_ref().map(|p| p.0.as_str()),
            sender: &text.from,
            recipient: &text.to,
            body: &text.body,
            media: text.media,
            keyword: word.map(Keyword::as_str),
            at: self.now,
        };
        if !inbound::insert(c, &row).await? {
            return Ok(Took::Repeat);
        }
        let from = crate::base::mask::phone(&text.from);
        let of = lead.as_ref().map(|(lead, _)| lead.clone());
        match (word, person, lead) {
            _ if is_ours => tracing::info!(%from, "a text from a number of our own; stored, and nobody was told"),
            (Some(word), _, lead) => self.obey(c, text, word, lead, business.as_deref(), own.as_deref()).await?,
            (None, Some(person), _) => self.one_of_us(c, text, person).await?,
            (None, None, Some((lead, business))) => self.wrote_back(c, text, &lead, &business).await?,
            (None, None, None) => match &business {
                Some(home) => return Ok(Took::Stranger(home.as_str().into())),
                None => tracing::warn!(
                    %from, to = %text.to,
                    "a text came to a number that none of the shops has; stored, and nobody was told. Give the shop that number, or its number a source of its own"
                ),
            },
        }
        Ok(Took::Heard { business, lead: of })
    }

    async fn is_own(&self, c: &mut Conn, number: &str) -> Result<bool, sqlx::Error> {
        Ok(self.own_number == Some(number) || inbound::is_a_shops(c, number).await?)
    }

    async fn obey(
        &self,
        c: &mut Conn,
        text: &InboundText,
        word: Keyword,
        lead: Option<(String, String)>,
        business: Option<&str>,
        own: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        let kind = match word {
            Keyword::Stop => {
                inbound::opt_out(c, &text.from, business, text.body.trim(), self.now).await?;
                "opted_out"
            }
            Keyword::Start if inbound::opt_in(c, &text.from, own).await? => "opted_in",
            Keyword::Start | Keyword::Help => return Ok(()),
        };
        if let Some((lead, business)) = lead {
            insert_events(c, &[(business.as_str(), lead.as_str(), self.now, kind, Some(text.body.clone()))]).await?;
        }
        Ok(())
    }
}
