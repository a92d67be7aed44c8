//! How often one network hands in: over the limit a submission is set aside, with the rule that did it. Kept in memory
//! only: nothing of it stands in the log but the rule's name, sealed.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
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

/// What is handed in without an eID beside signatures. Nothing of it could be set aside, so over its limit it isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handed {
    /// A petition: two in 300 seconds over all petitions.
    Petition,
    /// Support before a review: five.
    Support,
}

impl Handed {
    const fn limit(self) -> usize {
        match self {
            Self::Petition => 2,
            Self::Support => 5,
        }
    }
}

/// What each network handed in lately.
#[derive(Default)]
pub struct Rates {
    shared: Vec<IpNet>,
    seen: Mutex<HashMap<IpAddr, VecDeque<(Instant, AggregateId)>>>,
    handed: Mutex<HashMap<(IpAddr, Handed), VecDeque<Instant>>>,
}

impl Rates {
    /// With networks that many people share, which are never over a limit.
    #[must_use]
    pub fn sharing(shared: Vec<IpNet>) -> Self {
        Self { shared, seen: Mutex::default(), handed: Mutex::default() }
    }

    /// How long an address waits until it may hand in another one; nothing if it may now. What wasn't taken, as a form
    /// with an error in it, doesn't count.
    #[must_use]
    pub fn waits(&self, from: IpAddr, what: Handed, at: Instant) -> Option<Duration> {
        let handed = self.handed.lock().unwrap_or_else(PoisonError::into_inner);
        let own = handed.get(&(from.to_canonical(), what))?;
        let oldest = own.iter().rev().nth(what.limit() - 1)?;
        let since = at.millis_since(*oldest);
        (since < WINDOW_MS).then(|| Duration::from_millis(WINDOW_MS - since))
    }

    /// Counts what an address handed in.
    pub fn handed(&self, from: IpAddr, what: Handed, at: Instant) {
        let from = from.to_canonical();
        if self.shared.iter().any(|network| network.contains(&from)) {
            return;
        }
        let mut handed = self.handed.lock().unwrap_or_else(PoisonError::into_inner);
        if handed.len() >= NETWORKS && !handed.contains_key(&(from, what)) {
            handed.clear();
        }
        let own = handed.entry((from, what)).or_default();
        own.push_back(at);
        while own.len() > what.limit() {
            own.pop_front();
        }
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
    fn creators_two_and_supporters_five_in_three_hundred_seconds_over_all_petitions() {
        for (what, limit) in [(Handed::Petition, 2), (Handed::Support, 5)] {
            let rates = Rates::default();
            for n in 0..limit {
                assert_eq!(rates.waits(HOME, what, at(n)), None, "{what:?}");
                rates.handed(HOME, what, at(n));
            }
            assert_eq!(rates.waits(HOME, what, at(299)), Some(Duration::from_secs(1)));
            assert_eq!(rates.waits(HOME, what, at(300)), None);
            assert_eq!(rates.waits(IpAddr::from([192, 0, 2, 8]), what, at(1)), None);
        }
    }

    #[test]
    fn a_shared_network_is_never_over_a_limit() {
        let shared = Rates::sharing(vec!["192.0.2.0/24".parse().unwrap()]);
        (0..50).for_each(|_| shared.handed(HOME, Handed::Petition, at(0)));
        assert_eq!(shared.waits(HOME, Handed::Petition, at(0)), None);
        let rates = Rates::sharing(vec!["192.0.2.0/24".parse().unwrap()]);
        assert!((0..50).all(|_| rates.take(HOME, petition(1), at(0)).is_none()));
    }
}
