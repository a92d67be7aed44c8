//! Who may take a petition over: named by its initiator, asked by mail, and the initiator once they take over.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, PathId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        answer,
        asking::{Asking, Reading},
        links::{self, Act},
        lists::moment,
        petitions::initiator,
        politicians::elected,
    },
    petition::{self, Contact, Petition, coinitiator::Act as Does},
    shell::{
        Asked, Office,
        coinitiator::Standing,
        links::{Link, Purpose},
        petition::Proof,
    },
};

/// Who may take a petition over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Coinitiator {
    /// Theirs.
    pub(super) name: String,
    /// Where they are asked.
    pub(super) mailbox: String,
    /// `sv` or `en`: of that mail.
    #[serde(default)]
    pub(super) language: String,
}

/// A yes by eID.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptNaming {
    /// The token of the link in the mail.
    pub(super) link: String,
    /// What everybody is to see once they took over; empty: the name.
    #[serde(default)]
    pub(super) public_name: String,
}

/// Who is named, as the initiator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Companion {
    /// As the initiator wrote it, or as they stand there themselves.
    pub(super) name: Option<String>,
    /// They said yes.
    pub(super) accepted: bool,
}

pub(super) fn companion(petition: &Petition) -> Option<Companion> {
    let named = petition.filed.as_ref()?.coinitiator.as_ref()?;
    let name = named.contact.known().map(|contact| contact.name.clone());
    Some(Companion { name, accepted: named.accepted })
}

fn contact(body: &Coinitiator) -> Contact {
    let language = if body.language.is_empty() { "sv".into() } else { body.language.clone() };
    let (name, mailbox) = (body.name.clone(), body.mailbox.clone());
    Contact { public_name: name.clone(), name, mailbox, postcode: String::new(), language, party: None }
}

/// Names who may take the petition over. The answer is the same whoever has the mailbox.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/co-initiator", tag = "petitions",
    operation_id = "name_coinitiator", request_body = Coinitiator, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn name(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<Coinitiator>,
) -> Result<Response, Problem> {
    let asked = asking.changing(&format!("POST {petition}/co-initiator"), &body)?;
    let proof = Proof::Eid(&asking.who.subject);
    let done = asking.office.name_coinitiator(petition, &asked, &proof, &contact(&body)).await?;
    Ok(answer::written(&asking.office, &done))
}

/// Takes the naming back; what is kept of who was named is destroyed.
#[utoipa::path(delete, path = "/api/v1/{tenant}/petitions/{id}/co-initiator", tag = "petitions",
    operation_id = "revoke_coinitiator", params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn revoke(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let asked = asking.changing(&format!("DELETE {petition}/co-initiator"), &())?;
    initiator(&asking, petition, &asked, &|proof| petition::Act::RevokeCoinitiator { proof }).await
}

/// Says yes by eID, where the policy asks an initiator for one. `link` is the token of the mail's link.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/co-initiator/accept", tag = "petitions",
    operation_id = "accept_naming", request_body = AcceptNaming, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn accept(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<AcceptNaming>,
) -> Result<Response, Problem> {
    asking.permit("petitions.submit")?;
    let (office, who) = (&asking.office, &asking.who);
    let link = links::read(office, &body.link)?;
    if link.purpose != Purpose::Coinitiator || link.petition != petition {
        return Err(links::something_else());
    }
    let asked = asking.asked(&format!("POST {petition}/co-initiator/accept"), &body);
    let elected = elected(office, who);
    let name = elected.map(|elected| elected.name.as_str());
    let eid = Some((who.subject.as_str(), name.or(who.name.as_deref())));
    let public_name = name.unwrap_or(&body.public_name);
    let (party, registered) = (elected.map(|elected| elected.party.as_str()), who.assurance.is_some());
    let yes = office.yes(petition, link.item, &Standing { public_name, party, eid, registered })?;
    let done = office.as_coinitiator(petition, &asked, (link.item, link.tag), &yes).await?;
    Ok(answer::written(&asking.office, &done))
}

/// What the initiator does about it behind their link; nothing if it is about something else.
pub(super) async fn by_initiator(
    office: &Office,
    link: &Link,
    asked: &Asked,
    act: &Act,
) -> Option<Result<(), Problem>> {
    let proof = Proof::Mailbox(link.tag);
    let done = match act {
        Act::NameCoinitiator { name, mailbox, language } => {
            let (name, mailbox, language) = (name.clone(), mailbox.clone(), language.clone());
            let contact = contact(&Coinitiator { name, mailbox, language });
            office.name_coinitiator(link.petition, asked, &proof, &contact).await
        }
        Act::RevokeCoinitiator => {
            let revoke = |proof| petition::Act::RevokeCoinitiator { proof };
            office.as_initiator(link.petition, asked, &proof, &revoke).await
        }
        _ => return None,
    };
    Some(done.map(|_| ()).map_err(Problem::from))
}

/// What the one who is named does behind theirs.
pub(super) async fn follow(office: &Office, link: &Link, asked: &Asked, act: &Act) -> Result<(), Problem> {
    let does = match act {
        Act::Accept { public_name } => {
            let standing = Standing { public_name, party: None, eid: None, registered: false };
            office.yes(link.petition, link.item, &standing)?
        }
        Act::Decline => Does::Decline,
        Act::TakeOver => Does::TakeOver,
        _ => return Err(links::something_else()),
    };
    office.as_coinitiator(link.petition, asked, (link.item, link.tag), &does).await?;
    Ok(())
}

/// What their page says, and what can be done.
pub(super) fn linked(petition: &Petition, link: &Link) -> (String, Vec<&'static str>) {
    let filed = petition.filed.as_ref();
    let named = filed.and_then(|filed| filed.coinitiator.as_ref()).filter(|named| named.item == link.item);
    let over = petition.life.phase().is_terminal();
    match named {
        Some(named) if named.accepted => {
            ("accepted".into(), if over { vec!["decline"] } else { vec!["take_over", "decline"] })
        }
        Some(_) => ("asked".into(), if over { vec!["decline"] } else { vec!["accept", "decline"] }),
        None if filed.is_some_and(|filed| filed.taken_over == Some(link.item)) => {
            ("took_over".into(), vec![])
        }
        None => ("ended".into(), vec![]),
    }
}

/// Who started a petition, who did before somebody took over, and who may take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Initiators {
    /// What everybody sees; gone once erased.
    initiator: Option<String>,
    coinitiator: Option<Companion>,
    /// Oldest first.
    former: Vec<FormerInitiator>,
}

/// One who was the initiator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct FormerInitiator {
    name: Option<String>,
    until: String,
}

/// Who is, was and may become a petition's initiator.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/initiators", tag = "officials",
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Initiators)), security(("token" = [])))]
pub(super) async fn initiators(
    who: Principal,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-queue")?;
    let (_, state) = office.petition(petition)?;
    let found = state.0.as_ref().ok_or_else(Problem::not_found)?;
    let filed = found.filed.as_ref().ok_or_else(Problem::not_found)?;
    let former = filed.former.iter().map(|former| FormerInitiator {
        name: former.contact.known().map(|contact| contact.public_name.clone()),
        until: moment(i64::try_from(former.until.millis()).unwrap_or(i64::MAX)),
    });
    let initiator = filed.contact.known().map(|contact| contact.public_name.clone());
    Ok(Json(Initiators { initiator, coinitiator: companion(found), former: former.collect() })
        .into_response())
}
