//! Keyset cursors: opaque to clients, ours alone to make.
//!
//! `base64url(version byte 1 ++ 16 bytes of HMAC-SHA256(key, scope ++ 0x00 ++ payload) ++ payload)`, payload JSON.
//! The scope is the list and its sort, so a cursor of one list is refused by another.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use axum::http::StatusCode;

use super::Problem;
use crate::secret::Secret;

const VERSION: u8 = 1;
const TAG_BYTES: usize = 16;
const LONGEST: usize = 2048;

/// Makes and checks cursors.
pub struct Cursors(Hmac<Sha256>);

/// The text isn't a cursor of that list. Answered `400 bad-cursor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct BadCursor;

impl From<BadCursor> for Problem {
    fn from(_: BadCursor) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-cursor").field("cursor")
    }
}

impl Cursors {
    /// Under a key; with another key, cursors given out before are refused.
    #[must_use]
    pub fn new(key: &Secret) -> Self {
        // A key of exactly one block can't be refused.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&Sha256::digest(key.bytes()));
        Self(Hmac::new(&block.into()))
    }

    /// A cursor of a list: what its next page begins after.
    ///
    /// # Errors
    /// If `after` can't be written as JSON.
    pub fn encode(&self, scope: &str, after: &impl Serialize) -> Result<String, serde_json::Error> {
        let payload = serde_json::to_vec(after)?;
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.mac(scope, &payload).finalize().into_bytes()[..TAG_BYTES]);
        bytes.extend_from_slice(&payload);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What the next page begins after.
    ///
    /// # Errors
    /// If this isn't a cursor we gave out for that list.
    pub fn decode<T: DeserializeOwned>(&self, scope: &str, cursor: &str) -> Result<T, BadCursor> {
        if cursor.len() > LONGEST {
            return Err(BadCursor);
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| BadCursor)?;
        let (&version, rest) = bytes.split_first().ok_or(BadCursor)?;
        let (tag, payload) = rest.split_at_checked(TAG_BYTES).ok_or(BadCursor)?;
        if version != VERSION {
            return Err(BadCursor);
        }
        self.mac(scope, payload).verify_truncated_left(tag).map_err(|_| BadCursor)?;
        serde_json::from_slice(payload).map_err(|_| BadCursor)
    }

    fn mac(&self, scope: &str, payload: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(scope.as_bytes());
        mac.update(&[0]);
        mac.update(payload);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    fn cursors(key: &str) -> Cursors {
        let folder = tempfile::tempdir().unwrap();
        let key = Zeroizing::new(key.as_bytes().to_vec());
        Cursors::new(&Secret::read_or_create(&folder.path().join("key"), || key).unwrap())
    }

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let after = (35_617_u64, "petition".to_owned());
        let cursor = cursors("k").encode("popular", &after).unwrap();
        assert_eq!(cursors("k").decode("popular", &cursor), Ok(after));
    }

    #[test]
    fn a_cursor_of_another_list_or_key_is_refused() {
        let cursor = cursors("k").encode("popular", &7_u64).unwrap();
        assert_eq!(cursors("k").decode::<u64>("newest", &cursor), Err(BadCursor));
        assert_eq!(cursors("other").decode::<u64>("popular", &cursor), Err(BadCursor));
        assert_eq!(cursors("k").decode::<String>("popular", &cursor), Err(BadCursor));
    }

    #[test]
    fn no_bit_of_a_cursor_can_be_changed() {
        let cursors = cursors("k");
        let bytes = URL_SAFE_NO_PAD.decode(cursors.encode("popular", &7_u64).unwrap()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            let other = URL_SAFE_NO_PAD.encode(other);
            assert_eq!(cursors.decode::<u64>("popular", &other), Err(BadCursor), "{bit}");
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "AQ", "åäö", "////", &"A".repeat(100_000)] {
            assert_eq!(cursors("k").decode::<u64>("popular", text), Err(BadCursor));
        }
    }
}
