//! Acuity Scheduling: an event names an appointment; who booked it is asked for later.

use super::vendor::{Id, Proof, Vendor, concerns_nobody, has_to_be_asked_for};
use crate::intake::node::Node;
use crate::intake::reading::{About, Booking, Reading, Request};
use crate::intake::signature::schemes;

/// See the file's head.
pub static ACUITY: Vendor = Vendor {
    id: "acuity",
    name: "Acuity Scheduling",
    kind: "booking",
    proof: Proof::Scheme(&schemes::ACUITY),
    ids: &[Id::Both("action", "id")],
    refine: appointment,
    ..Vendor::PLAIN
};

fn appointment(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    let (Some(action), Some(id)) = (tree.text_at("action"), tree.text_at("id")) else { return };
    let action = action.trim_start_matches("appointment.").to_owned();
    if !matches!(action.as_str(), "scheduled" | "rescheduled" | "canceled") {
        return concerns_nobody(reading, ACUITY.name);
    }
    reading.about = About::Booking(Booking { is_cancelled: action == "canceled", ..Booking::default() });
    has_to_be_asked_for(reading, "appointment", &id);
}
