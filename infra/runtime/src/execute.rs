//! Executes a command: load, decide, append; again if somebody was faster or it took too long. Knows no service.

use radslag_eventlog::{Append, AppendError, Context, Guard, Log, NewEvent, Write};
use radslag_kernel::{Actor, AggregateId, Happens, Instant, ItemId, KeyRef};
use radslag_vault::NewKey;

use crate::{
    asked::{Asked, Done},
    service::{Failure, Service},
};

/// How often somebody else may be faster.
const CONFLICTS: u32 = 256;
/// How often a decision may come too late.
const STALE: u32 = 2;

/// What a decision wants written: all of it or nothing.
pub struct Plan<E> {
    /// Streams with their events; the first is the one the command is about.
    pub writes: Vec<Planned<E>>,
    /// Streams that must still be where the decision saw them.
    pub guards: Vec<(String, u64)>,
    /// Keys the events name for the first time.
    pub keys: Vec<NewKey>,
    /// The key that the digest of the command's body is sealed under.
    pub digest_under: Option<KeyRef>,
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

/// Why nothing is written.
#[derive(Debug)]
pub enum Stop<R> {
    /// It was done before, or nothing follows from it.
    Done(Done),
    /// It isn't done.
    Undone(Undone<R>),
}

/// Why a command wasn't done.
#[derive(Debug)]
pub enum Undone<R> {
    /// A rule forbids it.
    Refused(R),
    /// The same `Idempotency-Key` came with another body before.
    KeyReused,
    /// Somebody changed the stream since the version that `If-Match` names.
    VersionChanged,
    /// Others were faster too often, or the machine is too slow: later.
    Busy,
    /// The log takes nothing now; why.
    ReadOnly(String),
    /// Something is broken.
    Failed(Failure),
}

impl<E> Plan<E> {
    /// Events for one stream and nothing else.
    #[must_use]
    pub fn of(stream: impl Into<String>, expected: u64, events: Vec<Happening<E>>) -> Self {
        Self::all(vec![Planned { stream: stream.into(), expected, events }])
    }

    /// Events for several streams.
    #[must_use]
    pub const fn all(writes: Vec<Planned<E>>) -> Self {
        Self { writes, guards: Vec::new(), keys: Vec::new(), digest_under: None }
    }

    /// The version of the stream the command is about, after it.
    fn version(&self) -> u64 {
        self.writes.first().map_or(0, |first| first.expected + first.events.len() as u64)
    }
}

impl<E: Happens> Happening<E> {
    /// An event as it is to be written.
    #[must_use]
    pub fn of(aggregate: AggregateId, dialogue: Option<AggregateId>, actor: Actor, event: E) -> Self {
        let (item, occurred_at, erases) = (event.item(), event.at(), event.erases());
        Self { aggregate, item, dialogue, actor, occurred_at, event, erases }
    }
}

impl<R> Stop<R> {
    /// A rule forbids it.
    pub fn refused(rule: impl Into<R>) -> Self {
        Self::Undone(Undone::Refused(rule.into()))
    }

    /// Nothing follows: the stream stays at its version.
    #[must_use]
    pub const fn nothing(version: u64) -> Self {
        Self::Done(Done::nothing(version))
    }
}

impl<R> From<Failure> for Stop<R> {
    fn from(failure: Failure) -> Self {
        Self::Undone(Undone::Failed(failure))
    }
}

impl<R> From<Undone<R>> for Stop<R> {
    fn from(undone: Undone<R>) -> Self {
        Self::Undone(undone)
    }
}

impl<R> From<radslag_eventlog::Error> for Stop<R> {
    fn from(error: radslag_eventlog::Error) -> Self {
        Failure::from(error).into()
    }
}

impl<R> From<Failure> for Undone<R> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Decides and appends until it is done. `decide` reads what it needs anew each time; it gets the time of the decision.
///
/// # Errors
/// `Undone`: nothing was written.
pub async fn execute<S: Service, R>(
    log: &Log,
    asked: &Asked,
    mut decide: impl FnMut(Instant) -> Result<Plan<S::Event>, Stop<R>>,
) -> Result<Done, Undone<R>> {
    let (mut conflicts, mut late) = (0, 0);
    loop {
        let at = log.now();
        let plan = match decide(at) {
            Ok(plan) => plan,
            Err(Stop::Done(done)) => return Ok(done),
            Err(Stop::Undone(undone)) => return Err(undone),
        };
        let version = plan.version();
        let append = prepare::<S>(log, asked, plan, at).map_err(Failure::from)?;
        match log.append(append).await {
            Ok(appended) => return Ok(Done::written(&appended, version)),
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

fn prepare<S: Service>(
    log: &Log,
    asked: &Asked,
    plan: Plan<S::Event>,
    at: Instant,
) -> Result<Append, radslag_vault::Error> {
    let Plan { writes, guards, keys, digest_under } = plan;
    let digest = digest_under.filter(|_| asked.repeatable).map(|under| (under, asked.digest));
    let mut sealed = Vec::with_capacity(writes.len());
    for Planned { stream, expected, events } in writes {
        let mut done = Vec::with_capacity(events.len());
        for happening in events {
            let context = Context {
                aggregate: happening.aggregate,
                item: happening.item,
                occurred_at: happening.occurred_at,
                actor: happening.actor,
                command: asked.repeatable.then_some(asked.command),
                causation: asked.cause,
                // Whatever a client sent: nothing joins a citizen's act to anything.
                trace: asked.trace.filter(|_| !happening.actor.role.is_citizen()),
                digest,
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
