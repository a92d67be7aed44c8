//! Parts of imports as protobuf: rows, sealed under the import's key.

use radslag_kernel::{Encoded, Malformed, Stored};
use radslag_proto::{
    fields::{Fields as _, encoded, sealed},
    panels as proto,
};

use super::values::missing;
use crate::frame::{Event, Row};

pub(super) const KIND: &str = "frame.part_received";

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    let rows = event.rows.known().map(|rows| proto::Rows { rows: rows.iter().map(row_out).collect() });
    let public = proto::FramePartReceived { part: event.part, rows: event.count };
    encoded(KIND, public, vec![sealed(1, event.key, rows)])
}

fn row_out(row: &Row) -> proto::Row {
    let Row { person_number, name, street, postcode, town, gender, area, mailbox, phone, household, .. } =
        row.clone();
    proto::Row {
        person_number,
        name,
        street,
        postcode,
        town,
        birth_year: row.birth_year.into(),
        gender,
        area,
        mailbox,
        phone,
        household,
        protected: row.protected,
        others: row.others.clone(),
        line: row.line,
    }
}

fn row_in(row: proto::Row) -> Result<Row, Malformed> {
    let birth_year = u16::try_from(row.birth_year).map_err(|_| missing("a year"))?;
    let proto::Row {
        person_number,
        name,
        street,
        postcode,
        town,
        gender,
        area,
        mailbox,
        phone,
        household,
        ..
    } = row;
    Ok(Row {
        person_number,
        name,
        street,
        postcode,
        town,
        birth_year,
        gender,
        area,
        mailbox,
        phone,
        household,
        protected: row.protected,
        others: row.others,
        line: row.line,
    })
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::FramePartReceived = stored.message(1)?;
    let rows = stored.sub_as(1, |rows: proto::Rows| rows.rows.into_iter().map(row_in).collect())?;
    let (at, import, key) = (stored.at, stored.item()?, stored.key(1)?);
    Ok(Event { at, import, key, part: message.part, count: message.rows, rows })
}
