//! SMTP: hands a letter to the next server, over a pool of connections. Each command is given by itself, because what a
//! failure means depends on when it comes: before the letter is handed over nothing was sent, and after it nobody knows.
//! What a server answers may hold the address, so only its number is ever logged.

use std::{sync::Mutex, sync::PoisonError, time::Duration};

use lettre::transport::smtp::{
    authentication::{Credentials, Mechanism},
    client::{AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder},
    commands::{Data, Mail, Rcpt, Rset},
    extension::{ClientId, Extension, MailBodyParameter, MailParameter},
};

use crate::{
    delivery::Outcome,
    shell::transport::{Outgoing, Sending, Transport},
    tag::Tag,
};

/// Connections kept open.
const IDLE: usize = 16;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// By `STARTTLS`; without it nothing is sent.
    StartTls,
    /// From the first byte.
    Implicit,
    /// Not at all: a server on the same machine.
    None,
}

/// Which server, and how.
#[derive(Clone)]
pub struct Settings {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// A certificate to be believed beside those of the system, as PEM.
    pub ca: Option<Vec<u8>>,
    /// User and password.
    pub login: Option<(String, String)>,
    /// As whom we say hello.
    pub hello: String,
    /// How long one answer may take.
    pub timeout: Duration,
}

/// A mail server.
pub struct Smtp {
    settings: Settings,
    tls: Option<TlsParameters>,
    hello: ClientId,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
#[error("the mail server's TLS can't be set up")]
pub struct TlsError(#[source] lettre::transport::smtp::Error);

type Failed = lettre::transport::smtp::Error;

impl Smtp {
    /// Around settings. Nothing is connected yet.
    ///
    /// # Errors
    /// If a certificate can't be read.
    pub fn new(settings: Settings) -> Result<Self, TlsError> {
        let tls = match settings.tls {
            Tls::None => None,
            Tls::StartTls | Tls::Implicit => {
                let mut builder: TlsParametersBuilder = TlsParameters::builder(settings.host.clone());
                if let Some(pem) = &settings.ca {
                    builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(TlsError)?);
                }
                Some(builder.build_rustls().map_err(TlsError)?)
            }
        };
        let hello = ClientId::Domain(settings.hello.clone());
        Ok(Self { settings, tls, hello, idle: Mutex::default() })
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Failed> {
        let Settings { host, port, timeout, tls, login, .. } = &self.settings;
        let implicit = self.tls.clone().filter(|_| *tls == Tls::Implicit);
        let at = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(at, Some(*timeout), &self.hello, implicit, None).await?;
        if let (Tls::StartTls, Some(parameters)) = (tls, self.tls.clone()) {
            connection.starttls(parameters, &self.hello).await?;
        }
        if let Some((user, password)) = login {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
        }
        Ok(connection)
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, Outcome> {
        loop {
            let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut kept) = kept else { break };
            if matches!(self.in_time(kept.command(Rset)).await, Some(Ok(_))) {
                return Ok(kept);
            }
        }
        match self.in_time(self.connect()).await {
            Some(Ok(connection)) => Ok(connection),
            Some(Err(error)) => Err(later("connecting", Some(&error))),
            None => Err(later("connecting", None)),
        }
    }

    async fn hand_over(&self, letter: &Outgoing) -> Outcome {
        let mut connection = match self.connection().await {
            Ok(connection) => connection,
            Err(outcome) => return outcome,
        };
        let outcome = self.talk(&mut connection, letter).await;
        let said = match outcome {
            Outcome::Sent | Outcome::Permanent { .. } => true,
            Outcome::Temporary { code } => code >= 400,
            Outcome::Unclear | Outcome::Skip { .. } => false,
        };
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if said && !connection.has_broken() && idle.len() < IDLE {
            idle.push(connection);
        }
        outcome
    }

    async fn talk(&self, connection: &mut AsyncSmtpConnection, letter: &Outgoing) -> Outcome {
        let parameters = parameters(connection, letter);
        // A refusal here is about us, so it isn't for good: somebody will set it right.
        let sender = Mail::new(Some(letter.return_path.clone()), parameters);
        match self.in_time(connection.command(sender)).await {
            Some(Ok(_)) => {}
            Some(Err(error)) => return later("sender", Some(&error)),
            None => return later("sender", None),
        }
        match self.in_time(connection.command(Rcpt::new(letter.to.clone(), Vec::new()))).await {
            Some(Ok(_)) => {}
            Some(Err(error)) => return said(&error).unwrap_or_else(|| later("recipient", Some(&error))),
            None => return later("recipient", None),
        }
        match self.in_time(connection.command(Data)).await {
            Some(Ok(_)) => {}
            Some(Err(error)) => return later("data", Some(&error)),
            None => return later("data", None),
        }
        match self.in_time(connection.message(&letter.bytes)).await {
            Some(Ok(_)) => Outcome::Sent,
            Some(Err(error)) => said(&error).unwrap_or(Outcome::Unclear),
            None => Outcome::Unclear,
        }
    }

    async fn in_time<T>(&self, doing: impl Future<Output = T>) -> Option<T> {
        tokio::time::timeout(self.settings.timeout, doing).await.ok()
    }
}

/// What the server needs to know before: that the letter has more than ASCII, or its addresses have.
fn parameters(connection: &AsyncSmtpConnection, letter: &Outgoing) -> Vec<MailParameter> {
    let server = connection.server_info();
    let mut parameters = Vec::new();
    let wide = |text: &str| !text.is_ascii();
    if wide(letter.to.as_ref()) && server.supports_feature(Extension::SmtpUtfEight) {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !letter.bytes.is_ascii() && server.supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    parameters
}

/// What a server said in so many numbers; `None` if it said none.
fn said(error: &Failed) -> Option<Outcome> {
    let code = u16::from(error.status()?);
    Some(if error.is_permanent() { Outcome::Permanent { code } } else { Outcome::Temporary { code } })
}

fn later(stage: &'static str, error: Option<&Failed>) -> Outcome {
    let code = error.and_then(Failed::status).map_or(0, u16::from);
    tracing::warn!(stage, code, "the mail server takes nothing now");
    Outcome::Temporary { code }
}

impl Transport for Smtp {
    fn send<'a>(&'a self, letter: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.hand_over(letter))
    }

    fn forget(&self, _: Tag) -> std::io::Result<()> {
        Ok(())
    }
}
