//! Links in mails. GET shows what they are for, only POST does it: mail scanners follow links.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_kernel::{ItemId, time};
use radslag_runtime::{
    Problem,
    http::{JsonBody, PathId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    comment,
    http::{
        answer as reply,
        asking::{Asking, Holder, Reading},
        coinitiators::{self, Companion},
        comments, dto, inquiries,
        objections::{self, Own},
    },
    inquiry,
    petition::{
        self, Answer,
        answer::{self, Stage},
        state::Life,
    },
    shell::{
        Asked, Office,
        comment::stream as comment_stream,
        links::{Link, Purpose},
        petition::Proof,
        signature::mailbox_stream,
    },
    signature::{self, Outcome, Standing},
    tag::Tag,
};

/// What a link's page says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Link)]
pub(super) struct Shown {
    /// The petition, or the inquiry.
    pub(super) petition: String,
    /// Its title.
    pub(super) title: Option<String>,
    /// `signature`, `initiator`, `supporter`, `coinitiator`, `comment` or `inquiry`.
    pub(super) purpose: &'static str,
    /// What became of it: `requested`, `confirmed`, `expired`, ...; for a submission that couldn't count, why.
    pub(super) state: String,
    /// What can be done: `confirm`, `withdraw`, `change_name`, `resubmit`, `reply`, `accept`, ...
    pub(super) acts: Vec<&'static str>,
    /// What a committee asks the initiator.
    pub(super) asked: Option<Question>,
    /// Whom the initiator named as co-initiator.
    pub(super) coinitiator: Option<Companion>,
    /// What became of an objection to the decision that stands.
    pub(super) objection: Option<Own>,
    /// By when somebody decides about a signature that is set aside.
    pub(super) decide_by: Option<String>,
    /// Whom to write to about what a list keeps out: there was no decision yet that could be objected to.
    pub(super) contact: Option<String>,
    /// Of a signature: address of the receipt of its newest event, which is there within two seconds.
    pub(super) receipt: Option<String>,
}

/// Origin and position of an event, if there is one.
type At = Option<(u32, u64)>;

/// A signature's page after an act, and where in the log the act stands.
pub(super) struct Followed {
    page: signature::State,
    at: At,
}

/// A question to the initiator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Question {
    committee: Option<String>,
    question: Option<String>,
    /// The last day to reply.
    reply_by: String,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Act {
    /// Confirm the signature, the comment, or who hands the petition or the inquiry in.
    Confirm,
    /// Take it back.
    Withdraw {
        /// Why; of a petition or an inquiry only.
        #[serde(default)]
        reason: String,
    },
    /// Choose what everybody sees of the signature.
    ChangeName {
        /// What.
        shown: dto::Shown,
    },
    /// Let the petition go where the moderator proposed.
    AcceptRedirect,
    /// Let the review go on.
    DeclineRedirect,
    /// Name who may take the petition over.
    NameCoinitiator {
        /// Theirs.
        name: String,
        /// Where they are asked.
        mailbox: String,
        /// `sv` or `en`: of that mail.
        #[serde(default)]
        language: String,
    },
    /// Take that back.
    RevokeCoinitiator,
    /// Be co-initiator.
    Accept {
        /// What everybody is to see once they took over; empty: the name.
        #[serde(default)]
        public_name: String,
    },
    /// Not, or no longer.
    Decline,
    /// Become the initiator.
    TakeOver,
    /// Ask for somebody else to decide again.
    Object {
        /// Why.
        reason: String,
    },
    /// Hand in again what was returned.
    Resubmit {
        /// The texts.
        texts: dto::Texts,
    },
    /// Reply to what a committee asked.
    Reply {
        /// What.
        text: String,
    },
}

/// A token nobody here made, or whose time is over.
pub(super) fn read(office: &Office, token: &str) -> Result<Link, Problem> {
    let link = office.links.read(token, office.now());
    link.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "link-invalid"))
}

/// What a link is for, and what became of it.
#[utoipa::path(get, path = "/api/v1/{tenant}/links/{token}", tag = "links",
    params(("tenant" = String, Path), ("token" = String, Path)), responses((status = 200, body = Shown)))]
pub(super) async fn show(
    Reading { office, .. }: Reading,
    PathId(token): PathId<String>,
) -> Result<Response, Problem> {
    Ok(Json(shown(&office, &read(&office, &token)?, None)?).into_response())
}

