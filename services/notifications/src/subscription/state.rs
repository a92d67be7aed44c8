//! The requests of a mailbox for a list, and what became of each.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use crate::subscription::event::{Asker, Event};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not confirmed.
    Requested,
    /// Subscribed.
    Confirmed,
    /// Nobody confirmed.
    Expired,
    /// It was, and isn't any more.
    Ended,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its own.
    pub item: ItemId,
    /// What its address is sealed under.
    pub key: KeyRef,
    /// When it was made.
    pub at: Instant,
    /// Until when it can be confirmed.
    pub expires_at: Instant,
    /// Who asked; gone once it is over.
    pub asker: Opened<Asker>,
    /// Where it stands.
    pub standing: Standing,
}

/// All requests of a mailbox for a list, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// All of them.
    pub requests: Vec<Request>,
}

impl State {
    /// A request by its item.
    #[must_use]
    pub fn request(&self, item: ItemId) -> Option<&Request> {
        self.requests.iter().find(|request| request.item == item)
    }

    /// The one that holds.
    #[must_use]
    pub fn confirmed(&self) -> Option<&Request> {
        self.requests.iter().find(|request| request.standing == Standing::Confirmed)
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Requested { at, item, key, expires_at, asker } => self.requests.push(Request {
                item: *item,
                key: *key,
                at: *at,
                expires_at: *expires_at,
                asker: asker.clone(),
                standing: Standing::Requested,
            }),
            Event::Confirmed { item, replaces, .. } => {
                for request in self.requests.iter_mut().filter(|request| Some(request.key) == *replaces) {
                    request.end(Standing::Ended);
                }
                for request in self.requests.iter_mut().filter(|request| request.item == *item) {
                    request.standing = Standing::Confirmed;
                }
            }
            Event::Expired { item, .. } => self.end(*item, Standing::Expired),
            Event::Ended { item, .. } => self.end(*item, Standing::Ended),
        }
    }

    fn end(&mut self, item: ItemId, standing: Standing) {
        let found = self.requests.iter_mut().find(|request| request.item == item);
        found.into_iter().for_each(|request| request.end(standing));
    }
}

impl Request {
    fn end(&mut self, standing: Standing) {
        self.standing = standing;
        self.asker = Opened::Gone;
    }
}
