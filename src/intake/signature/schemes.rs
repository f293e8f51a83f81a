//! Who signs how. One row a vendor; the sources are the vendors' own documentation, SDKs and published test vectors.

use super::{Age, Digest, Encoding, Key, Layout, Part, Scheme};

const MINUTES_5: i64 = 300_000;

const fn alone(prefix: &'static str) -> Layout<'static> {
    Layout::Alone { prefix, optional: false, several: false }
}

const fn pairs(between: char, time: &'static str, signature: &'static str) -> Layout<'static> {
    Layout::Pairs { between, time, signature }
}

/// The raw body under SHA-256, in hex, alone in its header: the commonest of all. The others are written as what
/// differs from it.
const BODY_HEX: Scheme<'static> = Scheme {
    headers: &[],
    layout: alone(""),
    digest: Digest::Sha256,
    encoding: Encoding::Hex,
    signed: &[Part::Body],
    key: Key::Text,
    age: None,
};

const BODY_BASE64: Scheme<'static> = Scheme { encoding: Encoding::Base64, ..BODY_HEX };

/// `t=…,v1=…` over `t.body`, as Stripe does it.
const TIME_AND_BODY: Scheme<'static> = Scheme {
    layout: pairs(',', "t", "v1"),
    signed: &[Part::Time, Part::Text("."), Part::Body],
    age: Some(Age { header: None, in_ms: false, most_ms: MINUTES_5 }),
    ..BODY_HEX
};

macro_rules! scheme {
    ($($(#[$doc:meta])* $id:ident: [$($header:literal),+] $base:expr;)+) => {
        $($(#[$doc])* pub static $id: Scheme<'static> = Scheme { headers: &[$($header),+], ..$base };)+
    };
}

scheme! {
    /// Acuity: base 64 over the body; the key is the account's API key.
    ACUITY: ["x-acuity-signature"] BODY_BASE64;
    /// Cal.com. Without a secret there the header says `no-secret-provided`, which fits nothing.
    CAL_COM: ["x-cal-signature-256"] BODY_HEX;
    /// Calendly: three minutes.
    CALENDLY: ["calendly-webhook-signature"] Scheme {
        age: Some(Age { header: None, in_ms: false, most_ms: 180_000 }),
        ..TIME_AND_BODY
    };
    /// Formspree.
    FORMSPREE: ["formspree-signature"] TIME_AND_BODY;
    /// Formstack.
    FORMSTACK: ["x-fs-signature"] Scheme { layout: alone("sha256="), ..BODY_HEX };
    /// Framer appends the id of the submission to the body.
    FRAMER: ["framer-signature"] Scheme {
        layout: alone("sha256="),
        signed: &[Part::Body, Part::Header(&["framer-webhook-submission-id"])],
        ..BODY_HEX
    };
    /// GoCardless.
    GOCARDLESS: ["webhook-signature"] BODY_HEX;
    /// HubSpot version 3, address unescaped as its SDK does.
    HUBSPOT_V3: ["x-hubspot-signature-v3"] Scheme {
        signed: &[Part::Method, Part::UrlUnescaped, Part::Body, Part::Time],
        age: Some(Age { header: Some(&["x-hubspot-request-timestamp"]), in_ms: true, most_ms: MINUTES_5 }),
        ..BODY_BASE64
    };
    /// Intercom: SHA-1.
    INTERCOM: ["x-hub-signature"] Scheme { layout: alone("sha1="), digest: Digest::Sha1, ..BODY_HEX };
    /// Lemon Squeezy.
    LEMON_SQUEEZY: ["x-signature"] BODY_HEX;
    /// LinkedIn: the words are in the signed text, not in the header.
    LINKEDIN: ["x-li-signature"] Scheme { signed: &[Part::Text("hmacsha256="), Part::Body], ..BODY_HEX };
    /// Meta; its SHA-1 header is never looked at.
    META: ["x-hub-signature-256"] Scheme { layout: alone("sha256="), ..BODY_HEX };
    /// Mollie's newer webhooks: two lines for a day after a change of the secret.
    MOLLIE: ["x-mollie-signature"] Scheme {
        layout: Layout::Alone { prefix: "sha256=", optional: true, several: true },
        ..BODY_HEX
    };
    /// Paddle Billing: between semicolons. Its SDK allows 5 seconds; five minutes and the event's id do as well.
    PADDLE: ["paddle-signature"] Scheme {
        layout: pairs(';', "ts", "h1"),
        signed: &[Part::Time, Part::Text(":"), Part::Body],
        ..TIME_AND_BODY
    };
    /// Razorpay.
    RAZORPAY: ["x-razorpay-signature"] BODY_HEX;
    /// Shopify; newer names come without the `X-`.
    SHOPIFY: ["shopify-hmac-sha256", "x-shopify-hmac-sha256"] BODY_BASE64;
    /// Square signs the address that was typed into its dashboard, too.
    SQUARE: ["x-square-hmacsha256-signature"] Scheme {
        signed: &[Part::Url, Part::Body],
        ..BODY_BASE64
    };
    /// Standard Webhooks and Svix.
    STANDARD: ["webhook-signature", "svix-signature"] Scheme {
        layout: Layout::Versions { label: "v1," },
        signed: &[Part::Header(&["webhook-id", "svix-id"]), Part::Text("."), Part::Time, Part::Text("."), Part::Body],
        key: Key::Whsec,
        age: Some(Age { header: Some(&["webhook-timestamp", "svix-timestamp"]), in_ms: false, most_ms: MINUTES_5 }),
        ..BODY_BASE64
    };
    /// The same signed with a key pair, ed25519: only what is signed and where is told here.
    STANDARD_PUBLIC: ["webhook-signature", "svix-signature"] Scheme {
        layout: Layout::Versions { label: "v1a," },
        ..STANDARD
    };
    /// Stripe: the key is the whole `whsec_…`.
    STRIPE: ["stripe-signature"] TIME_AND_BODY;
    /// Tally.
    TALLY: ["tally-signature"] BODY_BASE64;
    /// TikTok for Developers.
    TIKTOK: ["tiktok-signature"] Scheme { layout: pairs(',', "t", "s"), ..TIME_AND_BODY };
    /// Typeform: base 64 behind `sha256=`.
    TYPEFORM: ["typeform-signature"] Scheme { layout: alone("sha256="), ..BODY_BASE64 };
    /// Webflow: milliseconds, in a header of their own.
    WEBFLOW: ["x-webflow-signature"] Scheme {
        signed: &[Part::Time, Part::Text(":"), Part::Body],
        age: Some(Age { header: Some(&["x-webflow-timestamp"]), in_ms: true, most_ms: MINUTES_5 }),
        ..BODY_HEX
    };
    /// WooCommerce undoes the entities of its stored secret first.
    WOOCOMMERCE: ["x-wc-webhook-signature"] Scheme { key: Key::HtmlText, ..BODY_BASE64 };
    /// WPForms: `v=`, not `v1=`.
    WPFORMS: ["x-wpforms-webhook-signature"] Scheme { layout: pairs(',', "t", "v"), ..TIME_AND_BODY };
}
