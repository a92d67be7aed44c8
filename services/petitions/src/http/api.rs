//! The routes, their state, and who asks.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::FromRef,
    routing::{get, post, put},
};
use radslag_kernel::Role;
use radslag_runtime::{Kit, Principal, Problem};
use utoipa::OpenApi;

use crate::{
    http::{answer, dto, links, lists, officials, pages, petitions, signatures},
    shell::Office,
};

/// Offices by tenant; why, where one can't serve.
pub type Offices = BTreeMap<String, Result<Arc<Office>, String>>;

/// What every route has at hand.
#[derive(Clone)]
pub struct Api {
    kit: Kit,
    offices: Arc<Offices>,
    pub(super) pages: Arc<pages::Pages>,
}

impl FromRef<Api> for Kit {
    fn from_ref(api: &Api) -> Self {
        api.kit.clone()
    }
}

impl Api {
    /// Of a kit and its offices.
    ///
    /// # Errors
    /// If a page's template can't be read.
    pub fn new(kit: Kit, offices: Offices) -> Result<Self, minijinja::Error> {
        Ok(Self { kit, offices: Arc::new(offices), pages: Arc::new(pages::Pages::shipped()?) })
    }

    pub(super) fn kit(&self) -> &Kit {
        &self.kit
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

/// All routes.
pub fn routes(api: Api) -> Router {
    let json = Router::new()
        .route("/petitions", get(lists::list).post(petitions::hand_in))
        .route("/petitions/by-key/{key}", get(petitions::by_key))
        .route("/petitions/{id}", get(petitions::one))
        .route("/petitions/{id}/count", get(petitions::count))
        .route("/petitions/{id}/signatures", get(signatures::list).post(signatures::sign))
        .route("/petitions/{id}/signatures/mine", get(signatures::mine).delete(signatures::withdraw))
        .route("/petitions/{id}/signatures/mine/name", put(signatures::name))
        .route("/petitions/{id}/confirm", post(petitions::confirm))
        .route("/petitions/{id}/withdraw", post(petitions::withdraw))
        .route("/petitions/{id}/resubmit", post(petitions::resubmit))
        .route("/petitions/{id}/return", post(officials::return_it))
        .route("/petitions/{id}/reject", post(officials::reject))
        .route("/petitions/{id}/hide", post(officials::hide))
        .route("/petitions/{id}/approve", post(officials::approve))
        .route("/petitions/{id}/erase", post(officials::erase))
        .route("/petitions/{id}/signatures/{item}/{act}", post(officials::on_signature))
        .route("/drafts", post(petitions::new_draft))
        .route("/drafts/{id}", get(petitions::draft).put(petitions::save_draft))
        .route("/drafts/{id}/submit", post(petitions::submit_draft))
        .route("/links/{token}", get(links::show).post(links::act))
        .route("/queue", get(officials::queue));
    Router::new()
        .nest("/api/v1/{tenant}", json)
        .route("/", get(pages::start))
        .route("/{tenant}", get(pages::tenant))
        .route("/{tenant}/petitions/{id}", get(pages::petition))
        .route("/{tenant}/links/{token}", get(pages::link).post(pages::follow))
        .with_state(api)
}

/// The description of the JSON routes, OpenAPI 3.1.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    radslag_runtime::http::openapi::with_shared(Described::openapi())
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Rådslag: petitions", version = "1", license(name = "Apache-2.0")),
    paths(
        lists::list,
        petitions::hand_in,
        petitions::by_key,
        petitions::one,
        petitions::count,
        petitions::confirm,
        petitions::withdraw,
        petitions::resubmit,
        petitions::new_draft,
        petitions::draft,
        petitions::save_draft,
        petitions::submit_draft,
        signatures::list,
        signatures::sign,
        signatures::mine,
        signatures::withdraw,
        signatures::name,
        officials::return_it,
        officials::reject,
        officials::hide,
        officials::approve,
        officials::erase,
        officials::on_signature,
        officials::queue,
        links::show,
        links::act,
    ),
    components(schemas(dto::Receipt, dto::MailSent, answer::Written))
)]
struct Described;
