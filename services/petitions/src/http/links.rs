//! Links in mails. GET shows what they are for, only POST does it: mail scanners follow links.

mod standing;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
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
        attachments::{self, Attached},
        coinitiators::{self, Companion},
        comments, dto, inquiries,
        objections::{self, Own},
    },
    inquiry,
    petition::{self, answer},
    shell::{
        Asked, Office,
        comment::stream as comment_stream,
        links::{Link, Purpose},
        petition::Proof,
        signature::mailbox_stream,
    },
    signature::{self, Standing},
    tag::Tag,
};

pub(super) use standing::is_initiator;
use standing::{asked, contact, decide_by, initiators, signatures, supporters};

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
    /// What the initiator attached.
    pub(super) attachments: Vec<Attached>,
    /// How many files they may still attach, and how large.
    pub(super) takes: Option<Takes>,
    /// What became of an objection to the decision that stands.
    pub(super) objection: Option<Own>,
    /// By when somebody decides about a signature that is set aside.
    pub(super) decide_by: Option<String>,
    /// Whom to write to about what a list keeps out.
    pub(super) contact: Option<String>,
    /// Of a signature: address of the receipt of its newest event, which is there within two seconds.
    pub(super) receipt: Option<String>,
    /// Of a signature, where votes against are taken: whether it is one.
    pub(super) against: Option<bool>,
}

/// What may still be attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Takes {
    /// So many files.
    pub(super) files: usize,
    /// Of so many bytes each.
    pub(super) bytes: u32,
}

impl Takes {
    const fn of((files, bytes): (usize, u32)) -> Self {
        Self { files, bytes }
    }
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
    /// Take an attached file away.
    Detach {
        /// Which.
        item: String,
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
            attachments: Vec::new(),
            takes: None,
            objection: None,
            receipt: None,
            against: None,
            decide_by: None,
            contact: contact(office, &state),
            state,
        });
    }
    let (_, state) = office.petition(link.petition)?;
    let petition = state.0.as_ref().ok_or_else(Problem::not_found)?;
    let title = petition.content.known().map(|content| content.title.clone());
    let (mut receipt, mut against) = (None, None);
    let (purpose, (state, mut acts)) = match link.purpose {
        Purpose::Initiator => ("initiator", initiators(petition, link.tag)),
        Purpose::Coinitiator => ("coinitiator", coinitiators::linked(petition, link)),
        Purpose::Supporter => ("supporter", supporters(petition, link)),
        Purpose::Signature => {
            let (state, acts, at) = signatures(office, link, followed)?;
            receipt = at.map(|at| reply::receipt(office, at));
            against = standing::against(office, link, petition)?;
            ("signature", (state, acts))
        }
        Purpose::Comment | Purpose::Inquiry => ("comment", comments::linked(office, link)?),
    };
    let decided = ["rejected", "hidden", "invalidated", "suspected", "set_aside", "refused"];
    let decided = decided.contains(&state.as_str());
    let (objects, objection) = if decided { objections::linked(office, link)? } else { (false, None) };
    acts.extend(objects.then_some("object"));
    let own = link.purpose == Purpose::Initiator && is_initiator(petition, link.tag);
    let (asked, coinitiator) =
        if own { (asked(petition), coinitiators::companion(petition)) } else { (None, None) };
    let (attachments, takes) =
        if own { (attachments::of(petition), petition.takes_files().map(Takes::of)) } else { (vec![], None) };
    acts.extend((own && petition.gives_files_back()).then_some("detach"));
    Ok(Shown {
        petition: link.petition.to_string(),
        title,
        purpose,
        acts,
        asked,
        coinitiator,
        attachments,
        takes,
        objection,
        receipt,
        against,
        decide_by: if state == Standing::Suspected.word() { decide_by(office, link)? } else { None },
        contact: contact(office, &state),
        state,
    })
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
            if let Act::Detach { item } = act {
                return detach(office, link, asked, item).await.map(|()| None);
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

async fn detach(office: &Office, link: &Link, asked: &Asked, item: &str) -> Result<(), Problem> {
    let item = item.parse().map_err(|_| Problem::not_found())?;
    office.detach(link.petition, asked, &Proof::Mailbox(link.tag), item).await?;
    Ok(())
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
