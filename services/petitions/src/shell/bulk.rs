//! Commands to bulk invalidations, and the task that runs them.

pub mod counting;
pub mod find;
pub mod step;

use std::{collections::BTreeSet, sync::Arc};

use radslag_kernel::{Actor, AggregateId, Decider as _, SubjectId};
use radslag_readmodel::Query;
use radslag_runtime::{
    execute::{Happening, Plan, Stop, Undone, execute},
    service::{Failure, Loaded, load},
    timer,
};

use crate::{
    bulk::{self, Act, Conditions, Cursor, Prepare},
    event::Event,
    projections::lists as sql,
    shell::{Asked, Done, Office, Petitions, Wrong, petition::Staff},
};

const AT_WORK: Query = sql::BULKS_AT_WORK;
/// Signatures shown of a count.
const SAMPLE: usize = 10;

/// What an official wants struck out.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which signatures.
    pub conditions: Conditions,
    /// Why, for everybody.
    pub notice: String,
}

/// What meets conditions now.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// How many.
    pub number: u64,
    /// Of those counted below this position.
    pub up_to: u64,
    /// The first of them: petition, and the position each stands at.
    pub sample: Vec<(AggregateId, u64)>,
    petitions: BTreeSet<AggregateId>,
}

/// A bulk invalidation's stream.
#[must_use]
pub fn stream(id: AggregateId) -> String {
    format!("bulk-{id}")
}

/// The state of a loaded one.
#[must_use]
pub fn fold(loaded: &Loaded<Event>) -> bulk::State {
    let events = loaded.events.iter().filter_map(|recorded| recorded.event.bulk());
    bulk::Decider::fold(events)
}

