//! Supporters before review, where the policy asks for them. They stand in the petition's own stream, so that what is
//! needed and what is allowed at most are exact.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::{
    petition::{
        command::{Now, Official},
        decide::official,
        event::Event,
        refusal::{Field, Refusal},
        state::{Filed, Life, Petition},
        support::{self, Asked, Supporter},
    },
    tag::Tag,
    text,
};

#[cfg(test)]
mod tests;

/// Who wants to support a petition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    /// Of this request.
    pub item: ItemId,
    /// Seals it; new.
    pub key: KeyRef,
    /// As typed, or from the eID.
    pub supporter: Supporter,
    /// Of the mailbox or the eID's subject.
    pub tag: Tag,
    /// The subject is proven.
    pub by_eid: bool,
    /// A list forbids it: the same event, and no mail.
    pub blocked: bool,
}

/// After the initiator is confirmed: to supporters first, or to review at once.
pub(super) fn after_confirmation(filed: &Filed, now: &Now) -> Event {
    let policy = &filed.policy;
    if policy.supporters == 0 {
        let (review_by, _) = now.in_days(policy.review_days);
        return Event::InitiatorConfirmed { at: now.at, review_by };
    }
    let (until, expires_at) = now.in_days(policy.supporters_days);
    let (needed, at_most) = (policy.supporters, policy.supporters_max);
    support::Event::Sought { at: now.at, until, expires_at, needed, at_most }.into()
}

/// Supporters are taken until the petition was reviewed.
fn gathering(petition: &Petition) -> Result<&Filed, Refusal> {
    let (Life::Gathering { .. } | Life::InReview, Some(filed)) = (&petition.life, &petition.filed) else {
        return Err(Refusal::NoSupportersSought);
    };
    if filed.policy.supporters == 0 || petition.opened.is_some() {
        return Err(Refusal::NoSupportersSought);
    }
    // With who started it, so many signatures at most before review.
    if petition.supporters() + 1 >= filed.policy.supporters_max {
        return Err(Refusal::SupportersFull);
    }
    Ok(filed)
}

/// By eID counted at once. By mailbox one event of one public shape; what comes of it is sealed.
pub(super) fn support(petition: &Petition, asked: Support, now: &Now) -> Result<Vec<Event>, Refusal> {
    let filed = gathering(petition)?;
    let Support { item, key, supporter, tag, by_eid, blocked } = asked;
    text::name(&supporter.name).map_err(|fault| Refusal::Text(Field::Name, fault))?;
    let initiates = filed.tags.known().is_some_and(|tags| tags.is_any_of(&[tag]));
    let supports = petition.joined.iter().any(|joined| joined.tag == Some(tag));
    let (at, tags) = (now.at, filed.keys.tags);
    if by_eid {
        if initiates {
            return Err(Refusal::InitiatorSupports);
        }
        if supports {
            return Err(Refusal::AlreadySupports);
        }
        let (name, tag) = (Opened::Known(supporter.name), Opened::Known(tag));
        return Ok(joined(petition, filed, support::Event::Joined { at, item, key, tags, name, tag }, now));
    }
    text::mailbox(&supporter.mailbox).map_err(|fault| Refusal::Text(Field::Mailbox, fault))?;
    let mails = petition.asked.iter().filter(|asked| asked.tag == Some(tag)).count();
    let mail = !blocked && !initiates && !supports && mails < filed.policy.mails as usize;
    let expires_at = at.plus_hours(u64::from(filed.policy.confirm_hours));
    let (supporter, asked) = (Opened::Known(supporter), Opened::Known(Asked { tag, mail }));
    Ok(vec![support::Event::Asked { at, item, key, expires_at, tags, supporter, asked }.into()])
}

/// The mailbox answered. A used link writes nothing.
pub(super) fn confirm(
    petition: &Petition,
    item: ItemId,
    proof: Tag,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let request = petition.asked.iter().find(|asked| asked.item == item && asked.tag == Some(proof));
    let request = request.ok_or(Refusal::NotTheSupporter)?;
    if petition.joined.iter().any(|joined| joined.tag == Some(proof)) {
        return Ok(Vec::new());
    }
    let filed = gathering(petition)?;
    if now.at >= request.expires_at || request.key == KeyRef::default() {
        return Err(Refusal::SupportExpired);
    }
    let (at, tags, tag) = (now.at, filed.keys.tags, Opened::Known(proof));
    let (key, name) = (request.key, request.name.clone());
    Ok(joined(petition, filed, support::Event::Joined { at, item, key, tags, name, tag }, now))
}

/// The one that makes enough sends it to review.
fn joined(petition: &Petition, filed: &Filed, event: support::Event, now: &Now) -> Vec<Event> {
    let enough = petition.supporters() + 1 >= filed.policy.supporters;
    let (review_by, _) = now.in_days(filed.policy.review_days);
    let completed = (enough && matches!(petition.life, Life::Gathering { .. }))
        .then(|| support::Event::Completed { at: now.at, review_by }.into());
    [event.into()].into_iter().chain(completed).collect()
}

/// Everything a supporter left is sealed under keys of theirs: destroyed by two officials. They keep their place and count.
pub(super) fn erase(
    petition: &Petition,
    item: ItemId,
    by: &Official,
    second: SubjectId,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let filed = petition.filed.as_ref().ok_or(Refusal::UnknownPetition)?;
    official(filed, by)?;
    if by.id == second {
        return Err(Refusal::SamePersonTwice);
    }
    let asked = petition.asked.iter().map(|asked| (asked.item, asked.tag, asked.key));
    let joined = petition.joined.iter().map(|joined| (joined.item, joined.tag, joined.key));
    let all: Vec<_> = asked.chain(joined).collect();
    let (_, tag, _) = all.iter().find(|(of, ..)| *of == item).ok_or(Refusal::UnknownSupporter)?;
    // Every request of the same mailbox, of which one was confirmed.
    let theirs = all.iter().filter(|(of, own, _)| *of == item || (tag.is_some() && own == tag));
    let mut keys: Vec<_> = theirs.map(|(.., key)| *key).filter(|key| *key != KeyRef::default()).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return Err(Refusal::AlreadyErased);
    }
    let (record, ground) = (filed.keys.record, Opened::Known(by.ground.clone()));
    Ok(vec![support::Event::Erased { at, by: by.id, second, item, keys, record, ground }.into()])
}

/// Struck out by an official; below what is needed the petition gathers again, with a new time for it.
pub(super) fn strike(
    petition: &Petition,
    item: ItemId,
    by: &Official,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let (Life::Gathering { .. } | Life::InReview, Some(filed)) = (&petition.life, &petition.filed) else {
        return Err(Refusal::NoSupportersSought);
    };
    official(filed, by)?;
    if !petition.joined.iter().any(|joined| joined.item == item && !joined.struck) {
        return Err(Refusal::UnknownSupporter);
    }
    let below = petition.supporters() <= filed.policy.supporters && matches!(petition.life, Life::InReview);
    let back_until: Option<Instant> = below.then(|| now.in_days(filed.policy.supporters_days).1);
    let (record, ground) = (filed.keys.record, Opened::Known(by.ground.clone()));
    Ok(vec![support::Event::Struck { at: now.at, by: by.id, item, back_until, record, ground }.into()])
}
