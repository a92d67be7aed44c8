//! What is done beside requests: parts of a file become sheets, sheets are counted, or struck out. Each step is one append
//! that says itself how far it is, so after a crash the next one goes on there.

use std::sync::Arc;

use radslag_eventlog::Record;
use radslag_kernel::{Actor, AggregateId, Date, ItemId, Opened, Role, SubjectId};
use radslag_readmodel::Query;
use radslag_runtime::{
    execute::Undone,
    service::{Failure, load},
    timer,
};

use crate::{
    event::Event,
    paper::{self, Act, Fault, Import, Refusal, Terms, Work, typed},
    projections::{id, item as item_value, lists as sql},
    shell::{
        Asked, Done, Office, Petitions, Wrong,
        paper::{
            Found, Made, Making, Who, file_stream, fold,
            making::{entering, submission},
            next_sheet, sheet_stream, stream,
        },
        settled, signature as pages,
        tagging::Tags,
    },
    signature,
};

const AT_WORK: Query = sql::PAPERS_AT_WORK;
const BEATEN: Query = sql::BEATEN_ON_PAPER;
/// How long a file may take to come in; then it broke off.
pub const PATIENCE_HOURS: u64 = 1;

type Of = (AggregateId, ItemId);

/// Does what is to be done for batches, a step of each in turn, for ever.
///
/// # Errors
/// Whatever a step says; the caller starts it again, and it goes on where it was.
pub async fn working(office: Arc<Office>) -> Result<(), Failure> {
    let log = office.log.clone();
    timer::tick(&log, move |_| work(office.clone())).await
}

async fn work(office: Arc<Office>) -> Result<usize, Failure> {
    let mut done = 0;
    for row in office.petitions.store.query(&AT_WORK, &[]).await? {
        let petition = AggregateId::from_slice(row.bytes("petition")?).unwrap_or_default();
        let batch = ItemId::from_slice(row.bytes("batch")?).unwrap_or_default();
        done += usize::from(office.step_paper((petition, batch)).await?);
    }
    Ok(done)
}

impl Office {
    /// Does the next thing for a batch; whether there was one that could be done.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`, `Readmodel`; what was appended stands.
    pub async fn step_paper(&self, of: Of) -> Result<bool, Failure> {
        let loaded = load::<Petitions>(&self.log, &stream(of.0, of.1))?;
        let Some(known) = fold(&loaded).0 else { return Ok(false) };
        let author = |kind| Who::Service(author(&loaded.records, kind));
        let (import, counts, undoes) = ("paper.import_started", "paper.accepted", "paper.undone");
        let simple = |act: Act| move |_: &Found| Ok(Ok(Made::from(act.clone())));
        let asked = Asked::by_system();
        let done = match (known.work(), &known.import) {
            (Some(Work::Await), Some(coming)) => {
                if self.now() < coming.began.plus_hours(PATIENCE_HOURS) {
                    return Ok(false);
                }
                let mut cancel = simple(Act::CancelImport { import: Some(coming.number) });
                self.on_paper(of, &asked, Who::Service(Actor::SYSTEM), &mut cancel).await
            }
            (Some(Work::Enter(part)), Some(file)) => self.enter_part(of, author(import), (file, part)).await,
            (Some(Work::Count(sheet)), _) => self.count_sheet(of, author(counts), sheet).await,
            (Some(Work::FinishCount), _) => {
                self.on_paper(of, &asked, author(counts), &mut simple(Act::FinishCount)).await
            }
            (Some(Work::Strike(sheet)), _) => self.strike_sheet(of, author(undoes), sheet).await,
            (Some(Work::Reinstate(sheet)), _) => {
                self.reinstate(of, sheet).await?;
                self.on_paper(of, &asked, author(undoes), &mut simple(Act::Reinstate)).await
            }
            (Some(Work::FinishStrike), _) => {
                self.on_paper(of, &asked, author(undoes), &mut simple(Act::FinishStrike)).await
            }
            (Some(Work::Await | Work::Enter(_)) | None, _) => return Ok(false),
        };
        Ok(settled(done)?.is_some_and(|done| done.at.is_some()))
    }

    /// A part of a file becomes a sheet, measured by what held when the file came.
    async fn enter_part(
        &self,
        (petition, batch): Of,
        who: Who<'_>,
        (import, part): (&Import, u32),
    ) -> Result<Done, Undone<Wrong>> {
        let kept = load::<Petitions>(&self.log, &file_stream(petition, batch, import.number, part))?;
        let kept = kept.events.first().and_then(|recorded| match recorded.event.paper()? {
            paper::Event::PartReceived { part, .. } => part.known().cloned(),
            _another => None,
        });
        // Without its key there is nothing to read any more: it was cancelled.
        let Some(rows) = kept.map(|part| part.read()) else { return Ok(Done::nothing(0)) };
        self.on_paper((petition, batch), &Asked::by_system(), who, &mut |found| {
            let Some(terms) = self.paper_terms(found) else { return Ok(Err(Refusal::UnknownBatch)) };
            let terms = Terms { deadline: import.deadline, receivable: import.receivable, ..terms };
            let entering = entering(self.log.vault(), found.at, &rows, &terms);
            let first = rows.first().map_or(0, |row| row.number);
            let (taken, refused, last) = entering.numbers(&rows);
            let act = Act::EnterPart { import: import.number, taken, refused, first, last };
            let sheet = sheet_stream(petition, batch, next_sheet(found));
            Ok(Ok(Made { act, beside: Some((sheet, 0, entering.events)), keys: entering.keys }))
        })
        .await
    }

