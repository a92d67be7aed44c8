//! One petition: handing in, drafts, reading, counting, and what its initiator does.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Date, Opened};
use radslag_readmodel::{AsOf, Query, Row, Value};
use radslag_runtime::{
    Principal, Problem,
    http::{AtLeast, Client, JsonBody, PathId},
    limits::Admitted,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        Api, answer,
        answers::{self, Answering},
        asking::{Asking, Reading},
        assisted,
        attachments::{self, Attached},
        dto, listing,
        lists::{self, Listed, caught_up, listed_row, moment},
        politicians::elected,
    },
    petition::{Act, Contact, state::Life},
    projections::{id, lists as sql},
    shell::{
        Asked, Done, Office,
        petition::{HandedIn, Proof},
        rates::Handed,
    },
    tag::Tag,
};

const PETITION: Query = sql::PETITION;
const BY_URL_KEY: Query = sql::PETITION_BY_URL_KEY;

/// `listed` of what was removed after it was public: 410, also for staff, since there is nothing to show.
const REMOVED: i64 = 3;

/// A petition as everybody may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Detail {
    /// As in a list.
    #[serde(flatten)]
    pub(super) listed: Listed,
    /// What is asked; gone once erased.
    pub(super) body: Option<String>,
    /// More about it.
    pub(super) background: Option<String>,
    /// Where more about it stands.
    pub(super) links: Vec<dto::Link>,
    /// What is attached to it.
    pub(super) attachments: Vec<Attached>,
    /// Its number as a received document.
    pub(super) register: Option<String>,
    /// The terms it keeps, `malmo/1`.
    pub(super) policy: String,
    /// Of its debate.
    pub(super) hearing: String,
    /// Signatures for a debate; 0 = no threshold.
    pub(super) debate_at: i64,
    /// When an answer became due.
    pub(super) answer_due_at: Option<String>,
    /// When signing ended.
    pub(super) closed_at: Option<String>,
    /// For `If-Match`.
    pub(super) version: u64,
    /// Position of the event that changed the count last: the count holds from there.
    pub(super) count_position: Option<i64>,
    /// Of the signatures, those on paper.
    pub(super) on_paper: u64,
    /// Of those, lines that couldn't be compared with other signatures.
    pub(super) uncompared: u64,
    /// What committees answered, what came of it, and when it is debated.
    #[serde(flatten)]
    pub(super) answering: Answering,
}

/// Whom a petition is shown to.
fn may_read(api: &Api, office: &Office, row: &Row, who: Option<&Principal>) -> bool {
    let public = row.opt_int("listed").ok().flatten().is_some_and(|listed| listed != 0);
    let staff = || who.is_some_and(|who| api.permit(who, "petitions.read-queue").is_ok());
    public || staff() || who.is_some_and(|who| is_initiator(office, row, who))
}

/// There is such a petition here, and it was handed in: an empty list of another tenant's would look like one of ours.
pub(super) fn known(office: &Office, petition: AggregateId) -> Result<(), Problem> {
    let (_, state) = office.petition(petition)?;
    let found = state.0.as_ref().filter(|found| found.filed.is_some());
    found.map(|_| ()).ok_or_else(Problem::not_found)
}

fn is_initiator(office: &Office, row: &Row, who: &Principal) -> bool {
    let petition = row.bytes("petition").ok().and_then(AggregateId::from_slice);
    let Some((_, state)) = petition.and_then(|petition| office.petition(petition).ok()) else { return false };
    let filed = state.0.as_ref().and_then(|petition| petition.filed.as_ref());
    let tags = filed.and_then(|filed| filed.tags.known()).and_then(|tags| tags.eid);
    let own = petition.and_then(|petition| office.tags(petition).ok()).map(|tags| tags.eid(&who.subject));
    tags.is_some() && tags == own
}

pub(super) async fn detail(office: &Office, row: &Row) -> Result<Detail, Problem> {
    let answering = answers::of(office, row).await?;
    let petition = AggregateId::from_slice(row.bytes("petition")?).unwrap_or_default();
    // A list is shown without them, so no table has them.
    let (_, state) = office.petition(petition)?;
    let content = state.0.as_ref().and_then(|petition| petition.content.known());
    let links = content.map(|content| content.links.as_slice()).unwrap_or_default();
    let (on_paper, uncompared) = super::paper::numbers(office, petition).await?;
    let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
    let number = |column: &str| row.opt_int(column).ok().flatten();
    Ok(Detail {
        listed: listed_row(row),
        body: text("body"),
        background: text("background").filter(|text| !text.is_empty()),
        links: links.iter().map(dto::Link::of).collect(),
        attachments: state.0.as_ref().map(attachments::of).unwrap_or_default(),
        register: text("register"),
        policy: format!("{}/{}", text("policy").unwrap_or_default(), number("policy_version").unwrap_or(0)),
        hearing: text("hearing").unwrap_or_default(),
        debate_at: number("debate_at").unwrap_or(0),
        answer_due_at: number("answer_due_at").map(moment),
        closed_at: number("closed_at").map(moment),
        version: answer::version(office, number("version").unwrap_or(0).unsigned_abs()),
        count_position: number("count_position"),
        on_paper,
        uncompared,
        answering,
    })
}

