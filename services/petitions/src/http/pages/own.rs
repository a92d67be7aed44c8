//! The pages of somebody who has no password: a link to their mailbox, what they have behind it, and logging out. The
//! session is a cookie; each form carries what only our own pages know.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use radslag_runtime::{
    Problem,
    http::{Client, FormBody, PathId, QueryOf},
    limits::Admitted,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http::{
    asking::{Asking, Holder},
    links, mine,
    pages::{
        linked::{self, Form, Told, became},
        view::{View, Wrong},
    },
    sessions::{self, AskForLink, Session},
};

/// The form to ask for a link.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    mailbox: String,
}

/// Where a link is asked for.
pub(in crate::http) async fn form(view: View) -> Result<Response, Problem> {
    page(&view, &Asked::default(), None)
}

fn page(view: &View, typed: &Asked, wrong: Option<&Wrong>) -> Result<Response, Problem> {
    view.form("session.html", typed, wrong, json!({}))
}

/// Asks for a link.
pub(in crate::http) async fn ask(
    view: View,
    asking: Asking<Holder>,
    client: Client,
    _: Admitted,
    FormBody(typed): FormBody<Asked>,
) -> Result<Response, Problem> {
    let body = AskForLink { mailbox: typed.mailbox.clone(), language: view.lang.into() };
    let asked = asking.asked("POST sessions", &body);
    match sessions::link(&view.office, &asked, client, &body).await {
        Ok(()) => Ok(view.sent("session")),
        Err(problem) => page(&view, &typed, Some(&view.wrong(problem)?)),
    }
}

/// What a link is for.
pub(in crate::http) async fn link(view: View, PathId(token): PathId<String>) -> Result<Response, Problem> {
    let usable = sessions::usable(&view.office, &token)?;
    Ok(unkept(view.show("session_link.html", json!({ "usable": usable }))?))
}

/// Uses it: from here on the browser has a cookie.
pub(in crate::http) async fn open(
    view: View,
    headers: HeaderMap,
    PathId(token): PathId<String>,
    _: Admitted,
) -> Result<Response, Problem> {
    sessions::check_site(&headers)?;
    let begun = sessions::begin(&view.api, &view.office, &token).await?;
    let cookie = sessions::cookie(&view.api, &view.office, &begun.token, begun.seconds)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, view.at("mine")?), (header::SET_COOKIE, cookie)])
        .into_response())
}

/// Everything of one's own; without a session the form to ask for a link.
pub(in crate::http) async fn mine(
    view: View,
    headers: HeaderMap,
    QueryOf(wanted): QueryOf<mine::Wanted>,
) -> Result<Response, Problem> {
    let Some(who) = sessions::of_cookie(&view.api, &view.office, &headers)? else {
        return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, view.at("session")?)]).into_response());
    };
    let found = mine::of(&view.api, &view.office, &who, &wanted).await?;
    let mut found = serde_json::to_value(found).map_err(|_| Problem::internal())?;
    for own in found["things"].as_array_mut().into_iter().flatten() {
        let text = |name: &str| own[name].as_str().unwrap_or_default().to_owned();
        own["became"] = json!(became(&text("purpose"), &text("state"), view.lang));
    }
    let form = sessions::form_token(&view.office, who.id);
    let values = json!({ "mine": found, "kinds": kinds(view.sv()), "form": form });
    Ok(unkept(view.show("mine.html", values)?))
}

fn kinds(sv: bool) -> Value {
    if sv {
        json!({ "initiator": "Initiativ", "signature": "Underskrift", "comment": "Kommentar",
            "inquiry": "Fråga eller tips", "supporter": "Stöd" })
    } else {
        json!({ "initiator": "Petition", "signature": "Signature", "comment": "Comment",
            "inquiry": "Question or tip", "supporter": "Support" })
    }
}

/// One thing of one's own, with what can be done.
pub(in crate::http) async fn one(
    view: View,
    headers: HeaderMap,
    PathId(name): PathId<String>,
) -> Result<Response, Problem> {
    let who = holder(&view, &headers)?;
    thing(&view, &who, &name, Told::default())
}

fn thing(view: &View, who: &Session, name: &str, told: Told<'_>) -> Result<Response, Problem> {
    let link = mine::find(&view.office, who, name)?;
    let form = Some(sessions::form_token(&view.office, who.id));
    Ok(unkept(linked::page(view, &link, Told { form, ..told })?))
}

/// Does what the button says and shows the page again.
pub(in crate::http) async fn act(
    view: View,
    asking: Asking<Holder>,
    headers: HeaderMap,
    PathId(name): PathId<String>,
    FormBody(form): FormBody<Form>,
) -> Result<Response, Problem> {
    let who = holder(&view, &headers)?;
    sessions::check_site(&headers)?;
    sessions::check_form(&view.office, who.id, &form.form)?;
    let link = mine::find(&view.office, &who, &name)?;
    let act = form.act(view.lang)?;
    let asked = asking.asked(&format!("POST mine/{name}"), &act);
    match links::acted(&view.office, &link, &asked, &act).await {
        Ok(_) => thing(&view, &who, &name, Told::default()),
        Err(problem) => {
            let wrong = view.wrong(problem)?;
            thing(&view, &who, &name, Told { typed: Some(form), wrong: Some(&wrong), ..Told::default() })
        }
    }
}

/// What the form to log out carries.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Leaving {
    form: String,
}

/// Logs out: the session ends here, and not only in the browser.
pub(in crate::http) async fn log_out(
    view: View,
    headers: HeaderMap,
    FormBody(leaving): FormBody<Leaving>,
) -> Result<Response, Problem> {
    if let Some(who) = sessions::of_cookie(&view.api, &view.office, &headers)? {
        sessions::check_form(&view.office, who.id, &leaving.form)?;
        view.office.end_session(&who.mailbox, who.id).await?;
    }
    let gone = sessions::cookie(&view.api, &view.office, "", 0)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, view.at("")?), (header::SET_COOKIE, gone)])
        .into_response())
}

pub(super) fn holder(view: &View, headers: &HeaderMap) -> Result<Session, Problem> {
    let over = || Problem::new(StatusCode::UNAUTHORIZED, "session-over");
    sessions::of_cookie(&view.api, &view.office, headers)?.ok_or_else(over)
}

/// Nobody keeps it, neither a proxy nor the browser of a library.
pub(super) fn unkept(mut page: Response) -> Response {
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    page
}
