//! Why a command isn't done: the rules of every kind of stream.

use crate::{
    assisted, bulk, comment, inquiry, lists, moderation, objection, paper, petition, session, signature,
    signing,
};

/// Why not: a rule, or the way it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A rule of the petition.
    Petition(petition::Refusal),
    /// A rule of the signature.
    Signature(signature::Refusal),
    /// A rule of moderators' records.
    Moderation(moderation::Refusal),
    /// A rule of all signing.
    Signing(signing::Refusal),
    /// A rule of the lists.
    List(lists::Refusal),
    /// A rule of bulk invalidations.
    Bulk(bulk::Refusal),
    /// A rule of a comment.
    Comment(comment::Refusal),
    /// A rule of an inquiry.
    Inquiry(inquiry::Refusal),
    /// A rule of lists on paper.
    Paper(paper::Refusal),
    /// A rule of one-time links.
    Session(session::Refusal),
    /// A rule of acting for somebody.
    Assisted(assisted::Refusal),
    /// A rule of an objection.
    Objection(objection::Refusal),
    /// There is no such thing, or it isn't this person's to know.
    Unknown,
}

impl From<petition::Refusal> for Wrong {
    fn from(refusal: petition::Refusal) -> Self {
        match refusal {
            petition::Refusal::UnknownPetition => Self::Unknown,
            refusal => Self::Petition(refusal),
        }
    }
}

impl From<bulk::Refusal> for Wrong {
    fn from(refusal: bulk::Refusal) -> Self {
        match refusal {
            bulk::Refusal::UnknownBulk => Self::Unknown,
            refusal => Self::Bulk(refusal),
        }
    }
}

impl From<lists::Refusal> for Wrong {
    fn from(refusal: lists::Refusal) -> Self {
        match refusal {
            lists::Refusal::UnknownEntry => Self::Unknown,
            refusal => Self::List(refusal),
        }
    }
}

impl From<signature::Refusal> for Wrong {
    fn from(refusal: signature::Refusal) -> Self {
        match refusal {
            signature::Refusal::UnknownSignature => Self::Unknown,
            refusal => Self::Signature(refusal),
        }
    }
}

impl From<comment::Refusal> for Wrong {
    fn from(refusal: comment::Refusal) -> Self {
        match refusal {
            comment::Refusal::UnknownComment => Self::Unknown,
            refusal => Self::Comment(refusal),
        }
    }
}

impl From<inquiry::Refusal> for Wrong {
    fn from(refusal: inquiry::Refusal) -> Self {
        match refusal {
            inquiry::Refusal::UnknownInquiry | inquiry::Refusal::NotTheAsker => Self::Unknown,
            refusal => Self::Inquiry(refusal),
        }
    }
}

impl From<objection::Refusal> for Wrong {
    fn from(refusal: objection::Refusal) -> Self {
        match refusal {
            objection::Refusal::UnknownObjection => Self::Unknown,
            refusal => Self::Objection(refusal),
        }
    }
}

impl From<paper::Refusal> for Wrong {
    fn from(refusal: paper::Refusal) -> Self {
        match refusal {
            paper::Refusal::UnknownBatch => Self::Unknown,
            refusal => Self::Paper(refusal),
        }
    }
}
