//! Calls between services, over TLS on which both sides show a certificate of the installation's own authority. Nobody else
//! is answered, not even with a refusal, and what is answered this way (an address) never crosses the bus.

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Request, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1::{SendRequest, handshake},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor, TlsConnector,
    rustls::{
        self, ClientConfig, RootCertStore, ServerConfig,
        crypto::{CryptoProvider, ring::default_provider},
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
        server::WebPkiClientVerifier,
    },
};
use tower::ServiceExt as _;

use crate::{config, serve::Shutdown};

/// How long shaking hands may take.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// How long a call may take.
const CALL: Duration = Duration::from_secs(10);
/// An answer isn't larger.
const LARGEST: usize = 1 << 20;
/// Connections kept open.
const IDLE: usize = 8;

/// This side's certificate, and whose it believes.
#[derive(Clone)]
pub struct Certified {
    server: Arc<ServerConfig>,
    client: Arc<ClientConfig>,
}

/// Why there are no internal calls.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InternalError {
    /// A file that isn't named.
    #[error("`internal.{0}` isn't set")]
    NotSet(&'static str),
    /// A file that can't be read, or holds something else.
    #[error("{path} can't be used: {why}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why; never what stands in it.
        why: String,
    },
    /// The certificates don't fit.
    #[error("the certificates can't be used")]
    Tls(#[from] rustls::Error),
    /// The authority can't be believed.
    #[error("the authority can't be used")]
    Authority(#[from] rustls::server::VerifierBuilderError),
    /// The address can't be listened on.
    #[error("can't listen for internal calls")]
    Listen(#[source] std::io::Error),
}

impl Certified {
    /// As configured.
    ///
    /// # Errors
    /// If a file isn't named, can't be read, or doesn't fit the others.
    pub fn open(internal: &config::Internal) -> Result<Self, InternalError> {
        let named = |file: &Option<PathBuf>, key| file.clone().ok_or(InternalError::NotSet(key));
        let own = certificates(&named(&internal.certificate_file, "certificate_file")?)?;
        let key_file = named(&internal.key_file, "key_file")?;
        let key = PrivateKeyDer::from_pem_file(&key_file).map_err(|error| wrong(&key_file, error))?;
        let mut roots = RootCertStore::empty();
        for authority in certificates(&named(&internal.ca_file, "ca_file")?)? {
            roots.add(authority)?;
        }
        let (roots, provider): (_, Arc<CryptoProvider>) = (Arc::new(roots), Arc::new(default_provider()));
        let clients = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone()).build()?;
        let server = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(clients)
            .with_single_cert(own.clone(), key.clone_key())?;
        let client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_client_auth_cert(own, key)?;
        Ok(Self { server: Arc::new(server), client: Arc::new(client) })
    }

    /// How this side calls others.
    #[must_use]
    pub fn client(&self) -> ClientConfig {
        (*self.client).clone()
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, InternalError> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(found) if found.is_empty() => Err(wrong(file, "it holds no certificate")),
        Ok(found) => Ok(found),
        Err(error) => Err(wrong(file, error)),
    }
}

fn wrong(path: &Path, why: impl std::fmt::Display) -> InternalError {
    InternalError::File { path: path.into(), why: why.to_string() }
}

/// Answers those who show a certificate, until the end.
pub async fn serve(listener: TcpListener, certified: &Certified, app: Router, shutdown: Shutdown) {
    let acceptor = TlsAcceptor::from(certified.server.clone());
    loop {
        let accepted = tokio::select! {
            () = shutdown.begun() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        tokio::spawn(converse(acceptor.clone(), stream, app.clone(), shutdown.clone()));
    }
}

async fn converse(acceptor: TlsAcceptor, stream: TcpStream, app: Router, shutdown: Shutdown) {
    let shaken = match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(shaken)) => shaken,
        Ok(Err(error)) => {
            return tracing::warn!(%error, "somebody without our certificate wanted an internal answer");
        }
        Err(_) => return,
    };
    let service = service_fn(|request: Request<Incoming>| {
        let app = app.clone();
        async move {
            let answer = app.oneshot(request.map(Body::new)).await;
            Ok::<_, Infallible>(answer.unwrap_or_else(|never| match never {}))
        }
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HANDSHAKE);
    let connection = server.serve_connection(TokioIo::new(shaken), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => {}
        () = shutdown.begun() => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(CALL, connection).await;
        }
    }
}

/// Asks another service.
pub struct Caller {
    certified: Certified,
    host: String,
    port: u16,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
}

/// A call that wasn't answered; never what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The address isn't `https://host:port`.
    #[error("`{0}` is no address of a service: expected https://host:port")]
    Address(String),
    /// It can't be reached.
    #[error("can't be reached")]
    Unreachable(#[from] std::io::Error),
    /// The conversation broke off.
    #[error("the conversation broke off")]
    Broken(#[from] hyper::Error),
    /// It took too long.
    #[error("no answer in time")]
    TooSlow,
    /// It answered something else.
    #[error("answered {0}")]
    Refused(StatusCode),
}

impl Caller {
    /// Of a service at `https://host:port`; its certificate must be the host's.
    ///
    /// # Errors
    /// `Address`.
    pub fn new(certified: Certified, url: &str) -> Result<Self, CallError> {
        let wrong = || CallError::Address(url.to_owned());
        let place =
            url.strip_prefix("https://").map(|place| place.trim_end_matches('/')).ok_or_else(wrong)?;
        let (host, port) = place.rsplit_once(':').ok_or_else(wrong)?;
        let (host, port) = (host.trim_matches(['[', ']']).to_owned(), port.parse().map_err(|_| wrong())?);
        ServerName::try_from(host.clone()).map_err(|_| wrong())?;
        Ok(Self { certified, host, port, idle: Mutex::default() })
    }

    /// Posts bytes to a path, and gives what is answered.
    ///
    /// # Errors
    /// If there is no answer of 200.
    pub async fn call(&self, path: &str, body: Vec<u8>) -> Result<Bytes, CallError> {
        tokio::time::timeout(CALL, self.ask(path, body)).await.map_err(|_| CallError::TooSlow)?
    }

    async fn ask(&self, path: &str, body: Vec<u8>) -> Result<Bytes, CallError> {
        let mut sender = match self.kept().await {
            Some(sender) => sender,
            None => self.connect().await?,
        };
        let mut request = Request::post(path).header("content-type", "application/x-protobuf");
        request = request.header("host", format!("{}:{}", self.host, self.port));
        let request =
            request.body(Full::new(Bytes::from(body))).map_err(|_| CallError::Address(path.into()))?;
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LARGEST).collect().await;
        let body = body.map_err(|_| std::io::Error::other("the answer broke off, or is too large"))?;
        if status != StatusCode::OK {
            return Err(CallError::Refused(status));
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(sender);
        }
        Ok(body.to_bytes())
    }

    /// A connection that is still open; one the other side has closed is noticed here and not by a call.
    async fn kept(&self) -> Option<SendRequest<Full<Bytes>>> {
        loop {
            let mut kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if kept.ready().await.is_ok() {
                return Some(kept);
            }
        }
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, CallError> {
        let name =
            ServerName::try_from(self.host.clone()).map_err(|_| CallError::Address(self.host.clone()))?;
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        let stream = TlsConnector::from(self.certified.client.clone()).connect(name, stream).await?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }
}
