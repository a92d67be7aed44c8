//! The routes, their state, and who asks.

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use radslag_runtime::{
    Kit, http,
    pages::{Pages, for_people as problems_for_people},
    serve::Shutdown,
    served,
};

use crate::{
    http::{
        abuse, answer, answers, assisted, assists, attachments, bulk, coinitiators, comment_office, comments,
        committees, counts, dto, embed, events, feeds, figures, history, inquiries, inquiring,
        inquiry_office, lifecycle, links, lists, mine, moderation, objections, officials,
        pages::{self, attaching, figures as figures_page, linked, own, reading, reporting, writing},
        paper, paper_files, papers, petitions, politicians, sessions, signatures, similar, supporters,
    },
    shell::Office,
};

/// What every route has at hand.
pub type Api = http::Api<Office, Own>;

/// Offices by tenant; why, where one can't serve.
pub type Offices = radslag_runtime::offices::Offices<Office>;

/// What only this service's routes have at hand.
#[derive(Clone)]
pub struct Own {
    pub(super) pages: Arc<Pages>,
    pub(super) streams: events::Streams,
    /// When streams end.
    pub(super) shutdown: Shutdown,
}

impl AsRef<Pages> for Own {
    fn as_ref(&self) -> &Pages {
        &self.pages
    }
}

/// Of a kit and its offices; streams end with the server, instead of holding it up.
///
/// # Errors
/// If a page's template can't be read.
pub fn state(kit: Kit, offices: Offices, shutdown: Shutdown) -> Result<Api, minijinja::Error> {
    let (pages, streams) = (Arc::new(pages::shipped()?), events::Streams::default());
    Ok(Api::of(kit, offices, Own { pages, streams, shutdown }))
}

