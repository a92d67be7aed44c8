//! What committees and their case systems do with a petition: hand over, receive, refer, ask, answer, open again, follow up,
//! decide about a withdrawal; and the hearing.

use axum::response::Response;
use radslag_kernel::{AggregateId, Date, Instant};
use radslag_runtime::{
    Problem,
    http::{JsonBody, PathId, PathIds},
};

use crate::{
    http::{answer, asking::Asking, dto, officials::decide, petitions::initiator},
    petition::{
        self, Official,
        answer::{Act, Outcome, Why},
        hearing,
    },
    shell::petition::Found,
};

fn date(typed: Option<&str>, field: &str) -> Result<Option<Date>, Problem> {
    let read = typed.filter(|typed| !typed.is_empty()).map(str::parse).transpose();
    read.map_err(|_| not_a_date(field))
}

/// Hands a petition over to committees, or to another one beside them. Each gets a part.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/hand-over", tag = "answers", request_body = dto::HandOver,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn hand_over(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::HandOver>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.hand-over")?;
    let answer_by = date(body.answer_by.as_deref(), "/answer_by")?;
    let act = |by: Official, found: &Found| {
        let handover = asking.office.handover(id, found, &body.committees, answer_by);
        Ok(petition::Act::Answer(Act::HandOver { by, handover }))
    };
    decide(&asking, id, ("petitions.hand-over", role), &body, &body.ground, &act).await
}

/// Refers a part to other committees; each gets a part of its own.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/parts/{part}/refer", tag = "answers",
    request_body = dto::HandOver, params(("tenant" = String, Path), ("id" = String, Path), ("part" = u32, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn refer(
    asking: Asking,
    PathIds(id, part): PathIds<AggregateId, u32>,
    JsonBody(body): JsonBody<dto::HandOver>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.hand-over")?;
    let answer_by = date(body.answer_by.as_deref(), "/answer_by")?;
    let act = |by: Official, found: &Found| {
        let handover = asking.office.handover(id, found, &body.committees, answer_by);
        Ok(petition::Act::Answer(Act::Refer { by, part, handover }))
    };
    let route = format!("parts/{part}/refer");
    decide(&asking, id, (&route, role), &body, &body.ground, &act).await
}

/// An official's act on a part: its route, who may, its body, what is read from that, and what is asked of the petition.
macro_rules! on_part {
    ($name:ident $path:literal $command:literal $body:ty, $doc:literal, $read:expr, |$by:ident, $part:ident, $b:ident, $it:pat_param| $act:expr) => {
        #[doc = $doc]
        #[utoipa::path(post, path = $path, tag = "answers", request_body = $body,
                            params(("tenant" = String, Path), ("id" = String, Path), ("part" = u32, Path)),
                            responses((status = 200, body = answer::Written)), security(("token" = [])))]
        pub(super) async fn $name(
            asking: Asking,
            PathIds(id, $part): PathIds<AggregateId, u32>,
            JsonBody($b): JsonBody<$body>,
        ) -> Result<Response, Problem> {
            let role = asking.permit($command)?;
            let $it = $read(&$b)?;
            let act = |$by: Official, _: &Found| Ok(petition::Act::Answer($act));
            let route = format!("parts/{}/{}", $part, stringify!($name));
            decide(&asking, id, (&route, role), &$b, &$b.ground, &act).await
        }
    };
}

const fn nothing<T>(_: &T) -> Result<(), Problem> {
    Ok(())
}

on_part!(
    receive "/api/v1/{tenant}/petitions/{id}/parts/{part}/receive" "petitions.receive" dto::Receive,
    "Takes a handover over, as the case system or for it, under its case number.",
    nothing,
    |by, part, body, ()| Act::Receive { by, part, case: body.case_number.clone() }
);
on_part!(
    refuse "/api/v1/{tenant}/petitions/{id}/parts/{part}/refuse" "petitions.receive" dto::Ground,
    "Won't take a handover over; the ground is the reason.",
    nothing,
    |by, part, body, ()| Act::Refuse { by, part }
);
on_part!(
    ask "/api/v1/{tenant}/petitions/{id}/parts/{part}/ask" "petitions.ask-initiator" dto::Ask,
    "Asks the initiator something, by mail; the clock stands still until the reply, or until it stays away.",
    reply_by,
    |by, part, body, reply_by| Act::Ask { by, part, question: body.question.clone(), reply_by }
);
on_part!(
    give "/api/v1/{tenant}/petitions/{id}/parts/{part}/answer" "petitions.answer" dto::GiveAnswer,
    "Answers; a second time is a new version beside the old.",
    outcome,
    |by, part, body, outcome| {
        Act::Give { by, part, outcome, text: body.text.clone(), link: body.link.clone() }
    }
);
on_part!(
    reopen "/api/v1/{tenant}/petitions/{id}/parts/{part}/reopen" "petitions.reopen-answer" dto::Reopen,
    "Opens an answer again; its versions stay.",
    why,
    |by, part, body, why| Act::Reopen { by, part, why }
);

