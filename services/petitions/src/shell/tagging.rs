//! Makes tags of what people typed, under a petition's tag key.

use radslag_kernel::KeyRef;
use radslag_runtime::service::Failure;
use radslag_vault::{Key, Tagger, Vault};

use crate::{
    mailbox,
    petition::{Contact, InitiatorTags},
    signature::SignerTags,
    tag::{self, Tag},
};

/// Tags of one petition.
pub struct Tags(Tagger);

impl Tags {
    /// Under a key that isn't in the vault yet.
    #[must_use]
    pub fn new(key: &Key) -> Self {
        Self(Tagger::new(key.clone()))
    }

    /// Under the key of a petition; `None` once it was destroyed.
    ///
    /// # Errors
    /// `Vault`.
    pub fn of(vault: &Vault, key: KeyRef) -> Result<Option<Self>, Failure> {
        Ok(vault.key(key)?.map(|key| Self(Tagger::new(key))))
    }

    /// Of an eID's subject.
    #[must_use]
    pub fn eid(&self, subject: &str) -> Tag {
        Tag(self.0.tag("eid", subject))
    }

    /// Of a mailbox, whatever way it is typed.
    #[must_use]
    pub fn mailbox(&self, typed: &str) -> Tag {
        Tag(self.0.tag("mailbox", &mailbox::canonical(typed)))
    }

    /// Of a signer.
    #[must_use]
    pub fn signer(&self, name: &str, mailbox: Option<&str>, postcode: &str, eid: Option<&str>) -> SignerTags {
        SignerTags {
            mailbox: mailbox.map(|mailbox| self.mailbox(mailbox)),
            eid: eid.map(|subject| self.eid(subject)),
            name: self.name(name),
            postcode: self.postcode(postcode),
            person: tag::person(name, postcode).map(|person| Tag(self.0.tag("person", &person))),
        }
    }

    /// Of who starts a petition.
    #[must_use]
    pub fn initiator(&self, contact: &Contact, eid: Option<&str>) -> InitiatorTags {
        InitiatorTags {
            mailbox: (!contact.mailbox.is_empty()).then(|| self.mailbox(&contact.mailbox)),
            eid: eid.map(|subject| self.eid(subject)),
            name: self.name(&contact.name),
            postcode: self.postcode(&contact.postcode),
        }
    }

    fn name(&self, typed: &str) -> Tag {
        Tag(self.0.tag("name", &tag::name(typed)))
    }

    fn postcode(&self, typed: &str) -> Option<Tag> {
        let postcode = tag::postcode(typed);
        (!postcode.is_empty()).then(|| Tag(self.0.tag("postcode", &postcode)))
    }
}
