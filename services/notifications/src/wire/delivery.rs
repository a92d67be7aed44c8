//! Events of deliveries as protobuf. All that happens after the plan has one public type: which it was is sealed.

use proto::delivery_move as moves;
use radslag_kernel::{Encoded, EventId, Malformed, Stored};
use radslag_proto::notifications as proto;

use super::fields::{Fields as _, encoded, instant, millis, needed_tag, sealed, some_instant};
use crate::{
    delivery::{Event, Letter, Move, Reason},
    letter::{Cause, Class},
};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    match event {
        Event::Planned { key, letter, .. } => {
            let letter = letter.known().map(|letter| proto::DeliveryLetter {
                class: letter.class.number(),
                template: letter.template.clone(),
                service: letter.cause.service.clone(),
                origin: letter.cause.origin,
                position: letter.cause.position,
                cause: letter.cause.event.as_bytes().to_vec(),
                subject: letter.subject.0.to_vec(),
                due_at: letter.due_at.millis(),
            });
            encoded("delivery.planned", proto::DeliveryPlanned {}, vec![sealed(1, *key, letter)])
        }
        Event::Moved { key, to, .. } => {
            let to = to.known().map(|to| proto::DeliveryMove { r#move: Some(move_out(to)) });
            encoded("delivery.moved", proto::DeliveryMoved {}, vec![sealed(1, *key, to)])
        }
        Event::Erased { .. } => encoded("delivery.erased", proto::DeliveryErased {}, Vec::new()),
    }
}

fn move_out(to: &Move) -> moves::Move {
    match to {
        Move::Attempting { number } => moves::Move::Attempting(moves::Attempting { number: *number }),
        Move::Sent => moves::Move::Sent(moves::Sent {}),
        Move::Failed { permanent, code, retry_at } => moves::Move::Failed(moves::Failed {
            permanent: *permanent,
            code: u32::from(*code),
            retry_at: millis(*retry_at),
        }),
        Move::Bounced { status } => moves::Move::Bounced(moves::Bounced { status: status.clone() }),
        Move::Skipped { reason } => moves::Move::Skipped(moves::Skipped { reason: *reason as u32 }),
        Move::InDoubt { again_at } => moves::Move::InDoubt(moves::InDoubt { again_at: millis(*again_at) }),
        Move::Delayed { until } => moves::Move::Delayed(moves::Delayed { until: until.millis() }),
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let at = stored.at;
    match stored.kind {
        "delivery.planned" => {
            let _: proto::DeliveryPlanned = stored.message(1)?;
            Ok(Event::Planned { at, key: stored.key(1)?, letter: stored.sub_as(1, letter_in)? })
        }
        "delivery.moved" => {
            let _: proto::DeliveryMoved = stored.message(1)?;
            let to = stored.sub_as(1, |message: proto::DeliveryMove| move_in(message.r#move))?;
            Ok(Event::Moved { at, key: stored.key(1)?, to })
        }
        "delivery.erased" => {
            let _: proto::DeliveryErased = stored.message(1)?;
            Ok(Event::Erased { at, key: stored.destroyed()? })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

fn letter_in(message: proto::DeliveryLetter) -> Result<Letter, Malformed> {
    let class = Class::of(message.class);
    let event = EventId::from_slice(&message.cause).ok_or(Malformed("an id is 16 bytes".into()))?;
    Ok(Letter {
        class: class.ok_or_else(|| Malformed(format!("no class of letters is {}", message.class)))?,
        template: message.template,
        cause: Cause { service: message.service, origin: message.origin, position: message.position, event },
        subject: needed_tag(&message.subject)?,
        due_at: instant(message.due_at),
    })
}

fn move_in(message: Option<moves::Move>) -> Result<Move, Malformed> {
    let missing = || Malformed("a delivery moved nowhere".into());
    Ok(match message.ok_or_else(missing)? {
        moves::Move::Attempting(moves::Attempting { number }) => Move::Attempting { number },
        moves::Move::Sent(moves::Sent {}) => Move::Sent,
        moves::Move::Failed(moves::Failed { permanent, code, retry_at }) => Move::Failed {
            permanent,
            code: u16::try_from(code).map_err(|_| Malformed(format!("no server answers {code}")))?,
            retry_at: some_instant(retry_at),
        },
        moves::Move::Bounced(moves::Bounced { status }) => Move::Bounced { status },
        moves::Move::Skipped(moves::Skipped { reason }) => Move::Skipped {
            reason: Reason::of(reason).ok_or_else(|| Malformed(format!("no reason is {reason}")))?,
        },
        moves::Move::InDoubt(moves::InDoubt { again_at }) => {
            Move::InDoubt { again_at: some_instant(again_at) }
        }
        moves::Move::Delayed(moves::Delayed { until }) => Move::Delayed { until: instant(until) },
    })
}
