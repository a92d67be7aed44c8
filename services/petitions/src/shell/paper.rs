//! Commands to batches of lists on paper. A sheet's lines and what its batch says of them are one append, guarded by the
//! petition's version.

mod making;

use std::sync::Arc;

use radslag_eventlog::Record;
use radslag_kernel::{Actor, AggregateId, Date, Decider as _, Instant, ItemId, Opened, time};
use radslag_readmodel::Query;
use radslag_runtime::{
    execute::{Command, Decision, Plan, Planned, Undone, execute},
    service::{Failure, load},
};
use radslag_vault::NewKey;

use crate::{
    event::Event,
    paper::{self, Act, Fault, Kept, Phase, Refusal, Sheet, State, Terms, Typed, csv::Row},
    petition::{self, state::Life},
    projections::{id, item as item_value, lists as sql},
    shell::{Asked, Done, Office, Petitions, Wrong, office, petition::Staff, signature as pages},
    signature,
};

use making::{checked, happening, line, submission, takes_paper};

const BEATEN: Query = Query::new("beaten on paper", sql::BEATEN_ON_PAPER);

/// What came of typing lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// What was written.
    pub done: Done,
    /// Lines taken.
    pub taken: u32,
    /// Lines not taken, by number.
    pub refused: Vec<(u32, Fault)>,
}

/// What a command to a batch wants done.
struct Made {
    act: Act,
    /// Of the batch's sheet with this number.
    sheet: Option<(u32, u64, Vec<Event>)>,
    keys: Vec<NewKey>,
}

impl From<Act> for Made {
    fn from(act: Act) -> Self {
        Self { act, sheet: None, keys: Vec::new() }
    }
}

/// What is made of a batch as it was found.
type Making = Result<Result<Made, Refusal>, Failure>;

/// A batch with its petition, as a command finds them.
struct Found {
    at: Instant,
    petition: Arc<petition::State>,
    version: u64,
    batch: State,
}

/// The stream of a batch.
#[must_use]
pub fn stream(petition: AggregateId, batch: ItemId) -> String {
    format!("paper-{petition}-{batch}")
}

/// The stream of one of its sheets.
#[must_use]
pub fn sheet_stream(petition: AggregateId, batch: ItemId, sheet: u32) -> String {
    format!("paper-{petition}-{batch}-{sheet}")
}

