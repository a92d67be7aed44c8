//! The rows of an import (streams `frame-<panel>-<import>-<part>`), a part a stream, sealed under the import's own key: destroying
//! that destroys all of them. `csv` reads a file into rows, `row` is one of them.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

pub mod csv;
pub mod row;
pub mod taking;

use radslag_kernel::{Happens, Instant, ItemId, KeyRef, Opened};

pub use row::Row;

/// Bytes of rows in a part, about.
pub const PART: usize = 192 << 10;

/// What is asked of a part: that it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub at: Instant,
    pub import: ItemId,
    pub key: KeyRef,
    pub part: u32,
    pub rows: Vec<Row>,
}

/// A part came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Instant,
    pub import: ItemId,
    pub key: KeyRef,
    pub part: u32,
    pub count: u32,
    pub rows: Opened<Vec<Row>>,
}

impl Happens for Event {
    fn at(&self) -> Instant {
        self.at
    }

    fn item(&self) -> Option<ItemId> {
        Some(self.import)
    }
}

/// The rows of a part; nothing if it didn't come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State(pub Option<Opened<Vec<Row>>>);

/// Nothing refuses a part: whether it may come is the panel's to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {}

/// Drives the rules of parts.
#[derive(Clone, Copy, Debug)]
pub enum Decider {}

impl radslag_kernel::Decider for Decider {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        if state.0.is_some() {
            return Ok(Vec::new());
        }
        let Command { at, import, key, part, rows } = command;
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        Ok(vec![Event { at, import, key, part, count, rows: rows.into() }])
    }

    fn evolve(state: &mut State, event: &Event) {
        state.0 = Some(event.rows.clone());
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;

    pub(crate) fn row(line: u32) -> Row {
        Row {
            person_number: "200901011238".into(),
            name: "Planted Person".into(),
            street: "Planted Street 1".into(),
            postcode: "21144".into(),
            town: "Planted Town".into(),
            birth_year: 1970,
            gender: "woman".into(),
            area: "Planted Area".into(),
            mailbox: "planted@malmo.se".into(),
            phone: "planted".into(),
            household: "planted household".into(),
            protected: true,
            others: vec!["planted tenure".into()],
            line,
        }
    }

    pub(crate) fn received() -> Event {
        let rows = vec![row(2), row(3)];
        let (at, import) = (Instant::from_millis(1_224_108_000_000), ItemId::from_bytes([31; 16]));
        Event { at, import, key: KeyRef(31), part: 0, count: 2, rows: Opened::Known(rows) }
    }
}

#[cfg(test)]
mod tests {
    use radslag_kernel::test::given;

    use super::*;

    #[test]
    fn a_part_that_comes_twice_is_kept_once() {
        let Event { at, import, key, part, rows, .. } = samples::received();
        let rows = rows.known().unwrap().clone();
        let command = Command { at, import, key, part, rows };
        given::<Decider>([]).when(command.clone()).then([samples::received()]);
        given::<Decider>([samples::received()]).when(command).then([]);
    }
}
