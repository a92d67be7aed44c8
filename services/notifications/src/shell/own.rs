//! This service's own events lead to letters too: that somebody asks to subscribe, and what is sent to all who do. It is
//! their owner, and answers itself as others answer.

use std::{pin::Pin, sync::Arc};

use radslag_eventlog::Record;
use radslag_kernel::{AggregateId, Instant, ItemId, KeyRef, Opened as Sealed};
use radslag_readmodel::{Query, Value};
use radslag_runtime::{
    reaction::React,
    service::{Failure, Service as _, everything, understand},
};
use serde_json::json;

use crate::{
    event::Event,
    letter::{Cause, Class, Letter, Opened, To},
    mailing::{self, Standing},
    projections::{item, lists},
    shell::{
        Notifications, Office, mailing as mailings,
        owner::{Ask, Away, Purpose},
        tokens::{Token, Use},
        words::language,
    },
    subscription::{self, Asker, NEWSLETTER},
    tag::Tag,
};

const SUBSCRIPTION: Query = lists::SUBSCRIPTION;
/// The template of a request to confirm.
const CONFIRM: &str = "subscription_confirm";
/// The template of a mailing.
pub(super) const NEWS: &str = "newsletter";

/// What stands for a subscriber's address.
pub(super) fn subject(item: ItemId) -> Tag {
    Tag(*item.as_bytes())
}

impl Office {
    /// Asks whoever owns an event, itself included.
    ///
    /// # Errors
    /// `Away`.
    pub async fn opened(&self, ask: &Ask) -> Result<Opened, Away> {
        if ask.service != Notifications::NAME {
            return self.owners.open(ask).await;
        }
        self.own_letters(ask).await.map_err(|failure| {
            tracing::error!(position = ask.position, %failure, "an own event can't be opened");
            Away(failure.to_string())
        })
    }

    async fn own_letters(&self, ask: &Ask) -> Result<Opened, Failure> {
        let record = self.log.read_at(ask.position)?;
        let recorded = understand::<Notifications>(&record, self.log.vault(), everything)?;
        let letters = |letters| Opened { letters, withdrawn: Vec::new() };
        match &recorded.event {
            Event::Subscription(subscription::Event::Requested { item, expires_at, asker, .. }) => {
                Ok(letters(vec![self.confirmation(*item, *expires_at, asker, ask.purpose)]))
            }
            Event::Subscription(subscription::Event::Confirmed { replaces: Some(key), .. }) => {
                Ok(Opened { letters: Vec::new(), withdrawn: self.replaced(&record, *key)? })
            }
            Event::Subscription(
                subscription::Event::Expired { item, .. } | subscription::Event::Ended { item, .. },
            ) => Ok(Opened { letters: Vec::new(), withdrawn: vec![subject(*item)] }),
            Event::Mailing(mailing::Event::Drafted { revision, text, .. }) => {
                let Some(subscriber) = ask.subject.map(|subject| ItemId::from_bytes(subject.0)) else {
                    return Ok(Opened::default());
                };
                let news = self.news(recorded.aggregate, *revision, text, subscriber).await?;
                Ok(letters(news.into_iter().collect()))
            }
            Event::Subscription(subscription::Event::Confirmed { replaces: None, .. })
            | Event::Delivery(_)
            | Event::Optout(_)
            | Event::Mailing(_)
            | Event::Wording(_) => Ok(Opened::default()),
        }
    }

    fn confirmation(
        &self,
        item: ItemId,
        expires_at: Instant,
        asker: &Sealed<Asker>,
        purpose: Purpose,
    ) -> Letter {
        let asker = asker.known();
        // Whether it goes out or not, it looks the same from outside.
        let template = if asker.is_none_or(|asker| asker.mail) { CONFIRM } else { "" };
        let to = asker.filter(|_| purpose == Purpose::Send);
        let link = to.map(|asker| self.link(item, asker, Use::Confirm)).unwrap_or_default();
        let sv = to.is_some_and(|asker| language(&asker.language) == "sv");
        let title = to.map(|asker| title(&asker.list, sv)).unwrap_or_default();
        let (date, hour) = (self.calendar.date(expires_at), self.calendar.hour(expires_at));
        Letter {
            subject: subject(item),
            template: template.into(),
            class: Class::Confirmation,
            values: json!({ "title": title, "expires": format!("{date} {hour:02}:00") }).to_string(),
            link,
            to: to.map(written),
        }
    }

