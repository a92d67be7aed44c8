//! Letters to many members, and terms: what goes on in steps. A step says which positions of the log were looked at; whom it tells
//! is for whoever writes letters to say.

use radslag_kernel::{Actor, AggregateId, Instant};
use radslag_readmodel::Value;
use radslag_runtime::{acting::settle, execute::Undone, service::Failure};

use crate::{
    member::{Act as OfMember, Reason},
    panel::{Act, Told},
    projections::{id as id_value, lists, number, tellings},
    shell::{Asked, Done, Office, Wrong, membering::stream},
};

/// Members of a step.
const STEP: i64 = 200;

impl Office {
    /// Begins to tell members of something: its first step.
    ///
    /// # Errors
    /// `Undone`; `ToldAlready`.
    pub async fn begin_telling(&self, id: AggregateId, about: Told) -> Result<Done, Undone<Wrong>> {
        self.panels.wait_for(self.log.watermark()).await?;
        self.tell_step(id, about, 0).await
    }

    /// Goes on telling; how many steps there were.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn tell(&self) -> Result<usize, Failure> {
        let rows = self.panels.store.query(&lists::TELLINGS, &[Value::Int(16)]).await?;
        for row in rows.iter() {
            let id = AggregateId::from_slice(row.bytes("panel")?).unwrap_or_default();
            let Some(about) = tellings::about(row.bytes("telling")?) else { continue };
            settle(self.tell_step(id, about, row.int("upto")?.unsigned_abs()).await)?;
        }
        let steps = rows.len();
        if steps > 0 {
            self.panels.wait_for(self.log.watermark()).await?;
        }
        Ok(steps)
    }

    async fn tell_step(&self, id: AggregateId, about: Told, from: u64) -> Result<Done, Undone<Wrong>> {
        let any = Value::Text(String::new());
        let values = [id_value(id), any, number(from), Value::Int(STEP)];
        let rows = self.panels.store.query(&lists::MEMBERS, &values).await.map_err(Failure::from)?;
        let mut upto = from;
        for row in rows.iter() {
            upto = row.int("position").map_err(Failure::from)?.unsigned_abs();
        }
        let finished = (rows.len() as i64) < STEP;
        self.by_itself(id, Act::Tell { about, from, upto, finished }).await
    }

    /// Settles terms: whoever didn't say that they stay has left; how many panels.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn settle_terms(&self, now: Instant) -> Result<usize, Failure> {
        let values = [number(now.millis()), Value::Int(16)];
        let rows = self.panels.store.query(&lists::PANELS_DUE, &values).await?;
        for row in rows.iter() {
            let id = AggregateId::from_slice(row.bytes("panel")?).unwrap_or_default();
            let Some((_, panel)) = self.panel(id)? else { continue };
            let term = panel.term.map_or(0, |term| term.number);
            for one in self.here(id, self.log.watermark()).await? {
                if !one.membership.standing.is_member() || one.membership.term >= term {
                    continue;
                }
                let (asked, item) = (Asked::by_system(), one.item);
                let on = (id, stream(id, one.page));
                let left = self.page(&asked, on, Actor::SYSTEM, (&panel, None), |_| OfMember::Leave {
                    item,
                    reason: Reason::Term,
                    assisted: None,
                });
                settle(left.await)?;
            }
            settle(self.by_itself(id, Act::SettleTerm).await)?;
        }
        let settled = rows.len();
        if settled > 0 {
            self.panels.wait_for(self.log.watermark()).await?;
        }
        Ok(settled)
    }
}
