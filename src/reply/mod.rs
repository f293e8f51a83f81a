//! Station 3: who is told what, and when. Pure: records and the moment go in, planned messages come out.

mod alert;
pub mod answers;
mod bundle;
mod disk;
mod follow_up;
pub mod handoff;
mod health;
mod hooks;
mod mails;
mod pass;
mod plan;
mod preview;
pub mod refused;
pub mod registration;
mod relay;
pub mod report;
#[cfg(test)]
mod sample;
pub mod spoken;
mod talk;
pub mod template;
mod topic;
mod trouble;
pub mod usual;
mod way;
pub mod words;
pub mod words_ours;
pub mod words_theirs;

pub use bundle::bundle_wording;
pub use disk::{DISK_FULL, DISK_LOW, disk_notices};
pub use health::{Trouble, source_notice};
pub use hooks::{News, hook_notice, ping};
pub use pass::{passed_on, so_far};
pub use plan::{AlertTo, KEPT_ALERT_EVERY_MS, Occasion, Told, kept_alert, plan};
pub use preview::alert_preview;
pub use relay::{relay, sample_text};
pub use talk::{FromLead, answer_to_us, from_lead, payments_told};
pub use topic::{Answering, Notice, Topic, notice, starts};
pub use trouble::{Failing, blocked_notice, failing_notice, trouble_notice};
