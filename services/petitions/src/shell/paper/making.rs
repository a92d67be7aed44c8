//! What rows become: lines that are kept, taken or not, and signatures.

use radslag_kernel::{Actor, AggregateId, Instant, ItemId, Opened};
use radslag_runtime::execute::Happening;
use radslag_vault::NewKey;

use crate::{
    event::Event,
    paper::{self, Fault, Terms, Typed, csv::Row},
    petition::{Petition, state::Life},
    signature::{self, Facts, Outcome, Public, Signer, Submission},
};

/// It is, or has been, open for signatures, and wasn't taken away.
pub(super) fn takes_paper(petition: &Petition) -> bool {
    let life = matches!(
        petition.life,
        Life::Open { .. } | Life::Counting { .. } | Life::Closed | Life::Paused { .. }
    );
    life && petition.opened.is_some() && petition.filed.as_ref().is_some_and(|filed| !filed.policy.unsigned)
}

pub(super) fn checked(row: &Row, terms: &Terms) -> Result<(), Fault> {
    terms.check(row.typed.as_ref().ok_or(Fault::RowBroken)?).map(drop)
}

/// A line as it is kept, taken or not.
pub(super) fn line(at: Instant, row: &Row, terms: &Terms, new: &NewKey) -> paper::Event {
    let (item, key, number) = (ItemId::from_bytes(rand::random()), new.reference, row.number);
    match (&row.typed, checked(row, terms)) {
        (Some(typed), Ok(())) => {
            paper::Event::Entered { at, item, key, number, typed: Opened::Known(typed.clone()) }
        }
        (_, checked) => {
            let reason = checked.err().unwrap_or(Fault::RowBroken).word().to_owned();
            let (reason, raw) = (Opened::Known(reason), Opened::Known(row.raw.clone()));
            paper::Event::Refused { at, item, key, number, reason, raw }
        }
    }
}

/// A line as a signature. Nobody asked the signer what everybody may see, so no name is shown.
pub(super) fn submission(
    line: &paper::Line,
    typed: &Typed,
    (at, view): (Instant, &signature::View),
    tags: signature::SignerTags,
    area: String,
) -> Box<Submission> {
    let (name, postcode) = (typed.name.clone(), typed.postcode.clone());
    let facts = Facts {
        outcome: Outcome::New,
        slot: 1,
        mail: false,
        name: tags.name,
        postcode: tags.postcode,
        person: tags.person,
        suspicion: None,
        language: String::new(),
        network: None,
        domain: None,
        eid: tags.eid,
        assisted: None,
    };
    Box::new(Submission {
        at,
        item: line.item,
        key: line.key,
        expires_at: at,
        signer: Opened::Known(Signer { name, mailbox: String::new(), postcode }),
        public: Public { name: Opened::Known(String::new()), area: Opened::Known(area) },
        tags: view.tags,
        facts: Opened::Known(facts),
    })
}

pub(super) fn happening(
    aggregate: AggregateId,
    actor: Actor,
    dialogue: Option<AggregateId>,
    event: Event,
) -> Happening<Event> {
    let (item, occurred_at) = (event.item(), event.at());
    Happening { aggregate, item, dialogue, actor, occurred_at, event, erases: Vec::new() }
}
