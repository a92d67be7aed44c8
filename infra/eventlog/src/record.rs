//! Events on their way in and out: what a service asks to append, and what it reads back.

use bytes::Bytes;
use prost::Message as _;
use radslag_kernel::{
    Actor, AggregateId, Encoded, EventId, Instant, ItemId, KeyRef, Opened, Role, SubjectId, id::CommandId,
};
use radslag_proto::log::{Commitment, Header, Private, Sealed};
use radslag_vault::{NewKey, Vault};

use crate::{
    Error,
    frame::{Frame, Stored},
};

/// Random bytes before the protobuf of a private part, so that its hash tells nothing.
pub const BLIND: usize = 16;

/// What surrounds an event, stamped once by the shell.
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    /// The petition, panel or poll.
    pub aggregate: AggregateId,
    /// The signature, answer or member, if it is about one.
    pub item: Option<ItemId>,
    /// When it was decided.
    pub occurred_at: Instant,
    /// Who.
    pub actor: Actor,
    /// The command that led to it.
    pub command: Option<CommandId>,
    /// The event that led to it.
    pub causation: Option<EventId>,
    /// W3C trace id; none for a citizen's act.
    pub trace: Option<[u8; 16]>,
    /// HMAC of the command's body, with the key ref it is sealed under.
    pub digest: Option<(KeyRef, [u8; 32])>,
}

/// An event ready to be appended: sealed and encoded, but for what only the writer knows.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    id: EventId,
    /// `Header` without position and recorded_at.
    pub(crate) header: Vec<u8>,
    pub(crate) public: Vec<u8>,
    /// `Private` without stream, version and previous.
    pub(crate) private: Vec<u8>,
    pub(crate) erased: Vec<KeyRef>,
    pub(crate) decided_at: Instant,
}

/// Field number under which a command's body digest is sealed.
pub const DIGEST_FIELD: u32 = u32::MAX;

impl NewEvent {
    /// Seals what a service's `wire.rs` encoded.
    ///
    /// # Errors
    /// Of the vault: a key that isn't there or was erased.
    pub fn seal(
        encoded: Encoded,
        context: &Context,
        vault: &Vault,
        new: &[NewKey],
    ) -> Result<Self, radslag_vault::Error> {
        let id = EventId::v7(context.occurred_at.millis(), rand::random());
        let mut commitments = Vec::new();
        let mut sealed = Vec::with_capacity(encoded.sealed.len());
        for plain in &encoded.sealed {
            let (field, commitment) = vault.seal(id, plain, new)?;
            if plain.committed {
                commitments.push(Commitment { field: plain.field, value: copied(&commitment) });
            }
            sealed.push(field);
        }
        let digest = match context.digest {
            Some((under, digest)) => {
                let plain = radslag_kernel::Plain {
                    field: DIGEST_FIELD,
                    under: vec![under],
                    committed: false,
                    value: digest.to_vec(),
                };
                vault.seal(id, &plain, new)?.0.encode_to_vec().into()
            }
            None => Bytes::new(),
        };
        let header = Header {
            position: 0,
            event_id: copied(id.as_bytes()),
            r#type: encoded.kind.to_owned(),
            schema: encoded.schema,
            aggregate: copied(context.aggregate.as_bytes()),
            item: context.item.map(|item| copied(item.as_bytes())).unwrap_or_default(),
            occurred_at: context.occurred_at.millis(),
            recorded_at: 0,
            role: context.actor.role as u32,
            actor: copied(context.actor.subject.as_bytes()),
            commitments,
        };
        let bytes = |id: Option<&[u8; 16]>| id.map(|id| copied(id)).unwrap_or_default();
        let private = Private {
            sealed,
            digest,
            command: bytes(context.command.as_ref().map(CommandId::as_bytes)),
            causation: bytes(context.causation.as_ref().map(EventId::as_bytes)),
            trace: bytes(context.trace.as_ref()),
            ..Private::default()
        };
        Ok(Self {
            id,
            header: header.encode_to_vec(),
            public: encoded.public,
            private: private.encode_to_vec(),
            erased: Vec::new(),
            decided_at: context.occurred_at,
        })
    }

    /// The same, destroying these keys as it is written.
    #[must_use]
    pub fn erasing(mut self, keys: &[KeyRef]) -> Self {
        let erased = Private { erased: keys.iter().map(|key| key.0).collect(), ..Private::default() };
        // Two encoded messages one after the other are one message with the fields of both.
        self.private.extend_from_slice(&erased.encode_to_vec());
        self.erased.extend_from_slice(keys);
        self
    }

    /// The same, decided at another moment than it occurred: a late timer records its deadline.
    #[must_use]
    pub const fn decided(mut self, at: Instant) -> Self {
        self.decided_at = at;
        self
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> EventId {
        self.id
    }
}

/// An event as read from the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Which life of the log it was written in.
    pub origin: u32,
    /// Public header.
    pub header: Header,
    /// The service's public payload.
    pub public: Bytes,
    /// Private part.
    pub private: Private,
}

