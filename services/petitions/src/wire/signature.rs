//! A signature's events as protobuf. Each submission has the same public fields and the same sealed ones, whatever came
//! of it.

use prost::Message as _;
use radslag_kernel::{AggregateId, Encoded, KeyRef, Malformed, Opened, Plain, Stored};
use radslag_proto::petitions as proto;

use super::{
    assisted::{assisted_in, assisted_out, kept_in, kept_out},
    fields::{Fields as _, dialogue_out, instant, needed_tag, plain, subject_in, tag_in, tag_out, text},
};
use crate::{
    assisted::Assisted,
    signature::{Event, Facts, Outcome, Public, Signer, Submission},
    tag::Tag,
};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    let dialogue_id = dialogue_out(dialogue);
    match event {
        Event::Submitted(submission) => {
            let (expires_at, terms) = (submission.expires_at.millis(), submission.terms.clone());
            let public = proto::SignatureSubmitted { dialogue_id, expires_at, terms };
            of("signature.submitted", &public, submission_out(submission, submission.against))
        }
        Event::Signed(submission) => {
            let (terms, against) = (submission.terms.clone(), submission.against);
            let public = proto::SignatureSigned { dialogue_id, terms, against };
            of("signature.signed", &public, submission_out(submission, false))
        }
        Event::Listed { submission, compared } => {
            let public = proto::SignatureListed { dialogue_id, compared: *compared };
            of("signature.listed", &public, submission_out(submission, false))
        }
        Event::Confirmed { key, public, against, tags, person, .. } => {
            let sealed = answered_out(*key, public, *tags, person);
            of("signature.confirmed", &proto::SignatureConfirmed { dialogue_id, against: *against }, sealed)
        }
        Event::Suspected { key, public, tags, person, record, rule, .. } => {
            let mut sealed = answered_out(*key, public, *tags, person);
            sealed.push(text(7, *record, false, rule));
            of("signature.suspected", &proto::SignatureSuspected { dialogue_id }, sealed)
        }
        Event::SetAside { against, record, ground, .. } => {
            let ground = vec![text(1, *record, false, ground)];
            of("signature.set_aside", &proto::SignatureSetAside { dialogue_id, against: *against }, ground)
        }
        Event::Cleared { against, record, ground, .. } => {
            let ground = vec![text(1, *record, false, ground)];
            of("signature.cleared", &proto::SignatureCleared { dialogue_id, against: *against }, ground)
        }
        Event::Expired { .. } => {
            of("signature.expired", &proto::SignatureExpired { dialogue_id }, Vec::new())
        }
        Event::Withdrawn { against, assisted, .. } => {
            let sealed = assisted.iter().map(|(record, how)| kept_out(1, *record, how)).collect();
            of("signature.withdrawn", &proto::SignatureWithdrawn { dialogue_id, against: *against }, sealed)
        }
        Event::Superseded { against, .. } => {
            let public = proto::SignatureSuperseded { dialogue_id, against: *against };
            of("signature.superseded", &public, Vec::new())
        }
        Event::Invalidated { was_counted, against, batch, record, ground, .. } => {
            let (was_counted, against, batch) = (*was_counted, *against, batch.map(Vec::from));
            let public = proto::SignatureInvalidated { dialogue_id, was_counted, batch, against };
            of("signature.invalidated", &public, vec![text(1, *record, false, ground)])
        }
        Event::Restored { against, batch, record, ground, .. } => {
            let (batch, against) = (batch.map(Vec::from), *against);
            let public = proto::SignatureRestored { dialogue_id, batch, against };
            of("signature.restored", &public, vec![text(1, *record, false, ground)])
        }
        Event::NameChanged { key, name, assisted, .. } => {
            let how = assisted.iter().map(|(record, how)| kept_out(1, *record, how));
            let sealed = how.chain([text(4, *key, true, name)]).collect();
            of("signature.name_changed", &proto::SignatureNameChanged { dialogue_id }, sealed)
        }
        Event::Erased { second, record, ground, .. } => {
            let public = proto::SignatureErased { dialogue_id, second: second.as_bytes().to_vec() };
            of("signature.erased", &public, vec![text(1, *record, false, ground)])
        }
    }
}

fn of(kind: &'static str, public: &impl prost::Message, sealed: Vec<Plain>) -> Encoded {
    Encoded { kind, schema: 1, public: public.encode_to_vec(), sealed }
}

