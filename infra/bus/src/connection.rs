//! The connection to NATS: made once a process, kept for ever.

use std::time::Duration;

use async_nats::{
    ConnectError, ConnectOptions,
    jetstream::{Context, ContextBuilder},
};

/// How long a request or an acknowledgement may take before it is tried again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connects in the background and again after every loss; relays and subscriptions wait for it. `options` holds name,
/// user and certificates.
///
/// # Errors
/// If the URL or the options can't be used; a server that isn't there is none.
pub async fn connect(url: &str, options: ConnectOptions) -> Result<Context, ConnectError> {
    connect_with(url, options, PATIENCE).await
}

/// The same with another patience.
///
/// # Errors
/// As `connect`.
pub async fn connect_with(
    url: &str,
    options: ConnectOptions,
    patience: Duration,
) -> Result<Context, ConnectError> {
    let client = options.retry_on_initial_connect().max_reconnects(None).connect(url).await?;
    Ok(ContextBuilder::new().timeout(patience).ack_timeout(patience).build(client))
}
