//! What one entry says of counts and states: the public header and payload, decoded for that alone.

use radslag_kernel::{AggregateId, ItemId, Malformed};
use radslag_proto::{log::Header, petitions as proto};

use super::{Act, Claim, Fact, What};

/// What an event says; `None` if it says nothing of counts and states.
///
/// # Errors
/// If it is of a known type and has other bytes.
pub fn read(header: &Header, public: &[u8]) -> Result<Option<Fact>, Malformed> {
    let Some(what) = what(header, public)? else { return Ok(None) };
    let petition = id(&header.aggregate)?;
    Ok(Some(Fact { position: header.position, petition, what }))
}

fn what(header: &Header, public: &[u8]) -> Result<Option<What>, Malformed> {
    if let Some(kind) = header.r#type.strip_prefix("signature.") {
        let Some((act, against)) = act(kind, public)? else { return Ok(None) };
        let item = ItemId::from_slice(&header.item)
            .ok_or_else(|| Malformed("a signature's event without an item".into()))?;
        return Ok(Some(What::Signature(item, act, against)));
    }
    Ok(Some(match header.r#type.as_str() {
        "petition.submitted" => {
            let policy = payload::<proto::PetitionSubmitted>(public)?.policy;
            What::HandedIn(policy.is_some_and(|policy| policy.window_months > 0))
        }
        "petition.opened" => What::Opened(payload::<proto::PetitionOpened>(public)?.initiator_counts),
        "petition.taken_down" => What::Stands(match payload::<proto::PetitionTakenDown>(public)?.fate() {
            proto::Fate::Rejected => "rejected",
            proto::Fate::Hidden => "hidden",
            proto::Fate::Removed => "removed",
            proto::Fate::Unspecified => return Err(Malformed("taken down without a fate".into())),
        }),
        "petition.supporter_struck" => match payload::<proto::PetitionSupporterStruck>(public)?.back_until {
            Some(_) => What::Stands("gathering_supporters"),
            None => return Ok(None),
        },
        "petition.threshold_reached" => {
            let told = payload::<proto::PetitionThresholdReached>(public)?;
            compared(claim(header, told.count, told.count_position)?)
        }
        "petition.threshold_lost" => {
            let told = payload::<proto::PetitionThresholdLost>(public)?;
            compared(claim(header, told.count, told.count_position)?)
        }
        "petition.handover_sent" => {
            let told = payload::<proto::PetitionHandoverSent>(public)?;
            let for_it = claim(header, told.count, told.count_position)?;
            let against = told.votes_against.map(|count| Claim { against: true, count, ..for_it });
            What::Published(std::iter::once(for_it).chain(against).collect())
        }
        "bulk.finished" => corrections(&payload::<proto::BulkFinished>(public)?.corrections)?,
        "bulk.undone" => corrections(&payload::<proto::BulkUndone>(public)?.corrections)?,
        kind => match stands(kind) {
            Some(state) => What::Stands(state),
            None => return Ok(None),
        },
    }))
}

/// The state an event's type alone tells.
fn stands(kind: &str) -> Option<&'static str> {
    Some(match kind.strip_prefix("petition.")? {
        "initiator_confirmed" | "resubmitted" | "restored" | "supporters_completed" => "in_review",
        "returned" => "returned",
        "rejected" => "rejected",
        "hidden" => "hidden",
        "approved" => "approved",
        "reopened" | "resumed" => "open",
        "counting_started" => "counting",
        "closed" | "decision_due" => "closed",
        "withdrawn" => "withdrawn",
        "expired" => "expired",
        "paused" => "paused",
        "stopped" => "stopped",
        "redirected" => "redirected",
        "supporters_sought" => "gathering_supporters",
        _ => return None,
    })
}

/// What happened to a signature, and how it is meant where that is told.
fn act(kind: &str, public: &[u8]) -> Result<Option<(Act, bool)>, Malformed> {
    Ok(Some(match kind {
        "submitted" => (Act::Submitted, false),
        "signed" => (Act::Signed, payload::<proto::SignatureSigned>(public)?.against),
        "listed" => (Act::Signed, false),
        "confirmed" => (Act::Confirmed, payload::<proto::SignatureConfirmed>(public)?.against),
        "suspected" => (Act::Suspected, false),
        "expired" => (Act::Expired, false),
        "set_aside" => (Act::SetAside, payload::<proto::SignatureSetAside>(public)?.against),
        "cleared" => (Act::Cleared, payload::<proto::SignatureCleared>(public)?.against),
        "withdrawn" => (Act::Withdrawn, payload::<proto::SignatureWithdrawn>(public)?.against),
        "superseded" => (Act::Superseded, payload::<proto::SignatureSuperseded>(public)?.against),
        "invalidated" => {
            let told = payload::<proto::SignatureInvalidated>(public)?;
            (Act::Invalidated(told.was_counted), told.against)
        }
        "restored" => (Act::Restored, payload::<proto::SignatureRestored>(public)?.against),
        _ => return Ok(None),
    }))
}

fn claim(header: &Header, count: u64, position: u64) -> Result<Claim, Malformed> {
    Ok(Claim { petition: id(&header.aggregate)?, against: false, count, position, threshold: false })
}

/// What a threshold was compared with.
fn compared(claim: Claim) -> What {
    What::Published(vec![Claim { threshold: true, ..claim }])
}

fn corrections(corrections: &[proto::BulkCorrection]) -> Result<What, Malformed> {
    let claim = |told: &proto::BulkCorrection| {
        let (count, position) = (told.after, told.position);
        let (petition, against) = (id(&told.petition)?, told.against);
        Ok(Claim { petition, against, count, position, threshold: false })
    };
    Ok(What::Published(corrections.iter().map(claim).collect::<Result<_, Malformed>>()?))
}

fn payload<M: prost::Message + Default>(public: &[u8]) -> Result<M, Malformed> {
    M::decode(public).map_err(|error| Malformed(error.to_string()))
}

fn id(bytes: &[u8]) -> Result<AggregateId, Malformed> {
    AggregateId::from_slice(bytes).ok_or_else(|| Malformed("an id hasn't 16 bytes".into()))
}
