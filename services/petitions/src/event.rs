//! Any event of this service, as projections and reactions see them.

use radslag_kernel::{Happens, Instant, ItemId, KeyRef};

use crate::{
    assisted::Assisted, bulk, comment, inquiry, lists, moderation, objection, paper, petition, register,
    session, signature, signing,
};

/// An event of one of the streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Of a petition.
    Petition(petition::Event),
    /// Of a page of signatures.
    Signature(signature::Event),
    /// Of the lists.
    List(lists::Event),
    /// Of a bulk invalidation.
    Bulk(bulk::Event),
    /// Of the register.
    Register(register::Entered),
    /// Of a petition's moderators.
    Moderation(moderation::Event),
    /// Of all signing.
    Signing(signing::Event),
    /// Of an author's page of comments.
    Comment(comment::Event),
    /// Of an inquiry.
    Inquiry(inquiry::Event),
    /// Of a batch of lists on paper, or of one of its lines.
    Paper(paper::Event),
    /// Of a mailbox's one-time links.
    Session(session::Event),
    /// Of an objection.
    Objection(objection::Event),
}

macro_rules! of_stream {
    ($($name:ident $case:ident $module:ident,)*) => {
        $(
            /// The event, if it is of this kind of stream.
            #[must_use]
            pub const fn $name(&self) -> Option<&$module::Event> {
                if let Self::$case(event) = self { Some(event) } else { None }
            }
        )*
    };
}

impl Event {
    of_stream! {
        petition Petition petition,
        signature Signature signature,
        list List lists,
        bulk Bulk bulk,
        moderation Moderation moderation,
        signing Signing signing,
        comment Comment comment,
        inquiry Inquiry inquiry,
        paper Paper paper,
        session Session session,
        objection Objection objection,
    }

    /// Who acted for a citizen in it, if somebody did; nothing once that is erased.
    #[must_use]
    pub fn assisted(&self) -> Option<Assisted> {
        use petition::answer::What;
        match self {
            Self::Signature(signature::Event::Signed(submission)) => submission.facts.known()?.assisted,
            Self::Signature(
                signature::Event::Withdrawn { assisted, .. } | signature::Event::NameChanged { assisted, .. },
            )
            | Self::Comment(comment::Event::Withdrawn { assisted, .. }) => {
                assisted.as_ref()?.1.known().copied()
            }
            Self::Comment(comment::Event::Made { submission, .. }) => submission.facts.known()?.assisted,
            Self::Petition(petition::Event::Submitted(submitted)) => submitted.tags.known()?.assisted,
            Self::Petition(petition::Event::Withdrawn { assisted, .. }) => {
                assisted.as_ref()?.known().copied()
            }
            Self::Petition(petition::Event::Answer(event)) => match &event.what {
                What::WithdrawalRequested { assisted } => assisted.as_ref()?.known().copied(),
                _another => None,
            },
            _by_nobody_for_anybody => None,
        }
    }
}

impl Happens for Event {
    fn at(&self) -> Instant {
        match self {
            Self::Petition(event) => event.at(),
            Self::Signature(event) => event.at(),
            Self::List(event) => event.at(),
            Self::Bulk(event) => event.at(),
            Self::Register(event) => event.at,
            Self::Moderation(event) => event.at,
            Self::Signing(event) => event.at,
            Self::Comment(event) => event.at(),
            Self::Inquiry(event) => event.at(),
            Self::Paper(event) => event.at(),
            Self::Session(event) => event.at(),
            Self::Objection(event) => event.at(),
        }
    }

    fn item(&self) -> Option<ItemId> {
        match self {
            Self::Petition(petition::Event::Support(event)) => event.item(),
            Self::Petition(petition::Event::Coinitiator(event)) => Some(event.item()),
            Self::Petition(petition::Event::Attachment(event)) => Some(event.item()),
            Self::Petition(_)
            | Self::Register(_)
            | Self::Moderation(_)
            | Self::Signing(_)
            | Self::Bulk(_)
            | Self::Inquiry(_) => None,
            Self::Signature(event) => Some(event.item()),
            Self::List(event) => Some(event.item()),
            Self::Comment(event) => Some(event.item()),
            Self::Paper(event) => Some(event.item()),
            Self::Session(event) => Some(event.item()),
            Self::Objection(event) => Some(event.item()),
        }
    }

    fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Petition(event) => event.erases(),
            Self::Signature(event) => event.erases(),
            Self::Register(_)
            | Self::Moderation(_)
            | Self::Signing(_)
            | Self::List(_)
            | Self::Bulk(_)
            | Self::Objection(_) => Vec::new(),
            Self::Paper(event) => event.erases(),
            Self::Comment(event) => event.erases(),
            Self::Inquiry(event) => event.erases(),
            Self::Session(event) => event.erases(),
        }
    }
}
