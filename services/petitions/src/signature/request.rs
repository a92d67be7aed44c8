//! A request by mailbox. It always writes exactly one event of one public shape; what came of it is sealed.

use radslag_kernel::{Instant, Opened};

use crate::{
    policy::Policy,
    signature::{
        command::{Request, Shown, SignerTags},
        event::{Event, Public, Signer, Submission},
        facts::{Facts, Outcome},
        refusal::{Field, Refusal},
        state::{Standing, State},
        view::{Signing, View},
    },
    text,
};

pub(super) fn request(
    state: &State,
    asked: Request,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let policy = &petition.policy;
    if petition.signing == Signing::Paused {
        return Err(Refusal::SigningPaused);
    }
    if !petition.takes_requests(at) {
        return Err(Refusal::NotOpen);
    }
    if !policy.mailbox {
        return Err(Refusal::MethodNotAllowed);
    }
    text::mailbox(&asked.mailbox).map_err(|fault| Refusal::Text(Field::Mailbox, fault))?;
    let (signer, public) = signer(&asked, policy)?;
    stance(&asked, policy)?;
    let (outcome, slot, mail) = outcome(state, &asked, petition, at);
    let facts = Facts { outcome, slot: number(slot), mail, ..facts(&asked) };
    Ok(vec![Event::Submitted(Box::new(Submission {
        at,
        item: asked.item,
        key: asked.key,
        expires_at: at.plus_hours(u64::from(policy.confirm_hours)),
        signer: Opened::Known(signer),
        public,
        against: asked.against,
        tags: petition.tags,
        facts: Opened::Known(facts),
        terms: asked.terms,
    }))])
}

/// Only for it, unless the policy takes votes against.
pub(super) fn stance(asked: &Request, policy: &Policy) -> Result<(), Refusal> {
    if asked.against && !policy.votes_against { Err(Refusal::VotesAgainstNotAllowed) } else { Ok(()) }
}

/// A slot as it is numbered: from 1, 0 for none.
fn number(slot: Option<usize>) -> u8 {
    slot.and_then(|slot| u8::try_from(slot + 1).ok()).unwrap_or(0)
}

/// Facts of a first signature; the caller sets what differs.
pub(super) fn facts(asked: &Request) -> Facts {
    Facts {
        outcome: Outcome::New,
        slot: 1,
        mail: false,
        name: asked.tags.name,
        postcode: asked.tags.postcode,
        person: asked.tags.person,
        suspicion: asked.suspicion.clone(),
        language: asked.language.clone(),
        network: asked.network,
        domain: asked.domain,
        eid: asked.tags.eid,
        assisted: asked.helper.as_ref().map(|helper| helper.how),
    }
}

/// The signer, and what everybody may see, if every field follows its rules. None of them looks at the page.
pub(super) fn signer(asked: &Request, policy: &Policy) -> Result<(Signer, Public), Refusal> {
    text::name(&asked.name).map_err(|fault| Refusal::Text(Field::Name, fault))?;
    let checked = if policy.postcode { text::required } else { text::optional };
    checked(&asked.postcode, text::POSTCODE_MAX).map_err(|fault| Refusal::Text(Field::Postcode, fault))?;
    let public = Public {
        name: Opened::Known(shown(&asked.shown, &asked.name, policy)?),
        area: Opened::Known(asked.area.clone()),
    };
    let (name, mailbox, postcode) = (asked.name.clone(), asked.mailbox.clone(), asked.postcode.clone());
    Ok((Signer { name, mailbox, postcode }, public))
}

/// What everybody sees: name, alias or nothing, as far as the policy lets choose.
pub(super) fn shown(shown: &Shown, name: &str, policy: &Policy) -> Result<String, Refusal> {
    match shown {
        Shown::Name => Ok(name.to_owned()),
        Shown::Alias(_) if !policy.alias => Err(Refusal::AliasNotAllowed),
        Shown::Alias(alias) => {
            text::name(alias).map_err(|fault| Refusal::Text(Field::Alias, fault))?;
            Ok(alias.clone())
        }
        Shown::Anonymous if !policy.anonymous => Err(Refusal::AnonymousNotAllowed),
        Shown::Anonymous => Ok(String::new()),
    }
}

/// What comes of it, its slot, and whether a mail goes out.
fn outcome(state: &State, asked: &Request, petition: &View, at: Instant) -> (Outcome, Option<usize>, bool) {
    let notice = state.notices < petition.policy.mails;
    if asked.blocked {
        return (Outcome::Blocked, None, notice);
    }
    if petition.is_initiator(&asked.tags) {
        return (Outcome::Initiator, None, notice);
    }
    let same = state.slots.iter().position(|slot| slot.name == asked.tags.name);
    let turned = |slot: usize| state.slots.get(slot).is_some_and(|slot| slot.against != asked.against);
    let (outcome, slot) = match same.and_then(|slot| Some((slot, state.slots.get(slot)?.standing))) {
        // One person has one vote: it is the last one meant.
        Some((slot, Standing::Confirmed)) if turned(slot) => (Outcome::Changed, slot),
        Some((slot, Standing::Requested | Standing::Expired | Standing::Withdrawn)) => (Outcome::Again, slot),
        Some((
            slot,
            Standing::Confirmed | Standing::Suspected | Standing::Invalidated | Standing::Superseded,
        )) => (Outcome::AlreadySigned, slot),
        None => match free(state, &asked.tags, petition, at) {
            Some(slot) => (Outcome::New, slot),
            None => return (Outcome::NoFreeSlot, None, notice),
        },
    };
    let mails = state.slots.get(slot).map_or(0, |slot| slot.mails);
    if mails < petition.policy.mails {
        (outcome, Some(slot), true)
    } else {
        (Outcome::TooManyMails, Some(slot), false)
    }
}

/// A slot for another name: everybody who has a place on this page, the initiator included, lives at the same postcode.
fn free(state: &State, signer: &SignerTags, petition: &View, at: Instant) -> Option<usize> {
    let slots = petition.policy.slots();
    let vacant = (0..state.slots.len()).find(|slot| state.is_vacant(*slot, at));
    let others = state.slots.iter().enumerate().filter(|(slot, _)| !state.is_vacant(*slot, at));
    let initiator = petition.initiator.filter(|initiator| initiator.mailbox == signer.mailbox);
    let postcodes: Vec<_> =
        others.map(|(_, slot)| slot.postcode).chain(initiator.map(|initiator| initiator.postcode)).collect();
    let household = postcodes.iter().all(|postcode| postcode.is_some() && *postcode == signer.postcode);
    let slot = vacant.unwrap_or(state.slots.len());
    (household && postcodes.len() < slots && slot < slots).then_some(slot)
}
