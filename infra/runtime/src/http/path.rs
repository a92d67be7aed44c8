//! What stands in a path: the tenant, and ids. Unknown and malformed are the same 404.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use super::{Kit, Problem};
use crate::config;

/// The parameter of a route that names the tenant.
const TENANT: &str = "tenant";

/// The tenant of a route, from its parameter `{tenant}`.
#[derive(Clone, Debug)]
pub struct Tenant(pub Arc<config::Tenant>);

impl<S> FromRequestParts<S> for Tenant
where
    S: Send + Sync,
    Kit: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters = parameters(parts, state).await?;
        let id = parameters.iter().find(|(name, _)| *name == TENANT).map(|(_, id)| id);
        id.and_then(|id| Kit::from_ref(state).tenant(id)).map(Self).ok_or_else(Problem::not_found)
    }
}

/// The first parameter of a route that isn't the tenant.
#[derive(Clone, Copy, Debug)]
pub struct PathId<T>(pub T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters = parameters(parts, state).await?;
        nth(&parameters, 0).map(Self)
    }
}

/// The first two parameters of a route that aren't the tenant.
#[derive(Clone, Copy, Debug)]
pub struct PathIds<T, U>(pub T, pub U);

impl<S: Send + Sync, T: FromStr, U: FromStr> FromRequestParts<S> for PathIds<T, U> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters = parameters(parts, state).await?;
        Ok(Self(nth(&parameters, 0)?, nth(&parameters, 1)?))
    }
}

async fn parameters<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<RawPathParams, Problem> {
    // Percent-encoded bytes that aren't UTF-8 name nothing.
    RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())
}

fn nth<T: FromStr>(parameters: &RawPathParams, index: usize) -> Result<T, Problem> {
    let mut ids = parameters.iter().filter(|(name, _)| *name != TENANT);
    ids.nth(index).and_then(|(_, id)| id.parse().ok()).ok_or_else(Problem::not_found)
}

/// The tenant a request's path names, if it names one.
pub(super) async fn tenant_of(parts: &mut Parts) -> Option<String> {
    let parameters = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    parameters.iter().find(|(name, _)| *name == TENANT).map(|(_, id)| id.to_owned())
}
