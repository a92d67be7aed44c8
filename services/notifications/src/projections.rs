//! What is read without going through streams: letters and what is due of them, subscriptions, mailings.

pub mod deliveries;
pub mod lists;
pub mod mailings;
pub mod subscriptions;

#[cfg(test)]
mod tests;

use radslag_readmodel::Projection;
pub(crate) use radslag_readmodel::cells::{id, int, item, key, number, sealed, text};

use crate::event::Event;

/// Letters on their way.
pub const DELIVERIES: Projection<Event> =
    Projection { name: "deliveries", version: 1, tables: &[&deliveries::DELIVERIES], fold: deliveries::fold };

/// Who subscribes to what.
pub const SUBSCRIPTIONS: Projection<Event> = Projection {
    name: "subscriptions",
    version: 1,
    tables: &[&subscriptions::SUBSCRIPTIONS],
    fold: subscriptions::fold,
};

/// Letters to many.
pub const MAILINGS: Projection<Event> =
    Projection { name: "mailings", version: 1, tables: &[&mailings::MAILINGS], fold: mailings::fold };
