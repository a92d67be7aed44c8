//! Events of members as protobuf. In public stands where a member stands, and nothing about who it is.

use radslag_kernel::{AggregateId, Encoded, Malformed, Opened, Plain, Stored};
use radslag_proto::{
    fields::{Fields as _, dialogue_out, encoded, instant, millis, plain, some_instant, text},
    panels as proto,
};

use super::values::{
    assisted_in, assisted_out, fresh_in, item_in, known_in, known_out, missing, said_in, said_out,
};
use crate::member::event::{Event, Outcome, Reason, Standing};

const fn standing_out(standing: Standing) -> proto::Standing {
    match standing {
        Standing::Submitted => proto::Standing::Submitted,
        Standing::Invited => proto::Standing::Invited,
        Standing::Declined => proto::Standing::Declined,
        Standing::Expired => proto::Standing::Expired,
        Standing::Volunteered => proto::Standing::Volunteered,
        Standing::Drawn => proto::Standing::Drawn,
        Standing::Reserved => proto::Standing::Reserved,
        Standing::Active => proto::Standing::Active,
        Standing::Paused => proto::Standing::Paused,
        Standing::Left => proto::Standing::Left,
        Standing::Replaced => proto::Standing::Replaced,
    }
}

/// Where a member stands, as it stands in public.
///
/// # Errors
/// If no version of this service wrote it.
pub fn standing_in(number: i32) -> Result<Standing, Malformed> {
    let found = Standing::ALL.iter().find(|one| standing_out(**one) as i32 == number);
    found.copied().ok_or_else(|| missing("a standing"))
}

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    let (dialogue_id, standing) = (dialogue_out(dialogue), standing_out(event.standing()).into());
    match event {
        Event::Submitted { key, expires_at, known, outcome, .. } => {
            let public = proto::MemberSubmitted { dialogue_id, standing, expires_at: expires_at.millis() };
            let outcome = outcome.known().map(|outcome| vec![outcome_number(*outcome)]).unwrap_or_default();
            let mut sealed = known_out(*key, known);
            sealed.push(plain(4, *key, false, outcome));
            encoded("member.submitted", public, sealed)
        }
        Event::Enrolled { consent_version, term, fresh, assisted, .. } => {
            let (consent_version, term) = (*consent_version, *term);
            let public = proto::MemberEnrolled { dialogue_id, standing, consent_version, term };
            let mut sealed = fresh.as_ref().map(|(key, known)| known_out(*key, known)).unwrap_or_default();
            sealed.extend(assisted_out(assisted.as_ref()));
            encoded("member.enrolled", public, sealed)
        }
        Event::Offered { standing: to, draw, number, expires_at, fresh, .. } => {
            let kind = offered(*to);
            let (draw, number, expires_at) = (draw.as_bytes().to_vec(), *number, millis(*expires_at));
            let public = proto::MemberOffered { dialogue_id, standing, draw, number, expires_at };
            let sealed = fresh.as_ref().map(|(key, known)| known_out(*key, known)).unwrap_or_default();
            encoded(kind, public, sealed)
        }
        Event::Answered { accepted, consent_version, term, said, assisted, .. } => {
            let (consent_version, term) = (*consent_version, *term);
            let public = proto::MemberAnswered { dialogue_id, standing, consent_version, term };
            let mut sealed: Vec<Plain> = said.iter().map(|(key, said)| said_out(*key, said)).collect();
            sealed.extend(assisted_out(assisted.as_ref()));
            encoded(if *accepted { "member.accepted" } else { "member.declined" }, public, sealed)
        }
        Event::Expired { .. } => {
            encoded("member.expired", proto::MemberExpired { dialogue_id, standing }, Vec::new())
        }
        Event::Moved { standing: to, assisted, .. } => {
            let kind = if *to == Standing::Paused { "member.paused" } else { "member.resumed" };
            let sealed = assisted_out(assisted.as_ref()).into_iter().collect();
            encoded(kind, proto::MemberMoved { dialogue_id, standing }, sealed)
        }
        Event::Left { key, reason, assisted, ground, .. } => {
            let reason = reason.known().map(|reason| vec![reason_number(*reason)]).unwrap_or_default();
            let mut sealed = vec![plain(4, *key, false, reason)];
            sealed.extend(assisted_out(assisted.as_ref()));
            sealed.extend(ground.as_ref().map(|(key, ground)| text(6, *key, false, ground)));
            encoded("member.left", proto::MemberLeft { dialogue_id, standing }, sealed)
        }
        Event::Replaced { by, .. } => {
            let public = proto::MemberReplaced { dialogue_id, standing, by: by.as_bytes().to_vec() };
            encoded("member.replaced", public, Vec::new())
        }
        Event::Corrected { key, known, .. } => {
            let public = proto::MemberCorrected { dialogue_id, standing };
            encoded("member.corrected", public, known_out(*key, known))
        }
        Event::Renewed { term, assisted, .. } => {
            let public = proto::MemberRenewed { dialogue_id, standing, term: *term };
            encoded("member.renewed", public, assisted_out(assisted.as_ref()).into_iter().collect())
        }
        Event::Erased { .. } => {
            encoded("member.erased", proto::MemberErased { dialogue_id, standing }, Vec::new())
        }
    }
}

