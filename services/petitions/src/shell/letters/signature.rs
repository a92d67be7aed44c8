//! The letter to whose signature is struck out: that it is, and how to have that reviewed.

use std::sync::PoisonError;

use radslag_kernel::{AggregateId, Recorded, time};
use radslag_runtime::service::Failure;
use serde_json::json;

use crate::{
    event::Event,
    letters::talk,
    shell::{
        letters::{Addressee, Letter, Letters, PAGE_DAYS},
        links::{Link, Purpose},
        objection::Place,
    },
    signature,
};

impl Letters {
    /// `None` for who has no mailbox, counts again by now, or is one of many: what two officials started is told to everybody
    /// in public, and so many letters would hold up those that somebody waits for.
    pub(super) fn about_signature(
        &self,
        recorded: &Recorded<Event>,
        event: &signature::Event,
    ) -> Result<Option<Letter>, Failure> {
        let (Some(template), signature::Event::Invalidated { item, batch, .. }) =
            (talk::of_signature(event), event)
        else {
            return Ok(None);
        };
        if let Some(bulk) = batch.map(AggregateId::from_bytes)
            && !self.is_started_alone(bulk)?
        {
            return Ok(None);
        }
        let petition = recorded.aggregate;
        let stream = self.office.stream_at(recorded.position)?;
        let place = Place::Signature(&stream, *item);
        let Some(standing) = self.office.standing(petition, place)? else { return Ok(None) };
        // Decided again since: whatever it is now, that is told elsewhere.
        if standing.contested.position != recorded.position {
            return Ok(None);
        }
        let objector = standing.objector;
        if objector.mailbox.is_empty() {
            return Ok(None);
        }
        let to = Addressee {
            key: standing.key,
            name: objector.name,
            mailbox: objector.mailbox,
            language: objector.language,
        };
        let Ok(tags) = self.office.tags(petition) else { return Ok(None) };
        let expires_at = recorded.occurred_at.plus_hours(24 * PAGE_DAYS);
        let tag = tags.mailbox(&to.mailbox);
        let link = Link { purpose: Purpose::Signature, petition, tag, item: *item, expires_at };
        let decided = self.office.calendar.date(standing.contested.at);
        let until = time::plus_days(decided, standing.contested.days).to_string();
        let (_, state) = self.office.petition(petition)?;
        let title =
            state.0.as_ref().and_then(|petition| petition.content.known()).map(|content| &content.title);
        let values = json!({ "name": to.name, "title": title, "until": until });
        let link = self.link_to(&link, &to);
        Ok(Some(Letter { template, to, values, link }))
    }

    /// Such a bulk invalidation strikes out a hundred at most.
    fn is_started_alone(&self, bulk: AggregateId) -> Result<bool, Failure> {
        let mut last = self.started_alone.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, alone)) = last.filter(|(known, _)| *known == bulk) {
            return Ok(alone);
        }
        let alone = self.office.bulk(bulk)?.0.is_some_and(|bulk| bulk.second.is_none());
        *last = Some((bulk, alone));
        Ok(alone)
    }
}
