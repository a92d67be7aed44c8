//! Comments on a petition: the list in threads, and one's own.

use std::collections::HashMap;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, ItemId};
use radslag_readmodel::{Query, Row};
use radslag_runtime::{
    Principal, Problem,
    http::{AtLeast, Client, JsonBody, Page, PathId, PathIds, QueryOf},
    limits::Admitted,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    catalogue::Catalogue,
    comment::{Act, Outcome, Standing},
    http::{
        answer,
        asking::{Asking, Reading},
        assisted::OnBehalfOf,
        dto,
        lists::{Label, caught_up, moment},
        petitions::by_id,
        politicians,
    },
    projections::{id, item as item_value, lists as sql, number},
    shell::{
        Asked, Office,
        comment::{Written, stream},
        links::Link,
    },
    terms::Comments as When,
};

const NEWEST: Query = sql::COMMENTS_NEWEST;
const OLDEST: Query = sql::COMMENTS_OLDEST;
const THREADS: Query = sql::COMMENTS_THREADS;
const NEWEST_REPLIES: Query = sql::COMMENTS_NEWEST_REPLIES;
const OLDEST_REPLIES: Query = sql::COMMENTS_OLDEST_REPLIES;
const PUBLISHED: Query = sql::COMMENTS_PUBLISHED;
const ONE: Query = sql::COMMENT;

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Order {
    /// Written last first.
    #[default]
    Newest,
    /// Written first first.
    Oldest,
}

/// How a list of comments is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `newest` or `oldest`; replies stand oldest first.
    #[serde(default)]
    #[param(inline)]
    sort: Order,
    #[serde(default, rename = "page")]
    _page: Option<String>,
    #[serde(default, rename = "per_page")]
    _per_page: Option<String>,
    #[serde(default, rename = "at_least")]
    _at_least: Option<String>,
}

/// A reply, or what stands above replies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Comment)]
pub(super) struct Said {
    /// Its item ref in the log.
    pub(super) item: String,
    /// `published`; of one that isn't shown but was replied to, why not.
    pub(super) state: String,
    /// The same for people.
    pub(super) label: Label,
    /// Name or alias.
    pub(super) name: Option<String>,
    /// Of an elected representative, verified.
    pub(super) party: Option<String>,
    /// What is said; nothing once erased, or where it isn't shown.
    pub(super) text: Option<String>,
    /// When.
    pub(super) written_at: Option<String>,
}

/// A comment with its replies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Thread {
    /// The comment.
    #[serde(flatten)]
    pub(super) said: Said,
    /// Oldest first.
    pub(super) replies: Vec<Said>,
}

/// A page of comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Comments {
    /// The threads.
    pub(super) comments: Vec<Thread>,
    /// Comments that everybody sees, replies too.
    pub(super) published: u64,
    /// Threads.
    pub(super) total: u64,
    /// This page.
    pub(super) page: u32,
    /// How many pages there are.
    pub(super) pages: u64,
    /// New ones are taken.
    pub(super) open: bool,
    /// They were put away when the petition closed.
    pub(super) hidden: bool,
}

fn total(rows: &[Row]) -> u64 {
    rows.first().and_then(|row| row.int("total").ok()).unwrap_or(0).unsigned_abs()
}

pub(super) fn label(state: &str) -> Label {
    let standing = Standing::ALL.into_iter().find(|standing| standing.word() == state);
    let label = standing.and_then(|standing| Catalogue::shipped().comment(standing));
    label.map(Label::from).unwrap_or_default()
}

fn said(row: &Row) -> Said {
    let shown = row.opt_int("shown").ok().flatten() == Some(1);
    let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
    let public = |column: &str| text(column).filter(|text| shown && !text.is_empty());
    Said {
        item: row.bytes("item").ok().and_then(ItemId::from_slice).unwrap_or_default().to_string(),
        label: label(&text("state").unwrap_or_default()),
        state: text("state").unwrap_or_default(),
        name: public("public_name"),
        party: public("party"),
        text: public("words"),
        written_at: row.opt_int("written_at").ok().flatten().map(moment),
    }
}

/// Published comments in threads.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/comments", tag = "comments", operation_id = "list_comments",
    params(("tenant" = String, Path), ("id" = String, Path), Wanted, ("page" = Option<u32>, Query),
        ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Comments)))]