impl Office {
    /// A batch as it is.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn paper(&self, petition: AggregateId, batch: ItemId) -> Result<State, Failure> {
        let loaded = load::<Petitions>(&self.log, &stream(petition, batch))?;
        Ok(paper::Decider::fold(loaded.events.iter().filter_map(|recorded| recorded.event.paper())))
    }

    /// A sheet as it is, and the version of its stream.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn paper_sheet(
        &self,
        petition: AggregateId,
        batch: ItemId,
        sheet: u32,
    ) -> Result<(u64, Sheet), Failure> {
        let loaded = load::<Petitions>(&self.log, &sheet_stream(petition, batch, sheet))?;
        let events = loaded.events.iter().filter_map(|recorded| recorded.event.paper());
        Ok((loaded.version, Sheet::fold(events)))
    }

    /// A batch came in.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn register_paper(
        &self,
        petition: AggregateId,
        asked: &Asked,
        staff: &Staff<'_>,
        (received, scan): (Date, [u8; 32]),
    ) -> Result<(ItemId, Done), Undone<Wrong>> {
        // The same command makes the same batch.
        let batch = if asked.repeatable {
            ItemId::from_bytes(self.commands.short("paper", &asked.command.to_string()))
        } else {
            ItemId::from_bytes(rand::random())
        };
        let done = self
            .on_paper((petition, batch), asked, staff, &mut |found| {
                let (new, today) = (self.log.vault().reserve(), self.calendar.date(found.at));
                let act = Act::Register { key: new.reference, received, today, scan };
                Ok(Ok(Made { keys: vec![new], ..act.into() }))
            })
            .await?;
        Ok((batch, done))
    }

    /// Lines were typed, or read from a file: a sheet of them. Those that break a rule are kept with the reason.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn enter_paper(
        &self,
        (petition, batch): (AggregateId, ItemId),
        asked: &Asked,
        staff: &Staff<'_>,
        rows: &[Row],
    ) -> Result<Entered, Undone<Wrong>> {
        let mut refused = Vec::new();
        let done = self
            .on_paper((petition, batch), asked, staff, &mut |found| {
                refused.clear();
                let Some(terms) = self.paper_terms(found) else { return Ok(Err(Refusal::UnknownBatch)) };
                let in_order = rows.windows(2).all(|pair| pair[0].number < pair[1].number);
                if rows.len() > paper::SHEET || !in_order {
                    let refusal = if in_order { Refusal::TooManyLines } else { Refusal::LinesNotInOrder };
                    return Ok(Err(refusal));
                }
                let (mut events, mut keys) = (Vec::new(), Vec::new());
                for row in rows {
                    let new = self.log.vault().reserve();
                    let event = line(found.at, row, &terms, &new);
                    keys.push(new);
                    if let Err(fault) = checked(row, &terms) {
                        refused.push((row.number, fault));
                    }
                    events.push(Event::Paper(event));
                }
                let sheets = found.batch.0.as_ref().map_or(0, |batch| batch.sheets.len());
                let numbers =
                    (rows.first().map_or(0, |row| row.number), rows.last().map_or(0, |row| row.number));
                let no = u32::try_from(refused.len()).unwrap_or(u32::MAX);
                let all = u32::try_from(rows.len()).unwrap_or(u32::MAX);
                let act = Act::Enter { taken: all - no, refused: no, first: numbers.0, last: numbers.1 };
                let sheet = u32::try_from(sheets).unwrap_or(u32::MAX);
                Ok(Ok(Made { act, sheet: Some((sheet, 0, events)), keys }))
            })
            .await?;
        let taken = u32::try_from(rows.len() - refused.len()).unwrap_or(u32::MAX);
        Ok(Entered { done, taken, refused })
    }

    /// Another person looked at each line of a sheet; `read`: what they typed, or nothing if they held it beside the scan
    /// and found the same. How many lines differ.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn check_paper(
        &self,
        (petition, batch, sheet): (AggregateId, ItemId, u32),
        asked: &Asked,
        staff: &Staff<'_>,
        read: Option<&[(u32, Typed)]>,
    ) -> Result<Done, Undone<Wrong>> {
        let by = self.staff(staff.subject);
        self.on_paper((petition, batch), asked, staff, &mut |found| {
            let (version, lines) = self.paper_sheet(petition, batch, sheet)?;
            let differing = match read.map(|read| lines.compare((found.at, by), read)) {
                None => Vec::new(),
                Some(Ok(differing)) => differing,
                Some(Err(refusal)) => return Ok(Err(refusal)),
            };
            let act = Act::Check { sheet, differing: u32::try_from(differing.len()).unwrap_or(u32::MAX) };
            let events = differing.into_iter().map(Event::Paper).collect();
            Ok(Ok(Made { sheet: Some((sheet, version, events)), ..act.into() }))
        })
        .await
    }

    /// What is kept of a line that two people read differently.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn settle_paper(
        &self,
        (petition, batch, sheet): (AggregateId, ItemId, u32),
        asked: &Asked,
        staff: &Staff<'_>,
        (number, kept): (u32, Kept),
    ) -> Result<Done, Undone<Wrong>> {
        let by = self.staff(staff.subject);
        self.on_paper((petition, batch), asked, staff, &mut |found| {
            let Some(terms) = self.paper_terms(found) else { return Ok(Err(Refusal::UnknownBatch)) };
            let (version, lines) = self.paper_sheet(petition, batch, sheet)?;
            let settled = match lines.settle((found.at, by), number, kept, &terms) {
                Ok(settled) => vec![Event::Paper(settled)],
                Err(refusal) => return Ok(Err(refusal)),
            };
            Ok(Ok(Made { sheet: Some((sheet, version, settled)), ..Act::Settle { sheet }.into() }))
        })
        .await
    }

    /// Counts a batch, sheet by sheet. Asked again after a crash it goes on where it was.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn accept_paper(
        &self,
        (petition, batch): (AggregateId, ItemId),
        asked: &Asked,
        staff: &Staff<'_>,
    ) -> Result<Done, Undone<Wrong>> {
        let halfway = self.is_halfway(petition, batch, Phase::Accepted)?;
        let mut done = Done::nothing(0);
        if !halfway {
            let accept = &mut |_: &Found| Ok(Ok(Act::Accept.into()));
            done = self.on_paper((petition, batch), asked, staff, accept).await?;
        }
        while self.is_halfway(petition, batch, Phase::Accepted)? {
            done = self.count_sheet((petition, batch), staff).await?;
        }
        Ok(done)
    }

    /// Strikes out all that a batch counted, and counts again what lost to it.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn undo_paper(
        &self,
        (petition, batch): (AggregateId, ItemId),
        asked: &Asked,
        staff: &Staff<'_>,
    ) -> Result<Done, Undone<Wrong>> {
        let mut done = Done::nothing(0);
        if !self.is_halfway(petition, batch, Phase::Undone)? {
            let undo = &mut |_: &Found| Ok(Ok(Act::Undo { ground: staff.ground.clone() }.into()));
            done = self.on_paper((petition, batch), asked, staff, undo).await?;
        }
        while self.is_halfway(petition, batch, Phase::Undone)? {
            let (struck, written) = self.strike_sheet((petition, batch), staff).await?;
            done = written;
            self.reinstate(petition, struck).await?;
        }
        Ok(done)
    }

    fn is_halfway(&self, petition: AggregateId, batch: ItemId, phase: Phase) -> Result<bool, Failure> {
        let known = self.paper(petition, batch)?.0;
        Ok(known.is_some_and(|batch| batch.phase == phase && batch.next_sheet().is_some()))
    }

    async fn count_sheet(
        &self,
        (petition, batch): (AggregateId, ItemId),
        staff: &Staff<'_>,
    ) -> Result<Done, Undone<Wrong>> {
        let tags = self.tags(petition)?;
        self.on_paper((petition, batch), &Asked::by_system(), staff, &mut |found| {
            let next = found.batch.0.as_ref().and_then(paper::state::Batch::next_sheet);
            let (Some(sheet), Some(view)) = (next, found.petition.view(found.version)) else {
                return Ok(Err(Refusal::UnknownBatch));
            };
            let (version, lines) = self.paper_sheet(petition, batch, sheet)?;
            let (mut events, mut uncompared) = (Vec::new(), 0);
            for line in &lines.lines {
                let Some((typed, date)) =
                    line.stands().and_then(|it| Some((it, it.date.trim().parse().ok()?)))
                else {
                    continue;
                };
                let number = paper::typed::number(&typed.number, Date::year(date));
                let signer = tags.signer(&typed.name, None, &typed.postcode, number.as_deref());
                if view.is_initiator(&signer) {
                    continue;
                }
                let compared = signer.person.is_some() || signer.eid.is_some();
                uncompared += u32::from(!compared);
                let area = self.tenant.area(&typed.postcode).to_owned();
                let submission = submission(line, typed, (self.calendar.start_of(date), &view), signer, area);
                events.push(Event::Signature(signature::Event::Listed { submission, compared }));
            }
            let counted = u32::try_from(events.len()).unwrap_or(u32::MAX);
            let act = Act::Count { counted, uncompared };
            Ok(Ok(Made { sheet: Some((sheet, version, events)), ..act.into() }))
        })
        .await
    }

    /// The signatures that were struck out.
    async fn strike_sheet(
        &self,
        (petition, batch): (AggregateId, ItemId),
        staff: &Staff<'_>,
    ) -> Result<(Vec<ItemId>, Done), Undone<Wrong>> {
        let mut struck = Vec::new();
        let done = self
            .on_paper((petition, batch), &Asked::by_system(), staff, &mut |found| {
                struck.clear();
                let next = found.batch.0.as_ref().and_then(paper::state::Batch::next_sheet);
                let (Some(sheet), Some(view)) = (next, found.petition.view(found.version)) else {
                    return Ok(Err(Refusal::UnknownBatch));
                };
                let loaded = load::<Petitions>(&self.log, &sheet_stream(petition, batch, sheet))?;
                let (by, record) = (self.staff(staff.subject), view.record);
                let page = pages::fold(&loaded);
                let counted =
                    page.slots.iter().filter(|slot| slot.standing == signature::Standing::Confirmed);
                struck.extend(counted.filter_map(|slot| slot.item));
                let strike = |item: &ItemId| {
                    Event::Signature(signature::Event::Invalidated {
                        at: found.at,
                        item: *item,
                        by,
                        was_counted: true,
                        batch: Some(*batch.as_bytes()),
                        record,
                        ground: Opened::Known(staff.ground.clone()),
                    })
                };
                let events: Vec<Event> = struck.iter().map(strike).collect();
                let act = Act::Strike { struck: u32::try_from(events.len()).unwrap_or(u32::MAX) };
                Ok(Ok(Made { sheet: Some((sheet, loaded.version, events)), ..act.into() }))
            })
            .await?;
        Ok((struck, done))
    }

    /// Lines of other lists that lost to these count again, if their own batch wasn't undone.
    async fn reinstate(&self, petition: AggregateId, struck: Vec<ItemId>) -> Result<(), Undone<Wrong>> {
        self.persons.wait_for(self.log.watermark()).await?;
        let values = struck.iter().map(|item| vec![id(petition), item_value(*item)]).collect();
        let found = self.persons.store.query_each(&BEATEN, values).await.map_err(Failure::from)?;
        for rows in found {
            for row in &rows {
                let position = row.int("position").map_err(Failure::from)?.unsigned_abs();
                let item = ItemId::from_slice(row.bytes("item").map_err(Failure::from)?).unwrap_or_default();
                let stream = self.stream_at(position)?;
                let batch = stream.split('-').nth(2).and_then(|batch| batch.parse().ok());
                let undone = batch.map(|batch| self.paper(petition, batch)).transpose()?;
                if undone.and_then(|state| state.0).is_some_and(|batch| batch.phase != Phase::Accepted) {
                    continue;
                }
                let reinstate = signature::Act::Reinstate { item };
                self.on_signature_by_system(petition, &stream, reinstate).await?;
                break;
            }
        }
        Ok(())
    }

    fn paper_terms(&self, found: &Found) -> Option<Terms> {
        let petition = found.petition.0.as_ref()?;
        let policy = Arc::new(petition.filed.as_ref()?.policy.clone());
        let closes_at = match &petition.life {
            Life::Open { closes_at } => *closes_at,
            Life::Counting { closed_at, .. } => *closed_at,
            _ => petition
                .ended
                .map(|(ended, _)| ended)
                .or(petition.opened.as_ref().map(|plan| plan.closes_at))?,
        };
        // An end of day belongs to the day before it.
        let day = |end: Instant| self.calendar.date(Instant::from_millis(end.millis().saturating_sub(1)));
        let (deadline, days) = (day(closes_at), policy.counting_hours.div_ceil(24));
        let receivable = time::plus_days(deadline, days);
        Some(Terms { policy, deadline, receivable, received: found.batch.0.as_ref()?.received })
    }

    async fn on_paper(
        &self,
        (petition, batch): (AggregateId, ItemId),
        asked: &Asked,
        staff: &Staff<'_>,
        make: &mut (dyn FnMut(&Found) -> Making + Send),
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: staff.role, subject: self.staff(staff.subject) };
        let (mut answer, mut version) = (None, 0);
        let done = execute::<Petitions, Wrong>(&self.log, |at| {
            let (guard, state) = self.petition(petition)?;
            let Some(known) = &state.0 else { return Ok(Decision::Refused(Wrong::Unknown)) };
            let loaded = load::<Petitions>(&self.log, &stream(petition, batch))?;
            match self.paper_done(asked, &loaded.records)? {
                Some(Ok(done)) => {
                    answer = Some(done);
                    return Ok(Decision::Nothing);
                }
                Some(Err(wrong)) => return Ok(Decision::Refused(wrong)),
                None => {}
            }
            let events = loaded.events.iter().filter_map(|recorded| recorded.event.paper());
            let found =
                Found { at, petition: state.clone(), version: guard, batch: paper::Decider::fold(events) };
            let Made { act, sheet, keys } = match make(&found)? {
                Ok(made) => made,
                Err(refusal) => return Ok(Decision::Refused(refusal.into())),
            };
            let command = paper::Command {
                at,
                batch,
                by: actor.subject,
                conflict: self.paper_conflict(petition, staff, &state)?,
                takes_paper: takes_paper(known),
                act,
            };
            let events = match paper::Decider::decide(&found.batch, command) {
                Ok(events) if events.is_empty() => return Ok(Decision::Nothing),
                Ok(events) => events,
                Err(refusal) => return Ok(Decision::Refused(refusal.into())),
            };
            version = loaded.version + events.len() as u64;
            let seal =
                found.batch.0.as_ref().map(|batch| batch.key).or(keys.first().map(|new| new.reference));
            let digest = seal.map(|key| (key, asked.digest));
            let happening = |event| happening(petition, actor, known.dialogue, event);
            let events = events.into_iter().map(Event::Paper).map(happening).collect();
            let mut writes =
                vec![Planned { stream: stream(petition, batch), expected: loaded.version, events }];
            if let Some((sheet, expected, lines)) = sheet.filter(|(_, _, lines)| !lines.is_empty()) {
                let events = lines.into_iter().map(happening).collect();
                writes.push(Planned { stream: sheet_stream(petition, batch, sheet), expected, events });
            }
            Ok(Decision::Write(Plan {
                writes,
                guards: vec![(office::stream(petition), guard)],
                keys,
                command: asked.repeatable.then_some(Command { id: asked.command, digest }),
                causation: None,
                trace: asked.trace,
            }))
        })
        .await?;
        let written = || done.map_or(Done::nothing(version), |appended| Done::written(&appended, version));
        Ok(answer.unwrap_or_else(written))
    }

    fn paper_done(&self, asked: &Asked, records: &[Record]) -> Result<Option<Result<Done, Wrong>>, Failure> {
        asked.done_before(records, self.log.vault())
    }

    /// Whether an official started or signed the petition.
    fn paper_conflict(
        &self,
        petition: AggregateId,
        staff: &Staff<'_>,
        state: &petition::State,
    ) -> Result<bool, Failure> {
        let filed = state.0.as_ref().and_then(|petition| petition.filed.as_ref());
        let tags = filed.and_then(|filed| filed.tags.known());
        let official = self.official(petition, staff, state)?;
        Ok(official.signed || tags.is_some_and(|tags| tags.is_any_of(&official.tags)))
    }
}
