//! What handlers take: a tenant's office to read from, and the same with who asks it for what.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use radslag_kernel::Role;
use radslag_runtime::{
    Principal, Problem,
    command::Request,
    http::{IdempotencyKey, IfMatch, Seen, Tenant, Traceparent},
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

/// Somebody who asks an office for something. Who it is comes first: 401 before anything about the office.
pub(super) struct Asking<W = Principal> {
    pub(super) api: Api,
    pub(super) office: Arc<Office>,
    pub(super) who: W,
    key: IdempotencyKey,
    /// Not every command has a version to be based on; only one that has tells of a malformed header.
    if_match: Result<IfMatch, Problem>,
    trace: Traceparent,
}

impl<W> FromRequestParts<Api> for Asking<W>
where
    W: FromRequestParts<Api, Rejection = Problem> + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let who = W::from_request_parts(parts, api).await?;
        let Reading { api, office } = Reading::from_request_parts(parts, api).await?;
        let key = IdempotencyKey::from_request_parts(parts, &api).await?;
        let if_match = IfMatch::from_request_parts(parts, &api).await;
        let Ok(trace) = Traceparent::from_request_parts(parts, &api).await;
        Ok(Self { api, office, who, key, if_match, trace })
    }
}

impl<W: Who> Asking<W> {
    /// The command, as the log wants it: `route` and `body` are what makes it the same one when it comes again.
    pub(super) fn asked(&self, route: &str, body: &impl Serialize) -> Asked {
        let body = serde_json::to_vec(body).unwrap_or_default();
        let commands = &self.office.commands;
        let command = commands.id(&Request {
            tenant: &self.office.tenant.id,
            principal: self.who.principal().map(|who| who.subject.as_str()),
            route,
            key: self.key.0.as_deref(),
            body: &body,
        });
        let (repeatable, digest) = (self.key.0.is_some(), commands.digest(&body));
        Asked { command, repeatable, digest, if_match: None, trace: self.trace.0 }
    }

    /// Whether it may come again and must be answered as before.
    pub(super) const fn repeats(&self) -> bool {
        self.key.0.is_some()
    }

    /// The same for a change of what has a version, which `If-Match` may name.
    ///
    /// # Errors
    /// `400 bad-if-match`.
    pub(super) fn changing(&self, route: &str, body: &impl Serialize) -> Result<Asked, Problem> {
        let if_match = self.if_match.clone()?.0.map(Seen::of);
        Ok(Asked { if_match, ..self.asked(route, body) })
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
}

/// Who may ask: somebody with a token, anybody, or whoever holds a link.
pub(super) trait Who {
    fn principal(&self) -> Option<&Principal>;
}

impl Who for Principal {
    fn principal(&self) -> Option<&Principal> {
        Some(self)
    }
}

impl Who for Option<Principal> {
    fn principal(&self) -> Option<&Principal> {
        self.as_ref()
    }
}

/// Whoever holds a link: a token isn't looked at.
pub(super) struct Holder;

impl Who for Holder {
    fn principal(&self) -> Option<&Principal> {
        None
    }
}

impl FromRequestParts<Api> for Holder {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, _: &Api) -> Result<Self, Problem> {
        Ok(Self)
    }
}
