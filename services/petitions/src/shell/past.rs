//! A petition as it was: its stream folded up to a position or an instant, and what moved it on the way.

use radslag_kernel::{AggregateId, Decider as _, Instant};
use radslag_readmodel::AsOf;
use radslag_runtime::service::{Failure, load};

use crate::{
    event::Event,
    petition::{Answer, Decider, Hearing, Phase, State},
    shell::{Office, Petitions, office::stream},
};

/// Where a petition stood from an event on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Origin and position of that event.
    pub position: (u32, u64),
    /// When it was recorded: what dates are compared with.
    pub recorded_at: Instant,
    /// When it happened, for rules.
    pub at: Instant,
    /// Where its life stood.
    pub phase: Phase,
    /// Where its answer stood.
    pub answer: Answer,
    /// Where its debate stood.
    pub hearing: Hearing,
}

impl Moment {
    fn stands(&self) -> (Phase, Answer, Hearing) {
        (self.phase, self.answer, self.hearing)
    }
}

impl Office {
    /// Every event that moved one of a petition's machines, oldest first. What it was before it was handed in is nobody's
    /// to see.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn past(&self, petition: AggregateId) -> Result<Vec<Moment>, Failure> {
        let loaded = load::<Petitions>(&self.log, &stream(petition))?;
        let mut state = State::default();
        let mut past: Vec<Moment> = Vec::new();
        for recorded in &loaded.events {
            let Event::Petition(event) = &recorded.event else { continue };
            Decider::evolve(&mut state, event);
            let Some(found) = state.0.as_ref().filter(|found| found.filed.is_some()) else { continue };
            let moment = Moment {
                position: (recorded.origin, recorded.position),
                recorded_at: recorded.recorded_at,
                at: event.at(),
                phase: found.life.phase(),
                answer: found.answer.stands(),
                hearing: found.hearing.stands,
            };
            if past.last().is_none_or(|before| before.stands() != moment.stands()) {
                past.push(moment);
            }
        }
        Ok(past)
    }
}

/// The part of a past that everybody may see: from the moment the petition was first shown.
#[must_use]
pub fn public(past: &[Moment]) -> &[Moment] {
    let shown = past.iter().position(|moment| matches!(moment.phase, Phase::Open | Phase::Rejected));
    shown.map_or(&[], |first| &past[first..])
}

/// Where it stood then.
#[must_use]
pub fn as_of(past: &[Moment], when: AsOf) -> Option<&Moment> {
    past.iter().rev().find(|moment| match when {
        AsOf::Now => true,
        AsOf::Position(position) => moment.position.1 <= position,
        AsOf::Recorded(at) => moment.recorded_at <= at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(position: u64, phase: Phase) -> Moment {
        let at = Instant::from_millis(position * 1000);
        let (answer, hearing) = (Answer::None, Hearing::None);
        Moment { position: (0, position), recorded_at: at, at, phase, answer, hearing }
    }

    #[test]
    fn a_state_holds_from_its_event_to_the_next() {
        let past = [moment(3, Phase::Submitted), moment(5, Phase::Open), moment(9, Phase::Closed)];
        let phase = |when| as_of(&past, when).map(|moment| moment.phase);
        assert_eq!(phase(AsOf::Position(2)), None);
        assert_eq!(phase(AsOf::Position(3)), Some(Phase::Submitted));
        assert_eq!(phase(AsOf::Position(8)), Some(Phase::Open));
        assert_eq!(phase(AsOf::Recorded(Instant::from_millis(8_999))), Some(Phase::Open));
        assert_eq!(phase(AsOf::Recorded(Instant::from_millis(9_000))), Some(Phase::Closed));
        assert_eq!(phase(AsOf::Now), Some(Phase::Closed));
    }

    #[test]
    fn what_was_before_a_petition_was_shown_is_not_public() {
        let past = [moment(3, Phase::Submitted), moment(5, Phase::Open), moment(9, Phase::Closed)];
        assert_eq!(public(&past).first().map(|moment| moment.phase), Some(Phase::Open));
        assert_eq!(public(&past[..1]), []);
    }
}
