//! A person's page in a panel (stream `member-<panel>-<tag>`, the tag of their mailbox or of their personal number): how they were
//! asked or came by themselves, what they answered, and that they left. One page may hold several memberships, one after
//! the other; each has an item and a key of its own.

pub mod answering;
pub mod coming;
pub mod command;
pub mod decide;
pub mod event;
pub mod leaving;
pub mod refusal;
pub mod state;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, Command, View};
pub use event::{Assisted, Channel, Event, Outcome, Reason, Standing};
pub use refusal::Refusal;
pub use state::{Membership, Offer, State};

/// How long a mailbox has to confirm.
pub const CONFIRM_HOURS: u64 = 72;
/// How long what was known of somebody who left is kept.
pub const FORGET_DAYS: u64 = 90;

/// Drives the rules of members.
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
