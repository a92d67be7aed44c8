//! Templates: the shipped words, a tenant's own, and what a letter looks like with them before anybody gets it.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_runtime::{
    Problem,
    http::{JsonBody, PathIds, Written},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{answer, asking::Asking},
    shell::words::language,
    templates, wording,
};

const COMMAND: &str = "notifications.edit-templates";

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Template {
    template: String,
    /// `sv` or `en`.
    language: String,
    /// The first line is the subject.
    text: String,
    /// The tenant's own, not the shipped one.
    own: bool,
    /// What it may say.
    variables: Vec<String>,
}

/// A tenant's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditTemplate {
    /// The first line is `Subject: ` and the subject, then an empty line.
    text: String,
}

/// A letter as it would look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Preview {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

impl From<templates::Words> for Preview {
    fn from(words: templates::Words) -> Self {
        Self { subject: words.subject, text: words.text, html: words.html }
    }
}

/// Every template in both languages, as it holds.
#[utoipa::path(get, path = "/api/v1/{tenant}/notifications/templates", tag = "notifications",
    operation_id = "list_templates", params(("tenant" = String, Path)),
    responses((status = 200, body = Vec<Template>)), security(("token" = [])))]
pub(super) async fn list(asking: Asking) -> Result<Response, Problem> {
    asking.permit(COMMAND)?;
    let all = templates::TEMPLATES.iter().flat_map(|(name, ..)| [(*name, "sv"), (*name, "en")]);
    let found = all.map(|(name, language)| found(&asking, name, language));
    Ok(Json(found.collect::<Result<Vec<_>, _>>()?).into_response())
}

/// A template as it holds.
#[utoipa::path(get, path = "/api/v1/{tenant}/notifications/templates/{template}/{language}", tag = "notifications",
    operation_id = "read_template", params(("tenant" = String, Path), ("template" = String, Path), ("language" = String, Path)),
    responses((status = 200, body = Template)), security(("token" = [])))]
pub(super) async fn one(
    asking: Asking,
    PathIds(name, language): PathIds<String, String>,
) -> Result<Response, Problem> {
    asking.permit(COMMAND)?;
    Ok(Json(found(&asking, &name, &language)?).into_response())
}

/// Writes a tenant's own words. A text that lacks its link, or names what no letter of this kind knows, isn't saved.
#[utoipa::path(put, path = "/api/v1/{tenant}/notifications/templates/{template}/{language}", tag = "notifications",
    operation_id = "edit_template", request_body = EditTemplate,
    params(("tenant" = String, Path), ("template" = String, Path), ("language" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn edit(
    asking: Asking,
    PathIds(name, language): PathIds<String, String>,
    JsonBody(body): JsonBody<EditTemplate>,
) -> Result<Response, Problem> {
    word(&asking, "PUT template", (&name, &language), Some(body.text)).await
}

/// Takes the shipped words again.
#[utoipa::path(delete, path = "/api/v1/{tenant}/notifications/templates/{template}/{language}", tag = "notifications",
    operation_id = "reset_template",
    params(("tenant" = String, Path), ("template" = String, Path), ("language" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn reset(
    asking: Asking,
    PathIds(name, language): PathIds<String, String>,
) -> Result<Response, Problem> {
    word(&asking, "DELETE template", (&name, &language), None).await
}

/// What a letter would look like with a text, each value standing for itself. Nothing is saved or sent.
#[utoipa::path(post, path = "/api/v1/{tenant}/notifications/templates/{template}/{language}/preview", tag = "notifications",
    operation_id = "preview_template", request_body = EditTemplate,
    params(("tenant" = String, Path), ("template" = String, Path), ("language" = String, Path)),
    responses((status = 200, body = Preview)), security(("token" = [])))]
pub(super) async fn preview(
    asking: Asking,
    PathIds(name, language): PathIds<String, String>,
    JsonBody(body): JsonBody<EditTemplate>,
) -> Result<Response, Problem> {
    asking.permit(COMMAND)?;
    known(&name, &language)?;
    let fault = |fault| answer::of_wording(&wording::Refusal::Text(fault));
    templates::check(&name, &body.text).map_err(fault)?;
    let words = templates::write(&body.text, &templates::example(&name), &language);
    let words = words.map_err(|error| fault(templates::Fault::Malformed(error.to_string())))?;
    Ok((StatusCode::OK, Json(Preview::from(words))).into_response())
}

async fn word(
    asking: &Asking,
    route: &str,
    (name, language): (&str, &str),
    text: Option<String>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    known(name, language)?;
    let asked = asking.asked(route, &(name, language, &text));
    let done = asking.office.word(&asked, (&asking.who.subject, role), (name, language), text).await;
    Ok(Written::answer(&asking.office, &done.map_err(answer::undone)?))
}

/// Only the two languages there are: another one isn't English.
fn known(name: &str, wanted: &str) -> Result<(), Problem> {
    let known = language(wanted) == wanted && templates::shipped(name, wanted).is_some();
    if known { Ok(()) } else { Err(Problem::not_found()) }
}

fn found(asking: &Asking, name: &str, language: &str) -> Result<Template, Problem> {
    known(name, language)?;
    let (text, own) = asking.office.template(name, language)?.ok_or_else(Problem::not_found)?;
    let variables = templates::variables(name).into_iter().collect();
    Ok(Template { template: name.into(), language: language.into(), text, own, variables })
}
