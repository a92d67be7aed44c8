//! Commands about who may take a petition over.

use std::net::{IpAddr, Ipv4Addr};

use radslag_kernel::{Actor, AggregateId, ItemId, Role, SubjectId};
use radslag_runtime::execute::Undone;

use crate::{
    petition::{
        Act, Contact,
        coinitiator::{Accept, Act as Does, Coinitiator, Named},
    },
    shell::{
        Asked, Done, Office, Wrong,
        petition::{Made, Proof},
        tagging::Tags,
    },
    tag::Tag,
};

/// Who is named is asked at their mailbox, wherever the one who names them is.
const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// How the one who is named wants to stand there.
pub struct Standing<'a> {
    /// What everybody sees once they took over; empty = the name.
    pub public_name: &'a str,
    /// Verified: of an elected representative.
    pub party: Option<&'a str>,
    /// Their eID's subject and its name, if they proved one.
    pub eid: Option<(&'a str, Option<&'a str>)>,
    /// Known to be in the population register.
    pub registered: bool,
}

impl Office {
    /// The initiator names somebody: whoever it is, one event of one shape, and a mail unless a list forbids it.
    ///
    /// # Errors
    /// `Undone`; never anything about the mailbox.
    pub async fn name_coinitiator(
        &self,
        petition: AggregateId,
        asked: &Asked,
        proof: &Proof<'_>,
        contact: &Contact,
    ) -> Result<Done, Undone<Wrong>> {
        let tags = self.tags(petition)?;
        let actor = Actor { role: Role::Initiator, subject: SubjectId::from_bytes(rand::random()) };
        let (item, blocked) = (ItemId::from_bytes(rand::random()), self.forbids(NOWHERE, &contact.mailbox)?);
        self.command(petition, actor, asked, &mut |found| {
            let proof = self.proof(found, proof)?;
            let new = self.log.vault().reserve();
            let (key, contact) = (new.reference, contact.clone());
            let named = Named { item, key, tags: tags.initiator(&contact, None), contact, blocked };
            let act = Act::NameCoinitiator { proof, named: Box::new(named) };
            Ok(Made { act, keys: vec![new], register: None, digest_under: Some(key), guard: None })
        })
        .await
    }

    /// What the one who is named does, by the link to their mailbox.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn as_coinitiator(
        &self,
        petition: AggregateId,
        asked: &Asked,
        (item, proof): (ItemId, Tag),
        does: &Does,
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: Role::Citizen, subject: SubjectId::from_bytes(rand::random()) };
        let make = || Act::AsCoinitiator { item, proof, act: does.clone() };
        self.command(petition, actor, asked, &mut |_| Ok(Made::act(make()))).await
    }

    /// Their yes.
    ///
    /// # Errors
    /// `Unknown` without such a naming.
    pub fn yes(
        &self,
        petition: AggregateId,
        item: ItemId,
        standing: &Standing<'_>,
    ) -> Result<Does, Undone<Wrong>> {
        let (_, state) = self.petition(petition)?;
        let filed = state.0.as_ref().and_then(|petition| petition.filed.as_ref());
        let named = filed.and_then(|filed| filed.coinitiator.as_ref()).filter(|named| named.item == item);
        let known = named.and_then(|named: &Coinitiator| named.contact.known());
        let contact = match (known, filed) {
            (Some(contact), _) => contact,
            // Who took over already gets the same answer again.
            (None, Some(filed)) if filed.taken_over == Some(item) => {
                filed.contact.known().ok_or(Undone::Refused(Wrong::Unknown))?
            }
            _ => return Err(Undone::Refused(Wrong::Unknown)),
        };
        let name = standing.eid.and_then(|(_, name)| name).unwrap_or(&contact.name);
        let public_name = if standing.public_name.is_empty() { name } else { standing.public_name };
        let (name, public_name) = (name.to_owned(), public_name.to_owned());
        let party = standing.party.map(str::to_owned);
        let contact = Contact { name, public_name, party, ..contact.clone() };
        let tags: Tags = self.tags(petition)?;
        let tags = tags.initiator(&contact, standing.eid.map(|(subject, _)| subject));
        Ok(Does::Accept(Box::new(Accept { contact, tags, registered: standing.registered })))
    }
}
