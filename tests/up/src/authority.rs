//! Certificates for calls between services, of an authority made on the spot.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::{Context as _, Result};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

/// The name that calls are made by.
pub(crate) const HOST: &str = "localhost";

/// Makes `ca.pem`, and `<service>.pem` with `<service>.key` for each, unless they are there. The authority's own key is kept
/// nowhere: nobody needs another certificate of it.
pub(crate) fn make(folder: &Path, services: &[&str]) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    // Moved to its name when it is whole.
    let draft = folder.with_extension("making");
    if draft.exists() {
        fs::remove_dir_all(&draft)?;
    }
    fs::create_dir_all(&draft)?;
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    fs::write(draft.join("ca.pem"), authority.pem())?;
    for service in services {
        let key = KeyPair::generate()?;
        let own = CertificateParams::new(vec![HOST.to_owned()])?.signed_by(&key, &authority)?;
        fs::write(draft.join(format!("{service}.pem")), own.pem())?;
        secret(&draft.join(format!("{service}.key")), &key.serialize_pem())?;
    }
    fs::rename(&draft, folder).with_context(|| format!("making {}", folder.display()))
}

/// Writes a file that only its owner reads.
pub(crate) fn secret(path: &Path, text: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("writing {}", path.display()))
}