served! {
    Api, "Rådslag: petitions", under "/api/v1/{tenant}", schemas [dto::Receipt, dto::MailSent, answer::Written],
    get "/petitions" lists::list,
    post "/petitions" petitions::hand_in,
    get "/petitions/by-key/{key}" petitions::by_key,
    get "/petitions/similar" similar::to_title,
    get "/petitions/{id}" petitions::one,
    get "/petitions/{id}/similar" similar::to_petition,
    get "/petitions/{id}/count" counts::count,
    get "/petitions/{id}/count/events" events::count,
    get "/petitions/{id}/state" history::state,
    get "/petitions/{id}/history" history::hours,
    get "/petitions/{id}/areas" history::areas,
    get "/petitions/{id}/milestones" history::milestones,
    get "/trending" history::trending,
    get "/embed" embed::json,
    post "/petitions/{id}/attachments" attachments::attach,
    get "/petitions/{id}/attachments/{item}" attachments::one,
    delete "/petitions/{id}/attachments/{item}" attachments::detach,
    post "/petitions/{id}/confirm" petitions::confirm,
    post "/petitions/{id}/withdraw" petitions::withdraw,
    post "/petitions/{id}/resubmit" petitions::resubmit,
    post "/drafts" petitions::new_draft,
    post "/petitions/{id}/co-initiator" coinitiators::name,
    delete "/petitions/{id}/co-initiator" coinitiators::revoke,
    post "/petitions/{id}/co-initiator/accept" coinitiators::accept,
    get "/petitions/{id}/initiators" coinitiators::initiators,
    post "/petitions/{id}/objection" objections::to_refusal,
    post "/petitions/{id}/signatures/mine/objection" objections::to_invalidation,
    post "/petitions/{id}/comments/{item}/objection" objections::to_comment_refusal,
    get "/objections" objections::queue,
    post "/objections/{objection}/decide" objections::decide,
    get "/drafts/{id}" petitions::draft,
    put "/drafts/{id}" petitions::save_draft,
    post "/drafts/{id}/submit" petitions::submit_draft,
    get "/petitions/{id}/signatures" signatures::list,
    post "/petitions/{id}/signatures" signatures::sign,
    get "/petitions/{id}/signatures/mine" signatures::mine,
    delete "/petitions/{id}/signatures/mine" signatures::withdraw,
    put "/petitions/{id}/signatures/mine/name" signatures::name,
    post "/petitions/{id}/return" officials::return_it,
    post "/petitions/{id}/reject" officials::reject,
    post "/petitions/{id}/hide" officials::hide,
    post "/petitions/{id}/approve" officials::approve,
    post "/petitions/{id}/erase" officials::erase,
    post "/petitions/{id}/signatures/{item}/withdraw" assisted::withdraw_signature,
    post "/petitions/{id}/signatures/{item}/name" assisted::change_name,
    post "/petitions/{id}/signatures/{item}/{act}" officials::on_signature,
    get "/petitions/{id}/supporters" supporters::gathering,
    post "/petitions/{id}/supporters" supporters::support,
    get "/petitions/{id}/supporters/named" supporters::named,
    post "/petitions/{id}/supporters/{item}/invalidate" supporters::strike,
    post "/petitions/{id}/supporters/{item}/erase" supporters::erase,
    post "/petitions/{id}/take-down" lifecycle::take_down,
    post "/petitions/{id}/restore" lifecycle::restore,
    post "/petitions/{id}/electorate" lifecycle::electorate,
    post "/petitions/{id}/classify" lifecycle::classify,
    post "/petitions/{id}/redirect" lifecycle::redirect,
    post "/petitions/{id}/redirect/{act}" lifecycle::answer_redirect,
    get "/unfinished" lifecycle::unfinished,
    get "/signing" lifecycle::signing,
    post "/signing/{act}" lifecycle::act_on_signing,
    get "/petitions/{id}/signatures/form" signatures::form,
    get "/petitions/{id}/origins" abuse::origins,
    get "/suspected" abuse::suspected,
    get "/assisted" assists::list,
    get "/lists" abuse::lists,
    post "/lists" abuse::add,
    post "/lists/{item}/remove" abuse::remove,
    get "/bulk" bulk::list,
    post "/bulk" bulk::prepare,
    get "/bulk/{bulk}" bulk::one,
    post "/bulk/{bulk}/start" bulk::start,
    post "/bulk/{bulk}/cancel" bulk::cancel,
    post "/bulk/{bulk}/undo" bulk::undo,
    get "/petitions/{id}/corrections" bulk::corrections_of,
    get "/corrections" bulk::corrections,
    get "/queue" officials::queue,
    get "/petitions/{id}/moderation" moderation::kept,
    post "/petitions/{id}/lock" moderation::lock,
    delete "/petitions/{id}/lock" moderation::release,
    post "/petitions/{id}/notes" moderation::note,
    get "/moderation/times" moderation::times,
    post "/petitions/{id}/hand-over" committees::hand_over,
    get "/petitions/{id}/parts" answers::parts,
    get "/petitions/{id}/parts/{part}/package" answers::package,
    post "/petitions/{id}/parts/{part}/receive" committees::receive,
    post "/petitions/{id}/parts/{part}/refuse" committees::refuse,
    post "/petitions/{id}/parts/{part}/refer" committees::refer,
    post "/petitions/{id}/parts/{part}/ask" committees::ask,
    post "/petitions/{id}/parts/{part}/answer" committees::give,
    post "/petitions/{id}/parts/{part}/reopen" committees::reopen,
    post "/petitions/{id}/reply" committees::reply,
    post "/petitions/{id}/follow-up" committees::follow_up,
    post "/petitions/{id}/withdrawal/grant" committees::grant_withdrawal,
    post "/petitions/{id}/withdrawal/decline" committees::decline_withdrawal,
    post "/petitions/{id}/hearing/schedule" committees::schedule,
    post "/petitions/{id}/hearing/held" committees::held,
    post "/petitions/{id}/hearing/not-held" committees::not_held,
    post "/petitions/{id}/hearing/documents" committees::document,
    get "/answers" answers::waiting,
    get "/links/{token}" links::show,
    post "/links/{token}" links::act,
    post "/sessions" sessions::ask,
    delete "/sessions" sessions::end,
    get "/sessions/{token}" sessions::show,
    post "/sessions/{token}" sessions::open,
    get "/mine" mine::list,
    get "/mine/{thing}" mine::one,
    post "/mine/{thing}" mine::act,
    get "/petitions/{id}/comments" comments::list,
    post "/petitions/{id}/comments" comments::write,
    delete "/petitions/{id}/comments/{item}" comments::withdraw,
    post "/petitions/{id}/comments/{item}/withdraw" assisted::withdraw_comment,
    post "/petitions/{id}/comments/{item}/report" comments::report,
    post "/petitions/{id}/comments/{item}/approve" comment_office::approve,
    post "/petitions/{id}/comments/{item}/refuse" comment_office::refuse,
    post "/petitions/{id}/comments/{item}/restore" comment_office::restore,
    post "/petitions/{id}/comments/{item}/erase" comment_office::erase,
    get "/comments/queue" comment_office::queue,
    get "/inquiries" inquiries::list,
    post "/inquiries" inquiring::inquire,
    get "/inquiries/queue" inquiries::queue,
    get "/inquiries/assigned" inquiries::assigned,
    get "/inquiries/{inquiry}" inquiries::one,
    delete "/inquiries/{inquiry}" inquiries::withdraw,
    post "/inquiries/{inquiry}/accept" inquiry_office::accept,
    post "/inquiries/{inquiry}/refuse" inquiry_office::refuse,
    post "/inquiries/{inquiry}/assign" inquiry_office::assign,
    post "/inquiries/{inquiry}/answer" inquiry_office::answer,
    post "/inquiries/{inquiry}/reopen" inquiry_office::reopen,
    post "/inquiries/{inquiry}/close" inquiry_office::close,
    post "/inquiries/{inquiry}/erase" inquiry_office::erase,
    get "/politicians" politicians::list,
    get "/petitions/{id}/count/methods" papers::methods,
    get "/petitions/{id}/paper" papers::list,
    post "/petitions/{id}/paper" paper::register,
    post "/petitions/{id}/paper/{batch}/lines" paper::lines,
    get "/petitions/{id}/paper/{batch}" papers::one,
    get "/petitions/{id}/paper/{batch}/refused" papers::refused,
    post "/petitions/{id}/paper/{batch}/import" paper_files::import,
    post "/petitions/{id}/paper/{batch}/import/cancel" paper_files::cancel,
    post "/petitions/{id}/paper/{batch}/check" paper::check,
    post "/petitions/{id}/paper/{batch}/settle" paper::settle,
    post "/petitions/{id}/paper/{batch}/accept" paper::accept,
    post "/petitions/{id}/paper/{batch}/undo" paper::undo,
    post "/petitions/{id}/paper/{batch}/erase" paper::erase,
    get "/petitions/{id}/paper/{batch}/sheets/{sheet}" papers::sheet,
}

