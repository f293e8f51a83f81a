//! tmp
use super::reading::{Reading, Request};
/// x
pub struct Refusal { /// p
 pub problem: String }
/// x
pub trait Provider: Sync { 
/// x
fn verify(&self, r: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal>; 
/// x
fn read(&self, r: &Request<'_>) -> Reading; }
/// x
pub fn find(_id: &str) -> Option<&'static dyn Provider> { None }
/// x
pub fn generic() -> &'static dyn Provider { unimplemented!() }
