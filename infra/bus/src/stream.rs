//! The stream of one life of a log, and what it must be set to.

use std::{collections::HashMap, time::Duration};

use async_nats::jetstream::{
    Context, ErrorCode,
    context::{CreateStreamErrorKind, GetStreamErrorKind},
    stream::{Config, DiscardPolicy, RetentionPolicy, State, StorageType, Stream},
};
use radslag_kernel::id::LogId;

use crate::{Address, Alarm, error::Stop, settings::differences};

const LOG: &str = "radslag-log";

/// What an operator may choose about streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Servers that hold each stream: 1, 3 or 5.
    pub replicas: usize,
    /// The most bytes of a stream; -1 for no limit. When it is full nothing more is taken, never is anything dropped.
    pub max_bytes: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { replicas: 1, max_bytes: -1 }
    }
}

/// The stream of a log's life that begins at position `first`. Nothing ages, nothing can be deleted or purged by a
/// client: the log decides, and the relay compares.
#[must_use]
pub fn stream_config(address: &Address, log: LogId, origin: u32, first: u64, limits: Limits) -> Config {
    Config {
        name: address.stream(origin),
        description: Some(format!("Events of {address}")),
        subjects: vec![address.subjects(origin)],
        retention: RetentionPolicy::Limits,
        storage: StorageType::File,
        discard: DiscardPolicy::New,
        max_bytes: limits.max_bytes,
        max_messages: -1,
        max_messages_per_subject: -1,
        max_consumers: -1,
        max_message_size: -1,
        max_age: Duration::ZERO,
        duplicate_window: Duration::from_secs(120),
        num_replicas: limits.replicas,
        deny_delete: true,
        deny_purge: true,
        allow_direct: true,
        // The first sequence is the first position + 1 in every life.
        first_sequence: (first > 0).then_some(first + 1),
        metadata: HashMap::from([
            (LOG.to_owned(), log.to_string()),
            ("radslag-origin".to_owned(), origin.to_string()),
        ]),
        ..Config::default()
    }
}

/// A stream, how full it is, and whether it is set as asked.
pub(crate) type Ensured = (Stream, State, Result<(), Alarm>);

/// Opens the stream, makes it if there is none, and compares its settings.
pub(crate) async fn ensure(jetstream: &Context, wanted: &Config) -> Result<Ensured, Stop> {
    let stream = match jetstream.get_stream(&wanted.name).await {
        Ok(stream) => stream,
        Err(failure) if is_missing(&failure.kind()) => {
            let created = jetstream.create_stream(wanted.clone()).await;
            created.map_err(|failure| refused(wanted, failure))?
        }
        Err(failure) => return Err(Stop::retry("asking for the stream")(failure)),
    };
    let info = stream.cached_info();
    if !is_of(&info.config, wanted) {
        let position = wanted.first_sequence.map_or(0, |first| first - 1);
        let (stream, what) = (wanted.name.clone(), "it was made for another log");
        return Err(Alarm::Foreign { stream, position, what }.into());
    }
    let (state, settings) = (info.state.clone(), compare(&wanted.name, wanted, &info.config));
    Ok((stream, state, settings))
}

/// Whether a stream was made for the same log as another.
pub(crate) fn is_of(found: &Config, wanted: &Config) -> bool {
    found.metadata.get(LOG) == wanted.metadata.get(LOG)
}

/// Whether a stream was made for a log.
pub(crate) fn is_stream_of(found: &Config, log: LogId) -> bool {
    found.metadata.get(LOG) == Some(&log.to_string())
}

/// # Errors
/// If a setting isn't as asked.
pub(crate) fn compare<T: serde::Serialize, U: serde::Serialize>(
    name: &str,
    asked: &T,
    found: &U,
) -> Result<(), Alarm> {
    let json = |value: serde_json::Result<serde_json::Value>| value.unwrap_or_default();
    let differences = differences(&json(serde_json::to_value(asked)), &json(serde_json::to_value(found)));
    match differences[..] {
        [] => Ok(()),
        _ => Err(Alarm::Settings { name: name.to_owned(), differences }),
    }
}

pub(crate) fn is_missing(kind: &GetStreamErrorKind) -> bool {
    matches!(kind, GetStreamErrorKind::JetStream(error) if error.error_code() == ErrorCode::STREAM_NOT_FOUND)
}

/// Two relays may make the stream at once; the other settings of a refusal don't change by themselves either, but the
/// server may (storage full, no leader), so it is tried again.
fn refused(wanted: &Config, failure: async_nats::jetstream::context::CreateStreamError) -> Stop {
    if let CreateStreamErrorKind::JetStream(error) = failure.kind() {
        tracing::warn!(
            stream = wanted.name,
            code = error.error_code().0,
            "the server didn't make the stream"
        );
    }
    Stop::retry("making the stream")(failure)
}
