//! The service as the owner of its events: answers which letters they lead to, and to whom.

use std::{collections::BTreeMap, sync::Arc};

use radslag_proto::notifications::{Open, Opened, Purpose};
use radslag_runtime::{
    letters::{Opening, Opens},
    service::{Failure, Service as _},
};

use crate::{
    shell::{Office, Petitions, letters::Letters},
    tag::Tag,
};

/// All tenants' letters.
pub struct Owner(BTreeMap<String, Letters>);

impl Owner {
    /// Of the offices that are served; `public_url` is how the world reaches us, without a slash at the end.
    #[must_use]
    pub fn new<'a>(offices: impl IntoIterator<Item = &'a Arc<Office>>, public_url: &str) -> Self {
        let letters = |office: &Arc<Office>| {
            (office.tenant.id.clone(), Letters::new(office.clone(), public_url.to_owned()))
        };
        Self(offices.into_iter().map(letters).collect())
    }

    async fn answer(&self, ask: Open) -> Result<Opened, Failure> {
        let letters = self.0.get(&ask.tenant).filter(|_| ask.service == Petitions::NAME);
        // One that isn't served for now, or that only the asker knows: the answer may be another later.
        let letters = letters.ok_or_else(|| Failure::NotServed(ask.tenant.clone()))?;
        let log = &letters.office.log;
        let next = ask.position.saturating_add(1);
        // What a later life of the log says there leads to letters of its own.
        if log.holds(ask.origin, next) != next {
            return Ok(Opened::default());
        }
        let record = log.read_at(ask.position)?;
        let mut opened = letters.of(&record, Tag::from_slice(&ask.subject)).await?;
        if !ask.subject.is_empty() {
            opened.letters.retain(|letter| letter.subject == ask.subject);
        }
        if ask.purpose() != Purpose::Send {
            for letter in &mut opened.letters {
                (letter.to, letter.values, letter.link) = (None, String::new(), String::new());
            }
        }
        Ok(opened)
    }
}

impl Opens for Owner {
    fn open(&self, ask: Open) -> Opening<'_> {
        Box::pin(self.answer(ask))
    }
}
