//! Mailings: written and started by officials, gone through in steps. A step's letters and how far it is are one append, so
//! a crash neither repeats nor forgets anybody.

use radslag_kernel::{Actor, AggregateId, Decider as _, ItemId, Role};
use radslag_readmodel::{Query, Value};
use radslag_runtime::{
    execute::{Happening, Plan, Planned, Stop, Undone, execute},
    service::{Failure, Service as _, load},
};

use crate::{
    delivery::Letter,
    event::Event,
    letter::{Cause, Class},
    mailing::{Act, Command, Decider, Event as Mailed, Mailing, Standing, State, Text},
    projections::{item, lists},
    shell::{
        Asked, Done, Notifications, Office, Wrong,
        command::{On, fold},
        own::{NEWS, list_value, subject},
        settle,
    },
};

const RUNNING: Query = lists::MAILINGS_RUNNING;
const SUBSCRIBERS: Query = lists::SUBSCRIBERS;
const COUNT: Query = lists::SUBSCRIBERS_COUNT;
/// Letters planned in a step.
const STEP: i64 = 50;
/// Mailings looked at in one go.
const AT_ONCE: i64 = 64;
const HOUR_MS: u64 = 3_600_000;

/// The stream of a mailing.
#[must_use]
pub fn stream(id: AggregateId) -> String {
    format!("mailing-{id}")
}

impl Office {
    /// An official writes a mailing, or changes one.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn draft(
        &self,
        asked: &Asked,
        (who, role): (&str, Role),
        id: AggregateId,
        text: &Text,
    ) -> Result<Done, Undone<Wrong>> {
        let by = self.staff(who);
        let on = On { stream: stream(id), aggregate: id, actor: Actor { role, subject: by }, asked };
        let draft = |key| Act::Draft { by, key, text: text.clone() };
        self.command::<Decider>(on, |found| Command { at: found.at, act: draft(found.key()) }).await
    }

    /// An official starts one.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn start_mailing(
        &self,
        asked: &Asked,
        (who, role): (&str, Role),
        id: AggregateId,
    ) -> Result<Done, Undone<Wrong>> {
        let mailing = self.mailing(id)?.ok_or(Undone::Refused(Wrong::Unknown))?;
        let list = mailing.text.known().map(|text| text.list.clone()).unwrap_or_default();
        let recipients = self.subscribers(&list).await?;
        let by = self.staff(who);
        let on = On { stream: stream(id), aggregate: id, actor: Actor { role, subject: by }, asked };
        self.command::<Decider>(on, |found| Command { at: found.at, act: Act::Start { by, recipients } })
            .await
    }

    /// An official ends one.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn cancel_mailing(
        &self,
        asked: &Asked,
        (who, role): (&str, Role),
        id: AggregateId,
    ) -> Result<Done, Undone<Wrong>> {
        let by = self.staff(who);
        let on = On { stream: stream(id), aggregate: id, actor: Actor { role, subject: by }, asked };
        self.command::<Decider>(on, |found| Command { at: found.at, act: Act::Cancel { by } }).await
    }

    /// A mailing as it stands.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn mailing(&self, id: AggregateId) -> Result<Option<Mailing>, Failure> {
        let (_, State(mailing)) = self.state::<Decider>(&stream(id))?;
        Ok(mailing)
    }

    /// How many subscribe to a list, of all that was written so far.
    ///
    /// # Errors
    /// `Readmodel`, `Stopped`.
    pub async fn subscribers(&self, list: &str) -> Result<u64, Failure> {
        self.subscriptions.wait_for(self.log.watermark()).await?;
        let rows = self.subscriptions.store.query(&COUNT, &[list_value(list)]).await?;
        Ok(rows.first().map(|row| row.int("subscribers")).transpose()?.unwrap_or(0).unsigned_abs())
    }

    /// Takes every mailing that goes out a step further; how many steps.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn step_mailings(&self) -> Result<usize, Failure> {
        self.mailings.wait_for(self.log.watermark()).await?;
        let rows = self.mailings.store.query(&RUNNING, &[Value::Int(AT_ONCE)]).await?;
        let mut steps = 0;
        for row in &rows {
            let id = AggregateId::from_slice(row.bytes("mailing")?).unwrap_or_default();
            steps += usize::from(self.step(id).await?);
        }
        Ok(steps)
    }

    /// The next letters of a mailing, or its end; `false` if it doesn't go out.
    async fn step(&self, id: AggregateId) -> Result<bool, Failure> {
        let Some(mailing) = self.mailing(id)? else { return Ok(false) };
        let (Standing::Running { progress, .. }, Some(text)) = (mailing.standing, mailing.text.known())
        else {
            return Ok(false);
        };
        self.subscriptions.wait_for(self.log.watermark()).await?;
        let values = [list_value(&text.list), item(progress.after), Value::Int(STEP)];
        let rows = self.subscriptions.store.query(&SUBSCRIBERS, &values).await?;
        let items = rows.iter().map(|row| Ok(ItemId::from_slice(row.bytes("item")?).unwrap_or_default()));
        let items: Vec<ItemId> = items.collect::<Result<_, Failure>>()?;
        settle(self.plan_step(id, mailing.revision, &items).await)?;
        Ok(true)
    }

    async fn plan_step(&self, id: AggregateId, revision: u32, items: &[ItemId]) -> Result<(), Undone<Wrong>> {
        let stream = stream(id);
        execute::<Notifications, Wrong>(&self.log, &Asked::by_system(), |at| {
            let loaded = load::<Notifications>(&self.log, &stream)?;
            let State(mailing) = fold::<Decider>(&loaded);
            let (act, letters) = match (items.last(), mailing) {
                (Some(last), Some(mailing)) => {
                    let letters = self.letters(&loaded, &mailing, items);
                    (Act::Progress { revision, after: *last, letters: letters.len() as u64 }, letters)
                }
                _ => (Act::Finish { revision }, Vec::new()),
            };
            let state = fold::<Decider>(&loaded);
            let events = Decider::decide(&state, Command { at, act }).map_err(Stop::refused)?;
            let (mut writes, keys) = self.writes(&letters, at)?;
            let events =
                events.into_iter().map(|event| Happening::of(id, None, Actor::SYSTEM, Event::Mailing(event)));
            let (stream, expected) = (stream.clone(), loaded.version);
            writes.push(Planned { stream, expected, events: events.collect() });
            Ok(Plan { keys, ..Plan::all(writes) })
        })
        .await
        .map(drop)
    }

    /// Letters of the text that goes out, spread over the hours since it began to.
    fn letters(
        &self,
        loaded: &radslag_runtime::service::Loaded<Event>,
        mailing: &Mailing,
        items: &[ItemId],
    ) -> Vec<Letter> {
        let drafted = |event: &Event| matches!(event, Event::Mailing(Mailed::Drafted { .. }));
        let Some(draft) = loaded.events.iter().rfind(|recorded| drafted(&recorded.event)) else {
            return Vec::new();
        };
        let Standing::Running { since, progress } = mailing.standing else { return Vec::new() };
        let pause_ms = HOUR_MS / u64::from(self.hourly.max(1));
        let cause = Cause {
            service: Notifications::NAME.into(),
            origin: draft.origin,
            position: draft.position,
            event: draft.id,
        };
        let letter = |(number, item): (u64, &ItemId)| Letter {
            class: Class::Mass,
            template: NEWS.into(),
            cause: cause.clone(),
            subject: subject(*item),
            due_at: since.plus_millis((progress.letters + number) * pause_ms),
        };
        (0..).zip(items).map(letter).collect()
    }
}
