//! What comes over the telephone, and the source that takes it in.

pub mod store;

/// The provider of such a source.
pub const PROVIDER: &str = "twilio";
/// Its name until somebody gives it another.
pub const NAME: &str = "Calls and texts";
