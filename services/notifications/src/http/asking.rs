//! What handlers take: a tenant's office to read from, and the same with who asks it for what.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use radslag_kernel::Role;
use radslag_runtime::{
    Principal, Problem,
    command::Request,
    http::{IdempotencyKey, Tenant, Traceparent},
};
use serde::Serialize;

use crate::{
    http::Api,
    shell::{Asked, Office},
};

/// A tenant's office. An unknown tenant is 404, a damaged log 503.
pub(super) struct Reading {
    pub(super) api: Api,
    pub(super) office: Arc<Office>,
}

impl FromRequestParts<Api> for Reading {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let Tenant(tenant) = Tenant::from_request_parts(parts, api).await?;
        Ok(Self { office: api.office(&tenant.id)?.clone(), api: api.clone() })
    }
}

/// Somebody who asks an office for something, in the roles of their token. Who it is comes first: 401 before anything
/// about the office.
pub(super) struct Asking {
    pub(super) api: Api,
    pub(super) office: Arc<Office>,
    pub(super) who: Principal,
    key: IdempotencyKey,
    trace: Traceparent,
}

impl FromRequestParts<Api> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let who = Principal::from_request_parts(parts, api).await?;
        let Reading { api, office } = Reading::from_request_parts(parts, api).await?;
        let key = IdempotencyKey::from_request_parts(parts, &api).await?;
        let Ok(trace) = Traceparent::from_request_parts(parts, &api).await;
        Ok(Self { api, office, who, key, trace })
    }
}

impl Asking {
    /// The role in which they may do a command.
    ///
    /// # Errors
    /// `403` if none of theirs may.
    pub(super) fn permit(&self, command: &str) -> Result<Role, Problem> {
        self.api.permit(&self.who, command)
    }

    /// The command, as the log wants it: `route` and `body` are what makes it the same one when it comes again.
    pub(super) fn asked(&self, route: &str, body: &impl Serialize) -> Asked {
        let asked = asked(&self.office, Some(&self.who.subject), &self.key, route, body);
        Asked { trace: self.trace.0, ..asked }
    }
}

/// The command of somebody, or of anybody.
pub(super) fn asked(
    office: &Office,
    principal: Option<&str>,
    key: &IdempotencyKey,
    route: &str,
    body: &impl Serialize,
) -> Asked {
    let body = serde_json::to_vec(body).unwrap_or_default();
    let command = office.commands.id(&Request {
        tenant: &office.tenant.id,
        principal,
        route,
        key: key.0.as_deref(),
        body: &body,
    });
    Asked { command, repeatable: key.0.is_some(), digest: office.commands.digest(&body), trace: None }
}
