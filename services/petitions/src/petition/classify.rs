//! What a petition is about: area, committee and topics, in names of the tenant's own lists.

#[cfg(test)]
mod tests;

use radslag_kernel::{Instant, Opened};

use crate::petition::{
    command::Official,
    course::{self, Classes},
    decide::official,
    event::Event,
    refusal::Refusal,
    state::{Petition, Phase},
};

/// More would put it everywhere.
const TOPICS_MAX: usize = 3;

/// Once everybody may know of it, again and again; the newest holds.
pub(super) fn classify(
    petition: &Petition,
    by: &Official,
    mut classes: Classes,
    unknown: bool,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let filed = petition.filed.as_ref().ok_or(Refusal::UnknownPetition)?;
    let phase = petition.life.phase();
    if !phase.is_public() && phase != Phase::Approved {
        return Err(Refusal::NotPublished);
    }
    official(filed, by)?;
    classes.topics.sort();
    classes.topics.dedup();
    if unknown {
        return Err(Refusal::UnknownClass);
    }
    if classes.topics.len() > TOPICS_MAX {
        return Err(Refusal::TooManyTopics);
    }
    if classes == petition.classes {
        return Ok(Vec::new());
    }
    let (by, record, ground) = (by.id, filed.keys.record, Opened::Known(by.ground.clone()));
    Ok(vec![course::Event::Classified { at, by, classes, record, ground }.into()])
}
