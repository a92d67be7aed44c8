//! A command that failed: what, where and why on standard error, what to do about it, and the exit code.

use std::{fmt, io, process::ExitCode};

use anyhow::Error;
use radslag_eventlog::Error as LogError;
use radslag_runtime::config::ConfigError;

use crate::{print, said::Said};

/// Wrongly called: exit code 2, like a flag that doesn't exist.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// What wasn't as it should be has been said already: exit code 1 and no more words.
#[derive(Debug)]
pub(crate) struct AlreadySaid;

impl fmt::Display for AlreadySaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it failed")
    }
}

impl std::error::Error for AlreadySaid {}

/// Says what failed and gives the exit code.
pub(crate) fn report(error: &Error, said: Said) -> ExitCode {
    let broken_pipe = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    if error.chain().filter_map(|cause| cause.downcast_ref()).any(broken_pipe) {
        // Whoever read our output has seen enough.
        return ExitCode::SUCCESS;
    }
    if error.is::<AlreadySaid>() {
        return ExitCode::FAILURE;
    }
    print::note(&format!("radslag: {}", chain(error)));
    if let Some(advice) = advice(error, said) {
        print::note(&advice);
    }
    if error.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}

/// An error with its causes, each once.
pub(crate) fn chain(error: &Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

fn advice(error: &Error, said: Said) -> Option<String> {
    for cause in error.chain() {
        if let Some(log) = cause.downcast_ref::<LogError>() {
            return match log {
                LogError::InUse { .. } => Some(said.stop_the_server()),
                LogError::Damaged { .. } => Some(said.restore()),
                _ => continue,
            };
        }
        if let Some(ConfigError::Unreadable { .. }) = cause.downcast_ref() {
            return Some(said.name_a_configuration());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let cause = io::Error::other("no such bus");
        let error = Error::new(cause).context("connecting: no such bus").context("starting");
        assert_eq!(chain(&error), "starting: connecting: no such bus");
    }
}
