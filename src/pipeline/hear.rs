//! What comes back: status news of our messages, and texts that people write to our number.

use super::Pipeline;
use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::base::news::Change;
use crate::base::text::clean_text;
use crate::db::{Conn, WriteError};
use crate::delivery::twilio_errors;
use crate::lead::contact::Phone;
use crate::lead::keyword::{Keyword, keyword, named};
use crate::lead::shop::store as shops;
use crate::lead::store::act::{self, Taken, Who};
use crate::lead::store::inbound::{self, NewInbound};
use crate::lead::store::intake::{NewLink, insert_events, insert_links};
use crate::lead::store::silence;
use crate::outbox::message::Draft;
use crate::outbox::store::enqueue::enqueue;
use crate::outbox::store::hear::{self, Heard, News};
use crate::reply::{self, AlertTo};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A status callback, its signature already checked.
#[derive(Clone, Debug)]
pub struct StatusNews {
    /// The message and attempt that our own tag names.
    pub message: Option<(String, i64)>,
    /// The vendor's id.
    pub vendor_id: String,
    /// The vendor's word.
    pub status: String,
    /// The vendor's error code, 0 for none.
    pub code: i64,
}

/// A text that came in, its signature already checked.
#[derive(Clone, Debug)]
pub struct InboundText {
    /// The vendor's id.
    pub vendor_id: String,
    /// Who wrote, E.164.
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
    /// Takes a vendor's news of one of our messages in: in any order, repeated.
    ///
    /// # Errors
    /// When the database cannot commit; the vendor should say it again.
    pub async fn hear_status(&self, news: StatusNews) -> Result<Heard, WriteError> {
        let at = self.clock.now_ms();
        let news = News {
            reason: (news.code != 0).then(|| twilio_errors::sentence(news.code)),
            opted_out: news.code == 21610,
            message: news.message,
            vendor_id: news.vendor_id,
            status: news.status,
            code: news.code,
            at,
        };
        let heard = self.db.write(move |c| Box::pin(async move { hear::hear(c, &news).await })).await?;
        if let Heard::Moved(business) = &heard {
            self.news.tell(Change { business_id: business.as_str().into(), new_lead: None });
        }
        self.outbox.nudge();
        Ok(heard)
    }

    /// Takes a text in: a keyword, one of us replying to an alert, or a lead writing back.
    ///
    /// # Errors
    /// When the database cannot commit; the vendor should say it again.
    pub async fn hear_text(&self, text: InboundText) -> Result<(), WriteError> {
        let now = self.clock.now_ms();
        let (random, keys) = (std::sync::Arc::clone(&self.random), self.keys.clone());
        let public_url = self.public_url.clone();
        let told = self
            .db
            .write(move |c| {
                Box::pin(async move {
                    silence::recall(c, &keys, std::iter::once(text.from.as_str())).await?;
                    let text = InboundText { body: clean_text(&text.body, 1_600), ..text };
                    let desk = Desk { now, random: &random, public_url: &public_url, within: None };
                    desk.take_in(c, &text).await
                })
            })
            .await?;
        if let Took::Heard { business: Some(business_id), .. } = told {
            self.news.tell(Change { business_id: business_id.as_str().into(), new_lead: None });
        }
        self.outbox.nudge();
        Ok(())
    }
}

/// Takes texts in.
pub(super) struct Desk<'a> {
    /// UTC milliseconds.
    pub now: i64,
    pub random: &'a crate::base::random::Random,
    /// What links start with.
    pub public_url: &'a str,
    /// Whose number it came to, if that is known.
    pub within: Option<&'a str>,
}

/// What a text was to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Took {
    /// It came before.
    Repeat,
    /// Its sender is nobody that this business knows, and it is no keyword: nothing was done.
    Stranger,
    /// It was stored, and did what it asks.
    Heard { business: Option<String>, lead: Option<String> },
}

