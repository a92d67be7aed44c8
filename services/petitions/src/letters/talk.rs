//! Which letter an event of a comment, an inquiry or an objection leads to, or a signature being struck out: at most one each.

use crate::{comment, event::Event, inquiry, objection, petition::answer::Told, session, signature};

/// The template for whoever such an event is about, or for who asked for a one-time link.
#[must_use]
pub fn of(event: &Event) -> Option<&'static str> {
    match event {
        Event::Comment(event) => of_comment(event),
        Event::Inquiry(event) => of_inquiry(event),
        Event::Session(session::Event::Requested { asker, .. }) => {
            asker.known().is_some_and(|asker| asker.mail).then_some("session_link")
        }
        Event::Objection(event) => Some(of_objection(event)),
        Event::Signature(event) => of_signature(event),
        _ => None,
    }
}

/// The template for the signer of a signature that is struck out, whether it was counted or set aside.
#[must_use]
pub const fn of_signature(event: &signature::Event) -> Option<&'static str> {
    use signature::Event;
    match event {
        Event::Invalidated { .. } => Some("signature_struck_out"),
        Event::Submitted(_)
        | Event::Signed(_)
        | Event::Listed { .. }
        | Event::Confirmed { .. }
        | Event::Suspected { .. }
        | Event::SetAside { .. }
        | Event::Cleared { .. }
        | Event::Expired { .. }
        | Event::Withdrawn { .. }
        | Event::Superseded { .. }
        | Event::Restored { .. }
        | Event::NameChanged { .. }
        | Event::Erased { .. } => None,
    }
}

/// The template for the signers of a petition whose initiator wants it back.
#[must_use]
pub const fn of_signers(about: Told) -> &'static str {
    match about {
        Told::Requested => "signers_told_requested",
        Told::Granted => "signers_told_granted",
        Told::Declined => "signers_told_declined",
    }
}

/// The template for the author of a comment.
#[must_use]
pub fn of_comment(event: &comment::Event) -> Option<&'static str> {
    use comment::{Event, Outcome};
    match event {
        Event::Submitted(submission) => {
            let facts = submission.facts.known().filter(|facts| facts.mail)?;
            match facts.outcome {
                Outcome::New => Some("confirm_comment"),
                Outcome::Repeated => Some("comment_repeated"),
                Outcome::Blocked => Some("comment_blocked"),
                Outcome::TooManyMails => None,
            }
        }
        Event::Published { .. } | Event::Restored { .. } => Some("comment_published"),
        Event::Refused { .. } => Some("comment_refused"),
        Event::Made { .. }
        | Event::Confirmed { .. }
        | Event::Expired { .. }
        | Event::Posted { .. }
        | Event::Kept { .. }
        | Event::Reported { .. }
        | Event::Withdrawn { .. }
        | Event::Erased { .. } => None,
    }
}

/// The template for the asker of an inquiry; `inquiry_assigned` goes to the politician.
#[must_use]
pub fn of_inquiry(event: &inquiry::Event) -> Option<&'static str> {
    use inquiry::{Event, Outcome};
    match event {
        Event::Received(received) if received.by_eid => None,
        Event::Received(received) => match received.facts.known()?.outcome {
            Outcome::New => Some("confirm_inquiry"),
            Outcome::Blocked => Some("inquiry_blocked"),
            Outcome::TooMany => None,
        },
        Event::Confirmed { .. } => Some("inquiry_received"),
        Event::Refused { .. } => Some("inquiry_refused"),
        Event::Assigned { .. } | Event::Reopened { clock: Some(_), .. } => Some("inquiry_assigned"),
        Event::Answered { .. } => Some("inquiry_answered"),
        Event::Expired { .. }
        | Event::Accepted { .. }
        | Event::Reopened { clock: None, .. }
        | Event::Closed { .. }
        | Event::Withdrawn { .. }
        | Event::Erased { .. } => None,
    }
}

/// The template for who objects.
#[must_use]
pub const fn of_objection(event: &objection::Event) -> &'static str {
    use objection::{Event, Outcome};
    match event {
        Event::Raised { .. } => "objection_received",
        Event::Decided { outcome: Outcome::Upheld, .. } => "objection_upheld",
        Event::Decided { outcome: Outcome::Changed, .. } => "objection_changed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_a_comment_stands_in_a_letter_to_that_mailbox() {
        let mail = |outcome, mail| {
            let submission = comment::samples::submission(1, outcome, mail);
            of_comment(&comment::Event::Submitted(Box::new(submission)))
        };
        assert_eq!(mail(comment::Outcome::New, true), Some("confirm_comment"));
        assert_eq!(mail(comment::Outcome::New, false), None);
        assert_eq!(mail(comment::Outcome::TooManyMails, true), None);
    }

    #[test]
    fn comments_and_inquiries_lead_to_letters() {
        let comments = comment::samples::every_event();
        let comments: Vec<_> = comments.iter().filter_map(of_comment).collect();
        let inquiries = inquiry::samples::every_event();
        let inquiries: Vec<_> = inquiries.iter().filter_map(of_inquiry).collect();
        assert_eq!((comments.len(), inquiries.len()), (4, 6));
    }
}
