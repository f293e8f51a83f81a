//! Station 2: a reading becomes a record.

pub mod consent;
pub mod contact;
pub mod deed;
pub mod fetch;
pub mod health;
pub mod hook;
pub mod hours;
pub mod keyword;
pub mod mapping;
pub mod own_form;
pub mod quiet;
pub mod reading;
pub mod receipts;
pub mod record;
pub mod sale;
pub mod shape;
pub mod shop;
pub mod silence;
pub mod state;
pub mod store;
pub mod team;
pub mod week;
pub mod wording;
pub mod zone;
