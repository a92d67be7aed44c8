//! Given a history, when a command comes, then these events: how every decider is tested.

use std::fmt::Debug;

use crate::Decider;

/// Starts a test of decider `D` from a history.
#[must_use]
pub fn given<D: Decider>(history: impl IntoIterator<Item = D::Event>) -> Given<D> {
    Given { history: history.into_iter().collect() }
}

/// A history.
pub struct Given<D: Decider> {
    history: Vec<D::Event>,
}

impl<D: Decider> Given<D> {
    /// Lets the decider decide.
    #[must_use]
    pub fn when(self, command: D::Command) -> Outcome<D> {
        let decided = D::decide(&D::fold(&self.history), command);
        Outcome { history: self.history, decided }
    }
}

/// What came of it.
pub struct Outcome<D: Decider> {
    history: Vec<D::Event>,
    decided: Result<Vec<D::Event>, D::Refusal>,
}

impl<D> Outcome<D>
where
    D: Decider,
    D::Event: Debug + PartialEq,
    D::Refusal: Debug + PartialEq,
{
    /// Exactly these events.
    ///
    /// # Panics
    /// If it decided otherwise.
    #[track_caller]
    pub fn then(self, events: impl IntoIterator<Item = D::Event>) {
        assert_eq!(self.decided, Ok(events.into_iter().collect()));
    }

    /// Refused by exactly this rule.
    ///
    /// # Panics
    /// If it decided otherwise.
    #[track_caller]
    pub fn refused(self, refusal: D::Refusal) {
        assert_eq!(self.decided, Err(refusal));
    }

    /// Whatever was decided becomes history, to go on from; a refusal fails the test.
    ///
    /// # Panics
    /// If it was refused.
    #[must_use]
    #[track_caller]
    pub fn and_then(self) -> Given<D> {
        let Self { mut history, decided } = self;
        match decided {
            Ok(events) => history.extend(events),
            Err(refusal) => assert_eq!(Err::<(), _>(refusal), Ok(())),
        }
        Given { history }
    }

    /// The state it leads to.
    ///
    /// # Panics
    /// If it was refused.
    #[must_use]
    #[track_caller]
    pub fn state(self) -> D::State {
        D::fold(&self.and_then().history)
    }
}
