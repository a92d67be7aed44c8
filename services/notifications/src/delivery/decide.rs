//! A letter is planned once, attempted while the server says "later", and never repeated where it may have arrived twice.

use radslag_kernel::{Instant, Opened};

use crate::{
    delivery::{
        ATTEMPTS,
        command::{Act, Command, Outcome},
        event::{Event, Move, Reason},
        refusal::Refusal,
        state::{Delivery, Standing, State},
    },
    letter::Class,
};

const MINUTE_MS: u64 = 60_000;
/// The first pause; each is twice the one before.
const FIRST_PAUSE_MS: u64 = MINUTE_MS;
/// The longest: fifteen attempts take about two days.
const LONGEST_PAUSE_MS: u64 = 6 * 60 * MINUTE_MS;
/// How often a letter that isn't to many is repeated when nobody knows whether it was sent.
const REPEATED: u32 = 1;

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let at = command.at;
    if let Act::Plan { key, letter } = command.act {
        let planned = Event::Planned { at, key, letter: Opened::Known(letter) };
        return Ok(if state.0.is_some() { Vec::new() } else { vec![planned] });
    }
    let delivery = state.0.as_ref().ok_or(Refusal::UnknownDelivery)?;
    if delivery.standing == Standing::Erased {
        return if command.act == Act::Erase { Ok(Vec::new()) } else { Err(Refusal::AlreadyOver) };
    }
    match command.act {
        Act::Plan { .. } => Ok(Vec::new()),
        Act::Attempt => attempt(delivery, at),
        Act::Record { outcome, jitter } => record(delivery, at, outcome, jitter),
        Act::Recover => match delivery.standing {
            Standing::Attempting => Ok(delivery.moved(at, doubt(delivery, at))),
            _ => Ok(Vec::new()),
        },
        Act::Delay { until } => match delivery.standing {
            Standing::Planned { .. } => Ok(delivery.moved(at, Move::Delayed { until })),
            _ => Err(Refusal::AlreadyOver),
        },
        Act::Bounce { status } => bounce(delivery, at, status),
        Act::Again => again(delivery, at),
        Act::Erase => Ok(vec![Event::Erased { at, key: delivery.key }]),
    }
}

fn attempt(delivery: &Delivery, at: Instant) -> Result<Vec<Event>, Refusal> {
    match delivery.standing {
        Standing::Planned { due_at } if at < due_at => Err(Refusal::NotDue),
        Standing::Planned { .. } => {
            Ok(delivery.moved(at, Move::Attempting { number: delivery.attempts + 1 }))
        }
        _ => Err(Refusal::AlreadyOver),
    }
}

fn record(delivery: &Delivery, at: Instant, outcome: Outcome, jitter: u8) -> Result<Vec<Event>, Refusal> {
    match delivery.standing {
        Standing::Attempting => {}
        // It came back before the server's own answer was written down.
        Standing::Bounced => return Ok(Vec::new()),
        _ => return Err(Refusal::NotAttempting),
    }
    let to = match outcome {
        Outcome::Sent => Move::Sent,
        Outcome::Permanent { code } => Move::Failed { permanent: true, code, retry_at: None },
        Outcome::Temporary { code } => {
            let again = delivery.attempts < ATTEMPTS;
            let retry_at = again.then(|| at.plus_millis(pause_ms(delivery.attempts, jitter)));
            Move::Failed { permanent: false, code, retry_at }
        }
        Outcome::Unclear => doubt(delivery, at),
        Outcome::Skip { reason } => Move::Skipped { reason },
    };
    Ok(delivery.moved(at, to))
}

/// Nobody knows what became of an attempt.
fn doubt(delivery: &Delivery, at: Instant) -> Move {
    let letter = delivery.letter.known();
    if letter.is_some_and(|letter| letter.template.is_empty()) {
        return Move::Skipped { reason: Reason::Silent };
    }
    let repeats = match letter.map(|letter| letter.class) {
        Some(Class::Confirmation | Class::Decision) => delivery.doubts < REPEATED,
        Some(Class::Mass) | None => false,
    };
    Move::InDoubt { again_at: repeats.then_some(at) }
}

/// After so many attempts: up to a quarter longer than needed, so that letters that failed together come one by one.
fn pause_ms(attempts: u32, jitter: u8) -> u64 {
    let doubled = FIRST_PAUSE_MS << attempts.saturating_sub(1).min(20);
    let pause = doubled.min(LONGEST_PAUSE_MS);
    pause + pause / 4 * u64::from(jitter) / 255
}

/// What failed never arrived, so it may be sent again, to many too; what is in doubt only where twice is better than never.
fn again(delivery: &Delivery, at: Instant) -> Result<Vec<Event>, Refusal> {
    let is_to_many = delivery.letter.known().is_some_and(|letter| letter.class == Class::Mass);
    match delivery.standing {
        Standing::InDoubt if is_to_many => Err(Refusal::AtMostOnce),
        Standing::Failed | Standing::InDoubt => Ok(delivery.moved(at, Move::Delayed { until: at })),
        _ => Err(Refusal::NothingToRepeat),
    }
}

/// It can only have come back if it was handed over, whatever the server said of it then.
fn bounce(delivery: &Delivery, at: Instant, status: String) -> Result<Vec<Event>, Refusal> {
    match delivery.standing {
        Standing::Bounced => Ok(Vec::new()),
        _ if delivery.attempts == 0 => Err(Refusal::NeverAttempted),
        Standing::Skipped => Err(Refusal::NeverAttempted),
        Standing::Planned { .. }
        | Standing::Attempting
        | Standing::Sent
        | Standing::Failed
        | Standing::InDoubt
        | Standing::Erased => Ok(delivery.moved(at, Move::Bounced { status })),
    }
}

impl Delivery {
    fn moved(&self, at: Instant, to: Move) -> Vec<Event> {
        vec![Event::Moved { at, key: self.key, to: Opened::Known(to) }]
    }
}