const fn offered(to: Standing) -> &'static str {
    match to {
        Standing::Invited => "member.invited",
        Standing::Reserved => "member.reserved",
        Standing::Drawn
        | Standing::Submitted
        | Standing::Declined
        | Standing::Expired
        | Standing::Volunteered
        | Standing::Active
        | Standing::Paused
        | Standing::Left
        | Standing::Replaced => "member.drawn",
    }
}

const fn outcome_number(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Requested => 1,
        Outcome::AlreadyHere => 2,
        Outcome::Blocked => 3,
        Outcome::Silent => 4,
    }
}

const fn reason_number(reason: Reason) -> u8 {
    match reason {
        Reason::OwnWish => 1,
        Reason::Moved => 2,
        Reason::Died => 3,
        Reason::AgedOut => 4,
        Reason::Term => 5,
        Reason::Removed => 6,
    }
}

/// One of a few, as a byte.
fn chosen<T: Copy>(stored: &Stored<'_>, all: &[T], number: impl Fn(T) -> u8) -> Result<Opened<T>, Malformed> {
    match stored.bytes(4)? {
        Opened::Gone => Ok(Opened::Gone),
        Opened::Known(bytes) => {
            let found = all.iter().copied().find(|one| bytes == [number(*one)]);
            found.map(Opened::Known).ok_or_else(|| stored.malformed(4, "is no choice"))
        }
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, item) = (stored.at, stored.item()?);
    match stored.kind {
        "member.submitted" => {
            let message: proto::MemberSubmitted = stored.message(1)?;
            let (key, expires_at) = (stored.key(1)?, instant(message.expires_at));
            let outcome = chosen(stored, Outcome::ALL, outcome_number)?;
            Ok(Event::Submitted { at, item, key, expires_at, known: known_in(stored)?, outcome })
        }
        "member.enrolled" => {
            let message: proto::MemberEnrolled = stored.message(1)?;
            let (standing, consent_version) = (standing_in(message.standing)?, message.consent_version);
            let (fresh, assisted) = (fresh_in(stored)?, assisted_in(stored)?);
            Ok(Event::Enrolled { at, item, standing, consent_version, term: message.term, fresh, assisted })
        }
        "member.invited" | "member.drawn" | "member.reserved" => {
            let message: proto::MemberOffered = stored.message(1)?;
            let (standing, draw) = (standing_in(message.standing)?, item_in(&message.draw)?);
            let (number, expires_at) = (message.number, some_instant(message.expires_at));
            Ok(Event::Offered { at, item, standing, draw, number, expires_at, fresh: fresh_in(stored)? })
        }
        "member.accepted" | "member.declined" => {
            let message: proto::MemberAnswered = stored.message(1)?;
            let standing = standing_in(message.standing)?;
            Ok(Event::Answered {
                at,
                item,
                accepted: stored.kind == "member.accepted",
                standing,
                consent_version: message.consent_version,
                term: message.term,
                said: said_in(stored)?,
                assisted: assisted_in(stored)?,
            })
        }
        "member.expired" => {
            let message: proto::MemberExpired = stored.message(1)?;
            let (standing, key) = (standing_in(message.standing)?, stored.destroyed()?);
            Ok(Event::Expired { at, item, standing, key })
        }
        "member.paused" | "member.resumed" => {
            let message: proto::MemberMoved = stored.message(1)?;
            let standing = standing_in(message.standing)?;
            Ok(Event::Moved { at, item, standing, assisted: assisted_in(stored)? })
        }
        "member.left" => left(stored),
        "member.replaced" => {
            let message: proto::MemberReplaced = stored.message(1)?;
            Ok(Event::Replaced { at, item, by: item_in(&message.by)? })
        }
        "member.corrected" => {
            let message: proto::MemberCorrected = stored.message(1)?;
            let (standing, key) = (standing_in(message.standing)?, stored.key(1)?);
            Ok(Event::Corrected { at, item, standing, key, known: known_in(stored)? })
        }
        "member.renewed" => {
            let message: proto::MemberRenewed = stored.message(1)?;
            let standing = standing_in(message.standing)?;
            Ok(Event::Renewed { at, item, standing, term: message.term, assisted: assisted_in(stored)? })
        }
        "member.erased" => {
            let message: proto::MemberErased = stored.message(1)?;
            let (standing, key) = (standing_in(message.standing)?, stored.destroyed()?);
            Ok(Event::Erased { at, item, standing, key })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

fn left(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let _: proto::MemberLeft = stored.message(1)?;
    let ground = match (stored.field)(6) {
        None => None,
        Some(_) => Some((stored.key(6)?, stored.text(6)?)),
    };
    Ok(Event::Left {
        at: stored.at,
        item: stored.item()?,
        key: stored.key(4)?,
        reason: chosen(stored, Reason::ALL, reason_number)?,
        assisted: assisted_in(stored)?,
        ground,
    })
}
