//! Lists on paper: a batch (`paper-<petition>-<batch>`) has the hash of its scan; its lines stand in sheets
//! (`paper-<petition>-<batch>-<sheet>`), each typed by one person and checked by another. Only then they are counted, as
//! signatures of the sheet's stream.

pub mod command;
pub mod csv;
mod decide;
mod erase;
pub mod event;
mod import;
pub mod refusal;
pub mod sheet;
pub mod state;
pub mod typed;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, Command};
pub use erase::Erasing;
pub use event::{Event, Ground};
pub use import::coming;
pub use refusal::Refusal;
pub use sheet::{Kept, Line, Sheet, Standing};
pub use state::{Batch, Import, Phase, SheetState, State, Work};
pub use typed::{Fault, Terms, Typed};

/// Lines of a sheet at most: what one append holds, and what an act on one line reads.
pub const SHEET: usize = 500;

/// Drives a batch's rules.
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
