//! Meta lead ads: events name a lead without saying who it is; the answers are asked for later. Several may come in one
//! request. Meta first asks whether somebody is there, with a word that was agreed on.

use super::Handshake;
use super::vendor::{Proof, Vendor, has_to_be_asked_for};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::schemes;
use crate::lead::fetch::{Asking, Call, Code, Meaning, Place, Shape};
use subtle::ConstantTimeEq;

/// See the file's head.
pub static META: Vendor = Vendor {
    id: "meta",
    name: "Meta lead ads",
    kind: "ads",
    proof: Proof::Scheme(&schemes::META),
    leave_out: &["object"],
    refine: lead,
    split: changes,
    handshake: challenge,
    asking: Some(&ASKING),
    refine_answer: lead,
    ..Vendor::PLAIN
};

/// Leads can be read for 90 days. A version of the API answers for about two years:
/// <https://developers.facebook.com/docs/graph-api/changelog/>. The codes are those of
/// <https://developers.facebook.com/docs/graph-api/guides/error-handling/>, which come with status 400.
static ASKING: Asking = Asking {
    host: "graph.facebook.com",
    place: Place::Query("access_token"),
    headers: &[],
    token: "a page access token with the permission leads_retrieval",
    found: "Meta's Business settings make one that does not run out: System users, Generate new token.",
    calls: &[Call {
        what: "leadgen",
        noun: "lead",
        path: "/v24.0/",
        query: "fields=created_time,field_data,form_id,ad_id,campaign_id",
        id: Shape::Digits,
        changes: false,
        then: &[],
    }],
    codes: &[
        Code { at: "/error/code", values: &[102, 190], means: Meaning::Token },
        Code { at: "/error/code", values: &[10, 200, 210, 283, 294], means: Meaning::Forbidden },
        Code { at: "/error/code", values: &[4, 17, 32, 613], means: Meaning::Busy },
    ],
};

/// Every lead of every page in the request, each as if it had come alone.
fn changes(tree: &Node) -> Vec<Node> {
    let Some(Node::List(entries)) = tree.get("entry") else { return Vec::new() };
    let all = entries.iter().filter_map(|entry| match entry.get("changes") {
        Some(Node::List(changes)) => Some(changes),
        _ => None,
    });
    all.flatten().cloned().collect()
}

fn lead(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    let value = if tree.get("value").is_some() { "value." } else { "" };
    let Some(id) = tree.text_at(&format!("{value}leadgen_id")).or_else(|| tree.text_at("id")) else { return };
    reading.event_id = Some(id.clone().into_owned());
    if tree.get("field_data").is_none() {
        has_to_be_asked_for(reading, "leadgen", &id);
    } else if tree.at("field_data.0.values.0").and_then(Node::as_text).is_some_and(|v| v.starts_with("<test lead:")) {
        reading.kind = Kind::Test;
    }
}

fn challenge(request: &Request<'_>, secrets: &[&str]) -> Option<Handshake> {
    let asked = |name: &str| {
        url::form_urlencoded::parse(request.query.as_bytes())
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.into_owned())
    };
    let challenge = asked("hub.challenge").filter(|_| asked("hub.mode").as_deref() == Some("subscribe"))?;
    let word = asked("hub.verify_token").unwrap_or_default();
    let agreed = secrets.is_empty() || secrets.iter().any(|s| bool::from(s.as_bytes().ct_eq(word.as_bytes())));
    Some(if agreed {
        Handshake { status: 200, content_type: "text/plain; charset=utf-8", body: challenge }
    } else {
        let body = "The verify token there and the secret here differ.".to_owned();
        Handshake { status: 403, content_type: "text/plain; charset=utf-8", body }
    })
}