/// `against` is sealed of a request alone: what counts says it to everybody.
fn submission_out(submission: &Submission, against: bool) -> Vec<Plain> {
    let signer = |view: fn(&Signer) -> &String| {
        submission.signer.known().map(|it| view(it).clone()).unwrap_or_default()
    };
    let facts = submission.facts.known().map(|facts| facts_out(facts, against));
    let key = submission.key;
    vec![
        plain(1, key, false, signer(|signer| &signer.name)),
        plain(2, key, false, signer(|signer| &signer.mailbox)),
        plain(3, key, false, signer(|signer| &signer.postcode)),
        plain(4, key, true, shown(&submission.public.name)),
        plain(5, key, true, shown(&submission.public.area)),
        plain(6, submission.tags, false, facts.unwrap_or_default()),
    ]
}

fn shown(text: &Opened<String>) -> String {
    text.known().cloned().unwrap_or_default()
}

fn answered_out(key: KeyRef, public: &Public, tags: KeyRef, person: &Opened<Option<Tag>>) -> Vec<Plain> {
    let facts =
        proto::Facts { person: tag_out(person.known().copied().flatten()), ..proto::Facts::default() };
    vec![
        plain(4, key, true, shown(&public.name)),
        plain(5, key, true, shown(&public.area)),
        plain(6, tags, false, facts.encode_to_vec()),
    ]
}

fn facts_out(facts: &Facts, against: bool) -> Vec<u8> {
    proto::Facts {
        outcome: match facts.outcome {
            Outcome::New => proto::Outcome::New,
            Outcome::Again => proto::Outcome::Again,
            Outcome::AlreadySigned => proto::Outcome::AlreadySigned,
            Outcome::TooManyMails => proto::Outcome::TooManyMails,
            Outcome::NoFreeSlot => proto::Outcome::NoFreeSlot,
            Outcome::Initiator => proto::Outcome::Initiator,
            Outcome::Blocked => proto::Outcome::Blocked,
            Outcome::Changed => proto::Outcome::Changed,
        }
        .into(),
        slot: u32::from(facts.slot),
        mail: facts.mail,
        name: tag_out(Some(facts.name)),
        postcode: tag_out(facts.postcode),
        person: tag_out(facts.person),
        suspicion: facts.suspicion.clone().unwrap_or_default(),
        language: facts.language.clone(),
        network: tag_out(facts.network),
        domain: tag_out(facts.domain),
        eid: tag_out(facts.eid),
        assisted: facts.assisted.as_ref().map(assisted_out),
        against,
    }
    .encode_to_vec()
}

