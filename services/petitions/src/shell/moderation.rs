//! Moderators' locks and notes.

use radslag_kernel::{Actor, AggregateId, Decider as _};
use radslag_readmodel::Query;
use radslag_runtime::{
    execute::{Happening, Plan, Stop, Undone, execute},
    service::{Failure, Loaded, load},
};

use crate::{
    event::Event,
    moderation::{
        self, Act, State,
        report::{Period, Step, periods},
    },
    projections::{lists, number},
    shell::{Asked, Done, Office, Petitions, Wrong, petition::Staff},
};

const REVIEWS: Query = lists::REVIEWS;
/// Steps a report reads at most.
const STEPS: u64 = 100_000;

/// The stream of a petition's moderators.
#[must_use]
pub fn stream(petition: AggregateId) -> String {
    format!("moderation-{petition}")
}

impl Office {
    /// What a petition's moderators keep beside it, with the stream's version.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn moderation(&self, petition: AggregateId) -> Result<(u64, State), Failure> {
        let loaded = load::<Petitions>(&self.log, &stream(petition))?;
        Ok((loaded.version, fold(&loaded)))
    }

    /// Takes a lock, gives it back, or adds a note.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn moderate(
        &self,
        petition: AggregateId,
        asked: &Asked,
        staff: &Staff<'_>,
        act: &Act,
    ) -> Result<Done, Undone<Wrong>> {
        let by = self.staff(staff.subject);
        execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let (_, found) = self.petition(petition)?;
            let Some((found, filed)) =
                found.0.as_ref().and_then(|found| Some((found, found.filed.as_ref()?)))
            else {
                return Err(Stop::refused(Wrong::Unknown));
            };
            let loaded = asked.load::<Petitions, _>(&self.log, &stream(petition))?;
            let expected = loaded.version;
            let record = filed.keys.record;
            let command = moderation::Command { at, by, record, act: act.clone() };
            let events = moderation::Decider::decide(&fold(&loaded), command);
            let events = events.map_err(|refusal| Stop::refused(Wrong::Moderation(refusal)))?;
            if events.is_empty() {
                return Err(Stop::nothing(expected));
            }
            let actor = Actor { role: staff.role, subject: by };
            let happening = |event| Happening::of(petition, found.dialogue, actor, Event::Moderation(event));
            let events = events.into_iter().map(happening).collect();
            Ok(Plan { digest_under: Some(record), ..Plan::of(stream(petition), expected, events) })
        })
        .await
    }

    /// How quickly petitions were decided since a moment: by week and by month.
    ///
    /// # Errors
    /// `Readmodel`.
    pub async fn moderation_times(
        &self,
        since: radslag_kernel::Instant,
    ) -> Result<(Vec<Period>, Vec<Period>), Failure> {
        let rows = self.petitions.store.query(&REVIEWS, &[number(since.millis()), number(STEPS)]).await?;
        let step = |row: &radslag_readmodel::Row| {
            Ok::<_, radslag_readmodel::Error>(Step {
                petition: AggregateId::from_slice(row.bytes("petition")?).unwrap_or_default(),
                at: radslag_kernel::Instant::from_millis(row.int("at")?.unsigned_abs()),
                decided: row.int("decided")? == 1,
            })
        };
        let steps = rows.iter().map(step).collect::<Result<Vec<_>, _>>()?;
        Ok(periods(&steps, &self.calendar))
    }
}

fn fold(loaded: &Loaded<Event>) -> State {
    moderation::Decider::fold(loaded.events.iter().filter_map(|recorded| recorded.event.moderation()))
}
