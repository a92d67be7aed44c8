//! Commands of those who support a petition before its review.

use radslag_kernel::{Actor, AggregateId, ItemId, Role, SubjectId};
use radslag_runtime::execute::Undone;

use crate::{
    petition::{Act, Support, Supporter},
    shell::{Asked, Done, Office, Wrong, petition::Made},
    tag::Tag,
};

impl Office {
    /// By eID counted at once; else by mailbox, whatever comes of it one event of one shape, and a mail.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn support(
        &self,
        petition: AggregateId,
        asked: &Asked,
        supporter: &Supporter,
        eid: Option<&str>,
        blocked: bool,
    ) -> Result<Done, Undone<Wrong>> {
        let tags = self.tags(petition)?;
        let tag = eid.map_or_else(|| tags.mailbox(&supporter.mailbox), |subject| tags.eid(subject));
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        let (item, by_eid) = (ItemId::from_bytes(rand::random()), eid.is_some());
        self.command(petition, actor, asked, &mut |_| {
            let new = self.log.vault().reserve();
            let (key, supporter) = (new.reference, supporter.clone());
            let act = Act::Support(Box::new(Support { item, key, supporter, tag, by_eid, blocked }));
            Ok(Made { act, keys: vec![new], register: None, digest_under: Some(key), guard: None })
        })
        .await
    }

    /// The mailbox of a supporter answered.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn confirm_support(
        &self,
        petition: AggregateId,
        asked: &Asked,
        item: ItemId,
        proof: Tag,
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        self.command(petition, actor, asked, &mut |_| Ok(Made::act(Act::ConfirmSupport { item, proof })))
            .await
    }
}
