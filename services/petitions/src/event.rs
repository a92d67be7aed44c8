//! Any event of this service, as projections and reactions see them.

use radslag_kernel::{Instant, ItemId, KeyRef};

use crate::{comment, inquiry, petition, register, signature};

/// An event of one of the streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Of a petition.
    Petition(petition::Event),
    /// Of a page of signatures.
    Signature(signature::Event),
    /// Of the register.
    Register(register::Entered),
    /// Of an author's page of comments.
    Comment(comment::Event),
    /// Of an inquiry.
    Inquiry(inquiry::Event),
}

impl Event {
    /// For the header's `occurred_at`.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Petition(event) => event.at(),
            Self::Signature(event) => event.at(),
            Self::Register(event) => event.at,
            Self::Comment(event) => event.at(),
            Self::Inquiry(event) => event.at(),
        }
    }

    /// For the header's item ref.
    #[must_use]
    pub const fn item(&self) -> Option<ItemId> {
        match self {
            Self::Petition(_) | Self::Register(_) | Self::Inquiry(_) => None,
            Self::Signature(event) => Some(event.item()),
            Self::Comment(event) => Some(event.item()),
        }
    }

    /// The keys it destroys, for the private part.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Petition(event) => event.erases(),
            Self::Signature(event) => event.erases(),
            Self::Register(_) => Vec::new(),
            Self::Comment(event) => event.erases(),
            Self::Inquiry(event) => event.erases(),
        }
    }
}
