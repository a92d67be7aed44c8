//! Tokens of the links that members get: whose page and which membership, and an HMAC that only the service can make.
//! Computed when a letter is written and stored nowhere.

use radslag_kernel::{AggregateId, ItemId, Tag};
use radslag_runtime::signed::Signed;

const PAYLOAD: usize = 48;

/// What a token says. Who holds it has the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Of the membership.
    pub panel: AggregateId,
    /// Of the mailbox: names the person's page.
    pub person: Tag,
    /// The membership.
    pub item: ItemId,
}

/// Makes and reads tokens.
pub struct Links(Signed);

impl Links {
    /// Under this key.
    #[must_use]
    pub const fn new(key: [u8; 32]) -> Self {
        Self(Signed::new(key, "membership"))
    }

    /// A token as text.
    #[must_use]
    pub fn write(&self, link: &Link) -> String {
        self.0.write(&[&link.panel.as_bytes()[..], &link.person.0, link.item.as_bytes()].concat())
    }

    /// What a text says; `None` if the service didn't make it.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Link> {
        let payload = self.0.read::<PAYLOAD>(text)?;
        Some(Link {
            panel: AggregateId::from_slice(&payload[..16])?,
            person: Tag::from_slice(&payload[16..32])?,
            item: ItemId::from_slice(&payload[32..])?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_whose_it_is_and_none_but_the_service_makes_one() {
        let links = Links::new([3; 32]);
        let link = Link {
            panel: AggregateId::from_bytes([1; 16]),
            person: Tag([2; 16]),
            item: ItemId::from_bytes([3; 16]),
        };
        let token = links.write(&link);
        assert_eq!(links.read(&token), Some(link));
        assert_eq!(
            (Links::new([4; 32]).read(&token), links.read(""), links.read(&token[1..])),
            (None, None, None)
        );
    }
}