    /// The letter of a mailing to a subscriber: only while that text holds and they subscribe.
    async fn news(
        &self,
        mailing: AggregateId,
        revision: u32,
        text: &Sealed<mailing::Text>,
        subscriber: ItemId,
    ) -> Result<Option<Letter>, Failure> {
        let (_, mailing::State(now)) = self.state::<mailing::Decider>(&mailings::stream(mailing))?;
        let goes_out = now.is_some_and(|now| {
            now.revision == revision && matches!(now.standing, Standing::Running { .. } | Standing::Sent)
        });
        let Some(text) = text.known().filter(|_| goes_out) else { return Ok(None) };
        let asker = self.subscriber(subscriber).await?.filter(|asker| asker.list == text.list);
        let words = match &asker {
            Some(asker) if language(&asker.language) == "sv" => &text.sv,
            Some(_) | None => &text.en,
        };
        let link = asker.as_ref().map(|asker| self.link(subscriber, asker, Use::End)).unwrap_or_default();
        let values = json!({ "title": words.subject, "text": words.body, "unsubscribe": link });
        Ok(Some(Letter {
            subject: subject(subscriber),
            template: NEWS.into(),
            class: Class::Mass,
            to: asker.as_ref().map(written),
            values: values.to_string(),
            link,
        }))
    }

    /// Who subscribes; `None` if they don't any more.
    async fn subscriber(&self, subscriber: ItemId) -> Result<Option<Asker>, Failure> {
        let Some(stream) = self.subscription_of(subscriber).await? else { return Ok(None) };
        let (_, state) = self.state::<subscription::Decider>(&stream)?;
        let confirmed = state.confirmed().filter(|request| request.item == subscriber);
        Ok(confirmed.and_then(|request| request.asker.known().cloned()))
    }

    /// The stream of a request; `None` if it is over.
    pub(super) async fn subscription_of(&self, request: ItemId) -> Result<Option<String>, Failure> {
        let rows = self.subscriptions.store.query(&SUBSCRIPTION, &[item(request)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        self.stream_at(row.int("position")?.unsigned_abs()).map(Some)
    }

    /// The stream of an event.
    pub(super) fn stream_at(&self, position: u64) -> Result<String, Failure> {
        Ok(self.log.read_at(position)?.private.stream)
    }

    /// What stood for the request that a newer one replaced.
    fn replaced(&self, record: &Record, key: KeyRef) -> Result<Vec<Tag>, Failure> {
        let (_, state) = self.state::<subscription::Decider>(&record.private.stream)?;
        Ok(state
            .requests
            .iter()
            .filter(|request| request.key == key)
            .map(|request| subject(request.item))
            .collect())
    }

    fn link(&self, item: ItemId, asker: &Asker, what: Use) -> String {
        let token = self.tokens.write(&Token {
            what,
            subscription: self.subscription_tag(&asker.list, &asker.mailbox),
            item,
            optout: self.optout_tag(&asker.mailbox),
        });
        let page = match what {
            Use::Confirm => "subscribe",
            Use::End => "unsubscribe",
        };
        format!("{}/{}/notifications/{page}/{token}", self.public_url, self.tenant.id)
    }
}

fn written(asker: &Asker) -> To {
    To { name: String::new(), mailbox: asker.mailbox.clone(), language: asker.language.clone() }
}

/// What is subscribed to, within a sentence.
fn title(list: &str, sv: bool) -> &'static str {
    match (list == NEWSLETTER, sv) {
        (true, true) => "vårt nyhetsbrev",
        (true, false) => "our newsletter",
        (false, true) => "nyheter om ett förslag som du följer",
        (false, false) => "news about a proposal that you follow",
    }
}

/// Plans the letters that own events lead to.
pub struct Reacting(pub Arc<Office>);

impl React for Reacting {
    fn react<'a>(
        &'a self,
        records: &'a [Record],
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        Box::pin(async move {
            let own = |record: &&Record| record.header.r#type.starts_with("subscription.");
            let cause = |record: &Record| Cause {
                service: Notifications::NAME.into(),
                origin: record.origin,
                position: record.position(),
                event: record.id(),
            };
            let causes: Vec<Cause> = records.iter().filter(own).map(cause).collect();
            self.0.heard(&causes).await
        })
    }
}

/// A list as a value of a query.
pub(super) fn list_value(list: &str) -> Value {
    Value::Text(list.into())
}
