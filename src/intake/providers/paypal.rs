//! PayPal: decimal amounts; an approved order has the payer and no money, a capture has the money and no payer, and the
//! order's id puts them together. It signs with the key of a certificate that is fetched from PayPal and nowhere else;
//! what is signed holds the webhook's id, which is the secret here, and the checksum of the body.

use super::sale::{Sale, Unit};
use super::vendor::{Id, Proof, Vendor, concerns_nobody};
use super::{Certified, Refusal};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::intake::signature::public_key::is_signed_by;
use crate::intake::signature::{DIFFERS, UNUSABLE};
use crate::lead::reading::PaymentState::{self, Failed, Paid, Pending, Refunded};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::{Host, Url};

/// See the file's head.
pub static PAYPAL: Vendor = Vendor {
    id: "paypal",
    name: "PayPal",
    kind: "payment",
    proof: Proof::Certified(&CERTIFIED),
    ids: &[Id::Path("id")],
    refine: event,
    usable,
    ..Vendor::PLAIN
};

static CERTIFIED: Certified = Certified { address, domain: DOMAIN, verify };

const DOMAIN: &str = "paypal.com";

/// Certificates are believed from PayPal's own hosts only, over TLS, without a port or a password in the address.
fn address(request: &Request<'_>) -> Result<String, Refusal> {
    let given = header(request, "paypal-cert-url")?;
    let is_theirs = |url: &Url| {
        let host = match url.host() {
            Some(Host::Domain(host)) => host,
            _ => return false,
        };
        let below = host.strip_suffix(DOMAIN).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        url.scheme() == "https"
            && below
            && url.port().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    };
    let url = Url::parse(given).ok().filter(|url| given.len() <= LONGEST && is_theirs(url));
    let mut url = url.ok_or_else(|| Refusal::because("The certificate of this signature is not at PayPal."))?;
    // Whatever stands behind a question mark names no other certificate, and would only be fetched once more.
    url.set_query(None);
    url.set_fragment(None);
    Ok(url.into())
}

const LONGEST: usize = 300;

/// Every one of PayPal's headers comes once.
fn header<'a>(request: &Request<'a>, name: &str) -> Result<&'a str, Refusal> {
    match request.all(name)[..] {
        [value] if !value.is_empty() => Ok(value),
        _ => {
            Err(Refusal::because(format!("No signature came with this: the header {name} is missing, or came twice.")))
        }
    }
}

fn verify(request: &Request<'_>, secrets: &[&str], certificate: &[u8]) -> Result<(), Refusal> {
    if header(request, "paypal-auth-algo")? != "SHA256withRSA" {
        return Err(Refusal::because("The signature is of another kind than PayPal's."));
    }
    let (id, time) = (header(request, "paypal-transmission-id")?, header(request, "paypal-transmission-time")?);
    let signature = STANDARD.decode(header(request, "paypal-transmission-sig")?);
    let signature = signature.map_err(|_| Refusal::because(DIFFERS))?;
    let sum = crc32fast::hash(request.body);
    let fits = |secret: &&str| {
        let text = format!("{id}|{time}|{}|{sum}", secret.trim());
        !secret.trim().is_empty() && is_signed_by(certificate, text.as_bytes(), &signature)
    };
    if secrets.iter().any(fits) { Ok(()) } else { Err(Refusal::because(DIFFERS)) }
}

fn usable(secret: &str) -> Result<(), Refusal> {
    let is_id = secret.trim().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if is_id { Ok(()) } else { Err(Refusal::because(UNUSABLE)) }
}

const ORDER: Sale = Sale {
    names: &["payer.name.given_name+payer.name.surname"],
    emails: &["payer.email_address"],
    phones: &["payer.phone.phone_number.national_number"],
    what: &["purchase_units.0.description"],
    references: &["id"],
    amounts: &["purchase_units.0.amount.value"],
    currencies: &["purchase_units.0.amount.currency_code"],
    unit: Unit::Decimal,
    ..Sale::NONE
};

const CAPTURE: Sale = Sale {
    what: &["invoice_id", "custom_id"],
    references: &["id", "supplementary_data.related_ids.order_id", "parent_payment"],
    amounts: &["amount.value", "amount.total"],
    currencies: &["amount.currency_code", "amount.currency"],
    unit: Unit::Decimal,
    reasons: &["status_details.reason"],
    ..Sale::NONE
};

const REFUND: Sale = Sale {
    references: &["supplementary_data.related_ids.capture_id", "sale_id", "capture_id"],
    amounts: &[
        "seller_payable_breakdown.total_refunded_amount.value",
        "total_refunded_amount.value",
        "amount.value",
        "amount.total",
    ],
    ..CAPTURE
};

const INVOICE: Sale = Sale {
    names: &[
        "invoice.primary_recipients.0.billing_info.name.given_name+invoice.primary_recipients.0.billing_info.name.surname",
    ],
    emails: &["invoice.primary_recipients.0.billing_info.email_address"],
    what: &["invoice.detail.invoice_number"],
    references: &["invoice.id"],
    amounts: &["invoice.amount.value"],
    currencies: &["invoice.amount.currency_code"],
    unit: Unit::Decimal,
    ..Sale::NONE
};

fn event(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let (Some(kind), Some(resource)) = (tree.text_at("event_type"), tree.get("resource")) else {
        return concerns_nobody(reading, PAYPAL.name);
    };
    let mut tell = |sale: &Sale, state: PaymentState| sale.tell(reading, resource, state, request.country);
    match kind.as_ref() {
        "CHECKOUT.ORDER.APPROVED" => tell(&ORDER, Pending),
        "CHECKOUT.ORDER.COMPLETED" => tell(&ORDER, Paid),
        "PAYMENT.CAPTURE.COMPLETED" | "PAYMENT.SALE.COMPLETED" => tell(&CAPTURE, Paid),
        "PAYMENT.CAPTURE.PENDING" => tell(&CAPTURE, Pending),
        "PAYMENT.CAPTURE.DENIED" | "PAYMENT.CAPTURE.DECLINED" | "PAYMENT.SALE.DENIED" => tell(&CAPTURE, Failed),
        "PAYMENT.CAPTURE.REFUNDED" | "PAYMENT.SALE.REFUNDED" => tell(&REFUND, Refunded),
        "INVOICING.INVOICE.PAID" => tell(&INVOICE, Paid),
        _ => concerns_nobody(reading, PAYPAL.name),
    }
}
