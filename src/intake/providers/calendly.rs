//! Calendly: bookings made, moved and called off. Moving one sends a cancellation and a booking; only the booking counts.

use super::vendor::{Id, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{About, Booking, Reading, Request};
use crate::intake::signature::schemes;

/// See the file's head.
pub static CALENDLY: Vendor = Vendor {
    id: "calendly",
    name: "Calendly",
    kind: "booking",
    proof: Proof::Scheme(&schemes::CALENDLY),
    ids: &[Id::Both("event", "payload.uri")],
    leave_out: &["event", "created_by", "payload.uri", "payload.event", "payload.scheduled_event", "payload.timezone"],
    refine: booking,
    ..Vendor::PLAIN
};

fn booking(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    let text = |path: &str| tree.text_at(path).map(|text| text.into_owned());
    let is_cancelled = match tree.text_at("event").as_deref() {
        Some("invitee.canceled") => true,
        Some("invitee.created" | "routing_form_submission.created") | None => false,
        Some(_) => return concerns_nobody(reading, CALENDLY.name),
    };
    if is_cancelled && tree.text_at("payload.rescheduled").as_deref() == Some("true") {
        return concerns_nobody(reading, CALENDLY.name);
    }
    reading.about = About::Booking(Booking {
        what: text("payload.scheduled_event.name"),
        starts: text("payload.scheduled_event.start_time"),
        is_cancelled,
    });
}
