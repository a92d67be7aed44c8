//! Which letter an event leads to: its template, to whom and where its link leads, never an address or a token. The shell
//! opens the address at the last moment and makes the link then; the words are the notifications service's.

pub mod talk;

use radslag_kernel::{AggregateId, ItemId, KeyRef, Opened, Recorded};
use radslag_proto::{letters::OF_PETITIONS, notifications::Class};

use crate::{
    comment,
    event::Event,
    inquiry,
    petition::{
        self, Threshold, answer,
        coinitiator::event::{Ended, Event as Coinitiator},
        course, hearing, support,
    },
    session,
    signature::{self, Outcome, Submission},
};

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The mailbox sealed in this field of the cause.
    Field(u32),
    /// The petition's initiator: `Filed::contact`.
    Initiator,
    /// Who was the initiator until the cause: of `Filed::former`.
    Former,
}

/// Where the variable `link` leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Confirms the submission; only POST does.
    ConfirmSignature(ItemId),
    /// The page behind a submission: what came of it, and what its mailbox may do.
    Submission(ItemId),
    /// Confirms that somebody supports a petition before its review.
    ConfirmSupport(ItemId),
    /// Where somebody says whether they may be named as co-initiator, and takes over.
    Coinitiator(ItemId),
    /// Confirms who hands a petition in.
    ConfirmInitiator,
    /// The initiator's own page of the petition.
    Initiator,
    /// The petition's public page.
    Petition,
    /// Where a petition is supported before its review.
    Support,
}

/// A letter to be sent, once for each cause and template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intent {
    /// One of `TEMPLATES`.
    pub template: &'static str,
    /// The petition.
    pub petition: AggregateId,
    /// To whom.
    pub to: Recipient,
    /// Where its link leads.
    pub link: Link,
}

/// The letter an event leads to. Decisions and confirmations only: at most one an event.
#[must_use]
pub fn intent(recorded: &Recorded<Event>) -> Option<Intent> {
    let (template, to, link) = match &recorded.event {
        Event::Petition(petition::Event::Support(support::Event::Asked { item, asked, .. })) => {
            asked.known().filter(|asked| asked.mail)?;
            ("confirm_support", Recipient::Field(1), Link::ConfirmSupport(*item))
        }
        Event::Petition(petition::Event::Coinitiator(event)) => coinitiator(event)?,
        Event::Petition(event) => {
            let (template, link) = petition(event)?;
            (template, Recipient::Initiator, link)
        }
        Event::Signature(event) => {
            let (template, link) = signature(event)?;
            (template, Recipient::Field(2), link)
        }
        Event::Register(_)
        | Event::Moderation(_)
        | Event::Signing(_)
        | Event::List(_)
        | Event::Bulk(_)
        | Event::Paper(_)
        | Event::Session(_)
        | Event::Comment(_)
        | Event::Inquiry(_)
        | Event::Objection(_) => return None,
    };
    Some(Intent { template, petition: recorded.aggregate, to, link })
}

/// A submission that names a mailbox: the key that it is under. Where no letter goes out because of it, one that isn't
/// written stands for it, so that the number of letters tells nobody what came of it.
#[must_use]
pub fn submission(event: &Event) -> Option<KeyRef> {
    match event {
        Event::Petition(petition::Event::Support(support::Event::Asked { key, .. })) => Some(*key),
        Event::Petition(petition::Event::Coinitiator(event)) => match &**event {
            Coinitiator::Named { key, .. } => Some(*key),
            Coinitiator::Accepted { .. } | Coinitiator::Ended { .. } | Coinitiator::TakenOver { .. } => None,
        },
        Event::Signature(signature::Event::Submitted(submission)) => Some(submission.key),
        Event::Comment(comment::Event::Submitted(submission)) => Some(submission.key),
        Event::Inquiry(inquiry::Event::Received(received)) if !received.by_eid => Some(received.keys.asker),
        Event::Session(session::Event::Requested { key, .. }) => Some(*key),
        _ => None,
    }
}