    async fn count_sheet(
        &self,
        (petition, batch): Of,
        who: Who<'_>,
        sheet: u32,
    ) -> Result<Done, Undone<Wrong>> {
        let tags = self.tags(petition)?;
        let count = &mut |found: &Found| self.counting((petition, batch, sheet), found, &tags);
        self.on_paper((petition, batch), &Asked::by_system(), who, count).await
    }

    fn counting(
        &self,
        (petition, batch, sheet): (AggregateId, ItemId, u32),
        found: &Found,
        tags: &Tags,
    ) -> Making {
        let Some(view) = found.petition.view(found.version) else { return Ok(Err(Refusal::UnknownBatch)) };
        let (version, lines) = self.paper_sheet(petition, batch, sheet)?;
        let (mut events, mut counted, mut uncompared, mut dropped) = (Vec::new(), 0, 0, 0);
        for line in &lines.lines {
            let date = |typed: &paper::Typed| typed.date.trim().parse::<Date>().ok();
            let Some((typed, date)) = line.stands().and_then(|typed| Some((typed, date(typed)?))) else {
                continue;
            };
            let number = typed::number(&typed.number, date.year());
            let signer = tags.signer(&typed.name, None, &typed.postcode, number.as_deref());
            if view.is_initiator(&signer) {
                let reason = Opened::Known(Fault::Initiator.word().to_owned());
                let (at, item, key) = (found.at, line.item, line.key);
                events.push(Event::Paper(paper::Event::Dropped { at, item, key, reason }));
                dropped += 1;
                continue;
            }
            let compared = signer.person.is_some() || signer.eid.is_some();
            (counted, uncompared) = (counted + 1, uncompared + u32::from(!compared));
            let area = self.tenant.area(&typed.postcode).to_owned();
            let submission = submission(line, typed, (self.calendar.start_of(date), &view), signer, area);
            events.push(Event::Signature(signature::Event::Listed { submission, compared }));
        }
        let beside = Some((sheet_stream(petition, batch, sheet), version, events));
        Ok(Ok(Made { beside, ..Act::Count { counted, uncompared, dropped }.into() }))
    }

    async fn strike_sheet(
        &self,
        (petition, batch): Of,
        who: Who<'_>,
        sheet: u32,
    ) -> Result<Done, Undone<Wrong>> {
        let Who::Service(actor) = who else { return Ok(Done::nothing(0)) };
        self.on_paper((petition, batch), &Asked::by_system(), who, &mut |found| {
            let (Some(view), Some(known)) = (found.petition.view(found.version), &found.batch.0) else {
                return Ok(Err(Refusal::UnknownBatch));
            };
            let ground = known.ground.known().cloned().unwrap_or_default();
            let loaded = load::<Petitions>(&self.log, &sheet_stream(petition, batch, sheet))?;
            let page = pages::fold(&loaded);
            let counted = page.slots.iter().filter(|slot| slot.standing == signature::Standing::Confirmed);
            let strike = |item| {
                Event::Signature(signature::Event::Invalidated {
                    at: found.at,
                    item,
                    by: actor.subject,
                    was_counted: true,
                    against: false,
                    batch: Some(*batch.as_bytes()),
                    record: view.record,
                    ground: Opened::Known(ground.clone()),
                })
            };
            let events: Vec<Event> = counted.filter_map(|slot| slot.item).map(strike).collect();
            let struck = u32::try_from(events.len()).unwrap_or(u32::MAX);
            let beside = Some((sheet_stream(petition, batch, sheet), loaded.version, events));
            Ok(Ok(Made { beside, ..Act::Strike { struck }.into() }))
        })
        .await
    }

    /// Of lines of other lists that lost to a struck sheet's, the first counts again, unless its batch was undone or its
    /// signer counts in another way. Done twice it does nothing the second time.
    async fn reinstate(&self, (petition, batch): Of, sheet: u32) -> Result<(), Failure> {
        let page = pages::fold(&load::<Petitions>(&self.log, &sheet_stream(petition, batch, sheet))?);
        let struck = page.slots.iter().filter(|slot| slot.batch == Some(*batch.as_bytes()));
        let struck = struck.filter_map(|slot| slot.item);
        let values = struck.map(|item| vec![id(petition), item_value(item)]).collect();
        self.persons.wait_for(self.log.watermark()).await?;
        for rows in self.persons.store.query_each(&BEATEN, values).await? {
            let mut lost = Vec::new();
            for row in &rows {
                let item = ItemId::from_slice(row.bytes("item")?).unwrap_or_default();
                lost.push((
                    row.int("counted")? > 0,
                    row.text("method")? == "paper",
                    item,
                    row.int("position")?,
                ));
            }
            if lost.iter().any(|(counts, ..)| *counts) {
                continue;
            }
            for (_, _, item, position) in lost.into_iter().filter(|(_, on_paper, ..)| *on_paper) {
                let stream = self.stream_at(position.unsigned_abs())?;
                let of = stream.split('-').nth(2).and_then(|batch| batch.parse().ok());
                let of = of.map(|batch| self.paper(petition, batch)).transpose()?.and_then(|state| state.0);
                if of.is_none_or(|batch| batch.phase != paper::Phase::Accepted) {
                    continue;
                }
                let reinstate = signature::Act::Reinstate { item };
                let done = settled(self.on_signature_by_system(petition, &stream, reinstate).await)?;
                // One that was withdrawn or struck out by itself isn't the one.
                if done.is_some_and(|done| done.at.is_some()) {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Who decided what the service goes on with: the actor of the batch's last event of a kind.
fn author(records: &[Record], kind: &str) -> Actor {
    let decided = records.iter().rfind(|record| record.header.r#type == kind);
    decided.map_or(Actor::SYSTEM, |record| Actor {
        role: Role::from_number(record.header.role).unwrap_or(Role::System),
        subject: SubjectId::from_slice(&record.header.actor).unwrap_or_default(),
    })
}
