//! Makes tags of people, under their panel's tag key.

use radslag_kernel::{KeyRef, Tag, mailbox};
use radslag_runtime::service::Failure;
use radslag_vault::{Tagger, Vault};

use crate::{
    frame::{Row, row::Identity},
    person::{Person, Tags},
};

/// Tags of one panel.
pub struct Tagging(Tagger);

impl Tagging {
    /// Under the key of a panel; `None` once it was destroyed.
    ///
    /// # Errors
    /// `Vault`.
    pub fn of(vault: &Vault, key: KeyRef) -> Result<Option<Self>, Failure> {
        Ok(vault.key(key)?.map(|key| Self(Tagger::new(key))))
    }

    /// Of a mailbox, whatever way it is typed: names its page.
    #[must_use]
    pub fn mailbox(&self, typed: &str) -> Tag {
        Tag(self.0.tag("mailbox", &mailbox::canonical(typed)))
    }

    /// Of a row: names the page of whom it is about, and by what they are found again.
    #[must_use]
    pub fn of_row(&self, row: &Row, person: &Person) -> (Tag, Tags) {
        let tag = |kind: &str, text: &str| Tag(self.0.tag(kind, text));
        let page = match row.identity() {
            Identity::Person(number) => tag("person", number),
            Identity::Mailbox(typed) => self.mailbox(typed),
            Identity::Described(text) => tag("described", &text),
        };
        let has = |text: &str| !text.is_empty();
        let tags = Tags {
            mailbox: has(&row.mailbox).then(|| self.mailbox(&row.mailbox)),
            person: has(&row.person_number).then(|| tag("person", &row.person_number)),
            household: has(&row.household).then(|| tag("household", &row.lives())),
            ..self.tags(person)
        };
        (page, tags)
    }

    /// By which somebody who named a mailbox is found again.
    #[must_use]
    pub fn tags(&self, person: &Person) -> Tags {
        let name = person.name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let described = format!("{name}\n{}", person.birth_year);
        Tags {
            mailbox: Some(self.mailbox(&person.mailbox)),
            person: None,
            name: (!name.is_empty() && person.birth_year > 0).then(|| Tag(self.0.tag("name", &described))),
            household: None,
        }
    }
}
