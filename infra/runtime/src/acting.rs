//! A command to one stream, whatever kind it is of: load it, fold it, let its decider decide, append. What else the decision
//! rests on or writes is said to [`Found`] on the way.

use radslag_eventlog::Log;
use radslag_kernel::{Actor, AggregateId, Decider, Instant, KeyRef, Kind};
use radslag_vault::{NewKey, Vault};

use crate::{
    asked::{Asked, Done},
    execute::{Happening, Plan, Planned, Stop, Undone, execute},
    service::{Failure, Loaded, Service, load},
};

/// Which stream, who acts on it, and as what command.
pub struct On<'a> {
    /// Its name.
    pub stream: String,
    /// For the header.
    pub aggregate: AggregateId,
    /// For the header.
    pub dialogue: Option<AggregateId>,
    /// Who.
    pub actor: Actor,
    /// As what command.
    pub asked: &'a Asked,
}

/// A stream as a command finds it.
pub struct Found<'a, S: Service, D: Kind<Any = S::Event>> {
    /// The moment of the decision.
    pub at: Instant,
    /// What its events add up to.
    pub state: D::State,
    /// As it was loaded.
    pub loaded: Loaded<S::Event>,
    /// Keys to open what is sealed.
    pub vault: &'a Vault,
    dialogue: Option<AggregateId>,
    actor: Actor,
    keys: Vec<NewKey>,
    guards: Vec<(String, u64)>,
    beside: Vec<Planned<S::Event>>,
    digest_under: Option<KeyRef>,
}

impl<S: Service, D: Kind<Any = S::Event>> Found<'_, S, D> {
    /// A new key for what the command's events seal; it is only written if one of them names it. The body's digest is sealed
    /// under the first.
    pub fn key(&mut self) -> KeyRef {
        let new = self.vault.reserve();
        let reference = new.reference;
        self.digest_under.get_or_insert(reference);
        self.keys.push(new);
        reference
    }

    /// The new key that a reference names, to make tags or seal with before it is written.
    #[must_use]
    pub fn new_key(&self, reference: KeyRef) -> Option<&NewKey> {
        self.keys.iter().find(|new| new.reference == reference)
    }

    /// The body's digest is sealed under a key that is there.
    pub const fn digest_under(&mut self, key: KeyRef) {
        self.digest_under = Some(key);
    }

    /// A stream that the decision rests on: it must still be at that version.
    pub fn guard(&mut self, stream: impl Into<String>, version: u64) {
        self.guards.push((stream.into(), version));
    }

    /// Events of another stream that are written with those of this one, or not at all.
    pub fn beside(&mut self, (stream, expected): (String, u64), about: AggregateId, events: Vec<S::Event>) {
        let happening = |event| Happening::of(about, self.dialogue, self.actor, event);
        let events = events.into_iter().map(happening).collect();
        self.beside.push(Planned { stream, expected, events });
    }
}

/// Does a command. `make` says what is asked, from what is found.
///
/// # Errors
/// `Undone`: nothing was written.
pub async fn act<S: Service, D: Kind<Any = S::Event>, R: From<D::Refusal>>(
    log: &Log,
    on: On<'_>,
    mut make: impl FnMut(&mut Found<'_, S, D>) -> Result<D::Command, Stop<R>>,
) -> Result<Done, Undone<R>>
where
    D::Event: 'static,
{
    let On { stream, aggregate, dialogue, actor, asked } = on;
    execute::<S, R>(log, asked, |at| {
        let loaded = asked.load::<S, R>(log, &stream)?;
        let (state, vault, digest_under) = (fold::<S, D>(&loaded), log.vault(), None);
        let (keys, guards, beside) = (Vec::new(), Vec::new(), Vec::new());
        let mut found =
            Found { at, state, loaded, vault, dialogue, actor, keys, guards, beside, digest_under };
        let command = make(&mut found)?;
        let events = D::decide(&found.state, command).map_err(|rule| Stop::refused(R::from(rule)))?;
        let Found { loaded, mut keys, guards, beside, digest_under, .. } = found;
        if events.is_empty() {
            return Err(Stop::nothing(loaded.version));
        }
        let happening = |event| Happening::of(aggregate, dialogue, actor, D::any(event));
        let events = events.into_iter().map(happening).collect();
        let own = Planned { stream: stream.clone(), expected: loaded.version, events };
        let writes: Vec<_> = std::iter::once(own).chain(beside).collect();
        let reserved: Vec<KeyRef> = keys.iter().map(|new| new.reference).collect();
        keys.retain(|new| writes.iter().any(|write| names::<S>(write, new.reference)));
        let dropped = |key: &KeyRef| reserved.contains(key) && !keys.iter().any(|new| new.reference == *key);
        let digest_under = digest_under.filter(|key| !dropped(key));
        Ok(Plan { guards, keys, digest_under, ..Plan::all(writes) })
    })
    .await
}

/// Whether an event seals something under a key.
fn names<S: Service>(write: &Planned<S::Event>, key: KeyRef) -> bool {
    let sealed = |event| S::encode(event, None).sealed;
    write.events.iter().any(|one| sealed(&one.event).iter().any(|plain| plain.under.contains(&key)))
}

/// Where a stream stands, with its version.
///
/// # Errors
/// `Log`, `Vault`, `Malformed`.
pub fn state<S: Service, D: Kind<Any = S::Event>>(log: &Log, stream: &str) -> Result<(u64, D::State), Failure>
where
    D::Event: 'static,
{
    let loaded = load::<S>(log, stream)?;
    Ok((loaded.version, fold::<S, D>(&loaded)))
}

/// The state of a loaded stream.
#[must_use]
pub fn fold<S: Service, D: Kind<Any = S::Event>>(loaded: &Loaded<S::Event>) -> D::State
where
    D::Event: 'static,
{
    <D as Decider>::fold(loaded.events.iter().filter_map(|recorded| D::own(&recorded.event)))
}

/// A command that the service itself gave has been done, or isn't to be done any more: what is refused now was done before,
/// or isn't true any more. What can't be done now comes again.
///
/// # Errors
/// What is broken, or that it is to come again.
pub fn settle<T, R>(done: Result<T, Undone<R>>) -> Result<(), Failure> {
    settled(done).map(drop)
}

/// The same, with what came of it if it was done.
///
/// # Errors
/// As `settle`.
pub fn settled<T, R>(done: Result<T, Undone<R>>) -> Result<Option<T>, Failure> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(Undone::Refused(_) | Undone::KeyReused | Undone::VersionChanged) => Ok(None),
        Err(Undone::Failed(failure)) => Err(failure),
        Err(Undone::Busy | Undone::ReadOnly(_)) => Err(Failure::Stopped),
    }
}
