//! Who may take a petition over: named by the initiator, asked by mail, and the initiator once they take over.

pub mod event;
#[cfg(test)]
mod tests;

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use crate::{
    petition::{
        coinitiator::event::{Ended, Event as Happened},
        command::Now,
        event::{Contact, Event, InitiatorTags},
        handin,
        refusal::{Field, Refusal},
        state::{Filed, Life, Petition},
    },
    policy::Proof,
    tag::Tag,
    text,
};

/// How often an initiator names somebody: each naming is a mail to a person who didn't ask for one.
const NAMINGS: u32 = 5;

/// Who is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Of this naming; new.
    pub item: ItemId,
    /// Seals it; new.
    pub key: KeyRef,
    /// As the initiator wrote it.
    pub contact: Contact,
    /// For rules.
    pub tags: InitiatorTags,
    /// A list forbids mail to them.
    pub blocked: bool,
}

/// A yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// As they want to stand there; by eID with its name.
    pub contact: Contact,
    /// With the eID's subject, if they proved one.
    pub tags: InitiatorTags,
    /// Known to be in the population register.
    pub registered: bool,
}

/// What the one who was named does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Says yes.
    Accept(Box<Accept>),
    /// Says no, or no longer wants to.
    Decline,
    /// Becomes the initiator.
    TakeOver,
}

/// Whoever may take over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coinitiator {
    /// The naming.
    pub item: ItemId,
    /// Seals what is known of them.
    pub key: KeyRef,
    /// Unless they say yes before.
    pub expires_at: Instant,
    /// They said yes.
    pub accepted: bool,
    /// Who.
    pub contact: Opened<Contact>,
    /// Who, for rules.
    pub tags: Opened<InitiatorTags>,
}

/// Who started it, before somebody took over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    /// Until when.
    pub until: Instant,
    /// Seals what is known of them.
    pub key: KeyRef,
    /// Who.
    pub contact: Opened<Contact>,
    /// Who, for rules.
    pub tags: Opened<InitiatorTags>,
}

/// Of a petition that was handed in for good and isn't over.
fn lasting(petition: &Petition) -> Result<&Filed, Refusal> {
    match (&petition.life, &petition.filed) {
        (Life::Draft { .. } | Life::Submitted { .. }, _) | (_, None) => Err(Refusal::InitiatorNotConfirmed),
        (life, Some(_)) if life.phase().is_terminal() => Err(Refusal::AlreadyOver),
        (_, Some(filed)) => Ok(filed),
    }
}

/// One at a time. The same event whoever has the mailbox.
pub(super) fn name(petition: &Petition, proof: Tag, named: Named, now: &Now) -> Result<Vec<Event>, Refusal> {
    handin::initiator(petition, proof)?;
    let filed = lasting(petition)?;
    text::name(&named.contact.name).map_err(|fault| Refusal::Text(Field::Name, fault))?;
    text::mailbox(&named.contact.mailbox).map_err(|fault| Refusal::Text(Field::Mailbox, fault))?;
    if filed.coinitiator.is_some() {
        return Err(Refusal::CoinitiatorNamedAlready);
    }
    let own = filed.tags.known().and_then(|tags| tags.mailbox);
    if own.is_some() && own == named.tags.mailbox {
        return Err(Refusal::CoinitiatorIsInitiator);
    }
    if filed.namings >= NAMINGS {
        return Err(Refusal::TooManyNamings);
    }
    let (_, expires_at) = now.in_days(filed.policy.submitted_days);
    let Named { item, key, contact, tags, blocked } = named;
    let (contact, compared) = (Opened::Known(contact), Opened::Known(tags));
    let (at, tags, mail) = (now.at, filed.keys.tags, Opened::Known(!blocked));
    Ok(vec![Happened::Named { at, item, key, expires_at, tags, contact, compared, mail }.into()])
}

/// The initiator takes it back, answered or not.
pub(super) fn revoke(petition: &Petition, proof: Tag, at: Instant) -> Result<Vec<Event>, Refusal> {
    handin::initiator(petition, proof)?;
    let named = petition.filed.as_ref().and_then(|filed| filed.coinitiator.as_ref());
    let Coinitiator { item, key, .. } = named.ok_or(Refusal::NoCoinitiator)?;
    Ok(vec![Happened::Ended { at, item: *item, how: Ended::Revoked, key: *key }.into()])
}

