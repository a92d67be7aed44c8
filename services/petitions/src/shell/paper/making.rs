//! What rows become: lines that are kept, taken or not, and signatures.

use radslag_kernel::{Instant, ItemId, Opened};
use radslag_vault::{NewKey, Vault};

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

/// Rows as lines of a sheet.
pub(super) struct Entering {
    pub(super) events: Vec<Event>,
    pub(super) keys: Vec<NewKey>,
    /// Those that aren't taken, by number.
    pub(super) refused: Vec<(u32, Fault)>,
}

impl Entering {
    /// Lines taken and not taken, and the last one's number.
    pub(super) fn numbers(&self, rows: &[Row]) -> (u32, u32, u32) {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let last = rows.last().map_or(0, |row| row.number);
        (number(rows.len() - self.refused.len()), number(self.refused.len()), last)
    }
}

/// Each row as a line with a key of its own, taken or not.
pub(super) fn entering(vault: &Vault, at: Instant, rows: &[Row], terms: &Terms) -> Entering {
    let mut entering = Entering { events: Vec::new(), keys: Vec::new(), refused: Vec::new() };
    for row in rows {
        let new = vault.reserve();
        entering.events.push(Event::Paper(line(at, row, terms, &new)));
        entering.keys.push(new);
        if let Err(fault) = checked(row, terms) {
            entering.refused.push((row.number, fault));
        }
    }
    entering
}

/// A line as it is kept, taken or not.
fn line(at: Instant, row: &Row, terms: &Terms, new: &NewKey) -> paper::Event {
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
        // A list has only lines of those who want it.
        against: false,
        at,
        item: line.item,
        key: line.key,
        expires_at: at,
        signer: Opened::Known(Signer { name, mailbox: String::new(), postcode }),
        public: Public { name: Opened::Known(String::new()), area: Opened::Known(area) },
        tags: view.tags,
        facts: Opened::Known(facts),
        terms: String::new(),
    })
}
