//! The letters of a step of telling signers: one for each of them. Who was erased, or counts no more, gets none.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use radslag_kernel::{ItemId, Recorded};
use radslag_readmodel::Row;
use radslag_runtime::service::{Failure, load};
use serde_json::json;

use crate::{
    event::Event,
    letters::talk,
    petition::{self, answer::What},
    shell::{
        Petitions,
        letters::{Addressee, Letter, Letters},
        signature::{fold, language_of},
        telling::{STEP, position},
    },
    tag::Tag,
};

/// Steps whose signers are at hand.
const AT_HAND: usize = 4;

/// Who the last steps told, by position: whoever sends asks for one at a time.
#[derive(Default)]
pub(super) struct Told(Mutex<Vec<(u64, HashMap<Tag, ItemId>)>>);

impl Told {
    fn signer(&self, step: u64, subject: Tag) -> Option<ItemId> {
        let steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        steps.iter().find(|(known, _)| *known == step).and_then(|(_, signers)| signers.get(&subject).copied())
    }

    fn keep(&self, step: u64, signers: HashMap<Tag, ItemId>) {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        steps.retain(|(known, _)| *known != step);
        if steps.len() >= AT_HAND {
            steps.remove(0);
        }
        steps.push((step, signers));
    }
}

impl Letters {
    /// The letters of a step; of any other event none.
    pub(super) async fn to_signers(
        &self,
        recorded: &Recorded<Event>,
        only: Option<Tag>,
    ) -> Result<Vec<Letter>, Failure> {
        let Event::Petition(petition::Event::Answer(event)) = &recorded.event else { return Ok(Vec::new()) };
        let What::SignersTold { about, from, upto, .. } = event.what else { return Ok(Vec::new()) };
        let (office, petition) = (&self.office, recorded.aggregate);
        office.petitions.wait_for(recorded.position + 1).await?;
        let (_, state) = office.petition(petition)?;
        let content = state.0.as_ref().and_then(|petition| petition.content.known());
        let title = content.map(|content| content.title.as_str());
        let wanted = only.and_then(|subject| self.told.signer(recorded.position, subject));
        let (mut letters, mut signers) = (Vec::new(), HashMap::new());
        for row in office.signers_between(petition, (from, upto), STEP).await? {
            let item = item(&row)?;
            if wanted.is_some_and(|wanted| wanted != item) {
                continue;
            }
            let Some(to) = self.signer(&office.stream_at(position(&row)?)?, item)? else { continue };
            let subject = self.subject(to.key);
            signers.insert(subject, item);
            if only.is_some_and(|only| only != subject) {
                continue;
            }
            let spoken = self.spoken(&to);
            let link = format!("{}/{}/petitions/{petition}{spoken}", self.public_url, office.tenant.id);
            let values = json!({ "name": to.name, "title": title });
            letters.push(Letter { template: talk::of_signers(about), to, values, link });
        }
        if wanted.is_none() {
            self.told.keep(recorded.position, signers);
        }
        Ok(letters)
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

fn item(row: &Row) -> Result<ItemId, Failure> {
    Ok(ItemId::from_slice(row.bytes("item")?).unwrap_or_default())
}
