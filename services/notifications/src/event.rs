//! Any event of this service, as projections see them.

use radslag_kernel::{Instant, ItemId, KeyRef};

use crate::{delivery, mailing, optout, subscription, wording};

/// An event of one of the streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Of a letter on its way.
    Delivery(delivery::Event),
    /// Of a subscription.
    Subscription(subscription::Event),
    /// That a mailbox wants no letters to many.
    Optout(optout::Event),
    /// Of a mailing.
    Mailing(mailing::Event),
    /// Of a template.
    Wording(wording::Event),
}

macro_rules! of_stream {
    ($($name:ident $case:ident $module:ident,)*) => {
        $(
            /// The event, if it is of this kind of stream.
            #[must_use]
            pub const fn $name(&self) -> Option<&$module::Event> {
                if let Self::$case(event) = self { Some(event) } else { None }
            }
        )*
    };
}

impl Event {
    of_stream! {
        delivery Delivery delivery,
        subscription Subscription subscription,
        optout Optout optout,
        mailing Mailing mailing,
        wording Wording wording,
    }

    /// For the header's `occurred_at`.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Delivery(event) => event.at(),
            Self::Subscription(event) => event.at(),
            Self::Optout(event) => event.at(),
            Self::Mailing(event) => event.at(),
            Self::Wording(event) => event.at(),
        }
    }

    /// For the header's item ref.
    #[must_use]
    pub const fn item(&self) -> Option<ItemId> {
        match self {
            Self::Subscription(event) => Some(event.item()),
            Self::Delivery(_) | Self::Optout(_) | Self::Mailing(_) | Self::Wording(_) => None,
        }
    }

    /// The keys it destroys, for the private part.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Delivery(event) => event.erases(),
            Self::Subscription(event) => event.erases(),
            Self::Optout(_) | Self::Mailing(_) | Self::Wording(_) => Vec::new(),
        }
    }
}
