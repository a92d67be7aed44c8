//! Moderation: published, kept, refused with codes, restored by somebody else, reported by others, erased by two.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::{
    catalogue::Catalogue,
    comment::{
        command::Verdict,
        event::Event,
        refusal::{Field, Refusal},
        state::{Comment, Standing, State},
    },
    petition::{Decision, Official},
    signature::View,
    tag::Tag,
    text,
};

/// The comment, for an official with a ground who neither wrote it nor started or signed its petition.
fn official<'a>(
    state: &'a State,
    item: ItemId,
    by: &Official,
    petition: &View,
) -> Result<&'a Comment, Refusal> {
    let comment = state.comment(item).ok_or(Refusal::UnknownComment)?;
    let wrote = comment.facts.known().is_some_and(|facts| by.tags.contains(&facts.author));
    let started = petition.initiator.is_some_and(|initiator| initiator.is_any_of(&by.tags));
    if wrote || started || by.signed {
        return Err(Refusal::ConflictOfInterest);
    }
    if by.ground.trim().is_empty() {
        return Err(Refusal::GroundMissing);
    }
    Ok(comment)
}

pub(super) fn approve(
    state: &State,
    item: ItemId,
    by: Official,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let comment = official(state, item, &by, petition)?;
    let (record, ground) = (petition.record, Opened::Known(by.ground));
    match comment.standing {
        Standing::Waiting => Ok(vec![Event::Published { at, item, by: by.id, record, ground }]),
        Standing::Published if !comment.checked => {
            Ok(vec![Event::Kept { at, item, by: by.id, record, ground }])
        }
        Standing::Published
        | Standing::Requested
        | Standing::Refused
        | Standing::Withdrawn
        | Standing::Expired => Err(Refusal::NotToDecide),
    }
}

pub(super) fn refuse(
    state: &State,
    item: ItemId,
    verdict: Verdict,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let Verdict { by, codes, text } = verdict;
    let comment = official(state, item, &by, petition)?;
    let was_public = match comment.standing {
        Standing::Waiting => false,
        Standing::Published => true,
        Standing::Requested | Standing::Refused | Standing::Withdrawn | Standing::Expired => {
            return Err(Refusal::NotToDecide);
        }
    };
    if codes.is_empty() {
        return Err(Refusal::CodeMissing);
    }
    if codes.iter().any(|code| Catalogue::shipped().code(code).is_none()) {
        return Err(Refusal::UnknownCode);
    }
    text::optional(&text, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Reason, fault))?;
    let decision = Opened::Known(Decision { codes, text, ground: by.ground });
    Ok(vec![Event::Refused { at, item, by: by.id, was_public, record: petition.record, decision }])
}

/// The review of a refusal: somebody else decides.
pub(super) fn restore(
    state: &State,
    item: ItemId,
    by: Official,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let comment = official(state, item, &by, petition)?;
    if comment.standing != Standing::Refused {
        return Err(Refusal::NotRefused);
    }
    if comment.refused_by == Some(by.id) {
        return Err(Refusal::SamePersonTwice);
    }
    let (record, ground) = (petition.record, Opened::Known(by.ground));
    Ok(vec![Event::Restored { at, item, by: by.id, record, ground }])
}

/// Once by each person by eID, and by forms once from each network. Somebody has to look at it again; until then it stays.
pub(super) fn report(
    state: &State,
    item: ItemId,
    who: Tag,
    reason: String,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let comment = state.comment(item).ok_or(Refusal::UnknownComment)?;
    if comment.standing != Standing::Published {
        return Err(Refusal::UnknownComment);
    }
    if comment.facts.known().is_some_and(|facts| facts.author == who) {
        return Err(Refusal::OwnComment);
    }
    if comment.reporters.contains(&who) {
        return Err(Refusal::AlreadyReported);
    }
    text::required(&reason, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Reason, fault))?;
    let (tags, record) = (petition.tags, petition.record);
    let (who, reason) = (Opened::Known(who), Opened::Known(reason));
    Ok(vec![Event::Reported { at, item, tags, who, record, reason }])
}

pub(super) fn erase(
    state: &State,
    item: ItemId,
    by: Official,
    second: SubjectId,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let comment = official(state, item, &by, petition)?;
    if by.id == second {
        return Err(Refusal::SamePersonTwice);
    }
    if comment.key == KeyRef::default() {
        return Err(Refusal::AlreadyErased);
    }
    let (keys, record, ground) = (vec![comment.key], petition.record, Opened::Known(by.ground));
    Ok(vec![Event::Erased { at, item, by: by.id, second, keys, record, ground }])
}