impl Office {
    /// A bulk invalidation as it stands.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn bulk(&self, id: AggregateId) -> Result<bulk::State, Failure> {
        Ok(fold(&load::<Petitions>(&self.log, &stream(id))?))
    }

    /// Counts what meets conditions, and notes that it was asked; nothing changes.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn prepare_bulk(
        self: &Arc<Self>,
        asked: &Asked,
        staff: &Staff<'_>,
        wanted: &Wanted,
    ) -> Result<(AggregateId, Matched, Done), Undone<Wrong>> {
        wanted.conditions.check().map_err(|rule| Undone::Refused(rule.into()))?;
        let id = self.commands.aggregate(asked.command);
        let matched = self.count_bulk(&wanted.conditions).await?;
        let conflict = self.conflicted(&matched, &[staff]).await?;
        let done = self
            .on_bulk(id, asked, staff, &|new| {
                Act::Prepare(Box::new(Prepare {
                    key: new,
                    conditions: wanted.conditions.clone(),
                    ground: staff.ground.clone(),
                    notice: wanted.notice.clone(),
                    matched: matched.number,
                    up_to: matched.up_to,
                    conflict,
                }))
            })
            .await?;
        Ok((id, matched, done))
    }

    /// Runs it over what meets the conditions now.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn start_bulk(
        self: &Arc<Self>,
        id: AggregateId,
        asked: &Asked,
        staff: &Staff<'_>,
        second: Option<&Staff<'_>>,
    ) -> Result<Done, Undone<Wrong>> {
        let known = self.bulk(id)?.0.ok_or(Undone::Refused(Wrong::Unknown))?;
        let conditions = known.conditions.known().cloned().unwrap_or_default();
        let matched = self.count_bulk(&conditions).await?;
        let both: Vec<&Staff<'_>> = std::iter::once(staff).chain(second).collect();
        let conflict = self.conflicted(&matched, &both).await?;
        let second = second.map(|second| self.staff(second.subject));
        let (number, up_to) = (matched.number, matched.up_to);
        self.on_bulk(id, asked, staff, &|_| Act::Start { second, matched: number, up_to, conflict }).await
    }

    /// Goes no further.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn cancel_bulk(
        &self,
        id: AggregateId,
        asked: &Asked,
        staff: &Staff<'_>,
    ) -> Result<Done, Undone<Wrong>> {
        self.on_bulk(id, asked, staff, &|_| Act::Cancel { ground: staff.ground.clone() }).await
    }

    /// Restores what it struck out, as far as nobody has touched it since.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn undo_bulk(
        &self,
        id: AggregateId,
        asked: &Asked,
        staff: &Staff<'_>,
        second: Option<&Staff<'_>>,
    ) -> Result<Done, Undone<Wrong>> {
        let second = second.map(|second| self.staff(second.subject));
        let undo = |_| Act::Undo { second, ground: staff.ground.clone(), up_to: self.log.watermark() };
        self.on_bulk(id, asked, staff, &undo).await
    }

    async fn on_bulk(
        &self,
        id: AggregateId,
        asked: &Asked,
        staff: &Staff<'_>,
        make: &(dyn Fn(radslag_kernel::KeyRef) -> Act + Sync),
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: staff.role, subject: self.staff(staff.subject) };
        execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let loaded = asked.load::<Petitions, _>(&self.log, &stream(id))?;
            let new = self.log.vault().reserve();
            let act = make(new.reference);
            let keys = if matches!(act, Act::Prepare(_)) { vec![new] } else { Vec::new() };
            let command = bulk::Command { at, by: actor.subject, role: actor.role, act };
            let events = bulk::Decider::decide(&fold(&loaded), command).map_err(Stop::refused)?;
            let digest_under = keys.first().map(|new| new.reference);
            let events =
                events.into_iter().map(|event| Happening::of(id, None, actor, Event::Bulk(event))).collect();
            Ok(Plan { keys, digest_under, ..Plan::of(stream(id), loaded.version, events) })
        })
        .await
    }

    /// Counts what meets conditions, of what is counted by now.
    async fn count_bulk(self: &Arc<Self>, conditions: &Conditions) -> Result<Matched, Failure> {
        let up_to = self.log.watermark();
        self.petitions.wait_for(up_to).await?;
        let mut matched = Matched { up_to, ..Matched::default() };
        let mut cursor = Cursor::default();
        loop {
            let found = self.find(conditions, (cursor, up_to), find::CHUNK).await?;
            matched.number += found.targets.len() as u64;
            matched.petitions.extend(found.targets.iter().map(|target| target.petition));
            let left = SAMPLE.saturating_sub(matched.sample.len());
            let sample = found.targets.iter().take(left).map(|target| (target.petition, target.position));
            matched.sample.extend(sample);
            if found.ended {
                return Ok(matched);
            }
            cursor = found.cursor;
        }
    }

    /// Whether somebody would decide over what they started or signed.
    async fn conflicted(&self, matched: &Matched, staff: &[&Staff<'_>]) -> Result<bool, Failure> {
        for petition in &matched.petitions {
            let (_, state) = self.petition(*petition)?;
            let filed = state.0.as_ref().and_then(|petition| petition.filed.as_ref());
            let tags = filed.and_then(|filed| filed.tags.known());
            for one in staff {
                let on_paper = self.signed_on_paper(*petition, one).await?;
                let official = self.official(*petition, (one, on_paper), &state)?;
                if official.signed || tags.is_some_and(|tags| tags.is_any_of(&official.tags)) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// Runs what is to be run, a chunk of each in turn, for ever.
///
/// # Errors
/// Whatever a step says; the caller starts it again, and it goes on where it was.
pub async fn working(office: Arc<Office>) -> Result<(), Failure> {
    let log = office.log.clone();
    timer::tick(&log, move |_| work(office.clone())).await
}

async fn work(office: Arc<Office>) -> Result<usize, Failure> {
    let mut done = 0;
    for row in office.bulks.store.query(&AT_WORK, &[]).await? {
        let id = AggregateId::from_slice(row.bytes("bulk")?).unwrap_or_default();
        done += usize::from(office.step_bulk(id, find::CHUNK).await?);
    }
    Ok(done)
}

/// Nobody: the service itself.
pub(super) const SYSTEM: SubjectId = Actor::SYSTEM.subject;
