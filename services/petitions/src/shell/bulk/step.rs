//! One step of a bulk invalidation: a chunk of signatures and how far it is, in one append. After a crash it goes on behind
//! the last chunk that was written; a page that others changed meanwhile is read again, and left if it isn't meant any more.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use radslag_kernel::{Actor, AggregateId, Decider as _, Instant};
use radslag_readmodel::Query;
use radslag_runtime::{
    execute::{Happening, Plan, Planned, Stop, execute},
    service::{Failure, load},
};

use crate::{
    bulk::{self, ALONE, Act, Bulk, Correction, Phase, Side},
    event::Event,
    petition::Official,
    projections::{id, lists as sql},
    shell::{
        Asked, Office, Petitions, Wrong,
        bulk::{
            SYSTEM,
            find::{Found, Target},
            fold, stream,
        },
        office, settle, signature as pages,
    },
    signature::{self, View},
};

const COUNT: Query = sql::COUNT;

/// A petition as its signatures see it, and the dialogue it is part of.
type Seen = (View, Option<AggregateId>);

/// What a chunk wants written.
struct Chunk {
    writes: Vec<Planned<Event>>,
    guards: Vec<(String, u64)>,
    numbers: Vec<(Side, u64)>,
    skipped: u64,
}

impl Office {
    /// Does the next chunk, of at most so many signatures, or ends it; whether there was anything to do.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`, `Readmodel`; what was appended stands.
    pub async fn step_bulk(self: &Arc<Self>, id: AggregateId, most: usize) -> Result<bool, Failure> {
        let Some(known) = self.bulk(id)?.0 else { return Ok(false) };
        let found = match known.phase {
            Phase::Running => self.find_for(&known, most).await?,
            Phase::Undoing if known.cursor.position < known.up_to => {
                self.find_struck(id, (known.cursor.position, known.up_to)).await?
            }
            Phase::Undoing | Phase::Cancelling => return self.finish_bulk(id, &known).await.map(|()| true),
            Phase::Prepared | Phase::Dropped | Phase::Finished | Phase::Undone => return Ok(false),
        };
        if found.ended && found.targets.is_empty() && found.changed == 0 && known.phase == Phase::Running {
            self.finish_bulk(id, &known).await?;
        } else {
            self.do_chunk(id, &known, found).await?;
        }
        Ok(true)
    }

    /// What is left to strike out. What one official started stays within what one may do, whatever was added since.
    async fn find_for(self: &Arc<Self>, known: &Bulk, most: usize) -> Result<Found, Failure> {
        let alone = usize::try_from(ALONE.saturating_sub(known.total())).unwrap_or(most);
        let most = if known.second.is_some() { most } else { most.min(alone) };
        let none = || Found { targets: Vec::new(), changed: 0, cursor: known.cursor, ended: true };
        let Some(conditions) = known.conditions.known().filter(|_| most > 0) else { return Ok(none()) };
        self.petitions.wait_for(known.up_to).await?;
        self.find(conditions, (known.cursor, known.up_to), most).await
    }

    async fn do_chunk(&self, id: AggregateId, known: &Bulk, found: Found) -> Result<(), Failure> {
        let Found { mut targets, changed, cursor, .. } = found;
        let (undoing, mut fresh) = (known.phase == Phase::Undoing, true);
        let done = execute::<Petitions, Wrong>(&self.log, &Asked::by_system(), |at| {
            let loaded = load::<Petitions>(&self.log, &stream(id))?;
            if !fresh {
                self.read_again(&mut targets)?;
            }
            fresh = false;
            let chunk = self.chunk(id, known, &targets, at)?;
            let (numbers, skipped) = (chunk.numbers, chunk.skipped + changed);
            let act = Act::Progress { undoing, numbers, skipped, cursor };
            let command = bulk::Command { at, by: SYSTEM, role: Actor::SYSTEM.role, act };
            let events = bulk::Decider::decide(&fold(&loaded), command).map_err(Stop::refused)?;
            if events.is_empty() {
                return Err(Stop::nothing(loaded.version));
            }
            let events = events
                .into_iter()
                .map(|event| Happening::of(id, None, Actor::SYSTEM, Event::Bulk(event)))
                .collect();
            let mut writes = chunk.writes;
            writes.push(Planned { stream: stream(id), expected: loaded.version, events });
            Ok(Plan { guards: chunk.guards, ..Plan::all(writes) })
        })
        .await;
        settle(done)
    }

    fn read_again(&self, targets: &mut [Target]) -> Result<(), Failure> {
        let mut last: Option<(String, u64, Arc<signature::State>)> = None;
        for target in targets {
            let read = match last.take() {
                Some(read) if read.0 == target.stream => read,
                _another => {
                    let loaded = load::<Petitions>(&self.log, &target.stream)?;
                    (target.stream.clone(), loaded.version, Arc::new(pages::fold(&loaded)))
                }
            };
            (target.version, target.page) = (read.1, read.2.clone());
            last = Some(read);
        }
        Ok(())
    }

