//! Station 1: a request becomes a reading. Pure: bytes, headers, secret and the present moment go in.
//!
//! The body is sniffed ([`sniff`]: content types lie), people are told apart ([`several`]), each is flattened into a list
//! of answers ([`flatten`]), and the answers are recognised ([`recognise`]). A provider says whether a request is authentic and what it says. Reading never fails:
//! what cannot be understood is still a [`Reading`], of [`Kind::Unreadable`], so that the road can keep it.

pub mod conceal;
pub mod drift;
pub mod entity;
pub mod flatten;
pub mod form;
pub mod json;
pub mod known;
pub mod lines;
pub mod mapping;
pub mod multipart;
pub mod node;
pub mod providers;
pub mod reading;
pub mod recognise;
pub mod redirect;
pub mod several;
pub mod signature;
pub mod sniff;
pub mod strip;
pub mod xml;

pub use reading::{Kind, Reading};

#[cfg(test)]
mod tests;
