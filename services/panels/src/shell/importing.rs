//! A register or a list of volunteers comes in: its rows are looked at and kept as they come, a part at a time, sealed under the
//! import's own key, so that memory holds one part and a hash of everybody seen.

use radslag_kernel::{Actor, AggregateId, ItemId, KeyRef, Opened, Role, time::plus_days};
use radslag_runtime::{
    acting::On,
    execute::{Happening, Plan, Stop, Undone, execute},
    service::load,
};
use sha2::{Digest as _, Sha256};

use crate::{
    event::Event,
    frame::{
        self, PART, Row,
        csv::{Read, Unusable},
        taking::Taking,
    },
    panel::{
        Act, By, Command, Decider, Refusal, State,
        import::{self, Columns, Kind},
    },
    shell::{Asked, Done, Office, Panels, Wrong, office::stream},
};

/// Rows that are named in the answer.
pub const NAMED: usize = 1_000;
/// If it isn't whole by then, it never will be.
const HOURS: u64 = 1;

/// The stream of a part.
#[must_use]
pub fn part_stream(panel: AggregateId, import: ItemId, part: u32) -> String {
    format!("frame-{panel}-{import}-{part}")
}

/// A file that is coming in.
pub struct Incoming {
    panel: AggregateId,
    /// What it is known by.
    pub import: ItemId,
    key: KeyRef,
    who: Actor,
    dialogue: Option<AggregateId>,
    taking: Taking,
    rows: Vec<Row>,
    bytes: usize,
    parts: u32,
    hash: Sha256,
    /// Rows that were kept.
    pub kept: u64,
    /// Rows that weren't.
    pub refused: u64,
    /// The first of those, by line.
    pub named: Vec<(u32, Unusable)>,
}

impl Incoming {
    /// The file as it comes, for its hash.
    pub fn read(&mut self, piece: &[u8]) {
        self.hash.update(piece);
    }
}

impl Office {
    /// A file begins to come in.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn begin_import(
        &self,
        (who, role): (&str, Role),
        id: AggregateId,
        (kind, columns): (Kind, &Columns),
    ) -> Result<Incoming, Undone<Wrong>> {
        let (_, panel) = self.panel(id)?.ok_or(Undone::Refused(Wrong::Unknown))?;
        let (by, import) = (self.staff(who), ItemId::from_bytes(rand::random()));
        let actor = Actor { role, subject: by };
        let (asked, mut sealed) = (Asked::by_system(), KeyRef(0));
        let on = On { stream: stream(id), aggregate: id, dialogue: panel.dialogue, actor, asked: &asked };
        self.act::<Decider, Wrong>(on, |found| {
            let key = found.key();
            sealed = key;
            let deadline = found.at.plus_hours(HOURS);
            let act = import::Act::Begin { import, kind, key, columns: columns.clone(), deadline };
            Ok(Command { at: found.at, by: By { id: by, ground: String::new() }, act: Act::Import(act) })
        })
        .await?;
        Ok(Incoming {
            panel: id,
            import,
            key: sealed,
            who: actor,
            dialogue: panel.dialogue,
            taking: Taking::of(&panel, self.year()),
            rows: Vec::new(),
            bytes: 0,
            parts: 0,
            hash: Sha256::new(),
            kept: 0,
            refused: 0,
            named: Vec::new(),
        })
    }

    /// Rows of it came.
    ///
    /// # Errors
    /// `Undone`; `ImportOver` if it was given up.
    pub async fn take_rows(&self, incoming: &mut Incoming, rows: Vec<Read>) -> Result<(), Undone<Wrong>> {
        for (line, row) in rows {
            match row.and_then(|row| incoming.taking.take(&row).map(|()| row)) {
                Ok(row) => {
                    (incoming.kept, incoming.bytes) = (incoming.kept + 1, incoming.bytes + row.size());
                    incoming.rows.push(row);
                }
                Err(why) => {
                    incoming.refused += 1;
                    if incoming.named.len() < NAMED {
                        incoming.named.push((line, why));
                    }
                }
            }
            if incoming.bytes >= PART {
                self.keep_part(incoming).await?;
            }
        }
        Ok(())
    }

    /// All of it came: it can be drawn from.
    ///
    /// # Errors
    /// `Undone`; nothing of it is kept then.
    pub async fn end_import(&self, incoming: &mut Incoming, keep_days: u32) -> Result<Done, Undone<Wrong>> {
        if !incoming.rows.is_empty() {
            self.keep_part(incoming).await?;
        }
        let Incoming { import, parts, kept, refused, .. } = *incoming;
        let hash = std::mem::take(&mut incoming.hash).finalize().to_vec();
        let last = plus_days(self.calendar.date(self.now()), keep_days);
        let keep_until = self.calendar.end_of(last);
        let act = import::Act::Complete { import, parts, rows: kept, refused, hash, keep_until };
        self.on_import(incoming, act).await
    }

    /// It broke off: nothing of it is kept.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn drop_import(&self, incoming: &Incoming) -> Result<Done, Undone<Wrong>> {
        self.on_import(incoming, import::Act::Cancel { import: incoming.import }).await
    }

    async fn on_import(&self, incoming: &Incoming, act: import::Act) -> Result<Done, Undone<Wrong>> {
        let Incoming { panel, who, dialogue, .. } = *incoming;
        let asked = Asked::by_system();
        let on = On { stream: stream(panel), aggregate: panel, dialogue, actor: who, asked: &asked };
        self.act::<Decider, Wrong>(on, |found| {
            let by = By { id: who.subject, ground: String::new() };
            Ok(Command { at: found.at, by, act: Act::Import(act.clone()) })
        })
        .await
    }

    async fn keep_part(&self, incoming: &mut Incoming) -> Result<(), Undone<Wrong>> {
        let Incoming { panel, import, key, who, dialogue, parts, .. } = *incoming;
        let rows = std::mem::take(&mut incoming.rows);
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let rows = Opened::Known(rows);
        execute::<Panels, Wrong>(&self.log, &Asked::by_system(), |at| {
            let loaded = load::<Panels>(&self.log, &stream(panel))?;
            let State(known) = radslag_runtime::acting::fold::<Panels, Decider>(&loaded);
            let known = known.as_ref().and_then(|known| known.import(import));
            import::coming(known, at).map_err(|rule: Refusal| Stop::refused(rule))?;
            let event =
                Event::Frame(frame::Event { at, import, key, part: parts, count, rows: rows.clone() });
            let events = vec![Happening::of(panel, dialogue, who, event)];
            let guards = vec![(stream(panel), loaded.version)];
            Ok(Plan { guards, ..Plan::of(part_stream(panel, import, parts), 0, events) })
        })
        .await?;
        (incoming.bytes, incoming.parts) = (0, parts + 1);
        Ok(())
    }

    /// The rows of a part.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn rows(
        &self,
        panel: AggregateId,
        import: ItemId,
        part: u32,
    ) -> Result<Vec<Row>, radslag_runtime::service::Failure> {
        let (_, state) = self.state::<frame::Decider>(&part_stream(panel, import, part))?;
        Ok(state.0.and_then(|rows| rows.known().cloned()).unwrap_or_default())
    }
}