fn facts_in(facts: &proto::Facts) -> Result<Facts, Malformed> {
    Ok(Facts {
        outcome: match facts.outcome() {
            proto::Outcome::New => Outcome::New,
            proto::Outcome::Again => Outcome::Again,
            proto::Outcome::AlreadySigned => Outcome::AlreadySigned,
            proto::Outcome::TooManyMails => Outcome::TooManyMails,
            proto::Outcome::NoFreeSlot => Outcome::NoFreeSlot,
            proto::Outcome::Initiator => Outcome::Initiator,
            proto::Outcome::Blocked => Outcome::Blocked,
            proto::Outcome::Changed => Outcome::Changed,
            proto::Outcome::Unspecified => return Err(Malformed("a submission without outcome".into())),
        },
        slot: u8::try_from(facts.slot).map_err(|_| Malformed("no such slot".into()))?,
        mail: facts.mail,
        name: needed_tag(&facts.name)?,
        postcode: tag_in(&facts.postcode)?,
        person: tag_in(&facts.person)?,
        suspicion: Some(facts.suspicion.clone()).filter(|rule| !rule.is_empty()),
        language: facts.language.clone(),
        network: tag_in(&facts.network)?,
        domain: tag_in(&facts.domain)?,
        eid: tag_in(&facts.eid)?,
        assisted: assisted_in(facts.assisted.as_ref())?,
    })
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, item, by) = (stored.at, stored.item()?, stored.by);
    match stored.kind {
        "signature.submitted" => {
            let proto::SignatureSubmitted { expires_at, terms, dialogue_id: _ } = stored.message(1)?;
            let expires_at = instant(expires_at);
            Ok(Event::Submitted(Box::new(Submission { expires_at, terms, ..submission_in(stored)? })))
        }
        "signature.signed" => {
            let proto::SignatureSigned { terms, against, dialogue_id: _ } = stored.message(1)?;
            Ok(Event::Signed(Box::new(Submission { terms, against, ..submission_in(stored)? })))
        }
        "signature.listed" => {
            let message: proto::SignatureListed = stored.message(1)?;
            let submission = Box::new(submission_in(stored)?);
            Ok(Event::Listed { submission, compared: message.compared })
        }
        "signature.confirmed" | "signature.suspected" => answered_in(stored),
        "signature.expired" => {
            stored.message(1).map(|_: proto::SignatureExpired| Event::Expired { at, item })
        }
        "signature.withdrawn" => withdrawn_in(stored),
        "signature.superseded" => {
            let proto::SignatureSuperseded { against, dialogue_id: _ } = stored.message(1)?;
            Ok(Event::Superseded { at, item, against })
        }
        "signature.name_changed" => {
            let _: proto::SignatureNameChanged = stored.message(1)?;
            let assisted = kept(stored)?;
            Ok(Event::NameChanged { at, item, key: stored.key(4)?, name: stored.text(4)?, assisted })
        }
        "signature.set_aside" => {
            let proto::SignatureSetAside { against, dialogue_id: _ } = stored.message(1)?;
            let (record, ground) = (stored.key(1)?, stored.text(1)?);
            Ok(Event::SetAside { at, item, by, against, record, ground })
        }
        "signature.cleared" => {
            let proto::SignatureCleared { against, dialogue_id: _ } = stored.message(1)?;
            let (record, ground) = (stored.key(1)?, stored.text(1)?);
            Ok(Event::Cleared { at, item, by, against, record, ground })
        }
        "signature.invalidated" => {
            let message: proto::SignatureInvalidated = stored.message(1)?;
            let (was_counted, batch) = (message.was_counted, batch_in(message.batch)?);
            let (record, ground) = (stored.key(1)?, stored.text(1)?);
            let against = message.against;
            Ok(Event::Invalidated { at, item, by, was_counted, against, batch, record, ground })
        }
        "signature.restored" => {
            let message: proto::SignatureRestored = stored.message(1)?;
            let (against, batch) = (message.against, batch_in(message.batch)?);
            let (record, ground) = (stored.key(1)?, stored.text(1)?);
            Ok(Event::Restored { at, item, by, against, batch, record, ground })
        }
        "signature.erased" => {
            let message: proto::SignatureErased = stored.message(1)?;
            let (second, keys) = (subject_in(&message.second)?, stored.erased.to_vec());
            Ok(Event::Erased { at, item, by, second, keys, record: stored.key(1)?, ground: stored.text(1)? })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

/// The mailbox answered: how it is meant is told of what counts alone.
fn answered_in(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, item) = (stored.at, stored.item()?);
    let (key, public) = public_in(stored)?;
    let (tags, person) = (stored.key(6)?, person_in(stored)?);
    if stored.kind == "signature.confirmed" {
        let proto::SignatureConfirmed { against, dialogue_id: _ } = stored.message(1)?;
        return Ok(Event::Confirmed { at, item, key, public, against, tags, person });
    }
    let _: proto::SignatureSuspected = stored.message(1)?;
    let (record, rule) = (stored.key(7)?, stored.text(7)?);
    Ok(Event::Suspected { at, item, key, public, tags, person, record, rule })
}

fn withdrawn_in(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let proto::SignatureWithdrawn { against, dialogue_id: _ } = stored.message(1)?;
    Ok(Event::Withdrawn { at: stored.at, item: stored.item()?, against, assisted: kept(stored)? })
}

/// Who acted for the signer, and what that is sealed under.
fn kept(stored: &Stored<'_>) -> Result<Option<(KeyRef, Opened<Assisted>)>, Malformed> {
    kept_in(stored, 1)?.map(|how| Ok::<_, Malformed>((stored.key(1)?, how))).transpose()
}

fn batch_in(batch: Option<Vec<u8>>) -> Result<Option<[u8; 16]>, Malformed> {
    batch.map(|id| id.try_into().map_err(|_| Malformed("a batch is 16 bytes".into()))).transpose()
}

fn submission_in(stored: &Stored<'_>) -> Result<Submission, Malformed> {
    let (key, public) = public_in(stored)?;
    let signer = match (stored.text(1)?, stored.text(2)?, stored.text(3)?) {
        (Opened::Known(name), Opened::Known(mailbox), Opened::Known(postcode)) => {
            Opened::Known(Signer { name, mailbox, postcode })
        }
        _ => Opened::Gone,
    };
    let (facts, against) = match stored.sub::<proto::Facts>(6)? {
        Opened::Known(facts) => (Opened::Known(facts_in(&facts)?), facts.against),
        Opened::Gone => (Opened::Gone, false),
    };
    let (at, item, tags) = (stored.at, stored.item()?, stored.key(6)?);
    let terms = String::new();
    Ok(Submission { at, item, key, expires_at: at, signer, public, against, tags, facts, terms })
}

fn public_in(stored: &Stored<'_>) -> Result<(KeyRef, Public), Malformed> {
    Ok((stored.key(4)?, Public { name: stored.text(4)?, area: stored.text(5)? }))
}

fn person_in(stored: &Stored<'_>) -> Result<Opened<Option<Tag>>, Malformed> {
    Ok(match stored.sub::<proto::Facts>(6)? {
        Opened::Known(facts) => Opened::Known(tag_in(&facts.person)?),
        Opened::Gone => Opened::Gone,
    })
}
