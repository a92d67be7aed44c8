//! A file of lines comes in: its rows are looked at and kept as they come, a part at a time, sealed under the file's own key,
//! so that memory holds one part. When the whole file is here, `step` makes sheets of the parts.

use radslag_kernel::{Actor, AggregateId, ItemId, KeyRef, Opened};
use radslag_runtime::{
    execute::{Happening, Plan, Stop, Undone, execute},
    service::load,
};

use crate::{
    event::Event,
    paper::{
        Act, Fault, Refusal, SHEET, Terms, coming,
        csv::{Part, Row, Waiting},
    },
    shell::{
        Asked, Done, Office, Petitions, Wrong,
        paper::{Found, Made, Who, file_stream, fold, making, stream},
        petition::Staff,
    },
};

/// Bytes of a part at most: an event holds a megabyte.
const PART: usize = 256 << 10;
/// Rows that are named when the file is here; all are listed with the batch.
pub const NAMED: usize = 1_000;

/// A file that is coming in.
pub struct Incoming {
    /// Of which petition.
    pub petition: AggregateId,
    /// Into which batch.
    pub batch: ItemId,
    import: u32,
    key: KeyRef,
    actor: Actor,
    terms: Terms,
    last: u32,
    part: Part,
    bytes: usize,
    parts: u32,
    /// Rows to become lines.
    pub rows: u32,
    /// Rows that won't be taken.
    pub refused: u32,
    /// The first of those.
    pub named: Vec<(u32, Fault)>,
}

impl Office {
    /// A file begins to come in. Rows that the batch has already are passed over.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn begin_import(
        &self,
        (petition, batch): (AggregateId, ItemId),
        staff: &Staff<'_>,
    ) -> Result<Incoming, Undone<Wrong>> {
        let actor = Actor { role: staff.role, subject: self.staff(staff.subject) };
        let mut incoming = None;
        let begin = &mut |found: &Found| {
            let (Some(terms), Some(known)) = (self.paper_terms(found), &found.batch.0) else {
                return Ok(Err(Refusal::UnknownBatch));
            };
            let new = self.log.vault().reserve();
            let (key, deadline, receivable) = (new.reference, terms.deadline, terms.receivable);
            incoming = Some(Incoming {
                petition,
                batch,
                import: known.imports + 1,
                key,
                actor,
                terms,
                last: known.last,
                part: Part::default(),
                bytes: 0,
                parts: 0,
                rows: 0,
                refused: 0,
                named: Vec::new(),
            });
            Ok(Ok(Made { keys: vec![new], ..Act::BeginImport { key, deadline, receivable }.into() }))
        };
        self.on_paper((petition, batch), &Asked::by_system(), Who::Staff(staff), begin).await?;
        incoming.ok_or(Undone::Refused(Wrong::Unknown))
    }

    /// Rows of it came.
    ///
    /// # Errors
    /// `Undone`; `ImportReplaced` if it was cancelled, or another one began.
    pub async fn take_rows(
        &self,
        incoming: &mut Incoming,
        header: &str,
        rows: Vec<Row>,
    ) -> Result<(), Undone<Wrong>> {
        let last = incoming.last;
        for row in rows.into_iter().filter(|row| row.number > last) {
            if let Err(fault) = making::checked(&row, &incoming.terms) {
                incoming.refused += 1;
                if incoming.named.len() < NAMED {
                    incoming.named.push((row.number, fault));
                }
            }
            incoming.rows += 1;
            incoming.bytes += row.raw.len();
            let broken = row.typed.is_none();
            incoming.part.rows.push(Waiting { number: row.number, raw: row.raw, broken });
            if incoming.part.rows.len() >= SHEET || incoming.bytes >= PART {
                self.keep_part(incoming, header).await?;
            }
        }
        Ok(())
    }

    /// All of it came: from here on it is read in whatever happens.
    ///
    /// # Errors
    /// `Undone`; `ImportReplaced` if it was cancelled, or another one began.
    pub async fn end_import(&self, incoming: &mut Incoming, header: &str) -> Result<Done, Undone<Wrong>> {
        if !incoming.part.rows.is_empty() {
            self.keep_part(incoming, header).await?;
        }
        let Incoming { import, parts, rows, refused, .. } = *incoming;
        let receive = &mut |_: &Found| Ok(Ok(Act::ReceiveImport { import, parts, rows, refused }.into()));
        let who = Who::Service(incoming.actor);
        self.on_paper((incoming.petition, incoming.batch), &Asked::by_system(), who, receive).await
    }

    /// It broke off: nothing of it is kept.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn drop_import(&self, incoming: &Incoming) -> Result<Done, Undone<Wrong>> {
        let import = Some(incoming.import);
        let cancel = &mut |_: &Found| Ok(Ok(Act::CancelImport { import }.into()));
        let who = Who::Service(incoming.actor);
        self.on_paper((incoming.petition, incoming.batch), &Asked::by_system(), who, cancel).await
    }

    /// No more of a file is to be read in. Lines that were entered stay.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn cancel_import(
        &self,
        batch: (AggregateId, ItemId),
        asked: &Asked,
        staff: &Staff<'_>,
    ) -> Result<Done, Undone<Wrong>> {
        let cancel = &mut |_: &Found| Ok(Ok(Act::CancelImport { import: None }.into()));
        self.on_paper(batch, asked, Who::Staff(staff), cancel).await
    }

    async fn keep_part(&self, incoming: &mut Incoming, header: &str) -> Result<(), Undone<Wrong>> {
        let Incoming { petition, batch, import, key, actor, parts, .. } = *incoming;
        let mut part = std::mem::take(&mut incoming.part);
        part.header = header.to_owned();
        let rows = u32::try_from(part.rows.len()).unwrap_or(u32::MAX);
        let (_, state) = self.petition(petition)?;
        let dialogue = state.0.as_ref().and_then(|petition| petition.dialogue);
        execute::<Petitions, Wrong>(&self.log, &Asked::by_system(), |at| {
            let loaded = load::<Petitions>(&self.log, &stream(petition, batch))?;
            let known = fold(&loaded).0;
            if let Err(rule) =
                known.as_ref().map_or(Err(Refusal::UnknownBatch), |known| coming(known, import))
            {
                return Err(Stop::refused(rule));
            }
            let part = Opened::Known(part.clone());
            let event = Event::Paper(crate::paper::Event::PartReceived { at, batch, key, rows, part });
            let events = vec![Happening::of(petition, dialogue, actor, event)];
            let stream_of_part = file_stream(petition, batch, import, parts);
            let guards = vec![(stream(petition, batch), loaded.version)];
            Ok(Plan { guards, ..Plan::of(stream_of_part, 0, events) })
        })
        .await?;
        (incoming.bytes, incoming.parts) = (0, parts + 1);
        Ok(())
    }
}
