//! The routes and their state.

use std::sync::Arc;

use axum::{Router, middleware::from_fn_with_state, routing::get};
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Kit, Principal, Problem,
    http::{self, Written, asking},
    pages::{Pages, for_people as problems_for_people},
    served,
};

use crate::{
    http::{
        draws, dto, imports, leading, meetings, member_office, members, officials,
        pages::{self, drawing, joining, linked, meeting, reading},
        panels,
        representing::{self, Figures},
    },
    panel::Panel,
    shell::Office,
};

/// What every route has at hand.
pub type Api = http::Api<Office, Own>;

/// What only this service's routes have at hand.
#[derive(Clone)]
pub struct Own {
    pub(super) pages: Arc<Pages>,
    pub(super) figures: Figures,
}

impl AsRef<Pages> for Own {
    fn as_ref(&self) -> &Pages {
        &self.pages
    }
}

/// Of a kit and its offices.
///
/// # Errors
/// If a page's template can't be read.
pub fn state(kit: Kit, offices: Offices) -> Result<Api, minijinja::Error> {
    Ok(Api::of(kit, offices, Own { pages: Arc::new(pages::shipped()?), figures: Figures::default() }))
}

/// Offices by tenant; why, where one can't serve.
pub type Offices = radslag_runtime::offices::Offices<Office>;

/// A tenant's office.
pub(super) type Reading = asking::Reading<Office, Own>;

/// Somebody who asks an office for something, in the roles of their token.
pub(super) type Asking = asking::Asking<Office, Own>;

/// Anybody who asks an office for something.
pub(super) type Anybody = asking::Asking<Office, Own, Option<Principal>>;

/// Whoever holds a link.
pub(super) type Holding = asking::Asking<Office, Own, http::Holder>;

served! {
    Api, "Rådslag: panels", under "/api/v1/{tenant}", schemas [Written, dto::Form, dto::Strata],
    get "/panels" panels::list,
    post "/panels" officials::plan,
    get "/panels/{panel}" panels::one,
    put "/panels/{panel}" officials::change,
    put "/panels/{panel}/questions/{number}" officials::answer,
    put "/panels/{panel}/form" officials::set_form,
    put "/panels/{panel}/strata" officials::set_strata,
    put "/panels/{panel}/wanted" officials::set_wanted,
    post "/panels/{panel}/decision" officials::decide,
    post "/panels/{panel}/course" officials::course,
    get "/panels/{panel}/representativeness" representing::representativeness,
    get "/panels/{panel}/imports" imports::list,
    post "/panels/{panel}/imports" imports::take,
    post "/panels/{panel}/imports/{import}/destruction" imports::destroy,
    get "/panels/{panel}/draws" draws::list,
    post "/panels/{panel}/draws" draws::announce,
    get "/panels/{panel}/draws/{draw}" draws::one,
    get "/panels/{panel}/draws/{draw}/bundle" draws::bundle,
    post "/panels/{panel}/draws/{draw}/value" draws::make,
    post "/panels/{panel}/draws/{draw}/cancellation" draws::cancel,
    post "/panels/{panel}/draws/{draw}/objection" draws::object,
    post "/panels/{panel}/draws/{draw}/objection/decision" draws::decide,
    post "/panels/{panel}/draws/{draw}/reminder" leading::remind,
    get "/panels/{panel}/waves" leading::waves,
    post "/panels/{panel}/terms" leading::term,
    get "/panels/{panel}/members" member_office::list,
    post "/panels/{panel}/members" members::submit,
    post "/panels/{panel}/members/assisted" member_office::join,
    patch "/panels/{panel}/members/{member}" member_office::correct,
    post "/panels/{panel}/members/{member}/acts" member_office::act,
    post "/panels/{panel}/members/{member}/removal" member_office::remove,
    post "/panels/{panel}/members/{member}/erasure" member_office::erase,
    post "/panels/{panel}/members/{member}/replacement" member_office::replace,
    get "/panels/{panel}/meetings" meetings::list,
    post "/meetings" meetings::plan,
    get "/meetings/{meeting}" meetings::one,
    put "/meetings/{meeting}" meetings::change,
    post "/meetings/{meeting}/cancellation" meetings::cancel,
    post "/meetings/{meeting}/invitation" meetings::invite,
    post "/meetings/{meeting}/held" meetings::hold,
    put "/meetings/{meeting}/notes" meetings::note,
    post "/meetings/{meeting}/documents" meetings::document,
    post "/meetings/{meeting}/points" meetings::raise,
    post "/meetings/{meeting}/points/{number}/answer" meetings::answer,
    post "/panel-memberships/{token}" members::act,
}

/// All routes.
pub fn routes(api: Api) -> Router {
    json().merge(for_people().layer(from_fn_with_state(api.clone(), problems_for_people))).with_state(api)
}

/// The pages.
fn for_people() -> Router<Api> {
    Router::new()
        .route("/{tenant}/panels", get(reading::list))
        .route("/{tenant}/panels/links/{token}", get(linked::link).post(linked::follow))
        .route("/{tenant}/panels/{panel}", get(reading::panel))
        .route("/{tenant}/panels/{panel}/representativeness", get(reading::representativeness))
        .route("/{tenant}/panels/{panel}/join", get(joining::form).post(joining::join))
        .route("/{tenant}/panels/{panel}/sent", get(joining::sent))
        .route("/{tenant}/panels/{panel}/draws/{draw}", get(drawing::draw))
        .route("/{tenant}/panels/{panel}/meetings", get(meeting::list))
        .route("/{tenant}/panels/{panel}/meetings/{meeting}", get(meeting::one))
}

/// A panel that somebody may see: whoever plans panels, also one that isn't decided.
pub(super) fn seen(
    api: &Api,
    office: &Office,
    who: Option<&Principal>,
    id: AggregateId,
) -> Result<(u64, Panel), Problem> {
    let may = |panel: &Panel| panel.phase.is_public() || sees_all(api, who);
    office.panel(id)?.filter(|(_, panel)| may(panel)).ok_or_else(Problem::not_found)
}

/// Whether somebody sees what isn't public.
pub(super) fn sees_all(api: &Api, who: Option<&Principal>) -> bool {
    who.is_some_and(|who| api.permit(who, "panels.read").is_ok())
}
