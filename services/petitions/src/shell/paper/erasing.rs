//! A line of a sheet is erased: as the signature it became, or by itself.

use radslag_kernel::{Actor, AggregateId, ItemId, SubjectId};
use radslag_runtime::{
    execute::{Happening, Plan, Planned, Stop, Undone, execute},
    service::load,
};

use crate::{
    event::Event,
    paper::{Erasing, Refusal, Sheet},
    shell::{
        Asked, Done, Office, Petitions, Wrong, office,
        paper::{Who, fold, sheet_stream, stream},
        petition::Staff,
    },
    signature,
};

impl Office {
    /// Destroys what a line says on a legal ground; two officials. It keeps its place, and its count if it has one.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn erase_paper(
        &self,
        (petition, batch, sheet): (AggregateId, ItemId, u32),
        asked: &Asked,
        staff: &Staff<'_>,
        (number, second): (u32, SubjectId),
    ) -> Result<Done, Undone<Wrong>> {
        let lines = sheet_stream(petition, batch, sheet);
        let (_, known) = self.paper_sheet(petition, batch, sheet)?;
        let line = known.lines.iter().find(|line| line.number == number);
        let item = line.map(|line| line.item).ok_or(Undone::Refused(Refusal::UnknownLine.into()))?;
        if self.signatures_of(&lines)?.place_of(item).is_some() {
            let erase = |by| signature::Act::Erase { item, by, second };
            return self.on_signature(petition, &lines, asked, staff, &erase).await;
        }
        self.erase_line((petition, batch, lines), asked, staff, (number, second)).await
    }

    async fn erase_line(
        &self,
        (petition, batch, lines): (AggregateId, ItemId, String),
        asked: &Asked,
        staff: &Staff<'_>,
        (number, second): (u32, SubjectId),
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: staff.role, subject: self.staff(staff.subject) };
        let on_paper = self.signed_on_paper(petition, staff).await?;
        execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let (read, state) = self.petition(petition)?;
            let filed = state.0.as_ref().and_then(|known| Some((known.dialogue, known.filed.as_ref()?)));
            let kept = load::<Petitions>(&self.log, &stream(petition, batch))?;
            let (Some((dialogue, filed)), Some(known)) = (filed, fold(&kept).0) else {
                return Err(Stop::refused(Wrong::Unknown));
            };
            let loaded = asked.load::<Petitions, _>(&self.log, &lines)?;
            let sheet = Sheet::fold(loaded.events.iter().filter_map(|recorded| recorded.event.paper()));
            let (ground, record) = (staff.ground.clone(), filed.keys.record);
            let conflict = self.paper_conflict(petition, (Who::Staff(staff), on_paper), &state)?;
            let asking = Erasing { by: actor.subject, second, conflict, ground, record };
            let erased = match sheet.erase(&known, number, asking, at) {
                Ok(erased) => Happening::of(petition, dialogue, actor, Event::Paper(erased)),
                Err(refusal) => return Err(Stop::refused(refusal)),
            };
            let stream = stream(petition, batch);
            Ok(Plan {
                writes: vec![Planned {
                    stream: lines.clone(),
                    expected: loaded.version,
                    events: vec![erased],
                }],
                guards: vec![(office::stream(petition), read), (stream, kept.version)],
                keys: Vec::new(),
                digest_under: Some(record),
            })
        })
        .await
    }
}
