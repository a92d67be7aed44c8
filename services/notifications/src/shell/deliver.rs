//! Letters are planned when their cause is heard of, attempted when they are due, and told of as they go. The address is
//! asked for at each attempt and forgotten with it.

use std::time::Duration;

use radslag_kernel::{Actor, AggregateId, Calendar, Decider as _, Instant, Opened as Sealed};
use radslag_readmodel::{Query, Value};
use radslag_runtime::{
    execute::{Happening, Plan, Planned, Stop, Undone, execute},
    service::{Failure, Service as _},
};

use crate::{
    delivery::{self, Act, Command, Decider, Letter, Outcome, Reason, Standing, State},
    event::Event,
    letter::{self, Cause, Class},
    projections::lists,
    shell::{
        Asked, Done, Notifications, Office, Wrong,
        command::On,
        compose::Unsubscribe,
        owner::{Ask, Purpose},
        settle,
        transport::Outgoing,
    },
    tag::Tag,
    templates,
};

const OF: Query = lists::DELIVERIES_OF;
/// Letters looked at in one go.
const AT_ONCE: i64 = 256;
/// Letters planned in one append, about.
const TOGETHER: usize = 128;
/// Rest when an owner is away.
const REST: Duration = Duration::from_secs(5);

/// The stream of a delivery.
#[must_use]
pub fn stream(id: AggregateId) -> String {
    format!("delivery-{id}")
}

/// What is to be done with a letter that is due.
enum Next {
    /// Hand it over.
    Send(Box<Outgoing>),
    /// Don't.
    Skip(Reason),
    /// Not today.
    Wait(Instant),
    /// Its owner can't be asked.
    Rest,
}

impl Office {
    /// Events may lead to letters: asks their owners and plans them, many in one append. Again for the same event does
    /// nothing.
    ///
    /// # Errors
    /// `Stopped` if they are to come again; what is broken.
    pub async fn heard(&self, causes: &[Cause]) -> Result<(), Failure> {
        let (mut letters, now) = (Vec::new(), self.now());
        for cause in causes {
            let opened = self.told(cause).await?;
            if !opened.withdrawn.is_empty() {
                // What was planned before goes with the address.
                settle(self.plan(std::mem::take(&mut letters)).await)?;
            }
            for subject in &opened.withdrawn {
                if cause.service == Notifications::NAME {
                    // Who ends a subscription takes the address back, and not that there were letters.
                    self.forget(*subject)?;
                } else {
                    self.withdraw(*subject).await?;
                }
            }
            letters.extend(opened.letters.iter().map(|letter| planned(cause, letter, now)));
            if letters.len() >= TOGETHER {
                settle(self.plan(std::mem::take(&mut letters)).await)?;
            }
        }
        settle(self.plan(letters).await)
    }

    /// What an owner says that an event leads to.
    async fn told(&self, cause: &Cause) -> Result<letter::Opened, Failure> {
        self.opened(&self.ask(cause, Purpose::Plan, None)).await.map_err(|away| {
            tracing::warn!(service = cause.service, position = cause.position, %away, "an event waits for its owner");
            Failure::Elsewhere(away.to_string())
        })
    }

