//! What officials do with a panel.

use radslag_kernel::{Actor, AggregateId, Role};
use radslag_runtime::{acting::On, execute::Undone};

use crate::{
    panel::{Act, By, Command, Decider, Keys, Texts},
    shell::{Asked, Done, Office, Wrong, office::stream},
};

impl Office {
    /// Plans a panel; the same command plans the same one.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn plan(
        &self,
        asked: &Asked,
        (who, role): (&str, Role),
        id: AggregateId,
        texts: &Texts,
    ) -> Result<Done, Undone<Wrong>> {
        let by = self.staff(who);
        let actor = Actor { role, subject: by };
        let on = On { stream: stream(id), aggregate: id, dialogue: None, actor, asked };
        self.act::<Decider, Wrong>(on, |found| {
            let keys = Keys { document: found.key(), record: found.key(), tags: found.key() };
            let act = Act::Plan { keys, dialogue: None, texts: texts.clone() };
            Ok(Command { at: found.at, by: By { id: by, ground: String::new() }, act })
        })
        .await
    }

    /// The service itself does something with a panel.
    ///
    /// # Errors
    /// `Undone`.
    pub(super) async fn by_itself(&self, id: AggregateId, act: Act) -> Result<Done, Undone<Wrong>> {
        let dialogue = self.panel(id)?.and_then(|(_, panel)| panel.dialogue);
        let asked = Asked::by_system();
        let on = On { stream: stream(id), aggregate: id, dialogue, actor: Actor::SYSTEM, asked: &asked };
        self.act::<Decider, Wrong>(on, |found| {
            let by = By { id: Actor::SYSTEM.subject, ground: String::new() };
            Ok(Command { at: found.at, by, act: act.clone() })
        })
        .await
    }

    /// Does something with a panel that there is.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn on_panel(
        &self,
        asked: &Asked,
        (who, role): (&str, Role),
        id: AggregateId,
        (ground, act): (&str, Act),
    ) -> Result<Done, Undone<Wrong>> {
        let dialogue = self.panel(id)?.and_then(|(_, panel)| panel.dialogue);
        let by = self.staff(who);
        let actor = Actor { role, subject: by };
        let on = On { stream: stream(id), aggregate: id, dialogue, actor, asked };
        self.act::<Decider, Wrong>(on, |found| {
            if let Some(panel) = &found.state.0 {
                let record = panel.keys.record;
                found.digest_under(record);
            }
            Ok(Command { at: found.at, by: By { id: by, ground: ground.into() }, act: act.clone() })
        })
        .await
    }
}