/// A petition's row, if it is this reader's to see.
pub(super) async fn row(
    api: &Api,
    office: &Office,
    query: &Query,
    value: Value,
    who: Option<&Principal>,
) -> Result<Row, Problem> {
    let rows = office.petitions.store.query(query, &[value]).await?;
    if rows.first().is_some_and(|row| row.opt_int("listed").ok().flatten() == Some(REMOVED)) {
        return Err(Problem::new(StatusCode::GONE, "petition-removed"));
    }
    rows.into_iter().find(|row| may_read(api, office, row, who)).ok_or_else(Problem::not_found)
}

pub(super) async fn by_id(
    api: &Api,
    office: &Office,
    petition: AggregateId,
    who: Option<&Principal>,
) -> Result<Row, Problem> {
    row(api, office, &PETITION, id(petition), who).await
}

/// One petition.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}", tag = "petitions",
    params(("tenant" = String, Path), ("id" = String, Path)), responses((status = 200, body = Detail)))]
pub(super) async fn one(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    at_least: AtLeast,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caught_up(&office, at_least).await?;
    let row = by_id(&api, &office, petition, who.as_ref()).await?;
    let tag = answer::tag(&office, petition);
    if tag.is_known_by(&headers) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag.header())]).into_response());
    }
    Ok(([(header::ETAG, tag.header())], Json(detail(&office, &row).await?)).into_response())
}

/// One petition by the key of its page.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/by-key/{key}", tag = "petitions",
    params(("tenant" = String, Path), ("key" = String, Path)), responses((status = 200, body = Detail)))]
pub(super) async fn by_key(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(key): PathId<String>,
) -> Result<Response, Problem> {
    let row = row(&api, &office, &BY_URL_KEY, Value::Text(key), who.as_ref()).await?;
    Ok(Json(detail(&office, &row).await?).into_response())
}

/// As of when a count is wanted.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct As {
    /// A date (its end in the tenant's zone) or a moment in RFC 3339.
    as_of: Option<String>,
    /// A log position.
    position: Option<u64>,
    #[serde(default, rename = "at_least")]
    _at_least: Option<String>,
}

/// When a figure is wanted for; nothing is now.
pub(super) fn as_of(office: &Office, wanted: &As) -> Result<Option<AsOf>, Problem> {
    match (&wanted.as_of, wanted.position) {
        (None, None) => Ok(None),
        (None, Some(position)) => Ok(Some(AsOf::Position(position))),
        (Some(text), None) => Ok(Some(AsOf::Recorded(moment_of(office, "as_of", text)?))),
        (Some(_), Some(_)) => Err(Problem::invalid("as_of", "a date or a position, not both")),
    }
}

pub(super) fn place((origin, position): (u32, u64)) -> String {
    format!("{origin}.{position}")
}

/// The last instant of a date in the tenant's zone, or a moment.
pub(super) fn moment_of(office: &Office, name: &str, text: &str) -> Result<radslag_kernel::Instant, Problem> {
    let wrong = || Problem::invalid(name, "expected a date such as 2008-11-05, or a moment in RFC 3339");
    if let Ok(date) = text.parse::<Date>()
        && text.len() == 10
    {
        let end = office.calendar.end_of(date).millis();
        return Ok(radslag_kernel::Instant::from_millis(end.saturating_sub(1)));
    }
    let moment: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
    u64::try_from(moment.as_millisecond()).map(radslag_kernel::Instant::from_millis).map_err(|_| wrong())
}

/// An elected representative asks under their own name, with their party beside it.
fn contact(office: &Office, given: &dto::Initiator, who: Option<&Principal>) -> Contact {
    let elected = who.and_then(|who| elected(office, who));
    let name = who.and_then(|who| who.name.clone()).unwrap_or_else(|| given.name.clone());
    let public_name = if given.public_name.is_empty() { name.clone() } else { given.public_name.clone() };
    let language = if given.language.is_empty() { "sv".into() } else { given.language.clone() };
    let (mailbox, postcode) = (given.mailbox.clone(), given.postcode.clone());
    match elected.map(|elected| (elected.name.clone(), Some(elected.party.clone()))) {
        Some((name, party)) => {
            Contact { public_name: name.clone(), name, mailbox, postcode, language, party }
        }
        None => Contact { name, mailbox, postcode, language, public_name, party: None },
    }
}

