//! How a command is asked and done: one stream is loaded, decided and appended to.

use radslag_eventlog::{Appended, Record};
use radslag_kernel::{Actor, AggregateId, Decider, Instant, KeyRef, Opened, id::CommandId};
use radslag_runtime::{
    execute::{Command, Decision, Happening, Plan, Planned, Undone, execute},
    service::{Failure, Loaded, load},
};
use radslag_vault::Vault;

use crate::{
    delivery,
    event::Event,
    mailing, optout,
    shell::{Notifications, Office},
    subscription, wire, wording,
};

/// What makes a command the same command.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Its id.
    pub command: CommandId,
    /// Whether it can come again: it had an `Idempotency-Key`.
    pub repeatable: bool,
    /// HMAC of its body.
    pub digest: [u8; 32],
    /// W3C trace id; what a citizen does never keeps it.
    pub trace: Option<[u8; 16]>,
}

/// Why not: a rule, or the way it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A rule of a delivery.
    Delivery(delivery::Refusal),
    /// A rule of a subscription.
    Subscription(subscription::Refusal),
    /// A rule of a mailing.
    Mailing(mailing::Refusal),
    /// A rule of templates.
    Wording(wording::Refusal),
    /// The same `Idempotency-Key` with another body.
    KeyReused,
    /// There is no such thing.
    Unknown,
}

impl From<delivery::Refusal> for Wrong {
    fn from(refusal: delivery::Refusal) -> Self {
        Self::Delivery(refusal)
    }
}

impl From<subscription::Refusal> for Wrong {
    fn from(refusal: subscription::Refusal) -> Self {
        match refusal {
            subscription::Refusal::UnknownSubscription => Self::Unknown,
            refusal => Self::Subscription(refusal),
        }
    }
}

impl From<optout::Refusal> for Wrong {
    fn from(refusal: optout::Refusal) -> Self {
        match refusal {}
    }
}

impl From<mailing::Refusal> for Wrong {
    fn from(refusal: mailing::Refusal) -> Self {
        match refusal {
            mailing::Refusal::UnknownMailing => Self::Unknown,
            refusal => Self::Mailing(refusal),
        }
    }
}

impl From<wording::Refusal> for Wrong {
    fn from(refusal: wording::Refusal) -> Self {
        match refusal {
            wording::Refusal::UnknownTemplate => Self::Unknown,
            refusal => Self::Wording(refusal),
        }
    }
}

/// What a command wrote, now or the first time it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Origin and position of its last event; nothing if nothing was to be written.
    pub at: Option<(u32, u64)>,
    /// The stream's version after it.
    pub version: u64,
    /// It had been done before.
    pub repeated: bool,
}

impl Asked {
    /// A command of the service itself: what it does twice does nothing the second time.
    #[must_use]
    pub fn by_system() -> Self {
        Self {
            command: CommandId::from_bytes(rand::random()),
            repeatable: false,
            digest: [0; 32],
            trace: None,
        }
    }

    /// Whether a stream shows that the command was done already.
    fn done_before(&self, records: &[Record], vault: &Vault) -> Result<Option<Result<Done, Wrong>>, Failure> {
        if !self.repeatable {
            return Ok(None);
        }
        let Some(last) = records.iter().rfind(|record| record.command() == Some(self.command)) else {
            return Ok(None);
        };
        let same = match last.open_digest(vault)? {
            Some(Opened::Known(digest)) => digest == self.digest,
            None => true,
            Some(Opened::Gone) => return Ok(None),
        };
        let at = Some((last.origin, last.position()));
        let done = Done { at, version: last.private.version, repeated: true };
        Ok(Some(if same { Ok(done) } else { Err(Wrong::KeyReused) }))
    }
}

/// How a kind of stream is one of the service's.
pub trait Kind: Decider {
    /// Its event as any event.
    fn any(event: Self::Event) -> Event;
    /// An event as its own.
    fn own(event: &Event) -> Option<&Self::Event>;
}

macro_rules! kinds {
    ($($module:ident $case:ident $name:ident,)*) => {$(
        impl Kind for $module::Decider {
            fn any(event: Self::Event) -> Event {
                Event::$case(event)
            }

            fn own(event: &Event) -> Option<&Self::Event> {
                event.$name()
            }
        }
    )*};
}

