//! The routes and their state.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::FromRef,
    routing::{delete, get, post, put},
};
use radslag_kernel::Role;
use radslag_runtime::{Kit, Principal, Problem};
use utoipa::OpenApi;

use crate::{
    http::{answer, bounces, deliveries, mailings, pages, subscriptions, wordings},
    shell::Office,
};

/// Offices by tenant; why, where one can't serve.
pub type Offices = BTreeMap<String, Result<Arc<Office>, String>>;

/// What every route has at hand.
#[derive(Clone)]
pub struct Api {
    kit: Kit,
    offices: Arc<Offices>,
}

impl FromRef<Api> for Kit {
    fn from_ref(api: &Api) -> Self {
        api.kit.clone()
    }
}

impl Api {
    /// Of a kit and its offices.
    #[must_use]
    pub fn new(kit: Kit, offices: Offices) -> Self {
        Self { kit, offices: Arc::new(offices) }
    }

    /// The office of a tenant; 503 where its log is damaged.
    pub(super) fn office(&self, tenant: &str) -> Result<&Arc<Office>, Problem> {
        match self.offices.get(tenant) {
            Some(Ok(office)) => Ok(office),
            Some(Err(_)) => Err(Problem::unavailable(std::time::Duration::from_secs(60))),
            None => Err(Problem::not_found()),
        }
    }

    /// The role in which somebody may do a command.
    pub(super) fn permit(&self, who: &Principal, command: &str) -> Result<Role, Problem> {
        Ok(self.kit.roles().permit(who, command)?)
    }
}

/// One table for what the router serves and what the document describes: a handler that isn't described doesn't
/// compile, and a test holds method and path of both together.
macro_rules! served {
    ($($method:ident $path:literal $module:ident::$handler:ident,)*) => {
        #[cfg(test)]
        const SERVED: &[(&str, &str)] = &[$((stringify!($method), $path)),*];

        fn json() -> Router<Api> {
            Router::new()$(.route($path, $method($module::$handler)))*
        }

        #[derive(OpenApi)]
        #[openapi(
            info(title = "Rådslag: notifications", version = "1", license(name = "Apache-2.0")),
            paths($($module::$handler),*),
            components(schemas(answer::Written, subscriptions::Asked))
        )]
        struct Described;
    };
}

served! {
    get "/notifications/deliveries" deliveries::counts,
    get "/notifications/templates" wordings::list,
    get "/notifications/templates/{template}/{language}" wordings::one,
    put "/notifications/templates/{template}/{language}" wordings::edit,
    delete "/notifications/templates/{template}/{language}" wordings::reset,
    post "/notifications/templates/{template}/{language}/preview" wordings::preview,
    post "/notifications/subscriptions" subscriptions::ask,
    get "/notifications/mailings" mailings::list,
    post "/notifications/mailings" mailings::draft,
    get "/notifications/mailings/{mailing}" mailings::one,
    put "/notifications/mailings/{mailing}" mailings::edit,
    get "/notifications/mailings/{mailing}/preview" mailings::preview,
    post "/notifications/mailings/{mailing}/start" mailings::start,
    post "/notifications/mailings/{mailing}/cancel" mailings::cancel,
    post "/notifications/bounces" bounces::take,
}

const JSON: &str = "/api/v1/{tenant}";

/// All routes.
pub fn routes(api: Api) -> Router {
    Router::new()
        .nest(JSON, json())
        .route("/{tenant}/notifications/subscribe/{token}", get(pages::confirm).post(pages::confirmed))
        .route("/{tenant}/notifications/unsubscribe/{token}", get(pages::end).post(pages::ended))
        .with_state(api)
}

/// The description of the JSON routes, OpenAPI 3.1.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    radslag_runtime::http::openapi::with_shared(Described::openapi())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_served_is_described_and_the_other_way_round() {
        let document = serde_json::to_value(document()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let described: BTreeSet<(String, String)> = paths
            .iter()
            .flat_map(|(path, item)| {
                item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone()))
            })
            .collect();
        let served: BTreeSet<(String, String)> =
            SERVED.iter().map(|(method, path)| ((*method).to_owned(), format!("{JSON}{path}"))).collect();
        assert_eq!(served, described);
        assert_eq!(served.len(), SERVED.len(), "each stands there once");
    }
}