/// What the initiator replies, by eID. By mailbox it is the link in the mail that leads there.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/reply", tag = "answers", request_body = dto::Reply,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn reply(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Reply>,
) -> Result<Response, Problem> {
    let asked = asking.changing(&format!("POST {id}/reply"), &body)?;
    let act = |proof| petition::Act::Answer(Act::Reply { proof, part: body.part, text: body.text.clone() });
    initiator(&asking, id, &asked, &act).await
}

/// Tells what came of an answered petition; again whenever there is more to tell.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/follow-up", tag = "answers", request_body = dto::FollowUp,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn follow_up(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::FollowUp>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.follow-up")?;
    let on = date(body.on.as_deref(), "/on")?;
    let act = |by: Official, found: &Found| {
        let on = on.unwrap_or_else(|| found.now.today());
        Ok(petition::Act::Answer(Act::FollowUp { by, on, text: body.text.clone() }))
    };
    decide(&asking, id, ("petitions.follow-up", role), &body, &body.ground, &act).await
}

/// Gives a petition back to its initiator, who asked for it after handover.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/withdrawal/grant", tag = "answers",
    request_body = dto::Ground, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn grant_withdrawal(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    decide_withdrawal(asking, id, body, true).await
}

/// Doesn't.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/withdrawal/decline", tag = "answers",
    request_body = dto::Ground, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn decline_withdrawal(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    decide_withdrawal(asking, id, body, false).await
}

async fn decide_withdrawal(
    asking: Asking,
    id: AggregateId,
    body: dto::Ground,
    grant: bool,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.decide-withdrawal")?;
    let act = |by: Official, _: &Found| Ok(petition::Act::Answer(Act::DecideWithdrawal { by, grant }));
    let route = if grant { "withdrawal/grant" } else { "withdrawal/decline" };
    decide(&asking, id, (route, role), &body, &body.ground, &act).await
}

/// An official's act on a hearing.
macro_rules! on_hearing {
    ($name:ident $path:literal $body:ty, $doc:literal, $read:expr, |$by:ident, $b:ident, $it:pat_param| $act:expr) => {
        #[doc = $doc]
        #[utoipa::path(post, path = $path, tag = "hearings", request_body = $body,
                            params(("tenant" = String, Path), ("id" = String, Path)),
                            responses((status = 200, body = answer::Written)), security(("token" = [])))]
        pub(super) async fn $name(
            asking: Asking,
            PathId(id): PathId<AggregateId>,
            JsonBody($b): JsonBody<$body>,
        ) -> Result<Response, Problem> {
            let role = asking.permit("petitions.hearing")?;
            let $it = $read(&$b)?;
            let act = |$by: Official, _: &Found| Ok(petition::Act::Hearing($act));
            decide(&asking, id, (concat!("hearing/", stringify!($name)), role), &$b, &$b.ground, &act).await
        }
    };
}

on_hearing!(
    schedule "/api/v1/{tenant}/petitions/{id}/hearing/schedule" dto::Schedule,
    "Sets when and where a petition is debated, or moves it.",
    starts_at,
    |by, body, starts_at| {
        hearing::Act::Schedule { by, starts_at, place: body.place.clone(), link: body.link.clone() }
    }
);
on_hearing!(
    held "/api/v1/{tenant}/petitions/{id}/hearing/held" dto::Held,
    "The debate was held; a link to its recording, if there is one.",
    nothing,
    |by, body, ()| hearing::Act::Hold { by, link: body.link.clone() }
);
on_hearing!(
    not_held "/api/v1/{tenant}/petitions/{id}/hearing/not-held" dto::NotHeld,
    "There is no debate; everybody may read why.",
    nothing,
    |by, body, ()| hearing::Act::Cancel { by, why: body.why.clone() }
);
on_hearing!(
    document "/api/v1/{tenant}/petitions/{id}/hearing/documents" dto::Document,
    "A transcript or notes of a debate that was held.",
    nothing,
    |by, body, ()| hearing::Act::Document { by, title: body.title.clone(), link: body.link.clone() }
);

fn not_a_date(field: &str) -> Problem {
    Problem::invalid(field, "expected a date such as 2009-02-22")
}

fn reply_by(body: &dto::Ask) -> Result<Date, Problem> {
    body.reply_by.parse().map_err(|_| not_a_date("/reply_by"))
}

fn outcome(body: &dto::GiveAnswer) -> Result<Outcome, Problem> {
    let wrong = || Problem::invalid("/outcome", "expected `accepted`, `partly`, `declined` or `noted`");
    Outcome::of(&body.outcome).ok_or_else(wrong)
}

fn why(body: &dto::Reopen) -> Result<Why, Problem> {
    Why::of(&body.why).ok_or_else(|| Problem::invalid("/why", "expected `remand` or `error`"))
}

fn starts_at(body: &dto::Schedule) -> Result<Instant, Problem> {
    let wrong = || Problem::invalid("/starts_at", "expected a moment in RFC 3339");
    let moment: jiff::Timestamp = body.starts_at.parse().map_err(|_| wrong())?;
    u64::try_from(moment.as_millisecond()).map(Instant::from_millis).map_err(|_| wrong())
}
