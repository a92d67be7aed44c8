//! A file is looked at by the organisation's own virus scanner before anything of it is kept: clamd, asked by INSTREAM over
//! TCP or a unix socket. Without a scanner no file is taken, unless the organisation said that none is looked at.

use std::{fmt, io, path::PathBuf, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UnixStream},
    time::timeout,
};

/// Bytes sent at once.
const CHUNK: usize = 64 << 10;
/// Longest answer that is read.
const ANSWER: u64 = 4 << 10;
/// How long a file may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where clamd listens: `host:port`, or `unix:/path/of/its/socket`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Clamd {
    /// Host and port.
    Tcp(String),
    /// A socket's path.
    Unix(PathBuf),
}

impl FromStr for Clamd {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if let Some(path) = text.strip_prefix("unix:").filter(|path| path.starts_with('/')) {
            return Ok(Self::Unix(path.into()));
        }
        let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty());
        let port = port.and_then(|(_, port)| port.parse::<u16>().ok()).filter(|port| *port > 0);
        port.map(|_| Self::Tcp(text.to_owned())).ok_or(Malformed)
    }
}

impl fmt::Display for Clamd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl TryFrom<String> for Clamd {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        text.parse()
    }
}

impl From<Clamd> for String {
    fn from(clamd: Clamd) -> Self {
        clamd.to_string()
    }
}

/// Nowhere anything could listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected host:port, or unix: and an absolute path")]
pub struct Malformed;

/// What a scanner says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It knows nothing against it.
    Clean,
    /// It knows what it is.
    Infected,
}

/// Why a file could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is there, or they broke off.
    #[error("the virus scanner can't be reached")]
    Unreachable(#[source] io::Error),
    /// It took too long.
    #[error("the virus scanner takes too long")]
    Slow,
    /// It said neither that a file is clean nor that it is infected: larger than it takes, or something it can't open.
    #[error("the virus scanner can't look at the file")]
    Unscannable,
}

impl Clamd {
    /// Has a file looked at.
    ///
    /// # Errors
    /// `Unreachable`, `Slow`, `Unscannable`: then nothing is known, and nothing is kept.
    pub async fn scan(&self, file: &[u8]) -> Result<Verdict, Error> {
        let asked = async {
            match self {
                Self::Tcp(address) => ask(TcpStream::connect(address).await?, file).await,
                Self::Unix(path) => ask(UnixStream::connect(path).await?, file).await,
            }
        };
        let answer = timeout(PATIENCE, asked).await.map_err(|_| Error::Slow)?.map_err(Error::Unreachable)?;
        understood(&answer).ok_or(Error::Unscannable)
    }
}

/// INSTREAM: each piece after its length in four bytes, and a length of zero at the end.
async fn ask(mut clamd: impl AsyncRead + AsyncWrite + Unpin, file: &[u8]) -> io::Result<Vec<u8>> {
    let sent = send(&mut clamd, file).await;
    // A file that is too large for it makes it answer and hang up in the middle: what it said counts.
    let mut answer = Vec::new();
    let read = clamd.take(ANSWER).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent?;
        read?;
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(answer)
}

async fn send(clamd: &mut (impl AsyncWrite + Unpin), file: &[u8]) -> io::Result<()> {
    clamd.write_all(b"zINSTREAM\0").await?;
    for piece in file.chunks(CHUNK) {
        let length = u32::try_from(piece.len()).unwrap_or(u32::MAX);
        clamd.write_all(&length.to_be_bytes()).await?;
        clamd.write_all(piece).await?;
    }
    clamd.write_all(&[0; 4]).await?;
    clamd.flush().await
}

/// `stream: OK`, or `stream: <what it is> FOUND`; anything else says nothing.
fn understood(answer: &[u8]) -> Option<Verdict> {
    let answer = std::str::from_utf8(answer).ok()?.trim_end_matches(['\0', '\n']);
    let said = answer.strip_prefix("stream: ")?;
    match said {
        "OK" => Some(Verdict::Clean),
        _ if said.ends_with(" FOUND") => Some(Verdict::Infected),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_clamd_says_in_so_many_words_is_believed() {
        let table: [(&[u8], _); 7] = [
            (b"stream: OK\0", Some(Verdict::Clean)),
            (b"stream: OK\n", Some(Verdict::Clean)),
            (b"stream: Eicar-Test-Signature FOUND\0", Some(Verdict::Infected)),
            (b"stream: OK, almost\0", None),
            (b"INSTREAM size limit exceeded. ERROR\0", None),
            (b"OK\0", None),
            (b"\xff", None),
        ];
        for (answer, verdict) in table {
            assert_eq!(understood(answer), verdict, "{}", String::from_utf8_lossy(answer));
        }
    }

    #[test]
    fn clamd_listens_at_a_host_and_port_or_a_unix_socket() {
        assert_eq!("clamd.local:3310".parse(), Ok(Clamd::Tcp("clamd.local:3310".into())));
        assert_eq!("[::1]:3310".parse(), Ok(Clamd::Tcp("[::1]:3310".into())));
        assert_eq!("unix:/run/clamd.sock".parse(), Ok(Clamd::Unix("/run/clamd.sock".into())));
        for wrong in ["", "clamd.local", ":3310", "clamd.local:0", "unix:clamd.sock", "unix:"] {
            assert_eq!(wrong.parse::<Clamd>(), Err(Malformed), "{wrong}");
        }
    }
}