fn petition(event: &petition::Event) -> Option<(&'static str, Link)> {
    use petition::Event;
    match event {
        Event::Submitted(submitted) if !submitted.by_eid => {
            Some(("confirm_initiator", Link::ConfirmInitiator))
        }
        Event::InitiatorConfirmed { .. } => Some(("received", Link::Initiator)),
        Event::Course(course::Event::RedirectProposed { .. }) => Some(("redirect_proposed", Link::Initiator)),
        Event::Support(support::Event::Sought { .. }) => Some(("supporters_sought", Link::Support)),
        Event::Support(support::Event::Completed { .. }) => Some(("received", Link::Initiator)),
        Event::Returned { .. } => Some(("returned", Link::Initiator)),
        Event::Rejected { .. } | Event::Hidden { .. } | Event::Course(course::Event::TakenDown { .. }) => {
            Some(("rejected", Link::Initiator))
        }
        Event::Approved { .. } => Some(("approved", Link::Petition)),
        Event::Opened { .. } => Some(("opened", Link::Petition)),
        Event::ThresholdReached { threshold: Threshold::Answer | Threshold::Debate, .. } => {
            Some(("threshold_reached", Link::Petition))
        }
        Event::Closed { .. } => Some(("closed", Link::Petition)),
        Event::Answer(event) => answer(event),
        Event::Hearing(event) => hearing(event),
        Event::Drafted { .. }
        | Event::Submitted(_)
        | Event::Resubmitted { .. }
        | Event::CountingStarted { .. }
        | Event::Withdrawn { .. }
        | Event::Expired { .. }
        | Event::Course(_)
        | Event::Support(_)
        | Event::Coinitiator(_)
        | Event::Attachment(_)
        | Event::ThresholdLost { .. }
        | Event::Erased { .. } => None,
    }
}

fn coinitiator(event: &Coinitiator) -> Option<(&'static str, Recipient, Link)> {
    match event {
        Coinitiator::Named { item, mail: Opened::Known(true), .. } => {
            Some(("coinitiator_named", Recipient::Field(6), Link::Coinitiator(*item)))
        }
        Coinitiator::Accepted { .. } => Some(("coinitiator_accepted", Recipient::Initiator, Link::Initiator)),
        Coinitiator::Ended { how: Ended::Declined | Ended::Lapsed, .. } => {
            Some(("coinitiator_declined", Recipient::Initiator, Link::Initiator))
        }
        Coinitiator::TakenOver { .. } => Some(("taken_over", Recipient::Former, Link::Petition)),
        Coinitiator::Named { .. } | Coinitiator::Ended { how: Ended::Revoked, .. } => None,
    }
}

fn answer(event: &answer::Event) -> Option<(&'static str, Link)> {
    use answer::What;
    match &event.what {
        What::Asked { .. } => Some(("initiator_asked", Link::Initiator)),
        What::Given { .. } => Some(("answered", Link::Petition)),
        What::FollowedUp { .. } => Some(("followed_up", Link::Petition)),
        What::WithdrawalGranted { .. } => Some(("withdrawal_granted", Link::Petition)),
        What::WithdrawalDeclined => Some(("withdrawal_declined", Link::Petition)),
        What::Sent { .. }
        | What::Received { .. }
        | What::Refused
        | What::Overdue
        | What::Referred
        | What::Replied { .. }
        | What::ReplyMissing { .. }
        | What::Reopened { .. }
        | What::SignersTold { .. }
        | What::WithdrawalRequested { .. } => None,
    }
}

/// The letter that the tenant's contact gets of an event: what a case system refused, or never acknowledged.
#[must_use]
pub fn to_contact(event: &Event) -> Option<&'static str> {
    use answer::What;
    let Event::Petition(petition::Event::Answer(event)) = event else { return None };
    match &event.what {
        What::Refused => Some("handover_refused"),
        What::Overdue => Some("handover_overdue"),
        What::Sent { .. }
        | What::Received { .. }
        | What::Referred
        | What::Asked { .. }
        | What::Replied { .. }
        | What::ReplyMissing { .. }
        | What::Given { .. }
        | What::Reopened { .. }
        | What::FollowedUp { .. }
        | What::WithdrawalRequested { .. }
        | What::WithdrawalGranted { .. }
        | What::SignersTold { .. }
        | What::WithdrawalDeclined => None,
    }
}