impl Record {
    /// Decodes an event of a frame, which stays in memory as long as the record; `None` if its protobuf is not what the log writes.
    #[must_use]
    pub fn decode(stored: &Stored<'_>, frame: &Frame, origin: u32) -> Option<Self> {
        let header = Header::decode(frame.share(stored.header)).ok()?;
        let private = Private::decode(frame.share(stored.private.get(BLIND..)?)).ok()?;
        (header.position == stored.position).then(|| Self {
            origin,
            header,
            public: frame.share(stored.public),
            private,
        })
    }

    /// Position in the log.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.header.position
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> EventId {
        EventId::from_slice(&self.header.event_id).unwrap_or_default()
    }

    /// The keys it names.
    pub fn keys(&self) -> impl Iterator<Item = KeyRef> + '_ {
        keys_of(&self.private)
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erased(&self) -> Vec<KeyRef> {
        self.private.erased.iter().copied().map(KeyRef).collect()
    }

    /// The command id it was written by, if it was written by a command that can be repeated.
    #[must_use]
    pub fn command(&self) -> Option<CommandId> {
        CommandId::from_slice(&self.private.command)
    }

    /// Opens one sealed field; a field that isn't there counts as gone.
    ///
    /// # Errors
    /// Of the vault: damage, never erasure.
    pub fn open(&self, field: u32, vault: &Vault) -> Result<Opened<Vec<u8>>, radslag_vault::Error> {
        let Some(sealed) = self.private.sealed.iter().find(|sealed| sealed.field == field) else {
            return Ok(Opened::Gone);
        };
        Ok(vault.open_salted(self.id(), sealed)?.map(|salted| salted.value))
    }

    /// Opens the digest of the command's body; `None` if there is none.
    ///
    /// # Errors
    /// Of the vault: damage, never erasure.
    pub fn open_digest(&self, vault: &Vault) -> Result<Option<Opened<Vec<u8>>>, radslag_vault::Error> {
        match Sealed::decode(self.private.digest.clone()) {
            Ok(sealed) if !self.private.digest.is_empty() => {
                Ok(Some(vault.open_salted(self.id(), &sealed)?.map(|salted| salted.value)))
            }
            _ => Ok(None),
        }
    }

    /// The same event around what a service decoded from it.
    ///
    /// # Errors
    /// Whatever `decode` says.
    pub fn with<E, X>(
        &self,
        decode: impl FnOnce(&Header, &[u8]) -> Result<E, X>,
    ) -> Result<radslag_kernel::Recorded<E>, X> {
        let header = &self.header;
        Ok(radslag_kernel::Recorded {
            position: header.position,
            origin: self.origin,
            id: self.id(),
            aggregate: AggregateId::from_slice(&header.aggregate).unwrap_or_default(),
            item: ItemId::from_slice(&header.item),
            occurred_at: Instant::from_millis(header.occurred_at),
            recorded_at: Instant::from_millis(header.recorded_at),
            actor: Actor {
                role: Role::from_number(header.role).unwrap_or(Role::System),
                subject: SubjectId::from_slice(&header.actor).unwrap_or_default(),
            },
            version: self.private.version,
            event: decode(header, &self.public)?,
        })
    }
}

fn copied(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes)
}

pub(crate) fn keys_of(private: &Private) -> impl Iterator<Item = KeyRef> + '_ {
    let digest = Sealed::decode(private.digest.clone()).ok().map(|sealed| sealed.keys).unwrap_or_default();
    private.sealed.iter().flat_map(|sealed| sealed.keys.clone()).chain(digest).map(KeyRef)
}

/// Decodes every event of a frame.
///
/// # Errors
/// The position of the first that isn't what the log writes.
pub(crate) fn decode_all(frame: &Frame, origin: u32, into: &mut Vec<Record>) -> Result<(), u64> {
    for stored in frame.events() {
        into.push(Record::decode(&stored, frame, origin).ok_or(stored.position)?);
    }
    Ok(())
}

/// What can be appended in one go.
pub struct Append {
    /// One or more streams with what they are written.
    pub writes: Vec<Write>,
    /// Streams that must still be at a version, without being written.
    pub guards: Vec<Guard>,
    /// Keys that the events name for the first time.
    pub keys: Vec<NewKey>,
}

/// Events for one stream.
pub struct Write {
    /// Its name; never personal data.
    pub stream: String,
    /// The version it must be at; 0 = it must not exist.
    pub expected: u64,
    /// At least one.
    pub events: Vec<NewEvent>,
}

/// A stream that must not have moved.
pub struct Guard {
    /// Its name.
    pub stream: String,
    /// The version it must be at.
    pub expected: u64,
}

/// What an append wrote; it is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Position of the first event.
    pub first: u64,
    /// Position after the last one.
    pub end: u64,
    /// Which life of the log.
    pub origin: u32,
    /// When, by the log's clock.
    pub recorded_at: Instant,
    /// Leaf hashes in order.
    pub leaves: Vec<[u8; 32]>,
}

impl Error {
    pub(crate) fn not_a_record(path: &std::path::Path, position: u64) -> Self {
        Self::damaged(path, 0, format!("the event at position {position} is not what the log writes"))
    }
}
