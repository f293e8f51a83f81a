//! Certificates of senders that sign with one: fetched from the sender's own address, kept, and believed only while the
//! chain up to a root of this system, the name and the time are in order.
//!
//! The address comes from outside, so whoever asks must have checked that it is the sender's. A known certificate answers
//! at once; an unknown one is fetched within seconds while the sender waits, once for all who ask for it. What cannot be
//! had now is asked for again when the sender comes again; what is not believed is never passed on.

use super::http::{self, Http};
use super::{BadSetup, Timeouts};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// How long a certificate is used before it is asked for anew, in milliseconds.
const KEPT_MS: i64 = crate::base::clock::DAY_MS;
/// How long an address that gave nothing to believe is left alone, in milliseconds.
const PAUSE_MS: i64 = 5_000;
/// How long one fetch may take; whoever waits for somebody else's fetch waits a little longer.
const FETCH: Timeouts =
    Timeouts { connect: Duration::from_secs(2), total: Duration::from_secs(4), answer: Duration::ZERO };
const PATIENCE: Duration = Duration::from_secs(5);
/// How many are fetched at once: addresses that nobody has must not be in everybody's way.
const AT_ONCE: usize = 4;
/// How many addresses are kept.
const MOST: usize = 64;
/// The most certificates of a chain.
const LONGEST: usize = 8;

/// Why there is no certificate to go by.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It could not be fetched: the sender should come again.
    #[error("the sender's certificate could not be fetched: {0}")]
    NotNow(String),
    /// It was fetched and is not believed.
    #[error("the sender's certificate is not believed: {0}")]
    Untrusted(String),
}

/// The certificates that were met.
#[derive(Debug)]
pub struct Certificates {
    /// What stands in for scheme and host of every address; none = nothing does.
    via: Option<String>,
    roots: OnceLock<Vec<TrustAnchor<'static>>>,
    http: OnceLock<Result<Http, BadSetup>>,
    met: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Met>>>>,
    fetches: Semaphore,
}

/// What is known of one address.
#[derive(Debug, Default)]
struct Met {
    /// The certificate and those between it and a root, and when it came (UTC milliseconds).
    chain: Option<(Vec<CertificateDer<'static>>, i64)>,
    /// When it was last asked for.
    asked_at: Option<i64>,
}

impl Default for Certificates {
    fn default() -> Self {
        Self {
            via: None,
            roots: OnceLock::new(),
            http: OnceLock::new(),
            met: Mutex::default(),
            fetches: Semaphore::new(AT_ONCE),
        }
    }
}

impl Certificates {
    /// As of a world of one's own: every address is asked for at `via` (`http://127.0.0.1:4000`) with its path, and these
    /// certificates (PEM) are the only roots.
    ///
    /// # Errors
    /// When there is no certificate in the PEM.
    pub fn of_a_world(via: &str, roots: &[u8]) -> Result<Self, BadSetup> {
        let roots = anchors(chain(roots).map_err(BadSetup)?);
        Ok(Self { via: Some(via.to_owned()), roots: OnceLock::from(roots), ..Self::default() })
    }

    /// The certificate (DER) behind an address, believed to be for `domain` or a name below it. `now_ms` is UTC.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn get(&self, address: &str, domain: &str, now_ms: i64) -> Result<CertificateDer<'static>, Trouble> {
        let not_now = |why: &str| Trouble::NotNow(why.to_owned());
        let slot = self.slot(address);
        let met = tokio::time::timeout(PATIENCE, slot.lock()).await;
        let mut met = met.map_err(|_| not_now("others wait for it"))?;
        if let Some((chain, at)) = &met.chain
            && (now_ms - at).abs() < KEPT_MS
            && let Ok(certificate) = self.believed(chain, domain, now_ms)
        {
            return Ok(certificate);
        }
        if met.asked_at.is_none_or(|at| (now_ms - at).abs() >= PAUSE_MS) {
            met.asked_at = Some(now_ms);
            match self.fetch(address).await {
                Ok(chain) => met.chain = Some((chain, now_ms)),
                Err(why) if met.chain.is_none() => return Err(Trouble::NotNow(why)),
                Err(why) => {
                    tracing::warn!(why, address, "a certificate could not be fetched anew; the known one holds")
                }
            }
        }
        match &met.chain {
            Some((chain, _)) => self.believed(chain, domain, now_ms),
            None => Err(not_now("it was asked for in vain a moment ago")),
        }
    }

    fn slot(&self, address: &str) -> Arc<tokio::sync::Mutex<Met>> {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        if met.len() >= MOST && !met.contains_key(address) {
            met.retain(|_, slot| slot.try_lock().map_or(true, |met| met.chain.is_some()));
            if met.len() >= MOST {
                met.clear();
            }
        }
        Arc::clone(met.entry(address.to_owned()).or_default())
    }

    async fn fetch(&self, address: &str) -> Result<Vec<CertificateDer<'static>>, String> {
        let Ok(_permit) = self.fetches.try_acquire() else { return Err("too many are fetched at once".to_owned()) };
        let http = self.http.get_or_init(|| Http::new(FETCH)).as_ref().map_err(|e| e.to_string())?;
        let at = match &self.via {
            Some(via) => format!("{via}/{}", address.splitn(4, '/').nth(3).unwrap_or("")),
            None => address.to_owned(),
        };
        let response = http.client().get(at).send().await.map_err(|e| http::chain(&e.without_url()))?;
        if !response.status().is_success() {
            return Err(format!("the answer was {}", response.status().as_u16()));
        }
        let body = http::body(response).await.ok_or("the connection broke")?;
        chain(&body)
    }

    /// The first of a chain, if the chain leads to a root, is in time, and is for the domain.
    fn believed(
        &self,
        chain: &[CertificateDer<'static>],
        domain: &str,
        now_ms: i64,
    ) -> Result<CertificateDer<'static>, Trouble> {
        let untrusted = |why: String| Trouble::Untrusted(why);
        let (first, between) = chain.split_first().ok_or_else(|| untrusted("there is none".to_owned()))?;
        let certificate = EndEntityCert::try_from(first).map_err(|e| untrusted(e.to_string()))?;
        let now = UnixTime::since_unix_epoch(Duration::from_millis(u64::try_from(now_ms).unwrap_or(0)));
        let roots = self.roots.get_or_init(system_roots);
        certificate
            .verify_for_usage(webpki::ALL_VERIFICATION_ALGS, roots, between, now, KeyUsage::server_auth(), None, None)
            .map_err(|e| untrusted(e.to_string()))?;
        let is_theirs = |name: &str| {
            let name = name.to_ascii_lowercase();
            name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if !certificate.valid_dns_names().any(is_theirs) {
            return Err(untrusted(format!("it is not for {domain}")));
        }
        Ok(first.clone())
    }
}

fn chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).take(LONGEST).collect();
    match found {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        _ => Err("what came is no certificate".to_owned()),
    }
}

fn anchors(roots: Vec<CertificateDer<'static>>) -> Vec<TrustAnchor<'static>> {
    roots.iter().filter_map(|root| Some(anchor_from_trusted_cert(root).ok()?.to_owned())).collect()
}

/// The roots that this machine trusts. Without any nothing is believed.
fn system_roots() -> Vec<TrustAnchor<'static>> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        tracing::error!(errors = ?found.errors, "this machine has no root certificates; install ca-certificates");
    }
    anchors(found.certs)
}

#[cfg(test)]
mod tests;
