//! The only place of the tests that sleeps: asking again and again for something another process does.
//!
//! A test waits for a position or a notification where there is one; this is for what can only be asked.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

const PAUSE: Duration = Duration::from_millis(5);
/// Between two questions about what takes long.
const SELDOM: Duration = Duration::from_millis(100);
const DEADLINE: Duration = Duration::from_secs(60);

/// Asks until there is an answer, at most a minute; blocks the thread.
///
/// # Errors
/// The first error of the question, or that a minute went by.
pub fn until<T>(what: &str, ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    until_within(what, DEADLINE, ask)
}

/// The same for what may take longer.
///
/// # Errors
/// The first error of the question, or that the time went by.
pub fn until_within<T>(
    what: &str,
    longest: Duration,
    mut ask: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let asked = Instant::now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        let elapsed = asked.elapsed();
        if elapsed > longest {
            bail!("waited {} s for {what}", longest.as_secs());
        }
        thread::sleep((elapsed / 10).clamp(PAUSE, SELDOM));
    }
}

/// Asks until there is an answer, at most a minute; for async tests.
///
/// # Errors
/// The first error of the question, or that a minute went by.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let asked = Instant::now();
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        if asked.elapsed() > DEADLINE {
            bail!("waited a minute for {what}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Does nothing for a while: how long a fault lasts, or how long whoever tries again rests. Not for waiting until something is
/// so.
pub async fn lasts(time: Duration) {
    tokio::time::sleep(time).await;
}
