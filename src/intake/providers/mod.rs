//! Where submissions come from: one file a provider, each pure. What differs is data (`vendor`) where it can be.

mod acuity;
mod basin;
mod braintree;
mod cal_com;
mod calendly;
mod carrd;
mod cognito_forms;
mod contact_form_7;
mod custom_hmac;
mod elementor;
mod fillout;
mod fluent_forms;
mod formspree;
mod formstack;
mod framer;
mod generic;
mod gocardless;
mod google_ads;
mod google_forms;
mod gravityforms;
mod gumroad;
mod hubspot;
mod intercom;
mod jotform;
pub mod leadbell_form;
mod lemonsqueezy;
mod linkedin;
mod make;
mod meta;
mod mollie;
mod n8n;
mod netlify;
mod ninja_forms;
mod paddle;
mod paperform;
mod paypal;
mod razorpay;
mod sale;
mod shopify;
mod square;
mod squarespace;
mod standard_webhooks;
mod stripe;
mod tally;
mod tiktok;
mod twilio;
mod typebot;
mod typeform;
mod unbounce;
mod vendor;
mod web3forms;
mod webflow;
mod wix;
mod woocommerce;
mod wpforms;
mod zapier;

use super::flatten::{Answer, flatten};
use super::reading::{Reading, Request};
pub use super::signature::Refusal;
use super::sniff::sniff;
use crate::lead::fetch::Asking;

/// A kind of sender.
pub trait Provider: Sync {
    /// Its id in commands, addresses of fixtures and the database.
    fn id(&self) -> &'static str;
    /// Its name for people.
    fn name(&self) -> &'static str;
    /// `form`, `payment`, `booking` …
    fn kind(&self) -> &'static str;
    /// Whether it signs what it sends, once a secret is set.
    fn signed(&self) -> bool;
    /// Whether the request is authentic under one of `secrets`. `now_ms` judges time limits.
    ///
    /// # Errors
    /// [`Refusal`].
    fn verify(&self, request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal>;
    /// How a signature is checked that needs a certificate of the sender's, for a sender that signs so.
    fn certified(&self) -> Option<&'static Certified> {
        None
    }
    /// What the request says. Never fails.
    fn read(&self, request: &Request<'_>) -> Reading;
    /// What a request says that holds several events, each with an id of its own. Never empty.
    fn read_all(&self, request: &Request<'_>) -> Vec<Reading> {
        vec![self.read(request)]
    }
    /// The body of each event that [`Provider::read_all`] tells of, such that it could have come alone and reads the same;
    /// in the same order. Empty where a request is one event.
    fn parts(&self, _request: &Request<'_>) -> Vec<String> {
        Vec::new()
    }
    /// The answers of a request that is one event, as they stand in it.
    fn answers(&self, request: &Request<'_>) -> Vec<Answer> {
        flatten(&sniff(request).tree)
    }
    /// How this sender is asked for what its events leave out; none = it leaves nothing out, or cannot be asked.
    fn asking(&self) -> Option<&'static Asking> {
        None
    }
    /// What an answer to such a question says. Never fails.
    fn read_answer(&self, request: &Request<'_>) -> Reading {
        self.read(request)
    }
    /// Whether a secret can be one of this sender's, as far as it shows.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence for whoever typed it.
    fn usable(&self, secret: &str) -> Result<(), Refusal> {
        if secret.is_empty() { Err(Refusal::because("The secret is empty.")) } else { Ok(()) }
    }
    /// What it is answered when all went well, `Content-Type` and body, where it must not be our own line of JSON.
    fn answer(&self) -> Option<(&'static str, &'static str)> {
        None
    }
    /// Whether this is a vendor's own question ("is somebody there?"), and the answer it wants. None = it is not one.
    fn handshake(&self, _request: &Request<'_>, _secrets: &[&str]) -> Option<Handshake> {
        None
    }
}

/// Signatures of a sender whose certificate has to be fetched first. Whoever fetches it answers for it being the sender's.
#[derive(Clone, Copy, Debug)]
pub struct Certified {
    /// Where the certificate of a request is to be had: an address that is known to be the sender's own.
    pub address: fn(&Request<'_>) -> Result<String, Refusal>,
    /// The certificate must be for this domain, or for one below it.
    pub domain: &'static str,
    /// Whether the request is authentic under one of the secrets, by this certificate (DER).
    pub verify: VerifyBy,
}

/// A request, the secrets and a certificate (DER) go in.
pub type VerifyBy = fn(&Request<'_>, &[&str], &[u8]) -> Result<(), Refusal>;

/// The answer to a vendor's question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// The HTTP status.
    pub status: u16,
    /// Its `Content-Type`.
    pub content_type: &'static str,
    /// Its body.
    pub body: String,
}

/// Twilio's language for: nothing is to be said. Anything else might be read out or sent on as a text.
pub const NOTHING_TO_SAY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

static ALL: &[&dyn Provider] = &[
    &generic::Generic,
    &acuity::ACUITY,
    &basin::BASIN,
    &braintree::BRAINTREE,
    &cal_com::CAL_COM,
    &calendly::CALENDLY,
    &carrd::CARRD,
    &cognito_forms::COGNITO_FORMS,
    &contact_form_7::CONTACT_FORM_7,
    &custom_hmac::CUSTOM_HMAC,
    &elementor::ELEMENTOR,
    &fillout::FILLOUT,
    &fluent_forms::FLUENT_FORMS,
    &formspree::FORMSPREE,
    &formstack::FORMSTACK,
    &framer::FRAMER,
    &gocardless::GOCARDLESS,
    &google_ads::GOOGLE_ADS,
    &google_forms::GOOGLE_FORMS,
    &gravityforms::GRAVITYFORMS,
    &gumroad::GUMROAD,
    &hubspot::HUBSPOT,
    &intercom::INTERCOM,
    &jotform::JOTFORM,
    &leadbell_form::LEADBELL_FORM,
    &lemonsqueezy::LEMON_SQUEEZY,
    &linkedin::LINKEDIN,
    &make::MAKE,
    &meta::META,
    &mollie::MOLLIE,
    &n8n::N8N,
    &netlify::NETLIFY,
    &ninja_forms::NINJA_FORMS,
    &paddle::PADDLE,
    &paperform::PAPERFORM,
    &paypal::PAYPAL,
    &razorpay::RAZORPAY,
    &shopify::SHOPIFY,
    &square::SQUARE,
    &squarespace::SQUARESPACE,
    &standard_webhooks::STANDARD_WEBHOOKS,
    &stripe::STRIPE,
    &tally::TALLY,
    &tiktok::TIKTOK,
    &twilio::TWILIO,
    &typebot::TYPEBOT,
    &typeform::TYPEFORM,
    &unbounce::UNBOUNCE,
    &web3forms::WEB3FORMS,
    &webflow::WEBFLOW,
    &wix::WIX,
    &woocommerce::WOOCOMMERCE,
    &wpforms::WPFORMS,
    &zapier::ZAPIER,
];

/// Every provider.
pub fn all() -> &'static [&'static dyn Provider] {
    ALL
}

/// The provider of that id.
pub fn find(id: &str) -> Option<&'static dyn Provider> {
    ALL.iter().copied().find(|provider| provider.id() == id)
}

/// The one that reads anything.
pub fn generic() -> &'static dyn Provider {
    &generic::Generic
}
