//! A decider: what a command makes of a state, and what an event makes of it. Everything it needs is an argument.

/// Plain functions over plain enums, named so that the shell and the tests can drive any of them.
///
/// `decide` is pure and total: a refusal is a value named after its rule. `evolve` cannot fail.
pub trait Decider {
    /// What the events of one stream add up to.
    type State: Default;
    /// What is asked; carries the time, ids, keys and randomness it needs.
    type Command;
    /// What happened.
    type Event;
    /// Why not: one value a rule.
    type Refusal;

    /// The events a command leads to, or the rule that forbids it.
    ///
    /// # Errors
    /// The first rule, in order of precedence, that refuses.
    fn decide(state: &Self::State, command: Self::Command) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// The state after one more event.
    fn evolve(state: &mut Self::State, event: &Self::Event);

    /// The state after a history.
    fn fold<'a>(history: impl IntoIterator<Item = &'a Self::Event>) -> Self::State
    where
        Self::Event: 'a,
    {
        let mut state = Self::State::default();
        for event in history {
            Self::evolve(&mut state, event);
        }
        state
    }
}
