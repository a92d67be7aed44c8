//! What is read without going through streams: letters and what is due of them, subscriptions, mailings.

pub mod deliveries;
pub mod lists;
pub mod mailings;
pub mod subscriptions;
pub mod views;

#[cfg(test)]
mod tests;

use radslag_readmodel::Projection;
pub(crate) use radslag_readmodel::cells::{id, int, item, key, number, sealed, text};

use crate::event::Event;

/// Letters on their way.
pub const DELIVERIES: Projection<Event> = Projection {
    name: "deliveries",
    version: 2,
    tables: &[&deliveries::DELIVERIES],
    views: views::OF_DELIVERIES,
    fold: deliveries::fold,
};

/// Who subscribes to what.
pub const SUBSCRIPTIONS: Projection<Event> = Projection {
    name: "subscriptions",
    version: 2,
    tables: &[&subscriptions::SUBSCRIPTIONS],
    views: views::OF_SUBSCRIPTIONS,
    fold: subscriptions::fold,
};

/// Letters to many.
pub const MAILINGS: Projection<Event> = Projection {
    name: "mailings",
    version: 1,
    tables: &[&mailings::MAILINGS],
    views: views::OF_MAILINGS,
    fold: mailings::fold,
};
