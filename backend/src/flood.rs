//! The guard before everything else: so many requests a second from one address, counted in memory on each node. It
//! keeps one machine from taking all connections and all work; the limits of single acts stand in `domain::limits`.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::client::Client;

/// How many seconds' worth may come at once: a page with its files, a team behind one address.
const BURST_SECONDS: u32 = 4;
/// After so many requests, addresses that have been quiet are forgotten. With the addresses of the last few seconds that
/// is the most that is ever remembered.
const FORGET_EVERY: u64 = 10_000;

/// The guard; nothing when it is switched off.
pub struct Flood(Option<Guard>);

struct Guard {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    asked: AtomicU64,
}

impl Flood {
    /// With so many requests a second; 0 switches it off.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        Self(NonZeroU32::new(per_second).map(|rate| {
            let burst = rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST_SECONDS - 1));
            Guard {
                limiter: RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)),
                clock: DefaultClock::default(),
                asked: AtomicU64::new(0),
            }
        }))
    }

    /// Takes one request in, or says in how many seconds it would.
    ///
    /// # Errors
    /// The seconds to wait, at least one.
    pub fn admit(&self, client: Client) -> Result<(), u64> {
        let (Some(guard), Client::Remote(address)) = (&self.0, client) else { return Ok(()) };
        if guard.asked.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            guard.limiter.retain_recent();
            guard.limiter.shrink_to_fit();
        }
        guard.limiter.check_key(&address).map_err(|later| {
            let wait = later.wait_time_from(guard.clock.now());
            wait.as_secs().saturating_add(1)
        })
    }

    /// How many addresses are remembered.
    #[cfg(test)]
    fn remembered(&self) -> usize {
        self.0.as_ref().map_or(0, |guard| guard.limiter.len())
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn client(n: u32) -> Client {
        Client::Remote(Ipv4Addr::from_bits(0x0a00_0000 + n).into())
    }

    #[test]
    fn a_burst_is_taken_and_no_more_and_others_are_not_held_up() {
        let flood = Flood::new(1);
        for _ in 0..BURST_SECONDS {
            assert_eq!(flood.admit(client(1)), Ok(()));
        }
        assert!(matches!(flood.admit(client(1)), Err(1..=2)));
        assert_eq!(flood.admit(client(2)), Ok(()));
        assert!((0..100).all(|_| flood.admit(Client::Local).is_ok()));
        assert!((0..100).all(|_| Flood::new(0).admit(client(1)).is_ok()));
    }

    /// A thousand million requests a second: every address is fresh again at once.
    #[test]
    fn quiet_addresses_are_forgotten() {
        let flood = Flood::new(1_000_000_000);
        let many = u32::try_from(FORGET_EVERY).unwrap() * 3;
        assert!((0..many).all(|n| flood.admit(client(n)).is_ok()));
        assert!(flood.remembered() <= usize::try_from(FORGET_EVERY).unwrap(), "{}", flood.remembered());
    }
}
