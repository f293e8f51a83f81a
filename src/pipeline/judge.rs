//! Whether a request is authentic, and by which keys.
//!
//! Pure but for one case: a sender that signs with a certificate that has to be fetched. A known certificate is at hand;
//! for an unknown one the sender waits some seconds at most, and is told to come again if it cannot be had. Nothing is
//! believed without it.

use super::cards::Card;
use super::{NotReceived, Parcel, Pipeline};
use crate::delivery::certificates::Trouble;
use crate::intake::providers::Refusal;
use crate::lead::shop::keyring::Used;

impl Pipeline {
    /// By which keys a request is authentic; else why it is not, in words for its sender.
    ///
    /// # Errors
    /// [`NotReceived::NotChecked`] when that cannot be known now: the sender must be told to send it again.
    pub(super) async fn judge(&self, card: &Card, parcel: &Parcel) -> Result<Result<Used, String>, NotReceived> {
        let old_address = card.old_address;
        let secrets = card.secrets();
        if secrets.is_empty() {
            return Ok(Ok(Used { old_address, secret: None }));
        }
        let (provider, request) = (card.provider(), parcel.request(&card.business.country));
        let Some(certified) = provider.certified() else {
            return Ok(by(card, |secrets| provider.verify(&request, secrets, parcel.received_at)));
        };
        let address = match (certified.address)(&request) {
            Ok(address) => address,
            Err(refusal) => return Ok(Err(refusal.problem)),
        };
        match self.certificates.get(&address, certified.domain, parcel.received_at).await {
            Ok(certificate) => Ok(by(card, |secrets| (certified.verify)(&request, secrets, &certificate))),
            Err(trouble @ Trouble::NotNow(_)) => Err(NotReceived::NotChecked(trouble)),
            // Kept and told of like any refusal. The sender comes again by itself, should the fault be ours.
            Err(trouble @ Trouble::Untrusted(_)) => {
                tracing::error!(source = %card.source.id, address, "{trouble}");
                Ok(Err(format!("The signature could not be checked: {trouble}.")))
            }
        }
    }
}

/// Which keys fit, if any do.
fn by(card: &Card, verify: impl Fn(&[&str]) -> Result<(), Refusal>) -> Result<Used, String> {
    let secrets = card.secrets();
    verify(&secrets).map_err(|refusal| refusal.problem)?;
    // Which of several it was is asked only while there are several.
    let fits = |secret: &&str| verify(&[*secret]).is_ok();
    let which = if secrets.len() > 1 { secrets.iter().position(fits).unwrap_or(0) } else { 0 };
    let secret = which.checked_sub(1).and_then(|n| card.old_secrets.get(n).copied());
    Ok(Used { old_address: card.old_address, secret: Some(secret) })
}
