//! Finds what a bulk invalidation is about, a chunk at a time: candidates by the read tables, each compared as its page in the
//! log says. Memory holds one chunk, whatever there is.

use std::sync::Arc;

use radslag_eventlog::Record;
use radslag_kernel::{AggregateId, ItemId, Recorded};
use radslag_readmodel::{Query, Row};
use radslag_runtime::service::{Failure, Loaded, load, understand};

use crate::{
    bulk::{Candidate, Conditions, Cursor, Network},
    event::Event,
    projections::{id, lists as sql, number},
    shell::{Office, Petitions, service::for_timers, signature::fold, tagging::Tags},
    signature::{self, Standing, View},
    tag::Tag,
};

const COUNTED: Query = sql::COUNTED_BETWEEN;
const SIGNED: Query = sql::SIGNED_PETITIONS;
/// Signatures of one append.
pub const CHUNK: usize = 1_000;
/// Candidates looked at in one go.
const LOOK: u64 = 512;
/// Candidates looked at before a chunk is handed over even if few are meant.
const PATIENCE: usize = 20_000;
/// Bytes of the log read at once.
const READ: usize = 1 << 20;

/// A signature that is meant, with its page as it was read.
pub(super) struct Target {
    pub(super) petition: AggregateId,
    pub(super) stream: String,
    pub(super) item: ItemId,
    pub(super) position: u64,
    pub(super) version: u64,
    pub(super) page: Arc<signature::State>,
}

/// The stream that was read last, kept while the next signatures stand in it too: a sheet on paper has hundreds.
struct Last {
    stream: String,
    loaded: Loaded<Event>,
    page: Arc<signature::State>,
}

/// A chunk.
pub(super) struct Found {
    pub(super) targets: Vec<Target>,
    /// Those that others changed meanwhile.
    pub(super) changed: u64,
    pub(super) cursor: Cursor,
    pub(super) ended: bool,
}

/// Those that are meant, and how many were changed by others meanwhile.
type Looked = (Vec<Target>, u64);

impl Office {
    /// The next chunk of counted signatures that meet conditions, from a cursor up to a position.
    pub(super) async fn find(
        self: &Arc<Self>,
        conditions: &Conditions,
        (mut cursor, up_to): (Cursor, u64),
        most: usize,
    ) -> Result<Found, Failure> {
        let (mut targets, mut changed, mut looked) = (Vec::new(), 0, 0);
        loop {
            let Some(petition) = self.next_petition(conditions, cursor.petition).await? else {
                return Ok(Found { targets, changed, cursor, ended: true });
            };
            if petition != cursor.petition {
                cursor = Cursor { petition, position: 0 };
            }
            let rows = LOOK.min((most - targets.len()) as u64);
            let values = [id(petition), number(cursor.position), number(up_to), number(rows)];
            let found = self.petitions.store.query(&COUNTED, &values).await?;
            let ended = (found.len() as u64) < rows;
            looked += found.len();
            let candidates = found.iter().map(candidate).collect::<Result<Vec<_>, Failure>>()?;
            if let Some((_, last)) = candidates.last() {
                cursor.position = last + 1;
            }
            let (this, wanted) = (self.clone(), conditions.clone());
            let look = move || this.look(petition, &wanted, &candidates);
            let (met, missed) = tokio::task::spawn_blocking(look).await.map_err(|_| Failure::Stopped)??;
            targets.extend(met);
            changed += missed;
            if ended {
                let Some(next) = after(petition) else {
                    return Ok(Found { targets, changed, cursor, ended: true });
                };
                cursor = Cursor { petition: next, position: 0 };
            }
            if targets.len() >= most || looked >= PATIENCE {
                return Ok(Found { targets, changed, cursor, ended: false });
            }
        }
    }

