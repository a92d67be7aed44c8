//! Letters to all who subscribe: written, previewed, started by somebody else if they are many, ended.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Instant};
use radslag_readmodel::{Query, Value};
use radslag_runtime::{
    Problem,
    http::{JsonBody, Page, PathId, Written},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    http::{answer, asking::Asking, wordings::Preview},
    mailing::{Text, event},
    projections::lists,
    shell::Done,
    templates,
};

const MAILINGS: Query = lists::MAILINGS;
const WRITE: &str = "notifications.write-mailing";
const START: &str = "notifications.start-mailing";

/// A mailing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftMailing {
    /// `newsletter`, or a petition's id.
    list: String,
    /// In Swedish.
    subject_sv: String,
    /// Plain text; an empty line begins a paragraph.
    body_sv: String,
    /// In English.
    subject_en: String,
    /// Plain text; an empty line begins a paragraph.
    body_en: String,
}

impl From<&DraftMailing> for Text {
    fn from(body: &DraftMailing) -> Self {
        let words = |subject: &str, body: &str| event::Words { subject: subject.into(), body: body.into() };
        Self {
            list: body.list.clone(),
            sv: words(&body.subject_sv, &body.body_sv),
            en: words(&body.subject_en, &body.body_en),
        }
    }
}

/// A mailing that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Drafted {
    id: String,
    version: u64,
}

/// A mailing, in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Listed {
    id: String,
    /// `draft`, `running`, `sent`, `cancelled`.
    state: String,
    subject: Option<String>,
    changed_at: String,
    /// Letters planned.
    letters: Option<i64>,
}

/// A mailing as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Mailing {
    id: String,
    state: String,
    revision: u32,
    /// Letters planned.
    letters: u64,
    text: Option<DraftMailing>,
}

/// What a mailing would look like, and to how many it would go now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Previews {
    recipients: u64,
    sv: Preview,
    en: Preview,
}

/// Mailings, the newest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/notifications/mailings", tag = "notifications",
    operation_id = "list_mailings", params(("tenant" = String, Path)),
    responses((status = 200, body = Vec<Listed>)), security(("token" = [])))]
pub(super) async fn list(asking: Asking, page: Page) -> Result<Response, Problem> {
    asking.permit(WRITE)?;
    let offset = i64::try_from(page.offset()).unwrap_or(i64::MAX);
    let values = [Value::Int(i64::from(page.per_page)), Value::Int(offset)];
    let rows = asking.office.mailings.store.query(&MAILINGS, &values).await?;
    let mut listed = Vec::with_capacity(rows.len());
    for row in &rows {
        listed.push(Listed {
            id: AggregateId::from_slice(row.bytes("mailing")?).unwrap_or_default().to_string(),
            state: row.text("state")?.to_owned(),
            subject: row.opt_text("subject")?.map(str::to_owned),
            changed_at: Instant::from_millis(row.int("changed_at")?.unsigned_abs()).to_string(),
            letters: row.opt_int("letters")?,
        });
    }
    Ok(Json(listed).into_response())
}

/// Writes a mailing.
#[utoipa::path(post, path = "/api/v1/{tenant}/notifications/mailings", tag = "notifications",
    operation_id = "draft_mailing", request_body = DraftMailing, params(("tenant" = String, Path)),
    responses((status = 201, body = Drafted)), security(("token" = [])))]
pub(super) async fn draft(
    asking: Asking,
    JsonBody(body): JsonBody<DraftMailing>,
) -> Result<Response, Problem> {
    let asked = asking.asked("POST mailings", &body);
    let id = asking.office.commands.aggregate(asked.command);
    let done = write(&asking, id, "POST mailings", &body).await?;
    let drafted = Drafted { id: id.to_string(), version: done.version };
    Ok((StatusCode::CREATED, Json(drafted)).into_response())
}

/// A mailing as it stands.
#[utoipa::path(get, path = "/api/v1/{tenant}/notifications/mailings/{mailing}", tag = "notifications",
    operation_id = "read_mailing", params(("tenant" = String, Path), ("mailing" = String, Path)),
    responses((status = 200, body = Mailing)), security(("token" = [])))]
