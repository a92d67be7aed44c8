//! Link tokens: what a mail's link says, and an HMAC that only the service can make. Computed when a mail is written and
//! stored nowhere.

use radslag_kernel::{AggregateId, Instant, ItemId};
use radslag_runtime::signed::Signed;

use crate::tag::Tag;

const PAYLOAD: usize = 57;
/// The purpose of a one-time link: it opens a session and is for nothing else.
const SESSION: u8 = 6;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A submission by mailbox: its page.
    Signature,
    /// The initiator's own page.
    Initiator,
    /// A request to support a petition before its review.
    Supporter,
    /// Who may take a petition over: their own page.
    Coinitiator,
    /// A comment by mailbox: its page.
    Comment,
    /// An inquiry: the asker's own page. `petition` is the inquiry.
    Inquiry,
}

/// What a link says. `tag` is of the mailbox it was sent to: who holds the link has the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is for.
    pub purpose: Purpose,
    /// The petition.
    pub petition: AggregateId,
    /// Of the mailbox.
    pub tag: Tag,
    /// The submission or comment; zeros for the initiator and an asker.
    pub item: ItemId,
    /// When it stops showing anything.
    pub expires_at: Instant,
}

/// Makes and reads tokens.
pub struct Links(Signed);

impl Links {
    /// Under this key.
    #[must_use]
    pub const fn new(key: [u8; 32]) -> Self {
        Self(Signed::new(key, "link"))
    }

    /// The token of a link.
    #[must_use]
    pub fn token(&self, link: &Link) -> String {
        let purpose = match link.purpose {
            Purpose::Signature => 1,
            Purpose::Initiator => 2,
            Purpose::Supporter => 3,
            Purpose::Comment => 4,
            Purpose::Inquiry => 5,
            Purpose::Coinitiator => 7,
        };
        self.sealed(purpose, link)
    }

    /// What a token says; `None` if the service didn't make it or its time is over.
    #[must_use]
    pub fn read(&self, token: &str, now: Instant) -> Option<Link> {
        let (purpose, link) = self.opened(token)?;
        let purpose = match purpose {
            1 => Purpose::Signature,
            2 => Purpose::Initiator,
            3 => Purpose::Supporter,
            4 => Purpose::Comment,
            5 => Purpose::Inquiry,
            7 => Purpose::Coinitiator,
            _ => return None,
        };
        (now < link.expires_at).then_some(Link { purpose, ..link })
    }

    /// The token of a one-time link: 128 random bits and an HMAC of them, for a mailbox's `tag`.
    #[must_use]
    pub fn session_token(&self, tag: Tag, item: ItemId, expires_at: Instant) -> String {
        let petition = AggregateId::default();
        self.sealed(SESSION, &Link { purpose: Purpose::Signature, petition, tag, item, expires_at })
    }

    /// Which mailbox's link it is, and which; `None` if the service didn't make it. Its time is the stream's to tell.
    #[must_use]
    pub fn read_session(&self, token: &str) -> Option<(Tag, ItemId)> {
        let (purpose, link) = self.opened(token)?;
        (purpose == SESSION).then_some((link.tag, link.item))
    }

    fn sealed(&self, purpose: u8, link: &Link) -> String {
        let mut bytes = Vec::with_capacity(PAYLOAD);
        bytes.push(purpose);
        bytes.extend_from_slice(link.petition.as_bytes());
        bytes.extend_from_slice(&link.tag.0);
        bytes.extend_from_slice(link.item.as_bytes());
        bytes.extend_from_slice(&link.expires_at.millis().to_be_bytes());
        self.0.write(&bytes)
    }

    fn opened(&self, token: &str) -> Option<(u8, Link)> {
        let payload = self.0.read::<PAYLOAD>(token)?;
        let link = Link {
            purpose: Purpose::Signature,
            petition: AggregateId::from_slice(&payload[1..17])?,
            tag: Tag::from_slice(&payload[17..33])?,
            item: ItemId::from_slice(&payload[33..49])?,
            expires_at: Instant::from_millis(u64::from_be_bytes(*payload.last_chunk()?)),
        };
        Some((payload[0], link))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKS: Links = Links::new([3; 32]);

    fn link() -> Link {
        Link {
            purpose: Purpose::Signature,
            petition: AggregateId::from_bytes([1; 16]),
            tag: Tag([2; 16]),
            item: ItemId::from_bytes([3; 16]),
            expires_at: Instant::from_millis(1_000),
        }
    }

    #[test]
    fn a_token_says_what_the_link_said_until_its_time_is_over() {
        let token = LINKS.token(&link());
        assert_eq!(LINKS.read(&token, Instant::from_millis(999)), Some(link()));
        assert_eq!(LINKS.read(&token, Instant::from_millis(1_000)), None);
    }

    #[test]
    fn a_token_changed_anywhere_or_made_elsewhere_says_nothing() {
        let token = LINKS.token(&link());
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(LINKS.read(&changed, Instant::from_millis(0)), None, "{at}");
        }
        assert_eq!(Links::new([4; 32]).read(&token, Instant::from_millis(0)), None);
        for nonsense in ["", "å", "AAAA", &"A".repeat(10_000)] {
            assert_eq!(LINKS.read(nonsense, Instant::from_millis(0)), None);
        }
    }
}
