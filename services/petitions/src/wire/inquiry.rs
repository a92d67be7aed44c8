//! An inquiry's events as protobuf: nothing of what is asked, answered or decided is public.

use prost::Message as _;
use radslag_kernel::{AggregateId, Encoded, Malformed, Opened, Plain, Stored};
use radslag_proto::petitions as proto;

use super::{
    fields::{Fields as _, date_in, dialogue_in, dialogue_out, instant, needed_tag, plain, subject_in, text},
    petition::sealed::{decision_in, decision_out},
    policy::{register_in, register_out},
};
use crate::inquiry::{Asked, Clock, Contact, Erasable, Event, Facts, Keys, Kind, Outcome, Received};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    let dialogue_id = dialogue_out(dialogue);
    match event {
        Event::Received(received) => {
            let dialogue_id = dialogue_out(received.dialogue);
            of("inquiry.received", &received_out(received, dialogue_id), sealed_out(received))
        }
        Event::Confirmed { review_by, .. } => {
            let public = proto::InquiryConfirmed { dialogue_id, review_by: review_by.to_string() };
            of("inquiry.confirmed", &public, Vec::new())
        }
        Event::Expired { .. } => of("inquiry.expired", &proto::InquiryExpired { dialogue_id }, Vec::new()),
        Event::Accepted { record, ground, .. } => {
            let ground = vec![text(1, *record, false, ground)];
            of("inquiry.accepted", &proto::InquiryAccepted { dialogue_id }, ground)
        }
        Event::Refused { record, decision, .. } => {
            let decision = decision_out(decision, *record);
            of("inquiry.refused", &proto::InquiryRefused { dialogue_id }, decision)
        }
        Event::Assigned { to, due, due_at, record, ground, name, party, .. } => {
            let (to, due, due_at) = (to.as_bytes().to_vec(), due.to_string(), due_at.millis());
            let public = proto::InquiryAssigned { dialogue_id, to, due, due_at };
            let record = *record;
            let sealed = vec![
                text(1, record, false, ground),
                text(2, record, true, name),
                text(3, record, true, party),
            ];
            of("inquiry.assigned", &public, sealed)
        }
        Event::Answered { public, own, key, text: answer, record, ground, .. } => {
            let public = proto::InquiryAnswered { dialogue_id, public: *public, own: *own };
            of(
                "inquiry.answered",
                &public,
                vec![text(1, *record, false, ground), text(2, *key, true, answer)],
            )
        }
        Event::Reopened { clock, record, ground, .. } => {
            let to = clock.map(|clock| clock.to.as_bytes().to_vec());
            let due = clock.map(|clock| clock.due.to_string()).unwrap_or_default();
            let due_at = clock.map_or(0, |clock| clock.due_at.millis());
            let public = proto::InquiryReopened { dialogue_id, to, due, due_at };
            of("inquiry.reopened", &public, vec![text(1, *record, false, ground)])
        }
        Event::Closed { record, ground, .. } => {
            let ground = vec![text(1, *record, false, ground)];
            of("inquiry.closed", &proto::InquiryClosed { dialogue_id }, ground)
        }
        Event::Withdrawn { record, reason, .. } => {
            let reason = vec![text(1, *record, false, reason)];
            of("inquiry.withdrawn", &proto::InquiryWithdrawn { dialogue_id }, reason)
        }
        Event::Erased { second, what, record, ground, .. } => {
            let what = match what {
                Erasable::Document => proto::InquiryErasable::Document,
                Erasable::Asker => proto::InquiryErasable::Asker,
            };
            let second = second.as_bytes().to_vec();
            let public = proto::InquiryErased { dialogue_id, what: what.into(), second };
            of("inquiry.erased", &public, vec![text(1, *record, false, ground)])
        }
    }
}

fn of(kind: &'static str, public: &impl prost::Message, sealed: Vec<Plain>) -> Encoded {
    Encoded { kind, schema: 1, public: public.encode_to_vec(), sealed }
}

