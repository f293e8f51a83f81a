//! Station 1: a request becomes a reading. Pure: bytes, headers, secret and the present moment go in.
//!
//! A provider says whether a request is authentic ([`Provider::verify`]) and what it says ([`Provider::read`]).
//! Reading never fails: what cannot be understood is still a [`Reading`], of [`Kind::Unreadable`], so that the
//! road can keep it and tell the owner.

pub mod reading;

pub use reading::{Kind, Reading};