kinds! {
    delivery Delivery delivery,
    subscription Subscription subscription,
    optout Optout optout,
    mailing Mailing mailing,
    wording Wording wording,
}

/// A stream, and who acts on it.
pub struct On<'a> {
    /// Its name.
    pub stream: String,
    /// For the header.
    pub aggregate: AggregateId,
    /// Who.
    pub actor: Actor,
    /// As what command.
    pub asked: &'a Asked,
}

/// The state of a loaded stream.
#[must_use]
pub fn fold<D: Kind>(loaded: &Loaded<Event>) -> D::State
where
    D::Event: 'static,
{
    D::fold(loaded.events.iter().filter_map(|recorded| D::own(&recorded.event)))
}

impl Office {
    /// Where a stream stands, with its version.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn state<D: Kind>(&self, stream: &str) -> Result<(u64, D::State), Failure>
    where
        D::Event: 'static,
    {
        let loaded = load::<Notifications>(&self.log, stream)?;
        Ok((loaded.version, fold::<D>(&loaded)))
    }

    /// Does a command. `command` gets the moment and a key that the first event of its kind may name.
    ///
    /// # Errors
    /// `Undone`: nothing was written.
    pub async fn command<D: Kind>(
        &self,
        on: On<'_>,
        mut command: impl FnMut(Instant, KeyRef) -> D::Command,
    ) -> Result<Done, Undone<Wrong>>
    where
        D::Event: 'static,
        Wrong: From<D::Refusal>,
    {
        let On { stream, aggregate, actor, asked } = on;
        let (mut before, mut version) = (None, 0);
        let appended = execute::<Notifications, Wrong>(&self.log, |at| {
            let loaded = load::<Notifications>(&self.log, &stream)?;
            match asked.done_before(&loaded.records, self.log.vault())? {
                Some(Ok(done)) => {
                    before = Some(done);
                    return Ok(Decision::Nothing);
                }
                Some(Err(wrong)) => return Ok(Decision::Refused(wrong)),
                None => {}
            }
            let new = self.log.vault().reserve();
            let events = match D::decide(&fold::<D>(&loaded), command(at, new.reference)) {
                Ok(events) => events,
                Err(refusal) => return Ok(Decision::Refused(refusal.into())),
            };
            version = loaded.version + events.len() as u64;
            if events.is_empty() {
                return Ok(Decision::Nothing);
            }
            let happenings: Vec<_> =
                events.into_iter().map(|event| happening(aggregate, actor, D::any(event))).collect();
            let named = happenings.iter().any(|happening| names(&happening.event, new.reference));
            let digest = named.then_some((new.reference, asked.digest));
            Ok(Decision::Write(Plan {
                writes: vec![Planned {
                    stream: stream.clone(),
                    expected: loaded.version,
                    events: happenings,
                }],
                guards: Vec::new(),
                keys: if named { vec![new] } else { Vec::new() },
                command: asked.repeatable.then_some(Command { id: asked.command, digest }),
                causation: None,
                trace: asked.trace,
            }))
        })
        .await?;
        Ok(before.unwrap_or_else(|| Done::of(appended.as_ref(), version)))
    }
}

impl Done {
    /// Of what was appended, if anything was.
    pub(super) fn of(appended: Option<&Appended>, version: u64) -> Self {
        let at = appended.map(|appended| (appended.origin, appended.end - 1));
        Self { at, version, repeated: false }
    }
}

/// An event as it is to be written.
pub(super) fn happening(aggregate: AggregateId, actor: Actor, event: Event) -> Happening<Event> {
    let (item, occurred_at, erases) = (event.item(), event.at(), event.erases());
    Happening { aggregate, item, dialogue: None, actor, occurred_at, event, erases }
}

/// Whether an event seals something under a key.
fn names(event: &Event, key: KeyRef) -> bool {
    wire::encode(event).sealed.iter().any(|plain| plain.under.contains(&key))
}

/// What is refused now has been done, or isn't true any more; what can't be done now comes again.
///
/// # Errors
/// What is broken, or that it is to come again.
pub fn settle<T>(done: Result<T, Undone<Wrong>>) -> Result<(), Failure> {
    match done {
        Ok(_) | Err(Undone::Refused(_)) => Ok(()),
        Err(Undone::Failed(failure)) => Err(failure),
        Err(Undone::Busy | Undone::ReadOnly(_)) => Err(Failure::Stopped),
    }
}
