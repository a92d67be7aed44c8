//! Tokens of subscriptions' links: which one, and an HMAC that only the service can make. Computed when a letter is written
//! and stored nowhere; one works for ever, so that an old letter still ends what it came from.

use radslag_kernel::ItemId;
use radslag_runtime::signed::Signed;

use crate::tag::Tag;

const PAYLOAD: usize = 49;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Confirms a request.
    Confirm = 1,
    /// Ends it.
    End = 2,
}

/// What a token says. Tags are of the mailbox it was sent to: who holds it has the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What for.
    pub what: Use,
    /// Of list and mailbox: names the subscription's stream.
    pub subscription: Tag,
    /// The request.
    pub item: ItemId,
    /// Of the mailbox: names where it says that it wants none.
    pub optout: Tag,
}

/// Makes and reads tokens.
pub struct Tokens(Signed);

impl Tokens {
    /// Under this key.
    #[must_use]
    pub const fn new(key: [u8; 32]) -> Self {
        Self(Signed::new(key, "subscription"))
    }

    /// A token as text.
    #[must_use]
    pub fn write(&self, token: &Token) -> String {
        let mut bytes = vec![token.what as u8];
        bytes.extend_from_slice(&token.subscription.0);
        bytes.extend_from_slice(token.item.as_bytes());
        bytes.extend_from_slice(&token.optout.0);
        self.0.write(&bytes)
    }

    /// What a text says; `None` if the service didn't make it.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Token> {
        let payload = self.0.read::<PAYLOAD>(text)?;
        Some(Token {
            what: match payload[0] {
                1 => Use::Confirm,
                2 => Use::End,
                _ => return None,
            },
            subscription: Tag::from_slice(&payload[1..17])?,
            item: ItemId::from_slice(&payload[17..33])?,
            optout: Tag::from_slice(&payload[33..])?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_changed_anywhere_or_made_elsewhere_says_nothing() {
        let tokens = Tokens::new([3; 32]);
        let token = Token {
            what: Use::End,
            subscription: Tag([1; 16]),
            item: ItemId::from_bytes([2; 16]),
            optout: Tag([3; 16]),
        };
        let text = tokens.write(&token);
        assert_eq!(tokens.read(&text), Some(token));
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(tokens.read(&changed), None, "{at}");
        }
        assert_eq!(Tokens::new([4; 32]).read(&text), None);
        for nonsense in ["", "å", "AAAA", &"A".repeat(10_000)] {
            assert_eq!(tokens.read(nonsense), None);
        }
    }
}
