//! Subscriptions: asked for by anybody, confirmed and ended by who has the mailbox, which is who holds a token.

use radslag_kernel::{Actor, AggregateId, ItemId, Role, SubjectId};
use radslag_readmodel::{Query, Value};
use radslag_runtime::{execute::Undone, service::Failure};

use crate::{
    optout,
    projections::{lists, number},
    shell::{
        Asked, Done, Office, Wrong,
        command::On,
        settle,
        tokens::{Token, Use},
    },
    subscription::{Act, Command, Decider},
    tag::Tag,
};

const DUE: Query = lists::SUBSCRIPTIONS_DUE;
/// Requests handled in one go.
const AT_ONCE: i64 = 256;

/// The stream of a mailbox's subscription to a list.
#[must_use]
pub fn stream(tag: Tag) -> String {
    format!("subscription-{tag}")
}

fn optout_stream(tag: Tag) -> String {
    format!("optout-{tag}")
}

/// Somebody, as nobody can join with anything else.
fn anybody() -> Actor {
    Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) }
}

impl Office {
    /// A mailbox is named: whatever comes of it, one event of one shape.
    ///
    /// # Errors
    /// `Undone`; never anything about the mailbox.
    pub async fn subscribe(
        &self,
        asked: &Asked,
        mailbox: &str,
        language: &str,
        list: &str,
    ) -> Result<Done, Undone<Wrong>> {
        let item = ItemId::from_bytes(rand::random());
        let stream = stream(self.subscription_tag(list, mailbox));
        let on = On { stream, aggregate: AggregateId::default(), actor: anybody(), asked };
        self.command::<Decider>(on, |found| {
            let (at, key) = (found.at, found.key());
            let (mailbox, language, list) = (mailbox.to_owned(), language.to_owned(), list.to_owned());
            Command { at, act: Act::Request { item, key, mailbox, language, list } }
        })
        .await
    }

    /// Its mailbox confirms; what it said before, that it wants none, is over.
    ///
    /// # Errors
    /// `Undone`; `Unknown` if the token is for something else.
    pub async fn confirm(&self, token: &Token) -> Result<Done, Undone<Wrong>> {
        if token.what != Use::Confirm {
            return Err(Undone::Refused(Wrong::Unknown));
        }
        let done = self.on_subscription(&stream(token.subscription), token.item, anybody(), true).await?;
        self.opt(token.optout, false).await?;
        Ok(done)
    }

    /// One click ends it; `all`: and it wants no letters to many, of any kind.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn unsubscribe(&self, token: &Token, all: bool) -> Result<Done, Undone<Wrong>> {
        if all {
            self.opt(token.optout, true).await?;
        }
        self.on_subscription(&stream(token.subscription), token.item, anybody(), false).await
    }

    /// Whether a mailbox said that it wants no letters to many.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn wants_none(&self, mailbox: &str) -> Result<bool, Failure> {
        let (_, optout::State(out)) =
            self.state::<optout::Decider>(&optout_stream(self.optout_tag(mailbox)))?;
        Ok(out)
    }

    /// Ends a request because its mailbox can't be reached.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn end_unreachable(&self, request: ItemId) -> Result<(), Failure> {
        match self.subscription_of(request).await? {
            Some(stream) => settle(self.on_subscription(&stream, request, Actor::SYSTEM, false).await),
            None => Ok(()),
        }
    }

    /// Ends requests that nobody confirmed in time; how many.
    ///
    /// # Errors
    /// As `end_unreachable`.
    pub async fn expire(&self) -> Result<usize, Failure> {
        let values = [number(self.now().millis()), Value::Int(AT_ONCE)];
        let rows = self.subscriptions.store.query(&DUE, &values).await?;
        for row in &rows {
            let item = ItemId::from_slice(row.bytes("item")?).unwrap_or_default();
            let stream = self.stream_at(row.int("position")?.unsigned_abs())?;
            let asked = Asked::by_system();
            let on = On { stream, aggregate: AggregateId::default(), actor: Actor::SYSTEM, asked: &asked };
            settle(
                self.command::<Decider>(on, |found| Command { at: found.at, act: Act::Expire { item } })
                    .await,
            )?;
        }
        if !rows.is_empty() {
            self.subscriptions.wait_for(self.log.watermark()).await?;
        }
        Ok(rows.len())
    }

    async fn on_subscription(
        &self,
        stream: &str,
        item: ItemId,
        actor: Actor,
        confirm: bool,
    ) -> Result<Done, Undone<Wrong>> {
        let asked = Asked::by_system();
        let on = On { stream: stream.into(), aggregate: AggregateId::default(), actor, asked: &asked };
        let act = if confirm { Act::Confirm { item } } else { Act::End { item } };
        self.command::<Decider>(on, |found| Command { at: found.at, act: act.clone() }).await
    }

    async fn opt(&self, tag: Tag, out: bool) -> Result<(), Undone<Wrong>> {
        let asked = Asked::by_system();
        let (stream, aggregate) = (optout_stream(tag), AggregateId::default());
        let on = On { stream, aggregate, actor: anybody(), asked: &asked };
        let state = |at| if out { optout::Command::State { at } } else { optout::Command::Lift { at } };
        self.command::<optout::Decider>(on, |found| state(found.at)).await.map(drop)
    }
}
