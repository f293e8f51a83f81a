//! A telephone that rings: it is picked up or not, a key is pressed or a voicemail listens, and at the other end of the
//! line the lead's telephone does the same.

use super::fake_calls::Placed;
use super::fake_twilio::{ACCOUNT, AUTH_TOKEN};
use super::shop::Shop;
use super::twilio_wire::Signed;

/// One call to one of us, as Twilio goes through it.
pub struct Ringing<'a> {
    shop: &'a Shop,
    pub call: Placed,
    /// What Twilio was told to do last.
    pub twiml: String,
}

impl Shop {
    /// The oldest call to this number that nobody expected yet.
    pub fn rings(&self, number: &str) -> Ringing<'_> {
        let calls = self.twilio.placed();
        let mut seen = self.seen.calls.lock().unwrap();
        let next = calls.iter().enumerate().find(|(n, call)| call.to == number && !seen.contains(n));
        let Some((n, call)) = next else { panic!("{number} does not ring") };
        seen.insert(n);
        Ringing { shop: self, call: call.clone(), twiml: String::new() }
    }

    /// No telephone of ours has rung that was not expected to.
    pub fn nothing_rings(&self) {
        assert_eq!(self.unexpected_calls(), Vec::new());
    }
}

/// What is said, in its order.
pub fn said(twiml: &str) -> Vec<&str> {
    let parts = twiml.split("<Say>").skip(1);
    parts.filter_map(|part| part.split("</Say>").next()).collect()
}

/// An attribute, as XML has it.
pub fn attribute(twiml: &str, name: &str) -> String {
    let start = format!(" {name}=\"");
    let rest = twiml.split_once(&start).unwrap_or_else(|| panic!("no {name} in {twiml}")).1;
    rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
}

/// TwiML without what is drawn anew in every house.
pub fn plain(twiml: &str) -> String {
    let mut parts = twiml.split("?m=");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(['"', '&']).unwrap_or(part.len());
        plain.push_str("?m=<mark>");
        plain.push_str(&part[end..]);
    }
    plain
}

impl Ringing<'_> {
    /// A signed request about this call; what Twilio is told in answer.
    pub async fn asks(&self, url: &str, more: &[(&str, &str)]) -> String {
        let answer = self.shop.hears(&self.signed(url, more)).await;
        assert_eq!(answer.status, 200, "{url}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "text/xml");
        answer.text
    }

    pub fn signed(&self, url: &str, more: &[(&str, &str)]) -> Signed {
        let mut fields = vec![
            ("AccountSid", ACCOUNT),
            ("ApiVersion", "2010-04-01"),
            ("CallSid", self.call.sid.as_str()),
            ("Direction", "outbound-api"),
            ("From", self.call.from.as_str()),
            ("To", self.call.to.as_str()),
        ];
        fields.extend(more);
        Signed::new(AUTH_TOKEN, url, &fields)
    }

    /// Somebody picks up. Returns what they hear.
    pub async fn picks_up(&mut self) -> Vec<String> {
        self.status("in-progress", &[]).await;
        self.twiml = self.asks(&self.call.url, &[("CallStatus", "in-progress")]).await;
        said(&self.twiml).into_iter().map(str::to_owned).collect()
    }

    /// They press a key. Returns what they hear.
    pub async fn presses(&mut self, digit: &str) -> Vec<String> {
        let action = attribute(&self.twiml, "action");
        self.twiml = self.asks(&action, &[("CallStatus", "in-progress"), ("Digits", digit)]).await;
        said(&self.twiml).into_iter().map(str::to_owned).collect()
    }

    /// How the call goes, as its status callback tells.
    pub async fn status(&self, word: &str, more: &[(&str, &str)]) {
        let mut fields = vec![("CallStatus", word)];
        fields.extend(more);
        let url = self.call.status_callback.clone().expect("a callback address");
        self.asks(&url, &fields).await;
    }

    /// A voicemail picks up, hears what is said, and presses nothing. Returns what it has on its tape.
    pub async fn voicemail(&mut self) -> Vec<String> {
        let heard = self.picks_up().await;
        self.hangs_up().await;
        heard
    }

    /// It rings until Twilio gives up.
    pub async fn is_not_answered(&self) {
        self.status("no-answer", &[]).await;
    }

    pub async fn hangs_up(&self) {
        self.status("completed", &[("CallDuration", "31")]).await;
    }

    /// What Twilio tells of the lead's end of the line.
    async fn of_the_lead(&self, url: &str, more: &[(&str, &str)]) {
        let answer = {
            let mut fields = vec![
                ("AccountSid", ACCOUNT),
                ("CallSid", "CA000000000000000000000000000000ff"),
                ("ParentCallSid", self.call.sid.as_str()),
                ("Direction", "outbound-dial"),
            ];
            fields.extend(more);
            self.shop.hears(&Signed::new(AUTH_TOKEN, url, &fields)).await
        };
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// The lead's telephone is picked up.
    pub async fn lead_picks_up(&self) {
        self.of_the_lead(&attribute(&self.twiml, "statusCallback"), &[("CallStatus", "in-progress")]).await;
    }

    /// The lead's end is over. Returns what whoever is left on the line hears.
    pub async fn lead_ends(&mut self, word: &str, secs: &str) -> Vec<String> {
        let leg = attribute(&self.twiml, "statusCallback");
        let more = [("CallStatus", word), ("CallDuration", secs)];
        self.of_the_lead(&leg, if secs.is_empty() { &more[..1] } else { &more }).await;
        let action = attribute(&self.twiml, "action");
        let more = [("CallStatus", "in-progress"), ("DialCallStatus", word), ("DialCallDuration", secs)];
        self.twiml = self.asks(&action, &more).await;
        said(&self.twiml).into_iter().map(str::to_owned).collect()
    }
}
