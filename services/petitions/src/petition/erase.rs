//! Two officials destroy a key of a petition on a legal ground.

use radslag_kernel::{Instant, Opened, SubjectId};

use crate::petition::{
    command::Official,
    decide::official,
    event::{Erasable, Event},
    refusal::Refusal,
    state::Petition,
};

pub(super) fn erase(
    petition: &Petition,
    by: &Official,
    second: SubjectId,
    what: Erasable,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let filed = petition.filed.as_ref().ok_or(Refusal::UnknownPetition)?;
    official(filed, by)?;
    if by.id == second {
        return Err(Refusal::SamePersonTwice);
    }
    let (key, known) = match what {
        Erasable::Document => (filed.keys.document, petition.content.known().is_some()),
        Erasable::Initiator => (filed.keys.initiator, filed.contact.known().is_some()),
    };
    if !known {
        return Err(Refusal::AlreadyErased);
    }
    let (record, ground) = (filed.keys.record, Opened::Known(by.ground.clone()));
    Ok(vec![Event::Erased { at, by: by.id, second, what, keys: vec![key], record, ground }])
}
