//! Station 1: a request becomes a reading. Pure: bytes, headers, secret and the present moment go in.
//!
//! A provider says whether a request is authentic and what it says. Reading never fails: what cannot be understood is
//! still a [`Reading`], of [`Kind::Unreadable`], so that the road can keep it and tell the owner.

pub mod multipart;
pub mod form;
pub mod node;
pub mod providers;
pub mod reading;
pub mod redirect;
pub mod strip;

pub use reading::{Kind, Reading};
