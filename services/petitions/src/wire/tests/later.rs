//! What events say more than those first released: who acted for somebody, labels of elected representatives, votes against.

use radslag_kernel::{KeyRef, Opened};

use super::super::{Event, encode};
use crate::{
    bulk, comment,
    petition::{self, samples as p},
    signature::{self, Outcome, samples as s},
};

/// Everything that says how a signature is meant, of votes against.
pub(super) fn votes_against() -> Vec<Event> {
    use signature::Event as Vote;
    let requested = signature::Submission { against: true, ..s::submission(5, Outcome::Changed, true) };
    let turned = super::signature_events().into_iter().filter_map(|event| {
        Some(match event {
            Vote::Signed(signed) => {
                Vote::Signed(Box::new(signature::Submission { against: true, ..*signed }))
            }
            Vote::Confirmed { at, item, key, public, tags, person, .. } => {
                Vote::Confirmed { at, item, key, public, against: true, tags, person }
            }
            Vote::SetAside { at, item, by, record, ground, .. } => {
                Vote::SetAside { at, item, by, against: true, record, ground }
            }
            Vote::Cleared { at, item, by, record, ground, .. } => {
                Vote::Cleared { at, item, by, against: true, record, ground }
            }
            Vote::Withdrawn { at, item, assisted, .. } => {
                Vote::Withdrawn { at, item, against: true, assisted }
            }
            Vote::Superseded { at, item, .. } => Vote::Superseded { at, item, against: true },
            Vote::Invalidated { at, item, by, was_counted, batch, record, ground, .. } => {
                Vote::Invalidated { at, item, by, was_counted, against: true, batch, record, ground }
            }
            Vote::Restored { at, item, by, batch, record, ground, .. } => {
                Vote::Restored { at, item, by, against: true, batch, record, ground }
            }
            Vote::Submitted(_)
            | Vote::Listed { .. }
            | Vote::Suspected { .. }
            | Vote::Expired { .. }
            | Vote::NameChanged { .. }
            | Vote::Erased { .. } => return None,
        })
    });
    let petition::Event::Submitted(mut handed) = p::submitted() else { unreachable!() };
    handed.policy.votes_against = true;
    let bulk = [bulk::samples::progressed_against(), bulk::samples::finished_against()];
    [Vote::Submitted(Box::new(requested))]
        .into_iter()
        .chain(turned)
        .map(Event::Signature)
        .chain([Event::Petition(petition::Event::Submitted(handed))])
        .chain(bulk.map(Event::Bulk))
        .collect()
}

/// What an elected representative starts.
pub(super) fn labelled() -> Vec<Event> {
    let petition::Event::Submitted(mut handed) = p::submitted() else { unreachable!() };
    handed.contact =
        handed.contact.map(|contact| petition::Contact { party: Some("Planted Party".into()), ..contact });
    vec![Event::Petition(petition::Event::Submitted(handed))]
}

/// What points at a page.
pub(super) fn linked() -> Vec<Event> {
    let (at, content) = (p::noon("2008-10-20"), Opened::Known(p::linked()));
    let petition::Event::Submitted(mut handed) = p::submitted() else { unreachable!() };
    handed.content = content.clone();
    let resubmitted = petition::Event::Resubmitted {
        at,
        review_by: p::day("2008-11-01"),
        length: p::linked().length,
        document: p::KEYS.document,
        content: content.clone(),
    };
    let drafted = petition::Event::Drafted {
        at,
        expires_at: at.plus_hours(9),
        key: p::DRAFT_KEY,
        content,
        owner: Opened::Known(p::MAILBOX),
        dialogue: None,
    };
    [drafted, petition::Event::Submitted(handed), resubmitted].map(Event::Petition).into()
}

/// What somebody did with help.
pub(super) fn assisted_events() -> Vec<Event> {
    let how = crate::assisted::tests::by_phone();
    let mut submission = s::submission(4, Outcome::New, false);
    submission.expires_at = submission.at;
    submission.facts = submission.facts.map(|facts| signature::Facts { assisted: Some(how), ..facts });
    let (at, item, record) = (s::hour(2), s::item(4), p::KEYS.record);
    let mut made = comment::samples::submission(4, comment::Outcome::New, false);
    made.expires_at = made.at;
    made.facts = made.facts.map(|facts| comment::event::Facts { assisted: Some(how), ..facts });
    let petition::Event::Submitted(mut handed) = p::submitted() else { unreachable!() };
    handed.tags = handed.tags.map(|tags| petition::InitiatorTags { assisted: Some(how), ..tags });
    vec![
        Event::Signature(signature::Event::Signed(Box::new(submission))),
        Event::Signature(signature::Event::Withdrawn {
            at,
            item,
            against: false,
            assisted: Some((record, Opened::Known(how))),
        }),
        Event::Comment(comment::Event::Made { submission: Box::new(made), review_by: p::day("2008-11-01") }),
        Event::Petition(petition::Event::Submitted(handed)),
    ]
}

/// What somebody took back or changed with help.
pub(super) fn taken_back_with_help() -> Vec<Event> {
    let how = || Opened::Known(crate::assisted::tests::by_phone());
    let (at, record, key) = (s::hour(2), p::KEYS.record, KeyRef(101));
    let sealed = || Some((record, how()));
    let (name, ground) = (Opened::Known("Planted alias".into()), Opened::Known("Planted ground".to_owned()));
    let what = petition::answer::What::WithdrawalRequested { assisted: Some(how()) };
    let (part, stands) = (0, petition::Answer::InProcess);
    let asked = petition::answer::Event { at, part, stands, record, ground: ground.clone(), what };
    let (draft, was_public) = (None, true);
    vec![
        Event::Petition(petition::Event::Withdrawn {
            at,
            was_public,
            record: Some(record),
            ground,
            draft,
            assisted: Some(how()),
        }),
        Event::Petition(petition::Event::Answer(Box::new(asked))),
        Event::Signature(signature::Event::NameChanged {
            at,
            item: s::item(4),
            key,
            name,
            assisted: sealed(),
        }),
        Event::Comment(comment::Event::Withdrawn { at, item: s::item(4), was_public, assisted: sealed() }),
    ]
}

#[test]
fn a_request_has_one_public_shape_however_it_is_meant() {
    let shape = |against| {
        let submission = signature::Submission { against, ..s::submission(1, Outcome::New, true) };
        let encoded = encode(&Event::Signature(signature::Event::Submitted(Box::new(submission))), None);
        let sealed: Vec<_> = encoded.sealed.iter().map(|plain| (plain.field, plain.committed)).collect();
        (encoded.kind, encoded.schema, encoded.public, sealed)
    };
    assert_eq!(shape(true), shape(false));
}
