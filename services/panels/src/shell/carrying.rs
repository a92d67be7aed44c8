//! What follows from a draw that was made, and from a list of volunteers that came in: a step at a time, each written with how far
//! it is, so that after a crash it goes on behind the last one.

use std::sync::Arc;

use futures_util::future::try_join_all;
use radslag_kernel::{Actor, AggregateId, Instant, ItemId, time::plus_days};
use radslag_readmodel::Value;
use radslag_runtime::{acting::settle, execute::Undone, service::Failure};
use tokio::task::spawn_blocking;

use crate::{
    frame::Row,
    member::{self, Act, command::Newcomer},
    panel::{
        self, Panel,
        draw::{self, Chosen, Draw, Kind, Standing},
        import::{self, Import},
    },
    projections::{item as item_value, lists, number},
    shell::{Asked, Office, Wrong, membering, tagging::Tagging},
};

/// People of a step.
const STEP: usize = 256;

/// What was to be done with somebody.
enum Met {
    /// It is done.
    Done,
    /// They aren't there any more, or were there before.
    Passed,
}

impl Office {
    /// Carries out draws that were made; how many steps there were.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn carry(self: &Arc<Self>) -> Result<usize, Failure> {
        let rows = self.panels.store.query(&lists::DRAWS_MADE, &[Value::Int(1)]).await?;
        let Some(row) = rows.first() else { return Ok(0) };
        let id = AggregateId::from_slice(row.bytes("panel")?).unwrap_or_default();
        let draw = ItemId::from_slice(row.bytes("draw")?).unwrap_or_default();
        let mut steps = 0;
        if let Some((_, panel)) = self.panel(id)?
            && let Ok(known) = panel.draw(draw)
        {
            steps = self.carry_out(id, &panel, known).await?;
        }
        self.panels.wait_for(self.log.watermark()).await?;
        Ok(steps)
    }

    async fn carry_out(
        self: &Arc<Self>,
        id: AggregateId,
        panel: &Panel,
        known: &Draw,
    ) -> Result<usize, Failure> {
        let Some(made) = known.made.as_ref().filter(|_| known.standing == Standing::Made) else {
            return Ok(0);
        };
        let all = (made.chosen + made.reserved) as usize;
        let chosen = made.result.known().cloned().unwrap_or_default();
        let invited = match known.terms.frame.and_then(|frame| panel.import(frame)) {
            Some(frame) if known.terms.kind == Kind::Invitation => {
                let (office, frame, rows) = (self.clone(), frame.clone(), chosen.rows.clone());
                let read = spawn_blocking(move || office.rows_of(id, &frame, &rows)).await;
                read.map_err(|_| Failure::Stopped)??
            }
            _ => Vec::new(),
        };
        let last = plus_days(self.calendar.date(self.now()), known.terms.reply_days);
        let carrying =
            Carrying { id, panel, known, chosen: &chosen, invited, expires_at: self.calendar.end_of(last) };
        let (mut from, mut steps) = (known.done as usize, 0);
        loop {
            let upto = (from + STEP).min(all);
            // Side by side, so that they share the log's commits.
            let met = try_join_all((from..upto).map(|at| self.meet(&carrying, at))).await?;
            let passed = met.iter().filter(|met| matches!(met, Met::Passed)).count() as u32;
            let act = draw::Act::Progress { draw: known.id, done: (upto - from) as u32, passed };
            settle(self.by_itself(id, panel::Act::Draw(act)).await)?;
            (from, steps) = (upto, steps + 1);
            if from >= all {
                return Ok(steps);
            }
        }
    }

    async fn meet(&self, carrying: &Carrying<'_>, at: usize) -> Result<Met, Failure> {
        let Carrying { known, chosen, .. } = carrying;
        let (rows, members) = (chosen.rows.len(), chosen.members.len());
        if at < rows {
            return match carrying.invited.get(at) {
                Some(Some(row)) => self.invite(carrying, row, at).await,
                // The register is gone.
                Some(None) | None => Ok(Met::Passed),
            };
        }
        let (draw, at) = (known.id, at - rows);
        let act = |item| match at.checked_sub(members) {
            None => Act::Offer { item, draw, number: at as u32 + 1, expires_at: carrying.expires_at },
            Some(behind) => Act::Reserve { item, draw, number: behind as u32 + 1 },
        };
        let item = chosen.members.iter().chain(&chosen.reserves).nth(at).copied();
        let Some(item) = item else { return Ok(Met::Passed) };
        let Some((_, stream)) = self.page_of(item).await? else { return Ok(Met::Passed) };
        let on = (carrying.id, stream);
        let asked = Asked::by_system();
        let done = self.page(&asked, on, Actor::SYSTEM, (carrying.panel, None), |_| act(item));
        met(done.await)
    }

    async fn invite(&self, carrying: &Carrying<'_>, row: &Row, at: usize) -> Result<Met, Failure> {
        let Carrying { id, panel, known, expires_at, .. } = carrying;
        let number = panel.numbered_before(known) + at as u32 + 1;
        let (stream, newcomer) = match self.newcomer((*id, panel), known.terms.frame, row)? {
            Some(made) => made,
            None => return Ok(Met::Passed),
        };
        let on = (*id, stream.clone());
        let asked = Asked::by_system();
        let done = self.page(&asked, on, Actor::SYSTEM, (panel, None), |key| Act::Invite {
            new: Newcomer { key: key(), ..newcomer.clone() },
            draw: known.id,
            number,
            expires_at: *expires_at,
        });
        let met = met(done.await)?;
        if matches!(met, Met::Done) {
            return Ok(met);
        }
        // A step that was broken off has invited some of its people.
        let (_, state) = self.state::<member::Decider>(&stream)?;
        let invited = |offer: member::state::Offer| offer.draw == known.id;
        let by_this = state.memberships.iter().any(|one| one.offer.is_some_and(invited));
        Ok(if by_this { Met::Done } else { Met::Passed })
    }

    /// Whom a row is about, and the stream of their page; nothing once the panel was erased. Its key is to come.
    fn newcomer(
        &self,
        (id, panel): (AggregateId, &Panel),
        frame: Option<ItemId>,
        row: &Row,
    ) -> Result<Option<(String, Newcomer)>, Failure> {
        let Some(tagging) = Tagging::of(self.log.vault(), panel.keys.tags)? else { return Ok(None) };
        let columns = frame.and_then(|frame| panel.import(frame)?.columns.known()).cloned();
        let area = |postcode: &str| self.tenant.area(postcode).to_owned();
        let mut person = row.person(&columns.unwrap_or_default(), &area);
        person.language = self.tenant.locale.split('-').next().unwrap_or_default().to_owned();
        let (page, tags) = tagging.of_row(row, &person);
        let (item, key) = (ItemId::from_bytes(rand::random()), radslag_kernel::KeyRef(0));
        Ok(Some((membering::stream(id, page), Newcomer { item, key, person, tags })))
    }

    /// Rows of a register by their numbers, in that order. It reads all of it.
    fn rows_of(&self, id: AggregateId, frame: &Import, numbers: &[u32]) -> Result<Vec<Option<Row>>, Failure> {
        let mut wanted: Vec<(u32, usize)> = numbers.iter().copied().zip(0..).collect();
        wanted.sort_unstable();
        let (mut found, mut wanted, mut before) =
            (vec![None; numbers.len()], wanted.into_iter().peekable(), 0);
        for part in 0..frame.parts {
            let rows = self.rows(id, frame.id, part)?;
            while let Some((number, place)) = wanted.peek().copied() {
                let Some(row) = rows.get((number - before) as usize) else { break };
                found[place] = Some(row.clone());
                wanted.next();
            }
            before += u32::try_from(rows.len()).unwrap_or(u32::MAX);
        }
        Ok(found)
    }

    /// The panel and the stream of whoever has a membership.
    ///
    /// # Errors
    /// What can't be read.
    pub async fn page_of(&self, item: ItemId) -> Result<Option<(AggregateId, String)>, Failure> {
        let rows = self.panels.store.query(&lists::MEMBER, &[item_value(item)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let panel = AggregateId::from_slice(row.bytes("panel")?).unwrap_or_default();
        let record = self.log.read_at(row.int("position")?.unsigned_abs())?;
        Ok(Some((panel, record.private.stream)))
    }

    /// Takes in lists of volunteers; how many steps there were.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn take_in(&self) -> Result<usize, Failure> {
        let rows = self.panels.store.query(&lists::IMPORTS_WAITING, &[Value::Int(1)]).await?;
        let Some(row) = rows.first() else { return Ok(0) };
        let id = AggregateId::from_slice(row.bytes("panel")?).unwrap_or_default();
        let import = ItemId::from_slice(row.bytes("import")?).unwrap_or_default();
        let mut steps = 0;
        if let Some((_, panel)) = self.panel(id)?
            && let Some(known) = panel.import(import)
        {
            if !panel.phase.has_members() {
                // They wait for the panel's start.
                return Ok(0);
            }
            steps = self.take_in_list((id, &panel), known).await?;
        }
        self.panels.wait_for(self.log.watermark()).await?;
        Ok(steps)
    }

    async fn take_in_list(
        &self,
        (id, panel): (AggregateId, &Panel),
        known: &Import,
    ) -> Result<usize, Failure> {
        let (mut before, mut steps) = (0, 0);
        for part in 0..known.parts {
            let rows = self.rows(id, known.id, part)?;
            let all = rows.len() as u64;
            let behind = known.done.saturating_sub(before).min(all) as usize;
            for chunk in rows[behind..].chunks(STEP) {
                let met = chunk.iter().map(|row| self.take_in_row((id, panel), known.id, row));
                let taken = try_join_all(met).await?.into_iter().filter(|taken| *taken).count() as u64;
                let done = chunk.len() as u64;
                let act = import::Act::Progress { import: known.id, done, taken };
                settle(self.by_itself(id, panel::Act::Import(act)).await)?;
                steps += 1;
            }
            before += all;
        }
        Ok(steps)
    }

    async fn take_in_row(
        &self,
        (id, panel): (AggregateId, &Panel),
        import: ItemId,
        row: &Row,
    ) -> Result<bool, Failure> {
        let Some((stream, newcomer)) = self.newcomer((id, panel), Some(import), row)? else {
            return Ok(false);
        };
        let on = (id, stream);
        let asked = Asked::by_system();
        let done = self.page(&asked, on, Actor::SYSTEM, (panel, None), |key| Act::Volunteer {
            new: Newcomer { key: key(), ..newcomer.clone() },
        });
        Ok(matches!(met(done.await)?, Met::Done))
    }

    /// Gives up imports that never became whole, and destroys those whose time is up; how many.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn end_imports(&self, now: Instant) -> Result<usize, Failure> {
        let values = [number(now.millis()), Value::Int(16)];
        let rows = self.panels.store.query(&lists::IMPORTS_DUE, &values).await?;
        for row in rows.iter() {
            let id = AggregateId::from_slice(row.bytes("panel")?).unwrap_or_default();
            let import = ItemId::from_slice(row.bytes("import")?).unwrap_or_default();
            let coming = row.text("standing")? == import::Standing::Coming.word();
            let act = if coming { import::Act::Cancel { import } } else { import::Act::Destroy { import } };
            settle(self.by_itself(id, panel::Act::Import(act)).await)?;
        }
        if !rows.is_empty() {
            self.panels.wait_for(self.log.watermark()).await?;
        }
        Ok(rows.len())
    }
}

/// A draw that is being carried out.
struct Carrying<'a> {
    id: AggregateId,
    panel: &'a Panel,
    known: &'a Draw,
    chosen: &'a Chosen,
    /// Of a register, in the order of `chosen`; nothing where it is gone.
    invited: Vec<Option<Row>>,
    expires_at: Instant,
}

/// What can't be done now comes again.
fn met(done: Result<crate::shell::Done, Undone<Wrong>>) -> Result<Met, Failure> {
    match done {
        Ok(_) => Ok(Met::Done),
        Err(Undone::Refused(_) | Undone::KeyReused | Undone::VersionChanged) => Ok(Met::Passed),
        Err(Undone::Failed(failure)) => Err(failure),
        Err(Undone::Busy | Undone::ReadOnly(_)) => Err(Failure::Stopped),
    }
}
