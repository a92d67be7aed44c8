//! Files of lines: taken in with every row looked at, then read in beside the request, and cancelled.

use axum::{
    Json,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use radslag_runtime::{
    Problem,
    http::{FileBody, JsonBody},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        answer,
        asking::Asking,
        paper::{COMMAND, NotTaken, OfBatch, WithGround, ids, said},
        papers::url,
    },
    paper::csv::Reader,
    shell::{Done, Office, paper::import::Incoming, petition::Staff},
};

/// A file that is here and is being read in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ImportBegun {
    /// Where to see how far it is.
    batch: String,
    /// Rows that become lines; those that the batch had already aren't among them.
    rows: u32,
    /// Of those, rows that aren't taken.
    refused: u32,
    /// They by number, the first thousand; `refused` of the batch lists all, with their text.
    named: Vec<NotTaken>,
    version: u64,
    /// Address of its receipt.
    receipt: Option<String>,
}

/// Takes a file of lines, CSV with a header (name, postcode, number, address, date; or in Swedish), `;` or `,`, UTF-8 or
/// Windows-1252. Each row is looked at while it comes; when all are here the answer names those that aren't taken, and the
/// lines are made beside the request. Sent again, it goes on behind the last line that was kept.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/import", tag = "paper",
    operation_id = "import_paper", request_body(content = String, content_type = "text/csv"),
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 202, body = ImportBegun)), security(("token" = [])))]
pub(super) async fn import(
    asking: Asking,
    axum::extract::Path(path): OfBatch,
    file: FileBody,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let of = ids(&path)?;
    let office = &asking.office;
    let staff = Staff { role, subject: &asking.who.subject, ground: String::new() };
    let mut incoming = office.begin_import(of, &staff).await?;
    let done = match take(office, &mut incoming, file).await {
        Ok(done) => done,
        Err(problem) => {
            // If this fails too, the file is given up when its time is over.
            let _ = office.drop_import(&incoming).await;
            return Err(problem);
        }
    };
    let batch = url(&office.tenant.id, of);
    let named = incoming.named.drain(..).map(NotTaken::of).collect();
    let (rows, refused) = (incoming.rows, incoming.refused);
    let (version, receipt) = (done.version, answer::receipt_of(office, &done));
    let begun = ImportBegun { batch: batch.clone(), rows, refused, named, version, receipt };
    Ok((StatusCode::ACCEPTED, [(LOCATION, batch)], Json(begun)).into_response())
}

async fn take(office: &Office, incoming: &mut Incoming, mut file: FileBody) -> Result<Done, Problem> {
    let unknown = |_| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "csv-header-unknown");
    let (mut reader, mut rows) = (Reader::default(), Vec::new());
    while let Some(piece) = file.piece().await? {
        reader.feed(&piece, &mut rows).map_err(unknown)?;
        office.take_rows(incoming, reader.header(), std::mem::take(&mut rows)).await?;
    }
    let header = reader.header().to_owned();
    reader.end(&mut rows).map_err(unknown)?;
    office.take_rows(incoming, &header, rows).await?;
    Ok(office.end_import(incoming, &header).await?)
}

/// Reads no more of a file in. Lines that were made stay; sent again, the file goes on behind them.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/import/cancel", tag = "paper",
    operation_id = "cancel_import", request_body = WithGround,
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn cancel(
    asking: Asking,
    axum::extract::Path(path): OfBatch,
    body: Option<JsonBody<WithGround>>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let (petition, batch) = ids(&path)?;
    let body = said(body);
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/import/cancel"), &body);
    Ok(answer::written(
        &asking.office,
        &asking.office.cancel_import((petition, batch), &asked, &staff).await?,
    ))
}
