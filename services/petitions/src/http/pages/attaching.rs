//! Files on the page of who started a petition: a form that brings one, and what is attached, also before everybody may
//! read it.

use axum::{http::HeaderMap, response::Response};
use radslag_kernel::ItemId;
use radslag_runtime::{
    Problem,
    http::{PathId, PathIds, Upload},
    limits::Admitted,
};

use crate::{
    http::{
        asking::{Asking, Holder},
        attachments, links, mine,
        pages::{
            linked::{self, Told},
            own::{self, unkept},
            view::View,
        },
        sessions,
    },
    shell::{
        links::{Link, Purpose},
        petition::Proof,
    },
};

/// Attaches a file in a session.
pub(in crate::http) async fn to_mine(
    view: View,
    asking: Asking<Holder>,
    headers: HeaderMap,
    PathId(name): PathId<String>,
    _: Admitted,
    upload: Upload,
) -> Result<Response, Problem> {
    let who = own::holder(&view, &headers)?;
    sessions::check_site(&headers)?;
    let link = mine::find(&view.office, &who, &name)?;
    let check = |carried: &str| sessions::check_form(&view.office, who.id, carried);
    match attach(&asking, &link, upload, &check).await {
        Ok(()) => view.see(&format!("mine/{name}")),
        Err(problem) => {
            let (wrong, form) = (view.wrong(problem)?, sessions::form_token(&view.office, who.id));
            let told = Told { wrong: Some(&wrong), form: Some(form), ..Told::default() };
            Ok(unkept(linked::page(&view, &link, told)?))
        }
    }
}

/// Attaches a file behind a link in a mail.
pub(in crate::http) async fn to_linked(
    view: View,
    asking: Asking<Holder>,
    PathId(token): PathId<String>,
    _: Admitted,
    upload: Upload,
) -> Result<Response, Problem> {
    let link = links::read(&view.office, &token)?;
    match attach(&asking, &link, upload, &|_| Ok(())).await {
        Ok(()) => view.see(&format!("links/{token}")),
        Err(problem) => {
            let wrong = view.wrong(problem)?;
            linked::page(&view, &link, Told { wrong: Some(&wrong), ..Told::default() })
        }
    }
}

async fn attach(
    asking: &Asking<Holder>,
    link: &Link,
    upload: Upload,
    check: &(dyn Fn(&str) -> Result<(), Problem> + Sync),
) -> Result<(), Problem> {
    let proof = proof(link)?;
    let form = attachments::taken_in(asking, link.petition, &proof, upload).await?;
    check(form.fields.get("form").map(String::as_str).unwrap_or_default())?;
    attachments::kept(asking, link.petition, &proof, form).await?;
    Ok(())
}

fn proof(link: &Link) -> Result<Proof<'static>, Problem> {
    match link.purpose {
        Purpose::Initiator => Ok(Proof::Mailbox(link.tag)),
        Purpose::Signature
        | Purpose::Supporter
        | Purpose::Coinitiator
        | Purpose::Comment
        | Purpose::Inquiry => Err(links::something_else()),
    }
}

/// A file, in a session.
pub(in crate::http) async fn of_mine(
    view: View,
    headers: HeaderMap,
    PathIds(name, item): PathIds<String, ItemId>,
) -> Result<Response, Problem> {
    let who = own::holder(&view, &headers)?;
    theirs(&view, &mine::find(&view.office, &who, &name)?, item).await
}

/// A file, behind a link in a mail.
pub(in crate::http) async fn of_linked(
    view: View,
    PathIds(token, item): PathIds<String, ItemId>,
) -> Result<Response, Problem> {
    theirs(&view, &links::read(&view.office, &token)?, item).await
}

async fn theirs(view: &View, link: &Link, item: ItemId) -> Result<Response, Problem> {
    proof(link)?;
    let (_, state) = view.office.petition(link.petition)?;
    let petition = state.0.as_ref().ok_or_else(Problem::not_found)?;
    if !links::is_initiator(petition, link.tag) {
        return Err(Problem::not_found());
    }
    attachments::given(&view.office, link.petition, item).await
}
