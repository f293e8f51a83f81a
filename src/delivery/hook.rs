//! Requests to the hooks of a business: one POST, signed by Standard Webhooks, or shaped for ntfy or Slack.
//!
//! Any 2xx is an arrival, 410 means never again, everything else is tried later. At most 64 kB of the reply are read and
//! none of it is kept. <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use super::guard::{self, LookUp, Policy};
use super::{BadSetup, http};
use crate::base::Boxed;
use crate::base::clock::Clock;
use crate::base::keys::Keys;
use crate::lead::hook::Kind;
use crate::outbox::channel::{Channel, Found, HookAddress, Medium, Outcome, Outgoing};
use crate::outbox::store::hooks::GONE;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{KeyInit, Mac};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Request, Response};
use serde::Deserialize;
use std::sync::OnceLock;

/// What is read of a reply.
const MOST_REPLY: usize = 64 * 1024;

/// The channel. Its client is made when the first hook is called: most houses have none.
pub struct Hooks {
    client: OnceLock<Result<Client, BadSetup>>,
    policy: Policy,
    names: LookUp,
    keys: Keys,
    clock: Clock,
    is_closed: bool,
}

impl std::fmt::Debug for Hooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hooks({:?})", self.policy)
    }
}

impl Hooks {
    /// Calls what `policy` allows; `names` answers what addresses a name has.
    pub fn new(policy: Policy, names: LookUp, keys: Keys, clock: Clock) -> Self {
        Self { client: OnceLock::new(), policy, names, keys, clock, is_closed: false }
    }

    /// Calls nobody: for the made-up shop, where nothing leaves the machine.
    #[must_use]
    pub fn closed(mut self) -> Self {
        self.is_closed = true;
        self
    }

    async fn post(&self, message: &Outgoing) -> Outcome {
        if self.is_closed {
            return refused("In the demo nothing leaves this machine.");
        }
        let Some(address) = &message.hook else { return refused("This hook is switched off or removed.") };
        let request = match self.request(message, address) {
            Ok(request) => request,
            Err(why) => return not_sent(why),
        };
        let client = self.client.get_or_init(|| guard::client(self.policy, LookUp::clone(&self.names)));
        let client = match client {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(%error, "no hook can be called");
                return not_sent("Cannot be called from this machine; its log says why.");
            }
        };
        match client.execute(request).await {
            Ok(response) => judge(response).await,
            Err(error) => {
                let error = error.without_url();
                match guard::refusal(&error) {
                    Some(refused) => not_sent(refused.0),
                    None if error.is_timeout() => not_sent("It did not answer within ten seconds."),
                    None => {
                        tracing::debug!(to = %message.to, error = %http::chain(&error), "a hook was not reached");
                        not_sent("It could not be reached.")
                    }
                }
            }
        }
    }

    fn request(&self, message: &Outgoing, address: &HookAddress) -> Result<Request, &'static str> {
        const SEALED: &str = "The key file is not the one that sealed this address. Remove the hook and add it again.";
        let open = |sealed: &String| self.keys.open(sealed).map_err(|_| SEALED);
        let url = guard::checked(&open(&address.url_sealed)?, self.policy).map_err(|refused| refused.0)?;
        let secrets = address.secrets_sealed.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let kind = Kind::parse(&address.kind).unwrap_or(Kind::Webhook);
        let mut request = Request::new(Method::POST, url);
        let headers = request.headers_mut();
        let body = match kind {
            Kind::Webhook => {
                let seconds = self.clock.now_ms().div_euclid(1_000);
                sign(headers, message.id.as_str(), seconds, &message.body, &secrets);
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                message.body.clone()
            }
            Kind::Slack => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                message.body.clone()
            }
            Kind::Ntfy => push(headers, &message.body).ok_or("What was to be sent does not read.")?,
        };
        *request.body_mut() = Some(body.into());
        Ok(request)
    }
}

impl Channel for Hooks {
    fn medium(&self) -> Medium {
        Medium::Hook
    }

    fn vendor(&self) -> &'static str {
        "hooks"
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Boxed<'a, Outcome> {
        Box::pin(self.post(message))
    }

    fn look_up<'a>(&'a self, _message: &'a Outgoing, _since_ms: i64) -> Boxed<'a, Found> {
        Box::pin(std::future::ready(Found::CannotTell("A hook has nothing to look up.".to_owned())))
    }
}

/// The headers of Standard Webhooks, with a signature of each secret.
fn sign(headers: &mut HeaderMap, id: &str, seconds: i64, body: &str, secrets: &[String]) {
    let signatures: Vec<String> = secrets.iter().filter_map(|secret| signature(secret, id, seconds, body)).collect();
    let values = [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ];
    for (name, value) in values {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// `v1,` and the HMAC of `id.seconds.body`; none where the secret is none of ours.
pub fn signature(secret: &str, id: &str, seconds: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// A push message as it was frozen.
#[derive(Deserialize)]
struct Push {
    title: String,
    text: String,
    click: String,
}

/// The body of a push message, its title and link put into headers. What is not ASCII travels as RFC 2047 has it, which
/// ntfy reads: <https://docs.ntfy.sh/publish/>.
fn push(headers: &mut HeaderMap, body: &str) -> Option<String> {
    let push: Push = serde_json::from_str(body).ok()?;
    let title = if push.title.is_ascii() {
        push.title
    } else {
        format!("=?UTF-8?B?{}?=", STANDARD.encode(push.title.as_bytes()))
    };
    headers.insert("title", HeaderValue::from_str(&title).ok()?);
    headers.insert("click", HeaderValue::from_str(&push.click).ok()?);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    Some(push.text)
}

async fn judge(mut response: Response) -> Outcome {
    let status = response.status();
    let retry_after = http::retry_after(response.headers());
    // What is short enough is read to the end, so that the connection can serve again.
    let mut read = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        read += chunk.len();
        if read >= MOST_REPLY {
            break;
        }
    }
    let code = Some(i64::from(status.as_u16()));
    if status.is_success() {
        return Outcome::Accepted { vendor_id: None, parts: 1 };
    }
    if code == Some(GONE) {
        let reason = "It answered 410 Gone, so this hook was switched off.".to_owned();
        return Outcome::Rejected { reason, code, opted_out: false };
    }
    let reason = if status.is_redirection() {
        format!(
            "It answered with a redirect ({}), which is not followed. Use the address it leads to.",
            status.as_u16()
        )
    } else {
        format!("It answered {}.", status.as_u16())
    };
    Outcome::NotSent { reason, code, retry_after }
}

fn not_sent(reason: &str) -> Outcome {
    Outcome::NotSent { reason: reason.to_owned(), code: None, retry_after: None }
}

fn refused(reason: &str) -> Outcome {
    Outcome::Rejected { reason: reason.to_owned(), code: None, opted_out: false }
}
