//! A petition that should rather go elsewhere: a moderator proposes it, and it goes only with the initiator's yes.

use radslag_kernel::{Instant, Opened};

use crate::{
    petition::{
        command::Official,
        course::{self, Instead},
        decide::official,
        event::Event,
        handin,
        refusal::{Field, Refusal},
        state::{Life, Petition},
    },
    tag::Tag,
    text,
};

#[cfg(test)]
mod tests;

/// From review; a later proposal replaces the one before.
pub(super) fn propose(
    petition: &Petition,
    by: &Official,
    instead: Instead,
    to: String,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let (Life::InReview, Some(filed)) = (&petition.life, &petition.filed) else {
        return Err(Refusal::NotInReview);
    };
    official(filed, by)?;
    text::required(&to, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Text, fault))?;
    let (by, record, ground) = (by.id, filed.keys.record, Opened::Known(by.ground.clone()));
    let to = Opened::Known(to);
    Ok(vec![course::Event::RedirectProposed { at, by, instead, to, record, ground }.into()])
}

/// The initiator's yes or no.
pub(super) fn answer(
    petition: &Petition,
    proof: Tag,
    accept: bool,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    handin::initiator(petition, proof)?;
    if petition.redirect.is_none() || !matches!(petition.life, Life::InReview) {
        return Err(Refusal::NoRedirectProposed);
    }
    let answered =
        if accept { course::Event::Redirected { at } } else { course::Event::RedirectDeclined { at } };
    Ok(vec![answered.into()])
}