fn received_out(received: &Received, dialogue_id: Option<Vec<u8>>) -> proto::InquiryReceived {
    proto::InquiryReceived {
        dialogue_id,
        kind: match received.kind {
            Kind::Tip => proto::InquiryKind::Tip,
            Kind::Question => proto::InquiryKind::Question,
        }
        .into(),
        register: Some(register_out(received.register)),
        expires_at: received.expires_at.millis(),
        by_eid: received.by_eid,
        review_days: received.review_days,
        answer_days: received.answer_days,
    }
}

fn sealed_out(received: &Received) -> Vec<Plain> {
    let asked =
        |view: fn(&Asked) -> &String| received.asked.known().map(|it| view(it).clone()).unwrap_or_default();
    let contact = received.contact.known();
    let sealed = contact.map(|contact| proto::Contact {
        name: contact.name.clone(),
        mailbox: contact.mailbox.clone(),
        postcode: String::new(),
        language: contact.language.clone(),
    });
    let Keys { document, asker, record } = received.keys;
    vec![
        plain(1, document, true, asked(|asked| &asked.title)),
        plain(2, document, true, asked(|asked| &asked.text)),
        plain(3, asker, true, contact.map(|contact| contact.public_name.clone()).unwrap_or_default()),
        plain(4, asker, false, sealed.unwrap_or_default().encode_to_vec()),
        plain(5, asker, false, received.facts.known().map(facts_out).unwrap_or_default()),
        plain(6, record, false, Vec::new()),
    ]
}

fn facts_out(facts: &Facts) -> Vec<u8> {
    proto::InquiryFacts {
        outcome: match facts.outcome {
            Outcome::New => proto::InquiryOutcome::New,
            Outcome::Blocked => proto::InquiryOutcome::Blocked,
            Outcome::TooMany => proto::InquiryOutcome::TooMany,
        }
        .into(),
        proof: facts.proof.0.to_vec(),
        private: facts.private,
        wished: facts.wished.map(|wished| wished.as_bytes().to_vec()).unwrap_or_default(),
    }
    .encode_to_vec()
}

