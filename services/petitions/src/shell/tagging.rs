//! Makes tags of what people typed, under a petition's tag key.

use std::net::IpAddr;

use ipnet::IpNet;
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

    /// Of the network an address belongs to, a /24 of IPv4 or a /48 of IPv6: what one house or office has.
    #[must_use]
    pub fn network(&self, address: IpAddr) -> Tag {
        let address = IpNet::from(address.to_canonical());
        let prefix = if matches!(address, IpNet::V4(_)) { 24 } else { 48 };
        let network = IpNet::new(address.addr(), prefix).unwrap_or(address).trunc();
        Tag(self.0.tag("network", &network.to_string()))
    }

    /// Of a mailbox's domain, if it has one.
    #[must_use]
    pub fn domain(&self, typed: &str) -> Option<Tag> {
        mailbox::domain(typed).map(|domain| Tag(self.0.tag("domain", &domain)))
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
            assisted: None,
        }
    }

    /// Of a name.
    #[must_use]
    pub fn name(&self, typed: &str) -> Tag {
        Tag(self.0.tag("name", &tag::name(typed)))
    }

    fn postcode(&self, typed: &str) -> Option<Tag> {
        let postcode = tag::postcode(typed);
        (!postcode.is_empty()).then(|| Tag(self.0.tag("postcode", &postcode)))
    }
}
