//! One-time links to a mailbox, and the sessions they open: by a token for programs, by a cookie for pages. GET shows
//! what a link is for, only POST uses it.

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use ipnet::IpNet;
use radslag_kernel::{AggregateId, ItemId};
use radslag_runtime::{
    Principal, Problem,
    auth::Means,
    http::{Client, JsonBody, MailboxSession, PathId},
    limits::Admitted,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        Api, answer,
        asking::{Asking, Holder, Reading, Who},
        dto,
    },
    lists::{Submitter, Verdict},
    session::LINK_MINUTES,
    shell::{Asked, Office},
};

/// The cookie of pages.
const COOKIE: &str = "radslag_session";

/// Where the link is to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskForLink {
    /// As typed.
    pub(super) mailbox: String,
    /// `sv` or `en`: of the mail.
    #[serde(default)]
    pub(super) language: String,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Begun {
    /// To be sent as `Authorization: Bearer`.
    pub(super) token: String,
    /// How long it lasts.
    pub(super) seconds: u64,
}

/// Somebody who used a link to their mailbox, and hasn't logged out.
pub(super) struct Session {
    /// As it was typed.
    pub(super) mailbox: String,
    /// The session's own.
    pub(super) id: ItemId,
    principal: Principal,
}

impl Who for Session {
    fn principal(&self) -> Option<&Principal> {
        Some(&self.principal)
    }
}

impl FromRequestParts<Api> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let MailboxSession(principal) = MailboxSession::from_request_parts(parts, api).await?;
        let Reading { office, .. } = Reading::from_request_parts(parts, api).await?;
        let over = || Problem::new(StatusCode::UNAUTHORIZED, "session-over");
        going_on(&office, principal)?.ok_or_else(over)
    }
}

/// The session of a principal who has one that goes on.
fn going_on(office: &Office, principal: Principal) -> Result<Option<Session>, Problem> {
    let Means::Mailbox { session: id } = principal.means else { return Ok(None) };
    let open = office.session_is_open(&principal.subject, id)?;
    Ok(open.then(|| Session { mailbox: principal.subject.clone(), id, principal }))
}

/// The session of a page's cookie.
pub(super) fn of_cookie(api: &Api, office: &Office, headers: &HeaderMap) -> Result<Option<Session>, Problem> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let named = |pair: &str| pair.trim().strip_prefix(COOKIE)?.strip_prefix('=').map(str::to_owned);
    let Some(token) = cookies.flat_map(|value| value.split(';')).find_map(named) else { return Ok(None) };
    match api.kit().verifier().verify(&token, &office.tenant.id) {
        Ok(principal) => going_on(office, principal),
        Err(_) => Ok(None),
    }
}

/// A cookie that only this tenant's pages get, that no script reads and no other site's form sends.
pub(super) fn cookie(api: &Api, office: &Office, token: &str, seconds: u64) -> Result<HeaderValue, Problem> {
    let https = api.kit().http().public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    let (tenant, secure) = (&office.tenant.id, if https { "; Secure" } else { "" });
    let text = format!("{COOKIE}={token}; Path=/{tenant}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text).map_err(|_| Problem::internal())
}

/// What a form of a session carries, so that no other site can have it sent.
pub(super) fn form_token(office: &Office, session: ItemId) -> String {
    crate::Tag(office.commands.short("session-form", &session.to_string())).to_string()
}

/// A form that isn't ours, or another site's: it does nothing.
pub(super) fn check_form(office: &Office, session: ItemId, carried: &str) -> Result<(), Problem> {
    let made = form_token(office, session);
    // Every byte is compared, whichever differs first.
    let differs = made.bytes().zip(carried.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    if made.len() == carried.len() && differs == 0 { Ok(()) } else { Err(other_site()) }
}

/// A browser says when another site sends its form: else it could log somebody in to a mailbox that isn't theirs.
pub(super) fn check_site(headers: &HeaderMap) -> Result<(), Problem> {
    let cross = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if cross { Err(other_site()) } else { Ok(()) }
}

fn other_site() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "form-of-another-site")
}

/// Sends a link to a mailbox: always the same 202.
#[utoipa::path(post, path = "/api/v1/{tenant}/sessions", tag = "sessions", request_body = AskForLink,
    operation_id = "ask_for_link", params(("tenant" = String, Path)), responses((status = 202, body = dto::MailSent)))]
