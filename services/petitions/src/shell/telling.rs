//! Who signed by mailbox is told that the initiator wants the petition back, and what became of that. In steps: each is an
//! event that says how far it is, and leads to its letters.

use radslag_kernel::AggregateId;
use radslag_readmodel::{Query, Row};
use radslag_runtime::{execute::Undone, service::Failure};

use crate::{
    petition::{self, answer::Act},
    projections::{id, lists, number},
    shell::{Office, Wrong},
};

const SIGNERS_TO_TELL: Query = lists::SIGNERS_TO_TELL;
/// Signers told in a step.
pub(super) const STEP: u64 = 250;
/// No signature stands behind it.
const EVERY: u64 = i64::MAX as u64;

impl Office {
    /// The next signers are told, if any are to be.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn tell_signers(&self, petition: AggregateId) -> Result<(), Undone<Wrong>> {
        let (_, state) = self.petition(petition)?;
        let Some(told) = state.0.as_ref().and_then(|petition| petition.answer.telling) else { return Ok(()) };
        self.petitions.wait_for(self.log.watermark()).await?;
        let rows = self.signers_between(petition, (told.upto, EVERY), STEP).await?;
        let last = rows.last().map(position).transpose()?;
        let (upto, finished) = (last.unwrap_or(told.upto), rows.len() < STEP as usize);
        let act = petition::Act::Answer(Act::TellSigners { told, upto, finished });
        self.by_system(petition, act).await?;
        Ok(())
    }

    pub(super) async fn signers_between(
        &self,
        petition: AggregateId,
        (from, upto): (u64, u64),
        rows: u64,
    ) -> Result<Vec<Row>, Failure> {
        let values = [id(petition), number(from), number(upto), number(rows)];
        Ok(self.petitions.store.query(&SIGNERS_TO_TELL, &values).await?)
    }
}

pub(super) fn position(row: &Row) -> Result<u64, Failure> {
    Ok(row.int("position")?.unsigned_abs())
}