fn no_date() -> Problem {
    Problem::invalid("/texts/length/until", "expected a date such as 2009-02-22")
}

fn made(office: &Office, petition: AggregateId, done: &Done) -> Result<Response, Problem> {
    let (_, state) = office.petition(petition)?;
    let filed = state.0.as_ref().and_then(|petition| petition.filed.as_ref());
    let made = dto::Made {
        id: petition.to_string(),
        register: filed.map(|filed| filed.register.to_string()),
        version: answer::version(office, done.version),
        watermark: office.log.watermark(),
        receipt: answer::receipt_of(office, done),
    };
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// Hands a petition in: by eID with a token, else with a mailbox that has to be confirmed.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions", tag = "petitions", request_body = dto::HandIn,
    params(("tenant" = String, Path)), responses((status = 201, body = dto::Made)))]
pub(super) async fn hand_in(
    asking: Asking<Option<Principal>>,
    client: Client,
    _: Admitted,
    JsonBody(body): JsonBody<dto::HandIn>,
) -> Result<Response, Problem> {
    let who = asking.who.as_ref();
    let asked = asking.asked("POST petitions", &body);
    if let Some(behalf) = &body.on_behalf_of {
        let behalf = behalf.of(&asking.api, &asking.office, who)?;
        let handed = HandedIn {
            content: body.texts.domain().ok_or_else(no_date)?,
            contact: contact(&asking.office, &body.initiator, None),
            eid: Some(&behalf.number),
            registered: behalf.helped.how.proof() == crate::policy::Proof::Register,
            dialogue: None,
        };
        let (petition, done) = asking.office.hand_in_for(&asked, &handed, &behalf.helped).await?;
        return made(&asking.office, petition, &done);
    }
    who.map(|who| asking.api.permit(who, "petitions.submit")).transpose()?;
    let (petition, done) = handed_in(&asking.office, &asked, &body, who.ok_or(client)).await?;
    made(&asking.office, petition, &done)
}

/// Hands in: the API and the form do the same. By mailbox not over the rate of its network.
pub(super) async fn handed_in(
    office: &Office,
    asked: &Asked,
    body: &dto::HandIn,
    who: Result<&Principal, Client>,
) -> Result<(AggregateId, Done), Problem> {
    if let Err(client) = who {
        office.admit(client.address, Handed::Petition)?;
    }
    let from = who.err();
    let who = who.ok();
    let handed = HandedIn {
        content: body.texts.domain().ok_or_else(no_date)?,
        contact: contact(office, &body.initiator, who),
        eid: who.map(|who| who.subject.as_str()),
        registered: who.is_some_and(|who| who.assurance.is_some()),
        dialogue: None,
    };
    let (petition, done) = office.hand_in(asked, &handed).await?;
    if let (Some(client), false) = (from, done.repeated) {
        office.rates.handed(client.address, Handed::Petition, office.now());
    }
    Ok((petition, done))
}

/// Begins a draft that only its writer can read.
#[utoipa::path(post, path = "/api/v1/{tenant}/drafts", tag = "drafts", request_body = dto::Texts,
    params(("tenant" = String, Path)), responses((status = 201, body = dto::Made)), security(("token" = [])))]
pub(super) async fn new_draft(
    asking: Asking,
    _: Admitted,
    JsonBody(body): JsonBody<dto::Texts>,
) -> Result<Response, Problem> {
    asking.permit("petitions.draft")?;
    let asked = asking.asked("POST drafts", &body);
    let petition = asking.office.commands.aggregate(asked.command);
    let content = body.domain().ok_or_else(no_date)?;
    let done = asking.office.save_draft(petition, &asked, &asking.who.subject, &content, None).await?;
    made(&asking.office, petition, &done)
}

/// A draft, for its writer.
#[utoipa::path(get, path = "/api/v1/{tenant}/drafts/{id}", tag = "drafts",
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = dto::Texts)), security(("token" = [])))]
pub(super) async fn draft(
    who: Principal,
    Reading { office, .. }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let (version, state) = office.petition(petition)?;
    let found = state.0.as_ref().ok_or_else(Problem::not_found)?;
    let own = office.owner(&who.subject);
    match (&found.life, found.content.known()) {
        (Life::Draft { owner: Opened::Known(owner), .. }, Some(content)) if *owner == own => {
            let length = match content.length {
                crate::policy::Length::Months(months) => dto::Length::Months(months),
                crate::policy::Length::Days(days) => dto::Length::Days(days),
                crate::policy::Length::Until(date) => dto::Length::Until(date.to_string()),
            };
            let texts = dto::Texts {
                title: content.title.clone(),
                body: content.body.clone(),
                background: content.background.clone(),
                url_key: content.url_key.clone(),
                length,
                links: content.links.iter().map(dto::Link::of).collect(),
            };
            let version = answer::version(&office, version);
            let etag =
                HeaderValue::try_from(format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""));
            Ok(([(header::ETAG, etag)], Json(texts)).into_response())
        }
        _ => Err(Problem::not_found()),
    }
}

