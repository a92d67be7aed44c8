//! A principal from the `Authorization` header, for the tenant of the route. A session of a mailbox is one only where a
//! handler asks for [`MailboxSession`]: everywhere else a subject is a person's.

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::path::tenant_of;
use super::{Kit, Problem};
use crate::auth::{Denied, Means, Principal};

impl<S> FromRequestParts<S> for Principal
where
    S: Send + Sync,
    Kit: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let principal = verified(parts, &Kit::from_ref(state)).await?;
        match principal.means {
            Means::Issuer => Ok(principal),
            Means::Mailbox { .. } => Err(Problem::new(StatusCode::FORBIDDEN, "session-not-enough")),
        }
    }
}

/// Whoever answered a one-time link to a mailbox, by their token. Whether the session was ended is the service's to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxSession(pub Principal);

impl<S> FromRequestParts<S> for MailboxSession
where
    S: Send + Sync,
    Kit: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let principal = verified(parts, &Kit::from_ref(state)).await?;
        match principal.means {
            Means::Mailbox { .. } => Ok(Self(principal)),
            Means::Issuer => Err(Problem::new(StatusCode::FORBIDDEN, "session-needed")),
        }
    }
}

async fn verified(parts: &mut Parts, kit: &Kit) -> Result<Principal, Problem> {
    // A tenant that isn't there is a 404 before it is a 401, as for everybody else.
    let tenant = tenant_of(parts).await.ok_or_else(Problem::not_found)?;
    kit.tenant(&tenant).ok_or_else(Problem::not_found)?;
    let verified = bearer(&parts.headers).and_then(|token| kit.verifier().verify(token, &tenant));
    verified.map_err(|denied| refused(denied, &tenant))
}

/// `None` without an `Authorization` header; a token that is there must be right. A session says nothing here: who has
/// one is a stranger who names a mailbox, as everybody.
impl<S> OptionalFromRequestParts<S> for Principal
where
    S: Send + Sync,
    Kit: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        if !parts.headers.contains_key(AUTHORIZATION) {
            return Ok(None);
        }
        let principal = verified(parts, &Kit::from_ref(state)).await?;
        Ok(Some(principal).filter(|principal| principal.means == Means::Issuer))
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Denied> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Denied::Missing)?;
    if values.next().is_some() {
        return Err(Denied::NotBearer);
    }
    let (scheme, token) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Denied::NotBearer)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(Denied::NotBearer) }
}

fn refused(denied: Denied, tenant: &str) -> Problem {
    if denied == Denied::Missing {
        let challenge = HeaderValue::from_static("Bearer");
        return Problem::new(StatusCode::UNAUTHORIZED, "token-missing").header(WWW_AUTHENTICATE, challenge);
    }
    tracing::info!(tenant, reason = %denied, "a token was refused");
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    Problem::new(StatusCode::UNAUTHORIZED, "token-invalid").header(WWW_AUTHENTICATE, challenge)
}