/// The one who was named. What they did already does nothing the second time.
pub(super) fn act(
    petition: &Petition,
    item: ItemId,
    proof: Tag,
    act: Act,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let filed = petition.filed.as_ref().ok_or(Refusal::NotTheCoinitiator)?;
    let took_over = filed.taken_over == Some(item) && handin::initiator(petition, proof).is_ok();
    if took_over && matches!(act, Act::Accept(_) | Act::TakeOver) {
        return Ok(Vec::new());
    }
    let own = |named: &&Coinitiator| {
        named.item == item && named.tags.known().and_then(|tags| tags.mailbox) == Some(proof)
    };
    let named = filed.coinitiator.as_ref().filter(own).ok_or(Refusal::NotTheCoinitiator)?;
    match act {
        Act::Accept(_) if named.accepted => Ok(Vec::new()),
        Act::Accept(accept) => accepted(petition, named, *accept, at),
        Act::Decline => Ok(vec![Happened::Ended { at, item, how: Ended::Declined, key: named.key }.into()]),
        Act::TakeOver => take_over(petition, named, at),
    }
}

/// They must be somebody who could have handed it in.
fn accepted(
    petition: &Petition,
    named: &Coinitiator,
    accept: Accept,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let filed = lasting(petition)?;
    match filed.policy.initiator {
        Proof::Eid | Proof::Register if accept.tags.eid.is_none() => return Err(Refusal::EidRequired),
        Proof::Register if !accept.registered => return Err(Refusal::NotRegistered),
        Proof::Declared | Proof::Eid | Proof::Register => {}
    }
    let initiates = filed.tags.known().is_some_and(|tags| tags.eid.is_some() && tags.eid == accept.tags.eid);
    if initiates {
        return Err(Refusal::CoinitiatorIsInitiator);
    }
    text::name(&accept.contact.name).map_err(|fault| Refusal::Text(Field::Name, fault))?;
    text::name(&accept.contact.public_name).map_err(|fault| Refusal::Text(Field::PublicName, fault))?;
    let (item, key, tags) = (named.item, named.key, filed.keys.tags);
    let (contact, compared) = (Opened::Known(accept.contact), Opened::Known(accept.tags));
    Ok(vec![Happened::Accepted { at, item, key, tags, contact, compared }.into()])
}

fn take_over(petition: &Petition, named: &Coinitiator, at: Instant) -> Result<Vec<Event>, Refusal> {
    let filed = lasting(petition)?;
    if !named.accepted {
        return Err(Refusal::NamingNotAccepted);
    }
    if named.contact.known().is_none() {
        return Err(Refusal::AlreadyErased);
    }
    let (item, key, tags) = (named.item, named.key, filed.keys.tags);
    let (contact, compared) = (named.contact.clone(), named.tags.clone());
    Ok(vec![Happened::TakenOver { at, item, key, tags, contact, compared }.into()])
}

/// Of what is due by `at` in the petition and of a naming that nobody answered, what was due first.
pub(super) fn first(petition: &Petition, other: Option<Event>, at: Instant) -> Option<Event> {
    let waits = petition.filed.as_ref().and_then(|filed| filed.coinitiator.as_ref());
    let Some(named) = waits.filter(|named| !named.accepted && named.expires_at <= at) else { return other };
    if other.as_ref().is_some_and(|other| other.at() <= named.expires_at) {
        return other;
    }
    let (at, item, key) = (named.expires_at, named.item, named.key);
    Some(Happened::Ended { at, item, how: Ended::Lapsed, key }.into())
}

/// What an event makes of who may take over.
pub(super) fn evolve(filed: &mut Filed, event: &Happened) {
    match event {
        Happened::Named { item, key, expires_at, contact, compared, .. } => {
            filed.namings += 1;
            filed.coinitiator = Some(Coinitiator {
                item: *item,
                key: *key,
                expires_at: *expires_at,
                accepted: false,
                contact: contact.clone(),
                tags: compared.clone(),
            });
        }
        Happened::Accepted { contact, compared, .. } => {
            if let Some(named) = &mut filed.coinitiator {
                named.accepted = true;
                (named.contact, named.tags) = (contact.clone(), compared.clone());
            }
        }
        Happened::Ended { .. } => filed.coinitiator = None,
        Happened::TakenOver { at, item, key, contact, compared, .. } => {
            let contact = std::mem::replace(&mut filed.contact, contact.clone());
            let tags = std::mem::replace(&mut filed.tags, compared.clone());
            let key = std::mem::replace(&mut filed.keys.initiator, *key);
            filed.former.push(Former { until: *at, key, contact, tags });
            (filed.coinitiator, filed.taken_over) = (None, Some(*item));
        }
    }
}
