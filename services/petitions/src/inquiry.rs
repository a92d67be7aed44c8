//! Inquiries: a tip with a published reply, or a question to a politician with a clock of their own. Stream
//! `inquiry-<id>`. Nothing of one is public before its answer is.

mod answer;
pub mod command;
mod decide;
pub mod event;
mod evolve;
mod office;
mod own;
pub mod refusal;
pub mod state;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, Asking, Command, Representative, Verdict};
pub use event::{Asked, Clock, Contact, Erasable, Event, Facts, Keys, Kind, Outcome, Received};
pub use refusal::Refusal;
pub use state::{Inquiry, Life, State};

/// Drives an inquiry's rules.
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
        evolve::evolve(state, event);
    }
}
