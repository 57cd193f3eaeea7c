//! How many conversations one address may start.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Conversations one address may start at once.
const BURST: f64 = 30.0;
/// After that one more comes every so often.
const ONE_EVERY: Duration = Duration::from_secs(2);
/// Addresses remembered before the ones at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// A token bucket for each address.
#[derive(Default)]
pub struct PerAddress(Mutex<HashMap<IpAddr, Bucket>>);

struct Bucket {
    left: f64,
    at: Instant,
}

impl PerAddress {
    /// Takes one; `false` when the address has had enough for now.
    ///
    /// The machine itself is never refused: behind a proxy every citizen comes from there, and the proxy does the counting.
    pub fn take(&self, address: IpAddr, now: Instant) -> bool {
        if address.to_canonical().is_loopback() {
            return true;
        }
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= REMEMBERED {
            buckets.retain(|_, bucket| bucket.filled(now) < BURST);
        }
        let bucket = buckets.entry(address.to_canonical()).or_insert(Bucket { left: BURST, at: now });
        bucket.left = bucket.filled(now);
        bucket.at = now;
        let allowed = bucket.left >= 1.0;
        if allowed {
            bucket.left -= 1.0;
        }
        allowed
    }
}

impl Bucket {
    fn filled(&self, now: Instant) -> f64 {
        let rested = now.saturating_duration_since(self.at).as_secs_f64();
        (self.left + rested / ONE_EVERY.as_secs_f64()).min(BURST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_starts_too_many_waits_and_others_do_not() {
        let limit = PerAddress::default();
        let now = Instant::now();
        let (one, other): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        assert_eq!((0..40).filter(|_| limit.take(one, now)).count(), 30);
        assert!(limit.take(other, now));
        assert!(!limit.take(one, now + Duration::from_secs(1)));
        assert!(limit.take(one, now + Duration::from_secs(3)));
        assert!((0..100).all(|_| limit.take([127, 0, 0, 1].into(), now)));
    }
}
