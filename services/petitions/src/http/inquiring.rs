//! Handing in tips and questions: by eID, or by mailbox from the API and from the form.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Principal, Problem,
    http::{Client, JsonBody},
    limits::Admitted,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        answer,
        asking::Asking,
        dto,
        inquiries::{kind_of, politician_of},
    },
    inquiry::{Asked as Words, Contact},
    shell::{Asked, Office, inquiry::Handed},
};

/// An inquiry to be handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Inquire {
    /// `tip` or `question`.
    pub(super) kind: String,
    /// One line.
    pub(super) title: String,
    /// What is asked.
    pub(super) text: String,
    /// By eID it is taken from the token.
    #[serde(default)]
    pub(super) name: String,
    /// Where mail reaches the asker; without an eID it is needed.
    #[serde(default)]
    pub(super) mailbox: String,
    /// What everybody sees of the asker; empty: nothing.
    #[serde(default)]
    pub(super) public_name: String,
    /// No answer in public.
    #[serde(default)]
    pub(super) private: bool,
    /// The politician they would like to hear from.
    #[serde(default)]
    pub(super) politician: Option<String>,
    /// `sv` or `en`: of the mails.
    #[serde(default)]
    pub(super) language: String,
}

fn handed(office: &Office, body: Inquire, name: Option<String>) -> Result<Handed<'static>, Problem> {
    let wished = body.politician.as_deref().map(|text| politician_of(office, text)).transpose()?;
    let name = name.unwrap_or(body.name);
    let language = if body.language.is_empty() { "sv".into() } else { body.language };
    Ok(Handed {
        kind: kind_of(&body.kind)?,
        asked: Words { title: body.title, text: body.text },
        contact: Contact { name, mailbox: body.mailbox, public_name: body.public_name, language },
        eid: None,
        private: body.private,
        wished,
        dialogue: None,
        over_rate: false,
        blocked: false,
    })
}

/// Asks by mailbox: the API and the form do the same.
pub(super) async fn by_mailbox(
    office: &Office,
    asked: &Asked,
    client: Client,
    body: Inquire,
) -> Result<(), Problem> {
    let mut handed = handed(office, body, None)?;
    let noticed = office.notice(client.address, AggregateId::default(), &handed.contact.mailbox, None)?;
    (handed.over_rate, handed.blocked) = (noticed.suspicion.is_some(), noticed.blocked);
    office.ask(asked, &handed).await?;
    Ok(())
}

/// Hands in a tip or a question: by eID with a token (201, with its number), else by mailbox (always the same 202, and a
/// mail with its number).
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries", tag = "inquiries", operation_id = "inquire", request_body = Inquire,
    params(("tenant" = String, Path)),
    responses((status = 201, body = dto::Made), (status = 202, body = dto::MailSent)))]
pub(super) async fn inquire(
    asking: Asking<Option<Principal>>,
    client: Client,
    _: Admitted,
    JsonBody(body): JsonBody<Inquire>,
) -> Result<Response, Problem> {
    let office = &asking.office;
    let asked = asking.asked("POST inquiries", &body);
    let Some(who) = &asking.who else {
        by_mailbox(office, &asked, client, body).await?;
        let same = dto::MailSent { status: "check_your_mailbox" };
        return Ok((StatusCode::ACCEPTED, Json(same)).into_response());
    };
    let mut handed = handed(office, body, who.name.clone())?;
    asking.api.permit(who, "petitions.ask")?;
    handed.eid = Some(&who.subject);
    let (inquiry, done) = office.ask(&asked, &handed).await?;
    let register = office.inquiry(inquiry)?.0.map(|inquiry| inquiry.register.to_string());
    let watermark = office.log.watermark();
    let (version, receipt) = (answer::version(office, done.version), answer::receipt_of(office, &done));
    let made = dto::Made { id: inquiry.to_string(), register, version, watermark, receipt };
    Ok((StatusCode::CREATED, Json(made)).into_response())
}
