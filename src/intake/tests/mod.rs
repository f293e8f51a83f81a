//! Reading, tried on whole submissions: recorded ones, invented ones and arbitrary ones.

mod fixtures;

use super::reading::{Reading, Request};

/// Reads a body as any form, for a business in `country`.
fn read(country: &str, content_type: &str, body: &[u8]) -> Reading {
    let request =
        Request { content_type: Some(content_type), headers: &[], query: "", body, country, received_at: 0 };
    super::providers::generic().read(&request)
}
