//! Letters about objections: a receipt, and what came of it, to whoever objected.

use radslag_kernel::{ItemId, Recorded};
use radslag_runtime::service::Failure;
use serde_json::json;

use crate::{
    event::Event,
    letters::talk,
    objection::{self, About},
    shell::{
        letters::{Addressee, Letter, Letters, PAGE_DAYS},
        links::{Link, Purpose},
    },
};

impl Letters {
    /// `None` for who objected by eID without a mailbox, or was erased since.
    pub(super) fn about_objection(
        &self,
        recorded: &Recorded<Event>,
        event: &objection::Event,
    ) -> Result<Option<Letter>, Failure> {
        let Some(raised) = self.office.objection(event.item())? else { return Ok(None) };
        let Some(objector) = raised.objection.objector.known() else { return Ok(None) };
        if objector.mailbox.is_empty() {
            return Ok(None);
        }
        let to = Addressee {
            key: raised.objection.key,
            name: objector.name.clone(),
            mailbox: objector.mailbox.clone(),
            language: objector.language.clone(),
        };
        let purpose = match raised.objection.about {
            About::Petition => Purpose::Initiator,
            About::Signature | About::Submission => Purpose::Signature,
            About::Comment => Purpose::Comment,
        };
        let Ok(tags) = self.office.tags(raised.petition) else { return Ok(None) };
        let link = Link {
            purpose,
            petition: raised.petition,
            tag: tags.mailbox(&to.mailbox),
            item: raised.objection.item.unwrap_or(ItemId::default()),
            expires_at: recorded.occurred_at.plus_hours(24 * PAGE_DAYS),
        };
        let (_, state) = self.office.petition(raised.petition)?;
        let content = state.0.as_ref().and_then(|petition| petition.content.known());
        let values = json!({
            "name": to.name, "title": content.map(|content| &content.title),
            "about": raised.objection.about.word(), "decide_by": raised.objection.decide_by.to_string(),
            "text": raised.told().and_then(|(_, text)| text),
        });
        let link = self.link_to(&link, &to);
        Ok(Some(Letter { template: talk::of_objection(event), to, values, link }))
    }
}
