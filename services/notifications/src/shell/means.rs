//! What an office sends with, as configured: a mail server or a folder, and the key that signs.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use lettre::message::Mailbox;
use radslag_runtime::{
    config::{Config, SmtpTls},
    secret::{Secret, SecretError},
};

use crate::shell::{
    dkim::{KeyError, Signer},
    drop::Drop,
    office::Means,
    owner::Owners,
    smtp::{Settings, Smtp, Tls, TlsError},
    spool,
    transport::Transport,
};

/// Why nothing can be sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MeansError {
    /// `mail.from` isn't a mailbox.
    #[error("`mail.from` is not a mailbox")]
    From,
    /// A user without a password, or the other way round.
    #[error("`mail.smtp_user` and `mail.smtp_password_file` go together")]
    HalfALogin,
    /// The password.
    #[error("`mail.smtp_password_file`")]
    Password(#[from] SecretError),
    /// A file or folder.
    #[error("{path} can't be used")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The key that signs.
    #[error("`mail.dkim_key_file`")]
    Key(#[from] KeyError),
    /// The mail server's TLS.
    #[error("`mail.smtp_ca_file`")]
    Tls(#[from] TlsError),
}

/// Of a tenant. `public_url`: how the world reaches us, without a slash at the end.
///
/// # Errors
/// What is configured wrongly, before anything is sent.
pub fn of(config: &Config, tenant: &str, public_url: &str, owners: Owners) -> Result<Means, MeansError> {
    let mail = &config.mail;
    let from: Mailbox = mail.from.parse().map_err(|_| MeansError::From)?;
    let own = from.email.domain().to_owned();
    let domain = mail.dkim_domain.clone().unwrap_or_else(|| own.clone());
    let key = mail.dkim_key_file.as_ref();
    let signer = key.map(|file| Signer::open(&domain, &mail.dkim_selector, file)).transpose()?;
    Ok(Means {
        return_domain: mail.return_domain.clone().unwrap_or(own),
        from,
        signer,
        transport: transport(config, tenant)?,
        owners,
        public_url: public_url.to_owned(),
        daily: mail.mailbox_daily,
        hourly: mail.mailing_hourly,
        spool: spool::folder(&config.data.dir, tenant),
    })
}

fn transport(config: &Config, tenant: &str) -> Result<Arc<dyn Transport>, MeansError> {
    let mail = &config.mail;
    let Some(host) = &mail.smtp_host else {
        let folder = mail.drop_dir.clone().unwrap_or_else(|| config.data.dir.join("mail")).join(tenant);
        let wrong = |source| MeansError::File { path: folder.clone(), source };
        return Ok(Arc::new(Drop::open(folder.clone()).map_err(wrong)?));
    };
    let ca = mail
        .smtp_ca_file
        .as_ref()
        .map(|path| fs::read(path).map_err(|source| MeansError::File { path: path.clone(), source }));
    let login = match (&mail.smtp_user, &mail.smtp_password_file) {
        (Some(user), Some(file)) => {
            let password = Secret::read(file)?;
            Some((user.clone(), String::from_utf8_lossy(password.bytes()).trim().to_owned()))
        }
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(MeansError::HalfALogin),
    };
    let hello = config.http.installation();
    Ok(Arc::new(Smtp::new(Settings {
        host: host.clone(),
        port: mail.smtp_port,
        tls: match mail.smtp_tls {
            SmtpTls::StartTls => Tls::StartTls,
            SmtpTls::Implicit => Tls::Implicit,
            SmtpTls::None => Tls::None,
        },
        ca: ca.transpose()?,
        login,
        hello: hello.split([':', '/']).next().unwrap_or("localhost").to_owned(),
        timeout: Duration::from_millis(mail.smtp_timeout_ms),
    })?))
}