pub(super) async fn one(asking: Asking, PathId(id): PathId<AggregateId>) -> Result<Response, Problem> {
    asking.permit(WRITE)?;
    let mailing = asking.office.mailing(id)?.ok_or_else(Problem::not_found)?;
    let text = mailing.text.known().map(|text| DraftMailing {
        list: text.list.clone(),
        subject_sv: text.sv.subject.clone(),
        body_sv: text.sv.body.clone(),
        subject_en: text.en.subject.clone(),
        body_en: text.en.body.clone(),
    });
    let (state, revision) = (mailing.standing.word().to_owned(), mailing.revision);
    Ok(Json(Mailing { id: id.to_string(), state, revision, letters: mailing.letters, text }).into_response())
}

/// Changes a mailing; that ends it if it goes out.
#[utoipa::path(put, path = "/api/v1/{tenant}/notifications/mailings/{mailing}", tag = "notifications",
    operation_id = "edit_mailing", request_body = DraftMailing,
    params(("tenant" = String, Path), ("mailing" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn edit(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<DraftMailing>,
) -> Result<Response, Problem> {
    asking.permit(WRITE)?;
    asking.office.mailing(id)?.ok_or_else(Problem::not_found)?;
    Ok(Written::answer(&asking.office, &write(&asking, id, &format!("PUT mailings {id}"), &body).await?))
}

/// What a mailing would look like, and to how many it would go now. Nothing is sent.
#[utoipa::path(get, path = "/api/v1/{tenant}/notifications/mailings/{mailing}/preview", tag = "notifications",
    operation_id = "preview_mailing", params(("tenant" = String, Path), ("mailing" = String, Path)),
    responses((status = 200, body = Previews)), security(("token" = [])))]
pub(super) async fn preview(asking: Asking, PathId(id): PathId<AggregateId>) -> Result<Response, Problem> {
    asking.permit(WRITE)?;
    let mailing = asking.office.mailing(id)?.ok_or_else(Problem::not_found)?;
    let text = mailing.text.known().ok_or_else(Problem::not_found)?;
    let shown = |language: &str, words: &event::Words| {
        let (template, _) = asking.office.template("newsletter", language)?.ok_or_else(Problem::not_found)?;
        let values = json!({ "title": words.subject, "text": words.body, "link": "https://example.org/" });
        templates::write(&template, &values, language).map(Preview::from).map_err(|_| Problem::internal())
    };
    let recipients = asking.office.subscribers(&text.list).await?;
    Ok(Json(Previews { recipients, sv: shown("sv", &text.sv)?, en: shown("en", &text.en)? }).into_response())
}

/// Starts a mailing; to more than a hundred, who wrote it can't.
#[utoipa::path(post, path = "/api/v1/{tenant}/notifications/mailings/{mailing}/start", tag = "notifications",
    operation_id = "start_mailing", params(("tenant" = String, Path), ("mailing" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn start(asking: Asking, PathId(id): PathId<AggregateId>) -> Result<Response, Problem> {
    let role = asking.permit(START)?;
    let asked = asking.asked(&format!("POST mailings {id} start"), &());
    let done = asking.office.start_mailing(&asked, (&asking.who.subject, role), id).await;
    Ok(Written::answer(&asking.office, &done.map_err(answer::undone)?))
}

/// Ends a mailing: letters that wait aren't sent.
#[utoipa::path(post, path = "/api/v1/{tenant}/notifications/mailings/{mailing}/cancel", tag = "notifications",
    operation_id = "cancel_mailing", params(("tenant" = String, Path), ("mailing" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn cancel(asking: Asking, PathId(id): PathId<AggregateId>) -> Result<Response, Problem> {
    let role = asking.permit(WRITE)?;
    let asked = asking.asked(&format!("POST mailings {id} cancel"), &());
    let done = asking.office.cancel_mailing(&asked, (&asking.who.subject, role), id).await;
    Ok(Written::answer(&asking.office, &done.map_err(answer::undone)?))
}

async fn write(asking: &Asking, id: AggregateId, route: &str, body: &DraftMailing) -> Result<Done, Problem> {
    let role = asking.permit(WRITE)?;
    let asked = asking.asked(route, body);
    let who = (asking.who.subject.as_str(), role);
    asking.office.draft(&asked, who, id, &Text::from(body)).await.map_err(answer::undone)
}
