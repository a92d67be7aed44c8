//! Executes a command: load, decide, append; again if somebody was faster or it took too long. Knows no service.

use radslag_eventlog::{Append, AppendError, Appended, Context, Guard, Log, NewEvent, Write};
use radslag_kernel::{Actor, AggregateId, EventId, Instant, ItemId, KeyRef, id::CommandId};
use radslag_vault::NewKey;

use crate::service::{Failure, Service};

/// How often somebody else may be faster.
const CONFLICTS: u32 = 256;
/// How often a decision may come too late.
const STALE: u32 = 2;

/// What a decision wants written.
pub struct Plan<E> {
    /// Streams with their events.
    pub writes: Vec<Planned<E>>,
    /// Streams that must still be where the decision saw them.
    pub guards: Vec<(String, u64)>,
    /// Keys the events name for the first time.
    pub keys: Vec<NewKey>,
    /// The command, if it can be repeated.
    pub command: Option<Command>,
    /// The event that led to it, if one did.
    pub causation: Option<EventId>,
    /// W3C trace id; left out of a citizen's act.
    pub trace: Option<[u8; 16]>,
}

/// Events for one stream.
pub struct Planned<E> {
    /// The stream's name.
    pub stream: String,
    /// The version the decision saw.
    pub expected: u64,
    /// What is to happen.
    pub events: Vec<Happening<E>>,
}

/// An event with what its header says.
pub struct Happening<E> {
    /// The petition, panel or poll.
    pub aggregate: AggregateId,
    /// The signature, answer or member.
    pub item: Option<ItemId>,
    /// Which dialogue it is part of.
    pub dialogue: Option<AggregateId>,
    /// Who acts.
    pub actor: Actor,
    /// When, for rules: of a late timer, its deadline.
    pub occurred_at: Instant,
    /// What happens.
    pub event: E,
    /// Keys it destroys.
    pub erases: Vec<KeyRef>,
}

/// A command that may come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its id.
    pub id: CommandId,
    /// HMAC of its body, and the key it is sealed under.
    pub digest: Option<(KeyRef, [u8; 32])>,
}

/// What came of an attempt to decide.
pub enum Decision<E, R> {
    /// Write this.
    Write(Plan<E>),
    /// There is nothing to write: it has happened already, or nothing follows.
    Nothing,
    /// A rule forbids it.
    Refused(R),
}

/// Why a command wasn't done.
#[derive(Debug)]
pub enum Undone<R> {
    /// A rule forbids it.
    Refused(R),
    /// Others were faster too often, or the machine is too slow: later.
    Busy,
    /// The log takes nothing now; why.
    ReadOnly(String),
    /// Something is broken.
    Failed(Failure),
}

impl<R> From<Failure> for Undone<R> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Decides and appends until it is done. `decide` reads what it needs anew each time; it gets the time of the decision.
/// `None` means that nothing was to be written.
///
/// # Errors
/// `Undone`: nothing was written.
pub async fn execute<S: Service, R>(
    log: &Log,
    mut decide: impl FnMut(Instant) -> Result<Decision<S::Event, R>, Failure>,
) -> Result<Option<Appended>, Undone<R>> {
    let (mut conflicts, mut late) = (0, 0);
    loop {
        let at = log.now();
        let plan = match decide(at)? {
            Decision::Write(plan) => plan,
            Decision::Nothing => return Ok(None),
            Decision::Refused(rule) => return Err(Undone::Refused(rule)),
        };
        let append = prepare::<S>(log, plan, at).map_err(Failure::from)?;
        match log.append(append).await {
            Ok(appended) => return Ok(Some(appended)),
            Err(AppendError::Conflict { .. }) if conflicts < CONFLICTS => conflicts += 1,
            Err(AppendError::Stale(_)) if late < STALE => late += 1,
            Err(error @ (AppendError::Conflict { .. } | AppendError::Stale(_))) => {
                tracing::warn!(%error, "a command was given up: others were faster, or the machine is too slow");
                return Err(Undone::Busy);
            }
            Err(AppendError::ReadOnly(reason)) => return Err(Undone::ReadOnly(reason)),
            Err(AppendError::Closed) => return Err(Undone::ReadOnly("the process is being stopped".into())),
            Err(error) => return Err(Undone::Failed(error.into())),
        }
    }
}

fn prepare<S: Service>(log: &Log, plan: Plan<S::Event>, at: Instant) -> Result<Append, radslag_vault::Error> {
    let Plan { writes, guards, keys, command, causation, trace } = plan;
    let mut sealed = Vec::with_capacity(writes.len());
    for Planned { stream, expected, events } in writes {
        let mut done = Vec::with_capacity(events.len());
        for happening in events {
            let context = Context {
                aggregate: happening.aggregate,
                item: happening.item,
                occurred_at: happening.occurred_at,
                actor: happening.actor,
                command: command.map(|command| command.id),
                causation,
                // Whatever a client sent: nothing joins a citizen's act to anything.
                trace: trace.filter(|_| !happening.actor.role.is_citizen()),
                digest: command.and_then(|command| command.digest),
            };
            let event = NewEvent::seal(
                S::encode(&happening.event, happening.dialogue),
                &context,
                log.vault(),
                &keys,
            )?
            .decided(at);
            done.push(if happening.erases.is_empty() { event } else { event.erasing(&happening.erases) });
        }
        sealed.push(Write { stream, expected, events: done });
    }
    let guards = guards.into_iter().map(|(stream, expected)| Guard { stream, expected }).collect();
    Ok(Append { writes: sealed, guards, keys })
}
