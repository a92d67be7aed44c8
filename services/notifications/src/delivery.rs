//! A letter on its way (stream `delivery-<id>`, the id an HMAC of cause, subject and template): planned once, however often
//! its cause is heard of; attempted, which stands in the log before anything is sent; and what became of it. When nobody
//! knows what became of an attempt, a letter to many stays in doubt and any other is repeated once under the same
//! Message-ID. Who it goes to is told by its owner at each attempt and written down nowhere.

pub mod command;
pub mod decide;
pub mod event;
pub mod refusal;
pub mod state;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, Command, Outcome};
pub use event::{Event, Letter, Move, Reason};
pub use refusal::Refusal;
pub use state::{Delivery, Standing, State};

/// Attempts at most, while the server says "later".
pub const ATTEMPTS: u32 = 15;

/// Drives the rules of deliveries.
#[derive(Clone, Copy, Debug)]
pub enum Decider {}

impl radslag_kernel::Decider for Decider {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command)
    }

    fn evolve(state: &mut State, event: &Event) {
        state.evolve(event);
    }
}