fn facts_in(facts: &proto::InquiryFacts) -> Result<Facts, Malformed> {
    Ok(Facts {
        outcome: match facts.outcome() {
            proto::InquiryOutcome::New => Outcome::New,
            proto::InquiryOutcome::Blocked => Outcome::Blocked,
            proto::InquiryOutcome::TooMany => Outcome::TooMany,
            proto::InquiryOutcome::Unspecified => {
                return Err(Malformed("an inquiry without outcome".into()));
            }
        },
        proof: needed_tag(&facts.proof)?,
        private: facts.private,
        wished: if facts.wished.is_empty() { None } else { Some(subject_in(&facts.wished)?) },
    })
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, by) = (stored.at, stored.by);
    match stored.kind {
        "inquiry.received" => received(stored),
        "inquiry.confirmed" => {
            let message: proto::InquiryConfirmed = stored.message(1)?;
            Ok(Event::Confirmed { at, review_by: date_in(&message.review_by)? })
        }
        "inquiry.expired" => stored.message(1).map(|_: proto::InquiryExpired| Event::Expired { at }),
        "inquiry.accepted" => {
            let _: proto::InquiryAccepted = stored.message(1)?;
            Ok(Event::Accepted { at, by, record: stored.key(1)?, ground: stored.text(1)? })
        }
        "inquiry.refused" => {
            let _: proto::InquiryRefused = stored.message(1)?;
            Ok(Event::Refused { at, by, record: stored.key(3)?, decision: decision_in(stored)? })
        }
        "inquiry.assigned" => {
            let message: proto::InquiryAssigned = stored.message(1)?;
            let (to, due, due_at) =
                (subject_in(&message.to)?, date_in(&message.due)?, instant(message.due_at));
            let (record, ground) = (stored.key(1)?, stored.text(1)?);
            let (name, party) = (stored.text(2)?, stored.text(3)?);
            Ok(Event::Assigned { at, by, to, due, due_at, record, ground, name, party })
        }
        "inquiry.answered" => {
            let proto::InquiryAnswered { public, own, .. } = stored.message(1)?;
            let (record, ground) = (stored.key(1)?, stored.text(1)?);
            let (key, text) = (stored.key(2)?, stored.text(2)?);
            Ok(Event::Answered { at, by, public, own, key, text, record, ground })
        }
        "inquiry.reopened" => {
            let message: proto::InquiryReopened = stored.message(1)?;
            let clock = |to: Vec<u8>| {
                let (to, due) = (subject_in(&to)?, date_in(&message.due)?);
                Ok(Clock { to, due, due_at: instant(message.due_at) })
            };
            let clock = message.to.clone().map(clock).transpose()?;
            Ok(Event::Reopened { at, by, clock, record: stored.key(1)?, ground: stored.text(1)? })
        }
        "inquiry.closed" => {
            let _: proto::InquiryClosed = stored.message(1)?;
            Ok(Event::Closed { at, by, record: stored.key(1)?, ground: stored.text(1)? })
        }
        "inquiry.withdrawn" => {
            let _: proto::InquiryWithdrawn = stored.message(1)?;
            Ok(Event::Withdrawn { at, record: stored.key(1)?, reason: stored.text(1)? })
        }
        "inquiry.erased" => erased(stored),
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

fn received(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::InquiryReceived = stored.message(1)?;
    let kind = match message.kind() {
        proto::InquiryKind::Tip => Kind::Tip,
        proto::InquiryKind::Question => Kind::Question,
        proto::InquiryKind::Unspecified => return Err(Malformed("an inquiry of no kind".into())),
    };
    let asked = match (stored.text(1)?, stored.text(2)?) {
        (Opened::Known(title), Opened::Known(text)) => Opened::Known(Asked { title, text }),
        _ => Opened::Gone,
    };
    let contact = match (stored.text(3)?, stored.sub::<proto::Contact>(4)?) {
        (Opened::Known(public_name), Opened::Known(contact)) => {
            let proto::Contact { name, mailbox, language, .. } = contact;
            Opened::Known(Contact { name, mailbox, public_name, language })
        }
        // A reader may open the public name alone.
        (Opened::Known(public_name), Opened::Gone) => Opened::Known(Contact {
            public_name,
            name: String::new(),
            mailbox: String::new(),
            language: String::new(),
        }),
        _ => Opened::Gone,
    };
    let facts = match stored.sub::<proto::InquiryFacts>(5)? {
        Opened::Known(facts) => Opened::Known(facts_in(&facts)?),
        Opened::Gone => Opened::Gone,
    };
    Ok(Event::Received(Box::new(Received {
        at: stored.at,
        expires_at: instant(message.expires_at),
        kind,
        register: register_in(message.register)?,
        by_eid: message.by_eid,
        review_days: message.review_days,
        answer_days: message.answer_days,
        keys: Keys { document: stored.key(1)?, asker: stored.key(3)?, record: stored.key(6)? },
        asked,
        contact,
        facts,
        dialogue: dialogue_in(message.dialogue_id)?,
    })))
}

fn erased(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::InquiryErased = stored.message(1)?;
    let what = match message.what() {
        proto::InquiryErasable::Document => Erasable::Document,
        proto::InquiryErasable::Asker => Erasable::Asker,
        proto::InquiryErasable::Unspecified => return Err(Malformed("erased nothing".into())),
    };
    let (second, keys) = (subject_in(&message.second)?, stored.erased.to_vec());
    let (record, ground) = (stored.key(1)?, stored.text(1)?);
    Ok(Event::Erased { at: stored.at, by: stored.by, second, what, keys, record, ground })
}
