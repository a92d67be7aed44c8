//! Signs letters (DKIM, RFC 6376 and 8463), so that who gets one can tell that it is ours and that its unsubscribe headers
//! are (RFC 8058 asks for that). By `ring`, which the tree has for TLS: the RSA of lettre's own signer has a known flaw in
//! how long it takes (RUSTSEC-2023-0071), and what there is to write is this file.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use radslag_kernel::Instant;
use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject as _};
use sha2::{Digest as _, Sha256};

/// What is signed where it is there. `From` stands there twice: nobody can add another.
const HEADERS: &[&str] = &[
    "from",
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
];

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

/// Signs for a domain.
pub struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

/// Why there is no signer.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read.
    #[error("{path} can't be read")]
    File {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It holds something else.
    #[error("{0} holds no private key in PKCS#8 (`BEGIN PRIVATE KEY`), RSA of 2048 bits or more, or Ed25519")]
    NotAKey(String),
}

impl Signer {
    /// With the private key of a file.
    ///
    /// # Errors
    /// If it holds none.
    pub fn open(domain: &str, selector: &str, file: &Path) -> Result<Self, KeyError> {
        let path = file.display().to_string();
        let pem = match fs::read(file) {
            Ok(pem) => pem,
            Err(source) => return Err(KeyError::File { path, source }),
        };
        let not_a_key = || KeyError::NotAKey(path.clone());
        let der = PrivatePkcs8KeyDer::from_pem_slice(&pem).map_err(|_| not_a_key())?;
        let der = der.secret_pkcs8_der();
        let key = match RsaKeyPair::from_pkcs8(der) {
            Ok(key) => Key::Rsa(Box::new(key)),
            Err(_) => Key::Ed25519(Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map_err(|_| not_a_key())?),
        };
        Ok(Self { domain: domain.into(), selector: selector.into(), key })
    }

    /// The letter with its signature before it. `None` if the key can't sign, which a key that was read can.
    #[must_use]
    pub fn sign(&self, letter: &[u8], at: Instant) -> Option<Vec<u8>> {
        let (headers, body) = split(letter);
        let fields = fields(&headers);
        let mut left: Vec<&(String, String)> = fields.iter().collect();
        let (mut signed, mut names) = (String::new(), Vec::new());
        for name in HEADERS {
            let found = left.iter().rposition(|(known, _)| known == name);
            match found {
                Some(index) => signed.push_str(&canonical(left.remove(index))),
                // One that isn't there is signed as missing, once it was there.
                None if names.contains(name) => {}
                None => continue,
            }
            names.push(*name);
        }
        let algorithm = match self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        };
        let unsigned = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={}; s={}; t={};\r\n\th={};\r\n\tbh={};\r\n\tb=",
            self.domain,
            self.selector,
            at.millis() / 1_000,
            names.join(":"),
            STANDARD.encode(Sha256::digest(relaxed_body(body)))
        );
        let own = canonical(&("dkim-signature".into(), unsigned.clone()));
        signed.push_str(own.trim_end_matches("\r\n"));
        let signature = STANDARD.encode(self.signature(signed.as_bytes())?);
        let folded: Vec<&str> =
            signature.as_bytes().chunks(70).filter_map(|part| std::str::from_utf8(part).ok()).collect();
        let mut out = format!("DKIM-Signature: {unsigned}{}\r\n", folded.join("\r\n\t")).into_bytes();
        out.extend_from_slice(letter);
        Some(out)
    }

    fn signature(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), bytes, &mut signature).ok()?;
                Some(signature)
            }
            Key::Ed25519(key) => Some(key.sign(&Sha256::digest(bytes)).as_ref().to_vec()),
        }
    }
}

fn split(letter: &[u8]) -> (String, &[u8]) {
    let end = letter.windows(4).position(|window| window == b"\r\n\r\n");
    let (headers, body) = match end {
        Some(end) => (&letter[..end + 2], &letter[end + 4..]),
        None => (letter, &b""[..]),
    };
    (String::from_utf8_lossy(headers).into_owned(), body)
}

/// Names in lower case, with values as they stand, folds included.
fn fields(headers: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in headers.split_inclusive("\r\n") {
        match fields.last_mut() {
            Some((_, value)) if line.starts_with([' ', '\t']) => value.push_str(line),
            _ => {
                let Some((name, value)) = line.split_once(':') else { continue };
                fields.push((name.trim().to_ascii_lowercase(), value.to_owned()));
            }
        }
    }
    fields
}

/// One field, relaxed: unfolded, spaces single, none at the ends.
fn canonical((name, value): &(String, String)) -> String {
    let value = value.replace("\r\n", "");
    let words: Vec<&str> = value.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    format!("{name}:{}\r\n", words.join(" "))
}

/// The body, relaxed: spaces single, none at the end of a line, no empty lines at the end.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut kept = 0;
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut space = false;
        let begun = out.len();
        for byte in line {
            if matches!(byte, b' ' | b'\t') {
                space = true;
                continue;
            }
            if std::mem::take(&mut space) {
                out.push(b' ');
            }
            out.push(*byte);
        }
        let empty = out.len() == begun;
        out.extend_from_slice(b"\r\n");
        if !empty {
            kept = out.len();
        }
    }
    out.truncate(kept);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_body_are_relaxed_as_the_standard_shows() {
        // RFC 6376, 3.4.5.
        let letter = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (headers, body) = split(letter);
        let all: String = fields(&headers).iter().map(canonical).collect();
        assert_eq!(all, "a:X\r\nb:Y Z\r\n");
        assert_eq!(relaxed_body(body), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
    }

    #[test]
    fn a_file_without_a_key_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key.pem");
        assert!(matches!(Signer::open("x", "y", &file), Err(KeyError::File { .. })));
        std::fs::write(&file, "nonsense").unwrap();
        assert!(matches!(Signer::open("x", "y", &file), Err(KeyError::NotAKey(_))));
    }
}
