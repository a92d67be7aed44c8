//! Outgoing mail, and the calls by which services tell each other whom it goes to.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Outgoing mail: a folder, unless a mail server is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The folder in which mails are dropped as `.eml` files. Default: `<data.dir>/mail`.
    pub drop_dir: Option<PathBuf>,
    /// Who mails are from.
    pub from: String,
    /// The next mail server, as its certificate calls it.
    pub smtp_host: Option<String>,
    /// Its port.
    pub smtp_port: u16,
    /// How the connection is protected. Without what is asked for, nothing is sent.
    pub smtp_tls: SmtpTls,
    /// A certificate that is believed beside the system's, for a server of one's own.
    pub smtp_ca_file: Option<PathBuf>,
    /// As whom to log in there, if at all.
    pub smtp_user: Option<String>,
    /// A file with the password.
    pub smtp_password_file: Option<PathBuf>,
    /// How long one answer of the server may take.
    pub smtp_timeout_ms: u64,
    /// What stands behind the `@` of return paths: where reports of letters that came back are taken in. Default: that of
    /// `from`.
    pub return_domain: Option<String>,
    /// The domain letters are signed for (DKIM). Default: that of `from`.
    pub dkim_domain: Option<String>,
    /// The selector under which the domain's DNS has the public key.
    pub dkim_selector: String,
    /// The private key, RSA or Ed25519, in PKCS#8. Without one letters aren't signed.
    pub dkim_key_file: Option<PathBuf>,
    /// Letters that one mailbox gets in a day, from all services.
    pub mailbox_daily: u32,
    /// Letters of a mailing that go out in an hour.
    pub mailing_hourly: u32,
}

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// By `STARTTLS`, port 587 or 25.
    #[default]
    StartTls,
    /// From the first byte, port 465.
    Implicit,
    /// Not at all: a server on the same machine.
    None,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            drop_dir: None,
            from: "radslag@localhost".into(),
            smtp_host: None,
            smtp_port: 587,
            smtp_tls: SmtpTls::StartTls,
            smtp_ca_file: None,
            smtp_user: None,
            smtp_password_file: None,
            smtp_timeout_ms: 60_000,
            return_domain: None,
            dkim_domain: None,
            dkim_selector: "radslag".into(),
            dkim_key_file: None,
            mailbox_daily: 50,
            mailing_hourly: 3_600,
        }
    }
}

/// Calls between services that run apart: TLS on which both sides show a certificate of one authority.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Internal {
    /// Where others' calls are answered; nowhere unless set.
    pub listen: Option<SocketAddr>,
    /// This side's certificate, with the name others call it by.
    pub certificate_file: Option<PathBuf>,
    /// Its private key.
    pub key_file: Option<PathBuf>,
    /// The installation's own authority: who shows a certificate of it is answered, nobody else.
    pub ca_file: Option<PathBuf>,
    /// Where the petitions service answers, `https://host:port`.
    pub petitions_url: Option<String>,
}

impl Internal {
    /// Where a service in another process answers, if it is said.
    #[must_use]
    pub fn url_of(&self, service: &str) -> Option<&str> {
        match service {
            "petitions" => self.petitions_url.as_deref(),
            _another => None,
        }
    }
}
