//! How many letters a mailbox gets in a day, from all services together. Counted in memory under a key of the day that is
//! written down nowhere: what a mailbox got is joined by nobody afterwards, and a restart forgets it, which is no harm
//! against a flood.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use radslag_kernel::Date;
use radslag_vault::cipher::hmac;

use crate::mailbox;

/// Counts of the day.
pub struct Cap {
    most: u32,
    day: Mutex<Day>,
}

struct Day {
    date: Option<Date>,
    key: [u8; 32],
    counts: HashMap<[u8; 16], u32>,
}

impl Cap {
    /// So many a day.
    #[must_use]
    pub fn new(most: u32) -> Self {
        Self { most, day: Mutex::new(Day { date: None, key: [0; 32], counts: HashMap::new() }) }
    }

    /// Takes one of a mailbox's letters of the day; `false` if there is none left.
    pub fn take(&self, mailbox: &str, today: Date) -> bool {
        let mut day = self.day.lock().unwrap_or_else(PoisonError::into_inner);
        if day.date != Some(today) {
            *day = Day { date: Some(today), key: rand::random(), counts: HashMap::new() };
        }
        let mut tag = [0; 16];
        tag.copy_from_slice(&hmac(&day.key, &[mailbox::canonical(mailbox).as_bytes()])[..16]);
        let count = day.counts.entry(tag).or_default();
        if *count >= self.most {
            return false;
        }
        *count += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_gets_so_many_a_day_however_it_is_typed() {
        let cap = Cap::new(2);
        let (today, tomorrow) = (Date::constant(2008, 10, 27), Date::constant(2008, 10, 28));
        assert!(cap.take("planted@malmo.se", today) && cap.take("Planted+x@malmo.se", today));
        assert!(!cap.take("planted@malmo.se", today) && cap.take("other@malmo.se", today));
        assert!(cap.take("planted@malmo.se", tomorrow));
    }
}