/// All routes.
pub fn routes(api: Api) -> Router {
    json()
        .route("/{tenant}/embed", get(embed::list))
        .route("/{tenant}/feed.atom", get(feeds::newest))
        .route("/{tenant}/log/petitions/disclosed", get(figures::disclosed))
        .route("/{tenant}/log/petitions/figures", get(figures::figures))
        .route("/{tenant}/petitions/{id}/embed", get(embed::counter))
        .route("/{tenant}/petitions/{id}/feed.atom", get(feeds::changes))
        .merge(for_people().layer(from_fn_with_state(api.clone(), problems_for_people)))
        .with_state(api)
}

/// The pages.
fn for_people() -> Router<Api> {
    Router::new()
        .route("/", get(pages::start))
        .route("/{tenant}", get(reading::tenant))
        .route("/{tenant}/petitions", get(reading::all))
        .route("/{tenant}/petitions/{id}", get(reading::petition))
        .route("/{tenant}/petitions/{id}/signatures", get(reading::signatures))
        .route("/{tenant}/petitions/{id}/figures", get(figures_page::figures))
        .route("/{tenant}/petitions/{id}/comments", get(writing::comments).post(writing::comment))
        .route("/{tenant}/petitions/{id}/sign", get(writing::sign_form).post(writing::sign))
        .route("/{tenant}/petitions/{id}/support", get(writing::support_form).post(writing::support))
        .route(
            "/{tenant}/petitions/{id}/comments/{item}/report",
            get(reporting::form).post(reporting::report),
        )
        .route("/{tenant}/new", get(writing::new_form).post(writing::new))
        .route("/{tenant}/inquiries", get(reading::inquiries))
        .route("/{tenant}/inquiries/new", get(writing::ask_form).post(writing::ask))
        .route("/{tenant}/inquiries/{inquiry}", get(reading::inquiry))
        .route("/{tenant}/politicians", get(reading::politicians))
        .route("/{tenant}/politicians/{id}", get(reading::politician))
        .route("/{tenant}/session", get(own::form).post(own::ask))
        .route("/{tenant}/session/{token}", get(own::link).post(own::open))
        .route("/{tenant}/mine", get(own::mine))
        .route("/{tenant}/mine/{thing}", get(own::one).post(own::act))
        .route("/{tenant}/mine/{thing}/attachments", post(attaching::to_mine))
        .route("/{tenant}/mine/{thing}/attachments/{item}", get(attaching::of_mine))
        .route("/{tenant}/links/{token}/attachments", post(attaching::to_linked))
        .route("/{tenant}/links/{token}/attachments/{item}", get(attaching::of_linked))
        .route("/{tenant}/logout", post(own::log_out))
        .route("/{tenant}/sent/{what}", get(writing::sent))
        .route("/{tenant}/guide", get(reading::guide))
        .route("/{tenant}/guide/{version}", get(reading::guide))
        .route("/{tenant}/faq", get(reading::faq))
        .route("/{tenant}/faq/{version}", get(reading::faq))
        .route("/{tenant}/terms", get(reading::terms_page))
        .route("/{tenant}/terms/{version}", get(reading::terms_page))
        .route("/{tenant}/links/{token}", get(linked::link).post(linked::follow))
}