pub(super) async fn list(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    at_least: AtLeast,
    page: Page,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    caught_up(&office, at_least).await?;
    if let Some(wanted) = at_least.0 {
        office.comments.wait_for(wanted.position.saturating_add(1)).await?;
    }
    let row = by_id(&api, &office, petition, who.as_ref()).await?;
    let over = row.opt_int("listed").ok().flatten() == Some(2);
    Ok(Json(page_of(&office, petition, page, wanted.sort, over).await?).into_response())
}

/// A page of comments on a petition; `over`: it has closed.
pub(super) async fn page_of(
    office: &Office,
    petition: AggregateId,
    page: Page,
    sort: Order,
    over: bool,
) -> Result<Comments, Problem> {
    let terms = office.terms(petition)?;
    let (version, state) = office.petition(petition)?;
    let takes = state.view(version).is_some_and(|view| view.takes_requests(office.now()));
    let open = takes && terms.comments != When::None;
    if over && terms.hide_after_closing {
        let (page, comments) = (page.page, Vec::new());
        return Ok(Comments { comments, published: 0, total: 0, page, pages: 0, open, hidden: true });
    }
    let store = &office.comments.store;
    let (threads, replies) =
        if sort == Order::Newest { (&NEWEST, &NEWEST_REPLIES) } else { (&OLDEST, &OLDEST_REPLIES) };
    let values = vec![id(petition), number(u64::from(page.per_page)), number(page.offset())];
    let one = || vec![id(petition)];
    let asked = [(threads, values.clone()), (replies, values), (&THREADS, one()), (&PUBLISHED, one())];
    let [rows, replies, threads, published] = store.query_all(asked).await?;
    let (threads, published) = (total(&threads), total(&published));
    let named = |row: &Row, column: &str| row.bytes(column).unwrap_or_default().to_vec();
    let mut under: HashMap<_, Vec<_>> = HashMap::new();
    for reply in &replies {
        under.entry(named(reply, "thread")).or_default().push(said(reply));
    }
    let comments = rows.iter().map(|row| Thread {
        said: said(row),
        replies: under.remove(&named(row, "item")).unwrap_or_default(),
    });
    let (comments, pages) = (comments.collect(), page.last(threads));
    Ok(Comments { comments, published, total: threads, page: page.page, pages, open, hidden: false })
}

/// One that everybody sees.
pub(super) async fn one(office: &Office, petition: AggregateId, item: ItemId) -> Result<Said, Problem> {
    let rows = office.comments.store.query(&ONE, &[id(petition), item_value(item)]).await?;
    let shown = rows.iter().map(said).find(|said| said.text.is_some());
    shown.ok_or_else(Problem::not_found)
}

/// A comment to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Write {
    /// What is said.
    pub(super) text: String,
    /// Item of the comment it replies to.
    #[serde(default)]
    pub(super) reply_to: Option<String>,
    /// By eID it is taken from the token.
    #[serde(default)]
    pub(super) name: String,
    /// Without an eID: a mail goes there.
    #[serde(default)]
    pub(super) mailbox: String,
    /// What everybody is to see: the name or an alias.
    #[serde(default)]
    pub(super) shown: dto::Shown,
    /// `sv` or `en`: of the mails.
    #[serde(default)]
    pub(super) language: String,
    /// For whom, if somebody acts for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = OnBehalfOf)]
    pub(super) on_behalf_of: Option<OnBehalfOf>,
}

impl Write {
    fn written(self) -> Result<Written, Problem> {
        let reply_to = self.reply_to.as_deref().map(str::parse::<ItemId>).transpose();
        Ok(Written {
            reply_to: reply_to.map_err(|_| Problem::invalid("/reply_to", "expected an item"))?,
            text: self.text,
            name: self.name,
            mailbox: self.mailbox,
            shown: self.shown.domain(),
            party: None,
            language: if self.language.is_empty() { "sv".into() } else { self.language },
            suspicion: None,
            blocked: false,
        })
    }
}

async fn by_mailbox(
    office: &Office,
    petition: AggregateId,
    asked: &Asked,
    client: Client,
    mut written: Written,
) -> Result<(), Problem> {
    let noticed = office.notice(client.address, petition, &written.mailbox, None)?;
    (written.suspicion, written.blocked) = (noticed.suspicion, noticed.blocked);
    office.comment(petition, asked, None, &written).await?;
    Ok(())
}

/// What the form does.
pub(super) async fn typed(
    office: &Office,
    petition: AggregateId,
    asked: &Asked,
    client: Client,
    body: Write,
) -> Result<(), Problem> {
    by_mailbox(office, petition, asked, client, body.written()?).await
}

