//! One row a membership: where it stands, and of which features. Who it is stands in the log alone.

use radslag_kernel::{Happens as _, ItemId, KeyRef, Opened, Recorded};
use radslag_readmodel::{
    Cell, CountBy, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, item, key, sealed, text};
use crate::{
    event::Event as Any,
    member::{Event, event::Known},
    strata::{CATEGORIES, Places},
};

/// A column for each category a panel may have; it holds the place of the feature.
pub const FEATURES: [&str; CATEGORIES] =
    ["category0", "category1", "category2", "category3", "category4", "category5", "category6", "category7"];

const fn of_category(into: &'static str, column: &'static str) -> CountBy {
    CountBy { into, group: &["panel", "standing"], column, only: None }
}

/// Memberships. `due_at`: when nobody can confirm or answer any more, 0 if nothing is due; `position`: of its first event,
/// whose stream is the person's page.
pub static MEMBERS: Table = Table {
    name: "members",
    columns: &[
        bytes("item"),
        bytes("panel"),
        text_column("standing"),
        int_column("due_at"),
        int_column("position"),
        int_column("key_ref"),
        sealed_column(text_column("category0")),
        sealed_column(text_column("category1")),
        sealed_column(text_column("category2")),
        sealed_column(text_column("category3")),
        sealed_column(text_column("category4")),
        sealed_column(text_column("category5")),
        sealed_column(text_column("category6")),
        sealed_column(text_column("category7")),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[&["standing", "due_at"], &["panel", "standing", "item"]],
    counts: &[
        CountBy { into: "standings", group: &["panel"], column: "standing", only: None },
        of_category("features0", "category0"),
        of_category("features1", "category1"),
        of_category("features2", "category2"),
        of_category("features3", "category3"),
        of_category("features4", "category4"),
        of_category("features5", "category5"),
        of_category("features6", "category6"),
        of_category("features7", "category7"),
    ],
};

/// The fold.
pub(super) fn fold(recorded: &Recorded<Any>, event: &Event, ops: &mut Vec<Op>) {
    let member = event.item().unwrap_or_default();
    let mut cells: Vec<(&'static str, Cell)> = vec![("standing", text(event.standing().word()))];
    match event {
        Event::Submitted { key, expires_at, known, .. } => {
            cells.extend(new(recorded, *key, known));
            cells.push(("due_at", int(expires_at.millis())));
        }
        Event::Enrolled { fresh: Some((key, known)), .. } => {
            cells.extend(new(recorded, *key, known));
            cells.push(("due_at", int(0)));
        }
        Event::Offered { fresh, expires_at, .. } => {
            cells.extend(fresh.iter().flat_map(|(key, known)| new(recorded, *key, known)));
            cells.push(("due_at", int(expires_at.map_or(0, radslag_kernel::Instant::millis))));
        }
        Event::Corrected { known, .. } => cells.extend(features(&known.places)),
        Event::Enrolled { fresh: None, .. } | Event::Expired { .. } | Event::Erased { .. } => {
            cells.push(("due_at", int(0)));
        }
        Event::Answered { .. }
        | Event::Moved { .. }
        | Event::Left { .. }
        | Event::Replaced { .. }
        | Event::Renewed { .. } => {}
    }
    ops.push(set(member, cells));
}

fn set(member: ItemId, cells: Vec<(&'static str, Cell)>) -> Op {
    Op::Set { table: &MEMBERS, key: vec![item(member)], cells }
}

fn new(recorded: &Recorded<Any>, under: KeyRef, known: &Known) -> Vec<(&'static str, Cell)> {
    let mut cells = vec![
        ("panel", Cell::Open(id(recorded.aggregate))),
        ("position", int(recorded.position)),
        ("key_ref", key(under)),
    ];
    cells.extend(features(&known.places));
    cells
}

fn features(places: &Opened<Places>) -> Vec<(&'static str, Cell)> {
    let place = |at: usize| {
        let known = |places: Places| places.get(at).copied().flatten();
        let text = |place: Option<u8>| place.map_or(Value::Null, |place| Value::Text(place.to_string()));
        sealed(places.clone().map(known).map(text))
    };
    FEATURES.iter().enumerate().map(|(at, column)| (*column, place(at))).collect()
}
