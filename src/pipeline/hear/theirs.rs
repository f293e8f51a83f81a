//! A lead texts. Its words go on its timeline and to whoever has it, else to those who are told first. Three texts are more
//! than words: URGENT calls all who are told first at once; STATUS or ORDER asks for the state of a payment; and words that
//! ask for silence stop what is sent by itself, and a person is asked.

use super::InboundText;
use super::texts::Desk;
use crate::base::clock::HOUR_MS;
use crate::base::ids::{BusinessId, LeadId, PersonId, new_code};
use crate::db::Conn;
use crate::lead::record::Lead;
use crate::lead::shop::{Business, Person, store as shops};
use crate::lead::silence::asks_for_silence;
use crate::lead::state::State;
use crate::lead::store::intake::{NewLink, insert_events, insert_links};
use crate::lead::store::{digits, inbound, payments, read};
use crate::outbox::store::asked;
use crate::outbox::store::enqueue::enqueue;
use crate::reply::{self, AlertTo, FromLead};

/// All are called by URGENT once in so many milliseconds; a bare one that comes sooner is noted, and nobody is told again.
const URGENT_EVERY_MS: i64 = HOUR_MS;
/// How often a number may ask for the state of its payments in a day. Whoever asks is answered, unlike by the one automatic
/// text a day; but two machines that answer each other must come to an end.
const STATES_A_DAY: i64 = 3;
/// What stands beside a message that was called off.
const PAUSED: &str = "They asked us in their own words to stop. Nothing goes out by itself.";

/// What a lead's text asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// It is words.
    Nothing,
    /// To be heard at once; `bare`: without a word more.
    Now {
        /// Nothing but the one word.
        bare: bool,
    },
    /// How a payment stands.
    State,
    /// To be left alone.
    Silence,
}

impl Desk<'_> {
    pub(super) async fn wrote_back(
        &self,
        c: &mut Conn,
        text: &InboundText,
        lead: &str,
        business: &str,
    ) -> Result<(), sqlx::Error> {
        inbound::replied(c, lead, self.now).await?;
        insert_events(c, &[(business, lead, self.now, "replied", Some(text.body.clone()))]).await?;
        let id = BusinessId::from(business);
        let Some(shop) = shops::business_in(c, &id).await? else { return Ok(()) };
        let Some(lead) = read::one_in(c, &id, &LeadId::from(lead)).await? else { return Ok(()) };
        match asks(&text.body) {
            Asks::Silence => self.silence(c, &shop, &lead, text).await,
            Asks::State if self.states(c, &shop, &lead, text).await? => Ok(()),
            Asks::Now { bare } => self.urgent(c, &shop, &lead, text, bare).await,
            Asks::State | Asks::Nothing => self.tell(c, &shop, &lead, text, None).await,
        }
    }

    /// Calls off what would go out by itself, and asks a person.
    async fn silence(&self, c: &mut Conn, shop: &Business, lead: &Lead, text: &InboundText) -> Result<(), sqlx::Error> {
        inbound::call_off(c, &shop.id, &text.from, PAUSED).await?;
        inbound::pause(c, &shop.id, &text.from, self.now).await?;
        insert_events(c, &[(shop.id.as_str(), lead.id.as_str(), self.now, "note", Some(PAUSED.to_owned()))]).await?;
        self.tell(c, shop, lead, text, Some(FromLead::Silence)).await
    }

    /// Answers with the state of the newest payments. `false`: there are none, or it was asked too often.
    async fn states(
        &self,
        c: &mut Conn,
        shop: &Business,
        lead: &Lead,
        text: &InboundText,
    ) -> Result<bool, sqlx::Error> {
        let Some(phone) = &lead.phone else { return Ok(false) };
        let sales = payments::newest_of(c, &shop.id, phone.as_str()).await?;
        if sales.is_empty()
            || read::has_opted_out_in(c, &shop.id, phone.as_str()).await?
            || asked::states_told(c, &shop.id, phone.as_str(), self.now).await? >= STATES_A_DAY
        {
            return Ok(false);
        }
        let draft = reply::payments_told(shop, &lead.id, phone, &sales, &text.vendor_id, self.now, self.random);
        enqueue(c, &[draft]).await?;
        Ok(true)
    }

    async fn urgent(
        &self,
        c: &mut Conn,
        shop: &Business,
        lead: &Lead,
        text: &InboundText,
        bare: bool,
    ) -> Result<(), sqlx::Error> {
        let (business, id) = (shop.id.as_str(), lead.id.as_str());
        if inbound::happened_since(c, id, "urgent", self.now - URGENT_EVERY_MS).await? {
            return if bare { Ok(()) } else { self.tell(c, shop, lead, text, None).await };
        }
        insert_events(c, &[(business, id, self.now, "urgent", None)]).await?;
        self.tell(c, shop, lead, text, Some(FromLead::Urgent)).await
    }

    /// Tells whoever has the lead; if nobody has, or it is urgent, all who are told first. `what` none: it wrote back.
    async fn tell(
        &self,
        c: &mut Conn,
        shop: &Business,
        lead: &Lead,
        text: &InboundText,
        what: Option<FromLead>,
    ) -> Result<(), sqlx::Error> {
        let people = shops::people_in(c, &shop.id).await?;
        let holder = lead.held_by.as_ref().and_then(|holder| holder.person.clone());
        for person in whom(&people, holder.as_ref(), what == Some(FromLead::Urgent)) {
            let code = new_code(self.random);
            // What is closed has no page without a sign-in.
            let link = match lead.state {
                State::Closed => format!("{}/b/{}/leads/{}", self.public_url, shop.slug, lead.id),
                _ => format!("{}/l/{code}", self.public_url),
            };
            insert_links(
                c,
                &[NewLink {
                    code: &code,
                    business_id: &shop.id,
                    lead_id: &lead.id,
                    person_id: &person.id,
                    digit: None,
                    at: self.now,
                }],
            )
            .await?;
            // Words of theirs do not go to a lead that is over.
            let is_theirs = holder.as_ref() == Some(&person.id) && lead.state != State::Closed;
            let to = AlertTo {
                id: person.id.clone(),
                phone: person.phone.clone(),
                email: person.email.clone(),
                ring: None,
                code,
                digit: digits::digit_of(c, &person.id, &lead.id, self.now).await?,
            };
            let what = what.unwrap_or(FromLead::Reply { is_theirs });
            let inbound = &text.vendor_id;
            let draft = reply::from_lead(what, shop, lead, &to, &text.body, inbound, &link, self.now, self.random);
            enqueue(c, draft.as_slice()).await?;
        }
        Ok(())
    }
}

