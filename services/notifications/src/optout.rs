//! That a mailbox wants no letters to many, of any kind (stream `optout-<tag of the mailbox>`). It holds until the mailbox
//! asks for one again and confirms. Letters that somebody is owed go out all the same. No address stands in it.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Happens, Instant};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// No more.
    Stated { at: Instant },
    /// It asked for one again and confirmed.
    Lifted { at: Instant },
}

impl Happens for Event {
    fn at(&self) -> Instant {
        match self {
            Self::Stated { at } | Self::Lifted { at } => *at,
        }
    }
}

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// It wants no more.
    State { at: Instant },
    /// It confirmed a subscription.
    Lift { at: Instant },
}

/// Nothing forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {}

/// Whether it wants none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State(pub bool);

/// Drives the rules.
#[derive(Clone, Copy, Debug)]
pub enum Decider {}

impl radslag_kernel::Decider for Decider {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        Ok(match (state.0, command) {
            (false, Command::State { at }) => vec![Event::Stated { at }],
            (true, Command::Lift { at }) => vec![Event::Lifted { at }],
            (true, Command::State { .. }) | (false, Command::Lift { .. }) => Vec::new(),
        })
    }

    fn evolve(state: &mut State, event: &Event) {
        state.0 = matches!(event, Event::Stated { .. });
    }
}

#[cfg(test)]
mod tests {
    use radslag_kernel::test::given;

    use super::*;

    #[test]
    fn an_opt_out_holds_until_a_subscription_is_confirmed() {
        let at = Instant::from_millis(1);
        given::<Decider>([]).when(Command::State { at }).then([Event::Stated { at }]);
        given::<Decider>([Event::Stated { at }]).when(Command::State { at }).then([]);
        given::<Decider>([Event::Stated { at }]).when(Command::Lift { at }).then([Event::Lifted { at }]);
        given::<Decider>([]).when(Command::Lift { at }).then([]);
    }
}
