//! Who is on the other end: the peer of the connection, or whom a trusted proxy names.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// More proxies in a row than this aren't believed.
const HOPS: usize = 20;

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The client's address. Personal data: for limits and rules, never for logs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// IPv4 written as IPv6 is IPv4.
    pub address: IpAddr,
    /// Whether the connection itself came from a trusted proxy.
    pub(super) proxied: bool,
}

impl std::fmt::Debug for Client {
    /// Never shows the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client(..)")
    }
}

impl Client {
    /// Of a connection and the headers of a request. `X-Forwarded-For` is read from the right, as long as the one
    /// who wrote an entry is trusted: what stands further left is only what the client claims.
    #[must_use]
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let trusts = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
        let mut address = peer.to_canonical();
        let proxied = trusts(address);
        let values = headers.get_all(FORWARDED_FOR).iter().rev();
        let entries = values.flat_map(|value| value.to_str().unwrap_or("?").rsplit(','));
        for entry in entries.take(HOPS) {
            if !trusts(address) {
                break;
            }
            match parsed(entry.trim()) {
                Some(named) => address = named,
                // A trusted proxy wrote nonsense: the proxy itself is the last that is known.
                None => break,
            }
        }
        Self { address, proxied }
    }
}

/// An address, with or without a port.
fn parsed(entry: &str) -> Option<IpAddr> {
    let address = entry.parse::<IpAddr>().ok();
    let with_port = || entry.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || entry.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    address.or_else(with_port).or_else(bracketed).map(|address| address.to_canonical())
}

/// Set by the shell for every request; without it (a unit test) the unspecified address.
impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let nobody = Self { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), proxied: false };
        Ok(parts.extensions.get().copied().unwrap_or(nobody))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_client_is_who_the_outermost_trusted_proxy_saw() {
        let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap()).into();
        let table: &[(&str, &[&str], &str)] = &[
            ("192.0.2.1", &[], "192.0.2.1"),
            // Not from a proxy: what it claims counts for nothing.
            ("192.0.2.1", &["198.51.100.9"], "192.0.2.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.9"], "198.51.100.9"),
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.9"], "198.51.100.9"),
            // The client's own claim stands left of what the proxy saw.
            ("10.0.0.1", &["1.1.1.1, 198.51.100.9"], "198.51.100.9"),
            ("10.0.0.1", &["1.1.1.1", "198.51.100.9, 10.2.3.4"], "198.51.100.9"),
            ("10.0.0.1", &["10.9.9.9, 10.2.3.4"], "10.9.9.9"),
            ("fd00::1", &["[2001:db8::7]:443"], "2001:db8::7"),
            ("10.0.0.1", &["198.51.100.9:1234"], "198.51.100.9"),
            ("10.0.0.1", &["198.51.100.9, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.9, <script>, 10.2.3.4"], "10.2.3.4"),
            ("10.0.0.1", &[","], "10.0.0.1"),
        ];
        for (peer, forwarded, expected) in table {
            let mut headers = HeaderMap::new();
            for value in *forwarded {
                headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
            }
            let client = Client::of(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(client.address, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn an_address_is_never_shown() {
        let client = Client { address: [192, 0, 2, 1].into(), proxied: false };
        assert_eq!(format!("{client:?}"), "Client(..)");
    }
}
