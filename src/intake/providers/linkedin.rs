//! LinkedIn Lead Sync: events name a lead response; its answers are asked for later. Every two hours LinkedIn asks for
//! an HMAC of a word of its own, and blocks an address that fails three times.

use super::Handshake;
use super::vendor::{Proof, Vendor, concerns_nobody, has_to_be_asked_for};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::{Digest, hex_hmac, schemes};
use crate::lead::fetch::{Asking, Call, Place, Shape};

/// See the file's head.
pub static LINKEDIN: Vendor = Vendor {
    id: "linkedin",
    name: "LinkedIn lead ads",
    kind: "ads",
    proof: Proof::Scheme(&schemes::LINKEDIN),
    refine: lead,
    handshake: challenge,
    asking: Some(&ASKING),
    reshape: answers,
    refine_answer: answered,
    ..Vendor::PLAIN
};

/// Address, headers and the shape of the answer as in
/// <https://learn.microsoft.com/en-us/linkedin/marketing/lead-sync/leadsync>. LinkedIn keeps a response for 365 days. A
/// version answers for about a year from its month, then with 426; the newest are told on
/// <https://learn.microsoft.com/en-us/linkedin/marketing/versioning>.
static ASKING: Asking = Asking {
    host: "api.linkedin.com",
    place: Place::Bearer,
    headers: &[("linkedin-version", "202606"), ("x-restli-protocol-version", "2.0.0")],
    token: "an access token with the permission r_marketing_leadgen_automation",
    found: "LinkedIn's developer portal makes one under Docs and tools, OAuth token tools. It runs out after 60 days.",
    calls: &[Call {
        what: WHAT,
        noun: "lead response",
        path: "/rest/leadFormResponses/",
        query: "fields=id,leadType,testLead,submittedAt,formResponse,form:(hiddenFields,creationLocale,name,id,content)",
        id: Shape::Dashed,
        changes: false,
        then: &[],
    }],
    codes: &[],
};

const WHAT: &str = "lead response";

fn lead(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    let names = ["leadGenFormResponse", "leadGenFormResponseUrn", "leadFormResponse", "leadFormResponseUrn"];
    let Some(id) = names.iter().find_map(|name| tree.text_at(name)) else { return };
    if tree.text_at("leadAction").is_some_and(|action| action == "DELETED") {
        return concerns_nobody(reading, LINKEDIN.name);
    }
    reading.event_id = Some(id.clone().into_owned());
    // `urn:li:leadGenFormResponse:50e47b41-…-1` is asked for by what stands last.
    has_to_be_asked_for(reading, WHAT, id.rsplit(':').next().unwrap_or(&id));
}

fn answered(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    if tree.text_at("testLead").as_deref() == Some("true") && reading.kind == Kind::Lead {
        reading.kind = Kind::Test;
    }
}

/// A response whose answers stand under the questions of its form, which LinkedIn sends apart; none = it is none.
fn answers(tree: &Node) -> Option<Node> {
    let Some(Node::List(given)) = tree.at("formResponse.answers") else { return None };
    let questions = match tree.at("form.content.questions") {
        Some(Node::List(questions)) => questions.as_slice(),
        _ => &[],
    };
    let question = |id: &str| {
        let with_id = |question: &&Node| question.text_at("questionId").as_deref() == Some(id);
        questions.iter().take(QUESTIONS_MAX).find(with_id)
    };
    let answers = given.iter().take(QUESTIONS_MAX).filter_map(|answer| {
        let id = answer.text_at("questionId").unwrap_or_default();
        item(question(&id).unwrap_or(answer), &id, answer.get("answerDetails")?)
    });
    let hidden = tree.at("form.hiddenFields").cloned().unwrap_or(Node::Null);
    let test = tree.get("testLead").cloned().unwrap_or(Node::Null);
    let entry = |name: &str, node: Node| (name.to_owned(), node);
    Some(Node::Map(vec![
        entry("answers", Node::List(answers.collect())),
        entry("hiddenFields", hidden),
        entry("testLead", test),
    ]))
}

/// A form has far fewer.
const QUESTIONS_MAX: usize = 200;

/// One answer with the words of its question, and with LinkedIn's own name for it, which is the same in every language.
fn item(question: &Node, id: &str, details: &Node) -> Option<Node> {
    let value = match (details.at("textQuestionAnswer.answer"), details.at("multipleChoiceAnswer.options")) {
        (Some(text), _) => text.clone(),
        (None, Some(Node::List(chosen))) => {
            let all = options(question);
            Node::List(chosen.iter().take(QUESTIONS_MAX).map(|one| option(&all, one)).collect())
        }
        _ => return None,
    };
    let words = question.at("question.localized").and_then(localized).or_else(|| question.text_at("name"));
    let own = question.text_at("predefinedField").map(|own| own.to_lowercase());
    let key = own.unwrap_or_else(|| id.to_owned());
    let label = words.map_or_else(|| key.clone(), |words| words.into_owned());
    let text = |name: &str, value: String| (name.to_owned(), Node::Text(value));
    Some(Node::Map(vec![text("key", key), text("label", label), ("value".to_owned(), value)]))
}

/// The first of a text's languages: a form has one.
fn localized(node: &Node) -> Option<std::borrow::Cow<'_, str>> {
    match node {
        Node::Map(languages) => languages.first().and_then(|(_, words)| words.as_text()),
        _ => None,
    }
}

fn options(question: &Node) -> Vec<&Node> {
    match question.at("questionDetails.multipleChoiceQuestionDetails.options") {
        Some(Node::List(options)) => options.iter().take(QUESTIONS_MAX).collect(),
        _ => Vec::new(),
    }
}

/// What was chosen, in the words of the form where it gives any.
fn option(all: &[&Node], chosen: &Node) -> Node {
    let chosen_id = chosen.as_text();
    let known = all.iter().find(|option| option.text_at("id").is_some() && option.text_at("id") == chosen_id);
    let words = known.and_then(|option| option.at("text.localized").and_then(localized));
    words.map_or_else(|| chosen.clone(), |words| Node::Text(words.into_owned()))
}

fn challenge(request: &Request<'_>, secrets: &[&str]) -> Option<Handshake> {
    let (_, code) = url::form_urlencoded::parse(request.query.as_bytes()).find(|(name, _)| name == "challengeCode")?;
    let secret = secrets.iter().find(|secret| !secret.is_empty())?;
    let answer = hex_hmac(Digest::Sha256, secret.as_bytes(), code.as_bytes());
    let body = serde_json::json!({"challengeCode": code, "challengeResponse": answer}).to_string();
    Some(Handshake { status: 200, content_type: "application/json", body })
}