    /// What each page decides. Two signatures of one page are decided one after the other.
    fn chunk(
        &self,
        id: AggregateId,
        known: &Bulk,
        targets: &[Target],
        at: Instant,
    ) -> Result<Chunk, Failure> {
        let actor = Actor { role: known.role, subject: known.by };
        let (mut views, mut numbers) = (BTreeMap::new(), BTreeMap::new());
        let mut pages: BTreeMap<&str, (signature::State, Planned<Event>)> = BTreeMap::new();
        let mut skipped = 0;
        for target in targets {
            let seen = match views.entry(target.petition) {
                Entry::Occupied(seen) => seen.into_mut(),
                Entry::Vacant(place) => place.insert(self.seen(target.petition)?),
            };
            let Some((view, dialogue)) = seen else { continue };
            let (page, planned) = pages.entry(&target.stream).or_insert_with(|| {
                let (stream, expected) = (target.stream.clone(), target.version);
                (signature::State::clone(&target.page), Planned { stream, expected, events: Vec::new() })
            });
            let Some(events) = decided(id, known, (target, view), page, at) else {
                skipped += 1;
                continue;
            };
            let against = events.iter().any(signature::Event::is_against);
            *numbers.entry(Side { petition: target.petition, against }).or_default() += 1;
            for event in events {
                signature::Decider::evolve(page, &event);
                planned.events.push(Happening::of(
                    target.petition,
                    *dialogue,
                    actor,
                    Event::Signature(event),
                ));
            }
        }
        let writes = pages.into_values().map(|(_, planned)| planned);
        let writes = writes.filter(|planned| !planned.events.is_empty()).collect();
        let guard = |(petition, seen): (AggregateId, Option<Seen>)| {
            seen.map(|(view, _)| (office::stream(petition), view.version))
        };
        let guards = views.into_iter().filter_map(guard).collect();
        Ok(Chunk { writes, guards, numbers: numbers.into_iter().collect(), skipped })
    }

    fn seen(&self, petition: AggregateId) -> Result<Option<Seen>, Failure> {
        let (version, state) = self.petition(petition)?;
        let dialogue = state.0.as_ref().and_then(|petition| petition.dialogue);
        Ok(state.view(version).map(|view| (view, dialogue)))
    }

    /// Nothing is left: everybody is told how the counts changed.
    async fn finish_bulk(&self, bulk: AggregateId, known: &Bulk) -> Result<(), Failure> {
        let undoing = known.phase == Phase::Undoing;
        self.petitions.wait_for(self.log.watermark()).await?;
        let mut corrections = Vec::new();
        for (side, number) in if undoing { &known.restored } else { &known.struck } {
            let rows = self.petitions.store.query(&COUNT, &[id(side.petition)]).await?;
            let Some(row) = rows.first() else { continue };
            let column = if side.against { "against" } else { "signatures" };
            let after = row.opt_int(column)?.unwrap_or(0).unsigned_abs();
            let position = row.opt_int("count_position")?.unwrap_or(0).unsigned_abs();
            let before = if undoing { after.saturating_sub(*number) } else { after + number };
            corrections.push(Correction { side: *side, number: *number, before, after, position });
        }
        let done = execute::<Petitions, Wrong>(&self.log, &Asked::by_system(), |at| {
            let loaded = load::<Petitions>(&self.log, &stream(bulk))?;
            let act = Act::Finish { corrections: corrections.clone() };
            let command = bulk::Command { at, by: SYSTEM, role: Actor::SYSTEM.role, act };
            let events = bulk::Decider::decide(&fold(&loaded), command).map_err(Stop::refused)?;
            let events = events
                .into_iter()
                .map(|event| Happening::of(bulk, None, Actor::SYSTEM, Event::Bulk(event)))
                .collect();
            Ok(Plan::of(stream(bulk), loaded.version, events))
        })
        .await;
        settle(done)
    }
}

/// What a page makes of it; nothing if it isn't meant any more.
fn decided(
    id: AggregateId,
    known: &Bulk,
    (target, view): (&Target, &View),
    page: &signature::State,
    at: Instant,
) -> Option<Vec<signature::Event>> {
    let item = target.item;
    let (batch, ground) = (Some(*id.as_bytes()), known.ground.known().cloned().unwrap_or_default());
    let by = Official { id: known.by, tags: Vec::new(), signed: false, locked_out: false, ground };
    let act = if known.phase == Phase::Undoing {
        // Whoever touched it since has decided otherwise.
        page.slot_of(item).filter(|slot| slot.batch == batch)?;
        signature::Act::Restore { item, by, batch }
    } else {
        page.slot_of(item).filter(|slot| slot.standing == signature::Standing::Confirmed)?;
        signature::Act::Invalidate { item, by, batch }
    };
    signature::Decider::decide(page, signature::Command { at, petition: view.clone(), act }).ok()
}
