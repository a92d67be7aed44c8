//! Commands to batches of lists on paper. A sheet's lines and what its batch says of them are one append, guarded by the
//! petition's version. What takes longer than a request is done beside it, a bounded step at a time (`step`).

mod erasing;
pub mod import;
mod making;
mod own;
pub mod step;

use std::sync::Arc;

use radslag_kernel::{Actor, AggregateId, Date, Decider as _, Instant, ItemId};
use radslag_runtime::{
    execute::{Happening, Plan, Planned, Stop, Undone, execute},
    service::{Failure, Loaded, load},
};
use radslag_vault::NewKey;

use crate::{
    event::Event,
    paper::{self, Act, Fault, Kept, Refusal, Sheet, State, Terms, Typed, csv::Row},
    petition::{self, state::Life},
    shell::{Asked, Done, Office, Petitions, Wrong, office, petition::Staff},
};

pub use step::working;

use making::{entering, takes_paper};

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
    /// A sheet's stream, its version and what is added to it.
    beside: Option<(String, u64, Vec<Event>)>,
    keys: Vec<NewKey>,
}

impl From<Act> for Made {
    fn from(act: Act) -> Self {
        Self { act, beside: None, keys: Vec::new() }
    }
}

/// What is made of a batch as it was found.
type Making = Result<Result<Made, Refusal>, Failure>;

/// Who acts on a batch.
#[derive(Clone, Copy)]
enum Who<'a> {
    Staff(&'a Staff<'a>),
    /// The service goes on with what somebody decided.
    Service(Actor),
}

impl Who<'_> {
    fn ground(self) -> String {
        match self {
            Who::Staff(staff) => staff.ground.clone(),
            Who::Service(_) => String::new(),
        }
    }

    fn asks_ground(self, petition: &petition::Petition) -> bool {
        let policy = petition.filed.as_ref().map(|filed| &filed.policy);
        matches!(self, Who::Staff(_)) && policy.is_some_and(|policy| policy.paper_grounds)
    }
}

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

/// The stream of one part of one of its files.
#[must_use]
pub fn file_stream(petition: AggregateId, batch: ItemId, import: u32, part: u32) -> String {
    format!("paper-{petition}-{batch}-file-{import}-{part}")
}

/// The stream of one of its sheets.
#[must_use]
pub fn sheet_stream(petition: AggregateId, batch: ItemId, sheet: u32) -> String {
    format!("paper-{petition}-{batch}-{sheet}")
}

/// The state of a loaded batch.
fn fold(loaded: &Loaded<Event>) -> State {
    paper::Decider::fold(loaded.events.iter().filter_map(|recorded| recorded.event.paper()))
}