/// `followed`: the signature's page, where it is known already.
pub(super) fn shown(office: &Office, link: &Link, followed: Option<&Followed>) -> Result<Shown, Problem> {
    if link.purpose == Purpose::Inquiry {
        let (title, state, acts) = inquiries::linked(office, link)?;
        return Ok(Shown {
            petition: link.petition.to_string(),
            title,
            purpose: "inquiry",
            acts,
            asked: None,
            coinitiator: None,
            objection: None,
            receipt: None,
            decide_by: None,
            contact: contact(office, &state),
            state,
        });
    }
    let (_, state) = office.petition(link.petition)?;
    let petition = state.0.as_ref().ok_or_else(Problem::not_found)?;
    let title = petition.content.known().map(|content| content.title.clone());
    let mut receipt = None;
    let (purpose, (state, mut acts)) = match link.purpose {
        Purpose::Initiator => ("initiator", initiators(petition, link.tag)),
        Purpose::Coinitiator => ("coinitiator", coinitiators::linked(petition, link)),
        Purpose::Supporter => ("supporter", supporters(petition, link)),
        Purpose::Signature => {
            let (state, acts, at) = signatures(office, link, followed)?;
            receipt = at.map(|at| reply::receipt(office, at));
            ("signature", (state, acts))
        }
        Purpose::Comment | Purpose::Inquiry => ("comment", comments::linked(office, link)?),
    };
    let decided = ["rejected", "hidden", "invalidated", "refused"].contains(&state.as_str());
    let (objects, objection) = if decided { objections::linked(office, link)? } else { (false, None) };
    acts.extend(objects.then_some("object"));
    let own = link.purpose == Purpose::Initiator && is_initiator(petition, link.tag);
    let (asked, coinitiator) =
        if own { (asked(petition), coinitiators::companion(petition)) } else { (None, None) };
    Ok(Shown {
        petition: link.petition.to_string(),
        title,
        purpose,
        acts,
        asked,
        coinitiator,
        objection,
        receipt,
        decide_by: if state == Standing::Suspected.word() { decide_by(office, link)? } else { None },
        contact: contact(office, &state),
        state,
    })
}

/// As many days after it was set aside as a review takes.
fn decide_by(office: &Office, link: &Link) -> Result<Option<String>, Problem> {
    let page = office.page(link.petition, &mailbox_stream(link.petition, link.tag))?;
    let aside = page.loaded.events.iter().rev().find_map(|recorded| match &recorded.event {
        crate::Event::Signature(
            signature::Event::Suspected { at, .. } | signature::Event::SetAside { at, .. },
        ) => Some(*at),
        _ => None,
    });
    let days = page.view.policy.review_days;
    Ok(aside.map(|at| time::plus_days(office.calendar.date(at), days).to_string()))
}

fn contact(office: &Office, state: &str) -> Option<String> {
    let contact = &office.tenant.contact;
    (state == "set_aside" && !contact.is_empty()).then(|| contact.clone())
}

/// Not any more, once somebody took over.
fn is_initiator(petition: &petition::Petition, tag: Tag) -> bool {
    let tags = petition.filed.as_ref().and_then(|filed| filed.tags.known());
    tags.is_some_and(|tags| tags.is_any_of(&[tag]))
}

fn initiators(petition: &petition::Petition, tag: Tag) -> (String, Vec<&'static str>) {
    if !is_initiator(petition, tag) {
        return ("taken_over".into(), vec![]);
    }
    let (state, mut acts) = standing_of(petition);
    let named = petition.filed.as_ref().is_some_and(|filed| filed.coinitiator.is_some());
    let over = petition.life.phase().is_terminal() || matches!(petition.life, Life::Submitted { .. });
    match (named, over) {
        (true, _) => acts.push("revoke_coinitiator"),
        (false, false) => acts.push("name_coinitiator"),
        (false, true) => {}
    }
    (state, acts)
}

fn standing_of(petition: &petition::Petition) -> (String, Vec<&'static str>) {
    let acts = match &petition.life {
        Life::Submitted { .. } => vec!["confirm", "withdraw"],
        Life::InReview if petition.redirect.is_some() => {
            vec!["accept_redirect", "decline_redirect", "withdraw"]
        }
        Life::Gathering { .. } => vec!["withdraw"],
        Life::Returned { .. } => vec!["resubmit", "withdraw"],
        Life::InReview
        | Life::Approved(_)
        | Life::Open { .. }
        | Life::Paused { .. }
        | Life::Counting { .. } => vec!["withdraw"],
        Life::Draft { .. }
        | Life::Rejected
        | Life::Hidden
        | Life::Closed
        | Life::Withdrawn
        | Life::Expired
        | Life::Stopped
        | Life::Removed
        | Life::Redirected => vec![],
    };
    answering(petition).unwrap_or_else(|| (petition.life.phase().word().to_owned(), acts))
}