/// Changes a draft.
#[utoipa::path(put, path = "/api/v1/{tenant}/drafts/{id}", tag = "drafts", request_body = dto::Texts,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn save_draft(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Texts>,
) -> Result<Response, Problem> {
    asking.permit("petitions.edit")?;
    let (version, _) = asking.office.petition(petition)?;
    if version == 0 {
        return Err(Problem::not_found());
    }
    let asked = asking.changing(&format!("PUT drafts/{petition}"), &body)?;
    let content = body.domain().ok_or_else(no_date)?;
    let done = asking.office.save_draft(petition, &asked, &asking.who.subject, &content, None).await?;
    Ok(answer::written(&asking.office, &done))
}

/// Hands a draft in.
#[utoipa::path(post, path = "/api/v1/{tenant}/drafts/{id}/submit", tag = "drafts", request_body = dto::Initiator,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 201, body = dto::Made)), security(("token" = [])))]
pub(super) async fn submit_draft(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Initiator>,
) -> Result<Response, Problem> {
    asking.permit("petitions.submit")?;
    let (who, office) = (&asking.who, &asking.office);
    let (_, state) = office.petition(petition)?;
    let found = state.0.as_ref().ok_or_else(Problem::not_found)?;
    let content = found.content.known().cloned().ok_or_else(Problem::not_found)?;
    let asked = asking.changing(&format!("POST drafts/{petition}/submit"), &body)?;
    let handed = HandedIn {
        content,
        contact: contact(office, &body, Some(who)),
        eid: Some(&who.subject),
        registered: who.assurance.is_some(),
        dialogue: found.dialogue,
    };
    let done = office.submit(petition, &asked, &handed, Some(&who.subject)).await?;
    made(office, petition, &done)
}

/// Confirms, by eID, that one is the initiator. By mailbox it is the link in the mail that confirms.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/confirm", tag = "petitions",
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn confirm(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let asked = asking.changing(&format!("POST {petition}/confirm"), &())?;
    initiator(&asking, petition, &asked, &|proof| Act::ConfirmInitiator { proof }).await
}

/// Takes a petition back, or has it taken back for who started it.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/withdraw", tag = "petitions",
    request_body = dto::Withdraw, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn withdraw(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Withdraw>,
) -> Result<Response, Problem> {
    let asked = asking.changing(&format!("POST {petition}/withdraw"), &body)?;
    if let Some(behalf) = &body.on_behalf_of {
        return assisted::withdraw_petition(&asking, petition, &asked, (&body, behalf)).await;
    }
    initiator(&asking, petition, &asked, &|proof| Act::Withdraw { proof, reason: body.reason.clone() }).await
}

/// Hands in again what was returned.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/resubmit", tag = "petitions",
    request_body = dto::Texts, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn resubmit(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Texts>,
) -> Result<Response, Problem> {
    let asked = asking.changing(&format!("POST {petition}/resubmit"), &body)?;
    let content = body.domain().ok_or_else(no_date)?;
    initiator(&asking, petition, &asked, &|proof| Act::Resubmit { proof, content: content.clone() }).await
}

pub(super) async fn initiator(
    asking: &Asking,
    petition: AggregateId,
    asked: &Asked,
    act: &(dyn Fn(Tag) -> Act + Sync),
) -> Result<Response, Problem> {
    let proof = Proof::Eid(&asking.who.subject);
    Ok(answer::written(&asking.office, &asking.office.as_initiator(petition, asked, &proof, act).await?))
}

/// The list a start page shows; of a narrowed one the first five.
pub(super) async fn five(
    api: &Api,
    office: &Office,
    list: lists::List,
    narrowed: &lists::Wanted,
) -> Result<Vec<Listed>, Problem> {
    let wanted = if narrowed.narrows() {
        let sort = if list == lists::List::Popular { lists::Sort::Signatures } else { lists::Sort::Start };
        lists::Wanted { sort: Some(sort), cursor: None, ..narrowed.clone() }
    } else {
        lists::Wanted { list, ..lists::Wanted::default() }
    };
    let page = radslag_runtime::http::Page { page: 1, per_page: 5 };
    Ok(listing::rows(api, office, &wanted, page).await?.petitions)
}
