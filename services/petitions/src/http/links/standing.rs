//! Where what a link is for stands, and what can be done about it.

use radslag_kernel::{ItemId, time};
use radslag_runtime::Problem;

use super::{At, Followed, Question};
use crate::{
    petition::{self, Answer, answer::Stage, state::Life},
    shell::{Office, links::Link, signature::mailbox_stream},
    signature::{self, Outcome, Standing},
    tag::Tag,
};

/// As many days after it was set aside as a review takes.
pub(super) fn decide_by(office: &Office, link: &Link) -> Result<Option<String>, Problem> {
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

pub(super) fn contact(office: &Office, state: &str) -> Option<String> {
    let contact = &office.tenant.contact;
    (state == "set_aside" && !contact.is_empty()).then(|| contact.clone())
}

/// Not any more, once somebody took over.
pub(in crate::http) fn is_initiator(petition: &petition::Petition, tag: Tag) -> bool {
    let tags = petition.filed.as_ref().and_then(|filed| filed.tags.known());
    tags.is_some_and(|tags| tags.is_any_of(&[tag]))
}

pub(super) fn initiators(petition: &petition::Petition, tag: Tag) -> (String, Vec<&'static str>) {
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
pub(super) fn asked(petition: &petition::Petition) -> Option<Question> {
    petition.answer.parts.iter().find_map(|part| match part.stage {
        Stage::Awaiting { reply_by, .. } => Some(Question {
            committee: part.committee.known().cloned(),
            question: part.question.known().cloned(),
            reply_by: reply_by.to_string(),
        }),
        Stage::Sent { .. } | Stage::Refused | Stage::InProcess | Stage::Answered | Stage::Referred => None,
    })
}

pub(super) fn supporters(petition: &petition::Petition, link: &Link) -> (String, Vec<&'static str>) {
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
pub(super) fn signatures(
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

/// How a signature is meant, where votes against are taken.
pub(super) fn against(
    office: &Office,
    link: &Link,
    petition: &petition::Petition,
) -> Result<Option<bool>, Problem> {
    if !petition.filed.as_ref().is_some_and(|filed| filed.policy.votes_against) {
        return Ok(None);
    }
    let page = office.page(link.petition, &mailbox_stream(link.petition, link.tag))?.state;
    let pending = page.pending.iter().find(|pending| pending.item == link.item);
    Ok(pending.map(|pending| pending.against).or_else(|| page.slot_of(link.item).map(|slot| slot.against)))
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
        Some(Outcome::New | Outcome::Again | Outcome::Changed) | None => "expired",
        Some(Outcome::AlreadySigned) => "already_signed",
        Some(Outcome::TooManyMails) => "too_many_mails",
        Some(Outcome::NoFreeSlot) => "no_free_slot",
        Some(Outcome::Initiator) => "initiator",
        Some(Outcome::Blocked) => "set_aside",
    }
    .into()
}
