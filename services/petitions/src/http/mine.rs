//! What somebody has behind their mailbox, and what they do with it: what the links in their mails do, without the mails.

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Instant, ItemId};
use radslag_runtime::{
    Problem,
    http::{JsonBody, PathId, QueryOf},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        Api,
        asking::{Asking, Reading},
        links::{self, Act, Shown},
        sessions::Session,
    },
    shell::{
        Office,
        links::{Link, Purpose},
        mine::After,
        signature::mailbox_stream,
    },
};

/// A signature, a petition, a comment or an inquiry of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Own {
    /// What it is called in `mine/{thing}`.
    pub(super) thing: String,
    /// What it is and what can be done.
    #[serde(flatten)]
    pub(super) shown: Shown,
    /// What everybody sees of a signature.
    pub(super) name: Option<String>,
}

/// What is one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Mine {
    /// The mailbox.
    pub(super) mailbox: String,
    /// What it has.
    pub(super) things: Vec<Own>,
    /// Where to go on: not everything was looked through yet.
    pub(super) next: Option<String>,
}

/// From where.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wanted {
    cursor: Option<String>,
}

/// Everything of the mailbox whose session it is.
#[utoipa::path(get, path = "/api/v1/{tenant}/mine", tag = "sessions", operation_id = "list_mine",
    params(("tenant" = String, Path), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Mine)), security(("token" = [])))]
pub(super) async fn list(
    who: Session,
    Reading { api, office }: Reading,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    let mine = of(&api, &office, &who, &wanted).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(mine)).into_response())
}

/// The API and the page show the same.
pub(super) async fn of(
    api: &Api,
    office: &std::sync::Arc<Office>,
    who: &Session,
    wanted: &Wanted,
) -> Result<Mine, Problem> {
    let scope = format!("{}-{}-mine", office.tenant.id, who.id);
    let cursors = api.kit().cursors();
    let after: Option<After> =
        wanted.cursor.as_deref().map(|cursor| cursors.decode(&scope, cursor)).transpose()?;
    let (links, next) = office.owned(&who.mailbox, after).await?;
    let things = links.iter().map(|link| shown(office, link)).collect::<Result<Vec<_>, Problem>>()?;
    let next = next.and_then(|next| cursors.encode(&scope, &next).ok());
    Ok(Mine { mailbox: who.mailbox.clone(), things, next })
}

fn shown(office: &Office, link: &Link) -> Result<Own, Problem> {
    let name = if link.purpose == Purpose::Signature { public_name(office, link)? } else { None };
    Ok(Own { thing: thing(link), shown: links::shown(office, link, None)?, name })
}

/// What everybody sees of a signature that stands.
pub(super) fn public_name(office: &Office, link: &Link) -> Result<Option<String>, Problem> {
    let page = office.page(link.petition, &mailbox_stream(link.petition, link.tag))?;
    let slot = page.state.slot_of(link.item);
    Ok(slot.and_then(|slot| slot.public.name.known().cloned()).filter(|name| !name.is_empty()))
}

/// Who may take a petition over isn't listed: they become its initiator behind the link in their mail, and have it from then.
fn thing(link: &Link) -> String {
    match link.purpose {
        Purpose::Initiator | Purpose::Supporter | Purpose::Coinitiator => {
            format!("petition-{}", link.petition)
        }
        Purpose::Signature => format!("signature-{}-{}", link.petition, link.item),
        Purpose::Comment => format!("comment-{}-{}", link.petition, link.item),
        Purpose::Inquiry => format!("inquiry-{}", link.petition),
    }
}

/// A thing by its name; 404 if it isn't this mailbox's, as if there were none.
pub(super) fn find(office: &Office, who: &Session, name: &str) -> Result<Link, Problem> {
    let mut parts = name.split('-');
    let (kind, petition) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let petition: AggregateId = petition.parse().map_err(|_| Problem::not_found())?;
    let item = parts.next().map(str::parse::<ItemId>).transpose().map_err(|_| Problem::not_found())?;
    let item = item.unwrap_or_default();
    let (purpose, tag) = match kind {
        "inquiry" => (Purpose::Inquiry, office.asker_mailbox(&who.mailbox)),
        "petition" => (Purpose::Initiator, office.tags(petition)?.mailbox(&who.mailbox)),
        "signature" => (Purpose::Signature, office.tags(petition)?.mailbox(&who.mailbox)),
        "comment" => (Purpose::Comment, office.tags(petition)?.mailbox(&who.mailbox)),
        _ => return Err(Problem::not_found()),
    };
    let link = Link { purpose, petition, tag, item, expires_at: Instant::from_millis(0) };
    // The page of a comment or an inquiry is looked for by this tag wherever it is shown or acted on.
    let theirs = match purpose {
        Purpose::Initiator => {
            let (_, state) = office.petition(petition)?;
            let filed = state.0.as_ref().and_then(|petition| petition.filed.as_ref());
            filed.and_then(|filed| filed.tags.known()).is_some_and(|tags| tags.mailbox == Some(tag))
        }
        Purpose::Signature => {
            let page = office.page(petition, &mailbox_stream(petition, tag))?;
            let waits = page.state.pending.iter().any(|pending| pending.item == item);
            waits || page.state.place_of(item).is_some()
        }
        Purpose::Comment | Purpose::Inquiry | Purpose::Supporter | Purpose::Coinitiator => true,
    };
    theirs.then_some(link).ok_or_else(Problem::not_found)
}

/// One thing of one's own.
#[utoipa::path(get, path = "/api/v1/{tenant}/mine/{thing}", tag = "sessions", operation_id = "one_of_mine",
    params(("tenant" = String, Path), ("thing" = String, Path)),
    responses((status = 200, body = Own)), security(("token" = [])))]
pub(super) async fn one(
    who: Session,
    Reading { office, .. }: Reading,
    PathId(name): PathId<String>,
) -> Result<Response, Problem> {
    let own = shown(&office, &find(&office, &who, &name)?)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(own)).into_response())
}

/// Does with it what a link in a mail does.
#[utoipa::path(post, path = "/api/v1/{tenant}/mine/{thing}", tag = "sessions", request_body = Act,
    operation_id = "act_on_mine", params(("tenant" = String, Path), ("thing" = String, Path)),
    responses((status = 200, body = Own)), security(("token" = [])))]
pub(super) async fn act(
    asking: Asking<Session>,
    PathId(name): PathId<String>,
    JsonBody(body): JsonBody<Act>,
) -> Result<Response, Problem> {
    let link = find(&asking.office, &asking.who, &name)?;
    let asked = asking.asked(&format!("POST mine/{name}"), &body);
    links::acted(&asking.office, &link, &asked, &body).await?;
    Ok(Json(shown(&asking.office, &link)?).into_response())
}
