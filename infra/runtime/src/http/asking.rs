//! What handlers take: a tenant's office to read from, and the same with who asks it for what.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use radslag_kernel::Role;
use serde::Serialize;

use super::{IdempotencyKey, IfMatch, Kit, Problem, Seen, Tenant, Traceparent};
use crate::{
    Principal,
    asked::Asked,
    command::Request,
    office::Office,
    offices::{self, Offices},
};

/// What every route of a service has at hand: the kit, the offices, and what only this service needs.
pub struct Api<O, X = ()> {
    kit: Kit,
    offices: Arc<Offices<O>>,
    /// The service's own.
    pub own: X,
}

impl<O, X: Clone> Clone for Api<O, X> {
    fn clone(&self) -> Self {
        Self { kit: self.kit.clone(), offices: self.offices.clone(), own: self.own.clone() }
    }
}

impl<O, X> FromRef<Api<O, X>> for Kit {
    fn from_ref(api: &Api<O, X>) -> Self {
        api.kit.clone()
    }
}

impl<O, X> Api<O, X> {
    /// Of a kit, its offices and what only this service needs.
    #[must_use]
    pub fn of(kit: Kit, offices: Offices<O>, own: X) -> Self {
        Self { kit, offices: Arc::new(offices), own }
    }

    /// What the routes of all services share.
    #[must_use]
    pub const fn kit(&self) -> &Kit {
        &self.kit
    }

    /// The office of a tenant.
    ///
    /// # Errors
    /// 404 where there is none, 503 where its log is damaged.
    pub fn office(&self, tenant: &str) -> Result<&Arc<O>, Problem> {
        offices::of(&self.offices, tenant)
    }

    /// The role in which somebody may do a command.
    ///
    /// # Errors
    /// `403` if none of theirs may.
    pub fn permit(&self, who: &Principal, command: &str) -> Result<Role, Problem> {
        Ok(self.kit.roles().permit(who, command)?)
    }
}

/// A tenant's office. An unknown tenant is 404, a damaged log 503.
pub struct Reading<O, X = ()> {
    /// The state of the routes.
    pub api: Api<O, X>,
    /// The tenant's.
    pub office: Arc<O>,
}

impl<O, X> FromRequestParts<Api<O, X>> for Reading<O, X>
where
    O: Send + Sync,
    X: Clone + Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api<O, X>) -> Result<Self, Problem> {
        let Tenant(tenant) = Tenant::from_request_parts(parts, api).await?;
        Ok(Self { office: api.office(&tenant.id)?.clone(), api: api.clone() })
    }
}

/// Somebody who asks an office for something. Who it is comes first: 401 before anything about the office.
pub struct Asking<O, X = (), W = Principal> {
    /// The state of the routes.
    pub api: Api<O, X>,
    /// The tenant's office.
    pub office: Arc<O>,
    /// Who asks.
    pub who: W,
    key: IdempotencyKey,
    /// Not every command has a version to be based on; only one that has tells of a malformed header.
    if_match: Result<IfMatch, Problem>,
    trace: Traceparent,
}

impl<O, X, W> FromRequestParts<Api<O, X>> for Asking<O, X, W>
where
    O: Send + Sync,
    X: Clone + Send + Sync,
    W: FromRequestParts<Api<O, X>, Rejection = Problem> + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api<O, X>) -> Result<Self, Problem> {
        let who = W::from_request_parts(parts, api).await?;
        let Reading { api, office } = Reading::from_request_parts(parts, api).await?;
        let key = IdempotencyKey::from_request_parts(parts, &api).await?;
        let if_match = IfMatch::from_request_parts(parts, &api).await;
        let Ok(trace) = Traceparent::from_request_parts(parts, &api).await;
        Ok(Self { api, office, who, key, if_match, trace })
    }
}

impl<O: Office, X, W: Who> Asking<O, X, W> {
    /// The command, as the log wants it: `route` and `body` are what makes it the same one when it comes again.
    pub fn asked(&self, route: &str, body: &impl Serialize) -> Asked {
        let who = self.who.principal().map(|who| who.subject.as_str());
        Asked { trace: self.trace.0, ..asked(&*self.office, who, &self.key, route, body) }
    }

    /// Whether it may come again and must be answered as before.
    pub const fn repeats(&self) -> bool {
        self.key.0.is_some()
    }

    /// The same for a change of what has a version, which `If-Match` may name.
    ///
    /// # Errors
    /// `400 bad-if-match`.
    pub fn changing(&self, route: &str, body: &impl Serialize) -> Result<Asked, Problem> {
        let if_match = self.if_match.clone()?.0.map(Seen::of);
        Ok(Asked { if_match, ..self.asked(route, body) })
    }
}

impl<O, X> Asking<O, X> {
    /// The role in which they may do a command.
    ///
    /// # Errors
    /// `403` if none of theirs may.
    pub fn permit(&self, command: &str) -> Result<Role, Problem> {
        self.api.permit(&self.who, command)
    }
}

/// The command of somebody, or of anybody.
pub fn asked<O: Office>(
    office: &O,
    principal: Option<&str>,
    key: &IdempotencyKey,
    route: &str,
    body: &impl Serialize,
) -> Asked {
    let body = serde_json::to_vec(body).unwrap_or_default();
    let request = Request { tenant: &office.tenant.id, principal, route, key: key.0.as_deref(), body: &body };
    Asked {
        command: office.commands.id(&request),
        repeatable: key.0.is_some(),
        digest: office.commands.digest(&body),
        if_match: None,
        cause: None,
        trace: None,
    }
}

/// Who may ask: somebody with a token, anybody, or whoever holds a link.
pub trait Who {
    /// Who they are, if they said.
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
pub struct Holder;

impl Who for Holder {
    fn principal(&self) -> Option<&Principal> {
        None
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Holder {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self)
    }
}
