//! Tokens that only this installation can make: a few bytes and an HMAC of them, as text for an address. Computed when they
//! are needed and stored nowhere.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use radslag_vault::cipher::hmac;

const MAC: usize = 16;

/// Makes and reads the tokens of one purpose.
pub struct Signed {
    key: [u8; 32],
    purpose: &'static str,
}

impl Signed {
    /// Under a key; a token of another purpose says nothing.
    #[must_use]
    pub const fn new(key: [u8; 32], purpose: &'static str) -> Self {
        Self { key, purpose }
    }

    /// Bytes as a token: what they say, and 16 bytes of HMAC-SHA256.
    #[must_use]
    pub fn write(&self, payload: &[u8]) -> String {
        let mac = self.mac(&[payload]);
        URL_SAFE_NO_PAD.encode([payload, &mac[..]].concat())
    }

    /// What a token of so many bytes says; `None` if the service didn't make it.
    #[must_use]
    pub fn read<const N: usize>(&self, token: &str) -> Option<[u8; N]> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (payload, mac) = bytes.split_last_chunk::<MAC>()?;
        self.has_made(&[payload], mac).then(|| payload.try_into().ok()).flatten()
    }

    /// The HMAC of some parts, for a token that doesn't say all that it is of.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; MAC] {
        let purpose = format!("radslag/1 {}", self.purpose);
        let parts: Vec<&[u8]> = std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()).collect();
        let mut mac = [0; MAC];
        mac.copy_from_slice(&hmac(&self.key, &parts)[..MAC]);
        mac
    }

    /// Whether an HMAC is that of some parts. Every byte is compared, whichever differs first.
    #[must_use]
    pub fn has_made(&self, parts: &[&[u8]], mac: &[u8]) -> bool {
        let made = self.mac(parts);
        mac.len() <= MAC && !mac.is_empty() && made.iter().zip(mac).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_changed_anywhere_of_another_purpose_or_made_elsewhere_says_nothing() {
        let signed = Signed::new([3; 32], "link");
        let token = signed.write(&[1, 2, 3]);
        assert_eq!(signed.read(&token), Some([1, 2, 3]));
        assert_eq!(signed.read::<4>(&token), None);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(signed.read::<3>(&String::from_utf8(changed).unwrap()), None, "{at}");
        }
        assert_eq!(Signed::new([3; 32], "form").read::<3>(&token), None);
        assert_eq!(Signed::new([4; 32], "link").read::<3>(&token), None);
        for nonsense in ["", "å", "AAAA", &"A".repeat(10_000)] {
            assert_eq!(signed.read::<3>(nonsense), None);
        }
        assert!(!signed.has_made(&[], &[]));
    }
}
