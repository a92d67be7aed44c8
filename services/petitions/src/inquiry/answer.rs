//! The answer, given once until it is opened again: to a question by the politician it is assigned to, or on their behalf; to a tip by an official.

use radslag_kernel::{Instant, Opened};

use crate::{
    inquiry::{
        decide::official,
        event::{Event, Kind},
        refusal::{Field, Refusal},
        state::{Inquiry, Life},
    },
    petition::Official,
    text,
};

pub(super) fn answer(
    inquiry: &Inquiry,
    by: Official,
    own: bool,
    text: String,
    public: bool,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    if !own {
        official(inquiry, &by)?;
    }
    match inquiry.life {
        Life::Assigned { to } if own && to != by.id => return Err(Refusal::NotYours),
        Life::Assigned { .. } => {}
        Life::Accepted if own => return Err(Refusal::NotYours),
        Life::Accepted if inquiry.kind == Kind::Question => return Err(Refusal::NotAssigned),
        Life::Accepted => {}
        Life::Answered { .. } | Life::Closed => return Err(Refusal::AlreadyAnswered),
        Life::Received { .. } | Life::InReview | Life::Refused | Life::Withdrawn | Life::Expired => {
            return Err(Refusal::NotAccepted);
        }
    }
    // There is nobody to answer in private any more, and nobody knows whether they wanted it in public.
    let facts = inquiry.facts.known().ok_or(Refusal::AlreadyErased)?;
    if public && facts.private {
        return Err(Refusal::AskedInPrivate);
    }
    if public && inquiry.asked.known().is_none() {
        return Err(Refusal::AlreadyErased);
    }
    text::required(&text, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Answer, fault))?;
    let key = if public { inquiry.keys.document } else { inquiry.keys.asker };
    let (record, ground) = (inquiry.keys.record, Opened::Known(by.ground));
    Ok(vec![Event::Answered { at, by: by.id, public, own, key, text: Opened::Known(text), record, ground }])
}