/// While committees have it: what they ask, and the request to have it back.
fn answering(petition: &petition::Petition) -> Option<(String, Vec<&'static str>)> {
    let stands = petition.answer.stands();
    let mut acts = match stands {
        Answer::None | Answer::Due => return None,
        Answer::AwaitingInitiator => vec!["reply"],
        Answer::HandedOver | Answer::InProcess => vec![],
        Answer::Answered | Answer::FollowedUp => return Some((stands.word().to_owned(), vec![])),
    };
    if petition.answer.withdrawal {
        return Some(("withdrawal_requested".into(), acts));
    }
    acts.push("withdraw");
    Some((stands.word().to_owned(), acts))
}

/// What a committee asks, and by when it wants to know.
fn asked(petition: &petition::Petition) -> Option<Question> {
    petition.answer.parts.iter().find_map(|part| match part.stage {
        Stage::Awaiting { reply_by, .. } => Some(Question {
            committee: part.committee.known().cloned(),
            question: part.question.known().cloned(),
            reply_by: reply_by.to_string(),
        }),
        Stage::Sent { .. } | Stage::Refused | Stage::InProcess | Stage::Answered | Stage::Referred => None,
    })
}

fn supporters(petition: &petition::Petition, link: &Link) -> (String, Vec<&'static str>) {
    let joined = petition.joined.iter().any(|joined| joined.tag == Some(link.tag));
    let waits = petition.asked.iter().any(|asked| asked.item == link.item);
    let gathers = matches!(petition.life, Life::Gathering { .. } | Life::InReview);
    match (joined, waits && gathers) {
        (true, _) => ("supports".into(), vec![]),
        (false, true) => ("support_requested".into(), vec!["confirm"]),
        (false, false) => ("expired".into(), vec![]),
    }
}

/// What became of a signature, what can be done, and where the newest event stands of one that was confirmed.
fn signatures(
    office: &Office,
    link: &Link,
    followed: Option<&Followed>,
) -> Result<(String, Vec<&'static str>, At), Problem> {
    let placed = |state: &signature::State| {
        let place = state.place_of(link.item).and_then(|slot| state.slots.get(slot));
        place.map(standing)
    };
    let ended = followed.filter(|done| done.page.pending.iter().all(|pending| pending.item != link.item));
    if let Some((done, (shown, acts))) = ended.and_then(|done| Some((done, placed(&done.page)?)))
        && done.at.is_some()
    {
        return Ok((shown, acts, done.at));
    }
    let page = office.page(link.petition, &mailbox_stream(link.petition, link.tag))?;
    if let Some(pending) = page.state.pending.iter().find(|pending| pending.item == link.item) {
        let now = office.now();
        return Ok(if pending.slot.is_some() && now < pending.expires_at {
            ("requested".into(), vec!["confirm"], None)
        } else if pending.slot.is_some() {
            ("expired".into(), vec![], None)
        } else {
            (outcome(&page, link.item), vec![], None)
        });
    }
    let Some((shown, acts)) = placed(&page.state) else {
        return Ok((outcome(&page, link.item), vec![], None));
    };
    let mut records = page.loaded.records.iter();
    let newest = records.rfind(|record| ItemId::from_slice(&record.header.item) == Some(link.item));
    Ok((shown, acts, newest.map(|record| (record.origin, record.position()))))
}

/// What a slot's page says, and what can be done.
fn standing(slot: &signature::Slot) -> (String, Vec<&'static str>) {
    let acts = match slot.standing {
        Standing::Confirmed => vec!["withdraw", "change_name"],
        Standing::Requested
        | Standing::Suspected
        | Standing::Expired
        | Standing::Withdrawn
        | Standing::Invalidated
        | Standing::Superseded => vec![],
    };
    (slot.standing.word().into(), acts)
}

/// What came of a submission that has no slot: only the mailbox's owner reads this.
fn outcome(page: &crate::shell::signature::Page, item: ItemId) -> String {
    let facts = page.loaded.events.iter().find_map(|recorded| match &recorded.event {
        crate::Event::Signature(signature::Event::Submitted(submission)) if submission.item == item => {
            submission.facts.known()
        }
        _ => None,
    });
    match facts.map(|facts| facts.outcome) {
        Some(Outcome::New | Outcome::Again) | None => "expired",
        Some(Outcome::AlreadySigned) => "already_signed",
        Some(Outcome::TooManyMails) => "too_many_mails",
        Some(Outcome::NoFreeSlot) => "no_free_slot",
        Some(Outcome::Initiator) => "initiator",
        Some(Outcome::Blocked) => "set_aside",
    }
    .into()
}

/// Does what a link is for. A used link answers as it did.
#[utoipa::path(post, path = "/api/v1/{tenant}/links/{token}", tag = "links", request_body = Act,
    params(("tenant" = String, Path), ("token" = String, Path)), responses((status = 200, body = Shown)))]
