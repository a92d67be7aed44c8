//! Which mail an event leads to, and the texts. An intent holds no address and no token: the shell opens the address at
//! the last moment and makes the link then.

pub mod talk;

use radslag_kernel::{AggregateId, EventId, ItemId, Opened, Recorded};

use crate::{
    event::Event,
    petition::{
        self, Threshold, answer,
        coinitiator::event::{Ended, Event as Coinitiator},
        course, hearing, support,
    },
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

/// A mail to be sent, once for each cause and template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intent {
    /// File `mails/<template>.<sv|en>.txt`.
    pub template: &'static str,
    /// The event it is about; its values fill the template.
    pub cause: EventId,
    /// Position of the cause.
    pub position: u64,
    /// The petition.
    pub petition: AggregateId,
    /// To whom.
    pub to: Recipient,
    /// Where its link leads.
    pub link: Link,
}

/// The mail an event leads to. Decisions and confirmations only: at most one an event.
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
    let (cause, position, petition) = (recorded.id, recorded.position, recorded.aggregate);
    Some(Intent { template, cause, position, petition, to, link })
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

/// The mail that the tenant's contact gets of an event: what a case system refused, or never acknowledged.
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

/// What happened stands in a mail to that mailbox, and nowhere else. The decider said whether one still goes out.
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

macro_rules! templates {
    ($($name:literal)*) => {
        /// Every template: name, Swedish, English. Minijinja, the first line is the subject.
        pub const TEMPLATES: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("../mails/", $name, ".sv.txt")),
            include_str!(concat!("../mails/", $name, ".en.txt")),
        )),*];
    };
}

templates! {
    "confirm_signature" "confirm_signature_again" "change_vote" "already_signed" "no_free_slot" "initiator_signs" "blocked"
    "confirm_initiator" "received" "returned" "rejected" "approved" "opened" "threshold_reached" "closed"
    "initiator_asked" "answered" "followed_up" "withdrawal_granted" "withdrawal_declined" "hearing_scheduled"
    "hearing_not_held" "handover_refused" "handover_overdue" "session_link"
    "supporters_sought" "confirm_support" "redirect_proposed"
    "coinitiator_named" "coinitiator_accepted" "coinitiator_declined" "taken_over"
    "confirm_comment" "comment_repeated" "comment_blocked" "comment_published" "comment_refused"
    "confirm_inquiry" "inquiry_blocked" "inquiry_received" "inquiry_refused" "inquiry_assigned" "inquiry_answered"
    "objection_received" "objection_upheld" "objection_changed" "signature_struck_out"
    "signers_told_requested" "signers_told_granted" "signers_told_declined"
}

/// The text of a template in a language; English for any other.
#[must_use]
pub fn template(name: &str, lang: &str) -> Option<&'static str> {
    let (_, sv, en) = TEMPLATES.iter().find(|(known, ..)| *known == name)?;
    Some(if lang.starts_with("sv") { sv } else { en })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_has_a_subject_and_a_link_in_both_languages() {
        for (name, sv, en) in TEMPLATES {
            for text in [sv, en] {
                assert!(text.starts_with("Subject: ") && text.contains("\n\n"), "{name}");
                assert!(text.contains("{{ link }}") && text.contains("{{ title }}"), "{name}");
            }
        }
        assert!(template("closed", "sv-SE").unwrap().contains("stängt"));
        assert_eq!(template("nonsense", "sv"), None);
    }

    #[test]
    fn what_happened_stands_in_a_mail_to_that_mailbox() {
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
    fn every_intent_has_its_template() {
        for event in crate::wire::tests::every_event() {
            let Some(intent) = intent(&crate::petition::samples::recorded(event)) else { continue };
            assert!(template(intent.template, "en").is_some(), "{}", intent.template);
        }
    }
}
