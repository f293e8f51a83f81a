//! Station 3: who is told what, and when. Pure: records and the moment go in, planned messages come out.

mod disk;
mod mails;
mod pass;
mod plan;
mod relay;
pub mod words;

pub use disk::{DISK_FULL, DISK_LOW, disk_notices};
pub use pass::passed_on;
pub use plan::{AlertTo, Occasion, Told, inbound_alert, kept_alert, plan, took_it, trouble_notice};
pub use relay::relay;
