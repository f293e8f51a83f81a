//! PayPal: decimal amounts; an approved order has the payer and no money, a capture has the money and no payer, and the
//! order's id puts them together. Its signature needs a certificate from PayPal, which is not fetched on the way in: the
//! unguessable address is the proof, as with every sender that cannot sign.

use super::sale::{Sale, Unit};
use super::vendor::{Id, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::lead::reading::PaymentState::{self, Failed, Paid, Pending, Refunded};

/// See the file's head.
pub static PAYPAL: Vendor =
    Vendor { id: "paypal", name: "PayPal", kind: "payment", ids: &[Id::Path("id")], refine: event, ..Vendor::PLAIN };

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
