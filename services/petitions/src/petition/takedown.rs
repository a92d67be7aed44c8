//! What was published is taken down by two officials; another person in a higher role takes it back to review.

#[cfg(test)]
mod tests;

use radslag_kernel::{Instant, Opened, Role, SubjectId};

use crate::petition::{
    command::{Now, Official, Verdict},
    course::{self, Fate},
    decide::official,
    event::{Event, How},
    evolve::evolve,
    lapse,
    refusal::Refusal,
    review::{coded, decision},
    state::{Filed, Life, Petition, Plan, Refused, State},
};

/// Rejected or hidden only once it was published: before, a moderator refuses it. Removed at any time after handing in.
pub(super) fn take_down(
    petition: &Petition,
    verdict: Verdict,
    role: Role,
    second: SubjectId,
    fate: Fate,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let Some(filed) = &petition.filed else { return Err(Refusal::NothingToTakeDown) };
    if matches!(petition.life, Life::Removed) {
        return Err(Refusal::RemovedForGood);
    }
    let signed = matches!(
        petition.life,
        Life::Open { .. } | Life::Paused { .. } | Life::Counting { .. } | Life::Closed
    );
    let hidden_now = matches!(petition.life, Life::Hidden);
    let was_rejected = matches!(petition.life, Life::Rejected);
    let takes = match fate {
        Fate::Rejected => signed,
        Fate::Hidden => signed || was_rejected,
        Fate::Removed => true,
    };
    if !takes {
        return Err(Refusal::NothingToTakeDown);
    }
    official(filed, &verdict.by)?;
    if verdict.by.id == second {
        return Err(Refusal::SamePersonTwice);
    }
    match (fate, coded(&verdict)?) {
        (Fate::Rejected, true) => return Err(Refusal::CodeHides),
        (Fate::Hidden, false) => return Err(Refusal::CodeDoesNotHide),
        (Fate::Rejected, false) | (Fate::Hidden, true) | (Fate::Removed, _) => {}
    }
    let was_public = petition.life.phase().is_public() || (hidden_now && petition.opened.is_some());
    let known = petition.content.known().is_some();
    let document = Some(filed.keys.document).filter(|_| known);
    let keys = if fate == Fate::Removed {
        document.into_iter().chain(petition.file_keys()).collect()
    } else {
        Vec::new()
    };
    let (by, record) = (verdict.by.id, filed.keys.record);
    let decision = decision(verdict);
    Ok(vec![
        course::Event::TakenDown { at, by, second, role, fate, was_public, keys, record, decision }.into(),
    ])
}

/// Another person in a higher role than who refused it. Nobody stands above the tenant administrator: what one of them
/// took down, another one restores.
pub(super) fn restore(
    petition: &Petition,
    by: &Official,
    role: Role,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let (filed, refused) = standing(petition, by)?;
    let peers = role == Role::TenantAdministrator && refused.role == Role::TenantAdministrator;
    if rank(role) <= rank(refused.role) && !peers {
        return Err(Refusal::HigherRoleNeeded);
    }
    Ok(back(filed, by, now))
}

/// By somebody else than who refused it, who decided an objection: whatever their role.
pub(super) fn overturn(petition: &Petition, by: &Official, now: &Now) -> Result<Vec<Event>, Refusal> {
    let (filed, _) = standing(petition, by)?;
    Ok(back(filed, by, now))
}

/// A refusal that stands, and isn't the official's own.
fn standing<'a>(petition: &'a Petition, by: &Official) -> Result<(&'a Filed, &'a Refused), Refusal> {
    let (filed, refused) = match (&petition.life, &petition.filed, &petition.refused) {
        (Life::Removed, ..) => return Err(Refusal::RemovedForGood),
        (Life::Rejected | Life::Hidden, Some(filed), Some(refused)) => (filed, refused),
        _ => return Err(Refusal::NotRefused),
    };
    official(filed, by)?;
    if refused.by.contains(&by.id) { Err(Refusal::SamePersonTwice) } else { Ok((filed, refused)) }
}

fn back(filed: &Filed, by: &Official, now: &Now) -> Vec<Event> {
    let (review_by, _) = now.in_days(filed.policy.review_days);
    let (record, ground) = (filed.keys.record, Opened::Known(by.ground.clone()));
    vec![course::Event::Restored { at: now.at, by: by.id, review_by, record, ground }.into()]
}

/// The tenant administrator stands above those who review and answer.
const fn rank(role: Role) -> u8 {
    match role {
        Role::TenantAdministrator => 2,
        Role::Moderator | Role::Official | Role::Secretary | Role::Registrar => 1,
        Role::System
        | Role::Citizen
        | Role::Initiator
        | Role::PanelLeader
        | Role::Politician
        | Role::Auditor
        | Role::Archivist
        | Role::DataProtectionOfficer
        | Role::Integration => 0,
    }
}

/// Approved once more: it is public as it was, and the time it was down isn't given back.
pub(super) fn reopen(
    petition: &Petition,
    filed: &Filed,
    opened: &Plan,
    by: &Official,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    petition.content.known().ok_or(Refusal::AlreadyErased)?;
    let (at, record, ground) = (now.at, filed.keys.record, Opened::Known(by.ground.clone()));
    let reopened: Event =
        course::Event::Reopened { at, by: by.id, closes_at: opened.closes_at, record, ground }.into();
    let early = now.signing.closed_from(opened.opens_at).map(|closed_at| (closed_at, How::Early));
    let deadline = Some((opened.closes_at, How::Deadline)).filter(|(closes_at, _)| *closes_at <= at);
    let over =
        [petition.ended, deadline, early].into_iter().flatten().min_by_key(|(closed_at, _)| *closed_at);
    if let Some((closed_at, how)) = over {
        return Ok(vec![reopened, Event::Closed { at, closed_at, how }]);
    }
    let mut state = State(Some(petition.clone()));
    evolve(&mut state, &reopened);
    let mut events = vec![reopened];
    lapse::catch_up(&mut state, now, &mut events);
    Ok(events)
}