/// Comments: by eID with a token (201), else by mailbox (always the same 202, and a mail).
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/comments", tag = "comments", operation_id = "write_comment",
    request_body = Write, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 201, body = dto::Receipt), (status = 202, body = dto::MailSent)))]
pub(super) async fn write(
    asking: Asking<Option<Principal>>,
    PathId(petition): PathId<AggregateId>,
    client: Client,
    _: Admitted,
    JsonBody(body): JsonBody<Write>,
) -> Result<Response, Problem> {
    let office = &asking.office;
    if !office.counts.get(petition).is_some_and(|count| count.public) {
        return Err(Problem::not_found());
    }
    let asked = asking.asked(&format!("POST {petition}/comments"), &body);
    let behalf = body.on_behalf_of.as_ref();
    let behalf = behalf.map(|behalf| behalf.of(&asking.api, office, asking.who.as_ref())).transpose()?;
    let mut written = body.clone().written()?;
    if let Some(behalf) = behalf {
        written.mailbox.clear();
        let (number, helped) = (Some(behalf.number.as_str()), Some(&behalf.helped));
        let (item, done) = office.comment_for(petition, &asked, number, &written, helped).await?;
        return Ok(answer::received(office, item, &done));
    }
    let Some(who) = &asking.who else {
        by_mailbox(office, petition, &asked, client, written).await?;
        let same = dto::MailSent { status: "check_your_mailbox" };
        return Ok((StatusCode::ACCEPTED, Json(same)).into_response());
    };
    asking.api.permit(who, "petitions.comment")?;
    written.mailbox.clear();
    written.name = who.name.clone().unwrap_or(written.name);
    if let Some(elected) = politicians::elected(office, who) {
        (written.name, written.party) = (elected.name.clone(), Some(elected.party.clone()));
    }
    let (item, done) = office.comment(petition, &asked, Some(&who.subject), &written).await?;
    Ok(answer::received(office, item, &done))
}

/// Takes one's own comment by eID back.
#[utoipa::path(delete, path = "/api/v1/{tenant}/petitions/{id}/comments/{item}", tag = "comments",
    operation_id = "withdraw_comment",
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn withdraw(
    asking: Asking,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
) -> Result<Response, Problem> {
    asking.permit("petitions.withdraw-comment")?;
    let own = stream(petition, asking.office.tags(petition)?.eid(&asking.who.subject));
    let asked = asking.asked(&format!("DELETE {own}/{item}"), &());
    let done = asking.office.own_comment(petition, &own, &asked, Act::Withdraw { item }).await?;
    Ok(answer::written(&asking.office, &done))
}

/// Why a comment is reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    /// What is wrong with it.
    reason: String,
}

/// Reports somebody else's comment; a moderator looks at it.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/comments/{item}/report", tag = "comments",
    operation_id = "report_comment", request_body = Report,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn report(
    asking: Asking,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<Report>,
) -> Result<Response, Problem> {
    asking.permit("petitions.report-comment")?;
    let asked = asking.asked(&format!("POST {petition}/{item}/report"), &body);
    let who = asking.office.tags(petition)?.eid(&asking.who.subject);
    let done = asking.office.report(petition, item, &asked, who, &body.reason).await?;
    Ok(answer::written(&asking.office, &done))
}

/// What a comment's link shows to its mailbox, and what can be done.
pub(super) fn linked(office: &Office, link: &Link) -> Result<(String, Vec<&'static str>), Problem> {
    let page = office.comments_of(&stream(link.petition, link.tag))?;
    let comment = page.comment(link.item).ok_or_else(Problem::not_found)?;
    let outcome = comment.facts.known().map(|facts| facts.outcome);
    Ok(match (comment.standing, outcome) {
        (Standing::Requested | Standing::Expired, Some(Outcome::Repeated)) => ("repeated".into(), vec![]),
        (Standing::Requested | Standing::Expired, Some(Outcome::Blocked)) => ("set_aside".into(), vec![]),
        (Standing::Requested, Some(Outcome::New)) if office.now() < comment.expires_at => {
            ("requested".into(), vec!["confirm"])
        }
        (Standing::Requested | Standing::Expired, _) => ("expired".into(), vec![]),
        (standing @ (Standing::Waiting | Standing::Published), _) => {
            (standing.word().into(), vec!["withdraw"])
        }
        (standing @ (Standing::Refused | Standing::Withdrawn), _) => (standing.word().into(), vec![]),
    })
}
