//! The routes and their state.

use axum::{Router, routing::get};
use radslag_runtime::{
    http::{self, Written},
    served,
};

use crate::{
    http::{bounces, deliveries, mailings, pages, subscriptions, wordings},
    shell::Office,
};

/// What every route has at hand.
pub type Api = http::Api<Office>;

/// Offices by tenant; why, where one can't serve.
pub type Offices = radslag_runtime::offices::Offices<Office>;

served! {
    Api, "Rådslag: notifications", under "/api/v1/{tenant}", schemas [Written, subscriptions::Asked],
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

/// All routes.
pub fn routes(api: Api) -> Router {
    json()
        .route("/{tenant}/notifications/subscribe/{token}", get(pages::confirm).post(pages::confirmed))
        .route("/{tenant}/notifications/unsubscribe/{token}", get(pages::end).post(pages::ended))
        .with_state(api)
}
