//! A web server that is read from and isn't trusted: no answer is longer than it may be, none is waited for without end,
//! and nobody is followed elsewhere.

use std::{
    io::{self, Read},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use http_body_util::{BodyExt as _, Empty};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, runtime::Runtime, time::timeout};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto, pki_types::ServerName},
};

use crate::failure::Usage;

/// For a connection, for the beginning of an answer, and for each part of it.
const PATIENCE: Duration = Duration::from_secs(30);
/// Of an answer that isn't wanted, so many bytes are read to keep the connection.
const REFUSAL: usize = 1 << 16;

/// Where a log is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    tls: bool,
    host: String,
    port: u16,
    /// As it was typed: host, and port if one was named.
    authority: String,
    /// Without a slash at its end.
    path: String,
}

impl Address {
    /// Of a URL; `None` if it isn't one.
    pub(crate) fn of(url: &str) -> Result<Option<Self>> {
        let (tls, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            (None, None) => return Ok(None),
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let wrong = || Usage(format!("{url} is not the address of a log"));
        if authority.is_empty() || path.contains(['?', '#', ' ']) || authority.contains('@') {
            return Err(wrong().into());
        }
        let (host, port) = match authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
            Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
            None => (authority, if tls { 443 } else { 80 }),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let path = format!("/{}", path.trim_end_matches('/')).trim_end_matches('/').to_owned();
        Ok(Some(Self { tls, host, port, authority: authority.to_owned(), path }))
    }
}

/// One connection, made when it is first needed and again when it was lost.
pub(crate) struct Connection {
    address: Address,
    runtime: Runtime,
    sender: Option<SendRequest<Empty<Bytes>>>,
    tls: Option<TlsConnector>,
}

impl Connection {
    pub(crate) fn new(address: Address) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let tls = address.tls.then(tls).transpose()?;
        Ok(Self { address, runtime, sender: None, tls })
    }

    /// A whole answer of at most so many bytes; `None` if there is none.
    pub(crate) fn get(&mut self, name: &str, most: usize) -> Result<Option<Vec<u8>>> {
        let Self { address, runtime, sender, tls } = self;
        let got: Result<Option<Vec<u8>>> = runtime.block_on(async {
            let answer = ask(address, sender, tls.as_ref(), name).await?;
            let found = answer.status() != StatusCode::NOT_FOUND;
            let body = whole(answer, if found { most } else { REFUSAL }).await?;
            Ok(found.then_some(body))
        });
        if got.is_err() {
            // What is left of an answer isn't the beginning of the next.
            *sender = None;
        }
        got.with_context(|| format!("asking {} for {name}", address.authority))
    }

    /// An answer of any length, part by part.
    pub(crate) fn stream(self, name: &str) -> Result<Option<Box<dyn Read + Send>>> {
        let Self { address, runtime, mut sender, tls } = self;
        let answer = runtime.block_on(ask(&address, &mut sender, tls.as_ref(), name));
        let answer = answer.with_context(|| format!("asking {} for {name}", address.authority))?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let parts = Parts { runtime, body: answer.into_body(), rest: Bytes::new(), _sender: sender };
        Ok(Some(Box::new(parts)))
    }
}

type Sender = SendRequest<Empty<Bytes>>;

/// Asks once more if the connection was closed in between.
async fn ask(
    address: &Address,
    sender: &mut Option<Sender>,
    tls: Option<&TlsConnector>,
    name: &str,
) -> Result<Response<Incoming>> {
    let kept = sender.is_some();
    match ask_once(address, sender, tls, name).await {
        Err(_) if kept => {
            *sender = None;
            ask_once(address, sender, tls, name).await
        }
        answered => answered,
    }
}

async fn ask_once(
    address: &Address,
    sender: &mut Option<Sender>,
    tls: Option<&TlsConnector>,
    name: &str,
) -> Result<Response<Incoming>> {
    let mut open = match sender.take() {
        Some(open) => open,
        None => timeout(PATIENCE, connect(address, tls)).await.context("it doesn't answer")??,
    };
    // Without a name it is the address itself.
    let slash = if name.is_empty() && !address.path.is_empty() { "" } else { "/" };
    let request = Request::get(format!("{}{slash}{name}", address.path))
        .header(header::HOST, &address.authority)
        .header(header::USER_AGENT, concat!("radslag/", env!("CARGO_PKG_VERSION")))
        .body(Empty::new())?;
    let answer = timeout(PATIENCE, async {
        open.ready().await?;
        open.send_request(request).await
    });
    let answer = answer.await.context("it doesn't answer")??;
    *sender = Some(open);
    match answer.status() {
        StatusCode::OK | StatusCode::NOT_FOUND => Ok(answer),
        status if status.is_redirection() => {
            let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
            *sender = None;
            bail!("it sends us to {}: name that address if you trust it", to.unwrap_or("nowhere"))
        }
        status => {
            *sender = None;
            bail!("it answers {status}")
        }
    }
}

async fn connect(address: &Address, tls: Option<&TlsConnector>) -> Result<Sender> {
    let tcp =
        TcpStream::connect((address.host.as_str(), address.port)).await.context("it can't be reached")?;
    tcp.set_nodelay(true)?;
    let Some(tls) = tls else {
        let (sender, connection) = http1::handshake(TokioIo::new(tcp)).await?;
        tokio::spawn(connection);
        return Ok(sender);
    };
    let name = ServerName::try_from(address.host.clone())?;
    let secured = tls.connect(name, tcp).await.context("its certificate isn't trusted")?;
    let (sender, connection) = http1::handshake(TokioIo::new(secured)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// Trusts whom the machine trusts.
fn tls() -> Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn whole(answer: Response<Incoming>, most: usize) -> Result<Vec<u8>> {
    let (mut body, mut bytes) = (answer.into_body(), Vec::new());
    while let Some(part) = timeout(PATIENCE, body.frame()).await.context("it stopped answering")? {
        if let Some(data) = part?.data_ref() {
            if bytes.len() + data.len() > most {
                bail!("its answer has more than {most} bytes");
            }
            bytes.extend_from_slice(data);
        }
    }
    Ok(bytes)
}

/// An answer as it comes.
struct Parts {
    runtime: Runtime,
    body: Incoming,
    rest: Bytes,
    _sender: Option<Sender>,
}

impl Read for Parts {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            let Self { runtime, body, .. } = self;
            let part = runtime.block_on(async { timeout(PATIENCE, body.frame()).await });
            match part.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))? {
                None => return Ok(0),
                Some(part) => self.rest = part.map_err(io::Error::other)?.into_data().unwrap_or_default(),
            }
        }
        let some = self.rest.split_to(into.len().min(self.rest.len()));
        into[..some.len()].copy_from_slice(&some);
        Ok(some.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_typed() {
        let of = |url: &str| Address::of(url).unwrap().map(|it| (it.tls, it.host, it.port, it.path));
        assert_eq!(of("data/malmo/petitions"), None);
        let log = "/malmo/log/petitions".to_owned();
        assert_eq!(of("https://a.se/malmo/log/petitions/"), Some((true, "a.se".into(), 443, log.clone())));
        assert_eq!(
            of("http://[fd00::1]:8080/malmo/log/petitions"),
            Some((false, "fd00::1".into(), 8080, log))
        );
        assert_eq!(of("http://a.se"), Some((false, "a.se".into(), 80, String::new())));
        for wrong in ["http://", "https:///x", "http://a:b/x", "http://me@a.se/x", "http://a.se/x?y=1"] {
            assert!(Address::of(wrong).is_err(), "{wrong}");
        }
    }
}
