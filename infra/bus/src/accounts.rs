//! Who may do what on a NATS server: an account for each tenant, so that nobody sees, reads or touches another's streams.
//!
//! ```text
//! <tenant>            owns the tenant's streams; its users are Rådslag's own services: relays and consumers
//! <tenant>_readers    owns nothing; its users are the tenant's integrations. It imports just what reading takes: to look
//!                     at a stream, to make a consumer of one's own and to pull from it
//! ```
//! Accounts are worlds of their own: subjects of one don't exist in another. So an answer that a reader asks to be sent to
//! a subject of a stream stays among the readers and never gets into the stream. Users prove who they are by an Ed25519
//! key (nkey): the server's configuration holds public keys only, nothing secret.

use std::fmt::Write as _;

use nkeys::{KeyPair, KeyPairType};

/// What readers may ask of the account that owns the streams.
const READING: [&str; 6] = [
    "$JS.API.INFO",
    "$JS.API.STREAM.NAMES",
    "$JS.API.STREAM.INFO.*",
    "$JS.API.CONSUMER.CREATE.>",
    "$JS.API.CONSUMER.INFO.*.*",
    "$JS.API.CONSUMER.MSG.NEXT.*.*",
];

/// What not even Rådslag itself may do: events are neither deleted nor purged, nor are streams changed.
const NEVER: [&str; 4] = [
    "$JS.API.STREAM.DELETE.>",
    "$JS.API.STREAM.PURGE.>",
    "$JS.API.STREAM.MSG.DELETE.>",
    "$JS.API.STREAM.UPDATE.>",
];

/// A tenant as the server is to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Its id.
    pub tenant: String,
    /// The public keys by which Rådslag's own services show that it is theirs.
    pub owners: Vec<String>,
    /// Its integrations: names, and their public keys.
    pub readers: Vec<(String, String)>,
}

/// The `accounts` block of the server's configuration.
#[must_use]
pub fn accounts(tenants: &[Access]) -> String {
    let mut text = "accounts {\n".to_owned();
    for access in tenants {
        // Writing to a string can't fail.
        let _ = block(&mut text, access);
    }
    text.push_str("}\n");
    text
}

fn block(text: &mut String, Access { tenant, owners, readers }: &Access) -> std::fmt::Result {
    let never = NEVER.map(|subject| format!("{subject:?}")).join(", ");
    writeln!(text, "  {tenant:?}: {{\n    jetstream: enabled\n    users: [")?;
    for owner in owners {
        writeln!(text, "      {{\n        nkey: {owner:?}\n        permissions {{")?;
        writeln!(
            text,
            "          publish {{ allow: [\"radslag.{tenant}.>\", \"$JS.API.>\"], deny: [{never}] }}"
        )?;
        writeln!(text, "          subscribe {{ allow: [\"_INBOX.>\"] }}\n        }}\n      }}")?;
    }
    writeln!(text, "    ]\n    exports: [")?;
    for subject in READING {
        writeln!(
            text,
            "      {{ service: {subject:?}, response_type: stream, accounts: [\"{tenant}_readers\"] }}"
        )?;
    }
    writeln!(text, "    ]\n  }}\n  \"{tenant}_readers\": {{\n    imports: [")?;
    for subject in READING {
        writeln!(text, "      {{ service: {{ account: {tenant:?}, subject: {subject:?} }} }}")?;
    }
    writeln!(text, "    ]\n    users: [")?;
    let asking = READING.map(|subject| format!("{subject:?}")).join(", ");
    for (name, nkey) in readers {
        // It stands in a comment, which ends with the line.
        let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        writeln!(text, "      {{ # {name}\n        nkey: {nkey:?}")?;
        writeln!(text, "        permissions {{\n          publish {{ allow: [{asking}] }}")?;
        writeln!(text, "          subscribe {{ allow: [\"_INBOX.>\"] }}\n        }}\n      }}")?;
    }
    writeln!(text, "    ]\n  }}")
}

/// A new user's seed, which is secret.
///
/// # Errors
/// If the machine gives no randomness.
pub fn new_seed() -> Result<String, NotAKey> {
    KeyPair::new_user().seed().map_err(|_| NotAKey)
}

/// The public key of a user's seed.
///
/// # Errors
/// If it isn't one.
pub fn public_key(seed: &str) -> Result<String, NotAKey> {
    let pair = KeyPair::from_seed(seed).map_err(|_| NotAKey)?;
    matches!(pair.key_pair_type(), KeyPairType::User).then(|| pair.public_key()).ok_or(NotAKey)
}

/// Whether a text is a user's public key.
#[must_use]
pub fn is_public_key(text: &str) -> bool {
    text.starts_with('U') && KeyPair::from_public_key(text).is_ok()
}

/// It isn't a user's key: a seed begins with SU, a public key with U.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a NATS user: a seed begins with SU, a public key with U")]
pub struct NotAKey;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_text() {
        let seed = new_seed().unwrap();
        let public = public_key(&seed).unwrap();
        assert!(seed.starts_with("SU") && is_public_key(&public), "{public}");
        assert_eq!(public_key(&public), Err(NotAKey));
        assert!(!is_public_key(&seed) && !is_public_key("U") && !is_public_key(""));
        assert_eq!(public_key(&KeyPair::new_account().seed().unwrap()), Err(NotAKey));
    }
}
