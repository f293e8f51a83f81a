//! Reading, tried on whole submissions: recorded ones, invented ones and arbitrary ones.

mod fetched;
mod fixtures;
mod forms;
mod nasty;
mod property;

use super::reading::{Reading, Request};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Reads a body as any form, for a business in `country`.
fn read(country: &str, content_type: &str, query: &str, body: &[u8]) -> Reading {
    read_by("generic", country, content_type, query, body)
}

/// The same as what a source of that provider would read.
fn read_by(provider: &str, country: &str, content_type: &str, query: &str, body: &[u8]) -> Reading {
    let content_type = Some(content_type).filter(|ct| !ct.is_empty());
    super::providers::find(provider).unwrap().read(&Request {
        method: "POST",
        url: "",
        content_type,
        headers: &[],
        query,
        body,
        country,
        received_at: 0,
    })
}
