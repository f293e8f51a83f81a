//! Acuity Scheduling: an event names an appointment; who booked it is asked for later.

use super::sale::first;
use super::vendor::{Id, Proof, Vendor, concerns_nobody, has_to_be_asked_for};
use crate::intake::node::Node;
use crate::intake::reading::{About, Booking, Reading, Request};
use crate::intake::signature::schemes;
use crate::lead::fetch::{Asking, Call, Place, Shape};

/// See the file's head.
pub static ACUITY: Vendor = Vendor {
    id: "acuity",
    name: "Acuity Scheduling",
    kind: "booking",
    proof: Proof::Scheme(&schemes::ACUITY),
    ids: &[Id::Both("action", "id")],
    refine: appointment,
    leave_out: NOT_THE_PERSON,
    asking: Some(&ASKING),
    refine_answer: booked,
    ..Vendor::PLAIN
};

/// What an appointment holds besides who booked it.
const NOT_THE_PERSON: &[&str] = &[
    "addonIDs",
    "amountPaid",
    "appointmentTypeID",
    "calendar",
    "calendarID",
    "calendarTimezone",
    "canClientCancel",
    "canClientReschedule",
    "canceled",
    "category",
    "certificate",
    "classID",
    "confirmationPage",
    "confirmationPagePaymentLink",
    "date",
    "dateCreated",
    "datetime",
    "datetimeCreated",
    "duration",
    "endTime",
    "formsText",
    "labels",
    "noShow",
    "paid",
    "priceSold",
    "scheduledBy",
    "time",
    "timezone",
    "type",
];

static ASKING: Asking = Asking {
    host: "acuityscheduling.com",
    place: Place::Basic,
    headers: &[],
    token: "user id and API key, with a colon between them",
    found: "Acuity shows both under Integrations, API.",
    calls: &[Call {
        what: "appointment",
        noun: "appointment",
        path: "/api/v1/appointments/",
        query: "",
        id: Shape::Digits,
        changes: true,
        then: &[],
    }],
    codes: &[],
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

fn booked(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    let is_cancelled = tree.text_at("canceled").as_deref() == Some("true");
    let booking = Booking { what: first(tree, &["type"]), starts: first(tree, &["datetime"]), is_cancelled };
    reading.about = About::Booking(booking);
}
