//! One row a request to subscribe, until it is over. Which list it is of is sealed, and gone with the address.

use radslag_kernel::{Happens as _, Recorded};
use radslag_readmodel::{
    CountBy, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{int, item, key, sealed, text};
use crate::{event::Event, subscription};

/// Requests. `position`: of the event that asked; its stream is the subscription's.
pub static SUBSCRIPTIONS: Table = Table {
    name: "subscriptions",
    columns: &[
        bytes("item"),
        text_column("state"),
        int_column("due_at"),
        int_column("position"),
        int_column("key_ref"),
        sealed_column(text_column("list")),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[&["state", "list", "item"], &["state", "due_at"]],
    counts: &[CountBy { into: "subscription_lists", group: &["state"], column: "list", only: None }],
};

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    let event = match &recorded.event {
        Event::Subscription(event) => event,
        Event::Delivery(_) | Event::Optout(_) | Event::Mailing(_) | Event::Wording(_) => return,
    };
    let row = vec![item(event.item().unwrap_or_default())];
    match event {
        subscription::Event::Requested { key: under, expires_at, asker, .. } => ops.push(Op::Set {
            table: &SUBSCRIPTIONS,
            key: row,
            cells: vec![
                ("state", text("requested")),
                ("due_at", int(expires_at.millis())),
                ("position", int(recorded.position)),
                ("key_ref", key(*under)),
                ("list", sealed(asker.clone().map(|asker| Value::Text(asker.list)))),
            ],
        }),
        // The one it replaces has lost its list with its key: it is of none.
        subscription::Event::Confirmed { .. } => {
            ops.push(Op::Set { table: &SUBSCRIPTIONS, key: row, cells: vec![("state", text("confirmed"))] });
        }
        subscription::Event::Expired { .. } | subscription::Event::Ended { .. } => {
            ops.push(Op::Remove { table: &SUBSCRIPTIONS, key: row });
        }
    }
}
