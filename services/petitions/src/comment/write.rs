//! A comment is written: by mailbox always with exactly one event of one public shape, by eID told at once.

use radslag_kernel::{Instant, Opened};

use crate::{
    comment::{
        command::Remark,
        event::{Author, Event, Facts, Outcome, Said, Submission},
        refusal::{Field, Refusal},
        state::{Standing, State},
    },
    petition::Now,
    signature::{Shown, View},
    terms::{Comments, Terms},
    text,
};

pub(super) fn submit(
    state: &State,
    remark: Remark,
    petition: &View,
    terms: &Terms,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    text::mailbox(&remark.mailbox).map_err(|fault| Refusal::Text(Field::Mailbox, fault))?;
    let name = allowed(&remark, petition, terms, at)?;
    let unanswered = state.comments.iter().filter(|comment| {
        comment.standing == Standing::Requested
            && at < comment.expires_at
            && comment.facts.known().is_some_and(|facts| facts.mail)
    });
    let full = unanswered.count() >= terms.mails as usize;
    let outcome = if remark.blocked {
        Outcome::Blocked
    } else if full {
        Outcome::TooManyMails
    } else if said_before(state, &remark, at) {
        Outcome::Repeated
    } else {
        Outcome::New
    };
    let expires_at = at.plus_hours(u64::from(terms.confirm_hours));
    let submission = submission(remark, name, petition, outcome, !full, (at, expires_at));
    Ok(vec![Event::Submitted(Box::new(submission))])
}

pub(super) fn make(
    state: &State,
    remark: Remark,
    petition: &View,
    terms: &Terms,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let name = allowed(&remark, petition, terms, now.at)?;
    if remark.helper.as_ref().is_some_and(|helper| helper.is_partial(Some(remark.author), Some(petition))) {
        return Err(Refusal::ConflictOfInterest);
    }
    if said_before(state, &remark, now.at) {
        return Err(Refusal::SaidBefore);
    }
    let item = remark.item;
    let at_once = at_once(terms, remark.suspicion.is_some());
    let submission = submission(remark, name, petition, Outcome::New, false, (now.at, now.at));
    let (review_by, _) = now.in_days(terms.review_days);
    let made = Event::Made { submission: Box::new(submission), review_by };
    Ok([made].into_iter().chain(at_once.then_some(Event::Posted { at: now.at, item })).collect())
}

/// Shown before a moderator has seen it, unless a rule set it aside.
pub(super) fn at_once(terms: &Terms, suspected: bool) -> bool {
    terms.comments == Comments::After && !suspected
}

/// What everybody will see as the author's name, once all rules are kept. None of them is about a mailbox.
fn allowed(remark: &Remark, petition: &View, terms: &Terms, at: Instant) -> Result<String, Refusal> {
    if terms.comments == Comments::None {
        return Err(Refusal::CommentsNotAllowed);
    }
    if !petition.takes_requests(at) {
        return Err(Refusal::NotOpen);
    }
    match remark.reply_to {
        Some(None) => return Err(Refusal::UnknownParent),
        Some(Some(parent)) if !parent.published => return Err(Refusal::UnknownParent),
        Some(Some(parent)) if parent.is_reply => return Err(Refusal::ReplyToReply),
        Some(Some(_)) | None => {}
    }
    let of = |field| move |fault| Refusal::Text(field, fault);
    text::required(&remark.text, terms.comment_max as usize).map_err(of(Field::Text))?;
    text::name(&remark.name).map_err(of(Field::Name))?;
    match &remark.shown {
        Shown::Name => Ok(remark.name.clone()),
        // A party stands beside a person's own name.
        Shown::Alias(_) if !petition.policy.alias || remark.party.is_some() => Err(Refusal::AliasNotAllowed),
        Shown::Alias(alias) => {
            text::name(alias).map_err(of(Field::Alias))?;
            Ok(alias.clone())
        }
        Shown::Anonymous => Err(Refusal::AnonymousNotAllowed),
    }
}

/// The same text in the same place, and not taken back, refused or forgotten.
fn said_before(state: &State, remark: &Remark, at: Instant) -> bool {
    let reply_to = remark.reply_to.flatten().map(|parent| parent.item);
    state.comments.iter().any(|comment| {
        let stands = match comment.standing {
            Standing::Waiting | Standing::Published => true,
            Standing::Requested => {
                at < comment.expires_at
                    && comment.facts.known().is_some_and(|facts| facts.outcome == Outcome::New)
            }
            Standing::Refused | Standing::Withdrawn | Standing::Expired => false,
        };
        stands && comment.reply_to == reply_to && comment.text.known() == Some(&remark.text)
    })
}

fn submission(
    remark: Remark,
    name: String,
    petition: &View,
    outcome: Outcome,
    mail: bool,
    (at, expires_at): (Instant, Instant),
) -> Submission {
    Submission {
        at,
        item: remark.item,
        key: remark.key,
        expires_at,
        reply_to: remark.reply_to.flatten().map(|parent| parent.item),
        author: Opened::Known(Author { name: remark.name, mailbox: remark.mailbox }),
        said: Said {
            text: Opened::Known(remark.text),
            name: Opened::Known(name),
            party: Opened::Known(remark.party.unwrap_or_default()),
        },
        tags: petition.tags,
        facts: Opened::Known(Facts {
            outcome,
            mail,
            author: remark.author,
            suspicion: remark.suspicion,
            language: remark.language,
            assisted: remark.helper.map(|helper| helper.how),
        }),
    }
}
