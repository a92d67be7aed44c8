//! Commands to all signing of a tenant, and how petitions are told: each is asked to do what is due. Their rules knew at
//! once, so this only moves what lists and timers show.

use std::sync::Arc;

use radslag_kernel::{Actor, AggregateId};
use radslag_readmodel::Query;
use radslag_runtime::{
    execute::{Happening, Plan, Stop, Undone, execute},
    service::Failure,
};
use tokio::task::JoinSet;

use crate::{
    event::Event,
    projections::lists,
    shell::{Asked, Done, Office, Petitions, Wrong, petition::Staff, settle},
    signing::{self, Signing, What},
};

const UNDER_SIGNING: Query = lists::UNDER_SIGNING;
/// Petitions told at once: their events become durable together.
const AT_ONCE: usize = 256;

impl Office {
    /// Pauses all signing, lets it go on, or closes everything early.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn act_on_signing(
        &self,
        asked: &Asked,
        staff: &Staff<'_>,
        what: What,
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: staff.role, subject: self.staff(staff.subject) };
        execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let loaded = asked.load::<Petitions, _>(&self.log, signing::STREAM)?;
            let events = loaded.events.iter().filter_map(|recorded| recorded.event.signing());
            let key = self.log.vault().reserve();
            let (by, record, ground) = (actor.subject, key.reference, staff.ground.clone());
            let command = signing::Command { at, by, what, record, ground };
            let decided = Signing::fold(events).decide(command);
            let event = decided.map_err(|refusal| Stop::refused(Wrong::Signing(refusal)))?;
            let event = Happening::of(AggregateId::default(), None, actor, Event::Signing(event));
            let plan = Plan::of(signing::STREAM, loaded.version, vec![event]);
            Ok(Plan { keys: vec![key], digest_under: Some(record), ..plan })
        })
        .await
    }

    /// Lets every petition under signing do what is due since all signing was acted on at a position.
    pub(super) async fn tell_petitions(self: &Arc<Self>, position: u64) -> Result<(), Failure> {
        self.petitions.wait_for(position + 1).await?;
        let rows = self.petitions.store.query(&UNDER_SIGNING, &[]).await?;
        for rows in rows.chunks(AT_ONCE) {
            let mut told = JoinSet::new();
            for row in rows {
                let petition = AggregateId::from_slice(row.bytes("petition")?).unwrap_or_default();
                let this = self.clone();
                told.spawn(async move { settle(this.lapse(petition).await) });
            }
            while let Some(done) = told.join_next().await {
                done.map_err(|_| Failure::Stopped)??;
            }
        }
        Ok(())
    }
}
