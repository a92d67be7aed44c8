//! When and where a petition's hearing is, or why there is none, and what stands written of it.

use radslag_kernel::Recorded;
use radslag_readmodel::{Op, Table, bytes, int as int_column, sealed as sealed_column, text as text_column};

use super::{id, int, key, number, sealed};
use crate::{
    event::Event as Any,
    petition::hearing::{Event, What},
};

/// A hearing; its word stands in the petition's row.
pub static HEARINGS: Table = Table {
    name: "hearings",
    columns: &[
        bytes("petition"),
        int_column("key_ref"),
        int_column("starts_at"),
        sealed_column(text_column("place")),
        sealed_column(text_column("link")),
        sealed_column(text_column("recording")),
        sealed_column(text_column("why")),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[],
    counts: &[],
};

/// Transcripts and notes.
pub static DOCUMENTS: Table = Table {
    name: "hearing_documents",
    columns: &[
        bytes("petition"),
        int_column("number"),
        int_column("key_ref"),
        sealed_column(text_column("title")),
        sealed_column(text_column("link")),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    indexes: &[],
    counts: &[],
};

/// The fold of a hearing's event.
pub fn fold(recorded: &Recorded<Any>, event: &Event, ops: &mut Vec<Op>) {
    let (petition, under) = (id(recorded.aggregate), ("key_ref", key(event.record)));
    let (table, key, cells) = match &event.what {
        What::Scheduled { starts_at, place, link } => {
            let starts_at = ("starts_at", int(starts_at.millis()));
            let cells =
                vec![under, starts_at, ("place", sealed(place.clone())), ("link", sealed(link.clone()))];
            (&HEARINGS, vec![petition], cells)
        }
        What::Held { link } => (&HEARINGS, vec![petition], vec![under, ("recording", sealed(link.clone()))]),
        What::NotHeld { why } => (&HEARINGS, vec![petition], vec![under, ("why", sealed(why.clone()))]),
        What::Documented { number: document, title, link } => {
            let cells = vec![under, ("title", sealed(title.clone())), ("link", sealed(link.clone()))];
            (&DOCUMENTS, vec![petition, number((*document).into())], cells)
        }
    };
    ops.push(Op::Set { table, key, cells });
}
