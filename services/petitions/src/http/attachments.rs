//! Files attached to a petition: taken in within what its policy says, looked at by the organisation's scanner, given out
//! to whoever may read the petition, and taken away.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, ItemId};
use radslag_runtime::{
    Principal, Problem,
    config::Scan,
    http::{PathId, PathIds, Upload, Uploaded},
    limits::Admitted,
    scan::Verdict,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::{
    attachment::Kind,
    http::{
        Api, answer,
        asking::{Asking, Reading, Who},
        petitions,
    },
    petition::{
        self,
        attached::{File, Looked},
    },
    shell::{Done, Office, Wrong, attached, petition::Proof},
};

const COMMAND: &str = "petitions.attach";

/// A file attached to a petition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Attached {
    /// Names it.
    pub(super) item: String,
    /// For people.
    pub(super) name: String,
    /// `pdf`, `png`, `jpeg` or `text`: what its bytes say it is.
    pub(super) kind: &'static str,
    /// Bytes.
    pub(super) size: u32,
}

/// A form with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub(super) struct AttachForm {
    /// PDF, PNG, JPEG or plain text.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What is attached now, oldest first.
pub(super) fn of(petition: &petition::Petition) -> Vec<Attached> {
    let files = petition.files();
    let shown = files.map(|(attachment, file)| Attached {
        item: attachment.item.to_string(),
        name: file.name.clone(),
        kind: file.kind.word(),
        size: file.size,
    });
    shown.collect()
}

/// Attaches a file to one's own petition, while it isn't decided whether it opens.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/attachments", tag = "petitions",
    operation_id = "attach", request_body(content = AttachForm, content_type = "multipart/form-data"),
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 201, body = crate::http::dto::Receipt)), security(("token" = [])))]
pub(super) async fn attach(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    _: Admitted,
    upload: Upload,
) -> Result<Response, Problem> {
    asking.permit(COMMAND)?;
    let proof = Proof::Eid(&asking.who.subject);
    let form = taken_in(&asking, petition, &proof, upload).await?;
    let (item, done) = kept(&asking, petition, &proof, form).await?;
    Ok(answer::received(&asking.office, item, &done))
}

/// Takes a file away again, and destroys it.
#[utoipa::path(delete, path = "/api/v1/{tenant}/petitions/{id}/attachments/{item}", tag = "petitions",
    operation_id = "detach",
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn detach(
    asking: Asking,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
) -> Result<Response, Problem> {
    asking.permit(COMMAND)?;
    let asked = asking.asked(&format!("DELETE {petition}/attachments/{item}"), &());
    let proof = Proof::Eid(&asking.who.subject);
    let done = asking.office.detach(petition, &asked, &proof, item).await?;
    Ok(answer::written(&asking.office, &done))
}

/// An attached file, for whoever may read the petition.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/attachments/{item}", tag = "petitions",
    operation_id = "attachment",
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = [u8])))]
pub(super) async fn one(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
) -> Result<Response, Problem> {
    petitions::by_id(&api, &office, petition, who.as_ref()).await?;
    given(&office, petition, item).await
}

/// A file as it is given out: to be kept on disk, never to be opened where it could act in our name, and by nobody between.
pub(super) async fn given(office: &Office, petition: AggregateId, item: ItemId) -> Result<Response, Problem> {
    let gone = || Problem::new(axum::http::StatusCode::GONE, "attachment-gone");
    let (file, bytes) = match office.attached(petition, item).await? {
        attached::Attached::Here(file, bytes) => (file, bytes),
        attached::Attached::Gone => return Err(gone()),
        attached::Attached::Never => return Err(Problem::not_found()),
    };
    const POLICY: HeaderValue =
        HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.kind.media_type())),
        (header::CONTENT_DISPOSITION, disposition(&file)?),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}

/// RFC 6266: the name in ASCII for whoever knows no better, and as it is.
fn disposition(file: &File) -> Result<HeaderValue, Problem> {
    let plain: String = file.name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let exact: String = file
        .name
        .bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}");
    HeaderValue::try_from(text).map_err(|_| Problem::internal())
}

/// Reads a form with a file, of somebody who may attach one: nothing of it is read before that is known.
pub(super) async fn taken_in<W: Who>(
    asking: &Asking<W>,
    petition: AggregateId,
    proof: &Proof<'_>,
    upload: Upload,
) -> Result<Uploaded, Problem> {
    let ready = if is_ready(&asking.api, &asking.office) { Looked::Clean } else { Looked::Not };
    let most = asking.office.may_attach(petition, proof, ready, asking.repeats())?;
    let too_large = || {
        // What is still on its way isn't read, so the connection can't be used again.
        let problem = Problem::from(Wrong::Petition(petition::Refusal::AttachmentTooLarge));
        problem.value("limit_bytes", most).header(header::CONNECTION, HeaderValue::from_static("close"))
    };
    upload.whole(most).await?.ok_or_else(too_large)
}

/// Has a file looked at, and attaches it.
pub(super) async fn kept<W: Who>(
    asking: &Asking<W>,
    petition: AggregateId,
    proof: &Proof<'_>,
    form: Uploaded,
) -> Result<(ItemId, Done), Problem> {
    let Uploaded { name: typed, bytes, .. } = form;
    let body = (&typed, Sha256::digest(&bytes).as_slice().to_vec());
    let asked = asking.asked(&format!("POST {petition}/attachments"), &body);
    // What isn't taken anyhow isn't shown to the scanner either.
    let looked = match Kind::sniff(&bytes) {
        Some(_) => looked(&asking.api, &asking.office, &bytes).await,
        None => Looked::Not,
    };
    let uploaded = attached::Uploaded { typed, bytes, looked };
    Ok(asking.office.attach(petition, &asked, proof, uploaded).await?)
}

/// Whether a file can be looked at, or the organisation said that none is.
pub(super) fn is_ready(api: &Api, office: &Office) -> bool {
    api.kit().scanner().is_some() || office.tenant.attachments.scan == Scan::None
}

async fn looked(api: &Api, office: &Office, bytes: &[u8]) -> Looked {
    if office.tenant.attachments.scan == Scan::None {
        return Looked::Clean;
    }
    let Some(scanner) = api.kit().scanner() else { return Looked::Not };
    match scanner.scan(bytes).await {
        Ok(Verdict::Clean) => Looked::Clean,
        Ok(Verdict::Infected) => Looked::Infected,
        Err(error) => {
            tracing::warn!(%error, "a file that was to be attached couldn't be looked at");
            Looked::Not
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_comes_with_it_in_ascii_and_as_it_is() {
        let file = File {
            name: "Karta (över) å.pdf".into(),
            kind: Kind::Pdf,
            size: 1,
            blob: [0; 16],
            digest: [0; 32],
            key: petition::attached::FileKey([0; 32]),
        };
        let said = disposition(&file).unwrap();
        let text = "attachment; filename=\"Karta (_ver) _.pdf\"; \
            filename*=UTF-8''Karta%20%28%C3%B6ver%29%20%C3%A5.pdf";
        assert_eq!(said, text);
    }
}
