//! Logs by `tracing`, as text for people or JSON for machines, on standard error.
//!
//! # LOGGING
//! A message reads alone, in lower case, and a failure is logged once, where it is handled. Fields have these names
//! everywhere:
//!
//! | field | what |
//! |---|---|
//! | `tenant`, `service` | whose log, table or route |
//! | `log`, `position`, `origin` | a place in an event log |
//! | `stream_kind`, `event` | `petition`, `petition.opened`; never a stream's name |
//! | `projection`, `reaction`, `timer`, `task` | which part of the shell |
//! | `request_id` | on every line within a request, as in `X-Request-Id` |
//! | `method`, `route`, `status` | of a request; `route` is the pattern, `/{tenant}/petitions/{id}` |
//! | `took_us`, `timeout_ms` | durations, unit last |
//! | `count`, `bytes`, `connections`, `tasks` | amounts |
//! | `file`, `offset`, `line` | a place on disk, or in the code |
//! | `address` | where **we** listen or connect to, never a client |
//! | `reason`, `error` | why; errors by their own words, which never quote a value |
//! | `signal`, `how` | what ended the process or a task |
//!
//! Never logged: names, mail addresses, personal numbers, postcodes, texts people wrote, client addresses, tokens,
//! link tokens, cookies, idempotency keys, keys and their bytes, stream names, tags, query strings, paths as sent,
//! bodies, the values in a wrong body or configuration, a token's subject, and a panic's text (it may quote any of
//! these; [`quiet_panics`] logs the place only).
//!
//! Requests are one line each under the target `radslag_access`: changes and errors at `info`, reads at `debug`.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::config::{LogFormat, Telemetry};

/// Starts logging for the process.
///
/// # Errors
/// If the filter is malformed, or logging was started before.
pub fn init(settings: &Telemetry) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(&settings.filter)
        .map_err(|_| TelemetryError::Filter { filter: settings.filter.clone() })?;
    // Colours are for people's terminals: a journal or a file keeps their codes.
    let coloured = std::io::stderr().is_terminal();
    let lines = fmt().with_env_filter(filter).with_ansi(coloured).with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
        }
    };
    started.map_err(|_| TelemetryError::Twice)
}

/// From here on a panic is logged by its place, without its text. Not for tests, where the text is wanted.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => tracing::error!(file = place.file(), line = place.line(), "panicked"),
        None => tracing::error!("panicked"),
    }));
}

/// Why nothing is logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TelemetryError {
    /// Not in the words of `tracing`.
    #[error("`telemetry.filter` isn't a filter: {filter}; write `info` or `info,radslag_eventlog=debug`")]
    Filter {
        /// As configured.
        filter: String,
    },
    /// Somebody started it before.
    #[error("logging was started before")]
    Twice,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_filter_is_refused() {
        let settings = Telemetry { filter: "radslag=loud".into(), format: LogFormat::Text };
        let filter = "radslag=loud".into();
        assert_eq!(init(&settings), Err(TelemetryError::Filter { filter }));
    }
}