/// The holder alone, if there is one who can be reached; else, or if it is `urgent` as well, those who are told first.
fn whom<'a>(people: &'a [Person], holder: Option<&PersonId>, urgent: bool) -> Vec<&'a Person> {
    let first = people.iter().map(|p| p.position).min();
    let can_be_reached = |p: &&Person| p.phone.is_some() || p.email.is_some();
    let has_it = |p: &&Person| Some(&p.id) == holder;
    let held = people.iter().filter(has_it).any(|p| can_be_reached(&p));
    people.iter().filter(|p| has_it(p) || ((urgent || !held) && Some(p.position) == first)).collect()
}

/// Whether a text asks how a payment stands.
pub(super) fn asks_for_state(text: &str) -> bool {
    asks(text) == Asks::State
}

fn asks(text: &str) -> Asks {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_uppercase);
    let (first, second) = (words.next(), words.next());
    match (first.as_deref(), second.as_deref(), words.next()) {
        (Some("URGENT"), second, _) => Asks::Now { bare: second.is_none() },
        (Some("STATUS" | "ORDER"), None, _) | (Some("ORDER"), Some("STATUS"), None) => Asks::State,
        _ if asks_for_silence(text) => Asks::Silence,
        _ => Asks::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_texts_are_more_than_words() {
        for (text, wanted) in [
            ("URGENT", Asks::Now { bare: true }),
            ("urgent!!", Asks::Now { bare: true }),
            ("Urgent, water everywhere", Asks::Now { bare: false }),
            ("It is not urgent", Asks::Nothing),
            ("STATUS", Asks::State),
            (" order? ", Asks::State),
            ("Order status", Asks::State),
            ("Status of the boiler please", Asks::Nothing),
            ("I want to order a boiler", Asks::Nothing),
            ("please stop texting me", Asks::Silence),
            ("Can you come at 4?", Asks::Nothing),
            ("", Asks::Nothing),
        ] {
            assert_eq!(asks(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn whoever_has_a_lead_hears_of_it_and_everybody_who_is_told_first_if_nobody_has() {
        let person = |id: &str, position: i64, phone: Option<&str>| Person {
            id: id.into(),
            business_id: "b".into(),
            name: id.to_owned(),
            phone: phone.map(str::to_owned),
            email: None,
            position,
            created_at: 0,
        };
        let people = [
            person("dave", 0, Some("+1")),
            person("eve", 0, Some("+2")),
            person("ana", 1, Some("+3")),
            person("mute", 2, None),
        ];
        let told = |holder: Option<&str>, urgent| -> Vec<String> {
            let holder = holder.map(PersonId::from);
            whom(&people, holder.as_ref(), urgent).iter().map(|p| p.id.to_string()).collect()
        };

        assert_eq!(told(None, false), ["dave", "eve"]);
        assert_eq!(told(Some("ana"), false), ["ana"]);
        assert_eq!(told(Some("ana"), true), ["dave", "eve", "ana"]);
        assert_eq!(told(Some("mute"), false), ["dave", "eve", "mute"]);
        assert_eq!(told(Some("gone"), false), ["dave", "eve"]);
    }
}
