//! Who owns the event that leads to a letter, and is asked for it: by a call within one process, over mutual TLS between
//! processes, never over the bus.

use std::{collections::BTreeMap, pin::Pin, sync::Arc};

use radslag_proto::notifications as proto;

use crate::{letter::Opened, tag::Tag};

/// What is asked of an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Whose event.
    pub tenant: String,
    /// Which service wrote it.
    pub service: String,
    /// The life of its log.
    pub origin: u32,
    /// Where it stands.
    pub position: u64,
    /// Why it is asked.
    pub purpose: Purpose,
    /// Only the letter to this one.
    pub subject: Option<Tag>,
}

/// Why an owner is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Which letters there are; the answer names nobody.
    Plan,
    /// To write one of them.
    Send,
}

impl Ask {
    /// As protobuf.
    #[must_use]
    pub fn to_proto(&self) -> proto::Open {
        proto::Open {
            tenant: self.tenant.clone(),
            service: self.service.clone(),
            origin: self.origin,
            position: self.position,
            purpose: match self.purpose {
                Purpose::Plan => proto::Purpose::Plan.into(),
                Purpose::Send => proto::Purpose::Send.into(),
            },
            subject: self.subject.map(|subject| subject.0.to_vec()).unwrap_or_default(),
        }
    }

    /// From protobuf; `None` if nobody asks that.
    #[must_use]
    pub fn from_proto(message: proto::Open) -> Option<Self> {
        let purpose = match message.purpose() {
            proto::Purpose::Plan => Purpose::Plan,
            proto::Purpose::Send => Purpose::Send,
            proto::Purpose::Unspecified => return None,
        };
        let subject =
            if message.subject.is_empty() { None } else { Some(Tag::from_slice(&message.subject)?) };
        let proto::Open { tenant, service, origin, position, .. } = message;
        Some(Self { tenant, service, origin, position, purpose, subject })
    }
}

/// What an owner answers, or that it is away.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Opened, Away>> + Send + 'a>>;

/// An owner of events.
pub trait Owner: Send + Sync {
    /// Opens what an event leads to.
    fn open<'a>(&'a self, ask: &'a Ask) -> Answering<'a>;
}

/// The owner can't be asked now, or it doesn't answer us. Never says whom it was asked about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the owner of the event can't be asked: {0}")]
pub struct Away(pub String);

/// The owners by the name of their service.
#[derive(Clone, Default)]
pub struct Owners(BTreeMap<String, Arc<dyn Owner>>);

impl Owners {
    /// With another owner.
    #[must_use]
    pub fn with(mut self, service: &str, owner: Arc<dyn Owner>) -> Self {
        self.0.insert(service.into(), owner);
        self
    }

    /// Asks the owner of an event.
    ///
    /// # Errors
    /// `Away`, also if nobody is known by that name.
    pub async fn open(&self, ask: &Ask) -> Result<Opened, Away> {
        match self.0.get(&ask.service) {
            Some(owner) => owner.open(ask).await,
            None => Err(Away(format!("no service is called {}", ask.service))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_survives_its_bytes_and_asks_for_a_purpose() {
        let ask = Ask {
            tenant: "malmo".into(),
            service: "petitions".into(),
            origin: 1,
            position: 17,
            purpose: Purpose::Send,
            subject: Some(Tag([3; 16])),
        };
        for ask in [ask.clone(), Ask { purpose: Purpose::Plan, subject: None, ..ask.clone() }] {
            assert_eq!(Ask::from_proto(ask.to_proto()), Some(ask));
        }
        assert_eq!(Ask::from_proto(proto::Open { purpose: 0, ..ask.to_proto() }), None);
        assert_eq!(Ask::from_proto(proto::Open { purpose: 9, ..ask.to_proto() }), None);
        assert_eq!(Ask::from_proto(proto::Open { subject: vec![1], ..ask.to_proto() }), None);
    }
}
