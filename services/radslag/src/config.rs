//! `radslag config`: what is configured, and whether it can be used.

use std::path::Path;

use anyhow::{Context as _, Error, Result};
use radslag_runtime::secret::Secret;
use serde::Serialize;

use crate::{
    cli::Output,
    failure::{self, AlreadySaid},
    print,
    said::Said,
    settings::Settings,
};

/// What holds, as TOML with where each value came from, or as JSON. Secrets are named by file and so never shown.
pub(crate) fn print(args: &Output, settings: &Settings) -> Result<()> {
    print::result(args.json, settings.config(), || settings.print())
}

#[derive(Serialize)]
struct Checked {
    right: bool,
    file: String,
    tenants: usize,
    errors: Vec<String>,
}

/// That it loads was seen before; here, whether the files it names are there.
pub(crate) fn check(args: &Output, settings: &Settings, said: Said) -> Result<()> {
    let config = settings.config();
    let errors: Vec<String> = [
        ("readmodel.postgres_url_file", &config.readmodel.postgres_url_file, secret as Look),
        ("bus.nats_credentials_file", &config.bus.nats_credentials_file, secret),
        ("auth.jwks_file", &config.auth.jwks_file, public),
        ("mail.smtp_password_file", &config.mail.smtp_password_file, secret),
        ("mail.smtp_ca_file", &config.mail.smtp_ca_file, public),
        ("mail.dkim_key_file", &config.mail.dkim_key_file, public),
        ("internal.certificate_file", &config.internal.certificate_file, public),
        ("internal.key_file", &config.internal.key_file, public),
        ("internal.ca_file", &config.internal.ca_file, public),
    ]
    .into_iter()
    .filter_map(|(key, path, look)| Some((key, look(path.as_deref()?).err()?)))
    .map(|(key, error)| failure::chain(&error.context(format!("`{key}`"))))
    .collect();
    let checked =
        Checked { right: errors.is_empty(), file: settings.name(), tenants: config.tenants.len(), errors };
    if checked.right || args.json {
        print::result(args.json, &checked, || said.config_right(&checked.file, checked.tenants))?;
    }
    if checked.right {
        return Ok(());
    }
    if !args.json {
        checked.errors.iter().for_each(|error| print::note(&format!("radslag: {error}")));
    }
    Err(AlreadySaid.into())
}

type Look = fn(&Path) -> Result<(), Error>;

fn secret(path: &Path) -> Result<()> {
    Ok(Secret::read(path).map(drop)?)
}

fn public(path: &Path) -> Result<()> {
    std::fs::read(path).map(drop).with_context(|| format!("{} can't be read", path.display()))
}
