//! Station 3: who is told what, and when. Pure: records and the moment go in, planned messages come out.

mod answers;
mod bundle;
mod disk;
mod health;
mod hooks;
mod mails;
mod pass;
mod plan;
mod preview;
mod relay;
#[cfg(test)]
mod sample;
mod topic;
mod trouble;
pub mod words;

pub use bundle::bundle_wording;
pub use disk::{DISK_FULL, DISK_LOW, disk_notices};
pub use health::{Trouble, source_notice};
pub use hooks::{News, hook_notice, ping};
pub use pass::passed_on;
pub use plan::{AlertTo, KEPT_ALERT_EVERY_MS, Occasion, Told, inbound_alert, kept_alert, plan, took_it};
pub use preview::alert_preview;
pub use relay::relay;
pub use topic::{Answering, Notice, Topic, notice, starts};
pub use trouble::{Failing, failing_notice, trouble_notice};
