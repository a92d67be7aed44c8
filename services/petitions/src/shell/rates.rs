//! How often one network hands in: over the limit a submission is set aside, with the rule that did it. Kept in memory
//! only: nothing of it stands in the log but the rule's name, sealed.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use ipnet::IpNet;
use radslag_kernel::{AggregateId, Instant};

/// Networks kept at most; when there are more, all are forgotten.
const NETWORKS: usize = 100_000;
/// The longest window, in milliseconds.
const WINDOW_MS: u64 = 300_000;

/// Every rule that sets a submission aside.
pub const RULES: [&str; 3] = ["rate-petition-60s", "rate-petition-300s", "rate-all-300s"];

/// A limit: at most so many within so many milliseconds.
const ONCE_A_MINUTE: (usize, u64) = (1, 60_000);
const FIVE_IN_FIVE_MINUTES: (usize, u64) = (5, WINDOW_MS);

/// What each network handed in lately.
#[derive(Default)]
pub struct Rates {
    shared: Vec<IpNet>,
    seen: Mutex<HashMap<IpAddr, VecDeque<(Instant, AggregateId)>>>,
}

impl Rates {
    /// With networks that many people share, which are never over a limit.
    #[must_use]
    pub fn sharing(shared: Vec<IpNet>) -> Self {
        Self { shared, seen: Mutex::default() }
    }

    /// Counts a submission; the rule that sets it aside, if one does: 1 in 60 s and 5 in 300 s for an address and a
    /// petition, 5 in 300 s for an address over all petitions.
    pub fn take(&self, from: IpAddr, petition: AggregateId, at: Instant) -> Option<&'static str> {
        if self.shared.iter().any(|network| network.contains(&from)) {
            return None;
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= NETWORKS && !seen.contains_key(&from) {
            seen.clear();
        }
        let own = seen.entry(from).or_default();
        while own.front().is_some_and(|(when, _)| at.millis_since(*when) >= WINDOW_MS) {
            own.pop_front();
        }
        let within = |limit: (usize, u64), here: bool| {
            let counted = own
                .iter()
                .filter(|(when, what)| at.millis_since(*when) < limit.1 && (!here || *what == petition));
            counted.count() < limit.0
        };
        let rule = if !within(ONCE_A_MINUTE, true) {
            Some("rate-petition-60s")
        } else if !within(FIVE_IN_FIVE_MINUTES, true) {
            Some("rate-petition-300s")
        } else if !within(FIVE_IN_FIVE_MINUTES, false) {
            Some("rate-all-300s")
        } else {
            None
        };
        if own.len() < 64 {
            own.push_back((at, petition));
        }
        rule
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

    fn petition(n: u8) -> AggregateId {
        AggregateId::from_bytes([n; 16])
    }

    fn at(seconds: u64) -> Instant {
        Instant::from_millis(seconds * 1_000)
    }

    #[test]
    fn one_in_sixty_seconds_for_an_address_and_a_petition() {
        let rates = Rates::default();
        assert_eq!(rates.take(HOME, petition(1), at(0)), None);
        assert_eq!(rates.take(HOME, petition(1), at(59)), Some("rate-petition-60s"));
        assert_eq!(rates.take(HOME, petition(2), at(59)), None);
        assert_eq!(rates.take(HOME, petition(1), at(119)), None);
    }

    #[test]
    fn five_in_three_hundred_seconds_for_an_address_and_a_petition() {
        let rates = Rates::default();
        for n in 0..5 {
            assert_eq!(rates.take(HOME, petition(1), at(n * 60)), None);
        }
        assert_eq!(rates.take(HOME, petition(1), at(299)), Some("rate-petition-60s"));
        assert_eq!(rates.take(HOME, petition(1), at(600)), None);
    }

    #[test]
    fn five_in_three_hundred_seconds_over_all_petitions() {
        let rates = Rates::default();
        for n in 0..5 {
            assert_eq!(rates.take(HOME, petition(n), at(0)), None);
        }
        assert_eq!(rates.take(HOME, petition(9), at(299)), Some("rate-all-300s"));
        assert_eq!(rates.take(IpAddr::from([192, 0, 2, 8]), petition(9), at(299)), None);
    }

    #[test]
    fn a_shared_network_is_never_over_a_limit() {
        let rates = Rates::sharing(vec!["192.0.2.0/24".parse().unwrap()]);
        assert!((0..50).all(|_| rates.take(HOME, petition(1), at(0)).is_none()));
    }
}
