//! Any event of this service, as projections and reactions see them.

use radslag_kernel::{Instant, ItemId, KeyRef};

use crate::{bulk, lists, petition, register, signature};

/// One of the streams' events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Of a petition.
    Petition(petition::Event),
    /// Of a page of signatures.
    Signature(signature::Event),
    /// Of the lists.
    List(lists::Event),
    /// Of a bulk invalidation.
    Bulk(bulk::Event),
    /// Of the register.
    Register(register::Entered),
}

impl Event {
    /// For the header's `occurred_at`.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Petition(event) => event.at(),
            Self::Signature(event) => event.at(),
            Self::List(event) => event.at(),
            Self::Bulk(event) => event.at(),
            Self::Register(event) => event.at,
        }
    }

    /// For the header's item ref.
    #[must_use]
    pub const fn item(&self) -> Option<ItemId> {
        match self {
            Self::Petition(_) | Self::Bulk(_) | Self::Register(_) => None,
            Self::Signature(event) => Some(event.item()),
            Self::List(event) => Some(event.item()),
        }
    }

    /// The keys it destroys, for the private part.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Petition(event) => event.erases(),
            Self::Signature(event) => event.erases(),
            Self::List(_) | Self::Bulk(_) | Self::Register(_) => Vec::new(),
        }
    }
}
