//! A hard limit per network: over it, 429 and nothing is written.
//!
//! A network is a /24 of IPv4 or a /56 of IPv6, about what one household or office is given. The rate is kept by
//! GCRA (one moment per network). The moments stand in a table of fixed size: each network has one cell in each of
//! two rows, by a hash nobody outside can aim, and is judged by the emptier of its two. So memory is bounded,
//! nobody is ever let through over the limit, and somebody is held up for another's sake only if both cells collide.
//! (`governor` would need a bound and a sweep of our own around its map, and brings some twenty crates.)

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{FromRef, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::config;
use crate::http::{Client, Kit, Problem};

/// The network an address belongs to, as limits see it.
#[must_use]
pub fn network_of(address: IpAddr) -> IpNet {
    match address.to_canonical() {
        IpAddr::V4(address) => IpNet::V4(Ipv4Net::new_assert(address, 24).trunc()),
        IpAddr::V6(address) => IpNet::V6(Ipv6Net::new_assert(address, 56).trunc()),
    }
}

/// How much each network may still do.
pub struct NetworkLimiter {
    interval: u64,
    burst: u64,
    began: Instant,
    hashers: [RandomState; 2],
    rows: Mutex<[Vec<u64>; 2]>,
}

/// A network is over its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("over the limit of the network")]
pub struct Limited {
    /// When one more will do.
    pub retry_after: Duration,
}

impl From<Limited> for Problem {
    fn from(limited: Limited) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests").retry_after(limited.retry_after)
    }
}

impl NetworkLimiter {
    /// With a rate, and room for so many networks at once.
    #[must_use]
    pub fn new(limits: &config::Limits, networks: usize) -> Self {
        let interval = 60_000_000_000 / u64::from(limits.per_minute.max(1));
        let cells = networks.max(1);
        Self {
            interval,
            burst: interval.saturating_mul(limits.burst.max(1).into()),
            began: Instant::now(),
            hashers: [RandomState::new(), RandomState::new()],
            rows: Mutex::new([vec![0; cells], vec![0; cells]]),
        }
    }

    /// Takes one from an address's network.
    ///
    /// # Errors
    /// If there is none left.
    pub fn take(&self, address: IpAddr) -> Result<(), Limited> {
        self.take_at(address, self.began.elapsed())
    }

    /// Takes one at a moment, counted from any start.
    ///
    /// # Errors
    /// If there is none left.
    pub fn take_at(&self, address: IpAddr, now: Duration) -> Result<(), Limited> {
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        let network = network_of(address);
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let [first, second] = &mut *rows;
        let cell = |hasher: &RandomState, row: &[u64]| {
            usize::try_from(hasher.hash_one(network) % row.len() as u64).unwrap_or(0)
        };
        let (first_cell, second_cell) = (cell(&self.hashers[0], first), cell(&self.hashers[1], second));
        let (first, second) = (&mut first[first_cell], &mut second[second_cell]);
        // The moment at which the network will have nothing on its account.
        let settled = (*first).min(*second).max(now).saturating_add(self.interval);
        let earliest = settled.saturating_sub(self.burst);
        if earliest > now {
            return Err(Limited { retry_after: Duration::from_nanos(earliest - now) });
        }
        *first = settled.max(*first);
        *second = settled.max(*second);
        Ok(())
    }
}

/// Takes one from the client's network; 429 if there is none. Stands before the body among a handler's arguments,
/// so that what is over the limit isn't even read.
#[derive(Clone, Copy, Debug)]
pub struct Admitted;

impl<S> FromRequestParts<S> for Admitted
where
    S: Send + Sync,
    Kit: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Ok(client) = Client::from_request_parts(parts, state).await;
        Kit::from_ref(state).limiter().take(client.address)?;
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: config::Limits = config::Limits { burst: 3, per_minute: 60, shared_networks: Vec::new() };

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_burst_goes_through_and_then_the_rate() {
        let limiter = NetworkLimiter::new(&MINUTE, 1024);
        let take = |millis| limiter.take_at(address("192.0.2.1"), at(millis));
        assert_eq!([take(0), take(0), take(0)], [Ok(()); 3]);
        assert_eq!(take(0), Err(Limited { retry_after: at(1000) }));
        assert_eq!(take(400), Err(Limited { retry_after: at(600) }));
        assert_eq!(take(1000), Ok(()));
        assert_eq!(take(1000), Err(Limited { retry_after: at(1000) }));
        assert_eq!([take(9000), take(9000), take(9000)], [Ok(()); 3]);
        assert!(take(9000).is_err());
    }

    #[test]
    fn a_refusal_costs_nothing() {
        let limiter = NetworkLimiter::new(&MINUTE, 1024);
        for _ in 0..1000 {
            let _ = limiter.take_at(address("192.0.2.1"), at(0));
        }
        assert_eq!(limiter.take_at(address("192.0.2.1"), at(1000)), Ok(()));
    }

    #[test]
    fn neighbours_in_a_network_share_and_others_do_not() {
        let limiter = NetworkLimiter::new(
            &config::Limits { burst: 1, per_minute: 1, shared_networks: Vec::new() },
            65_536,
        );
        let take = |text| limiter.take_at(address(text), at(0)).is_ok();
        assert!(take("192.0.2.1"));
        assert!(!take("192.0.2.200"));
        assert!(!take("::ffff:192.0.2.7"));
        assert!(take("192.0.3.1"));
        assert!(take("2001:db8:0:100::1"));
        assert!(!take("2001:db8:0:1ff::1"));
        assert!(take("2001:db8:0:200::1"));
    }

    #[test]
    fn more_networks_than_cells_never_let_anybody_over_the_limit() {
        let limiter =
            NetworkLimiter::new(&config::Limits { burst: 1, per_minute: 1, shared_networks: Vec::new() }, 16);
        let mut through = 0;
        for network in 0..=255 {
            through += u32::from(limiter.take_at([10, 0, network, 1].into(), at(0)).is_ok());
        }
        // Each that goes through fills at least one cell.
        assert!((1..=32).contains(&through), "{through}");
        for network in 0..=255 {
            assert!(limiter.take_at([10, 0, network, 1].into(), at(0)).is_err());
        }
    }
}