fn hearing(event: &hearing::Event) -> Option<(&'static str, Link)> {
    use hearing::What;
    match &event.what {
        What::Scheduled { .. } => Some(("hearing_scheduled", Link::Petition)),
        What::NotHeld { .. } => Some(("hearing_not_held", Link::Petition)),
        What::Held { .. } | What::Documented { .. } => None,
    }
}

fn signature(event: &signature::Event) -> Option<(&'static str, Link)> {
    use signature::Event;
    match event {
        Event::Submitted(submission) => submitted(submission),
        Event::Signed(_)
        | Event::Listed { .. }
        | Event::Confirmed { .. }
        | Event::Suspected { .. }
        | Event::SetAside { .. }
        | Event::Cleared { .. }
        | Event::Expired { .. }
        | Event::Withdrawn { .. }
        | Event::Superseded { .. }
        | Event::Invalidated { .. }
        | Event::Restored { .. }
        | Event::NameChanged { .. }
        | Event::Erased { .. } => None,
    }
}

/// What happened stands in a letter to that mailbox, and nowhere else. The decider said whether one still goes out.
fn submitted(submission: &Submission) -> Option<(&'static str, Link)> {
    let facts = submission.facts.known().filter(|facts| facts.mail)?;
    let page = Link::Submission(submission.item);
    match facts.outcome {
        Outcome::New => Some(("confirm_signature", Link::ConfirmSignature(submission.item))),
        Outcome::Again => Some(("confirm_signature_again", Link::ConfirmSignature(submission.item))),
        Outcome::Changed => Some(("change_vote", Link::ConfirmSignature(submission.item))),
        Outcome::AlreadySigned => Some(("already_signed", page)),
        Outcome::NoFreeSlot => Some(("no_free_slot", page)),
        Outcome::Initiator => Some(("initiator_signs", page)),
        Outcome::Blocked => Some(("blocked", page)),
        Outcome::TooManyMails => None,
    }
}

/// How often a letter may arrive, when nobody knows whether it did; and over a mailbox's cap, what somebody asked for they
/// can ask for again, and what was decided comes the next day.
#[must_use]
pub fn class(template: &str) -> Class {
    match template {
        "confirm_signature"
        | "confirm_signature_again"
        | "change_vote"
        | "already_signed"
        | "no_free_slot"
        | "initiator_signs"
        | "blocked"
        | "confirm_initiator"
        | "confirm_support"
        | "coinitiator_named"
        | "confirm_comment"
        | "comment_repeated"
        | "comment_blocked"
        | "confirm_inquiry"
        | "inquiry_blocked"
        | "objection_received"
        | "session_link" => Class::Confirmation,
        "signers_told_requested" | "signers_told_granted" | "signers_told_declined" => Class::Mass,
        _ => Class::Decision,
    }
}

/// The event that leads to a letter for each of many signers.
pub const SIGNERS_TOLD: &str = "petition.signers_told";

/// Every template that a letter of this service may have.
pub const TEMPLATES: &[&str] = &[
    "confirm_signature",
    "confirm_signature_again",
    "change_vote",
    "already_signed",
    "no_free_slot",
    "initiator_signs",
    "blocked",
    "confirm_initiator",
    "received",
    "returned",
    "rejected",
    "approved",
    "opened",
    "threshold_reached",
    "closed",
    "initiator_asked",
    "answered",
    "followed_up",
    "withdrawal_granted",
    "withdrawal_declined",
    "hearing_scheduled",
    "hearing_not_held",
    "handover_refused",
    "handover_overdue",
    "session_link",
    "supporters_sought",
    "confirm_support",
    "redirect_proposed",
    "coinitiator_named",
    "coinitiator_accepted",
    "coinitiator_declined",
    "taken_over",
    "confirm_comment",
    "comment_repeated",
    "comment_blocked",
    "comment_published",
    "comment_refused",
    "confirm_inquiry",
    "inquiry_blocked",
    "inquiry_received",
    "inquiry_refused",
    "inquiry_assigned",
    "inquiry_answered",
    "objection_received",
    "objection_upheld",
    "objection_changed",
    "signature_struck_out",
    "signers_told_requested",
    "signers_told_granted",
    "signers_told_declined",
];