pub(super) async fn act(
    asking: Asking<Holder>,
    PathId(token): PathId<String>,
    JsonBody(body): JsonBody<Act>,
) -> Result<Response, Problem> {
    let (link, followed) = follow(&asking, &token, &body).await?;
    Ok(Json(shown(&asking.office, &link, followed.as_ref())?).into_response())
}

/// Does it, by whoever holds the link. The page of a signature as it is then comes along.
pub(super) async fn follow(
    asking: &Asking<Holder>,
    token: &str,
    act: &Act,
) -> Result<(Link, Option<Followed>), Problem> {
    let link = read(&asking.office, token)?;
    let asked = asking.asked(&format!("POST {token}"), act);
    let followed = acted(&asking.office, &link, &asked, act).await?;
    Ok((link, followed))
}

/// Does it, by whoever proved to have the mailbox: by the link itself, or by a session.
pub(super) async fn acted(
    office: &Office,
    link: &Link,
    asked: &Asked,
    act: &Act,
) -> Result<Option<Followed>, Problem> {
    if let Act::Object { reason } = act {
        objections::follow(office, link, asked, reason).await?;
        return Ok(None);
    }
    match link.purpose {
        Purpose::Signature => {
            let item = link.item;
            let act = match act {
                Act::Confirm => signature::Act::Confirm { item, suspicion: None },
                Act::Withdraw { .. } => signature::Act::Withdraw { item },
                Act::ChangeName { shown } => signature::Act::ChangeName { item, shown: shown.domain() },
                _ => return Err(something_else()),
            };
            let stream = mailbox_stream(link.petition, link.tag);
            let (done, page) = office.own(link.petition, &stream, asked, act).await?;
            Ok(Some(Followed { page, at: done.at }))
        }
        Purpose::Supporter => {
            if !matches!(act, Act::Confirm) {
                return Err(something_else());
            }
            office.confirm_support(link.petition, asked, link.item, link.tag).await?;
            Ok(None)
        }
        Purpose::Comment => on_comment(office, link, asked, act).await.map(|()| None),
        Purpose::Inquiry => on_inquiry(office, link, asked, act).await.map(|()| None),
        Purpose::Coinitiator => coinitiators::follow(office, link, asked, act).await.map(|()| None),
        Purpose::Initiator => {
            if let Some(done) = coinitiators::by_initiator(office, link, asked, act).await {
                return done.map(|()| None);
            }
            let make: Box<dyn Fn(Tag) -> petition::Act + Send + Sync> = match act {
                Act::Confirm => Box::new(|proof| petition::Act::ConfirmInitiator { proof }),
                Act::Withdraw { reason } => {
                    Box::new(|proof| petition::Act::Withdraw { proof, reason: reason.clone() })
                }
                Act::AcceptRedirect => {
                    Box::new(|proof| petition::Act::AnswerRedirect { proof, accept: true })
                }
                Act::DeclineRedirect => {
                    Box::new(|proof| petition::Act::AnswerRedirect { proof, accept: false })
                }
                Act::Resubmit { texts } => {
                    let wrong =
                        || Problem::invalid("/texts/length/until", "expected a date such as 2009-02-22");
                    let content = texts.domain().ok_or_else(wrong)?;
                    Box::new(move |proof| petition::Act::Resubmit { proof, content: content.clone() })
                }
                Act::Reply { text } => Box::new(|proof| {
                    petition::Act::Answer(answer::Act::Reply { proof, part: None, text: text.clone() })
                }),
                _ => return Err(something_else()),
            };
            let proof = Proof::Mailbox(link.tag);
            office.as_initiator(link.petition, asked, &proof, &*make).await?;
            Ok(None)
        }
    }
}

pub(super) fn something_else() -> Problem {
    Problem::new(StatusCode::CONFLICT, "link-for-something-else")
}

async fn on_comment(office: &Office, link: &Link, asked: &Asked, act: &Act) -> Result<(), Problem> {
    let item = link.item;
    let act = match act {
        Act::Confirm => comment::Act::Confirm { item },
        Act::Withdraw { .. } => comment::Act::Withdraw { item },
        _ => return Err(something_else()),
    };
    office.own_comment(link.petition, &comment_stream(link.petition, link.tag), asked, act).await?;
    Ok(())
}

async fn on_inquiry(office: &Office, link: &Link, asked: &Asked, act: &Act) -> Result<(), Problem> {
    let proof = link.tag;
    let act = match act {
        Act::Confirm => inquiry::Act::Confirm { proof },
        Act::Withdraw { reason } => inquiry::Act::Withdraw { proof, reason: reason.clone() },
        _ => return Err(something_else()),
    };
    office.as_asker(link.petition, asked, act).await?;
    Ok(())
}
