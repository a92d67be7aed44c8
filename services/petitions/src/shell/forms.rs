//! When a form was shown: a signed moment that it carries, so that one filled in by a program is noticed. It names no
//! person, and is stored nowhere.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use radslag_kernel::{AggregateId, Instant};
use radslag_vault::cipher::hmac;

const MAC: usize = 16;

/// Makes and reads moments of forms.
pub struct Forms([u8; 32]);

impl Forms {
    /// Under this key.
    #[must_use]
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// What the form to sign a petition carries when it is shown at a moment.
    #[must_use]
    pub fn token(&self, petition: AggregateId, shown: Instant) -> String {
        let mut bytes = shown.millis().to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.mac(petition, &shown.millis().to_be_bytes()));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// When the form of a petition was shown; `None` if the service didn't make it.
    #[must_use]
    pub fn shown(&self, petition: AggregateId, token: &str) -> Option<Instant> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (millis, mac) = bytes.split_first_chunk::<8>()?;
        let made = self.mac(petition, millis);
        // Every byte is compared, whichever differs first.
        let differs = made.iter().zip(mac).fold(0, |sum, (a, b)| sum | (a ^ b));
        (mac.len() == MAC && differs == 0).then(|| Instant::from_millis(u64::from_be_bytes(*millis)))
    }

    fn mac(&self, petition: AggregateId, millis: &[u8]) -> [u8; MAC] {
        let mut mac = [0; MAC];
        let full = hmac(&self.0, &[b"radslag/1 form", petition.as_bytes(), millis]);
        mac.copy_from_slice(&full[..MAC]);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_when_it_was_shown_for_its_petition_only() {
        let (forms, petition) = (Forms::new([3; 32]), AggregateId::from_bytes([1; 16]));
        let token = forms.token(petition, Instant::from_millis(7_000));
        assert_eq!(forms.shown(petition, &token), Some(Instant::from_millis(7_000)));
        assert_eq!(forms.shown(AggregateId::from_bytes([2; 16]), &token), None);
        assert_eq!(Forms::new([4; 32]).shown(petition, &token), None);
        for nonsense in ["", "å", "AAAA", &token[1..], &"A".repeat(10_000)] {
            assert_eq!(forms.shown(petition, nonsense), None);
        }
    }
}