impl Desk<'_> {
    /// Stores the text and does what it asks.
    pub(super) async fn take_in(&self, c: &mut Conn, text: &InboundText) -> Result<Took, sqlx::Error> {
        let opted_out = inbound::is_opted_out(c, &text.from).await?;
        let word = text.opt_out_type.as_deref().and_then(named).or_else(|| keyword(&text.body, opted_out));
        let person = inbound::person_by_phone(c, &text.from, self.within).await?;
        let lead = if person.is_some() { None } else { inbound::lead_by_phone(c, &text.from, self.within).await? };
        if self.within.is_some() && word.is_none() && person.is_none() && lead.is_none() {
            return Ok(Took::Stranger);
        }
        let business = person.as_ref().map(|p| p.1.clone()).or_else(|| lead.as_ref().map(|l| l.1.clone()));
        let business = business.or_else(|| self.within.map(str::to_owned));
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
        let of = lead.as_ref().map(|(lead, _)| lead.clone());
        match (word, person, lead) {
            (Some(word), _, lead) => self.obey(c, text, word, lead).await?,
            (None, Some(person), _) => self.one_of_us(c, text, person).await?,
            (None, None, Some((lead, business))) => self.wrote_back(c, text, &lead, &business).await?,
            (None, None, None) => {
                tracing::info!(from = %crate::base::mask::phone(&text.from), "a text from a number that no lead has; stored")
            }
        }
        Ok(Took::Heard { business, lead: of })
    }

    async fn obey(
        &self,
        c: &mut Conn,
        text: &InboundText,
        word: Keyword,
        lead: Option<(String, String)>,
    ) -> Result<(), sqlx::Error> {
        let kind = match word {
            Keyword::Stop => {
                inbound::opt_out(c, &text.from, self.within, text.body.trim(), self.now).await?;
                "opted_out"
            }
            Keyword::Start if inbound::opt_in(c, &text.from).await? => "opted_in",
            Keyword::Start | Keyword::Help => return Ok(()),
        };
        if let Some((lead, business)) = lead {
            insert_events(c, &[(business.as_str(), lead.as_str(), self.now, kind, Some(text.body.clone()))]).await?;
        }
        Ok(())
    }

    /// The lead's words go on its timeline, and to whoever is told first.
    async fn wrote_back(
        &self,
        c: &mut Conn,
        text: &InboundText,
        lead: &str,
        business: &str,
    ) -> Result<(), sqlx::Error> {
        inbound::replied(c, lead, self.now).await?;
        insert_events(c, &[(business, lead, self.now, "replied", Some(text.body.clone()))]).await?;
        let Some((name, phone, email)) = inbound::who(c, lead).await? else { return Ok(()) };
        let id = BusinessId::from(business);
        let Some(shop) = shops::business_in(c, &id).await? else { return Ok(()) };
        let contact = phone.map(|p| Phone::from_stored(p).national(&shop.country)).or(email);
        let people = shops::people_in(c, &id).await?;
        let first = people.iter().map(|p| p.position).min();
        for person in people.iter().filter(|p| Some(p.position) == first) {
            let code = crate::base::ids::new_code(self.random);
            let link = format!("{}/l/{code}", self.public_url);
            insert_links(
                c,
                &[NewLink {
                    code: &code,
                    business_id: business,
                    lead_id: lead,
                    person_id: &person.id,
                    digit: None,
                    at: self.now,
                }],
            )
            .await?;
            let to = AlertTo {
                id: person.id.clone(),
                phone: person.phone.clone(),
                email: person.email.clone(),
                code,
                digit: None,
            };
            let draft = reply::inbound_alert(
                &shop,
                &LeadId::from(lead),
                &to,
                name.as_deref(),
                contact.as_deref(),
                &text.body,
                &text.vendor_id,
                &link,
                self.now,
                self.random,
            );
            enqueue(c, draft.as_slice()).await?;
        }
        Ok(())
    }

    /// One of us replied to an alert: a digit takes, a digit with X hands back.
    async fn one_of_us(
        &self,
        c: &mut Conn,
        text: &InboundText,
        person: (String, String, String),
    ) -> Result<(), sqlx::Error> {
        let (person_id, business_id, name) = person;
        let business = BusinessId::from(business_id);
        let Some(shop) = shops::business_in(c, &business).await? else { return Ok(()) };
        let who = Who { name, person: Some(PersonId::from(person_id.as_str())) };
        let (digit, back) = command(&text.body);
        let lead = match digit {
            Some(digit) => inbound::lead_by_digit(c, &person_id, i64::from(digit), self.now).await?,
            None => None,
        };
        let (Some(digit), Some(lead)) = (digit, lead) else {
            let waiting = inbound::waiting_digits(c, &person_id, self.now).await?;
            let waiting: Vec<(u8, String)> =
                waiting.into_iter().filter_map(|(d, n)| Some((u8::try_from(d).ok()?, n))).collect();
            return self.answer(c, &business, None, &person_id, text, reply::words::not_understood(&waiting)).await;
        };
        let lead = LeadId::from(lead);
        let (name, phone, email) = inbound::who(c, &lead).await?.unwrap_or_default();
        let contact = phone.map(|p| Phone::from_stored(p).national(&shop.country)).or(email);
        let words = if back {
            act::hand_back(c, &business, &lead, &who, self.now).await?;
            reply::words::handed_back(name.as_deref())
        } else {
            self.take(c, &business, &lead, &who, digit, text).await?.map_or_else(
                || reply::words::yours(name.as_deref(), contact.as_deref(), digit),
                |(other, at)| {
                    reply::words::someone_was_first(&other, name.as_deref(), &clock(at, &shop.timezone), digit)
                },
            )
        };
        self.answer(c, &business, Some(&lead), &person_id, text, words).await
    }

    /// Takes the lead for one of us; or says who has it, and since when. Who was told so and sends the same digit
    /// again gets it anyway.
    async fn take(
        &self,
        c: &mut Conn,
        business: &BusinessId,
        lead: &LeadId,
        who: &Who,
        digit: u8,
        text: &InboundText,
    ) -> Result<Option<(String, i64)>, sqlx::Error> {
        let taken = act::take(c, business, lead, who, false, self.now).await?;
        let (Some(Taken::AlreadyBy { name, at }), Some(person)) = (taken, &who.person) else { return Ok(None) };
        if !inbound::sent_digit_since(c, person.as_str(), i64::from(digit), at, &text.vendor_id).await? {
            return Ok(Some((name, at)));
        }
        act::take(c, business, lead, who, true, self.now).await?;
        Ok(None)
    }

    async fn answer(
        &self,
        c: &mut Conn,
        business: &BusinessId,
        lead: Option<&LeadId>,
        person: &str,
        text: &InboundText,
        words: String,
    ) -> Result<(), sqlx::Error> {
        let draft: Draft = reply::took_it(
            business,
            lead,
            &PersonId::from(person),
            &text.from,
            words,
            &text.vendor_id,
            self.now,
            self.random,
        );
        enqueue(c, &[draft]).await
    }
}

/// `1` takes, `1X` hands back.
fn command(body: &str) -> (Option<u8>, bool) {
    let body: Vec<char> = body.chars().filter(|c| !c.is_whitespace()).collect();
    let digit = |c: &char| c.to_digit(10).and_then(|d| u8::try_from(d).ok()).filter(|d| *d > 0);
    match body.as_slice() {
        [d] => (digit(d), false),
        [d, 'x' | 'X'] => (digit(d), true),
        _ => (None, false),
    }
}

fn clock(at: i64, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Timestamp::from_millisecond(at)
        .map_or_else(|_| String::new(), |t| t.to_zoned(zone).strftime("%-I:%M %P").to_string())
}
