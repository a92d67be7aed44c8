//! What is published before a draw (streams `draw-<panel>-<draw>`), a part an event: it is too long for one, and has to stand in the
//! log before the draw is committed, so that everybody can say what was announced and when.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Happens, Instant, ItemId, KeyRef, Opened};

/// Bytes of a part at most: an event holds a megabyte.
pub const PART: usize = 256 << 10;

/// What is asked of a part: that it is kept. `key`: of the panel's texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub at: Instant,
    pub draw: ItemId,
    pub key: KeyRef,
    pub part: u32,
    pub text: String,
}

/// A part is announced.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    pub at: Instant,
    pub draw: ItemId,
    pub key: KeyRef,
    pub part: u32,
    pub text: Opened<String>,
}

impl std::fmt::Debug for Event {
    /// It is long, and public only once its draw is committed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Announced({}, part {})", self.draw, self.part)
    }
}

impl Happens for Event {
    fn at(&self) -> Instant {
        self.at
    }

    fn item(&self) -> Option<ItemId> {
        Some(self.draw)
    }
}

/// The parts there are, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State(pub Vec<Opened<String>>);

impl State {
    /// All of it; nothing if none came, or its key is gone.
    #[must_use]
    pub fn whole(&self) -> Option<String> {
        let parts: Option<Vec<&String>> = self.0.iter().map(Opened::known).collect();
        parts.filter(|parts| !parts.is_empty()).map(|parts| parts.into_iter().map(String::as_str).collect())
    }
}

/// Nothing refuses a part: whether there may be a draw is the panel's to say.
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
        let Command { at, draw, key, part, text } = command;
        if state.0.len() != part as usize {
            return Ok(Vec::new());
        }
        Ok(vec![Event { at, draw, key, part, text: text.into() }])
    }

    fn evolve(state: &mut State, event: &Event) {
        state.0.push(event.text.clone());
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;

    pub(crate) fn announced(part: u32) -> Event {
        let (at, draw) = (Instant::from_millis(1_224_108_000_000), ItemId::from_bytes([41; 16]));
        Event { at, draw, key: KeyRef(11), part, text: Opened::Known(format!("{{\"planted\":{part}}}")) }
    }
}

#[cfg(test)]
mod tests {
    use radslag_kernel::test::given;

    use super::{samples::announced, *};

    #[test]
    fn a_part_that_comes_twice_is_kept_once_and_all_of_them_are_the_whole() {
        let Event { at, draw, key, part, text } = announced(0);
        let command = Command { at, draw, key, part, text: text.known().unwrap().clone() };
        given::<Decider>([]).when(command.clone()).then([announced(0)]);
        given::<Decider>([announced(0)]).when(command).then([]);
        let whole = State(vec![announced(0).text, announced(1).text]).whole();
        assert_eq!(whole.as_deref(), Some("{\"planted\":0}{\"planted\":1}"));
        assert_eq!((State::default().whole(), State(vec![Opened::Gone]).whole()), (None, None));
    }
}
