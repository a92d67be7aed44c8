//! When a form was shown: a signed moment that it carries, so that one filled in by a program is noticed. It names no
//! person, and is stored nowhere.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use radslag_kernel::{AggregateId, Instant};

use crate::signed::Signed;

/// Makes and reads moments of forms.
pub struct Forms(Signed);

impl Forms {
    /// Under this key.
    #[must_use]
    pub const fn new(key: [u8; 32]) -> Self {
        Self(Signed::new(key, "form"))
    }

    /// What the form of a petition, panel or poll carries when it is shown at a moment.
    #[must_use]
    pub fn token(&self, of: AggregateId, shown: Instant) -> String {
        let millis = shown.millis().to_be_bytes();
        let mac = self.0.mac(&[of.as_bytes(), &millis]);
        URL_SAFE_NO_PAD.encode([&millis[..], &mac].concat())
    }

    /// When its form was shown; `None` if the service didn't make it.
    #[must_use]
    pub fn shown(&self, of: AggregateId, token: &str) -> Option<Instant> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (millis, mac) = bytes.split_first_chunk::<8>()?;
        let made = mac.len() == 16 && self.0.has_made(&[of.as_bytes(), millis], mac);
        made.then(|| Instant::from_millis(u64::from_be_bytes(*millis)))
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