/// Whether an event of a public type may lead to letters, or take some back.
#[must_use]
pub fn may(kind: &str) -> bool {
    OF_PETITIONS.binary_search(&kind).is_ok()
}

#[cfg(test)]
mod tests {
    use radslag_kernel::Happens as _;

    use super::*;

    #[test]
    fn what_happened_stands_in_a_letter_to_that_mailbox() {
        let template = |outcome, mail| {
            let event = signature::samples::submitted(outcome, mail);
            intent(&crate::petition::samples::recorded(Event::Signature(event))).map(|intent| intent.template)
        };
        assert_eq!(template(Outcome::New, true), Some("confirm_signature"));
        assert_eq!(template(Outcome::Blocked, true), Some("blocked"));
        assert_eq!(template(Outcome::NoFreeSlot, true), Some("no_free_slot"));
        assert_eq!(template(Outcome::NoFreeSlot, false), None);
        assert_eq!(template(Outcome::TooManyMails, false), None);
    }

    #[test]
    fn the_initiator_is_told_what_they_are_asked_and_what_is_answered_and_debated() {
        let events = crate::petition::answer::samples::answer_events()
            .into_iter()
            .chain(crate::petition::answer::samples::hearing_events());
        let intents = events.filter_map(|event| {
            intent(&crate::petition::samples::recorded(Event::Petition(event)))
                .map(|intent| (intent.template, intent.to, intent.link))
        });
        let to_page = |template| (template, Recipient::Initiator, Link::Petition);
        assert_eq!(
            intents.collect::<Vec<_>>(),
            [
                ("initiator_asked", Recipient::Initiator, Link::Initiator),
                to_page("answered"),
                to_page("followed_up"),
                to_page("withdrawal_granted"),
                to_page("withdrawal_declined"),
                to_page("hearing_scheduled"),
                to_page("hearing_not_held"),
            ]
        );
    }

    #[test]
    fn a_handover_that_failed_is_told_to_the_tenants_contact_and_to_nobody_else() {
        let told: Vec<_> = crate::wire::tests::every_event()
            .into_iter()
            .filter_map(|event| Some((to_contact(&event)?, event)))
            .map(|(template, event)| {
                assert_eq!(intent(&crate::petition::samples::recorded(event)), None);
                template
            })
            .collect();
        assert_eq!(told, ["handover_refused", "handover_overdue"]);
    }

    #[test]
    fn every_event_that_leads_to_a_letter_or_takes_one_back_is_asked_about_and_no_other() {
        let mut kinds = std::collections::BTreeSet::new();
        for event in crate::wire::tests::every_event() {
            let recorded = crate::petition::samples::recorded(event.clone());
            let told = intent(&recorded).map(|intent| intent.template).or_else(|| to_contact(&event));
            let told = told.or_else(|| talk::of(&event));
            assert!(told.is_none_or(|template| TEMPLATES.contains(&template)), "{told:?}");
            let encoded = crate::wire::encode(&event, None);
            // What a sheet of paper says has no mailbox, a file neither, and no letter goes to a draft's author.
            let of_nobody = encoded.kind.starts_with("paper.") || encoded.kind == "petition.detached";
            let erases = !event.erases().is_empty() && !of_nobody;
            if told.is_some() || submission(&event).is_some() || erases || encoded.kind == SIGNERS_TOLD {
                kinds.insert(encoded.kind);
            }
        }
        assert_eq!(kinds.into_iter().collect::<Vec<_>>(), OF_PETITIONS);
    }

    #[test]
    fn a_submission_without_a_letter_leads_to_a_silent_one() {
        for (outcome, mail) in
            [(Outcome::New, true), (Outcome::NoFreeSlot, false), (Outcome::TooManyMails, false)]
        {
            let event = Event::Signature(signature::samples::submitted(outcome, mail));
            assert!(submission(&event).is_some(), "{outcome:?}");
        }
    }
}