    /// The petition to look at, from one on: the one that is meant, or any that was signed.
    async fn next_petition(
        &self,
        conditions: &Conditions,
        from: AggregateId,
    ) -> Result<Option<AggregateId>, Failure> {
        if let Some(petition) = conditions.petition {
            return Ok((petition >= from).then_some(petition));
        }
        let rows = self.petitions.store.query(&SIGNED, &[id(from), number(1)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(AggregateId::from_slice(row.bytes("petition")?))
    }

    /// Reads the pages of candidates, each processor a share of them, and compares them.
    fn look(
        &self,
        petition: AggregateId,
        conditions: &Conditions,
        candidates: &[(ItemId, u64)],
    ) -> Result<Looked, Failure> {
        let Some(view) = self.view(petition)? else { return Ok((Vec::new(), 0)) };
        let network = self.tag_of(conditions, &view)?;
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let share = candidates.len().div_ceil(workers).max(1);
        std::thread::scope(|scope| {
            let shares = candidates.chunks(share);
            let started: Vec<_> = shares
                .map(|some| scope.spawn(move || self.compare(petition, conditions, network, some)))
                .collect();
            let (mut targets, mut changed) = (Vec::new(), 0);
            for worker in started {
                let (met, missed) = worker.join().map_err(|_| Failure::Stopped)??;
                targets.extend(met);
                changed += missed;
            }
            Ok((targets, changed))
        })
    }

    fn compare(
        &self,
        petition: AggregateId,
        conditions: &Conditions,
        network: Option<Tag>,
        candidates: &[(ItemId, u64)],
    ) -> Result<Looked, Failure> {
        let (mut targets, mut changed, mut last) = (Vec::new(), 0, None);
        for &(item, position) in candidates {
            let Last { stream, loaded, page } = self.read(&mut last, self.stream_at(position)?)?;
            let Some(slot) = page.slot_of(item).filter(|slot| slot.standing == Standing::Confirmed) else {
                changed += 1;
                continue;
            };
            let counted = loaded.events.iter().find(|recorded| recorded.position == position);
            let candidate = Candidate {
                petition,
                signer: slot.signer.known(),
                area: slot.public.area.known().map(String::as_str),
                network: network_of(&loaded.events, item),
                at: counted.map(|recorded| recorded.occurred_at).unwrap_or_default(),
            };
            if conditions.are_met(&candidate, network) {
                let (stream, version, page) = (stream.clone(), loaded.version, page.clone());
                targets.push(Target { petition, stream, item, position, version, page });
            }
        }
        Ok((targets, changed))
    }

    fn read<'a>(&self, last: &'a mut Option<Last>, stream: String) -> Result<&'a Last, Failure> {
        let read = match last.take() {
            Some(read) if read.stream == stream => read,
            _another => {
                let loaded = load::<Petitions>(&self.log, &stream)?;
                let page = Arc::new(fold(&loaded));
                Last { stream, loaded, page }
            }
        };
        Ok(last.insert(read))
    }

    /// A petition as its signatures see it.
    pub(super) fn view(&self, petition: AggregateId) -> Result<Option<View>, Failure> {
        let (version, state) = self.petition(petition)?;
        Ok(state.view(version))
    }

    /// The tag of the network condition in a petition.
    fn tag_of(&self, conditions: &Conditions, view: &View) -> Result<Option<Tag>, Failure> {
        Ok(match conditions.network().ok().flatten() {
            None => None,
            Some(Network::Tag(tag)) => Some(tag),
            Some(Network::Net(net)) => {
                Tags::of(self.log.vault(), view.tags)?.map(|tags| tags.network(net.addr()))
            }
        })
    }

    /// The next signatures that a bulk invalidation struck out, as the log between two positions says.
    pub(super) async fn find_struck(
        self: &Arc<Self>,
        bulk: AggregateId,
        (from, up_to): (u64, u64),
    ) -> Result<Found, Failure> {
        let this = self.clone();
        tokio::task::spawn_blocking(move || this.struck(bulk, from, up_to))
            .await
            .map_err(|_| Failure::Stopped)?
    }

    fn struck(&self, bulk: AggregateId, from: u64, up_to: u64) -> Result<Found, Failure> {
        let (mut targets, mut next, mut last_read) = (Vec::new(), from, None);
        let mut frames = self.log.frames(from);
        while next < up_to && targets.len() < CHUNK {
            let records = frames.chunk(READ)?.decode()?;
            let Some(last) = records.last() else {
                next = up_to;
                break;
            };
            next = last.position() + 1;
            for record in records.iter().filter(|record| (from..up_to).contains(&record.position())) {
                targets.extend(self.struck_by(bulk, record, &mut last_read)?);
            }
        }
        let cursor = Cursor { petition: AggregateId::default(), position: next.min(up_to) };
        Ok(Found { targets, changed: 0, cursor, ended: cursor.position >= up_to })
    }

    fn struck_by(
        &self,
        bulk: AggregateId,
        record: &Record,
        last: &mut Option<Last>,
    ) -> Result<Option<Target>, Failure> {
        if record.header.r#type != "signature.invalidated" {
            return Ok(None);
        }
        let recorded = understand::<Petitions>(record, self.log.vault(), for_timers)?;
        let Event::Signature(signature::Event::Invalidated { item, batch, .. }) = recorded.event else {
            return Ok(None);
        };
        if batch != Some(*bulk.as_bytes()) {
            return Ok(None);
        }
        let (stream, position) = (record.private.stream.clone(), record.position());
        let read = self.read(last, stream.clone())?;
        let (version, page) = (read.loaded.version, read.page.clone());
        Ok(Some(Target { petition: recorded.aggregate, stream, item, position, version, page }))
    }
}

fn candidate(row: &Row) -> Result<(ItemId, u64), Failure> {
    let item = ItemId::from_slice(row.bytes("item")?).unwrap_or_default();
    Ok((item, row.int("position")?.unsigned_abs()))
}

/// The tag of the network that a submission came from, while the petition's tag key is there.
fn network_of(events: &[Recorded<Event>], item: ItemId) -> Option<Tag> {
    events.iter().find_map(|recorded| match recorded.event.signature()? {
        signature::Event::Submitted(own) | signature::Event::Signed(own) if own.item == item => {
            own.facts.known().and_then(|facts| facts.network)
        }
        _ => None,
    })
}

/// The id after one, in the order of the tables.
fn after(id: AggregateId) -> Option<AggregateId> {
    let next = u128::from_be_bytes(*id.as_bytes()).checked_add(1)?;
    Some(AggregateId::from_bytes(next.to_be_bytes()))
}
