//! Station 2: a reading becomes a record.

pub mod contact;
pub mod shop;