    /// Plans letters, all or none; those that are planned already stay as they are.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn plan(&self, letters: Vec<Letter>) -> Result<(), Undone<Wrong>> {
        execute::<Notifications, Wrong>(&self.log, &Asked::by_system(), |at| {
            let (writes, keys) = self.writes(&letters, at)?;
            if writes.is_empty() {
                return Err(Stop::nothing(0));
            }
            Ok(Plan { keys, ..Plan::all(writes) })
        })
        .await
        .map(drop)
    }

    /// What planning letters writes, with their keys.
    pub(super) fn writes(
        &self,
        letters: &[Letter],
        at: Instant,
    ) -> Result<(Vec<Planned<Event>>, Vec<radslag_vault::NewKey>), Failure> {
        let (mut writes, mut keys) = (Vec::new(), Vec::new());
        for letter in letters {
            let id = self.delivery(&letter.cause, letter.subject, &letter.template);
            let stream = stream(id);
            if self.log.version(&stream)? > 0
                || writes.iter().any(|write: &Planned<_>| write.stream == stream)
            {
                continue;
            }
            let new = self.log.vault().reserve();
            let act = Act::Plan { key: new.reference, letter: letter.clone() };
            // On an empty stream nothing forbids it.
            let events = Decider::decide(&State::default(), Command { at, act }).unwrap_or_default();
            let events = events
                .into_iter()
                .map(|event| Happening::of(id, None, Actor::SYSTEM, Event::Delivery(event)));
            writes.push(Planned { stream, expected: 0, events: events.collect() });
            keys.push(new);
        }
        Ok((writes, keys))
    }

    /// Ends all letters to an address that was erased, those in the folder too.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn withdraw(&self, subject: Tag) -> Result<(), Failure> {
        self.forget(subject)?;
        self.deliveries.wait_for(self.log.watermark()).await?;
        loop {
            let values = [Value::Bytes(subject.0.to_vec()), Value::Int(AT_ONCE)];
            let rows = self.deliveries.store.query(&OF, &values).await?;
            for row in &rows {
                let id = AggregateId::from_slice(row.bytes("delivery")?).unwrap_or_default();
                settle(self.on_delivery(id, Act::Erase).await)?;
            }
            // Rows lose their subject with their key.
            self.deliveries.wait_for(self.log.watermark()).await?;
            if rows.is_empty() {
                return Ok(());
            }
        }
    }

    fn forget(&self, subject: Tag) -> Result<(), Failure> {
        let path = || std::path::PathBuf::from("the folder of letters");
        self.transport.forget(subject).map_err(|source| Failure::File { path: path(), source })
    }

    /// Does something with a delivery.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn on_delivery(&self, id: AggregateId, act: Act) -> Result<Done, Undone<Wrong>> {
        let asked = Asked::by_system();
        let on = On { stream: stream(id), aggregate: id, actor: Actor::SYSTEM, asked: &asked };
        self.command::<Decider>(on, |found| Command { at: found.at, act: act.clone() }).await
    }

    /// Attempts a letter that is due.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn attempt(&self, id: AggregateId) -> Result<(), Failure> {
        let (_, State(delivery)) = self.state::<Decider>(&stream(id))?;
        let Some(delivery) = delivery else { return Ok(()) };
        let (Standing::Planned { .. }, Sealed::Known(letter)) = (delivery.standing, &delivery.letter) else {
            return Ok(());
        };
        let next = self.next(id, letter).await?;
        match next {
            Next::Rest => {
                tokio::time::sleep(REST).await;
                return Ok(());
            }
            Next::Wait(until) => return settle(self.on_delivery(id, Act::Delay { until }).await),
            Next::Skip(_) | Next::Send(_) => {}
        }
        // Durable before anything is sent; whoever else attempts it is refused here.
        match self.on_delivery(id, Act::Attempt).await {
            Ok(_) => {}
            Err(Undone::Refused(_)) => return Ok(()),
            Err(undone) => return settle::<(), _>(Err(undone)),
        }
        let outcome = match next {
            Next::Send(outgoing) => self.transport.send(&outgoing).await,
            Next::Skip(reason) => {
                // As long as a server might take: how fast it ended tells nothing.
                tokio::time::sleep(Duration::from_millis(rand::random_range(20..200))).await;
                Outcome::Skip { reason }
            }
            Next::Wait(_) | Next::Rest => return Ok(()),
        };
        let jitter = letter.cause.event.as_bytes()[15];
        settle(self.on_delivery(id, Act::Record { outcome, jitter }).await)
    }

    /// The process began anew: what it finds attempted may have been sent or not.
    ///
    /// # Errors
    /// As `attempt`.
    pub async fn recover(&self, id: AggregateId) -> Result<(), Failure> {
        settle(self.on_delivery(id, Act::Recover).await)
    }

    async fn next(&self, id: AggregateId, letter: &Letter) -> Result<Next, Failure> {
        if letter.template.is_empty() {
            return Ok(Next::Skip(Reason::Silent));
        }
        let ask = self.ask(&letter.cause, Purpose::Send, Some(letter.subject));
        let opened = match self.opened(&ask).await {
            Ok(opened) => opened,
            Err(away) => {
                tracing::warn!(delivery = %id, service = letter.cause.service, %away, "a letter waits for its owner");
                return Ok(Next::Rest);
            }
        };
        let wanted =
            |told: &&letter::Letter| told.subject == letter.subject && told.template == letter.template;
        let Some(told) = opened.letters.iter().find(wanted) else { return Ok(Next::Skip(Reason::Cancelled)) };
        let Some(to) = &told.to else { return Ok(Next::Skip(Reason::Gone)) };
        if letter.class == Class::Mass && self.wants_none(&to.mailbox)? {
            return Ok(Next::Skip(Reason::OptedOut));
        }
        let outgoing = match self.write(id, told)? {
            Some(outgoing) => outgoing,
            None => return Ok(Next::Skip(Reason::Unwritable)),
        };
        let now = self.now();
        if !self.cap.take(&to.mailbox, self.calendar.date(now)) {
            return Ok(over_the_cap(letter, &self.calendar, now));
        }
        Ok(Next::Send(Box::new(outgoing)))
    }

    /// A letter as it goes out; `None` if it can't be one.
    fn write(&self, id: AggregateId, told: &letter::Letter) -> Result<Option<Outgoing>, Failure> {
        let language = told.to.as_ref().map_or("en", |to| to.language.as_str());
        let Some((template, _)) = self.template(&told.template, language)? else {
            tracing::error!(delivery = %id, template = told.template, "there is no such template");
            return Ok(None);
        };
        let mut values: serde_json::Value = serde_json::from_str(&told.values).unwrap_or_default();
        if let Some(values) = values.as_object_mut() {
            values.insert("link".into(), told.link.clone().into());
        }
        let words = match templates::write(&template, &values, language) {
            Ok(words) => words,
            Err(error) => {
                // The error's text may hold a value of the letter: only its kind is told.
                tracing::error!(delivery = %id, template = told.template, kind = ?error.kind(), "a template can't be filled in");
                return Ok(None);
            }
        };
        let list = format!("newsletter.{}", self.tenant.id);
        let unsubscribe = values.get("unsubscribe").and_then(|url| url.as_str());
        let unsubscribe = unsubscribe.map(|url| Unsubscribe { url: url.into(), list });
        match self.sender.write(id, told, words, unsubscribe.as_ref(), self.now()) {
            Ok(outgoing) => Ok(Some(outgoing)),
            Err(why) => {
                tracing::warn!(delivery = %id, why = why.0, "a letter can't be written");
                Ok(None)
            }
        }
    }

    fn ask(&self, cause: &Cause, purpose: Purpose, subject: Option<Tag>) -> Ask {
        Ask {
            tenant: self.tenant.id.clone(),
            service: cause.service.clone(),
            origin: cause.origin,
            position: cause.position,
            purpose,
            subject,
        }
    }
}

fn planned(cause: &Cause, letter: &letter::Letter, due_at: Instant) -> Letter {
    delivery::Letter {
        class: letter.class,
        template: letter.template.clone(),
        cause: cause.clone(),
        subject: letter.subject,
        due_at,
    }
}

/// What somebody asked for they can ask for again tomorrow, and news can be missed. What was decided must be told, since a
/// time to object may run from it: it comes the next day, each within the hour after midnight at a time of its own.
fn over_the_cap(letter: &Letter, calendar: &Calendar, now: Instant) -> Next {
    let jitter_ms = u64::from(letter.cause.event.as_bytes()[15]) * 14_000;
    match letter.class {
        Class::Confirmation | Class::Mass => Next::Skip(Reason::Capped),
        Class::Decision => Next::Wait(calendar.end_of(calendar.date(now)).plus_millis(jitter_ms)),
    }
}
