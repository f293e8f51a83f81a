//! PayPal: decimal amounts; an approved order has the payer and no money, a capture has the money and no payer, and the
//! order's id puts them together: by the order's own event, or by asking for the order. It signs with the key of a certificate that is fetched from PayPal and nowhere else;
//! what is signed holds the webhook's id, which is the secret here, and the checksum of the body.

use super::sale::{Sale, Unit};
use super::vendor::{Id, Proof, Vendor, concerns_nobody};
use super::{Certified, Refusal};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::intake::signature::public_key::is_signed_by;
use crate::intake::signature::{DIFFERS, UNUSABLE};
use crate::lead::fetch::{Asking, Call, Place, Shape};
use crate::lead::reading::Fetch;
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
    asking: Some(&ASKING),
    refine_answer: order,
    ..Vendor::PLAIN
};

/// Path, scope and the shape of the answer as in <https://developer.paypal.com/api/orders/v2/orders-get/>, the exchange of
/// id and secret as in <https://developer.paypal.com/api/rest/authentication/>. PayPal's test system is another host, which
/// is not asked.
static ASKING: Asking = Asking {
    host: "api-m.paypal.com",
    place: Place::Exchange("/v1/oauth2/token"),
    headers: &[],
    token: "client id and secret of your app, with a colon between them",
    found: "PayPal shows both at developer.paypal.com, Apps & credentials, Live.",
    calls: &[Call {
        what: "order",
        noun: "order",
        path: "/v2/checkout/orders/",
        query: "",
        id: Shape::Prefix(""),
        changes: false,
        then: &[],
    }],
    codes: &[],
};

static CERTIFIED: Certified = Certified { address, domain: DOMAIN, verify };

/// Whom a certificate must be for; PayPal's are for `messageverificationcerts.paypal.com`.
const DOMAIN: &str = "paypal.com";
/// Where its certificates are, and nowhere else.
const HOSTS: [&str; 2] = ["api.paypal.com", "api.sandbox.paypal.com"];

/// Certificates are believed from these hosts only, over TLS, without a port or a password in the address.
fn address(request: &Request<'_>) -> Result<String, Refusal> {
    let given = header(request, "paypal-cert-url")?;
    let is_theirs = |url: &Url| {
        url.scheme() == "https"
            && matches!(url.host(), Some(Host::Domain(host)) if HOSTS.contains(&host))
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
    names: &[
        "payer.name.given_name+payer.name.surname",
        "payment_source.paypal.name.given_name+payment_source.paypal.name.surname",
        "payment_source.card.name",
        "purchase_units.0.shipping.name.full_name",
    ],
    emails: &["payer.email_address", "payment_source.paypal.email_address"],
    phones: &[
        "payer.phone.phone_number.national_number",
        "payment_source.paypal.phone_number.national_number",
        "purchase_units.0.shipping.phone_number.national_number",
    ],
    what: &["purchase_units.0.description"],
    references: &["id", "purchase_units.0.payments.captures.0.id"],
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
        _ => return concerns_nobody(reading, PAYPAL.name),
    }
    if kind.starts_with("PAYMENT.CAPTURE.")
        && !kind.ends_with(".REFUNDED")
        && let Some(id) = resource.text_at("supplementary_data.related_ids.order_id")
    {
        reading.fetch = Some(Fetch { what: "order".to_owned(), id: id.into_owned() });
    }
}

/// An order that was asked for because of its capture, which has told of the money already.
fn order(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let capture = tree.text_at("purchase_units.0.payments.captures.0.status");
    let state = match (capture.as_deref(), tree.text_at("status").as_deref()) {
        (Some("COMPLETED" | "REFUNDED" | "PARTIALLY_REFUNDED"), _) | (None, Some("COMPLETED")) => Paid,
        (Some("DECLINED" | "FAILED"), _) => Failed,
        _ => Pending,
    };
    ORDER.tell(reading, tree, state, request.country);
}
