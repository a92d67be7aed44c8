//! A threshold moves the answer or the hearing, and nothing else; signing goes on unless the policy says otherwise.

use radslag_kernel::Instant;

use crate::petition::{
    event::{Event, How, Threshold},
    refusal::Refusal,
    state::{Answer, Filed, Hearing, Life, Petition},
};

/// Reached once; a second time writes nothing.
pub(super) fn reach(
    petition: &Petition,
    threshold: Threshold,
    count: u64,
    count_position: u64,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let (filed, limit) = opened(petition, threshold)?;
    if count < limit {
        return Err(Refusal::ThresholdNotCrossed);
    }
    let reached = match threshold {
        Threshold::Answer => petition.answer.stands() != Answer::None,
        Threshold::Debate => petition.hearing.stands != Hearing::None,
    };
    if reached {
        return Ok(Vec::new());
    }
    let mut events = vec![Event::ThresholdReached { at, threshold, count, count_position }];
    let closes = filed.policy.close_at_threshold && threshold == Threshold::Answer;
    if closes && matches!(petition.life, Life::Open { .. }) {
        let until = at.plus_hours(u64::from(filed.policy.counting_hours));
        events.push(Event::CountingStarted { at, closed_at: at, until, how: How::HandedIn });
    }
    Ok(events)
}

/// Moves back only what nobody has acted on; otherwise writes nothing.
pub(super) fn lose(
    petition: &Petition,
    threshold: Threshold,
    count: u64,
    count_position: u64,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let (_, limit) = opened(petition, threshold)?;
    if count >= limit {
        return Err(Refusal::ThresholdNotCrossed);
    }
    let unacted = match threshold {
        Threshold::Answer => petition.answer.untouched(),
        Threshold::Debate => petition.hearing.stands == Hearing::Awaiting,
    };
    Ok(if unacted { vec![Event::ThresholdLost { at, threshold, count, count_position }] } else { Vec::new() })
}

fn opened(petition: &Petition, threshold: Threshold) -> Result<(&Filed, u64), Refusal> {
    let (Life::Open { .. } | Life::Paused { .. } | Life::Counting { .. } | Life::Closed, Some(filed)) =
        (&petition.life, &petition.filed)
    else {
        return Err(Refusal::NotOpened);
    };
    match threshold {
        Threshold::Answer if petition.answer_at() > 0 => Ok((filed, petition.answer_at())),
        Threshold::Debate if filed.policy.debate_at > 0 => Ok((filed, filed.policy.debate_at)),
        Threshold::Answer | Threshold::Debate => Err(Refusal::NoSuchThreshold),
    }
}
