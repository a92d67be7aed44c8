//! What was sealed when it was written and is public now, with the salt that shows that it is what was committed to: of
//! petitions that everybody may read their texts, their initiator as they chose to be shown, with a party, their address, who has to answer,
//! answers and hearings. What is erased or taken down later isn't given any more, and no hash changes. Names of signers are
//! never given: a salt proves for ever who signed, and no count needs it.

use std::collections::HashMap;

use radslag_eventlog::Record;
use radslag_kernel::AggregateId;
pub use radslag_runtime::disclosed::Disclosed;
use radslag_runtime::service::Failure;

use crate::shell::{Office, office::stream};

/// Committed fields of events that everybody may read.
struct Shown {
    kinds: &'static [&'static str],
    fields: &'static [u32],
    /// Only the newest of these events is shown; else each.
    newest: bool,
}

const SHOWN: [Shown; 8] = [
    Shown { kinds: &["petition.submitted", "petition.resubmitted"], fields: &[1, 2, 3, 10], newest: true },
    Shown { kinds: &["petition.submitted", "petition.taken_over"], fields: &[4, 9], newest: true },
    Shown { kinds: &["petition.approved", "petition.opened"], fields: &[5], newest: true },
    // The committee, its case number, what came of it.
    Shown {
        kinds: &["petition.handover_sent", "petition.handover_received", "petition.followed_up"],
        fields: &[2],
        newest: false,
    },
    Shown { kinds: &["petition.answer_given"], fields: &[2, 3], newest: false },
    Shown { kinds: &["petition.hearing_scheduled"], fields: &[2, 3], newest: true },
    Shown { kinds: &["petition.hearing_held", "petition.hearing_not_held"], fields: &[2], newest: true },
    Shown { kinds: &["petition.hearing_documented"], fields: &[2, 3], newest: false },
];

/// Where the newest event of each of them stands.
type Newest = [Option<u64>; SHOWN.len()];

impl Office {
    /// What may be disclosed from a position on, as far as one answer goes.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn disclosed(&self, from: u64) -> Result<Disclosed, Failure> {
        let mut known = HashMap::new();
        Disclosed::of(&self.log, from, |record| self.shown(record, &mut known))
    }

    /// What is disclosed of one event.
    ///
    /// # Errors
    /// As `disclosed`.
    pub fn disclosed_at(&self, position: u64) -> Result<Disclosed, Failure> {
        Ok(self.disclosed(position)?.only(position))
    }

    /// The fields of an event that everybody may read.
    fn shown(
        &self,
        record: &Record,
        known: &mut HashMap<AggregateId, Option<Newest>>,
    ) -> Result<Vec<u32>, Failure> {
        if SHOWN.iter().all(|shown| !shown.has(record)) {
            return Ok(Vec::new());
        }
        let petition = AggregateId::from_slice(&record.header.aggregate).unwrap_or_default();
        let newest = match known.get(&petition) {
            Some(newest) => *newest,
            None => *known.entry(petition).or_insert(self.newest(petition)?),
        };
        let Some(newest) = newest else { return Ok(Vec::new()) };
        let position = Some(record.position());
        let shown = SHOWN
            .iter()
            .zip(newest)
            .filter(|(shown, newest)| shown.has(record) && (!shown.newest || *newest == position));
        Ok(shown.flat_map(|(shown, _)| shown.fields).copied().collect())
    }

    /// Where the newest events of a petition stand; nothing if it isn't public.
    fn newest(&self, petition: AggregateId) -> Result<Option<Newest>, Failure> {
        let (_, state) = self.petition(petition)?;
        let known = state.0.as_ref();
        if !known.is_some_and(|known| known.opened.is_some() && known.life.phase().is_public()) {
            return Ok(None);
        }
        let events = self.log.read_stream(&stream(petition))?;
        let newest = |shown: &Shown| events.iter().rfind(|event| shown.has(event)).map(Record::position);
        Ok(Some(SHOWN.each_ref().map(newest)))
    }
}

impl Shown {
    fn has(&self, record: &Record) -> bool {
        self.kinds.contains(&record.header.r#type.as_str())
    }
}
