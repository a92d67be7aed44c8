//! Coming into a panel by oneself: always the same answer, whoever is named; and what the holder of a link does then.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Problem,
    config::Tenant,
    http::{JsonBody, PathId},
    limits::Admitted,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::api::{Anybody, Holding},
    person::Person,
    shell::membering::Doing,
};

/// The form of a panel, filled in. What it doesn't ask for is left out.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Submission {
    mailbox: String,
    /// `sv` or `en`: of letters.
    language: String,
    name: String,
    street: String,
    postcode: String,
    town: String,
    birth_year: u16,
    gender: String,
    phone: String,
    /// They say that they live here.
    resident: bool,
    /// The version of the consent they give.
    consent_version: u32,
    /// To the panel's own questions, by key.
    answers: BTreeMap<String, String>,
}

impl Submission {
    /// Whom it is about, to the tenant.
    pub(super) fn person(self, tenant: &Tenant) -> Person {
        Person {
            area: tenant.area(&self.postcode).to_owned(),
            name: self.name,
            mailbox: self.mailbox,
            language: self.language,
            street: self.street,
            postcode: self.postcode,
            town: self.town,
            birth_year: self.birth_year,
            gender: self.gender,
            phone: self.phone,
            answers: self.answers.into_iter().collect(),
            protected: false,
            resident: self.resident,
            consent_version: self.consent_version,
        }
    }
}

/// What becomes of it stands in a letter to that mailbox, and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Asked {
    status: &'static str,
}

/// What the holder of a link wants.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Membership {
    /// `confirm`, `accept`, `decline`, `pause`, `resume`, `leave` or `renew`.
    act: String,
    /// The version of the consent that they give, who accept.
    #[serde(default)]
    consent_version: u32,
    /// Where letters go from then on; of those who accept.
    #[serde(default)]
    mailbox: String,
    /// `sv` or `en`: of letters.
    #[serde(default)]
    language: String,
}

/// Names a mailbox that would join, which then confirms: always the same 202.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/members", tag = "panels", operation_id = "join_panel",
    request_body = Submission, params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 202, body = Asked)))]
pub(super) async fn submit(
    asking: Anybody,
    PathId(id): PathId<AggregateId>,
    _: Admitted,
    JsonBody(body): JsonBody<Submission>,
) -> Result<Response, Problem> {
    let asked = asking.asked(&format!("POST panels {id} members"), &body);
    let person = body.person(&asking.office.tenant);
    asking.office.submit(&asked, id, &person).await?;
    Ok((StatusCode::ACCEPTED, Json(Asked { status: "check_your_mailbox" })).into_response())
}

/// Joins, answers an invitation, pauses, goes on, stays or leaves, by the link in a letter.
#[utoipa::path(post, path = "/api/v1/{tenant}/panel-memberships/{token}", tag = "panels",
    operation_id = "change_membership", request_body = Membership,
    params(("tenant" = String, Path), ("token" = String, Path)), responses((status = 204)))]
pub(super) async fn act(
    asking: Holding,
    PathId(token): PathId<String>,
    JsonBody(body): JsonBody<Membership>,
) -> Result<Response, Problem> {
    let link = asking.office.links.read(&token).ok_or_else(Problem::not_found)?;
    let doing = match body.act.as_str() {
        "confirm" => Doing::Confirm,
        "accept" => {
            let (mailbox, language) = (body.mailbox.clone(), body.language.clone());
            let said = Person { mailbox, language, ..Person::default() };
            let says = said != Person::default();
            Doing::Accept(body.consent_version, says.then(|| Box::new(said)))
        }
        "decline" => Doing::Decline,
        "renew" => Doing::Renew,
        "pause" => Doing::Pause,
        "resume" => Doing::Resume,
        "leave" => Doing::Leave,
        _ => {
            let acts = "one of confirm, accept, decline, pause, resume, leave, renew";
            return Err(Problem::invalid("/act", acts));
        }
    };
    let asked = asking.asked(&format!("POST panel-memberships {}", link.item), &body);
    asking.office.on_membership(&asked, &link, doing).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
