//! HubSpot: workflows send a whole contact, each property an object with its value; apps send lists of thin events. Three
//! versions of its signature are about; the first two are plain hashes behind the secret, not HMACs.

use super::Refusal;
use super::vendor::{Id, Proof, Vendor, concerns_nobody, has_to_be_asked_for};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::intake::signature::{self, schemes};
use crate::lead::fetch::{Asking, Call, Place, Shape};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// See the file's head.
pub static HUBSPOT: Vendor = Vendor {
    id: "hubspot",
    name: "HubSpot",
    kind: "crm",
    proof: Proof::Own(verify),
    ids: &[Id::Path("form-submissions.0.conversion-id"), Id::Both("portalId", "eventId")],
    refine: event,
    split: |tree| match tree {
        Node::List(events) if events.iter().all(|event| event.get("subscriptionType").is_some()) => events.clone(),
        _ => Vec::new(),
    },
    leave_out: NOT_THE_PERSON,
    asking: Some(&ASKING),
    ..Vendor::PLAIN
};

/// What a contact that was asked for holds besides what the person said.
const NOT_THE_PERSON: &[&str] = &[
    "properties.createdate",
    "properties.hs_object_id",
    "properties.lastmodifieddate",
    "createdAt",
    "updatedAt",
    "archived",
];

/// Path, query and the shape of the answer as in
/// <https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide>. Properties that are not named in the query are
/// not answered.
static ASKING: Asking = Asking {
    host: "api.hubapi.com",
    place: Place::Bearer,
    headers: &[],
    token: "a private app's access token (pat-…) with the scope crm.objects.contacts.read",
    found: "HubSpot makes one under Development, Legacy apps or Settings, Integrations, Private apps.",
    calls: &[Call {
        what: "contact",
        noun: "contact",
        path: "/crm/v3/objects/contacts/",
        query: "properties=firstname,lastname,email,phone,mobilephone,message,company,jobtitle,address,city,state,zip,country,website",
        id: Shape::Digits,
        changes: false,
        then: &[],
    }],
    codes: &[],
};

/// The number of contacts among the types of objects, in events that cover all of them.
const CONTACTS: &str = "0-1";

/// A thin event says which contact, not who.
fn event(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    let Some(kind) = tree.text_at("subscriptionType") else { return };
    let is_of_contact = tree.text_at("objectTypeId").is_some_and(|of| of == CONTACTS);
    match tree.text_at("objectId") {
        Some(id) if kind == "contact.creation" || (kind == "object.creation" && is_of_contact) => {
            has_to_be_asked_for(reading, "contact", &id);
        }
        _ => concerns_nobody(reading, HUBSPOT.name),
    }
}

fn verify(request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal> {
    if request.first(&["x-hubspot-signature-v3"]).is_some() {
        return signature::verify(&schemes::HUBSPOT_V3, request, secrets, now_ms);
    }
    let [signature] = request.all("x-hubspot-signature")[..] else {
        return Err(Refusal::because("No signature came with this, or more than one. Set the secret at HubSpot too."));
    };
    let whole = request.first(&["x-hubspot-signature-version"]) == Some("v2");
    let fits = |secret: &&str| {
        let mut hash = Sha256::new_with_prefix(secret.as_bytes());
        if whole {
            hash.update(request.method);
            hash.update(request.url);
        }
        hash.update(request.body);
        let ours = base16ct::lower::encode_string(&hash.finalize());
        !secret.is_empty() && bool::from(ours.as_bytes().ct_eq(signature.as_bytes()))
    };
    if secrets.iter().any(fits) {
        Ok(())
    } else {
        Err(Refusal::because("The signature does not fit. The secret at HubSpot and here differ; paste it again."))
    }
}
