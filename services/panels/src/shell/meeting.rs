//! What officials do with meetings.

use radslag_kernel::{Actor, AggregateId, Instant, Role};
use radslag_runtime::{acting::On, execute::Undone, service::Failure};

use crate::{
    meeting::{Act, Command, Decider, Meeting, State, event::Texts},
    panel::Told,
    projections::{id as id_value, lists},
    shell::{Asked, Done, Office, Wrong},
};

/// The stream of a meeting.
#[must_use]
pub fn stream(id: AggregateId) -> String {
    format!("meeting-{id}")
}

impl Office {
    /// A meeting as it stands, with the version of its stream.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn meeting(&self, id: AggregateId) -> Result<Option<(u64, Meeting)>, Failure> {
        let (version, State(meeting)) = self.state::<Decider>(&stream(id))?;
        Ok(meeting.map(|meeting| (version, meeting)))
    }

    /// Plans a meeting; the same command plans the same one.
    ///
    /// # Errors
    /// `Undone`; `Unknown` if it is to be of a panel that there isn't.
    pub async fn plan_meeting(
        &self,
        asked: &Asked,
        (who, role): (&str, Role),
        id: AggregateId,
        (panel, starts_at, texts): (Option<AggregateId>, Instant, &Texts),
    ) -> Result<Done, Undone<Wrong>> {
        let of = match panel {
            Some(panel) => self.panel(panel)?.ok_or(Undone::Refused(Wrong::Unknown))?.1.dialogue,
            None => None,
        };
        let by = self.staff(who);
        let actor = Actor { role, subject: by };
        let on = On { stream: stream(id), aggregate: id, dialogue: of, actor, asked };
        self.act::<Decider, Wrong>(on, |found| {
            let (document, record) = (found.key(), found.key());
            let texts = texts.clone();
            let act = Act::Plan { document, record, dialogue: of, panel, starts_at, texts };
            Ok(Command { at: found.at, by, act })
        })
        .await
    }

    /// Does something with a meeting that there is.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn on_meeting(
        &self,
        asked: &Asked,
        (who, role): (&str, Role),
        id: AggregateId,
        act: &Act,
    ) -> Result<Done, Undone<Wrong>> {
        let dialogue = self.meeting(id)?.and_then(|(_, meeting)| meeting.dialogue);
        let by = self.staff(who);
        let actor = Actor { role, subject: by };
        let on = On { stream: stream(id), aggregate: id, dialogue, actor, asked };
        self.act::<Decider, Wrong>(on, |found| {
            if let Some(meeting) = &found.state.0 {
                let document = meeting.document;
                found.digest_under(document);
            }
            Ok(Command { at: found.at, by, act: act.clone() })
        })
        .await
    }

    /// Tells a panel's members of a meeting: how many there are is written, and letters go out step by step.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn invite_to_meeting(
        &self,
        asked: &Asked,
        who: (&str, Role),
        id: AggregateId,
    ) -> Result<Done, Undone<Wrong>> {
        let (_, meeting) = self.meeting(id)?.ok_or(Undone::Refused(Wrong::Unknown))?;
        let mut members = 0;
        if let Some(panel) = meeting.panel {
            self.panels.wait_for(self.log.watermark()).await?;
            let rows = self.panels.store.query(&lists::STANDINGS, &[id_value(panel)]).await;
            for row in rows.map_err(Failure::from)?.iter() {
                if ["active", "paused"].contains(&row.text("value").map_err(Failure::from)?) {
                    members += row.int("rows").map_err(Failure::from)?.unsigned_abs();
                }
            }
        }
        let done = self.on_meeting(asked, who, id, &Act::Invite { members }).await?;
        if let Some(panel) = meeting.panel {
            // Told already: somebody asked twice.
            match self.begin_telling(panel, Told::Meeting(id)).await {
                Ok(_) | Err(Undone::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(done)
    }
}
