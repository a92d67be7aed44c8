//! The petition: from draft to closed, with its answer and its hearing beside it. Stream `petition-<id>`.

pub mod answer;
pub mod attached;
mod classify;
pub mod coinitiator;
pub mod command;
pub mod course;
mod decide;
mod electorate;
mod erase;
pub mod event;
mod evolve;
mod handin;
pub mod hearing;
mod lapse;
mod pause;
mod redirect;
pub mod refusal;
mod review;
pub mod state;
pub mod support;
mod supporters;
mod takedown;
mod threshold;
mod withdraw;

#[cfg(test)]
mod histories;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use coinitiator::{Coinitiator, Former};
pub use command::{Act, Command, HandIn, Initiator, Now, Official, Verdict};
pub use course::Fate;
pub use event::{
    Contact, Content, Decision, Erasable, Event, How, InitiatorTags, Keys, Link, Register, Submitted,
    Threshold,
};
pub use refusal::Refusal;
pub use state::{Answer, Hearing, Petition, Phase, State};
pub use support::Supporter;
pub use supporters::Support;

/// Drives the petition's rules.
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
