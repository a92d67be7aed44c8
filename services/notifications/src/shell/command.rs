//! How a command is asked and done: one stream is loaded, decided and appended to.

use radslag_kernel::{Actor, AggregateId, Kind};
use radslag_runtime::{
    acting::{self, Found},
    asked::{Asked, Done},
    execute::Undone,
    service::{Failure, Loaded},
};

use crate::{
    delivery,
    event::Event,
    mailing, optout,
    shell::{Notifications, Office},
    subscription, wording,
};

/// Why not: a rule, or the way it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A rule of a delivery.
    Delivery(delivery::Refusal),
    /// A rule of a subscription.
    Subscription(subscription::Refusal),
    /// A rule of a mailing.
    Mailing(mailing::Refusal),
    /// A rule of templates.
    Wording(wording::Refusal),
    /// There is no such thing.
    Unknown,
}

impl From<delivery::Refusal> for Wrong {
    fn from(refusal: delivery::Refusal) -> Self {
        Self::Delivery(refusal)
    }
}

impl From<subscription::Refusal> for Wrong {
    fn from(refusal: subscription::Refusal) -> Self {
        match refusal {
            subscription::Refusal::UnknownSubscription => Self::Unknown,
            refusal => Self::Subscription(refusal),
        }
    }
}

impl From<optout::Refusal> for Wrong {
    fn from(refusal: optout::Refusal) -> Self {
        match refusal {}
    }
}

impl From<mailing::Refusal> for Wrong {
    fn from(refusal: mailing::Refusal) -> Self {
        match refusal {
            mailing::Refusal::UnknownMailing => Self::Unknown,
            refusal => Self::Mailing(refusal),
        }
    }
}

impl From<wording::Refusal> for Wrong {
    fn from(refusal: wording::Refusal) -> Self {
        match refusal {
            wording::Refusal::UnknownTemplate => Self::Unknown,
            refusal => Self::Wording(refusal),
        }
    }
}

/// A stream, and who acts on it.
pub struct On<'a> {
    /// Its name.
    pub stream: String,
    /// For the header.
    pub aggregate: AggregateId,
    /// Who.
    pub actor: Actor,
    /// As what command.
    pub asked: &'a Asked,
}

/// The state of a loaded stream.
#[must_use]
pub fn fold<D: Kind<Any = Event>>(loaded: &Loaded<Event>) -> D::State
where
    D::Event: 'static,
{
    acting::fold::<Notifications, D>(loaded)
}

impl Office {
    /// Where a stream stands, with its version.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn state<D: Kind<Any = Event>>(&self, stream: &str) -> Result<(u64, D::State), Failure>
    where
        D::Event: 'static,
    {
        acting::state::<Notifications, D>(&self.log, stream)
    }

    /// Does a command. `command` gets what the stream is found as, where new keys come from.
    ///
    /// # Errors
    /// `Undone`: nothing was written.
    pub async fn command<D: Kind<Any = Event>>(
        &self,
        on: On<'_>,
        mut command: impl FnMut(&mut Found<'_, Notifications, D>) -> D::Command,
    ) -> Result<Done, Undone<Wrong>>
    where
        D::Event: 'static,
        Wrong: From<D::Refusal>,
    {
        let On { stream, aggregate, actor, asked } = on;
        let on = acting::On { stream, aggregate, dialogue: None, actor, asked };
        acting::act::<Notifications, D, Wrong>(&self.log, on, |found| Ok(command(found))).await
    }
}
