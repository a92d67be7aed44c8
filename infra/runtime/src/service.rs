//! What the shell knows of a service: its name, and how its events cross to the log and back.

use std::cell::RefCell;

use radslag_eventlog::{Log, Record};
use radslag_kernel::{
    AggregateId, Encoded, Happens, Instant, ItemId, KeyRef, Malformed, Opened, Recorded, Stored, SubjectId,
};
use radslag_vault::Vault;

/// A service's events. Everything else about it is functions handed to the shell.
pub trait Service: Send + Sync + 'static {
    /// What happens in it.
    type Event: Happens + Clone + Send + Sync + 'static;

    /// Lower case; names the log's folder, the schema and the subjects.
    const NAME: &'static str;

    /// An event as bytes: what is public, and what is to be sealed under which keys. `dialogue`: which one it is part of.
    fn encode(event: &Self::Event, dialogue: Option<AggregateId>) -> Encoded;

    /// Bytes as an event; sealed fields are asked for by number and may be gone.
    ///
    /// # Errors
    /// If no version of the service ever wrote that.
    fn decode(stored: &Stored<'_>) -> Result<Self::Event, Malformed>;
}

/// Which sealed fields a reader opens, by event kind and field number; others count as gone for it.
pub type Opens = fn(&str, u32) -> bool;

/// Opens everything.
#[must_use]
pub const fn everything(_: &str, _: u32) -> bool {
    true
}

/// A failure, never a citizen's answer: something is broken or away.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The log can't be read or written.
    #[error("the log failed")]
    Log(#[from] radslag_eventlog::Error),
    /// The keys can't be used.
    #[error("the keys failed")]
    Vault(#[from] radslag_vault::Error),
    /// The read tables can't be used.
    #[error("the read tables failed")]
    Readmodel(#[from] radslag_readmodel::Error),
    /// An event isn't one of the service's.
    #[error("the event at position {position} can't be read")]
    Malformed {
        /// Where it stands.
        position: u64,
        /// What is wrong with it.
        #[source]
        source: Malformed,
    },
    /// An append was refused for a reason that isn't the command's.
    #[error("nothing was written")]
    Append(#[from] radslag_eventlog::AppendError),
    /// A file that a tenant is served from can't be read.
    #[error("{path} can't be read")]
    File {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The tables have read what the log no longer says, since a loss was accepted: they must be made again.
    #[error("the tables have read up to {next} of life {origin}, and the log goes on otherwise")]
    Overtaken {
        /// The life they have read.
        origin: u32,
        /// How far.
        next: u64,
    },
    /// Nobody of that name is served here, or not at the moment.
    #[error("the tenant {0} isn't served here")]
    NotServed(String),
    /// Another service has to be asked first, and doesn't answer.
    #[error("{0}")]
    Elsewhere(String),
    /// A task was stopped.
    #[error("the process is being stopped")]
    Stopped,
}

/// A record as one of the service's events, with the fields it opens opened.
///
/// # Errors
/// `Malformed`, or a vault that is damaged; an erased key is no error.
pub fn understand<S: Service>(
    record: &Record,
    vault: &Vault,
    opens: Opens,
) -> Result<Recorded<S::Event>, Failure> {
    let damage = RefCell::new(None);
    let erased = record.erased();
    let sealed = |number: u32| record.private.sealed.iter().find(|sealed| sealed.field == number);
    let understood = record.with(|header, public| {
        let field = |number: u32| {
            sealed(number)?;
            let value = if opens(&header.r#type, number) {
                record.open(number, vault).unwrap_or_else(|error| {
                    damage.borrow_mut().get_or_insert(error);
                    Opened::Gone
                })
            } else {
                Opened::Gone
            };
            Some(value)
        };
        let under = |number: u32| sealed(number)?.keys.first().copied().map(KeyRef);
        S::decode(&Stored {
            kind: &header.r#type,
            schema: header.schema,
            at: Instant::from_millis(header.occurred_at),
            item: ItemId::from_slice(&header.item),
            by: SubjectId::from_slice(&header.actor).unwrap_or_default(),
            public,
            erased: &erased,
            field: &field,
            under: &under,
        })
    });
    if let Some(error) = damage.into_inner() {
        return Err(error.into());
    }
    understood.map_err(|source| Failure::Malformed { position: record.position(), source })
}

/// A stream as it was loaded.
#[derive(Clone, Debug)]
pub struct Loaded<E> {
    /// Its version; 0 if it doesn't exist.
    pub version: u64,
    /// Its events, oldest first.
    pub events: Vec<Recorded<E>>,
    /// The same as records, for what only the shell asks of them.
    pub records: Vec<Record>,
}

/// Loads a stream.
///
/// # Errors
/// `Log`, `Vault`, `Malformed`.
pub fn load<S: Service>(log: &Log, stream: &str) -> Result<Loaded<S::Event>, Failure> {
    let records = log.read_stream(stream)?;
    let events = records.iter().map(|record| understand::<S>(record, log.vault(), everything));
    let events = events.collect::<Result<Vec<_>, _>>()?;
    Ok(Loaded { version: records.len() as u64, events, records })
}
