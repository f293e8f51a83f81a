//! Station 3: who is told what, and when. Pure: records and the moment go in, planned messages come out.

mod health;
mod mails;
mod pass;
mod plan;
mod relay;
pub mod words;

pub use health::{Trouble, source_notice};
pub use pass::passed_on;
pub use plan::{
    AlertTo, KEPT_ALERT_EVERY_MS, Occasion, Told, inbound_alert, kept_alert, plan, took_it, trouble_notice,
};
pub use relay::relay;
