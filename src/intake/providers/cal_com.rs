//! Cal.com: bookings. The organiser is the shop and never the lead; `PING` is its test.

use super::vendor::{Id, Mark, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{About, Booking, Kind, Reading, Request};
use crate::intake::signature::schemes;

/// See the file's head.
pub static CAL_COM: Vendor = Vendor {
    id: "cal-com",
    name: "Cal.com",
    kind: "booking",
    proof: Proof::Scheme(&schemes::CAL_COM),
    ids: &[Id::Both("triggerEvent", "payload.uid")],
    leave_out: &[
        "triggerEvent",
        "payload.organizer",
        "payload.title",
        "payload.type",
        "payload.uid",
        "payload.destinationCalendar",
        "payload.team",
    ],
    marks: &[Mark { path: "triggerEvent", says: &["ping"], means: Kind::Ignored }],
    refine: booking,
    ..Vendor::PLAIN
};

fn booking(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    let text = |path: &str| tree.text_at(path).map(|text| text.into_owned());
    let is_cancelled = match tree.text_at("triggerEvent").as_deref() {
        Some("BOOKING_CANCELLED" | "BOOKING_REJECTED") => true,
        Some("FORM_SUBMITTED" | "PING") => return,
        Some(event) if event.starts_with("BOOKING_") => false,
        Some(_) => return concerns_nobody(reading, CAL_COM.name),
        None => false,
    };
    let at = |name: &str| text(&format!("payload.{name}")).or_else(|| text(name));
    reading.about =
        About::Booking(Booking { what: at("type").or_else(|| at("title")), starts: at("startTime"), is_cancelled });
}
