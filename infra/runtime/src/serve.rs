//! Serving: connections in, answers out, and an orderly end.
//!
//! On SIGTERM or SIGINT (or [`Shutdown::begin`]) the server stops accepting, `/readyz` turns 503, idle connections
//! close, requests under way have `http.drain_ms` to end, and what is left then is cancelled. Tasks beside the server
//! ([`Tasks`]) hear of it at the same moment and are cancelled after the same bound.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::config;
use crate::http::{Health, Peer};

/// Connections the operating system keeps for us.
const BACKLOG: u32 = 4096;

/// How long accepting rests when there are no file descriptors left.
const REST: Duration = Duration::from_millis(50);

/// The moment everything ends. A clone is the same moment.
#[derive(Clone, Debug)]
pub struct Shutdown(Arc<watch::Sender<bool>>);

impl Default for Shutdown {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Shutdown {
    /// Begins at SIGTERM or SIGINT; `/readyz` says so from then on.
    ///
    /// # Errors
    /// If the signals can't be listened to.
    pub fn at_signals(health: &Health) -> Result<Self, ServeError> {
        let shutdown = Self::default();
        shutdown.tell(health);
        let listen = |kind| signal(kind).map_err(|source| ServeError::Signals { source });
        let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
        let begin = shutdown.clone();
        tokio::spawn(async move {
            let name = tokio::select! {
                _ = term.recv() => "SIGTERM",
                _ = int.recv() => "SIGINT",
            };
            tracing::info!(signal = name, "stopping");
            begin.begin();
        });
        Ok(shutdown)
    }

    /// Has `/readyz` say that the end has begun, once it has.
    pub fn tell(&self, health: &Health) {
        let shutdown = self.clone();
        health.check("shutdown", move || if shutdown.has_begun() { Err("stopping".into()) } else { Ok(()) });
    }

    /// Begins the end. Again changes nothing.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether the end has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the end begins.
    pub async fn begun(&self) {
        // The sender lives as long as this value, so waiting can't fail.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}

/// Listens on the configured address.
///
/// # Errors
/// If it can't: taken, not ours, not allowed.
pub fn bind(http: &config::Http) -> Result<TcpListener, ServeError> {
    let address = http.listen;
    let open = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    open().map_err(|source| ServeError::Bind { address, source })
}

/// Serves a router until the end, and then until requests under way have ended or their time is over.
///
/// # Errors
/// If the listener has no address.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    http: &config::Http,
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    let address = listener.local_addr().map_err(|source| ServeError::Address { source })?;
    tracing::info!(%address, "listening");
    let places = Arc::new(Semaphore::new(http.max_connections));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = shutdown.begun() => break,
            accepted = accept(&listener, &places) => accepted,
            // Ended ones are taken off as they end.
            Some(_) = connections.join_next() => continue,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                let connection =
                    connection(stream, peer, app.clone(), http.header_timeout(), shutdown.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "no connection could be accepted");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop(listener);
    drain(&mut connections, http.drain()).await;
    Ok(())
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> io::Result<Accepted> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

async fn drain(connections: &mut JoinSet<()>, bound: Duration) {
    let all = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(bound, all).await.is_err() {
        tracing::warn!(connections = connections.len(), "requests were cut off: the time to end is over");
        connections.shutdown().await;
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    header_timeout: Duration,
    end: Shutdown,
) {
    // Small answers must not wait for more to come.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        let app = app.clone();
        async move { app.oneshot(request).await.map_err(|never: Infallible| match never {}) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .keep_alive(true)
        .pipeline_flush(true)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = end.begun() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Clients go away and send nonsense all the time; the message names no address.
        tracing::debug!(%error, "a connection broke off");
    }
}

/// Tasks beside the server. All hear of the end at the same moment.
pub struct Tasks {
    shutdown: Shutdown,
    health: Health,
    running: JoinSet<()>,
}

impl Tasks {
    /// None yet.
    #[must_use]
    pub fn new(shutdown: Shutdown, health: Health) -> Self {
        Self { shutdown, health, running: JoinSet::new() }
    }

    /// Runs a task, which ends by itself when [`Shutdown::begun`]. One that ends earlier, or panics, is logged and
    /// makes `/readyz` say so.
    pub fn spawn(&mut self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let (shutdown, health) = (self.shutdown.clone(), self.health.clone());
        let inner = tokio::spawn(task);
        let abort = AbortOnDrop(inner.abort_handle());
        self.running.spawn(async move {
            let _abort = abort;
            let ended = inner.await;
            if !shutdown.has_begun() {
                let how = if ended.is_ok() { "ended" } else { "panicked" };
                tracing::error!(task = name, how, "a task ended before its time");
                health.set(format!("task {name}"), Err(how.into()));
            }
        });
    }

    /// Begins the end and waits for the tasks; cancels those that are left after the bound.
    pub async fn end(mut self, bound: Duration) {
        self.shutdown.begin();
        let all = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(bound, all).await.is_err() {
            tracing::warn!(tasks = self.running.len(), "tasks were cancelled: the time to end is over");
            self.running.shutdown().await;
        }
    }
}

/// A cancelled watcher cancels what it watches.
struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, not ours, or not allowed.
    #[error("can't listen on {address}")]
    Bind {
        /// As configured.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The listener has no address.
    #[error("the listener has no address")]
    Address {
        /// Why not.
        source: io::Error,
    },
    /// SIGTERM and SIGINT can't be listened to.
    #[error("signals can't be listened to")]
    Signals {
        /// Why not.
        source: io::Error,
    },
}