impl Office {
    /// A batch as it is.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn paper(&self, petition: AggregateId, batch: ItemId) -> Result<State, Failure> {
        Ok(fold(&load::<Petitions>(&self.log, &stream(petition, batch))?))
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
            .on_paper((petition, batch), asked, Who::Staff(staff), &mut |found| {
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
            .on_paper((petition, batch), asked, Who::Staff(staff), &mut |found| {
                refused.clear();
                let Some(terms) = self.paper_terms(found) else { return Ok(Err(Refusal::UnknownBatch)) };
                let in_order = rows.windows(2).all(|pair| pair[0].number < pair[1].number);
                if rows.len() > paper::SHEET || !in_order {
                    let refusal = if in_order { Refusal::TooManyLines } else { Refusal::LinesNotInOrder };
                    return Ok(Err(refusal));
                }
                let entering = entering(self.log.vault(), found.at, rows, &terms);
                refused.extend(entering.refused.iter().copied());
                let first = rows.first().map_or(0, |row| row.number);
                let (taken, no, last) = entering.numbers(rows);
                let act = Act::Enter { taken, refused: no, first, last };
                let sheet = next_sheet(found);
                let beside = Some((sheet_stream(petition, batch, sheet), 0, entering.events));
                Ok(Ok(Made { act, beside, keys: entering.keys }))
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
        self.on_paper((petition, batch), asked, Who::Staff(staff), &mut |found| {
            let (version, lines) = self.paper_sheet(petition, batch, sheet)?;
            let differing = match read.map(|read| lines.compare((found.at, by), read)) {
                None => Vec::new(),
                Some(Ok(differing)) => differing,
                Some(Err(refusal)) => return Ok(Err(refusal)),
            };
            let act = Act::Check { sheet, differing: u32::try_from(differing.len()).unwrap_or(u32::MAX) };
            let events = differing.into_iter().map(Event::Paper).collect();
            let beside = Some((sheet_stream(petition, batch, sheet), version, events));
            Ok(Ok(Made { beside, ..act.into() }))
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
        self.on_paper((petition, batch), asked, Who::Staff(staff), &mut |found| {
            let Some(terms) = self.paper_terms(found) else { return Ok(Err(Refusal::UnknownBatch)) };
            let (version, lines) = self.paper_sheet(petition, batch, sheet)?;
            let settled = match lines.settle((found.at, by), number, kept, &terms) {
                Ok(settled) => vec![Event::Paper(settled)],
                Err(refusal) => return Ok(Err(refusal)),
            };
            let beside = Some((sheet_stream(petition, batch, sheet), version, settled));
            Ok(Ok(Made { beside, ..Act::Settle { sheet }.into() }))
        })
        .await
    }

    /// A batch is to be counted; it is, sheet by sheet, beside the request.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn accept_paper(
        &self,
        batch: (AggregateId, ItemId),
        asked: &Asked,
        staff: &Staff<'_>,
    ) -> Result<Done, Undone<Wrong>> {
        self.on_paper(batch, asked, Who::Staff(staff), &mut |_| Ok(Ok(Act::Accept.into()))).await
    }

    /// Nothing of a batch is to count, and what lost to it counts again; beside the request.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn undo_paper(
        &self,
        batch: (AggregateId, ItemId),
        asked: &Asked,
        staff: &Staff<'_>,
    ) -> Result<Done, Undone<Wrong>> {
        let undo = &mut |_: &Found| Ok(Ok(Act::Undo { ground: staff.ground.clone() }.into()));
        self.on_paper(batch, asked, Who::Staff(staff), undo).await
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
        let received = found.batch.0.as_ref()?.received;
        Some(Terms::new(policy, closes_at, received, &self.calendar))
    }

    async fn on_paper(
        &self,
        (petition, batch): (AggregateId, ItemId),
        asked: &Asked,
        who: Who<'_>,
        make: &mut (dyn FnMut(&Found) -> Making + Send),
    ) -> Result<Done, Undone<Wrong>> {
        let actor = match who {
            Who::Staff(staff) => Actor { role: staff.role, subject: self.staff(staff.subject) },
            Who::Service(actor) => actor,
        };
        let on_paper = self.signed_before(petition, who).await?;
        execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let (guard, state) = self.petition(petition)?;
            let Some(known) = &state.0 else { return Err(Stop::refused(Wrong::Unknown)) };
            let loaded = asked.load::<Petitions, _>(&self.log, &stream(petition, batch))?;
            let found = Found { at, petition: state.clone(), version: guard, batch: fold(&loaded) };
            let Made { act, beside, keys } = make(&found)?.map_err(Stop::refused)?;
            let command = paper::Command {
                at,
                batch,
                by: actor.subject,
                conflict: self.paper_conflict(petition, (who, on_paper), &state)?,
                takes_paper: takes_paper(known),
                ground: who.ground(),
                asks_ground: who.asks_ground(known),
                act,
            };
            let events = paper::Decider::decide(&found.batch, command).map_err(Stop::refused)?;
            if events.is_empty() {
                return Err(Stop::nothing(loaded.version));
            }
            let seal =
                found.batch.0.as_ref().map(|batch| batch.key).or(keys.first().map(|new| new.reference));
            let happening = |event| Happening::of(petition, known.dialogue, actor, event);
            let events = events.into_iter().map(Event::Paper).map(happening).collect();
            let mut writes =
                vec![Planned { stream: stream(petition, batch), expected: loaded.version, events }];
            if let Some((stream, expected, lines)) = beside.filter(|(.., lines)| !lines.is_empty()) {
                let events = lines.into_iter().map(happening).collect();
                writes.push(Planned { stream, expected, events });
            }
            Ok(Plan { writes, guards: vec![(office::stream(petition), guard)], keys, digest_under: seal })
        })
        .await
    }

    /// Whether an official signed the petition on paper.
    async fn signed_before(&self, petition: AggregateId, who: Who<'_>) -> Result<bool, Failure> {
        match who {
            Who::Staff(staff) => self.signed_on_paper(petition, staff).await,
            Who::Service(_) => Ok(false),
        }
    }

    /// Whether an official started or signed the petition; the service goes on with what one decided who hadn't.
    fn paper_conflict(
        &self,
        petition: AggregateId,
        (who, on_paper): (Who<'_>, bool),
        state: &petition::State,
    ) -> Result<bool, Failure> {
        let Who::Staff(staff) = who else { return Ok(false) };
        let filed = state.0.as_ref().and_then(|petition| petition.filed.as_ref());
        let tags = filed.and_then(|filed| filed.tags.known());
        let official = self.official(petition, (staff, on_paper), state)?;
        Ok(official.signed || tags.is_some_and(|tags| tags.is_any_of(&official.tags)))
    }
}

/// The number of the sheet that would come next.
fn next_sheet(found: &Found) -> u32 {
    let sheets = found.batch.0.as_ref().map_or(0, |batch| batch.sheets.len());
    u32::try_from(sheets).unwrap_or(u32::MAX)
}