pub(super) async fn ask(
    asking: Asking<Holder>,
    client: Client,
    _: Admitted,
    JsonBody(body): JsonBody<AskForLink>,
) -> Result<Response, Problem> {
    let asked = asking.asked("POST sessions", &body);
    link(&asking.office, &asked, client, &body).await?;
    Ok((StatusCode::ACCEPTED, Json(dto::MailSent { status: "check_your_mailbox" })).into_response())
}

/// Asks for a link: the API and the form do the same. Five in five minutes for a network, whoever is named.
pub(super) async fn link(
    office: &Office,
    asked: &Asked,
    client: Client,
    body: &AskForLink,
) -> Result<(), Problem> {
    let from = client.address.to_canonical();
    let submitter = Submitter { address: IpNet::from(from), mailbox: body.mailbox.clone() };
    let verdict = office.lists()?.1.judge(&submitter);
    let somebody = AggregateId::from_bytes(rand::random());
    if verdict == Verdict::Unlisted && office.link_rates.take(from, somebody, office.now()).is_some() {
        let minutes = std::time::Duration::from_secs(300);
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests").retry_after(minutes));
    }
    let language = if body.language.is_empty() { "sv" } else { &body.language };
    office.request_link(asked, &body.mailbox, language, verdict == Verdict::Blocked).await?;
    Ok(())
}

/// What a link is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Usable {
    /// `requested`, `used` or `expired`.
    pub(super) state: &'static str,
    /// How long a link is good for.
    pub(super) minutes: u64,
}

/// What a link is for: reading it uses nothing.
#[utoipa::path(get, path = "/api/v1/{tenant}/sessions/{token}", tag = "sessions",
    operation_id = "show_session_link", params(("tenant" = String, Path), ("token" = String, Path)), responses((status = 200, body = Usable)))]
pub(super) async fn show(
    Reading { office, .. }: Reading,
    PathId(token): PathId<String>,
) -> Result<Response, Problem> {
    Ok(Json(usable(&office, &token)?).into_response())
}

pub(super) fn usable(office: &Office, token: &str) -> Result<Usable, Problem> {
    use crate::session::Standing;
    let invalid = || Problem::new(StatusCode::NOT_FOUND, "link-invalid");
    let (tag, item) = office.links.read_session(token).ok_or_else(invalid)?;
    let links = office.links_of(&crate::shell::session::stream(tag))?;
    let link = links.link(item).ok_or_else(invalid)?;
    let state = match link.standing {
        Standing::Requested if office.now() < link.expires_at => "requested",
        Standing::Requested | Standing::Expired => "expired",
        Standing::Open { .. } | Standing::Ended => "used",
    };
    Ok(Usable { state, minutes: LINK_MINUTES })
}

/// Uses a link: a session, once.
#[utoipa::path(post, path = "/api/v1/{tenant}/sessions/{token}", tag = "sessions",
    operation_id = "open_session", params(("tenant" = String, Path), ("token" = String, Path)), responses((status = 201, body = Begun)))]
pub(super) async fn open(
    Reading { api, office }: Reading,
    PathId(token): PathId<String>,
    _: Admitted,
) -> Result<Response, Problem> {
    let begun = begin(&api, &office, &token).await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(begun)).into_response())
}

/// Opens a session: the API and the page do the same.
pub(super) async fn begin(api: &Api, office: &Office, token: &str) -> Result<Begun, Problem> {
    let invalid = || Problem::new(StatusCode::NOT_FOUND, "link-invalid");
    let (tag, item) = office.links.read_session(token).ok_or_else(invalid)?;
    let sessions = api.kit().sessions();
    let (id, mailbox) = office.open_session(tag, item, sessions.seconds()).await?;
    let token = sessions.issue(&office.tenant.id, &mailbox, id).ok_or_else(Problem::internal)?;
    Ok(Begun { token, seconds: sessions.seconds() })
}

/// Logs out: the token is worth nothing from here on.
#[utoipa::path(delete, path = "/api/v1/{tenant}/sessions", tag = "sessions", operation_id = "end_session",
    params(("tenant" = String, Path)), responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn end(asking: Asking<Session>) -> Result<Response, Problem> {
    let Session { mailbox, id, .. } = &asking.who;
    Ok(answer::written(&asking.office, &asking.office.end_session(mailbox, *id).await?))
}
