//! Two officials destroy a key of a petition on a legal ground.

use radslag_kernel::{Instant, KeyRef, Opened, SubjectId};

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
    let held = |key, known: bool| if known { vec![key] } else { Vec::new() };
    let keys: Vec<KeyRef> = match what {
        Erasable::Document => {
            let text = held(filed.keys.document, petition.content.known().is_some());
            text.into_iter().chain(petition.file_keys()).collect()
        }
        Erasable::Initiator => held(filed.keys.initiator, filed.contact.known().is_some()),
        Erasable::Coinitiator => {
            let named = filed.coinitiator.as_ref().ok_or(Refusal::NoCoinitiator)?;
            held(named.key, named.contact.known().is_some())
        }
        Erasable::FormerInitiators => {
            let known = filed.former.iter().filter(|former| former.contact.known().is_some());
            known.map(|former| former.key).collect()
        }
    };
    if keys.is_empty() {
        return Err(Refusal::AlreadyErased);
    }
    let (record, ground) = (filed.keys.record, Opened::Known(by.ground.clone()));
    Ok(vec![Event::Erased { at, by: by.id, second, what, keys, record, ground }])
}
