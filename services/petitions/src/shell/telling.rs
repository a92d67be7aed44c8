//! Who signed by mailbox is told that the initiator wants the petition back, and what became of that. In steps: each is an
//! event that says how far it is, and leads to its mails.

use radslag_kernel::{AggregateId, ItemId, Recorded};
use radslag_readmodel::{Query, Row};
use radslag_runtime::{
    execute::Undone,
    service::{Failure, load},
};

use crate::{
    event::Event,
    mails::talk,
    petition::{
        self,
        answer::{Act, What},
    },
    projections::{id, lists, number},
    shell::{
        Office, Petitions, Wrong,
        mail::{Addressee, Mail, Mailing},
        signature::{fold, language_of},
    },
};

const SIGNERS_TO_TELL: Query = Query::new("signers to tell", lists::SIGNERS_TO_TELL);
/// Signers told in a step.
const STEP: u64 = 250;
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

    async fn signers_between(
        &self,
        petition: AggregateId,
        (from, upto): (u64, u64),
        rows: u64,
    ) -> Result<Vec<Row>, Failure> {
        let values = [id(petition), number(from), number(upto), number(rows)];
        Ok(self.petitions.store.query(&SIGNERS_TO_TELL, &values).await?)
    }
}

fn position(row: &Row) -> Result<u64, Failure> {
    Ok(row.int("position")?.unsigned_abs())
}

impl Mailing {
    /// The mails of a step; of any other event none. Who was erased, or counts no more, gets none.
    pub(super) async fn to_signers(&self, recorded: &Recorded<Event>) -> Result<Vec<Mail>, Failure> {
        let Event::Petition(petition::Event::Answer(event)) = &recorded.event else { return Ok(Vec::new()) };
        let What::SignersTold { about, from, upto, .. } = event.what else { return Ok(Vec::new()) };
        let office = &self.office;
        office.petitions.wait_for(recorded.position + 1).await?;
        let (_, state) = office.petition(recorded.aggregate)?;
        let content = state.0.as_ref().and_then(|petition| petition.content.known());
        let title = content.map(|content| content.title.as_str());
        let mut mails = Vec::new();
        for row in office.signers_between(recorded.aggregate, (from, upto), STEP).await? {
            let item = ItemId::from_slice(row.bytes("item")?).unwrap_or_default();
            let Some(to) = self.signer(&office.stream_at(position(&row)?)?, item)? else { continue };
            let link = format!(
                "{}/{}/petitions/{}{}",
                self.public_url,
                office.tenant.id,
                recorded.aggregate,
                self.spoken(&to)
            );
            let values = minijinja::context! { name => &to.name, title, link };
            // Each has a name of its own: the same event leads to many.
            let cause = format!("{}-{item}", recorded.id);
            mails.extend(self.write(talk::of_signers(about), &cause, &to, &values));
        }
        Ok(mails)
    }

    fn signer(&self, stream: &str, item: ItemId) -> Result<Option<Addressee>, Failure> {
        let loaded = load::<Petitions>(&self.office.log, stream)?;
        let state = fold(&loaded);
        let Some(slot) = state.slot_of(item) else { return Ok(None) };
        let Some(signer) = slot.signer.known().filter(|signer| !signer.mailbox.is_empty()) else {
            return Ok(None);
        };
        Ok(Some(Addressee {
            key: slot.key,
            name: signer.name.clone(),
            mailbox: signer.mailbox.clone(),
            language: language_of(&loaded, item).unwrap_or_default(),
        }))
    }
}
